"""Sheet: an SVG picture under construction, and the boxes that its text takes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from bot.charts import look
from bot.charts.letters import CAP, DESCENT, FAMILY, fitted, readable, width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.charts.base import Picture

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


class Box(Struct, frozen=True):
    """A rectangle; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """The shared area; 0 for boxes apart."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


def text_box(
    x: float, baseline: float, text: str, size: float, anchor: Anchor = "start", bold: bool = False
) -> Box:
    """The box that a line of text takes."""
    wide = width(text, size, bold)
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
    return Box(left, baseline - CAP * size - 1, left + wide, baseline + DESCENT * size)


class Sheet:
    """Collects SVG elements. Text is made readable and escaped here and nowhere else."""

    def __init__(self, high: float) -> None:
        self.high = round(high)
        self._elements: list[str] = []
        self.rect(Box(0, 0, look.WIDTH, self.high), look.PAPER)

    def add(self, name: str, attributes: dict[str, str | float], content: str = "") -> None:
        said = "".join(f' {k.replace("_", "-")}="{_said(v)}"' for k, v in attributes.items())
        self._elements.append(
            f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"
        )

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float = look.TEXT,
        color: str = look.INK,
        anchor: Anchor = "start",
        bold: bool = False,
        upright: bool = True,
        halo: bool = False,
    ) -> None:
        """Write a line of text; not `upright` it reads upwards. A `halo` lifts it off lines."""
        style: dict[str, str | float] = {"x": x, "y": baseline, "font-size": size, "fill": color}
        if anchor != "start":
            style["text-anchor"] = anchor
        if bold:
            style["font-weight"] = 700
        if not upright:
            style["transform"] = f"rotate(-90 {x:.2f} {baseline:.2f})"
        if halo:
            outline: dict[str, str | float] = {"stroke": look.PAPER, "stroke-width": 8}
            style |= {**outline, "stroke-linejoin": "round", "paint-order": "stroke"}
        if shown := readable(text):
            self.add("text", style, escape(shown, quote=False))

    def rect(self, box: Box, color: str, **more: str | float) -> None:
        wide, high = max(0.0, box.right - box.left), max(0.0, box.bottom - box.top)
        place: dict[str, str | float] = {"x": box.left, "y": box.top, "width": wide, "height": high}
        self.add("rect", {**place, "fill": color, **more})

    def line(self, points: Iterable[Point], color: str, thick: float, **more: str | float) -> None:
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        stroke: dict[str, str | float] = {"fill": "none", "stroke": color, "stroke-width": thick}
        self.add("path", {"d": path, **stroke, "stroke-linejoin": "round", **more})

    def area(self, points: Iterable[Point], color: str, opacity: float) -> None:
        said = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.add("polygon", {"points": said, "fill": color, "fill-opacity": opacity})

    def dot(self, x: float, y: float, radius: float, color: str, **more: str | float) -> None:
        self.add("circle", {"cx": x, "cy": y, "r": radius, "fill": color, **more})

    def svg(self) -> str:
        """The whole picture."""
        size = f'width="{look.WIDTH}" height="{self.high}" viewBox="0 0 {look.WIDTH} {self.high}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FAMILY}" '
        return "".join([head, 'font-weight="500">', *self._elements, "</svg>"])


def _said(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Frame(Struct, frozen=True):
    """Title, subtitle and source, broken into lines, and how high they make what is not chart."""

    title: tuple[float, list[str]]
    subtitle: tuple[float, list[str]]
    source: tuple[float, list[str]]

    @classmethod
    def of(cls, picture: Picture, subtitle: str) -> Frame:
        room = look.WIDTH - 2 * look.MARGIN
        return cls(
            fitted(
                readable(picture.title), ((look.TITLE, 1), (44, 1), (46, 2), (44, 3)), room, True
            ),
            fitted(readable(subtitle), ((look.TEXT, 1), (28, 1), (look.TEXT, 3)), room),
            fitted(readable(picture.source), ((look.SMALL, 1), (24, 1), (look.SMALL, 3)), room),
        )

    @property
    def top(self) -> float:
        """Where the chart may begin."""
        return look.MARGIN + _height(self.title) + 8 + _height(self.subtitle) + 22

    @property
    def foot(self) -> float:
        """How much the source needs at the bottom, with its margins."""
        return _height(self.source) + 26 + 26

    def draw(self, sheet: Sheet) -> None:
        y = float(look.MARGIN)
        sheet.rect(Box(0, 0, look.WIDTH, 10), look.BLUE)
        for line in self.title[1]:
            y += self.title[0] * look.LEADING
            sheet.text(look.MARGIN, y - 10, line, size=self.title[0], bold=True)
        y += 8
        for line in self.subtitle[1]:
            y += self.subtitle[0] * look.LEADING
            sheet.text(look.MARGIN, y - 6, line, size=self.subtitle[0], color=look.SOFT)
        y = sheet.high - 26 - _height(self.source)
        for line in self.source[1]:
            y += self.source[0] * look.LEADING
            sheet.text(look.MARGIN, y - 6, line, size=self.source[0], color=look.SOFT)


def _height(block: tuple[float, list[str]]) -> float:
    size, lines = block
    return size * look.LEADING * len(lines)
