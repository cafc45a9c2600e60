"""Curves: what pictures of dollars over years are made of: record, forecast, projection, marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Link
from bot.charts.model import Band, Curve, Mark, Threshold, Trace
from bot.questions.cost import cost_in, volume
from bot.questions.table import called, of_the_post, per, the_table
from knowledge.rates import Rate
from knowledge.records import PER
from knowledge.trend import fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.answer import Line
    from bot.questions.scenarios import Scenario
    from bot.values import Count
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries
    from knowledge.trend import Projection


def credit(said: Line, kb: KnowledgeBase) -> str:
    """A source line in plain words, with whose picture it is and of which data."""
    words = "".join(part.text if isinstance(part, Link) else part for part in said.parts)
    return f"{words}. Costcurve, data {kb.version}"


def table(kb: KnowledgeBase, n: float = 1.0) -> tuple[Trace, ...]:
    """The table's rows times `n`: the record, and apart from it what was forecast."""
    series = kb.series()
    points = tuple((p.year, n * p.value) for p in series.points)
    seen = tuple(p for p in points if p[0] <= series.observed_until)
    name = wording.initial(called(series).strip("“”"))
    record = Trace(name, seen)
    if len(seen) == len(points):
        return (record,)
    return record, Trace(_forecast(series), points[max(0, len(seen) - 1) :], "forecast")


def _forecast(series: CostSeries) -> str:
    return "The post's forecast" if of_the_post(series) else "Its forecast"


def ahead_of(
    chosen: Scenario,
    end: int,
    n: float = 1.0,
    levels: Iterable[float] = (),
    *,
    middle: bool = False,
) -> tuple[tuple[Trace, ...], tuple[Band, ...]]:
    """The lines from the last row to the year `end`, and the trend's intervals or a rate's range.

    A range of rates has a line at each end, or with `middle` one between them.
    """
    rate, name, last = chosen.rate, named(chosen), chosen.kb.series().points[-1]
    start, years = (last.year, n * last.value), range(last.year + 1, end + 1)
    then = [chosen.project(year) for year in years]
    if rate is None:
        fan = [(level, [chosen.project(y, level) for y in years]) for level in levels]
        bands = [band(level, start, said, name, n) for level, said in fan]
    else:
        bands = [] if rate.single else [band(None, start, then, name, n)]
    lines = {name: [p.median for p in then]}
    if rate and not rate.single and not middle:
        lines = {f"At {wording.percent(rate.low)}": [p.high for p in then]}
        lines[f"At {wording.percent(rate.high)}"] = [p.low for p in then]
    traces = (
        Trace(
            said, (start, *((y, n * a) for y, a in zip(years, amounts, strict=True))), "projection"
        )
        for said, amounts in lines.items()
    )
    return tuple(traces), tuple(bands)


def band(
    level: float | None,
    start: tuple[int, float],
    then: Sequence[Projection],
    name: str,
    n: float = 1.0,
) -> Band:
    points = ((p.year, n * p.low, n * p.high) for p in then)
    return Band(level, ((start[0], start[1], start[1]), *points), name)


def recorded(kb: KnowledgeBase, n: float, years: Iterable[int], said: str = "") -> tuple[Mark, ...]:
    """Marks on what was asked for: rows of the table, or after them the trend; `said` is added."""
    series = kb.series()
    marks = []
    for year in years:
        amount = n * cost_in(series, year)
        label = wording.money(amount) if year <= series.last_year else wording.about(amount)
        marks.append(Mark(year, amount, f"{year}: {label}{said}"))
    return tuple(marks)


def _forecasts(lines: Iterable[Trace], said: str) -> Iterator[Mark]:
    """Marks on the table's rows that were forecasts, to tell them from all that is beside them."""
    for trace in lines:
        if trace.style == "forecast":
            for year, amount in trace.points[1:]:
                yield Mark(year, amount, wording.money(amount) + said)


def through(
    points: Iterable[tuple[float, float]], marks: Iterable[Mark]
) -> tuple[tuple[float, float], ...]:
    """The points of a line with those marked on it, so that it runs through them."""
    return tuple(sorted({*points, *((m.year, m.dollars) for m in marks)}))


def named(chosen: Scenario) -> str:
    """Trend 42.8%, Headline 20–30%, Study 5: 50%, 25%."""
    rate, basis = chosen.rate, chosen.basis
    trend = fit(chosen.kb.series()).annual if rate is None else 0.0
    annual = wording.change(rate or Rate(trend, trend)).replace(" a year", "")
    if basis.kind == "rate":
        return annual
    kind = basis.kind.capitalize()
    return f"{kind} {basis.study}: {annual}" if basis.kind == "study" else f"{kind} {annual}"


def intervals(levels: Sequence[float]) -> str:
    said = [wording.percent(level) for level in levels]
    said = [*(s.removesuffix("%") for s in said[:-1]), said[-1]]
    return f"{wording.listed(said)} interval" + ("s" if len(said) > 1 else "")


def number(count: Count | None) -> float:
    return count.number if count and count.number else 1.0


def unit(kb: KnowledgeBase, count: Count | None = None) -> str:
    series = kb.series()
    named = replace(series, unit=f"{PER}AI inference") if of_the_post(series) else series
    return f"US dollars for {volume(named, count)}" if count else f"US dollars {per(named)}"


def curve(
    kb: KnowledgeBase,
    title: str,
    subtitle: str,
    lines: Sequence[Trace],
    bands: Sequence[Band] = (),
    marks: Sequence[Mark] = (),
    threshold: Threshold | None = None,
) -> Curve | None:
    """The curve with what is not yet known shaded; None where an amount can't be drawn."""
    series = kb.series()
    end = max(trace.points[-1][0] for trace in lines)
    own = "the post's forecast" if of_the_post(series) else "forecast"
    words = [own] if series.last_year > series.observed_until else []
    if end > series.last_year:
        words = ["forecast", "projection"] if words else ["projection"]
    said = f", {own}" if end > series.last_year else ""  # else the ground says so
    asked = {mark.year for mark in marks}
    marks = (*marks, *(m for m in _forecasts(lines, said) if m.year not in asked))
    try:
        return Curve(
            title,
            subtitle,
            credit(the_table(kb), kb),
            tuple(lines),
            tuple(bands),
            tuple(marks),
            threshold,
            forecast_from=series.observed_until + 1 if end > series.observed_until else None,
            forecast_word=" and ".join(words),
        )
    except ValueError:  # an amount beyond what a scale is made for
        return None
