"""What a picture shows, as data: curves over years, bars a year, and ranges on one scale.

Nothing here draws. Money is in US dollars, declines are fractions a year (0.428 is 42.8%).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from bot.charts.base import Cell, Picture, require_finite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST, LEAST = 1e15, 1e-20  # dollars that a scale is made for

Style = Literal["record", "forecast", "projection", "origin", "steps"]


class Trace(Struct, frozen=True):
    """A line of (year, dollars), dashed where not recorded; of steps each holds until the next."""

    name: str
    points: tuple[tuple[float, float], ...]
    style: Style = "record"


class Band(Struct, frozen=True):
    """An area of (year, low, high) which holds the truth with the chance `level`.

    `level` None is a plain range. `trace` names the line whose color it takes.
    """

    level: float | None
    points: tuple[tuple[float, float, float], ...]
    trace: str = ""


class Mark(Struct, frozen=True):
    """A ringed point with words, in place of its amount; left out for want of room if it may be."""

    year: float
    dollars: float
    label: str
    needed: bool = True


class Threshold(Struct, frozen=True):
    """A level line across the chart."""

    dollars: float
    label: str


class Reference(Struct, frozen=True):
    """A rate, or a range of rates, to compare with."""

    low: float
    high: float
    label: str


class Curve(Picture, frozen=True):
    """Dollars over calendar years. From `forecast_from` on, the ground is shaded and says so.

    `subtitle` says the unit; that the scale is logarithmic is added to it.
    ValueError: no point, or an amount that cannot be drawn (on a log scale also zero or less).
    """

    lines: tuple[Trace, ...]
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    threshold: Threshold | None = None
    log: bool = True
    forecast_from: float | None = None
    forecast_word: str = "projection"

    def __post_init__(self) -> None:
        if not any(trace.points for trace in self.lines):
            raise ValueError(f"{self.title!r}: a curve needs a line with a point")
        require_finite(self.title, self.years())
        require_finite(self.title, self.dollars())
        if max(map(abs, self.dollars())) > MOST or (self.log and min(self.dollars()) < LEAST):
            raise ValueError(f"{self.title!r}: amounts are up to $1e15, on a log scale from $1e-20")

    def years(self) -> list[float]:
        """Every year that must be inside the picture."""
        found = [p[0] for t in self.lines for p in t.points]
        found += [p[0] for b in self.bands for p in b.points]
        found += [m.year for m in self.marks]
        if math.ceil(min(found)) > max(found):  # some year's name must be inside
            found.append(math.floor(min(found)))
        return [*found, self.forecast_from] if self.forecast_from is not None else found

    def dollars(self) -> list[float]:
        """Every amount that must be inside the picture."""
        found = [p[1] for t in self.lines for p in t.points]
        found += [amount for b in self.bands for p in b.points for amount in p[1:]]
        found += [m.dollars for m in self.marks]
        return [*found, self.threshold.dollars] if self.threshold else found

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        yield ("what", "name", "year", "dollars", "low", "high")
        for trace in self.lines:
            yield from ((trace.style, trace.name, *point, None, None) for point in trace.points)
        for band in self.bands:
            name = band.trace
            if band.level is not None:
                name = f"{name} {100 * band.level:g}%".strip()
            yield from (("range", name, year, None, *ends) for year, *ends in band.points)
        yield from (("mark", m.label, m.year, m.dollars, None, None) for m in self.marks)
        if self.threshold:
            yield ("threshold", self.threshold.label, None, self.threshold.dollars, None, None)


class Bar(Struct, frozen=True):
    """A fraction (of a decline; below zero where it rose) and what it belongs to."""

    label: str
    fraction: float
    forecast: bool = False


class Bars(Picture, frozen=True):
    """Percentages side by side, in the order given. ValueError: none, or one that isn't finite."""

    bars: tuple[Bar, ...]
    references: tuple[Reference, ...] = ()
    forecast_word: str = "forecast"

    def __post_init__(self) -> None:
        require_finite(self.title, [bar.fraction for bar in self.bars])
        require_finite(self.title, _ends(self.references))

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        yield ("what", "name", "low", "high")
        for bar in self.bars:
            what = self.forecast_word if bar.forecast else "record"
            yield (what, bar.label, bar.fraction, bar.fraction)
        yield from (("reference", r.label, r.low, r.high) for r in self.references)


class Claim(Struct, frozen=True):
    """A row: low, middle and high rate, or None where the claim has no annual rate.

    A row of several claims has `marks`, name and rate of each, and no middle is shown of them.
    `said` is what was said before of what the rates are: low and high.
    """

    label: str
    group: str
    rates: tuple[float, float, float] | None
    marks: tuple[tuple[str, float], ...] = ()
    said: tuple[float, float] | None = None

    def ends(self) -> list[float]:
        """Every rate of it."""
        return [*(self.rates or ()), *(self.said or ()), *(rate for _, rate in self.marks)]


class Ranges(Picture, frozen=True):
    """Claims on one scale of yearly declines, together by group, else in the order given.

    On a scale of `factors` ten times cheaper and ten times dearer lie as far from no change;
    for rates beyond 90% and below zero. ValueError: no claim, or a rate that isn't below 100%.
    """

    claims: tuple[Claim, ...]
    references: tuple[Reference, ...] = ()
    factors: bool = False

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError(f"{self.title!r}: there is nothing to show")
        require_finite(self.title, ends := self.ends())
        if self.factors and max(ends) >= 1:
            raise ValueError(f"{self.title!r}: a decline of 100% is no factor")

    def groups(self) -> dict[str, list[Claim]]:
        """The claims by group, groups in the order in which they first come."""
        found: dict[str, list[Claim]] = {}
        for claim in self.claims:
            found.setdefault(claim.group, []).append(claim)
        return found

    def ends(self) -> list[float]:
        """Every rate that must be inside the picture, no change among them."""
        return [*_ends(self.references), *(end for c in self.claims for end in c.ends())]

    def place(self, rate: float) -> float:
        """Where a rate lies, rising with the decline: itself, or the logarithm of its factor."""
        return -math.log1p(-rate) if self.factors else rate

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        yield ("what", "name", "group", "low", "middle", "high")
        for claim in self.claims:
            low, middle, high = claim.rates or (None, None, None)
            yield ("claim", claim.label, claim.group, low, None if claim.marks else middle, high)
            yield from (("mark", name, claim.label, None, r, None) for name, r in claim.marks)
            if claim.said:
                yield ("said", claim.label, claim.group, claim.said[0], None, claim.said[1])
        yield from (("reference", r.label, "", r.low, None, r.high) for r in self.references)


Chart = Curve | Bars | Ranges


def _ends(references: Iterable[Reference]) -> list[float]:
    return [0.0, *(end for r in references for end in (r.low, r.high))]
