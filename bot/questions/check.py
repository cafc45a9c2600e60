"""A claim set against the post's table, its headline and its studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import wording
from bot.answer import Answer, Choice, Figure, line
from bot.calendar import SPAN
from bot.claims import CLAIM
from bot.names import TRAINING
from bot.questions.base import Question, question, slot
from bot.questions.citing import forecast_row, the_studies, the_table
from bot.questions.ranking import ranked
from knowledge.errors import NumberError
from knowledge.rates import Rate, decline

if TYPE_CHECKING:
    from bot.answer import Block
    from bot.values import Claim, Years
    from knowledge.base import KnowledgeBase

SHOWN = 0.001  # a tenth of a percentage point: rates are shown no finer
CLOSE = 0.05  # a claimed factor this near the table's, relative, is called right


@question
class Check(Question):
    command = "check"
    usage = "<claim: R% a year | Fx cheaper> [a-b]"
    summary = "a claim about costs, against the table and the studies"
    cues = (
        """
        is it true, true that, is that true, is this true, is that right, is it right, fact check,
        check this, check that, verify, he says, she says, they say, someone says, somebody says,
        people say, he claims, she claims, they claim, someone claims, i heard, i read, supposedly,
        allegedly, apparently, did it really, really get, really got, is it correct, support that,
        support this, back that up, back this up, hold up, agree with that, consistent with, check
        a claim, verify a claim
        """,
        "right, correct, true, really, says, said, claims, claimed, cap, bs, plausible, believable",
    )
    bare = ("claim",)
    free = True
    charted = True
    examples = (
        "/check 30% a year",
        "is it true that costs fall 20% every year?",
        "they say it gets 10x cheaper each year",
        "i heard it was 5x cheaper from 2020 to 2023",
    )

    claim: Claim = slot(CLAIM)
    years: Years | None = slot(SPAN, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.claim.high < 0:
            return _of_a_rise(kb, Rate(-self.claim.high, -self.claim.low))
        if self.claim.high >= 1 or self.claim.low < 0:
            raise NumberError("a decline must be at least 0% and below 100%")
        if self.claim.total:
            return self._total(kb)
        claimed = Rate(self.claim.low, self.claim.high)
        return _of_training(kb, claimed) if self.training else _annual(kb, claimed, self._span(kb))

    def _span(self, kb: KnowledgeBase) -> tuple[int, int]:
        """The years that the claim is about; all of the table where it names none."""
        series = kb.series()
        if not self.years:
            return series.first_year, series.last_year
        one = self.years.first == self.years.last
        return self.years.first - one, self.years.last

    def _total(self, kb: KnowledgeBase) -> Answer:
        series = kb.series()
        first, last = self._span(kb)
        actual = decline(series, first, last)
        claimed = Rate(self.claim.low, self.claim.high)
        fold = 1 / (1 - _nearest(claimed, actual.total))
        blocks: list[Block] = [
            line(
                f"Claimed: {wording.rate(claimed)} less"
                + (f", {wording.factor(fold)} cheaper." if claimed.single else ".")
            ),
            line(
                f"The table: {wording.percent(actual.total)} less,"
                f" {wording.factor(actual.factor)} cheaper, {wording.percent(actual.annual)}"
                " a year."
            ),
        ]
        if remark := forecast_row(kb, last):
            blocks.append(remark)
        return Answer(
            f"{first} to {last}: {_verdict(fold / actual.factor)}",
            tuple(blocks),
            the_table(kb),
            (Figure("claimed", fold, "factor"), Figure("table", actual.factor, "factor")),
            (Choice("The decline", f"/decline {first}-{last}"),),
        )


def _nearest(claimed: Rate, actual: float) -> float:
    """The part of a claimed range that comes closest to the table."""
    return min(max(actual, claimed.low), claimed.high)


def _verdict(ratio: float) -> str:
    """What a claimed factor is worth, as a multiple of the table's."""
    if abs(ratio - 1) <= CLOSE:
        return "by the table that is right"
    if ratio > 1:
        return f"the claim is {wording.factor(ratio)} what the table says"
    return f"the table says more, {wording.factor(1 / ratio)} the claim"


