"""Plots in plain characters, for the terminal; the same charts, and no library behind them."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.charts.model import Bars, Curve
from bot.charts.scales import (
    Scale,
    amount,
    axis_money,
    dollar_scale,
    drawn,
    figures,
    moment,
    year_ticks,
)
from bot.wording import about, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.charts.model import Chart, Ranges, Trace

RECORD, FORECAST, RANGE = "●", "○", "░"
BETWEEN = {"record": "•", "forecast": "·", "projection": "·", "origin": "·", "steps": "•"}
SHAPES = "●◆■▲▼✚"  # of groups, as in the pictures


def text(chart: Chart, width: int = 72, height: int = 16) -> str:
    """The chart in lines of at most `width` (40 or more) characters; curves in `height` rows."""
    width = max(40, width)
    if isinstance(chart, Curve):
        body = _curve(chart, width, max(6, height))
    elif isinstance(chart, Bars):
        body = _bars(chart, width)
    else:
        body = _ranges(chart, width)
    scale = ", log scale" if isinstance(chart, Curve) and chart.log else ""
    head = [*wrap(_plain(chart.title), width), *wrap(_plain(chart.subtitle + scale), width)]
    lines = [*head, "", *body, "", *wrap(_plain(chart.source), width)]
    return "\n".join(_short(line.rstrip(), width) for line in lines)


class _Canvas(Struct, frozen=True):
    """Cells of one character; scales lead to the middles of cells."""

    cells: list[list[str]]
    x: Scale
    y: Scale

    def put(self, year: float, dollars: float, sign: str) -> None:
        self.cells[round(self.y(dollars))][round(self.x(year))] = sign

    def between(self, one: tuple[float, float], other: tuple[float, float], sign: str) -> None:
        """A line from point to point, which leaves what is there already."""
        start, end = self.x(one[0]), self.x(other[0])
        top, bottom = self.y(one[1]), self.y(other[1])
        steps = max(1, round(abs(end - start)), round(abs(top - bottom)))
        for i in range(1, steps):
            column, row = start + (end - start) * i / steps, top + (bottom - top) * i / steps
            line = self.cells[round(row)]
            if line[round(column)] in {" ", RANGE, "-"}:
                line[round(column)] = sign


def _curve(chart: Curve, width: int, height: int) -> list[str]:
    y, ticks = dollar_scale(chart.dollars(), height - 1, 0, chart.log)
    names = {round(y(tick)): axis_money(tick) for tick in ticks}
    gutter = max(map(len, names.values())) + 1
    first, last = min(chart.years()), max(chart.years())
    spare = 0.0 if last > first else 0.5
    x = Scale(first - spare, last + spare, 1, width - gutter - 4)
    canvas = _Canvas([[" "] * (width - gutter - 1) for _ in range(height)], x, y)
    _fill(canvas, chart)
    signs = _signs(chart)
    for trace in chart.lines:
        for one, other in pairwise(drawn(trace)):
            canvas.between(one, other, BETWEEN[trace.style])
    for trace, sign in reversed(list(zip(chart.lines, signs, strict=True))):
        for point in trace.points[bool(trace.style != "record" and len(trace.points) > 1) :]:
            canvas.put(*point, sign)
    for mark in chart.marks:
        canvas.put(mark.year, mark.dollars, "◎")
    lines = [
        f"{names.get(i, ''):>{gutter - 1}} {'┤' if i in names else '│'}{''.join(row)}"
        for i, row in enumerate(canvas.cells)
    ]
    return [*lines, *_years(x, gutter, width, first, last), "", *_key(chart, signs)]


def _fill(canvas: _Canvas, chart: Curve) -> None:
    """The threshold, and the widest area: more than one can't be told apart in characters."""
    if chart.threshold:
        row = canvas.cells[round(canvas.y(chart.threshold.dollars))]
        row[:] = "-" * len(row)
    widest = max(chart.bands, key=lambda band: band.level or 0, default=None)
    for one, other in pairwise(widest.points if widest else ()):
        start, end = round(canvas.x(one[0])), round(canvas.x(other[0]))
        for column in range(start, end + 1):
            part = (column - start) / (end - start) if end > start else 1.0
            bottom, top = (
                canvas.y(one[i]) * (1 - part) + canvas.y(other[i]) * part for i in (1, 2)
            )
            for at in range(round(top), round(bottom) + 1):
                canvas.cells[at][column] = RANGE


