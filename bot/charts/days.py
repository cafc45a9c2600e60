"""Days on a scale of years: each as its year with a fraction, and back."""

from __future__ import annotations

from datetime import date, timedelta


def year_of(day: date) -> float:
    """A day as a year with a fraction."""
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def day_of(year: float) -> date:
    """The day that `year_of` made into a year."""
    start = date(int(year), 1, 1)
    return start + timedelta(round((year - start.year) * (date(start.year + 1, 1, 1) - start).days))
