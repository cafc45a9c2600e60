"""Workings: the formulas behind the numbers with their values filled in, for a calculator.

Steps keep six significant digits or more, so that the four of a result come out again when they
are typed into a calculator as they stand. √, ln and e^ are its keys; × and ^ are written out.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.answer import Block, Line, Table, line
from bot.questions.cost import cost_in
from knowledge.rates import yearly_declines
from knowledge.trend import THETA, Projection, Trend, fit, growth_at, student_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.rates import Rate
    from knowledge.records import CostSeries, Study

STEP = 6  # significant digits of a step
FINE = 8  # of what goes into another step: errors grow, as the drift's in 25 years
RESULT = 4  # significant digits of a result


class Working(Struct, frozen=True):
    """How an answer was got. `by_trend` when the trend was fitted; `studies` are those used."""

    blocks: tuple[Block, ...]
    by_trend: bool = False
    studies: tuple[Study, ...] = ()


# ----------------------------------------------------------------------------- numbers


def given(value: float) -> str:
    """A number from the data or the question, in full: 0.02, 1,000,000."""
    whole, point, part = wording.plain(value).partition(".")
    return f"{int(whole):,}{point}{part}" if whole.isdecimal() else f"{whole}{point}{part}"


def step(value: float, digits: int = STEP) -> str:
    """A number on the way to the result: 0.00122315."""
    return wording.plain(wording.significant(value, digits)).replace("-", "−")


def dollars(value: float) -> str:
    """A result in dollars."""
    return wording.about(value, RESULT)


def percent(fraction: float) -> str:
    """A result in percent: 46.67%, 50.00%. Never 100% for what is less."""
    text = number(100 * fraction)
    return wording.percent(fraction) if text == "100.0" and fraction < 1 else f"{text}%"


def number(value: float) -> str:
    """A result without a unit: 5.360, 81,760."""
    return wording.about(value, RESULT).removeprefix("$").replace("-", "−")


def equation(name: str, formula: str, result: str, shown: str = "") -> Line:
    """`name = formula = result`, and how the answer says the result where that is shorter."""
    differs = shown and _bare(shown) != _bare(result)
    return line(f"{name} = {formula} = {result}" + (f", shown as {shown}" if differs else ""))


def _bare(said: str) -> str:
    """Without the zeros that only say how exact a number is: 50.00% is 50%."""
    return re.sub(r"(\.\d*?)0+(?!\d)", lambda m: m[1].rstrip("."), said)


# ----------------------------------------------------------------------------- rows


def row(series: CostSeries, year: int) -> str:
    """'2025 forecast': a year, marked where its row was one."""
    return str(year) + (" forecast" if year > series.observed_until else "")


def rows(series: CostSeries, years: Sequence[int]) -> Line:
    """The rows used, in one line."""
    said = "; ".join(f"{row(series, y)} {wording.price(series.at(y) or 0.0)}" for y in years)
    return line(f"{'Rows' if len(years) > 1 else 'Row'}: {said}.")


def row_table(series: CostSeries) -> Table:
    """All rows with the change of ln(cost) that the trend is fitted to."""
    changes = ["", *(step(math.log(b.value / a.value)) for a, b in pairwise(series.points))]
    said = (
        (row(series, p.year), given(p.value), c)
        for p, c in zip(series.points, changes, strict=True)
    )
    return Table(("year", "USD", "change of ln"), tuple(said))


def costs(kb: KnowledgeBase, years: Sequence[int]) -> tuple[Block, ...]:
    """The rows of recorded years, and the trend's median with its formula for later ones."""
    series = kb.series()
    later = [y for y in years if y > series.last_year]
    fitted = {series.first_year, series.last_year} if later else set()
    recorded = sorted(fitted | {y for y in years if y <= series.last_year})
    said: list[Block] = [rows(series, recorded)]
    if later:
        trend = fit(series)
        said.append(drift(series, trend))
        said += [median(trend, y, *_both(cost_in(series, y))) for y in later]
    return tuple(said)


def _both(value: float) -> tuple[str, str]:
    """A projected cost as a step and as answers say it."""
    return f"${step(value)}", wording.about(value)


