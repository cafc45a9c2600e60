"""Places for labels: beside a point where nothing else is, or spread along an edge."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.charts.letters import CAP, DESCENT, width
from bot.charts.look import LEADING, TEXT
from bot.charts.sheet import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.charts.sheet import Anchor, Point

STEP = 16  # pixels between the small boxes that stand for a line
AIR = 4  # pixels kept free around a label
WORSE = 20  # times as bad as words on a line are words, or a leader, on words
RING = 15  # half the ring around a marked point
LEADER = 56  # pixels from a point at which a line begins to lead to its words
# From a point to its label: right-up first, as most costs fall.
WAYS: tuple[tuple[int, int], ...] = (
    (1, -1), (0, -1), (-1, 1), (0, 1), (1, 1), (-1, -1), (1, 0), (-1, 0),
)  # fmt: skip
# Above a line on the side that it leaves free, so that the amounts along it are one row.
OVER_FALL = ((1, -1), (0, -1))
OVER_RISE = ((-1, -1), (0, -1))
# Left of and under steps that fall, then over them; the rest is for want of room.
UNDER_STEPS = ((-1, 0), (0, -1), (-1, 1), (1, -1), (0, 1), (1, 1), (1, 0), (-1, -1))
ANCHORS: dict[int, Anchor] = {1: "start", 0: "middle", -1: "end"}


class Label(Struct, frozen=True):
    """Lines of text at a place: x by the anchor, y of the first baseline.

    `leader` is the line from the point to words that are far from it, empty for near ones.
    """

    x: float
    y: float
    anchor: Anchor
    lines: tuple[str, ...]
    box: Box
    leader: tuple[Point, ...] = ()
    bold: bool = False


class Places(Struct):
    """What is taken within the room of a chart. The same calls find the same places."""

    room: Box
    taken: list[Box] = field(default_factory=list)
    words: list[Box] = field(default_factory=list)  # of them: what no leader may cross

    def take_line(self, points: Sequence[Point], thick: float = 4) -> None:
        """Keep labels off a line."""
        self.taken.extend(_along(points, thick))

    def take_dot(self, x: float, y: float, radius: float) -> None:
        """Keep labels off a point."""
        self.taken.append(Box(x - radius, y - radius, x + radius, y + radius))

    def take_words(self, box: Box) -> None:
        """Keep labels, and the lines that lead to them, off words."""
        self.taken.append(box)
        self.words.append(box)

    def beside(
        self, x: float, y: float, lines: Sequence[str], *, far: Iterable[float] = (18,),
        ways: Sequence[tuple[int, int]] = WAYS, must: bool = False, bold: bool = False,
    ) -> Label | None:  # fmt: skip
        """The nearest free place beside a point; the least bad one if there must be a label."""
        best, least = None, math.inf
        for distance in far:
            for way in ways:
                label = self._at(x, y, way, distance, tuple(lines), bold)
                cost = self._cost(label)
                if cost < least:
                    best, least = label, cost
                if not cost:
                    break
            if not least:
                break
        if best is None or (least and not must):
            return None
        self.take_words(best.box)
        self.take_line(best.leader, 2)
        return best

    def _cost(self, label: Label) -> float:
        """0 where a label is free to stand; more the more it, or its leader, would cover."""
        box = label.box
        wide = Box(box.left - AIR, box.top - AIR, box.right + AIR, box.bottom + AIR)
        outside = 0.0 if self.room.holds(box) else 1e6
        covered = sum(wide.overlap(other) for other in self.words)
        covered += sum(a.overlap(b) for a in _along(label.leader, 2 * AIR) for b in self.words)
        return outside + WORSE * covered + sum(wide.overlap(other) for other in self.taken)

    def _at(
        self, x: float, y: float, way: tuple[int, int], distance: float, lines: tuple[str, ...],
        bold: bool,
    ) -> Label:  # fmt: skip
        wide = max(width(line, TEXT, bold) for line in lines)
        high = block_height(len(lines))
        side, rise = way
        # At a slant the label may come nearer: its corner, not its edge, faces the point.
        away = distance * (0.75 if side and rise else 1)
        left = x + side * away - {1: 0, 0: wide / 2, -1: wide}[side]
        top = y + {-1: -away - high, 0: -high / 2, 1: away}[rise]
        if rise:  # above or below, it may be pushed aside to stay inside
            left = max(self.room.left + AIR, min(left, self.room.right - AIR - wide))
        box = Box(left, top, left + wide, top + high)
        at = {1: left, 0: left + wide / 2, -1: left + wide}[side]
        leader = _leader(x, y, box) if distance >= LEADER else ()
        return Label(at, top + CAP * TEXT, ANCHORS[side], lines, box, leader, bold)


def _leader(x: float, y: float, box: Box) -> tuple[Point, ...]:
    """From a ring around the point straight, or at a slant, to the nearest edge of its words."""
    near = min(max(x, box.left), box.right)
    edge = box.bottom + 4 if box.bottom < y else box.top - 4
    if abs(edge - y) <= RING:
        return ()
    return (x, y + (RING if edge > y else -RING)), (near, edge)


def _along(points: Sequence[Point], thick: float) -> Iterator[Box]:
    """The small boxes that stand for a line."""
    half = thick / 2 + 1
    for (x0, y0), (x1, y1) in pairwise(points):
        pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / STEP))
        for i in range(pieces):
            xs = sorted(x0 + (x1 - x0) * k / pieces for k in (i, i + 1))
            ys = sorted(y0 + (y1 - y0) * k / pieces for k in (i, i + 1))
            yield Box(xs[0] - half, ys[0] - half, xs[1] + half, ys[1] + half)


def block_height(lines: int, size: float = TEXT) -> float:
    """How high lines of text are, from the first capital's top to the last descender."""
    return size * (CAP + DESCENT + LEADING * (lines - 1))


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Centers as near to the wanted ones as they can be without overlap, within low..high.

    Wanted centers are in ascending order. Where all together don't fit, they run over `high`.
    """
    groups: list[tuple[float, list[int]]] = []  # the top of each run of touching boxes
    for i, center in enumerate(wanted):
        top, members = center - heights[i] / 2, [i]
        while True:
            size = sum(heights[m] for m in members)
            top = max(low, min(top, high - size))
            if not groups or groups[-1][0] + sum(heights[m] for m in groups[-1][1]) <= top:
                break
            members = [*groups.pop()[1], *members]
            top = _balanced(members, wanted, heights)
        groups.append((top, members))
    found = [0.0] * len(wanted)
    for top, members in groups:
        at = top
        for m in members:
            found[m] = at + heights[m] / 2
            at += heights[m]
    return found


def _balanced(members: list[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    """The top at which touching boxes are on average where they want to be."""
    above, tops = 0.0, []
    for m in members:
        tops.append(wanted[m] - heights[m] / 2 - above)
        above += heights[m]
    return sum(tops) / len(tops)
