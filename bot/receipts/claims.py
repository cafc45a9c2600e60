"""Workings of claims: a study's claim as a rate a year, and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, Quote, line
from bot.questions.check import comparable
from bot.questions.citing import annual_rate, claim
from bot.questions.levels import recent_rates
from bot.questions.placed import SHOWN
from bot.questions.published import group_range
from bot.questions.ranking import ranked
from bot.questions.table import table_rate
from bot.receipts.workings import (
    Working,
    equation,
    fall,
    given,
    number,
    percent,
    rows,
    step,
    table_average,
    yearly_fall,
)
from knowledge import rates
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.check import Check
    from bot.questions.studies import Studies
    from bot.questions.study import Study
    from bot.values import Basis
    from knowledge.base import KnowledgeBase
    from knowledge.records import Estimate
    from knowledge.records import Study as StudyRecord


def formulas(estimate: Estimate) -> tuple[str, ...]:
    """How the claim becomes a rate a year: 'formula = result' for its ends, then its middle."""
    if rates.annualise(estimate) is None or estimate.form == "annual_decline":
        return ()
    longest, shortest = estimate.years_high or 1.0, estimate.years_low or 1.0
    amounts = sorted(
        ((estimate.low, longest), (estimate.high, shortest)),
        key=lambda end: rates.annual(estimate, *end),
    )
    if estimate.central is not None:
        amounts.append((estimate.central, longest))
    said = (
        f"{_formula(estimate, *amount)} = {percent(rates.annual(estimate, *amount))}"
        for amount in amounts
    )
    return tuple(dict.fromkeys(said))


def _formula(estimate: Estimate, amount: float, years: float) -> str:
    n, rises = given(amount), estimate.direction == "rise"
    if estimate.form == "annual_factor":
        return f"1 − {n}" if rises else f"1 − 1/{n}"
    if estimate.form == "halving_months":
        return f"1 − {'2' if rises else '0.5'}^(12/{n})"
    base = f"(1 − {n})^(1" if estimate.form == "total_decline" else f"{n}^(−1"
    if rises:
        base = f"(1 + {n})^(1" if estimate.form == "total_decline" else f"{n}^(1"
    return f"1 − {base}/{given(years)})"


def annual(study: StudyRecord, *, middle: bool = False) -> str:
    """A study's rate a year in one line: its formulas, as it stands, or that there is none."""
    rate = annual_rate(study)
    if rate is None:
        return f"{claim(study.estimates[0])}, no period named, so no annual rate"
    said = []
    for estimate in study.estimates:
        if estimate.form == "annual_decline":
            said.append(f"{claim(estimate)}, as stated")
        said += formulas(estimate)
    if middle and not rate.single and rate.central is None:
        said.append(f"middle = {_middle(rate)}")
    return "; ".join(said)


def _middle(rate: Rate) -> str:
    formula = f"1 − √((1 − {step(rate.low)}) × (1 − {step(rate.high)}))"
    return f"{formula} = {percent(rate.middle)}"


def rate_of(kb: KnowledgeBase, basis: Basis) -> tuple[tuple[Line, ...], tuple[StudyRecord, ...]]:
    """Where a basis has its yearly rate from, and the study it rests on."""
    series = kb.series()
    if basis.kind == "headline":
        said = f"Rate: {wording.rate(kb.headline)} a year, as stated in the post's title."
        return (line(said),), ()
    if basis.kind == "latest":
        before, after = series.points[-2:]
        total = 1 - after.value / before.value
        formula = fall(given(before.value), given(after.value))
        found = equation("Rate", formula, percent(total), wording.percent(total))
        return (rows(series, (before.year, after.year)), found), ()
    if basis.kind == "study" and (study := kb.study(basis.study)):
        return (line(f"Rate: study {study.number}, {annual(study)}"),), (study,)
    return (line(f"Rate: {wording.rate(Rate(basis.low, basis.high))} a year, as asked."),), ()


def claims(studies: Sequence[StudyRecord]) -> Working:
    """Each study's rate a year; for answers that list studies or the range of their rates."""
    lines = tuple(line(f"Study {s.number}: {annual(s)}") for s in studies)
    return Working(lines, studies=tuple(studies))


