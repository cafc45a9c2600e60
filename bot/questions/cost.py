"""What inference cost in a year or several, for one call or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Table, line
from bot.calendar import YEARS
from bot.manner import CHEAPEST, Extreme
from bot.names import TRAINING
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.table import (
    ahead,
    called,
    forecast_row,
    of_the_post,
    per,
    same,
    the_table,
    things,
)
from bot.questions.training import no_training_figure
from bot.slots import COUNT
from bot.values import Count, Years
from knowledge.errors import NumberError
from knowledge.rates import decline
from knowledge.trend import fit, project

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries

MONEY_WORDS = """
    cost, price, how much, expensive, pricing, charge, pay, spend, figure, table, per inference,
    per call, dollar, dollars, bill, was it, does it run, how low, how cheap, how high, set me back
"""
MOST_CALLS = 1e15
PER_YEAR = {"hour": 24 * 365, "day": 365, "week": 365 / 7, "month": 12, "year": 1}
PER_YEAR |= {"second": 86_400 * 365, "minute": 1_440 * 365}


def cost_in(series: CostSeries, year: int) -> float:
    """The recorded cost, or after the last row the trend's median. NumberError before the first."""
    recorded = series.at(year)
    if recorded is not None:
        return recorded
    if year < series.first_year:
        raise NumberError(
            f"there is no figure for {year}: {called(series)} starts in {series.first_year}"
        )
    return project(fit(series), year).median


class Cost(Question):
    command = "cost"
    usage = "[year | a-b] [N calls]"
    summary = "what an inference cost in a year, or a table of years"
    cues = (MONEY_WORDS,)
    bare = ("years", "count", "cheapest", "series")
    charted = True
    examples = (
        "/cost 2023",
        "cost in 2019",
        "what was the price of an inference in 2022?",
        "price per call, 2020",
        "/cost 2019-2022",
        "all the years in one table",
        "1M calls in 2024",
        "what would 20k queries have cost in 2021?",
        "in what year was it cheapest",
    )

    years: Years | None = slot(YEARS, default=None)
    count: Count | None = slot(COUNT, default=None)
    cheapest: Extreme | None = slot(CHEAPEST, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)
    series: str | None = slot(SERIES, default=None)

    def times(self, number: float) -> Self | None:
        count = self.count and self.count.times(number)
        return replace(self, count=count) if count else None

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.training:
            return no_training_figure(kb)
        kb = self.computed_from(kb)
        series = kb.series()
        if self.cheapest:
            return _extreme(kb, self.cheapest)
        if self.count and not 0 < self.count.number <= MOST_CALLS:
            raise NumberError("a number of calls must be above zero, and at most a quadrillion")
        years = self.years
        if years is None:
            years = Years((series.first_year, series.last_year), span=True)
        if len(years.all()) == 1:
            return _one(kb, years.first, self.count)
        return _several(kb, years, self.count)


def _one(kb: KnowledgeBase, year: int, count: Count | None) -> Answer:
    series = kb.series()
    each = cost_in(series, year)
    blocks: list[Block] = []
    headline = f"{year}: {wording.money(each)} {per(series)}"
    figures = [Figure(f"cost.{year}", each, "USD")]
    if count:
        total = count.number * each
        headline = f"{volume(series, count)} in {year}: {wording.money(total)}{_each_time(count)}"
        figures.append(Figure("total", total, "USD"))
        blocks.append(line(_at_each(each, total, count)))
    if year > series.first_year:
        change = decline(series, year - 1, year)
        blocks.append(
            line(
                f"{wording.less(change.total)} than in {year - 1} ({wording.money(change.before)})."
            )
            if not count
            else line(f"The year before, each cost {wording.money(change.before)}.")
        )
    if remark := forecast_row(kb, year):
        blocks.append(remark)
    near = _near(series, year, count)
    if not count and of_the_post(series) and (measured := _market(kb, year)):
        blocks.append(measured)
        near = (*near, Choice(f"Market {year}", f"/price models {year}"))
    return Answer(headline, tuple(blocks), the_table(kb), tuple(figures), near)


