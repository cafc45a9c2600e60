"""The price of a fixed capability: month by month the cheapest offer that reaches a level. Pure.

The method is that of Epoch AI's and a16z's comparisons: a benchmark's score stands for a
capability, and the price at which that score could be had is followed while models change.
"""

from __future__ import annotations

import calendar
import math
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.errors import NumberError
from knowledge.rates import compound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.market.records import Level, ModelPrice, Score

SHORTEST = 0.5  # years: over less, a yearly rate says more about the days than about the market
MONTHS = 12


class Floor(Struct, frozen=True):
    """The cheapest offer of a month that reaches a level, with its model's highest score.

    `day` is the month's last day; in the month of the data's state it is that day.
    """

    day: date
    price: ModelPrice
    score: float

    @property
    def blended(self) -> float:
        """US dollars per million tokens."""
        return self.price.blended


class Stretch(Struct, frozen=True):
    """How the floor moved between two months."""

    start: Floor
    end: Floor

    @property
    def years(self) -> float:
        return (_month(self.end.day) - _month(self.start.day)) / MONTHS

    @property
    def fold(self) -> float:
        """Times cheaper; below 1 where it grew dearer."""
        return self.start.blended / self.end.blended

    @property
    def annual(self) -> float | None:
        """Compound decline per year, a fraction; None over less than half a year."""
        return compound(1 - 1 / self.fold, self.years) if self.years >= SHORTEST else None


class Line(Struct, frozen=True):
    """A least-squares fit of log price over years: Σ(x − x̄)(y − ȳ), and Σ(x − x̄)²."""

    months: int
    covariance: float
    variance: float

    @property
    def annual(self) -> float:
        """The slope as a decline per year, a fraction."""
        return -math.expm1(self.covariance / self.variance)


class Fall(Struct, frozen=True):
    """The price of a level, one floor a month, oldest first."""

    level: Level
    floors: tuple[Floor, ...]

    @property
    def whole(self) -> Stretch:
        return Stretch(self.floors[0], self.floors[-1])

    @property
    def changes(self) -> tuple[Floor, ...]:
        """The first floor, and each one whose offer or price is not that of the month before."""
        kept: list[Floor] = []
        for floor in self.floors:
            if not kept or _offer(floor) != _offer(kept[-1]):
                kept.append(floor)
        return tuple(kept)

    def at(self, day: date) -> Floor | None:
        """The floor of the month that a day lies in, None outside the months."""
        month = _month(day)
        return next((floor for floor in self.floors if _month(floor.day) == month), None)

    def first_at(self, price: float) -> Floor | None:
        """The first floor at or below so many US dollars per million tokens."""
        return next((floor for floor in self.floors if floor.blended <= price), None)

    def year_end(self, year: int) -> Floor | None:
        """The floor at a calendar year's end, or at the data's state if the year is not over."""
        last = next((floor for floor in reversed(self.floors) if floor.day.year == year), None)
        return last if last and (last.day.month == MONTHS or last is self.floors[-1]) else None

    def since(self, day: date) -> Stretch:
        """From the month of a day to the last. NumberError where there is no floor in it."""
        start = self.at(day)
        if start is None:
            raise NumberError(f"this level has a price from {self.floors[0].day:%Y-%m} on")
        return Stretch(start, self.floors[-1])

    def between(self, first: date, last: date) -> Fall:
        """These months only, from that of one day to that of another.

        Raises NumberError with fewer than two.
        """
        floors = tuple(f for f in self.floors if _month(first) <= _month(f.day) <= _month(last))
        if len(floors) < 2:
            raise NumberError(
                "a price must be known in two months; this level has one from"
                f" {self.floors[0].day:%B %Y} to {self.floors[-1].day:%B %Y}"
            )
        return Fall(self.level, floors)

    def by_year(self) -> tuple[Stretch, ...]:
        """Each calendar year from the end of the one before, the first from the first month.

        The last ends at the data's state.
        """
        years = range(self.floors[0].day.year, self.floors[-1].day.year + 1)
        ends = [floor for year in years if (floor := self.year_end(year))]
        starts = [self.floors[0], *ends]
        return tuple(
            Stretch(start, end) for start, end in zip(starts, ends, strict=False) if start != end
        )

    def trend(self, since: date | None = None) -> float:
        """Decline per year, a fraction: the least-squares slope of log price over the months.

        Raises NumberError with fewer than two months.
        """
        return self.line(since).annual

    def line(self, since: date | None = None) -> Line:
        """The least-squares line of log price over the months, as the sums it follows from."""
        first = _month(since) if since else 0
        points = [
            (_month(floor.day) / MONTHS, math.log(floor.blended))
            for floor in self.floors
            if _month(floor.day) >= first
        ]
        if len(points) < 2:
            raise NumberError("a trend needs at least two months")
        x = math.fsum(year for year, _ in points) / len(points)
        y = math.fsum(log for _, log in points) / len(points)
        return Line(
            len(points),
            math.fsum((year - x) * (log - y) for year, log in points),
            math.fsum((year - x) ** 2 for year, _ in points),
        )


def follow(
    level: Level, prices: Iterable[ModelPrice], scores: Iterable[Score], as_of: date
) -> Fall:
    """The cheapest offer of each month, by its last day, among models that reach the level.

    A model reaches it with its highest score, from the day on that this score counts. Ties go to
    the earlier `valid_from`, then by the names of provider and model. Prices and scores of other
    models, and of other benchmarks, do not matter.
    Raises NumberError where no model ever reached the level.
    """
    offers = sorted(prices, key=lambda p: (p.blended, p.valid_from, p.provider, p.model))
    counting = _counting(level, offers, scores)
    last = _month(as_of)
    cheapest: dict[int, ModelPrice] = {}
    for offer in offers:
        since = [day for day, score in counting.get(offer.model, ()) if score >= level.threshold]
        if since:
            begins = _month(max(offer.valid_from, min(since)))
            # a price that ends within a month is not in force on its last day
            ends = last if offer.valid_to is None else _month(offer.valid_to) - 1
            for month in range(begins, ends + 1):
                cheapest.setdefault(month, offer)
    if not cheapest:
        raise NumberError(f"no model in the table reaches {level.benchmark} {level.threshold:g}")
    return Fall(
        level,
        tuple(
            Floor(day, offer, max(s for counts, s in counting[offer.model] if counts <= day))
            for month, offer in sorted(cheapest.items())
            for day in [min(_last_day(month), as_of)]
        ),
    )


def _counting(
    level: Level, offers: Sequence[ModelPrice], scores: Iterable[Score]
) -> dict[str, list[tuple[date, float]]]:
    """Each model's scores on the level's benchmark with the day they count from."""
    first: dict[str, date] = {}
    for offer in offers:
        first[offer.model] = min(offer.valid_from, first.get(offer.model, offer.valid_from))
    counting: dict[str, list[tuple[date, float]]] = {}
    for score in scores:
        if score.benchmark == level.benchmark and score.model in first:
            day = score.counts_from or first[score.model]
            counting.setdefault(score.model, []).append((day, score.score))
    return counting


def _offer(floor: Floor) -> tuple[str, str, float, float]:
    price = floor.price
    return price.provider, price.model, price.input, price.output


def _month(day: date) -> int:
    """Months count on from the year 0."""
    return day.year * MONTHS + day.month - 1


def _last_day(month: int) -> date:
    year, index = divmod(month, MONTHS)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])