def _annual(kb: KnowledgeBase, claimed: Rate, span: tuple[int, int]) -> Answer:
    """The claim beside each yardstick: below, inside or above it, and by how many points."""
    studies = [r.rate for r in ranked(kb.studies(workload="inference"))]
    yardsticks = {
        "The post's headline": kb.headline,
        "Its inference studies": Rate(min(r.low for r in studies), max(r.high for r in studies)),
    }
    series, (first, last) = kb.series(), span
    annual = decline(series, first, last).annual
    table = Rate(annual, annual)
    whole = span == (series.first_year, series.last_year)
    lines = tuple(
        line(f"{name}: {wording.rate(rate)}; the claim {_place(claimed, rate)} it.")
        for name, rate in yardsticks.items()
    )
    return Answer(
        f"{wording.rate(claimed)} a year {_place(claimed, table)} the table's"
        f" {wording.rate(table)}{'' if whole else f', {first} to {last}'}",
        (
            *lines,
            line(
                "These are one post's figures for one undefined inference; other measures differ."
            ),
            *filter(None, (forecast_row(kb, last),)),
        ),
        the_table(kb),
        (
            Figure("claimed.low", claimed.low, "fraction"),
            Figure("claimed.high", claimed.high, "fraction"),
            Figure("table", table.low, "fraction"),
        ),
        (Choice("Year by year", "/decline"), Choice("All claims", "/compare")),
    )


def _of_a_rise(kb: KnowledgeBase, claimed: Rate) -> Answer:
    """A claim that costs rise: nothing here does."""
    series = kb.series()
    fall = decline(series, series.first_year, series.last_year).annual
    return Answer(
        f"A rise of {wording.rate(claimed)} a year is the opposite of the table, which falls"
        f" {wording.percent(fall)} a year",
        (
            line(
                "These are one post's figures for one undefined inference; other measures differ."
            ),
            *filter(None, (forecast_row(kb, series.last_year),)),
        ),
        the_table(kb),
        (Figure("table", fall, "fraction"),),
        (Choice("Year by year", "/decline"),),
    )


def _of_training(kb: KnowledgeBase, claimed: Rate) -> Answer:
    """A claim about training beside the training studies: the table is of inference only."""
    rates = [r.rate for r in ranked(kb.studies(workload="training"))]
    studies = Rate(min(r.low for r in rates), max(r.high for r in rates))
    return Answer(
        f"{wording.rate(claimed)} a year {_place(claimed, studies)} what the training studies"
        f" claim, {wording.rate(studies)}",
        (
            line("The post's table is of inference only, so it says nothing of this."),
            line("Most of these citations could not be found, and none states dollars."),
        ),
        the_studies(kb),
        (
            Figure("claimed.low", claimed.low, "fraction"),
            Figure("claimed.high", claimed.high, "fraction"),
            Figure("studies.low", studies.low, "fraction"),
            Figure("studies.high", studies.high, "fraction"),
        ),
        (Choice("Training claims", "/compare training"),),
    )


def _place(claimed: Rate, yardstick: Rate) -> str:
    """How the claim lies to a yardstick: 'is inside', 'is 12.5 points above', 'includes', ..."""
    if claimed.low > yardstick.high + SHOWN:
        return f"is {_points(claimed.low - yardstick.high)} above"
    if claimed.high < yardstick.low - SHOWN:
        return f"is {_points(yardstick.low - claimed.high)} below"
    if claimed.low >= yardstick.low - SHOWN and claimed.high <= yardstick.high + SHOWN:
        return "agrees with" if yardstick.single else "is inside"
    if claimed.low <= yardstick.low and claimed.high >= yardstick.high:
        return "includes"
    return "overlaps with"


def _points(difference: float) -> str:
    return f"{100 * difference:.1f} points"
