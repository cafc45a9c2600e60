"""Declines, factors, halving times, and claims of every form on one annual scale. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.errors import NumberError

if TYPE_CHECKING:
    from knowledge.records import CostSeries, Estimate


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A decline per year as a fraction (0.3 is 30%), or a range of them. Negative is a rise."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.low <= self.high < 1):  # also refuses NaN
            raise NumberError("a yearly decline must be below 100%, its low end first")

    @property
    def single(self) -> bool:
        return self.high - self.low < 1e-12

    @property
    def middle(self) -> float:
        """Geometric middle of a range: 1 − sqrt((1 − low)(1 − high))."""
        return 1 - math.sqrt((1 - self.low) * (1 - self.high))


@dataclass(frozen=True, slots=True)
class Decline:
    """How a cost fell between two years: `total` and `annual` fractions, `factor` old/new."""

    start: int
    end: int
    before: float
    after: float

    @property
    def total(self) -> float:
        return 1 - self.after / self.before

    @property
    def factor(self) -> float:
        return self.before / self.after

    @property
    def annual(self) -> float:
        """Compound decline per year: 1 − (after/before)^(1/years)."""
        return compound(self.total, self.end - self.start)


def decline(series: CostSeries, start: int, end: int) -> Decline:
    """The decline between two recorded years, `start` before `end`.

    Raises NumberError when a year has no row or the years are not in order.
    """
    before, after = series.at(start), series.at(end)
    if before is None or after is None:
        raise NumberError(f"the table runs from {series.first_year} to {series.last_year}")
    if start >= end:
        raise NumberError("the first year must come before the second")
    return Decline(start, end, before, after)


def yearly_declines(series: CostSeries) -> tuple[Decline, ...]:
    """Each row against the one before it; one fewer than there are rows."""
    return tuple(decline(series, p.year - 1, p.year) for p in series.points[1:])


def compound(total: float, years: float) -> float:
    """Total decline over a period → decline per year: 1 − (1 − total)^(1/years)."""
    if not years > 0:
        raise NumberError("a period must be longer than zero")
    if not total < 1:
        raise NumberError("a decline must be below 100%")
    return float(1 - (1 - total) ** (1 / years))


def accumulate(annual: float, years: float) -> float:
    """Decline per year → total decline over a period; the inverse of `compound`."""
    if not annual < 1:
        raise NumberError("a decline must be below 100%")
    return float(1 - (1 - annual) ** years)


def halving_years(annual: float) -> float:
    """Years until the cost is half, at a yearly decline: ln 2 / −ln(1 − d).

    Raises NumberError when the cost does not fall.
    """
    if not 0 < annual < 1:
        raise NumberError("a cost halves only at a yearly decline above 0% and below 100%")
    return math.log(2) / -math.log1p(-annual)


def annualise(claim: Estimate) -> Rate | None:
    """The claim as a decline per year, or None where it is a total that names no period.

    Factors F over n years become 1 − F^(−1/n), totals r become 1 − (1 − r)^(1/n), and a halving
    time of n months 1 − 0.5^(12/n). A range of periods widens the range of rates.
    """
    if claim.form == "annual_decline":
        return Rate(claim.low, claim.high)
    if claim.form == "annual_factor":
        return Rate(1 - 1 / claim.low, 1 - 1 / claim.high)
    if claim.form == "halving_months":
        return Rate(1 - 0.5 ** (12 / claim.high), 1 - 0.5 ** (12 / claim.low))
    if claim.years_low is None or claim.years_high is None:
        return None
    low, high = claim.low, claim.high
    if claim.form == "total_factor":
        low, high = 1 - 1 / low, 1 - 1 / high
    return Rate(compound(low, claim.years_high), compound(high, claim.years_low))
