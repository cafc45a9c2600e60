"""Workings of what is read off the table: costs, declines, halving times, budgets."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, Table, line
from bot.questions.cost import PER_YEAR, cost_in
from bot.questions.scenarios import scenario
from bot.receipts.claims import claims, rate_of
from bot.receipts.workings import (
    Working,
    cost,
    costs,
    equation,
    fall,
    falls,
    given,
    number,
    percent,
    row,
    rows,
    step,
    table_average,
    yearly_fall,
)
from bot.values import TREND, Years
from knowledge import rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.budget import Budget
    from bot.questions.cost import Cost
    from bot.questions.decline import Decline
    from bot.questions.halving import Halving
    from bot.values import Count
    from knowledge.base import KnowledgeBase


def of_cost(asked: Cost, kb: KnowledgeBase) -> Working:
    series = kb.series()
    if asked.training:
        return claims(kb.studies(workload="training"))
    everything = Years((series.first_year, series.last_year), span=True)
    if asked.cheapest:
        return Working((rows(series, everything.all()), line(f"The {asked.cheapest} of them.")))
    years = asked.years or everything
    wanted = [y for y in years.all() if y >= series.first_year]
    if len(wanted) > 1:
        return _of_costs(kb, wanted, asked.count)
    year = wanted[0]
    blocks: list[Block] = [rows(series, [y for y in (year - 1, year) if series.at(y)])]
    if asked.count:
        blocks += _totals(kb, year, asked.count)
    elif year > series.first_year:
        blocks.append(_fall(kb, year - 1, year))
    return Working(tuple(blocks))


def _totals(kb: KnowledgeBase, year: int, count: Count) -> list[Block]:
    """A volume's cost, and a year's where it recurs more often."""
    total = count.number * cost_in(kb.series(), year)
    name = f"A {count.per}" if count.per else "Total"
    result = f"${given(total)}"
    said: list[Block] = [
        equation(name, f"{given(count.number)} × {cost(kb, year)}", result, wording.money(total))
    ]
    if count.per and count.per != "year":
        times = PER_YEAR[count.per]
        sum_of_year = round(total * times, 2)
        often = Fraction(times).limit_denominator(12)  # a year has 365/7 weeks
        said.append(equation("A year", f"{given(total)} × {often}", f"${given(sum_of_year)}"))
    return said


def _of_costs(kb: KnowledgeBase, years: Sequence[int], count: Count | None) -> Working:
    series, last = kb.series(), kb.series().last_year
    first, end = years[0], years[-1]
    blocks = list(costs(kb, years))
    if count:
        n = given(count.number)
        total = ((y, count.number * cost_in(series, y)) for y in years)
        said = tuple(
            (row(series, y) if y <= last else str(y), given(v) if y <= last else number(v))
            for y, v in total
        )
        blocks.append(Table(("year", f"× {n}"), said))
    blocks += [_fall(kb, first, end), _factor(kb, first, end)]
    return Working(tuple(blocks), by_trend=end > last)


def _change(kb: KnowledgeBase, start: int, end: int) -> rates.Decline:
    return rates.Decline(start, end, cost_in(kb.series(), start), cost_in(kb.series(), end))


def _fall(kb: KnowledgeBase, start: int, end: int) -> Line:
    total = _change(kb, start, end).total
    name = f"{end} on {start}" if end == start + 1 else f"{start} to {end}"
    formula = fall(cost(kb, start), cost(kb, end))
    return equation(name, formula, percent(total), wording.percent(total))


def _factor(kb: KnowledgeBase, start: int, end: int) -> Line:
    times = _change(kb, start, end).factor
    formula = f"{cost(kb, start)}/{cost(kb, end)}"
    return equation("Factor", formula, f"{number(times)}×", wording.factor(times))


def _annual(kb: KnowledgeBase, start: int, end: int, name: str = "A year") -> Line:
    annual = _change(kb, start, end).annual
    formula = yearly_fall(cost(kb, start), cost(kb, end), end - start)
    return equation(name, formula, percent(annual), wording.percent(annual))


def of_decline(asked: Decline, kb: KnowledgeBase) -> Working:
    series, years = kb.series(), asked.years
    if asked.training:
        return claims(kb.studies(workload="training"))
    single = years is not None and len(years.listed) == 1
    if years is None or (not single and (asked.each or asked.steepest)):
        first, last = (years.first, years.last) if years else (series.first_year, series.last_year)
        return _every_year(asked, kb, first, last)
    start, end = (years.first - 1, years.first) if single else (years.first, years.last)
    blocks: list[Block] = [*costs(kb, (start, end)), _fall(kb, start, end), _factor(kb, start, end)]
    if not single:
        annual = _change(kb, start, end).annual
        blocks += [_annual(kb, start, end), *_half(annual)]
    return Working(tuple(blocks), by_trend=end > series.last_year)


def _every_year(asked: Decline, kb: KnowledgeBase, first: int, last: int) -> Working:
    series = kb.series()
    table = falls(series, first, last)
    if asked.steepest:
        return Working((table, line(f"The {asked.steepest} of them.")))
    return Working(
        (table, _fall(kb, first, last), _factor(kb, first, last), _annual(kb, first, last))
    )


def _half(annual: float) -> tuple[Line, ...]:
    if annual <= 0:  # nothing halves that rises
        return ()
    years = rates.halving_years(annual)
    return (
        equation(
            "Halving",
            f"ln(2)/(−ln(1 − {step(annual)}))",
            f"{number(years)} years",
            wording.duration(years),
        ),
    )


def of_halving(asked: Halving, kb: KnowledgeBase) -> Working:
    series = kb.series()
    if asked.years and asked.basis is None:
        start, end = asked.years.first, asked.years.last
        start -= start == end
        annual = _change(kb, start, end).annual
        return Working((rows(series, (start, end)), _annual(kb, start, end), *_half(annual)))
    basis = asked.basis or TREND
    if basis == TREND:
        ends = (series.first_year, series.last_year)
        annual = _change(kb, *ends).annual
        return Working((rows(series, ends), table_average(series, annual), *_half(annual)))
    found, studies = rate_of(kb, basis)
    rate = scenario(kb, basis).rate or rates.Rate(0, 0)
    each = dict.fromkeys((rate.high, rate.low))
    return Working((*found, *(said for d in each for said in _half(d))), studies=studies)


def of_budget(asked: Budget, kb: KnowledgeBase) -> Working:
    series = kb.series()
    year = asked.years.last if asked.years else series.observed_until
    bought = asked.money / cost_in(series, year)
    later = year > series.last_year
    # the answer gives whole inferences of recorded years, so fewer digits would be no receipt
    result = number(bought) if later or bought < 1000 else f"{bought:,.1f}".removesuffix(".0")
    shown = ""
    if bought >= 1:
        shown = f"{int((wording.significant(bought) if later else bought) + 1e-6):,}"
    formula = f"{given(asked.money)}/{cost(kb, year)}"
    name = wording.initial(wording.plural(series.thing))
    return Working((*costs(kb, (year,)), equation(name, formula, result, shown)), by_trend=later)