def _signs(chart: Curve) -> list[str]:
    """The sign of each line's points; letters where several projections must be told apart."""
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4)
    signs = {"record": RECORD, "forecast": FORECAST}
    return [signs.get(trace.style) or next(letters) for trace in chart.lines]


def _years(x: Scale, gutter: int, width: int, first: float, last: float) -> list[str]:
    axis, names = ["─"] * (width - gutter - 1), [" "] * (width - gutter + 2)
    for year in year_ticks(first, last, x.end - x.start, 6):
        at = round(x(year))
        axis[at] = "┴"
        start = max(0, at - 2)
        names[start : start + 4] = list(str(year)[:4])
    return [f"{' ' * gutter}└{''.join(axis)}", f"{' ' * (gutter + 1)}{''.join(names)}"]


def _key(chart: Curve, signs: Sequence[str]) -> list[str]:
    lines = [f"{sign} {_ending(t)}" for t, sign in zip(chart.lines, signs, strict=True) if t.points]
    lines += [f"◎ {mark.label}" for mark in chart.marks]
    if chart.threshold:
        lines.append(f"- {chart.threshold.label}")
    widest = max(chart.bands, key=lambda band: band.level or 0, default=None)
    if widest and widest.points:
        year, low, high = widest.points[-1]
        name = percent(widest.level) if widest.level else widest.trace or "range"
        lines.append(f"{RANGE} {name}, in {moment(year)} {about(low)} to {about(high)}")
    return lines


def _ending(trace: Trace) -> str:
    year, dollars = trace.points[-1]
    on = moment(year, held=trace.style == "steps")
    return f"{trace.name or trace.style}, {on}: {amount(trace, dollars)}"


def _bars(chart: Bars, width: int) -> list[str]:
    names = max(len(_short(bar.label, 20)) for bar in chart.bars)
    most = max(1e-9, *(abs(bar.fraction) for bar in chart.bars))
    told = f" {chart.forecast_word}"[:20]
    room = width - names - 9 - len(told) * any(bar.forecast for bar in chart.bars)
    lines = []
    for bar in chart.bars:
        long = round(abs(bar.fraction) / most * room)
        sign = "▒" if bar.forecast else "█" if bar.fraction >= 0 else "▚"
        said = told if bar.forecast else ""
        name = _short(bar.label, 20)
        lines.append(f"{name:>{names}} {sign * long} {percent(bar.fraction)}{said}")
    return [*lines, *(f"{'':>{names}} compare: {r.label}" for r in chart.references)]


def _ranges(chart: Ranges, width: int) -> list[str]:
    names = min(max(len(c.label) for c in chart.claims), width * 2 // 5)
    ends = [chart.place(end) for end in (*chart.ends(), 0.1)]
    told = max(len(figures(claim)) for claim in chart.claims) + 2
    x = Scale(min(ends), max(ends), 0, max(8, width - names - told - 2))
    lines = []
    for i, (group, claims) in enumerate(chart.groups().items()):
        sign = SHAPES[i % len(SHAPES)]
        many = "" if claims[0].marks else f" ({len(claims)})"  # its rows say how many they hold
        lines += ["", f"{sign} {group}{many}"]
        for claim in claims:
            track = [" "] * round(x.end + 1)
            if claim.said:
                left, right = (round(x(chart.place(end))) for end in claim.said)
                track[left : right + 1] = RANGE * (right + 1 - left)
            if claim.rates:
                low, middle, high = claim.rates
                left, right = round(x(chart.place(low))), round(x(chart.place(high)))
                track[left : right + 1] = [
                    RANGE if cell == RANGE else "─" for cell in track[left : right + 1]
                ]
                for _, mark in claim.marks or (("", middle),):
                    track[round(x(chart.place(mark)))] = sign
            said = f"{figures(claim):>{told}}"
            lines.append(f"{_short(claim.label, names):<{names}} {''.join(track)}{said}")
    return [*lines[1:], *(f"compare: {r.label}" for r in chart.references)]


def _plain(text: str) -> str:
    """One line without what steers a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _short(text: str, most: int) -> str:
    plain = _plain(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
