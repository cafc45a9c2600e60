"""Projections, their intervals and the backtest, against pins and an independent computation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import stats

from knowledge.build import DATA
from knowledge.errors import NumberError
from knowledge.load import load
from knowledge.rates import Rate, compound
from knowledge.records import CostSeries, Point
from knowledge.trend import (
    HORIZON,
    THETA,
    Projection,
    backtest,
    first_year_below,
    fit,
    project,
    project_rate,
    recorded_year_below,
    spread_at,
    student_t,
)

POST = load(DATA).series[0]
VALUES = st.lists(st.floats(0.1, 10), min_size=4, max_size=12)  # wilder ones overflow in 25 years


def series(values: list[float]) -> CostSeries:
    points = tuple(Point(2000 + index, value) for index, value in enumerate(values))
    return replace(POST, points=points, observed_until=points[-1].year)


@pytest.mark.parametrize(
    ("year", "level", "median", "low", "high"),
    [
        (2026, 0.8, 0.0114372, 0.008768, 0.01492),
        (2026, 0.95, 0.0114372, 0.007280, 0.01797),
        (2030, 0.8, 0.00122315, 0.0004741, 0.003156),
        (2030, 0.95, 0.00122315, 0.0002443, 0.006124),
    ],
)
def test_projection_pins(year: int, level: float, median: float, low: float, high: float) -> None:
    """The post's table, by the default method: pinned, because everyone is told these numbers."""
    found = project(fit(POST), year, level)
    assert found.median == pytest.approx(median, rel=5e-6)
    assert (found.low, found.high) == pytest.approx((low, high), rel=5e-4)
    assert (found.year, found.level) == (year, level)


def test_without_theta_the_interval_would_be_far_narrower() -> None:
    """θ matters: at 0 the 95% interval for 2030 is 0.0003514 to 0.004257."""
    trend = fit(POST)
    half = student_t(0.975, trend.changes - 1) * spread_at(trend, 5, theta=0)
    centre = math.log(trend.last_value) + 5 * trend.drift
    ends = math.exp(centre - half), math.exp(centre + half)
    assert ends == pytest.approx((0.0003514, 0.004257), rel=5e-4)


def by_weights(values: list[float], tau: int, level: float) -> tuple[float, float, float]:
    """The same projection from the noise up, by numpy and scipy.

    Changes are drift + v(t) + θ·v(t−1). The forecast's error is the sum of the next τ noises less
    τ/m times the sum of the m seen; its variance is the sum of the squared weights of the v.
    """
    changes = np.diff(np.log(values))
    m = len(changes)
    weights = np.zeros(m + tau + 1)
    for t, share in enumerate([-tau / m] * m + [1.0] * tau, start=1):
        weights[t] += share
        weights[t - 1] += THETA * share
    spread = np.std(changes, ddof=1) * math.sqrt((weights**2).sum() / (1 + THETA**2))
    half = stats.t.ppf(0.5 + level / 2, m - 1) * spread
    centre = math.log(values[-1]) + tau * changes.mean()
    return math.exp(centre), math.exp(centre - half), math.exp(centre + half)


@given(VALUES, st.integers(1, HORIZON), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_projection_against_an_independent_one(values: list[float], tau: int, level: float) -> None:
    """The closed form of the paper equals the variance summed weight by weight."""
    trend = fit(series(values))
    found = project(trend, trend.last_year + tau, level)
    wanted = np.log(by_weights(values, tau, level))
    assert np.log([found.median, found.low, found.high]) == pytest.approx(
        wanted, rel=1e-8, abs=1e-8
    )


@given(VALUES, st.floats(1e-3, 1e3), st.integers(1, HORIZON))
def test_scaling_the_series_scales_the_projection(values: list[float], by: float, tau: int) -> None:
    """A unit is only a unit: costs in cents project to the same dollars."""
    plain, scaled = fit(series(values)), fit(series([value * by for value in values]))
    one, other = (project(trend, trend.last_year + tau) for trend in (plain, scaled))
    for name in ("median", "low", "high"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) * by, rel=1e-6)


@given(VALUES, st.integers(1, HORIZON - 1), st.floats(0.05, 0.95))
def test_a_longer_horizon_never_narrows_the_interval(
    values: list[float], tau: int, level: float
) -> None:
    """Further out is less certain: high/low never falls."""
    trend = fit(series(values))
    near, far = (project(trend, trend.last_year + tau + more, level) for more in (0, 1))
    assert width(far) >= width(near) * (1 - 1e-9)


@given(st.floats(0, 0.9), st.floats(0, 0.09), st.integers(1, HORIZON - 1))
def test_a_longer_horizon_never_narrows_a_range(low: float, more: float, tau: int) -> None:
    """The same for a range of rates, whose median is its geometric middle."""
    rate = Rate(low, low + more)
    near, far = (project_rate(POST, rate, 2025 + tau + later) for later in (0, 1))
    assert width(far) >= width(near) * (1 - 1e-9)
    assert near.median == pytest.approx(0.02 * (1 - rate.middle) ** tau)


def width(found: Projection) -> float:
    return found.high / found.low


