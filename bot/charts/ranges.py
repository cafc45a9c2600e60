"""The drawing of Ranges: a row for each claim, under the name and shape of its group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts import look
from bot.charts.letters import CAP, cut, readable, width, wrap
from bot.charts.scales import Scale, factor_ticks, figures, linear_ticks
from bot.charts.sheet import Box, Frame, Sheet
from bot.wording import span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.charts.model import Claim, Ranges, Reference

    Place = Callable[[float], float]

ROW = (46, 90)  # pixels, by how many lines the name takes
WIDE_ROW = (98, 134)  # the same where the scale is under the name
GAP = 14  # below such a row
ROOM = look.WIDTH - 2.0 * look.MARGIN
HEADING = 62
MOST = 80  # rows that are drawn: Telegram takes a width and a height of 10000 together
NAMES = 0.47  # of the width, at most, for the rows' names
REFERENCE = look.SOFT  # no group's color
R = 12  # half a shape
SAID, NARROW = "#F0CF8E", 14  # what was said before: a bar at least so wide
# After the dot: diamond, square, triangle, triangle on its head, cross; in halves of a shape.
OUTLINES = (
    ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    ((-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)),
    ((0, -1.2), (1.2, 0.95), (-1.2, 0.95)),
    ((0, 1.2), (1.2, -0.95), (-1.2, -0.95)),
    (
        (-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4),
        (0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4),
    ),
)  # fmt: skip


def ranges_svg(chart: Ranges) -> str:
    """The picture of ranges; as high as its rows need."""
    frame = Frame.of(chart, chart.subtitle)
    groups = list(chart.groups().items())
    shown = chart.claims[:MOST]
    left_out = len(chart.claims) - len(shown)
    drawn = [(name, [c for c in claims if c in shown]) for name, claims in groups]
    drawn = [(name, claims) for name, claims in drawn if claims]
    notes = _notes(chart.references)
    top = frame.top + len(notes) * look.TEXT * look.LEADING + look.TEXT * 1.6
    heights = {claim: _height(claim, wide=chart.factors) for claim in shown}
    body = sum(HEADING + sum(heights[c] for c in claims) for _, claims in drawn)
    sheet = Sheet(top + body + (ROW[0] if left_out else 0) + 20 + frame.foot)
    frame.draw(sheet)
    area = _area(chart, Box(look.MARGIN, top, look.WIDTH - look.MARGIN, top + body))
    x, ticks = _scale(chart, area)
    for tick in ticks:
        sheet.text(x(tick), top - 10, span(tick, tick), color=look.SOFT, anchor="middle")
    _key(sheet, chart.references, notes, frame.top)
    y = top
    for i, (name, claims) in enumerate(drawn):
        many = 0 if claims[0].marks else len(claims)  # its rows say how many they hold
        _heading(sheet, i, name, many, y + HEADING - 16)
        y += HEADING
        if not chart.factors:
            high = sum(heights[c] for c in claims)
            _ground(sheet, chart.references, Box(area.left, y, area.right, y + high), x, ticks)
        for claim in claims:
            row = Box(area.left, y, area.right, y + heights[claim])
            if chart.factors:  # no line may run through the names
                strip = Box(row.left, row.bottom - GAP - 3.6 * R, row.right, row.bottom - GAP)
                _ground(sheet, chart.references, strip, x, ticks)
            (_wide_row if chart.factors else _row)(sheet, claim, i, x, row)
            y += heights[claim]
    if left_out:
        sheet.text(look.MARGIN, y + ROW[0] - 10, f"and {left_out} more", color=look.SOFT)
    return sheet.svg()


def _heading(sheet: Sheet, group: int, name: str, count: int, base: float) -> None:
    """A group's shape and name; how many it has, where that isn't plain to see."""
    color = look.PALETTE[group % len(look.PALETTE)]
    shape(sheet, group, look.MARGIN + R, base - CAP * look.TEXT / 2, color)
    said = readable(f"{name} ({count})" if count > 1 else name)
    left = look.MARGIN + 3 * R
    heading = cut(said, look.TEXT, look.WIDTH - look.MARGIN - left, bold=True)
    sheet.text(left, base, heading, color=color, bold=True)


def _height(claim: Claim, *, wide: bool) -> int:
    if wide:
        return WIDE_ROW[len(_name(claim, _beside_figures(claim))) - 1]
    return ROW[len(_name(claim, ROOM * NAMES)) - 1]


def _beside_figures(claim: Claim) -> float:
    """The room that a name has on a line with the row's figures."""
    return ROOM - width(figures(claim), look.TEXT) - 40


def _name(claim: Claim, room: float) -> list[str]:
    """A claim's name in one or two lines; what is longer is cut."""
    lines = wrap(readable(claim.label), look.TEXT, room) or [""]
    rest = " ".join(lines[1:])
    return [lines[0], cut(rest, look.TEXT, room)] if rest else lines


def _area(chart: Ranges, whole: Box) -> Box:
    """Where the scale is: right of the names, left of the figures; or under them both."""
    if chart.factors:
        return whole
    widest = max(width(readable(c.label), look.TEXT) for c in chart.claims)
    names = min(widest, (whole.right - whole.left) * NAMES)
    told = max((width(figures(c), look.TEXT) for c in chart.claims if c.rates), default=0)
    return Box(whole.left + names + 30, whole.top, whole.right - told, whole.bottom)