def _market(kb: KnowledgeBase, year: int) -> Line | None:
    """What the market asked for a fixed capability at a year's end: it measures something else."""
    floor = kb.market.year_end(year)
    if floor is None:
        return None
    return line(
        f"The market, another measure: {wording.price(floor.blended)} per million tokens at GPT-4"
        f" level at the end of {year} (list price): /price models {year}",
        detail=True,
    )


def volume(series: CostSeries, count: Count) -> str:
    return things(series, count.number) + (f" a {count.per}" if count.per else "")


def _each_time(count: Count) -> str:
    return f" a {count.per}" if count.per else ""


def _at_each(each: float, total: float, count: Count) -> str:
    said = f"At {wording.money(each)} each"
    if count.per and count.per != "year":
        said += f"; {wording.money(round(total * PER_YEAR[count.per], 2))} a year"
    return f"{said}."


def _near(series: CostSeries, year: int, count: Count | None) -> tuple[Choice, ...]:
    around = [y for y in (year - 1, year + 1) if series.at(y) is not None]
    return (
        *(
            Choice(str(y), same(series, Cost(years=Years((y,)), count=count).as_command()))
            for y in around
        ),
        Choice("All years", same(series, "/cost")),
    )


def _several(kb: KnowledgeBase, years: Years, count: Count | None) -> Answer:
    series = kb.series()
    wanted = tuple(y for y in years.all() if y >= series.first_year)
    if len(wanted) < 2:
        return _one(kb, wanted[0] if wanted else years.first, count)
    costs = {y: cost_in(series, y) for y in wanted}
    n = count.number if count else 1
    said = {
        y: wording.money(n * c) if y <= series.last_year else wording.about(n * c)
        for y, c in costs.items()
    }
    what = f"{volume(series, count)}" if count else f"Cost {per(series)}"
    rows = tuple((str(y) + _mark(series, y), said[y]) for y in wanted)
    headline = f"{what}, {wording.years(wanted[0], wanted[-1])}"
    if len(wanted) == 2:
        headline = f"{what}: {said[wanted[0]]} in {wanted[0]}, {said[wanted[1]]} in {wanted[1]}"
    blocks: list[Block] = [Table(("year", "USD"), rows)] if len(wanted) > 2 else []
    first, last = wanted[0], wanted[-1]
    total = 1 - costs[last] / costs[first]
    blocks.append(
        line(
            f"From {first} to {last}: {wording.less(total)},"
            f" {wording.cheaper(costs[first] / costs[last])}."
        )
    )
    if len(wanted) < len(years.all()):
        blocks.append(line(f"There are no figures before {series.first_year}."))
    if last >= series.last_year and (remark := forecast_row(kb)):
        blocks.append(remark)
    if last > series.last_year:
        blocks.append(line(f"Years after {series.last_year} are projections by the table's trend."))
    figures = tuple(Figure(f"cost.{y}", c, "USD") for y, c in costs.items())
    choices = (
        Choice("Yearly declines", same(series, "/decline")),
        Choice("Projection", ahead(series)),
    )
    return Answer(headline, tuple(blocks), the_table(kb), figures, choices)


def _mark(series: CostSeries, year: int) -> str:
    if year > series.last_year:
        return " projected"
    return " forecast" if year > series.observed_until else ""


def _extreme(kb: KnowledgeBase, which: Extreme) -> Answer:
    series = kb.series()
    pick = min if which == "lowest" else max
    best = pick(series.points, key=lambda p: p.value)
    word = "Cheapest" if which == "lowest" else "Most expensive"
    blocks: list[Block] = []
    if remark := forecast_row(kb, best.year):
        seen = pick(
            (p for p in series.points if p.year <= series.observed_until), key=lambda p: p.value
        )
        blocks = [
            remark,
            line(f"Of the years before it, {seen.year}: {wording.money(seen.value)}."),
        ]
    figure = Figure(f"cost.{best.year}", best.value, "USD")
    return Answer(
        f"{word}: {best.year}, {wording.money(best.value)} {per(series)}",
        tuple(blocks),
        the_table(kb),
        (figure,),
        (Choice("All years", same(series, "/cost")),),
    )
