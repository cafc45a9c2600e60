"""The drawing of a Curve: fan, lines with their amounts, threshold, marks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.charts import look
from bot.charts.edges import at_edge, column_width, draw_edges, edges, said_at_edge, told
from bot.charts.ground import Ground
from bot.charts.letters import cut, readable, wrap
from bot.charts.places import OVER_FALL, OVER_RISE, RING, UNDER_STEPS, WAYS, Places
from bot.charts.scales import amount, drawn
from bot.charts.sheet import Frame, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.charts.model import Curve, Mark, Threshold, Trace
    from bot.charts.places import Label

DOT = 9
THICK = {"record": 6.0, "forecast": 5.0, "projection": 5.0, "origin": 5.0, "steps": 5.0}
DASHES = {"forecast": "16 10", "projection": "16 10", "origin": "12 8"}
STEPS = (
    "",
    "18 9",
    "5 8",
    "26 8 5 8",
    "11 6",
    "26 6 5 6 5 6",
)  # of several, told by the dashes too
# Of nested areas: each lies on the wider ones, so the middle is the darkest.
OPACITY = {0.95: 0.13, 0.8: 0.17, 0.5: 0.24}
THRESHOLD_ROOM = 500  # pixels its words may be wide
MARK_ROOM = 330  # pixels a mark's words may be wide
FAR = (24, 36, 56, 80, 110, 140, 180)  # pixels from a mark at which its words are tried
CLOSE = 3  # pixels: lines that are nowhere further apart are drawn as one of several colors


def curve_svg(curve: Curve) -> str:
    """The picture of a curve."""
    frame = Frame.of(curve, curve.subtitle + (", log scale" if curve.log else ""))
    colors = _colors(curve)
    labels = edges(curve, colors, {t.name: _dashes(t.style, i, 1) for i, t in _steps(curve)})
    ground = Ground.of(curve, frame, column_width(labels))
    sheet = Sheet(look.HEIGHT)
    frame.draw(sheet)
    ground.draw(sheet)
    places = Places(ground.area)
    ground.name_shade(sheet, curve.forecast_word, places)
    for band in sorted(curve.bands, key=lambda b: -(b.level or 1)):
        upper = [ground.at(year, high) for year, _, high in band.points]
        lower = [ground.at(year, low) for year, low, _ in reversed(band.points)]
        color = colors.get(band.trace, look.BLUE)
        sheet.area([*upper, *lower], color, OPACITY.get(band.level or 0, 0.15))
        places.take_line(upper, 1)
        places.take_line(lower, 1)
    draw_edges(sheet, ground, labels)
    for trace in curve.lines:
        _line(sheet, ground, trace, colors[trace.name], places, _turn(ground, curve, trace))
    if curve.threshold:
        _threshold(sheet, ground, curve.threshold, places)
    ways = UNDER_STEPS if any(t.style == "steps" for t in curve.lines) else WAYS
    for mark in curve.marks:
        places.take_dot(*ground.at(mark.year, mark.dollars), RING + 2)
    for mark in sorted(curve.marks, key=lambda m: -m.year):  # there is least room on the right
        _mark(sheet, ground, mark, places, ways, wordless=said_at_edge(curve, mark))
    _amounts(sheet, ground, curve, colors, places)
    return sheet.svg()


def _colors(curve: Curve) -> dict[str, str]:
    """The color of each line. What happened shares the blue of the one projection from it."""
    expected = told(curve)
    beside = len(expected) > 1 or any(t.style == "origin" for t in expected)
    happened = look.INK if beside else look.BLUE
    colors = {trace.name: happened for trace in curve.lines}
    for i, trace in enumerate(expected):
        colors[trace.name] = look.PALETTE[i % len(look.PALETTE)]
    return colors


def _steps(curve: Curve) -> list[tuple[int, Trace]]:
    """The lines of steps, each with its turn, where there are several."""
    found = [trace for trace in told(curve) if trace.style == "steps"]
    return list(enumerate(found)) if len(found) > 1 else []


def _turn(ground: Ground, curve: Curve, trace: Trace) -> tuple[int, int]:
    """Which one it is of how many lines that run along each other: (0, 1) for a line alone.

    Steps are told apart wherever they run, so each has its own turn.
    """
    if trace.style == "steps":
        return told(curve).index(trace), 1
    path = [ground.at(*point) for point in trace.points]

    def along(other: Trace) -> bool:
        points = [ground.at(*point) for point in other.points]
        return len(points) == len(path) and all(
            math.dist(a, b) <= CLOSE for a, b in zip(path, points, strict=True)
        )

    together = [other for other in told(curve) if along(other)]
    return (together.index(trace), len(together)) if trace in together else (0, 1)


def _dashes(style: str, turn: int, of: int) -> dict[str, str | float]:
    """The dashes of a line; of lines on each other one after the other, so that all are seen."""
    if style == "steps" and turn:
        return {"stroke_dasharray": STEPS[turn % len(STEPS)] or "none"}
    if style not in DASHES:
        return {}
    if of == 1:
        return {"stroke_dasharray": DASHES[style]}
    return {"stroke_dasharray": f"16 {20 * of - 16}", "stroke_dashoffset": -20.0 * turn}


def _line(
    sheet: Sheet, ground: Ground, trace: Trace, color: str, places: Places, turn: tuple[int, int]
) -> None:
    path = [ground.at(*point) for point in drawn(trace)]
    points = [ground.at(*point) for point in trace.points]
    dashes = _dashes(trace.style, *turn)
    if len(path) > 1:
        sheet.line(path, color, THICK[trace.style], **dashes)
        places.take_line(path)
    for i, (x, y) in enumerate(points):
        if trace.style == "record":
            sheet.dot(x, y, DOT, color)
        elif trace.style == "forecast" and (i or len(points) == 1):
            sheet.dot(x, y, DOT, look.PAPER, stroke=color, stroke_width=4)
        elif i == len(points) - 1:
            sheet.dot(x, y, DOT - 2 + 4 * max(0, turn[1] - 1 - turn[0]), color)
        else:
            continue
        places.take_dot(x, y, DOT)


def _threshold(sheet: Sheet, ground: Ground, level: Threshold, places: Places) -> None:
    y = ground.y(level.dollars)
    ends = [(ground.area.left, y), (ground.area.right, y)]
    sheet.line(ends, look.INK, 3)
    places.take_line(ends)
    words = (cut(readable(level.label), look.TEXT, THRESHOLD_ROOM, bold=True),)
    if not words[0]:
        return
    spots = [ground.area.left + 10 + i * 60 for i in range(16)]
    tries = (places.beside(x, y, words, far=(10,), bold=True) for x in spots)
    found = next(filter(None, tries), None)
    label = found or places.beside(spots[0], y, words, far=(10,), must=True, bold=True)
    if label:
        _write(sheet, label, look.INK)


def _mark(
    sheet: Sheet,
    ground: Ground,
    mark: Mark,
    places: Places,
    ways: Sequence[tuple[int, int]],
    *,
    wordless: bool,
) -> None:
    x, y = ground.at(mark.year, mark.dollars)
    lines = [] if wordless else wrap(readable(mark.label), look.TEXT, MARK_ROOM, bold=True)[:4]
    label = None
    if lines:
        label = places.beside(x, y, lines, far=FAR, ways=ways, must=mark.needed, bold=True)
        if not label:
            return
    sheet.dot(x, y, RING, "none", stroke=look.INK, stroke_width=4)
    if label:
        if label.leader:
            sheet.line(label.leader, look.INK, 2)
        _write(sheet, label, look.INK)


def _amounts(
    sheet: Sheet, ground: Ground, curve: Curve, colors: dict[str, str], places: Places
) -> None:
    """Amounts at points of the record where there is room, the ends first; and where lines end."""
    said = {(mark.year, mark.dollars) for mark in curve.marks}
    several = len(told(curve)) > 1
    for trace in curve.lines:
        expected = trace.style not in {"record", "forecast"}
        for i, point in _ends_first(trace):
            edged = at_edge(curve, point[0]) and (expected or (several and trace.style == "record"))
            if point in said or edged or (expected and point != trace.points[-1]):
                continue
            said.add(point)
            name = [readable(trace.name)] if expected and several and trace.name else []
            end = i in (0, len(trace.points) - 1)
            ways = WAYS if end else OVER_FALL if _falls(trace) else OVER_RISE
            label = places.beside(*ground.at(*point), [*name, amount(trace, point[1])], ways=ways)
            if label:
                _write(sheet, label, colors[trace.name] if name else look.INK)


def _falls(trace: Trace) -> bool:
    return trace.points[-1][1] <= trace.points[0][1]


def _ends_first(trace: Trace) -> list[tuple[int, tuple[float, float]]]:
    """The points with their places: both ends, then every other, then those between."""
    numbered = list(enumerate(trace.points))
    return list(dict.fromkeys(numbered[-1:] + numbered[:1] + numbered[2::2] + numbered[1::2]))


def _write(sheet: Sheet, label: Label, color: str) -> None:
    for i, line in enumerate(label.lines):
        at = label.y + i * look.TEXT * look.LEADING
        sheet.text(label.x, at, line, color=color, anchor=label.anchor, bold=label.bold)
