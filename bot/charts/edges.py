"""Edges: the labels in a column right of a curve's chart, at the height where lines end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.charts import look
from bot.charts.letters import CAP, cut, readable, width, wrap
from bot.charts.places import block_height, spread
from bot.charts.scales import amount
from bot.wording import about, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.charts.ground import Ground
    from bot.charts.model import Band, Curve, Mark, Trace
    from bot.charts.sheet import Sheet

GUTTER = 26  # between chart and column, for the lines that lead to moved labels
WIDEST = 300
GAP = 8  # between labels
SAMPLE = 52  # of a line, before its label
NEAR = 0.02  # of the years shown: a line that ends so near the right edge is labeled there
ROOM_FOR_ALL = 0.25  # of the height: ends of a fan closer than this are told in one label


class Edge(Struct, frozen=True):
    """Lines of text, each bold or not, for what ends at this year and amount.

    A `sample` of the line, its dashes, stands before the text where it is told by them.
    """

    year: float
    dollars: float
    lines: tuple[tuple[str, bool], ...]
    color: str
    sample: Mapping[str, str | float] | None = None

    @property
    def wide(self) -> float:
        return self.indent + max(width(text, look.TEXT, bold) for text, bold in self.lines)

    @property
    def indent(self) -> float:
        return 0.0 if self.sample is None else SAMPLE + 10


def told(curve: Curve) -> list[Trace]:
    """The lines that say what will be, or was expected to be; and those of steps."""
    return [t for t in curve.lines if t.style in {"projection", "origin", "steps"} and t.points]


def edges(
    curve: Curve,
    colors: Mapping[str, str],
    samples: Mapping[str, Mapping[str, str | float]],
) -> list[Edge]:
    """The labels of the lines and the fan that reach the right edge."""
    expected = told(curve)
    if not expected:
        return []
    if len(expected) == 1:
        return list(_fan(curve, expected[0], colors[expected[0].name]))
    named = [*expected, *(t for t in curve.lines if t.style == "record" and t.points)]
    return [
        Edge(*t.points[-1], _named(t.name, _ending(curve, t)), colors[t.name], samples.get(t.name))
        for t in named
        if at_edge(curve, t.points[-1][0])
    ]


def said_at_edge(curve: Curve, mark: Mark) -> bool:
    """Does the label at the edge say all that the mark does? It has its year, or names a step."""
    ends = [t.points[-1] for t in told(curve)]
    at_end = (mark.year, mark.dollars) in ends and at_edge(curve, mark.year)
    whole = mark.label == f"{mark.year:g}" or any(t.style == "steps" for t in told(curve))
    return at_end and len(ends) == 1 and whole


def at_edge(curve: Curve, year: float) -> bool:
    """Is the year at the right edge of the chart?"""
    first, last = min(curve.years()), max(curve.years())
    return last - year <= NEAR * (last - first)


def column_width(labels: Sequence[Edge]) -> float:
    return max(label.wide for label in labels) + GUTTER if labels else 0.0


def _named(name: str, said: str) -> tuple[tuple[str, bool], ...]:
    short = cut(readable(name), look.TEXT, WIDEST, bold=True)
    return ((short, True), (said, False)) if short else ((said, False),)


def _ending(curve: Curve, trace: Trace) -> str:
    """The last amount of a line; both ends of the range in whose middle it runs."""
    year, dollars = trace.points[-1]
    for band in curve.bands:
        if band.level is None and band.trace == trace.name and band.points[-1][0] == year:
            low, high = (about(end) for end in band.points[-1][1:])
            return f"{low}–{high}"
    return amount(trace, dollars)


def _fan(curve: Curve, trace: Trace, color: str) -> Iterator[Edge]:
    """The middle in bold, and both ends of each interval, where there is room between them."""
    year, middle = trace.points[-1]
    if not at_edge(curve, year):
        return
    said = amount(trace, middle)
    if trace.style == "steps":
        words = [mark.label for mark in curve.marks if said_at_edge(curve, mark)] or [said]
        wrapped = wrap(readable(words[0]), look.TEXT, WIDEST, bold=True)
        yield Edge(year, middle, tuple((text, True) for text in wrapped), color)
        return
    if any(said_at_edge(curve, mark) for mark in curve.marks):
        said = f"{year:g}: {said}"
    bands = [b for b in curve.bands if b.level and b.points and b.points[-1][0] == year]
    widest = max(bands, key=lambda b: b.level or 0, default=None)
    if widest and _share(curve, widest) >= ROOM_FOR_ALL:
        yield Edge(year, middle, ((said, True),), color)
        for band in bands:
            for end in band.points[-1][1:]:
                yield Edge(
                    year, end, ((f"{percent(band.level or 0)} {about(end)}", False),), look.SOFT
                )
        return
    lines = [(said, True)]
    usual = next((b for b in bands if b.level == 0.8), widest)
    if usual:
        low, high = (about(end) for end in usual.points[-1][1:])
        lines += [(f"{percent(usual.level or 0)}: {low}", False), (f"to {high}", False)]
    yield Edge(year, middle, tuple(lines), color)


def _share(curve: Curve, band: Band) -> float:
    """The part of the chart's height between the band's last ends."""
    level = math.log10 if curve.log else float
    low, high = (level(end) for end in band.points[-1][1:])
    bottom, top = level(min(curve.dollars())), level(max(curve.dollars()))
    return (high - low) / (top - bottom) if top > bottom else 0.0


def draw_edges(sheet: Sheet, ground: Ground, labels: Sequence[Edge]) -> None:
    """Write the labels as near to their ends as they fit; a thin line leads to a moved one."""
    ordered = sorted(labels, key=lambda e: -e.dollars)
    heights = [block_height(len(e.lines)) + GAP for e in ordered]
    area = ground.area
    while sum(heights) > area.bottom - area.top:  # the tags of lines in the middle go first
        ordered.pop(len(ordered) // 2)
        heights.pop(len(heights) // 2)
    wanted = [ground.y(e.dollars) for e in ordered]
    centers = spread(wanted, heights, area.top, area.bottom + 4)
    for edge, want, center in zip(ordered, wanted, centers, strict=True):
        x = area.right + GUTTER
        if abs(center - want) > 3 or edge.color != look.INK:
            start = ground.x(edge.year) + 8
            path = [(start, want), (area.right + 6, want), (x - 6, center)]
            sheet.line(path, edge.color, 1.5, stroke_opacity=0.6)
        top = center - block_height(len(edge.lines)) / 2
        if edge.sample is not None:
            middle = top + look.TEXT * CAP / 2
            sheet.line([(x, middle), (x + SAMPLE, middle)], edge.color, 5, **edge.sample)
        for i, (text, bold) in enumerate(edge.lines):
            base = top + look.TEXT * (CAP + look.LEADING * i)
            sheet.text(x + edge.indent, base, text, color=edge.color, bold=bold)
