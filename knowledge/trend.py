"""Where a cost goes: projections with prediction intervals, crossings and the backtest. Pure.

The method is the geometric random walk with drift of Farmer and Lafond (2016), "How predictable
is technological progress?", Research Policy 45, arXiv:1502.05274: the forecast errors of a
moving-average walk of order one, with their parameter over many technologies, θ = 0.63.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.errors import NumberError

if TYPE_CHECKING:
    from knowledge.rates import Rate
    from knowledge.records import CostSeries

THETA = 0.63
HORIZON = 25  # years after the last row; the interval means nothing further out
DEFAULT_LEVEL = 0.8
MIN_CHANGES = 3  # a spread needs them, and the backtest starts there


class Trend(Struct, frozen=True):
    """A fit: the last row, the drift of ln(cost) per year, its spread K̂, and the m changes."""

    last_year: int
    last_value: float
    drift: float
    spread: float
    changes: int

    @property
    def annual(self) -> float:
        """The drift as a decline per year, a fraction."""
        return -math.expm1(self.drift)


class Projection(Struct, frozen=True):
    """A cost in a future year, in the series' unit.

    For the trend `low` and `high` bound the prediction interval of `level`; for a rate they are
    what the ends of the rate's range give, and `level` is None: no probability is claimed.
    """

    year: int
    median: float
    low: float
    high: float
    level: float | None


class Backtest(Struct, frozen=True):
    """One forecast that could have been made, and what came."""

    origin: int
    projection: Projection
    actual: float

    @property
    def held(self) -> bool:
        return self.projection.low <= self.actual <= self.projection.high

    @property
    def error(self) -> float:
        """Median over actual, minus one: 0.2 is 20% too high."""
        return self.projection.median / self.actual - 1


def fit(series: CostSeries, until: int | None = None) -> Trend:
    """Fit the walk to the rows up to and including `until` (all rows when None).

    μ̂ = (ln c_T − ln c_{T−m})/m and K̂² = Σ(change − μ̂)²/(m − 1).
    Raises NumberError with fewer than three yearly changes.
    """
    points = [p for p in series.points if until is None or p.year <= until]
    m = len(points) - 1
    if m < MIN_CHANGES:
        raise NumberError(
            f"a trend needs at least {MIN_CHANGES} yearly changes; name a rate instead, such as 30%"
        )
    logs = [math.log(p.value) for p in points]
    drift = (logs[-1] - logs[0]) / m
    squares = sum((b - a - drift) ** 2 for a, b in pairwise(logs))
    last = points[-1]
    return Trend(last.year, last.value, drift, math.sqrt(squares / (m - 1)), m)


def spread_at(trend: Trend, tau: int, theta: float = THETA) -> float:
    """Standard deviation of ln(cost) τ years after the last row: K̂·sqrt(A*/(1 + θ²))."""
    return trend.spread * math.sqrt(growth_at(trend, tau, theta) / (1 + theta**2))


def growth_at(trend: Trend, tau: int, theta: float = THETA) -> float:
    """A* = −2θ + (1 + 2(m − 1)θ/m + θ²)(τ + τ²/m): how the variance grows over τ years."""
    m = trend.changes
    return -2 * theta + (1 + 2 * (m - 1) * theta / m + theta**2) * (tau + tau**2 / m)


def project(trend: Trend, year: int, level: float = DEFAULT_LEVEL) -> Projection:
    """The cost in `year` by the trend: median c_T·exp(μ̂τ), interval by Student's t, m − 1 df.

    `level` is the interval's probability, between 0 and 1. Raises NumberError when the year is
    not after the last row or beyond HORIZON.
    """
    tau = horizon(trend.last_year, year)
    if not 0.01 <= level <= 0.999:
        raise NumberError("a level must be between 1% and 99.9%")
    centre = math.log(trend.last_value) + trend.drift * tau
    half = student_t(0.5 + level / 2, trend.changes - 1) * spread_at(trend, tau)
    return Projection(
        year, math.exp(centre), math.exp(centre - half), math.exp(centre + half), level
    )


def project_rate(series: CostSeries, rate: Rate, year: int) -> Projection:
    """The cost in `year` if it falls by `rate` every year from the last row on."""
    tau = horizon(series.last_year, year)
    last = series.points[-1].value
    low, high = last * (1 - rate.high) ** tau, last * (1 - rate.low) ** tau
    return Projection(year, math.sqrt(low) * math.sqrt(high), low, high, None)


def horizon(last_year: int, year: int) -> int:
    """Years from the last row to `year`; NumberError outside 1..HORIZON."""
    tau = year - last_year
    if tau < 1:
        raise NumberError(f"{year} is not after the table's last row, {last_year}")
    if tau > HORIZON:
        raise NumberError(
            f"{year} is too far ahead: projections end in {last_year + HORIZON}, {HORIZON} years"
            " after the last row, because beyond that the interval says nothing"
        )
    return tau


def first_year_below(last_year: int, last_value: float, drift: float, price: float) -> int | None:
    """First calendar year after the last row whose median is at or below `price`.

    `drift` is the change of ln(cost) per year. None when that is never, or beyond HORIZON.
    """
    if drift >= 0:
        return None
    tau = max(1, math.ceil(math.log(price / last_value) / drift - 1e-9))
    return last_year + tau if tau <= HORIZON else None


def recorded_year_below(series: CostSeries, price: float) -> int | None:
    """First recorded year at or below `price`, None when no row is."""
    return next((p.year for p in series.points if p.value <= price), None)


def backtest(series: CostSeries, level: float = DEFAULT_LEVEL) -> tuple[Backtest, ...]:
    """What the trend would have said from each origin year, against the observed rows.

    Origins need three yearly changes before them; rows after `observed_until` never score.
    """
    return tuple(
        Backtest(origin.year, project(fit(series, origin.year), target.year, level), target.value)
        for index, origin in enumerate(series.points)
        if index >= MIN_CHANGES
        for target in series.points[index + 1 :]
        if target.year <= series.observed_until
    )


@lru_cache(maxsize=256)
def student_t(p: float, df: int) -> float:
    """Quantile of Student's t with a whole number of degrees of freedom, for 0.5 <= p < 1.

    Bisection on the finite series of the distribution function (Abramowitz and Stegun, Handbook
    of Mathematical Functions, 26.7.3 and 26.7.4), to 1e-12 of the quantile.
    """
    low, high = 0.0, 1.0
    while _t_two_sided(high, df) < 2 * p - 1:
        high *= 2
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        if _t_two_sided(middle, df) < 2 * p - 1:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _t_two_sided(t: float, df: int) -> float:
    """P(|T| <= t)."""
    angle = math.atan(t / math.sqrt(df))
    cosine = math.cos(angle)
    odd = df % 2
    term = cosine if odd else 1.0
    total = term if df > 1 else 0.0
    for k in range(2 + odd, df - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    if odd:
        return (angle + math.sin(angle) * total) * 2 / math.pi
    return math.sin(angle) * total
