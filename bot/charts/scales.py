"""Scales: from years, dollars and fractions to pixels and words, and where ticks make sense."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.wording import about, money, price, span, token_price

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.charts.model import Claim, Trace

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Scale(Struct, frozen=True):
    """Maps low..high to start..end pixels, evenly or by logarithm."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high = self._level(self.low), self._level(self.high)
        return self.start + (self._level(value) - low) / (high - low) * (self.end - self.start)

    def _level(self, value: float) -> float:
        return math.log10(value) if self.log else value


def dollar_scale(
    amounts: list[float], bottom: float, top: float, log: bool
) -> tuple[Scale, list[float]]:
    """A scale from `bottom` up to `top` that holds the amounts, and its ticks."""
    low, high = min(amounts), max(amounts)
    if not log:
        low, high = min(low, 0.0), max(high, 0.0)
        high = high if high > low else 1.0
        steps = linear_ticks(low, high)
        return Scale(min(low, steps[0]), high * 1.02, bottom, top), steps
    pad = max(0.06, 0.25 - math.log10(high / low) / 2)  # in decades: one amount needs room too
    low, high = low / 10**pad, high * 10**pad
    return Scale(low, high, bottom, top, log=True), log_ticks(low, high)


def linear_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round numbers with even steps, from at or below `low` up to `high`."""
    rough = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


# Yearly declines in the order in which they get their place on a scale of factors.
FACTOR_TICKS = (0.0, 0.9, 0.99, 0.999, -9.0, -99.0, 0.5, -1.0, 0.75, 0.25, -0.5)
TICK_ROOM = 92  # pixels between two of them


def factor_ticks(low: float, high: float, place: Callable[[float], float]) -> list[float]:
    """No change, powers of ten to both sides, and halves between them where there is room."""
    found: list[float] = []
    for tick in FACTOR_TICKS:
        room = all(abs(place(tick) - place(other)) >= TICK_ROOM for other in found)
        if low <= tick <= high and room:
            found.append(tick)
    return sorted(found)


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, every few where there are many; with 2 and 5 between where there are few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first >= 2:
        skip = math.ceil((last - first + 1) / 7)
        return [10.0**n for n in range(last, first - 1, -skip)][::-1]
    within = [float(f"{m * 10.0**n:.6g}") for n in range(first - 1, last + 1) for m in (1, 2, 5)]
    found = [tick for tick in within if low <= tick <= high]
    return found if len(found) > 1 else [t for t in linear_ticks(low, high, 4) if t >= low]


def year_ticks(low: float, high: float, room: float, each: float) -> list[int]:
    """Whole years, as many as have so much room each, at round distances."""
    most = int(room // each) + 1
    span = math.floor(high + 1e-9) - math.ceil(low - 1e-9)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if span / s + 1 <= most), 100)
    first = math.ceil(low - 1e-9)
    aligned = first if step <= 2 else math.ceil(first / step) * step
    return list(range(aligned, math.floor(high + 1e-9) + 1, step)) or [round(low)]


def axis_money(dollars: float) -> str:
    """An amount at an axis, short: $1B, $500, $0.10, $0.001, $10⁻⁸."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if abs(dollars) >= size:
            return f"${dollars / size:,.10g}{letter}"
    if 0 < dollars < 9e-7:
        mantissa, _, exponent = f"{dollars:.3g}".partition("e")
        power = f"10{str(int(exponent)).translate(SUPERSCRIPT)}"
        return f"${power}" if mantissa == "1" else f"${mantissa}×{power}"
    return f"-{price(-dollars)}" if dollars < 0 else price(dollars)


def amount(trace: Trace, dollars: float) -> str:
    """An amount of a line as answers say it: rounded where it is expected, else exactly."""
    if trace.style == "steps":
        return token_price(dollars)
    return money(dollars) if trace.style in {"record", "forecast"} else about(dollars)


def moment(year: float, *, held: bool = False) -> str:
    """A place on the axis in words: '2030', within a year 'November 2029'.

    `held` for the end of steps, whose last day is the one before: there, 2030 is December 2029.
    """
    if year == int(year) and not held:
        return str(int(year))
    start = datetime(int(year), 1, 1)  # noqa: DTZ001  # a place on an axis is in no zone
    day = start + (datetime(start.year + 1, 1, 1) - start) * (year - start.year)  # noqa: DTZ001  # as above
    return f"{day - timedelta(days=held / 2):%B %Y}"


def drawn(trace: Trace) -> tuple[tuple[float, float], ...]:
    """The points that a line is drawn through: of steps each point holds until the next."""
    if trace.style != "steps":
        return trace.points
    corners = ((p, (later[0], p[1])) for p, later in pairwise(trace.points))
    return (*(point for pair in corners for point in pair), *trace.points[-1:])


def figures(claim: Claim) -> str:
    """A row's rates in figures; what was said before them, then what came: '20–30% → 42.8%'."""
    if claim.rates is None:
        return "no annual rate"
    low, _, high = claim.rates
    return f"{span(*claim.said)} → {span(low, high)}" if claim.said else span(low, high)
