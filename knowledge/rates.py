"""Declines, factors, halving times, and claims of every form on one annual scale. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.errors import NumberError

if TYPE_CHECKING:
    from knowledge.records import CostSeries, Estimate


class Rate(Struct, frozen=True):
    """A decline per year as a fraction (0.3 is 30%), or a range of them. Negative is a rise.

    `central` is the middle that a source gives itself.
    """

    low: float
    high: float
    central: float | None = None

    def __post_init__(self) -> None:
        if not (self.low <= self.high < 1):  # also refuses NaN
            raise NumberError("a yearly decline must be below 100%, its low end first")

    @property
    def single(self) -> bool:
        return self.high - self.low < 1e-12

    @property
    def middle(self) -> float:
        """What the source gives, else a range's geometric one: 1 − sqrt((1 − low)(1 − high))."""
        if self.central is not None:
            return self.central
        return 1 - math.sqrt((1 - self.low) * (1 - self.high))


class Decline(Struct, frozen=True):
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
    time of n months 1 − 0.5^(12/n). A range of periods widens the range of rates; the central
    figure takes the longest. Of a rise these numbers are growth, so the rate is below zero:
    2.4 times a year is −1.4.
    """
    longest, shortest = 1.0, 1.0
    if claim.form.startswith("total"):
        if claim.years_low is None or claim.years_high is None:
            return None
        longest, shortest = claim.years_high, claim.years_low
    low, high = sorted((annual(claim, claim.low, longest), annual(claim, claim.high, shortest)))
    central = None if claim.central is None else annual(claim, claim.central, longest)
    return Rate(low, high, central)


def annual(claim: Estimate, amount: float, years: float = 1.0) -> float:
    """One amount of a claim over a period of so many years, as a decline per year."""
    rises = claim.direction == "rise"
    if claim.form == "halving_months":
        change = 1 - (2.0 if rises else 0.5) ** (12 / amount)
    elif claim.form.endswith("factor"):
        change = 1 - (amount if rises else 1 / amount)
    else:
        change = -amount if rises else amount
    return change if years == 1 else compound(change, years)
