"""Pictures: a chart as SVG text and as PNG bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts import look
from bot.charts.letters import FILES
from bot.charts.model import Bars, Curve

if TYPE_CHECKING:
    from bot.charts.model import Chart


def svg(chart: Chart) -> str:
    """The picture as SVG, 1200 wide. It names the font that `png` brings along."""
    if isinstance(chart, Curve):
        from bot.charts.curve import curve_svg

        return curve_svg(chart)
    if isinstance(chart, Bars):
        from bot.charts.bars import bars_svg

        return bars_svg(chart)
    from bot.charts.ranges import ranges_svg

    return ranges_svg(chart)


def png(chart: Chart, width: int = look.WIDTH) -> bytes:
    """The picture as PNG, so many pixels wide. Takes a tenth of a second: see `studio`."""
    from resvg_py import svg_to_bytes

    fonts = [str(path) for path in FILES.values()]
    # Fonts of the machine are left out, so that it looks the same everywhere.
    return bytes(
        svg_to_bytes(
            svg_string=svg(chart),
            width=None if width == look.WIDTH else width,
            font_files=fonts,
            skip_system_fonts=True,
        )
    )
