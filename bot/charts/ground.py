"""Ground: what a curve is drawn on, with its scales, grid and the shaded forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.charts import look
from bot.charts.letters import CAP, cut, readable, width
from bot.charts.scales import Scale, axis_money, dollar_scale, year_ticks
from bot.charts.sheet import Box, text_box

if TYPE_CHECKING:
    from bot.charts.model import Curve
    from bot.charts.places import Places
    from bot.charts.sheet import Anchor, Frame, Point, Sheet

HEADROOM = 48  # pixels over the highest amount, for the words there
FOOTROOM = 40  # pixels under the lowest step, likewise
WORD_ROOM = 440  # pixels that the name of the shaded part may take
YEAR_ROOM = 98  # pixels a year's name needs, with air


class Ground(Struct, frozen=True):
    """A chart area with its scales and ticks."""

    area: Box
    x: Scale
    y: Scale
    years: tuple[int, ...]
    amounts: tuple[float, ...]
    shaded_from: float | None  # in pixels

    @classmethod
    def of(cls, curve: Curve, frame: Frame, column: float) -> Ground:
        """The ground that leaves a column free on the right for labels."""
        bottom = look.HEIGHT - frame.foot - look.TEXT * 1.5
        foot = FOOTROOM if any(trace.style == "steps" for trace in curve.lines) else 0
        y, ticks = dollar_scale(curve.dollars(), bottom - foot, frame.top + HEADROOM, curve.log)
        left = look.MARGIN + max(width(axis_money(tick), look.TEXT) for tick in ticks) + 14
        right = look.WIDTH - look.MARGIN - column
        first, last = min(curve.years()), max(curve.years())
        spare = 0.0 if last > first else 0.5
        # The outermost year's name may reach over the area's edge, but not over the picture's.
        x = Scale(first - spare, last + spare, left + 40, right - (8 if column else 40))
        years = year_ticks(first, last, x.end - x.start, YEAR_ROOM)
        since = curve.forecast_from
        # It begins soon after the year before, the last that is known.
        edge = None if since is None else max(left, x(since - 0.85) if since > first else left)
        area = Box(left, frame.top, right, bottom)
        return cls(area, x, y, tuple(years), tuple(ticks), edge)

    def at(self, year: float, dollars: float) -> Point:
        return self.x(year), self.y(dollars)

    def draw(self, sheet: Sheet) -> None:
        """Shade, grid lines, and the words at both axes."""
        area = self.area
        if self.shaded_from is not None:
            sheet.rect(Box(self.shaded_from, area.top, area.right, area.bottom), look.SHADE)
        for amount in self.amounts:
            at = self.y(amount)
            color = look.AXIS if amount == 0 else look.GRID
            sheet.line([(area.left, at), (area.right, at)], color, 2)
            middle = at + CAP * look.TEXT / 2
            sheet.text(area.left - 14, middle, axis_money(amount), color=look.SOFT, anchor="end")
        for year in self.years:
            at = self.x(year)
            sheet.line([(at, area.bottom), (at, area.bottom + 8)], look.AXIS, 2)
            below = area.bottom + 19 + CAP * look.TEXT  # clear of a ring on the axis
            sheet.text(at, below, str(year), color=look.SOFT, anchor="middle")
        sheet.line([(area.left, area.bottom), (area.right, area.bottom)], look.AXIS, 2)

    def name_shade(self, sheet: Sheet, word: str, places: Places) -> None:
        """Write on the shaded part what it is."""
        if self.shaded_from is None:
            return
        word = cut(readable(word), look.TEXT, min(WORD_ROOM, self.area.right - self.area.left - 16))
        inside = width(word, look.TEXT) + 20 <= self.area.right - self.shaded_from
        anchor: Anchor = "start" if inside else "end"
        x = self.shaded_from + 10 if inside else self.area.right - 6
        base = self.area.top + 10 + CAP * look.TEXT
        sheet.text(x, base, word, color=look.SOFT, anchor=anchor)
        places.take_words(text_box(x, base, word, look.TEXT, anchor))