def _scale(chart: Ranges, area: Box) -> tuple[Place, list[float]]:
    """A scale that holds all claims and what they are compared with, and its ticks."""
    low, high = min(chart.ends()), max([0.1, *chart.ends()])
    left, right = area.left + 14, area.right - 44
    if chart.factors:
        scale = Scale(chart.place(low), chart.place(high), left + 30, right + 14)

        def place(rate: float) -> float:
            return scale(chart.place(rate))

        return place, factor_ticks(low, high, place)
    ticks = linear_ticks(low, high * 1.001, 5)
    step = ticks[1] - ticks[0]
    ticks = [*ticks, ticks[-1] + step] if ticks[-1] < high - 1e-9 else ticks
    return Scale(ticks[0], ticks[-1], left, right), ticks


def _notes(references: Sequence[Reference]) -> list[list[tuple[str, int]]]:
    """The references' names with their numbers, in lines as wide as the picture."""
    lines: list[list[tuple[str, int]]] = []
    room = 0.0
    for i, reference in enumerate(references):
        text = cut(readable(reference.label), look.TEXT, 900)
        need = width(text, look.TEXT) + 90
        if need > room:
            lines.append([])
            room = look.WIDTH - 2.0 * look.MARGIN
        lines[-1].append((text, i))
        room -= need
    return lines


def _ground(
    sheet: Sheet, references: Sequence[Reference], area: Box, x: Place, ticks: Sequence[float]
) -> None:
    """Grid lines through a group's rows, and each reference as a line or an area."""
    if x(0.0) - area.left > look.MARGIN:  # what rises lies in a shade
        sheet.rect(Box(area.left, area.top, x(0.0), area.bottom), look.SHADE)
    for tick in ticks:
        color = look.AXIS if abs(tick) < 1e-9 else look.GRID
        sheet.line([(x(tick), area.top), (x(tick), area.bottom)], color, 2)
    for reference in references:
        left, right = x(reference.low), x(reference.high)
        if right - left < 4:
            ends = [(left, area.top), (left, area.bottom)]
            sheet.line(ends, REFERENCE, 4, stroke_dasharray="3 7", stroke_linecap="round")
        else:
            box = Box(left, area.top, right, area.bottom)
            sheet.rect(box, REFERENCE, fill_opacity=0.14)


def _key(
    sheet: Sheet, references: Sequence[Reference], notes: list[list[tuple[str, int]]], top: float
) -> None:
    """What the lines and areas through all rows are, above the scale."""
    for row, line in enumerate(notes):
        at = float(look.MARGIN)
        base = top + look.TEXT * (0.55 + row * look.LEADING)
        for text, i in line:
            middle = base - CAP * look.TEXT / 2
            if references[i].low == references[i].high:
                ends = [(at + 17, middle - 14), (at + 17, middle + 14)]
                dots = {"stroke_dasharray": "3 7", "stroke_linecap": "round"}
                sheet.line(ends, REFERENCE, 4, **dots)
            else:
                key = Box(at, middle - 13, at + 34, middle + 13)
                sheet.rect(key, REFERENCE, fill_opacity=0.14 * 1.6)
            sheet.text(at + 46, base, text, color=REFERENCE)
            at += width(text, look.TEXT) + 90


def _wide_row(sheet: Sheet, claim: Claim, group: int, x: Place, row: Box) -> None:
    """A row with its name and figures above, so that the scale has the whole width."""
    base = row.top + look.TEXT
    for i, line in enumerate(_name(claim, _beside_figures(claim))):
        sheet.text(look.MARGIN, base + i * look.TEXT * look.LEADING, line)
    ink = look.INK if claim.rates else look.SOFT
    sheet.text(look.WIDTH - look.MARGIN, base, figures(claim), color=ink, anchor="end")
    _track(sheet, claim, group, x, row.bottom - GAP - 1.8 * R)


def _row(sheet: Sheet, claim: Claim, group: int, x: Place, row: Box) -> None:
    y = (row.top + row.bottom) / 2
    base = y + CAP * look.TEXT / 2
    lines = _name(claim, ROOM * NAMES)
    first = base - look.TEXT * look.LEADING * (len(lines) - 1) / 2
    for i, line in enumerate(lines):
        sheet.text(look.MARGIN, first + i * look.TEXT * look.LEADING, line)
    right = look.WIDTH - look.MARGIN
    ink = look.INK if claim.rates else look.SOFT
    told = figures(claim)
    if claim.rates is None:  # its words may reach into the chart, where the row has nothing
        wide = width(told, look.TEXT) + 12
        sheet.rect(Box(right - wide, row.top, right, row.bottom), look.PAPER)
    sheet.text(right, base, told, color=ink, anchor="end")
    _track(sheet, claim, group, x, y)


def _track(sheet: Sheet, claim: Claim, group: int, x: Place, y: float) -> None:
    """A claim's range and middle, or the marks of several claims; nothing without a rate."""
    if claim.rates is None:
        return
    low, middle, high = claim.rates
    color = look.PALETTE[group % len(look.PALETTE)]
    if claim.said:
        left, right = (x(end) for end in claim.said)
        wide = max(right - left, NARROW)
        left = (left + right - wide) / 2
        sheet.rect(Box(left, y - 1.8 * R, left + wide, y + 1.8 * R), SAID)
    if x(high) - x(low) > 1:
        ends = [(x(low), y), (x(high), y)]
        sheet.line(ends, color, 8, stroke_linecap="round", stroke_opacity=0.5)
    for _, mark in claim.marks or (("", middle),):
        if claim.marks:  # a rim tells neighbours apart
            shape(sheet, group, x(mark), y, look.PAPER, R + 3)
        shape(sheet, group, x(mark), y, color)


def shape(sheet: Sheet, group: int, x: float, y: float, color: str, r: float = R) -> None:
    """The group's own shape, so that it is told without its color."""
    kind = group % (len(OUTLINES) + 1)
    if kind == 0:
        sheet.dot(x, y, r, color)
    else:
        sheet.area([(x + r * dx, y + r * dy) for dx, dy in OUTLINES[kind - 1]], color, 1)