@given(VALUES, st.floats(0.05, 0.94))
def test_a_higher_level_never_narrows_the_interval(values: list[float], level: float) -> None:
    """More certainty needs more room, around the same median."""
    trend = fit(series(values))
    one, other = (project(trend, trend.last_year + 3, each) for each in (level, level + 0.05))
    assert one.median == other.median
    assert other.low <= one.low <= one.median <= one.high <= other.high


def test_the_trend_falls_as_the_table_does() -> None:
    """The drift is the table's mean annual decline, 42.8%: the two are never told apart."""
    found = fit(POST)
    assert found.annual == pytest.approx(compound(0.98, 7))
    assert (found.last_year, found.last_value, found.changes) == (2025, 0.02, 7)
    assert (found.drift, found.spread) == pytest.approx((-0.5588604, 0.1741036))
    assert fit(POST, until=2021) == fit(replace(POST, points=POST.points[:4], observed_until=2021))


@pytest.mark.parametrize(
    ("rate", "year", "low", "median", "high"),
    [
        (Rate(0.2, 0.3), 2030, 0.0033614, 0.02 * 0.56**2.5, 0.0065536),  # the headline
        (Rate(0.5, 0.5), 2030, 0.000625, 0.000625, 0.000625),
        (Rate(-1.0, -1.0), 2027, 0.08, 0.08, 0.08),  # a rise: doubling every year
    ],
)
def test_projection_by_a_rate(
    rate: Rate, year: int, low: float, median: float, high: float
) -> None:
    """A rate compounds from the last row; a range stays a range, and no probability is claimed."""
    found = project_rate(POST, rate, year)
    assert (found.low, found.median, found.high) == pytest.approx((low, median, high))
    assert found.level is None


@pytest.mark.parametrize("year", [2025, 2018, -1, 2025 + HORIZON + 1, 10**9])
def test_no_projection_into_the_past_or_beyond_the_horizon(year: int) -> None:
    """Up to 25 years after the last row; outside, the answer says why not."""
    with pytest.raises(NumberError, match=str(year)):
        project(fit(POST), year)
    with pytest.raises(NumberError, match=str(year)):
        project_rate(POST, Rate(0, 0), year)
    assert project(fit(POST), 2025 + HORIZON).median > 0


@pytest.mark.parametrize("level", [0, -0.5, 1, 1.5, 95, math.nan, math.inf])
def test_impossible_levels_are_refused(level: float) -> None:
    """A level is a probability between 1% and 99.9%."""
    with pytest.raises(NumberError):
        project(fit(POST), 2030, level)


def test_a_trend_needs_three_changes() -> None:
    """Two changes show no spread: an error, not an interval."""
    with pytest.raises(NumberError, match="3"):
        fit(POST, until=2020)


@pytest.mark.parametrize(
    ("price", "year"),
    [
        (0.0115, 2026),
        (0.01, 2027),
        (0.001, 2031),
        (0.0114373, 2026),
        (0.0114372, 2027),
        (1e-12, None),
    ],
)
def test_first_year_below(price: float, year: int | None) -> None:
    """The first calendar year whose median is at or below the price; None beyond the horizon."""
    trend = fit(POST)
    found = first_year_below(trend.last_year, trend.last_value, trend.drift, price)
    assert found == year
    if year is not None and year > 2026:
        assert project(trend, year).median <= price < project(trend, year - 1).median


def test_a_rising_or_level_cost_never_gets_below() -> None:
    """Without a fall there is no such year."""
    assert [first_year_below(2025, 0.02, drift, 0.01) for drift in (0.0, 0.1)] == [None, None]


@pytest.mark.parametrize(
    ("price", "year"),
    [(1, 2018), (0.99, 2019), (0.30, 2021), (0.29, 2022), (0.02, 2025), (0.01, None)],
)
def test_recorded_year_below(price: float, year: int | None) -> None:
    """Where the table itself crosses, it is the recorded year."""
    assert recorded_year_below(POST, price) == year


def test_backtest() -> None:
    """Origins with three changes before them, every later observed year, never the 2025 forecast.

    Pinned: the answer quotes how often the interval held.
    """
    found = backtest(POST)
    years = [(each.origin, each.projection.year) for each in found]
    assert years == [
        (2021, 2022),
        (2021, 2023),
        (2021, 2024),
        (2022, 2023),
        (2022, 2024),
        (2023, 2024),
    ]
    assert all(each.held for each in found)
    assert [round(each.error, 3) for each in found] == [0.339, 0.681, 1.25, 0.167, 0.452, 0.207]
    for each in found:
        known = [point.value for point in POST.points if point.year <= each.origin]
        wanted = by_weights(known, each.projection.year - each.origin, 0.8)
        got = (each.projection.median, each.projection.low, each.projection.high)
        assert got == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 6, 7, 12, 29, 100])
def test_student_t(df: int) -> None:
    """Our quantile is scipy's, for odd and even degrees of freedom, far into the tail."""
    for p in (0.5, 0.505, 0.75, 0.9, 0.95, 0.975, 0.9995):
        assert student_t(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-9)