def cost(kb: KnowledgeBase, year: int) -> str:
    """A year's cost as it enters a formula."""
    series = kb.series()
    value = cost_in(series, year)
    return given(value) if year <= series.last_year else step(value)


# ----------------------------------------------------------------------------- declines


def fall(before: str, after: str) -> str:
    return f"1 − {after}/{before}"


def yearly_fall(before: str, after: str, years: int) -> str:
    return f"1 − ({after}/{before})^(1/{years})"


def falls(series: CostSeries, first: int, last: int) -> Table:
    """Each year on the year before, of the years after `first`."""
    changes = (c for c in yearly_declines(series) if first < c.end <= last)
    said = (
        (row(series, c.end), fall(given(c.before), given(c.after)), percent(c.total))
        for c in changes
    )
    return Table(("year", "formula", "decline"), tuple(said))


def table_average(series: CostSeries, annual: float) -> Line:
    """The table's average decline, first row to last."""
    first, last = series.points[0], series.points[-1]
    formula = yearly_fall(given(first.value), given(last.value), last.year - first.year)
    return equation("Table's average", formula, percent(annual), wording.percent(annual))


# ----------------------------------------------------------------------------- projections


def drift(series: CostSeries, trend: Trend) -> Line:
    """The drift's formula: it needs the first and the last of the rows fitted, no others."""
    first = series.at(trend.last_year - trend.changes) or 0.0
    formula = f"ln({given(trend.last_value)}/{given(first)})/{trend.changes}"
    return equation("Drift μ", formula, step(trend.drift, FINE))


def median(trend: Trend, year: int, result: str, shown: str = "") -> Line:
    tau = year - trend.last_year
    formula = f"{given(trend.last_value)} × e^({step(trend.drift, FINE)} × {tau})"
    return equation(f"Median {year}", formula, result, shown)


def spread(trend: Trend) -> Line:
    """K², the variance of the yearly changes of ln(cost) about their drift."""
    squared, free = trend.spread**2, trend.changes - 1
    squares = f"Σ(change − μ)^2/(m − 1) = {step(squared * free, FINE)}/{free}"
    return equation("K²", squares, step(squared, FINE))


def interval(trend: Trend, projected: Projection, level: float) -> tuple[Line, ...]:
    """Both ends of the interval, by the steps that lead to them."""
    m, tau = trend.changes, projected.year - trend.last_year
    t, a_star, squared = student_t(0.5 + level / 2, m - 1), growth_at(trend, tau), trend.spread**2
    half = math.log(projected.high / projected.median)
    theta = given(THETA)
    widening = f"−2 × {theta} + (1 + 2 × {m - 1} × {theta}/{m} + {theta}^2) × ({tau} + {tau}^2/{m})"
    width = f"{step(t, FINE)} × √({step(squared, FINE)} × {step(a_star, FINE)}/(1 + {theta}^2))"
    ends = [("Low", "−", projected.low), ("High", "", projected.high)]
    return (
        line(f"m = {m} changes; τ = {wording.count(tau, 'year')} ahead; θ = {theta}"),
        spread(trend),
        line(
            f"t = {step(t, FINE)} (Student's, {wording.percent(level)}, {m - 1} degrees of freedom)"
        ),
        equation("A*", widening, step(a_star, FINE)),
        equation("Half-width h", width, step(half)),
        *(
            equation(
                f"{name} end",
                f"{step(projected.median)} × e^({sign}{step(half)})",
                dollars(end),
                wording.about(end),
            )
            for name, sign, end in ends
        ),
    )


def at_rate(series: CostSeries, rate: Rate, year: int) -> tuple[Line, ...]:
    """The last row falling by a rate every year, for each end of the rate."""
    last, tau = series.points[-1].value, year - series.last_year
    ends = [(str(year), rate.low)]
    if not rate.single:
        ends = [(f"Low {year}", rate.high), (f"High {year}", rate.low)]
    return tuple(
        equation(
            name,
            f"{given(last)} × (1 − {step(end)})^{tau}",
            dollars(last * (1 - end) ** tau),
            wording.about(last * (1 - end) ** tau),
        )
        for name, end in ends
    )
