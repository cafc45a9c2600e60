"""Outcomes: what became of a rate that was said, at the price of each level of capability. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from knowledge.market.capability import MONTHS, Stretch
from knowledge.rates import Rate, compound
from knowledge.records import CostSeries, Point
from knowledge.trend import DEFAULT_LEVEL, fit, project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from knowledge.market.capability import Fall
    from knowledge.market.records import Level
    from knowledge.records import Study

Verdict = Literal["faster", "slower", "within"]
SAME = 0.0005  # yearly declines that are closer are said alike


class Outcome(Struct, frozen=True):
    """How fast a level got cheaper over a stretch, a fraction a year."""

    level: Level
    stretch: Stretch
    annual: float

    def than(self, said: Rate, *, at_least: bool = False) -> Verdict:
        """Whether it fell faster or slower than was said, or within that."""
        if self.annual < said.low - SAME:
            return "slower"
        return "within" if at_least or self.annual <= said.high + SAME else "faster"


def outcomes(falls: Iterable[Fall], start: date, end: date | None = None) -> tuple[Outcome, ...]:
    """What every level did from the month of one day to that of another, or to the last.

    Levels without a price in either month are left out, and so is less than half a year.
    """
    found = []
    for fall in falls:
        first, last = fall.at(start), fall.at(end) if end else fall.floors[-1]
        if first and last and first.day < last.day:
            stretch = Stretch(first, last)
            if stretch.annual is not None:
                found.append(Outcome(fall.level, stretch, stretch.annual))
    return tuple(found)


def is_forecast(study: Study) -> bool:
    """Whether it says what will be: its period ends in a year after that of publication."""
    return any(e.period_end and int(e.period_end[:4]) > study.year for e in study.estimates)


def yearly(fall: Fall) -> CostSeries:
    """The prices of a level at the ends of calendar years that are over, as a series of costs."""
    points = tuple(
        Point(floor.day.year, floor.blended) for floor in fall.floors if floor.day.month == MONTHS
    )
    return CostSeries(
        id=fall.level.id,
        title=fall.level.title,
        unit="USD per million tokens",
        workload="inference",
        aliases=(),
        source_id="",
        observed_until=points[-1].year,
        note="",
        points=points,
    )


def said_by_trend(
    series: CostSeries, origin: int, until: int, level: float = DEFAULT_LEVEL
) -> Rate:
    """What the trend of the rows up to an origin said of the years until another, a year.

    Its middle is the median's rate, its ends are those of the prediction interval of `level`.
    Raises NumberError with fewer than three yearly changes.
    """
    trend = fit(series, origin)
    projected = project(trend, until, level)
    high, low, central = (
        compound(1 - cost / trend.last_value, until - origin)
        for cost in (projected.low, projected.high, projected.median)
    )
    return Rate(low, high, central)
