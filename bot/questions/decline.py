"""How much the cost fell: a year on the year before, and between years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.calendar import SPAN
from bot.manner import EACH, STEEPEST, Extreme
from bot.names import TRAINING
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.cost import cost_in
from bot.questions.table import called, forecast_row, per, same, the_table
from bot.questions.training import no_training_figure
from knowledge import rates
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from bot.values import Years
    from knowledge.base import KnowledgeBase


class Decline(Question):
    command = "decline"
    usage = "[year | a b]"
    summary = "how much the cost fell in a year, or between two years"
    cues = (
        """
        decline, fall, fell, fallen, drop, dropped, decrease, reduction, reduced, cheaper, went
        down, go down, gone down, come down, came down, gone, savings, saved, shrink, shrank,
        deflation, how fast, how quick, going down, tumble, tumbled, erosion, erode, plunge,
        plunged, slashed, slash, shaved, steep, percent off, percent change, how much less, speed,
        percentages, percent per annum, deflation, saving, save, saved, percent column, as cheap
        as, times as cheap, cagr, average annual, annual decline, rate of decline, yoy, year on
        year, year over year, y/y, go up, cut, change, changed, lower
        """,
        """
        how much cheaper, how much less, by what percentage, what percent, how much %, factor,
        multiple, how many times, how many x, times cheaper, fold, as a multiple, compound,
        compounded, cagr, average annual, annual decline, rate of decline, annualized, annualised,
        per year on average
        """,
    )
    charted = True
    examples = (
        "/decline 2023",
        "how much did it fall in 2021?",
        "/decline 2020 2024",
        "how much cheaper is it since 2019",
        "what factor between 2018 and 2024",
        "average annual decline from 2020 to 2023",
        "declines year by year",
        "which year had the biggest drop",
    )

    years: Years | None = slot(SPAN, default=None)
    each: Literal["each"] | None = slot(EACH, default=None)
    steepest: Extreme | None = slot(STEEPEST, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)
    series: str | None = slot(SERIES, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.training:
            return no_training_figure(kb)
        kb = self.computed_from(kb)
        series = kb.series()
        if series.first_year == series.last_year:
            raise NumberError(f"{called(series)} has one row only, so nothing to compare with")
        if self.steepest and not (self.years and len(self.years.listed) == 1):
            return _extreme(kb, self.steepest, self.years)
        if self.years is None or (self.each and len(self.years.listed) > 1):
            return _every_year(kb, self.years)
        if len(self.years.listed) == 1:
            return _one_year(kb, self.years.first)
        return _between(kb, self.years.first, self.years.last)


def _one_year(kb: KnowledgeBase, year: int) -> Answer:
    series = kb.series()
    if year < series.first_year:
        cost_in(series, year)  # says that there is no figure for it
    if year == series.first_year:
        raise NumberError(
            f"{year} is the table's first row: there is nothing to compare with; try"
            f" {series.first_year + 1} to {series.last_year}"
        )
    change = _change(kb, year - 1, year)
    blocks: list[Block] = [line(_from_to(kb, change), f", {wording.cheaper(change.factor)}.")]
    if remark := forecast_row(kb, min(year, series.last_year)):
        blocks.append(remark)
    if year > series.last_year:
        blocks.append(line("A projection by the table's trend, not a record."))
    around = [y for y in (year - 1, year + 1) if series.first_year < y <= series.last_year]
    choices = [Choice(str(y), same(series, f"/decline {y}")) for y in around]
    return Answer(
        f"{year}: {wording.fell(change.total)} on {year - 1}",
        tuple(blocks),
        the_table(kb),
        (Figure(f"decline.{year}", change.total, "fraction"),),
        (*choices, Choice("All years", same(series, "/decline"))),
    )


def _change(kb: KnowledgeBase, start: int, end: int) -> rates.Decline:
    series = kb.series()
    return rates.Decline(start, end, cost_in(series, start), cost_in(series, end))


def _from_to(kb: KnowledgeBase, change: rates.Decline) -> str:
    series = kb.series()
    before, after = (
        wording.money(v) if y <= series.last_year else wording.about(v)
        for y, v in ((change.start, change.before), (change.end, change.after))
    )
    return f"From {before} to {after} {per(series)}"


def _between(kb: KnowledgeBase, start: int, end: int) -> Answer:
    series = kb.series()
    change = _change(kb, start, end)
    halving = rates.halving_years(change.annual) if change.annual > 0 else None
    each = f": half every {wording.duration(halving)}" if halving else ""
    blocks: list[Block] = [
        line(f"{_a_year(change.annual)}, compounded{each}."),
        line(_from_to(kb, change), ".", detail=True),
    ]
    if end >= series.last_year > series.observed_until and (remark := forecast_row(kb)):
        blocks.append(remark)
    if end > series.last_year:
        blocks.append(line(f"{end} is a projection by the table's trend, not a record."))
    return Answer(
        f"{start} to {end}: {wording.fell(change.total)},"
        f" {wording.cheaper(change.factor)}" + (" (projection)" if end > series.last_year else ""),
        tuple(blocks),
        the_table(kb),
        (
            Figure("total", change.total, "fraction"),
            Figure("factor", change.factor, "factor"),
            Figure("annual", change.annual, "fraction"),
            *([Figure("halving", halving, "years")] if halving else []),
        ),
        (
            Choice("Year by year", same(series, "/decline")),
            Choice("Costs", same(series, f"/cost {start}-{end}")),
        ),
    )


def _a_year(annual: float) -> str:
    """'42.8% a year', '1.12× dearer a year'."""
    return wording.change(rates.Rate(annual, annual))


def _every_year(kb: KnowledgeBase, years: Years | None) -> Answer:
    series = kb.series()
    first, last = (years.first, years.last) if years else (series.first_year, series.last_year)
    overall = rates.decline(series, first, last)
    changes = [c for c in rates.yearly_declines(series) if first < c.end <= last]
    rows = tuple(
        (
            str(c.end) + (" forecast" if c.end > series.observed_until else ""),
            _change_in(c.total),
        )
        for c in changes
    )
    return Answer(
        f"{_a_year(overall.annual)} on average, {first} to {last}",
        (
            Table(("year", "decline"), rows, detail=True),
            line(
                f"In total {wording.less(overall.total).removesuffix(' less')},"
                f" {wording.cheaper(overall.factor)}."
            ),
        ),
        the_table(kb),
        (
            Figure("annual", overall.annual, "fraction"),
            *(Figure(f"decline.{c.end}", c.total, "fraction") for c in changes),
        ),
        (Choice("Costs", same(series, "/cost")), Choice("Halving time", same(series, "/halving"))),
    )


def _extreme(kb: KnowledgeBase, which: Extreme, years: Years | None) -> Answer:
    series = kb.series()
    changes = [
        c
        for c in rates.yearly_declines(series)
        if years is None or years.first < c.end <= years.last
    ]
    if not changes:
        raise NumberError(f"the table runs from {series.first_year} to {series.last_year}")
    best = (max if which == "highest" else min)(c.total for c in changes)
    ties = [c for c in changes if abs(c.total - best) < 1e-9]
    word = "Largest" if (which == "highest") == (best >= 0) else "Smallest"
    blocks: list[Block] = [
        line(f"{c.end}: from {wording.money(c.before)} to {wording.money(c.after)}.") for c in ties
    ]
    if remark := forecast_row(kb, ties[-1].end):
        blocks.append(remark)
    return Answer(
        f"{word} yearly {'drop' if best >= 0 else 'rise'}: {_change_in(best)} in"
        f" {wording.listed([str(c.end) for c in ties])}",
        tuple(blocks),
        the_table(kb),
        tuple(Figure(f"decline.{c.end}", c.total, "fraction") for c in ties),
        (Choice("All years", same(series, "/decline")),),
    )


def _change_in(total: float) -> str:
    return wording.percent(total) if total >= 0 else wording.fell(total)
