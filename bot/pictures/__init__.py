"""Pictures: which question is drawn how; declines as bars, claims on one scale."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot import wording
from bot.charts.model import Band, Bar, Bars, Chart, Claim, Curve, Mark, Reference, Trace
from bot.pictures import bills, claims, costs, levels, outcomes, prices
from bot.pictures.curves import credit, curve, recorded, table, unit
from bot.questions.backtest import Backtest
from bot.questions.bill import Bill
from bot.questions.capability import Capability
from bot.questions.check import Check
from bot.questions.compare import Compare
from bot.questions.cost import Cost, cost_in
from bot.questions.decline import Decline
from bot.questions.halving import Halving
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.scorecard import Scorecard
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.questions.table import of_the_post, the_table
from bot.questions.when import When
from bot.values import Years
from knowledge.rates import Decline as Change
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries

    Draw = Callable[[Any, KnowledgeBase], Chart | None]


@singledispatch
def picture(
    question: Question, kb: KnowledgeBase, *, linear: bool = False, bases: bool = False
) -> Chart | None:
    """The picture of a question's answer, None where it has none.

    `linear` makes a curve's scale linear; with `bases` a projection is shown on all of them.
    Raises NumberError where the question has no answer.
    """
    return None


def _registered(kind: type[Question], draw: Draw, together: Draw | None = None) -> None:
    def drawn(
        question: Question, kb: KnowledgeBase, *, linear: bool = False, bases: bool = False
    ) -> Chart | None:
        draw_it = together if bases and together else draw
        chart = draw_it(question, question.computed_from(kb))
        return replace(chart, log=False) if linear and isinstance(chart, Curve) else chart

    picture.register(kind, drawn)


def _decline(asked: Decline, kb: KnowledgeBase) -> Bars | None:
    """Each year's decline in the asked span, or in all when one year is asked."""
    answer = asked.answer(kb)
    if asked.training:
        return None
    series, asked_for = kb.series(), asked.years or Years((kb.series().first_year,))
    first, last = series.first_year, max(series.last_year, asked_for.last)
    single = asked_for.last - asked_for.first < 2  # one year is seen best among all
    if not single:
        first, last = asked_for.first, asked_for.last
    changes = {y: _change(kb, y - 1, y).total for y in range(first + 1, last + 1)}
    overall = _change(kb, first, last).annual
    said = f"{wording.percent(overall)}: average {wording.years(first, last)}"
    references = [Reference(overall, overall, said)]
    if of_the_post(series):
        references = [claims.headline(kb), *references]
    if single and first < (year := asked_for.last) <= series.last_year:
        said = f"{wording.percent(changes[year])}: {year}"
        references.append(Reference(changes[year], changes[year], said))
    bars = tuple(Bar(str(y), d, y > series.observed_until) for y, d in changes.items())
    return Bars(
        answer.headline,
        f"{_subject(series)}: decline on the year before",
        credit(the_table(kb), kb),
        bars,
        tuple(references),
        "forecast and projection" if last > series.last_year else _forecast(series),
    )


def _subject(series: CostSeries) -> str:
    return "Cost of AI inference" if of_the_post(series) else series.title


def _forecast(series: CostSeries) -> str:
    return "the post's forecast" if of_the_post(series) else "forecast"


def _change(kb: KnowledgeBase, start: int, end: int) -> Change:
    series = kb.series()
    return Change(start, end, cost_in(series, start), cost_in(series, end))


def _check(asked: Check, kb: KnowledgeBase) -> Chart | None:
    """A yearly claim over the inference studies' claims; a claimed total beside the table."""
    answer = asked.answer(kb)
    rate = Rate(asked.claim.low, asked.claim.high)
    if asked.claim.total:
        return _total(asked, kb, answer.headline, rate)
    if not asked.pictured:
        return None
    first = Claim(f"{wording.rate(rate)} a year", "the claim", claims.ends(rate))
    return claims.scale(kb, answer.headline, kb.studies(workload="inference"), (first,))


def _total(asked: Check, kb: KnowledgeBase, title: str, claimed: Rate) -> Curve | None:
    """What the claim makes of the table's row at its start, until its end."""
    series = kb.series()
    start, end = series.first_year, series.last_year
    if asked.years:
        start, end = asked.years.first, asked.years.last
        start -= start == end
    before = cost_in(series, start)
    said = f"Claimed: {wording.rate(claimed)} less"
    path = Trace(said, ((start, before), (end, before * (1 - claimed.middle))), "origin")
    span = (end, before * (1 - claimed.high), before * (1 - claimed.low))
    bands = () if claimed.single else (Band(None, ((start, before, before), span), said),)
    after = path.points[-1][1]
    mark = Mark(end, after, f"claimed: {wording.about(after)}")
    lines = (*table(kb), path)
    marks = sorted((*recorded(kb, 1, (end,)), mark), key=lambda m: -m.dollars)
    return curve(kb, title, f"{unit(kb)}, and the claim from {start} to {end}", lines, bands, marks)


_registered(Cost, costs.cost)
_registered(Price, prices.price)
_registered(Bill, bills.bill)
_registered(Project, costs.project, costs.on_all_bases)
_registered(When, costs.when)
_registered(Halving, costs.halving)
_registered(Backtest, costs.past)
_registered(Capability, levels.capability)
_registered(Scorecard, outcomes.scorecard)
_registered(Decline, _decline)
_registered(Compare, claims.compare)
_registered(Studies, claims.studies)
_registered(Study, claims.study)
_registered(Check, _check)
