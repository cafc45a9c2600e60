"""Pictured costs: each kind of question about dollars over years as a curve."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot import wording
from bot.charts.model import Curve, Mark, Threshold, Trace
from bot.pictures.curves import (
    ahead_of,
    band,
    curve,
    intervals,
    number,
    recorded,
    table,
    through,
    unit,
)
from bot.questions.scenarios import scenario, standing
from bot.values import TREND
from knowledge.rates import decline, halving_years
from knowledge.trend import DEFAULT_LEVEL, HORIZON, backtest, fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.charts.model import Band
    from bot.questions.backtest import Backtest
    from bot.questions.cost import Cost
    from bot.questions.halving import Halving
    from bot.questions.project import Project
    from bot.questions.scenarios import Scenario
    from bot.questions.when import When
    from knowledge.base import KnowledgeBase

FAN = (0.5, DEFAULT_LEVEL, 0.95)
USUAL = (DEFAULT_LEVEL,)
PAST = 2  # years shown after a crossing
HALVINGS = 3  # successive ones shown
MOST_MARKS = 5  # asked years; more would mark everything


def cost(asked: Cost, kb: KnowledgeBase) -> Curve | None:
    """The table, asked years marked; years after its last row by the trend. None for training."""
    answer = asked.answer(kb)
    if asked.training:
        return None
    series, n = kb.series(), number(asked.count)
    years = [y for y in asked.years.all() if y >= series.first_year] if asked.years else []
    if asked.cheapest:
        years = [int(f.name.removeprefix("cost.")) for f in answer.figures]
    subtitle, lines = unit(kb, asked.count), table(kb, n)
    bands: tuple[Band, ...] = ()
    if years and years[-1] > series.last_year:
        trend = scenario(kb, TREND)
        ahead, bands = ahead_of(trend, years[-1], n, USUAL)
        lines = (*lines, *ahead)
        subtitle += f"; {trend.words}{_with(trend, USUAL)}"
    marks = recorded(kb, n, years if len(years) <= MOST_MARKS else ())
    return curve(kb, answer.headline, subtitle, lines, bands, marks)


def project(asked: Project, kb: KnowledgeBase) -> Curve | None:
    """The table, then the basis to the asked year: a fan, a range or a line."""
    answer = asked.answer(kb)
    if asked.training:
        return None
    n, year, chosen = number(asked.count), asked.years.last, scenario(kb, asked.basis)
    levels = tuple(sorted({*FAN, asked.level or DEFAULT_LEVEL}))
    ahead, bands = ahead_of(chosen, year, n, levels)
    subtitle = f"{unit(kb, asked.count)}; {chosen.words}{_with(chosen, levels)}"
    lines = (*table(kb, n), *ahead)
    return curve(kb, answer.headline, subtitle, lines, bands, _asked_year(chosen, year, n))


def on_all_bases(asked: Project, kb: KnowledgeBase) -> Curve | None:
    """The table, then the standing bases and the asked one to the asked year."""
    asked.answer(kb)
    if asked.training:
        return None
    n, year = number(asked.count), asked.years.last
    bases = dict.fromkeys((*standing(kb.series()), asked.basis or TREND))
    ahead = [ahead_of(s, year, n, middle=True) for s in (scenario(kb, b) for b in bases)]
    bands = tuple(band for _, found in ahead for band in found)
    lines = (*table(kb, n), *(trace for traces, _ in ahead for trace in traces))
    title = f"{year}: what the cost may be depends on the basis"
    subtitle = f"{unit(kb, asked.count)}; declines a year, middles of ranges as lines"
    return curve(kb, title, subtitle, lines, bands)


def _asked_year(chosen: Scenario, year: int, n: float) -> tuple[Mark, ...]:
    """A ring at the right edge, where the amount is told; none on a range, which has two ends."""
    if chosen.rate and not chosen.rate.single:
        return ()
    return (Mark(year, n * chosen.project(year).median, str(year)),)


def _with(chosen: Scenario, levels: Sequence[float]) -> str:
    return f", with {intervals(levels)}" if chosen.rate is None else ""


def when(asked: When, kb: KnowledgeBase) -> Curve | None:
    """The table, and the basis where it is needed, against the price; the crossing marked."""
    answer = asked.answer(kb)
    n = number(asked.count)
    end, marks = _sought(asked, kb, n)
    subtitle, lines = unit(kb, asked.count), table(kb, n)
    bands: tuple[Band, ...] = ()
    if end > kb.series().last_year:
        chosen = scenario(kb, asked.basis)
        ahead, bands = ahead_of(chosen, end, n, USUAL)
        lines = (*lines, *ahead)
        subtitle += f"; {chosen.words}{_with(chosen, USUAL)}"
    threshold = Threshold(asked.money, wording.price(asked.money))
    return curve(kb, answer.headline, subtitle, lines, bands, marks, threshold)


def _sought(asked: When, kb: KnowledgeBase, n: float) -> tuple[int, tuple[Mark, ...]]:
    """The last year to show, and the marks that answer the question."""
    series = kb.series()
    if asked.years:
        year = asked.years.last
        if year <= series.last_year:
            return series.last_year, recorded(kb, n, (year,))
        return year, _asked_year(scenario(kb, asked.basis), year, n)
    if asked.above:
        above = [p.year for p in series.points if p.value > asked.price]
        return series.last_year, recorded(kb, n, above[-1:], ", the last year above")
    if first := asked.recorded(kb):
        return series.last_year, recorded(kb, n, (first,), ", the first at or below")
    return _crossings(scenario(kb, asked.basis), asked.price, n)


def _crossings(chosen: Scenario, price: float, n: float) -> tuple[int, tuple[Mark, ...]]:
    """The year to project to, and the first years at or below a price."""
    last = chosen.kb.series().last_year
    slow, fast = chosen.years_below(price)
    end = min((slow or last + HORIZON) + PAST, last + HORIZON)
    if fast is None or slow == fast:
        median = chosen.project(fast).median if fast else 0.0
        label = f"{fast}: {wording.about(n * median)}"
        return end, (Mark(fast, n * median, label),) if fast else ()
    soonest = chosen.project(fast)
    marks = [Mark(fast, n * soonest.low, f"{fast} at the soonest")]
    if slow:
        marks.append(Mark(slow, n * chosen.project(slow).high, f"{slow} at the latest"))
    return end, tuple(marks)


def halving(asked: Halving, kb: KnowledgeBase) -> Curve | None:
    """The table and successive halvings: on a basis after it, or between two of its years."""
    answer = asked.answer(kb)
    series = kb.series()
    if asked.years and asked.basis is None:
        start = asked.years.first - (asked.years.first == asked.years.last)
        change = decline(series, start, asked.years.last)
        marks = _halvings(start, change.before, change.annual, change.end, wording.money)
        between = range(start + 1, change.end)
        points = [(y, change.before * (1 - change.annual) ** (y - start)) for y in between]
        points += [(start, change.before), (change.end, change.after)]
        name = f"{wording.percent(change.annual)} a year"
        path = Trace(name, through(points, marks), "origin")
        subtitle = f"{unit(kb)}; {name} from {start} to {change.end}; marked where it halves"
        return curve(kb, answer.headline, subtitle, (*table(kb), path), (), marks)
    chosen, last = scenario(kb, asked.basis), series.points[-1]
    limit = last.year + HORIZON
    threshold = None
    if chosen.rate is None or chosen.rate.single:
        annual = chosen.rate.low if chosen.rate else fit(series).annual
        marks = _halvings(last.year, last.value, annual, limit)
    else:
        half = last.value / 2
        threshold = Threshold(half, f"{wording.money(half)}, half of {last.year}")
        marks = tuple(
            Mark(year, half, f"half, at {wording.percent(d)}")
            for d in (chosen.rate.high, chosen.rate.low)
            if (year := last.year + halving_years(d)) <= limit
        )
    end = math.ceil(max((m.year for m in marks), default=limit))
    ahead, bands = ahead_of(chosen, end)
    if not threshold:
        ahead = tuple(Trace(t.name, through(t.points, marks), t.style) for t in ahead)
    lines = (*table(kb), *ahead)
    subtitle = f"{unit(kb)}; {chosen.words}" + ("; marked where it halves" if marks else "")
    return curve(kb, answer.headline, subtitle, lines, bands, marks, threshold)


def _halvings(
    start: int,
    amount: float,
    annual: float,
    limit: int,
    say: Callable[[float], str] = wording.about,
) -> tuple[Mark, ...]:
    """The amounts that are a half, a quarter ... of the first, up to the year `limit`."""
    time = halving_years(annual)
    count = min(HALVINGS, int((limit - start) / time + 1e-9))
    halves = [(start + i * time, amount / 2**i) for i in range(1, count + 1)]
    return tuple(Mark(year, dollars, say(dollars)) for year, dollars in halves)


def past(asked: Backtest, kb: KnowledgeBase) -> Curve | None:
    """What came, and what the trend would have said from each origin with its interval."""
    answer = asked.answer(kb)
    series = kb.series()
    tests = backtest(series)
    if asked.years and (chosen := [t for t in tests if t.projection.year in asked.years.all()]):
        origins, end = {t.origin for t in chosen}, max(t.projection.year for t in chosen)
        tests = tuple(t for t in tests if t.origin in origins and t.projection.year <= end)
    record = Trace("What came", table(kb)[0].points)
    lines, bands = [record], []
    for origin in sorted({t.origin for t in tests}):
        value = series.at(origin) or 0.0
        said = [t.projection for t in tests if t.origin == origin]
        name = f"Said in {origin}"
        lines.append(Trace(name, ((origin, value), *((p.year, p.median) for p in said)), "origin"))
        bands.append(band(DEFAULT_LEVEL, (origin, value), said, name))
    subtitle = f"{unit(kb)}; what the trend would have said, with {intervals(USUAL)}"
    return curve(kb, answer.headline, subtitle, lines, bands)
