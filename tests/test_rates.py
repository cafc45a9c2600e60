"""Declines, claims of every form on one scale, and their inverses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.build import DATA
from knowledge.errors import NumberError
from knowledge.load import load
from knowledge.rates import (
    Rate,
    accumulate,
    annualise,
    compound,
    decline,
    halving_years,
    yearly_declines,
)
from knowledge.records import ClaimForm, Estimate

POST = load(DATA).series[0]


def claim(form: ClaimForm, low: float, high: float, *years: float) -> Estimate:
    ends = (years[0], years[-1]) if years else (None, None)
    return Estimate(form, low, high, "words", "costs", *ends)


@pytest.mark.parametrize(
    ("start", "end", "total", "factor", "annual"),
    [
        (2018, 2025, 0.98, 50, 0.4281396),
        (2022, 2023, 7 / 15, 1.875, 7 / 15),  # the post prints 47%
        (2020, 2024, 0.92, 12.5, 0.4681704),
        (2019, 2023, 0.9, 10, 0.4376587),
    ],
)
def test_declines_between_years(
    start: int, end: int, total: float, factor: float, annual: float
) -> None:
    """Total, factor and annual decline are computed from the rows: 98%, 50x, 42.8% for all."""
    found = decline(POST, start, end)
    assert (found.total, found.factor) == pytest.approx((total, factor))
    assert found.annual == pytest.approx(annual, abs=5e-7)


def test_yearly_declines() -> None:
    """Each year's decline on the year before: computed, so 46.7% where the post prints 47%."""
    found = [round(100 * each.total, 1) for each in yearly_declines(POST)]
    assert found == [20.0, 37.5, 40.0, 50.0, 46.7, 50.0, 50.0]
    costs = np.array([point.value for point in POST.points])
    assert [each.total for each in yearly_declines(POST)] == pytest.approx(
        1 - costs[1:] / costs[:-1]
    )


@pytest.mark.parametrize(("start", "end"), [(2017, 2020), (2018, 2026), (2021, 2021), (2022, 2019)])
def test_no_decline_outside_the_table_or_backwards(start: int, end: int) -> None:
    """What the table does not hold is an error for the asker, never a number."""
    with pytest.raises(NumberError):
        decline(POST, start, end)


@pytest.mark.parametrize(
    ("made", "low", "high"),
    [
        (claim("annual_decline", 0.2, 0.3), 0.2, 0.3),
        (claim("annual_decline", 0.5, 0.5), 0.5, 0.5),
        (claim("annual_factor", 2, 10), 0.5, 0.9),
        (claim("total_factor", 2, 2, 1, 2), 1 - 2**-0.5, 0.5),  # 2x every 1-2 years: 29.3-50%
        (claim("total_factor", 2, 4, 2), 1 - 2**-0.5, 0.5),  # 2-4x every 2 years: 29.3-50%
        (claim("total_decline", 0.3, 0.5, 2), 1 - 0.7**0.5, 1 - 0.5**0.5),  # 16.3-29.3%
        (claim("total_decline", 0.5, 0.5, 3), 1 - 0.5 ** (1 / 3), 1 - 0.5 ** (1 / 3)),  # 20.6%
        (claim("halving_months", 12, 12), 0.5, 0.5),
        (claim("halving_months", 6, 24), 1 - 0.5**0.5, 0.75),
    ],
)
def test_every_form_of_claim_becomes_annual(made: Estimate, low: float, high: float) -> None:
    """Each form has one annual rate, its smaller end first."""
    rate = annualise(made)
    assert rate is not None
    assert (rate.low, rate.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    "made",
    [claim("total_decline", 0.4, 0.4), claim("total_factor", 2, 2)],
    ids=lambda made: made.form,
)
def test_a_total_without_a_period_has_no_annual_rate(made: Estimate) -> None:
    """A claim that names no period is never given one."""
    assert annualise(made) is None


@pytest.mark.parametrize(
    ("annual", "years"),
    [(0.5, 1), (1 - 0.5**0.5, 2), (0.4281396, 1.240287), (0.75, 0.5), (0.1, 6.57881)],
)
def test_halving_time(annual: float, years: float) -> None:
    """ln 2 over −ln(1 − d), in years."""
    assert halving_years(annual) == pytest.approx(years, rel=1e-5)
    assert (1 - annual) ** halving_years(annual) == pytest.approx(0.5)


@given(st.floats(-3, 0.95), st.floats(0.5, 40))
def test_compounding_and_accumulating_are_inverse(total: float, years: float) -> None:
    """A total spread over a period and gathered again is the same total, rises included."""
    assert 1 - accumulate(compound(total, years), years) == pytest.approx(1 - total, rel=1e-9)


@given(st.floats(0.01, 0.9), st.floats(0.25, 5))
def test_forms_of_one_decline_agree(annual: float, years: float) -> None:
    """The same decline said as a rate, a factor, a halving time or a total is one annual rate."""
    left, total = 1 - annual, accumulate(annual, years)
    for made in (
        claim("annual_decline", annual, annual),
        claim("annual_factor", 1 / left, 1 / left),
        claim("halving_months", 12 * halving_years(annual), 12 * halving_years(annual)),
        claim("total_decline", total, total, years),
        claim("total_factor", 1 / (1 - total), 1 / (1 - total), years),
    ):
        rate = annualise(made)
        assert rate is not None
        assert (rate.low, rate.high) == pytest.approx((annual, annual), rel=1e-6)


@given(st.floats(-2, 0.98), st.floats(0, 0.5))
def test_middle_of_a_range(low: float, width: float) -> None:
    """A range's middle is geometric: as many times cheaper than the low end as the high end is."""
    rate = Rate(low, min(low + width, 0.99))
    assert rate.low - 1e-9 <= rate.middle <= rate.high + 1e-9
    assert (1 - rate.middle) ** 2 == pytest.approx((1 - rate.low) * (1 - rate.high))
    assert rate.single == (rate.high - rate.low < 1e-12)


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (Rate, (0.3, 0.2)),
        (Rate, (0.5, 1.0)),
        (Rate, (math.nan, math.nan)),
        (compound, (0.5, 0)),
        (compound, (0.5, -1)),
        (compound, (0.5, math.nan)),
        (compound, (1.0, 2)),
        (compound, (math.nan, 2)),
        (accumulate, (1.0, 2)),
        (accumulate, (math.nan, 2)),
        (halving_years, (0.0,)),
        (halving_years, (-0.1,)),
        (halving_years, (1.0,)),
        (halving_years, (math.nan,)),
    ],
)
def test_impossible_rates_are_refused(function: object, values: tuple[float, ...]) -> None:
    """100% and more, reversed ranges, empty periods and NaN end in an error, not in a number."""
    assert callable(function)
    with pytest.raises(NumberError):
        function(*values)
