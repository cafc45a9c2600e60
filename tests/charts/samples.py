"""Pictures as the bot draws them, from the post's table and rates like those of its studies."""

from __future__ import annotations

import math

from msgspec.structs import replace

from bot.charts.model import (
    Band,
    Bar,
    Bars,
    Chart,
    Claim,
    Curve,
    Mark,
    Ranges,
    Reference,
    Threshold,
    Trace,
)

COSTS = dict(zip(range(2018, 2026), (1.0, 0.8, 0.5, 0.3, 0.15, 0.08, 0.04, 0.02), strict=True))
SOURCE = "Source: the post of 4 November 2024, illustrative table; 2025 was its forecast"
UNIT = "US dollars per inference"
RECORD = Trace("Post's table", tuple((y, c) for y, c in COSTS.items() if y < 2025))
FORECAST = Trace("Post's forecast", ((2024, 0.04), (2025, 0.02)), "forecast")
QUANTILES = {0.95: 2.447, 0.8: 1.440, 0.5: 0.718}


def basis(name: str, decline: float, years: int = 5) -> Trace:
    points = tuple((2025 + n, 0.02 * (1 - decline) ** n) for n in range(years + 1))
    return Trace(name, points, "projection")


def bands(
    decline: float, years: int = 5, start: tuple[int, float] = (2025, 0.02)
) -> tuple[Band, ...]:
    """Intervals that widen about as those of the trend do."""

    def points(quantile: float) -> tuple[tuple[float, float, float], ...]:
        found = []
        for n in range(years + 1):
            middle, wide = start[1] * (1 - decline) ** n, quantile * 0.21 * (n + n * n / 7) ** 0.5
            low, high = middle * math.exp(-wide), middle * math.exp(wide)
            found.append((start[0] + n, low, high))
        return tuple(found)

    return tuple(Band(level, points(quantile)) for level, quantile in QUANTILES.items())


def series(log: bool) -> Curve:
    return Curve(
        "An AI inference cost 98% less in 2025 than in 2018",
        UNIT,
        SOURCE,
        (RECORD, FORECAST),
        marks=(Mark(2025, 0.02, "$0.02 the post's forecast"),),
        log=log,
        forecast_from=2025,
        forecast_word="forecast",
    )


def fan(log: bool, years: int = 5) -> Curve:
    return Curve(
        "By 2030 an inference may cost about $0.0012",
        f"{UNIT}: the post's table and its trend with 50, 80 and 95% ranges",
        SOURCE,
        (RECORD, FORECAST, basis("Trend", 0.428, years)),
        bands=bands(0.428, years),
        log=log,
        forecast_from=2025,
        forecast_word="forecast and projection",
    )


def bases(log: bool) -> Curve:
    rates = {"Trend": 0.428, "Headline 20–30%": 0.252, "Latest year": 0.5, "Study 5": 0.5}
    span = Band(
        None, tuple((2025 + n, 0.02 * 0.7**n, 0.02 * 0.8**n) for n in range(6)), "Headline 20–30%"
    )
    traces = tuple(basis(name, rate) for name, rate in rates.items())
    return Curve(
        "What an inference costs in 2030 depends on the basis",
        f"{UNIT}, projected on four bases",
        SOURCE,
        (RECORD, FORECAST, *traces),
        bands=(span,),
        log=log,
        forecast_from=2025,
    )


def crossing(log: bool) -> Curve:
    return Curve(
        "Below a tenth of a cent in 2031",
        f"{UNIT}, trend of the post's table, 80% range",
        SOURCE,
        (RECORD, FORECAST, basis("Trend", 0.428, 7)),
        bands=bands(0.428, 7)[1:2],
        marks=(Mark(2031, 0.02 * 0.572**6, "2031: $0.0007, the first year below $0.001"),),
        threshold=Threshold(0.001, "$0.001"),
        log=log,
        forecast_from=2025,
    )


def backtest(log: bool) -> Curve:
    origins = {2021: 0.33, 2022: 0.38, 2023: 0.4}
    lines = tuple(
        Trace(
            f"From {o}", tuple((o + n, COSTS[o] * (1 - r) ** n) for n in range(2025 - o)), "origin"
        )
        for o, r in origins.items()
    )
    held = tuple(
        Band(0.8, bands(r, 2024 - o, (o, COSTS[o]))[1].points, f"From {o}")
        for o, r in origins.items()
    )
    return Curve(
        "Costs fell faster than the trend had said",
        f"{UNIT}: the record, and what its trend said from 2021, 2022 and 2023",
        SOURCE,
        (Trace("What came", RECORD.points), *lines),
        bands=held,
        log=log,
    )


def declines() -> Bars:
    bars = tuple(Bar(str(y), 1 - COSTS[y] / COSTS[y - 1], y == 2025) for y in range(2019, 2026))
    references = (Reference(0.428, 0.428, "42.8% average"), Reference(0.2, 0.3, "headline: 20–30%"))
    title = "Costs fell 42.8% a year on average, faster from 2022"
    return Bars(title, "Decline on the year before", SOURCE, bars, references)


def projected_declines(last: int) -> Bars:
    bars = declines().bars + tuple(Bar(str(y), 0.428, True) for y in range(2026, last + 1))
    return replace(declines(), bars=bars, forecast_word="forecast and projection")


def claims(count: int) -> Ranges:
    rates = ((0.293, 0.405, 0.5), None, (0.206, 0.206, 0.206), (0.163, 0.23, 0.293))
    groups = ("not found", "not found", "found elsewhere", "not found", "found as cited")
    rows = tuple(
        Claim(f"{n} Studies of the cost of inference, volume {n}", groups[n % 5], rates[n % 4])
        for n in range(1, count + 1)
    )
    references = (Reference(0.2, 0.3, "headline 20–30%"), Reference(0.428, 0.428, "table 42.8%"))
    return Ranges("All claims on one scale", "Decline a year", SOURCE, rows, references)


def estimates(marks: bool) -> Ranges:
    """Published estimates on a scale of factors: one by one, or gathered by what they measure."""
    rates = ((0.8, 0.9, 0.999), (-17.0, -6.3, -2.0), (0.134, 0.246, 0.45), (-1.4, -1.4, -1.4))
    rows = tuple(
        Claim(
            f"{n}. How fast the price of what is measured falls, as its authors say, volume {n}",
            f"measure {n % 3}",
            (low, middle, high),
            (("a", low), ("b", middle), ("c", high)) if marks else (),
        )
        for n, (low, middle, high) in enumerate(rates * 3, start=18)
    )
    references = claims(1).references if marks else ()
    return Ranges("On one scale", "Decline a year", SOURCE, rows, references, factors=True)


SAMPLES: dict[str, Chart] = {
    **{f"series {log}": series(log) for log in (True, False)},
    **{f"fan {log}": fan(log) for log in (True, False)},
    **{f"bases {log}": bases(log) for log in (True, False)},
    **{f"crossing {log}": crossing(log) for log in (True, False)},
    **{f"backtest {log}": backtest(log) for log in (True, False)},
    "fan to 2050": fan(True, 25),
    "declines": declines(),
    "declines to 2030": projected_declines(2030),
    "17 claims": claims(17),
    "60 claims": claims(60),
    "estimates": estimates(False),
    "gathered estimates": estimates(True),
}
