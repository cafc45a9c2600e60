"""A claim set against the post's table, its headline and its studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import wording
from bot.answer import Answer, Choice, Figure, line
from bot.calendar import SPAN
from bot.claims import CLAIM
from bot.names import TRAINING
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.levels import LATELY, as_of, month, recent_rates, spread
from bot.questions.placed import of_a_rise, of_own, of_training, place
from bot.questions.published import PUBLISHED, group_range
from bot.questions.ranking import ranked
from bot.questions.table import forecast_row, same, the_table
from bot.questions.verdicts import COMPARABLE
from knowledge.errors import NumberError
from knowledge.rates import Rate, decline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Block, Line
    from bot.values import Claim, Years
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study

CLOSE = 0.05  # a claimed factor this near the table's, relative, is called right


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
        """
        right, correct, true, really, says, said, claims, claimed, cap, bs, plausible, believable,
        realistic, been checked, been verified, been debunked
        """,
    )
    bare = ("claim",)
    free = True
    market = True
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
    series: str | None = slot(SERIES, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        kb = self.computed_from(kb)
        if self.series and not self.claim.total and self.claim.high < 1:
            return of_own(kb, Rate(self.claim.low, self.claim.high), self._span(kb))
        if self.claim.high < 0:
            return of_a_rise(kb, Rate(-self.claim.high, -self.claim.low))
        if self.claim.high >= 1 or self.claim.low < 0:
            raise NumberError("a decline must be at least 0% and below 100%")
        if self.claim.total:
            return self._total(kb)
        claimed = Rate(self.claim.low, self.claim.high)
        return of_training(kb, claimed) if self.training else _annual(kb, claimed, self._span(kb))

    @property
    def pictured(self) -> bool:
        return self.claim.total or not self.series  # a series has one rate to compare with

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
                f"The table: {wording.less(actual.total)}, {wording.cheaper(actual.factor)},"
                f" {wording.change(Rate(actual.annual, actual.annual))}."
            ),
        ]
        if remark := forecast_row(kb, last):
            blocks.append(remark)
        return Answer(
            f"{first} to {last}: {_verdict(fold / actual.factor)}",
            tuple(blocks),
            the_table(kb),
            (Figure("claimed", fold, "factor"), Figure("table", actual.factor, "factor")),
            (Choice("The decline", same(series, f"/decline {first}-{last}")),),
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
        line(f"{name}: {wording.rate(rate)}; the claim {place(claimed, rate)} it.")
        for name, rate in yardsticks.items()
    )
    return Answer(
        f"{wording.rate(claimed)} a year {place(claimed, table)} the table's"
        f" {wording.rate(table)}{'' if whole else f', {first} to {last}'}",
        (
            *lines,
            *_elsewhere(kb, claimed),
            line("All of these measure different things; the post's inference is undefined."),
            *filter(None, (forecast_row(kb, last),)),
        ),
        line(*the_table(kb).parts, f"; published estimates; list prices as of {as_of(kb)}"),
        (
            Figure("claimed.low", claimed.low, "fraction"),
            Figure("claimed.high", claimed.high, "fraction"),
            Figure("table", table.low, "fraction"),
        ),
        (
            Choice("Year by year", "/decline"),
            Choice("All claims", "/compare"),
            Choice("On one scale", "/compare all"),
            Choice("Did it come true?", "/scorecard"),
        ),
    )


def comparable(kb: KnowledgeBase) -> list[Study]:
    """The published estimates that a claim about a price is set against."""
    return [study for study in kb.studies(collection=PUBLISHED) if study.group == COMPARABLE]


def _elsewhere(kb: KnowledgeBase, claimed: Rate) -> Iterator[Line]:
    """The same claim beside what others measured, and what list prices of a capability did."""
    estimates = comparable(kb)
    found = group_range(estimates)
    yield line(
        f"{len(estimates)} published estimates of the {COMPARABLE}: {wording.rate(found)}; the"
        f" claim {place(claimed, found)} it."
    )
    falls = [kb.market.fall(level) for level in kb.market.levels()]
    now = recent_rates(falls)
    yield line(
        f"List prices of fixed levels since {month(LATELY)}: {spread(now)}; the claim"
        f" {place(claimed, now)} it."
    )