def of_study(asked: Study, kb: KnowledgeBase) -> Working:
    study = kb.study(asked.study)
    if study is None:
        return Working(())
    said: list[Block] = [Quote(q) for q in dict.fromkeys(e.quote for e in study.estimates)]
    said += [line(f"Seen at: {e.seen_at}") for e in study.estimates if e.seen_at]
    said += [line(f"Rate a year: {annual(study, middle=True)}")]
    if any(e.direction == "rise" for e in study.estimates):
        said.append(line("A rate below zero is a rise: 1 − growth a year."))
    return Working(tuple(said), studies=(study,))


def of_studies(asked: Studies, kb: KnowledgeBase) -> Working:
    shown = (kb.study(n) for n in asked.answer(kb).studies)
    return claims([s for s in shown if s])


def of_check(asked: Check, kb: KnowledgeBase) -> Working:
    said, series = asked.claim, kb.series()
    claimed = Rate(said.low, said.high)
    if said.total:
        return _of_total(asked, kb, claimed)
    if asked.series:
        return _of_own(asked, kb, claimed)
    order = ranked(kb.studies(workload="inference"))
    low = min(order, key=lambda r: r.rate.low)
    high = max(order, key=lambda r: r.rate.high)
    table, levels = table_rate(kb), kb.market.levels()
    return Working(
        (
            line(f"The claim as a rate a year: {wording.rate(claimed)}."),
            rows(series, (series.first_year, series.last_year)),
            table_average(series, table.low),
            _distance("the table", claimed, table),
            _distance("the headline", claimed, kb.headline),
            line(f"Lowest claim, study {low.study.number}: {annual(low.study)}"),
            line(f"Highest claim, study {high.study.number}: {annual(high.study)}"),
            _distance("the studies", claimed, Rate(low.rate.low, high.rate.high)),
            _distance("published estimates", claimed, group_range(comparable(kb))),
            _distance("list prices", claimed, recent_rates(map(kb.market.fall, levels))),
        ),
        studies=tuple(dict.fromkeys((low.study, high.study))),
    )


def _of_own(asked: Check, kb: KnowledgeBase, claimed: Rate) -> Working:
    """A claim beside the years of a user's series that it is about."""
    series, annual = kb.series(), asked.answer(kb).figure("table")
    first, last = series.first_year, series.last_year
    if asked.years:
        first, last = asked.years.first, asked.years.last
        first -= first == last
    before, after = (given(series.at(year) or 0.0) for year in (first, last))
    formula = yearly_fall(before, after, last - first)
    return Working(
        (
            line(f"The claim as a rate a year: {wording.rate(claimed)}."),
            rows(series, (first, last)),
            equation("A year", formula, percent(annual), wording.percent(annual)),
            _distance("the table", claimed, Rate(annual, annual)),
        )
    )


def _distance(name: str, claimed: Rate, other: Rate) -> Line:
    """By how many points a claim lies above or below a rate; none where they touch."""
    above = claimed.low > other.high + SHOWN
    if not above and not claimed.high < other.low - SHOWN:
        return line(f"From {name}, {wording.rate(other)}: no distance, they meet.")
    more, less = (claimed.low, other.high) if above else (other.low, claimed.high)
    points = 100 * (more - less)
    formula = f"{step(100 * more)} − {step(100 * less)}"
    return equation(f"From {name}", formula, f"{number(points)} points", f"{points:.1f} points")


def _of_total(asked: Check, kb: KnowledgeBase, claimed: Rate) -> Working:
    series, answer = kb.series(), asked.answer(kb)
    first, last = series.first_year, series.last_year
    if asked.years:
        last = asked.years.last
        first = asked.years.first - (asked.years.first == last)
    change = rates.decline(series, first, last)
    fold, factor = answer.figure("claimed"), answer.figure("table")
    before, after = given(change.before), given(change.after)
    ratio = equation("Claim/table", f"{step(fold)}/{step(factor)}", f"{number(fold / factor)}×")
    if fold < factor:
        ratio = equation("Table/claim", f"{step(factor)}/{step(fold)}", f"{number(factor / fold)}×")
    ends = "" if claimed.single else f", its end nearest to the table's {percent(change.total)}"
    less = percent(change.total)
    return Working(
        (
            rows(series, (first, last)),
            line(f"The claim in total: {wording.rate(claimed)} less{ends}."),
            equation("As a factor", f"1/(1 − {step(1 - 1 / fold)})", f"{number(fold)}×"),
            equation("Table's factor", f"{before}/{after}", f"{number(factor)}×"),
            equation("Table's decline", fall(before, after), less, wording.percent(change.total)),
            ratio,
        )
    )
