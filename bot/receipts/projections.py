"""Workings of what lies ahead: projections, the year a price is reached, the backtest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, Table, line
from bot.questions.cost import cost_in
from bot.questions.scenarios import scenario
from bot.receipts.claims import rate_of
from bot.receipts.workings import (
    FINE,
    Working,
    at_rate,
    dollars,
    drift,
    equation,
    given,
    interval,
    median,
    number,
    row_table,
    rows,
    step,
)
from bot.values import TREND
from knowledge.trend import DEFAULT_LEVEL, HORIZON, backtest, fit, recorded_year_below

if TYPE_CHECKING:
    from bot.questions.backtest import Backtest
    from bot.questions.project import Project
    from bot.questions.when import When
    from bot.values import Basis
    from knowledge.base import KnowledgeBase


def _ahead(kb: KnowledgeBase, basis: Basis, year: int, level: float | None) -> Working:
    """A future year's cost on a basis."""
    series, chosen = kb.series(), scenario(kb, basis)
    if chosen.rate:
        found, studies = rate_of(kb, basis)
        last = () if basis.kind == "latest" else (rows(series, (series.last_year,)),)
        return Working((*last, *found, *at_rate(series, chosen.rate, year)), studies=studies)
    trend, projected = fit(series), chosen.project(year, level)
    said = dollars(projected.median), wording.about(projected.median)
    return Working(
        (
            row_table(series),
            drift(series, trend),
            median(trend, year, *said),
            *interval(trend, projected, projected.level or DEFAULT_LEVEL),
        ),
        by_trend=True,
    )


def of_project(asked: Project, kb: KnowledgeBase) -> Working:
    basis, year = asked.basis or TREND, asked.years.last
    each = _ahead(kb, basis, year, asked.level)
    if not asked.count:
        return each
    n, projected = asked.count.number, scenario(kb, basis).project(year, asked.level)
    ends = {"Median": projected.median, "Low end": projected.low, "High end": projected.high}
    if projected.level is None:
        ends = {"High": projected.high, "Low": projected.low}
        if projected.high - projected.low < 1e-15:
            ends = {"Cost": projected.median}
    total = tuple(
        equation(f"{name}, in all", f"{given(n)} × {step(v)}", dollars(n * v), wording.about(n * v))
        for name, v in ends.items()
    )
    return Working((*each.blocks, *total), each.by_trend, each.studies)


def of_when(asked: When, kb: KnowledgeBase) -> Working:
    series, price = kb.series(), asked.price
    blocks: list[Block] = []
    if asked.count:
        formula = f"{given(asked.money)}/{given(asked.count.number)}"
        blocks.append(equation("Price of one", formula, f"${step(price)}"))
    if asked.years and asked.years.last > series.last_year:
        ahead = _ahead(kb, asked.basis or TREND, asked.years.last, None)
        against = line(f"Against a price of {wording.price(price)}.")
        return Working((*blocks, *ahead.blocks, against), ahead.by_trend, ahead.studies)
    if asked.years:
        cost = wording.price(cost_in(series, asked.years.last))
        compared = line(f"{cost} against a price of {wording.price(price)}.")
        return Working((*blocks, rows(series, (asked.years.last,)), compared))
    recorded = recorded_year_below(series, price)
    if asked.above or recorded:
        word = "above" if asked.above else "at or below"
        looked = [p.year for p in series.points if asked.above or p.year <= (recorded or 0)]
        which = "Those" if asked.above else "The first"
        found = line(f"{which} {word} {wording.price(price)}.")
        return Working((*blocks, rows(series, looked), found))
    return _crossing(asked, kb, blocks)


def _crossing(asked: When, kb: KnowledgeBase, blocks: list[Block]) -> Working:
    """ln(price/last cost) divided by the yearly change of ln, and rounded up to a whole year."""
    series, basis = kb.series(), asked.basis or TREND
    rate = scenario(kb, basis).rate
    if rate is None:
        trend = fit(series)
        both = rows(series, (series.first_year, series.last_year))
        crossing = _years(kb, asked.price, trend.drift, step(trend.drift, FINE))
        return Working((*blocks, both, drift(series, trend), crossing), by_trend=True)
    found, studies = rate_of(kb, basis)
    ends = dict.fromkeys((rate.high, rate.low))
    last = () if basis.kind == "latest" else (rows(series, (series.last_year,)),)
    crossings = (_years(kb, asked.price, math.log1p(-d), f"ln(1 − {step(d)})") for d in ends)
    return Working((*blocks, *last, *found, *crossings), studies=studies)


def _years(kb: KnowledgeBase, price: float, change: float, said: str) -> Line:
    last = kb.series().points[-1]
    if change >= 0:
        return line("At a decline of 0% it is never reached.")
    years = math.log(price / last.value) / change
    formula = f"ln({step(price)}/{given(last.value)})/({said})"
    whole = max(1, math.ceil(years - 1e-9))
    year = f"{last.year} + {whole} = {last.year + whole}"
    if whole > HORIZON:
        year = f"more than {HORIZON} years, where projections end"
    return line(f"Years = {formula} = {number(years)}; up to a whole year: {year}")


def of_backtest(asked: Backtest, kb: KnowledgeBase) -> Working:
    """The first test in full, and what every other came to."""
    series, tests = kb.series(), backtest(kb.series())
    if asked.years:
        tests = tuple(t for t in tests if t.projection.year in asked.years.all()) or tests
    first = tests[0]
    trend, projected = fit(series, first.origin), first.projection
    fitted = range(trend.last_year - trend.changes, trend.last_year + 1)
    table = Table(
        ("said in", "median", f"{wording.percent(DEFAULT_LEVEL)} interval"),
        tuple(
            (
                f"{t.origin} for {t.projection.year}",
                number(t.projection.median),
                f"{number(t.projection.low)}–{number(t.projection.high)}",
            )
            for t in tests
        ),
    )
    came = line(f"Came: {given(first.actual)}; {'inside' if first.held else 'outside'}.")
    said = dollars(projected.median), wording.about(projected.median)
    return Working(
        (
            table,
            line(f"The first of them, said in {first.origin} for {projected.year}:"),
            rows(series, tuple(fitted)),
            drift(series, trend),
            median(trend, projected.year, *said),
            *interval(trend, projected, DEFAULT_LEVEL),
            came,
        ),
        by_trend=True,
    )
