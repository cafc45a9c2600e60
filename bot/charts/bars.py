"""The drawing of Bars: a column for each percentage, and what they are compared with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.charts import look
from bot.charts.letters import CAP, cut, readable, width, wrap
from bot.charts.places import block_height, spread
from bot.charts.scales import Scale
from bot.charts.sheet import Box, Frame, Sheet
from bot.wording import percent

if TYPE_CHECKING:
    from bot.charts.model import Bars, Reference

FILLED = 0.9  # of a bar's room
COLUMN = 250  # pixels on the right for the words of what is compared with
GUTTER = 24
NARROW = 40  # pixels for a bar: thinner outlines
AIR = 10  # pixels between a bar and its number
LONGEST = 160  # pixels of a name
SIZES = (look.TEXT, 27, 24)  # a number that fits at none of them, also turned, is left out
BEYOND = look.TEXT * 1.6  # room for the numbers beyond the longest bars


def bars_svg(chart: Bars) -> str:
    """The picture of bars."""
    frame = Frame.of(chart, chart.subtitle)
    sheet = Sheet(look.HEIGHT)
    frame.draw(sheet)
    right = look.WIDTH - look.MARGIN - (COLUMN + GUTTER if chart.references else 0)
    area = Box(look.MARGIN, frame.top, right, look.HEIGHT - frame.foot - look.TEXT * 1.5)
    y = _scale(chart, area)
    _shade(sheet, chart, area)
    for reference in chart.references:
        high = max(y(reference.low) - y(reference.high), 4)
        top = y(reference.high) - (2 if reference.low == reference.high else 0)
        box = Box(area.left, top, area.right, top + high)
        sheet.rect(box, look.VERMILION, fill_opacity=0.16 if high > 4 else 1)
    _columns(sheet, chart, area, y)
    sheet.line([(area.left, y(0)), (area.right, y(0))], look.AXIS, 2)
    _references(sheet, chart.references, area, y)
    return sheet.svg()


def _scale(chart: Bars, area: Box) -> Scale:
    ends = [0.0, *(b.fraction for b in chart.bars)]
    ends += [end for r in chart.references for end in (r.low, r.high)]
    low, high = min(ends), max(ends)
    bottom = area.bottom - (BEYOND if low < 0 else 0)
    return Scale(low, high if high > low else low + 0.01, bottom, area.top + 44 + BEYOND)


def _shade(sheet: Sheet, chart: Bars, area: Box) -> None:
    """Darken the ground of each run of forecast bars, and say so over the last."""
    pitch = (area.right - area.left) / len(chart.bars)
    forecast = [i for i, bar in enumerate(chart.bars) if bar.forecast]
    for i in forecast:
        left = area.left + i * pitch
        sheet.rect(Box(left, area.top, left + pitch + 0.5, area.bottom), look.SHADE)
    word = cut(readable(chart.forecast_word), look.TEXT, area.right - area.left)
    if forecast:
        wide = width(word, look.TEXT)
        middle = area.left + (forecast[0] + forecast[-1] + 1) / 2 * pitch
        x = max(area.left + wide / 2, min(middle, area.right - wide / 2))
        base = area.top + 8 + CAP * look.TEXT
        sheet.text(x, base, word, color=look.SOFT, anchor="middle")


def _columns(sheet: Sheet, chart: Bars, area: Box, y: Scale) -> None:
    pitch = (area.right - area.left) / len(chart.bars)
    for i, bar in enumerate(chart.bars):
        middle = area.left + (i + 0.5) * pitch
        half = pitch * FILLED / 2
        top, bottom = sorted((y(bar.fraction), y(0)))
        if bar.forecast:
            box = Box(middle - half + 2, top + 2, middle + half - 2, bottom)
            thick, dashes = (4, "14 9") if pitch > NARROW else (2, "7 5")
            outline = {"stroke": look.BLUE, "stroke_dasharray": dashes}
            sheet.rect(box, look.FAINT, stroke_width=thick, **outline)
        else:
            sheet.rect(Box(middle - half, top, middle + half, bottom), look.BLUE)
    _numbers(sheet, chart, area, y, pitch)
    _names(sheet, chart, area, pitch)


def _numbers(sheet: Sheet, chart: Bars, area: Box, y: Scale, pitch: float) -> None:
    """Each bar's percentage: inside its end where it is long enough, else beyond it.

    In narrow bars all are turned; where not even that fits there are none.
    """
    said = [percent(bar.fraction) for bar in chart.bars]
    widest = max(width(text, 1, bold=True) for text in said)
    room = pitch * FILLED - 8  # of a dashed outline, too
    level = next((s for s in SIZES if widest * s <= room), None)
    size = level or next((s for s in SIZES if CAP * s <= room), None)
    if size is None:
        return
    for i, (bar, text) in enumerate(zip(chart.bars, said, strict=True)):
        x, end = area.left + (i + 0.5) * pitch, y(bar.fraction)
        long = CAP * size if level else width(text, size, bold=True)
        within = abs(end - y(0)) >= long + 2 * AIR + 2
        color = look.PAPER if within and not bar.forecast else look.INK
        # The height at which the text's lower edge stands.
        foot = end + AIR + 2 + long if within == (bar.fraction >= 0) else end - AIR
        if not level and not within:
            foot = min(end, y(0)) - AIR  # below a bar there is no room for turned ones
        if level:
            sheet.text(x, foot, text, size=size, color=color, anchor="middle", bold=True,
                       halo=not within)  # fmt: skip
        else:
            sheet.text(x + CAP * size / 2, foot, text, size=size, color=color, bold=True,
                       halo=not within, upright=False)  # fmt: skip


def _names(sheet: Sheet, chart: Bars, area: Box, pitch: float) -> None:
    """The names beneath; every few where they are long and bars narrow."""
    names = [readable(bar.label) for bar in chart.bars]
    room = min(max(width(name, look.TEXT) for name in names) + 14, LONGEST)
    every = max(1, math.ceil(room / pitch))
    for i in range(0, len(names), every):
        x = area.left + (i + 0.5) * pitch
        # The outer names may reach over the chart's edge, but not over the picture's.
        name = cut(names[i], look.TEXT, 2 * min(pitch * every / 2, x, look.WIDTH - x) - 8)
        below = area.bottom + 14 + CAP * look.TEXT
        sheet.text(x, below, name, color=look.SOFT, anchor="middle")


def _references(sheet: Sheet, references: tuple[Reference, ...], area: Box, y: Scale) -> None:
    """The words of what is compared with, right of the bars at its height."""
    ordered = sorted(references, key=lambda r: -(r.low + r.high))
    said = [wrap(readable(r.label), look.TEXT, COLUMN)[:3] for r in ordered]
    wanted = [y((r.low + r.high) / 2) for r in ordered]
    heights = [block_height(len(lines)) + 12 for lines in said]
    centers = spread(wanted, heights, area.top, area.bottom)
    for lines, want, center in zip(said, wanted, centers, strict=True):
        x = area.right + GUTTER
        sheet.line([(area.right + 4, want), (x - 6, center)], look.VERMILION, 2)
        top = center - block_height(len(lines)) / 2
        for i, text in enumerate(lines):
            base = top + look.TEXT * (CAP + look.LEADING * i)
            sheet.text(x, base, text, color=look.VERMILION)
