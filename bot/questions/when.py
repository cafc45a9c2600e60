"""When a price is reached: the first year at or below it, or the years above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, line
from bot.basis import BASIS
from bot.calendar import YEARS
from bot.manner import ABOVE
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.cost import cost_in
from bot.questions.project import Project
from bot.questions.scenarios import Scenario, others, scenario
from bot.questions.table import forecast_row, per, same, the_table, things
from bot.slots import COUNT, MONEY, times
from bot.values import TREND, Basis, Count, Years
from knowledge.errors import NumberError
from knowledge.trend import HORIZON, recorded_year_below

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries


class When(Question):
    command = "when"
    usage = "<$X> [year] [trend | headline | latest | R% | study N]"
    summary = "the first year at or below a price, or whether a year is"
    cues = (
        """
        when, what year, which year, which years, in which year, how long until, how long till, how
        soon, how many years until, how long before, by when, first year, at what point, year we,
        break even, breakeven
        """,
        """
        below, under, less than, cheaper than, fall to, drop to, get to, reach, hit, above, over,
        more than, at most, at least, stay, stays, or less, cross, crosses, dip, dips, line,
        north of, sub
        """,
    )
    bare = ("money",)
    along = ("series",)
    charted = True
    examples = (
        "/when $0.001",
        "when does it fall under half a cent?",
        "what year do we hit $0.0005 per call",
        "how soon will a thousand calls be less than $1",
        "when is it below 0.2 cents by the headline rate",
        "up to which year was it over 20 cents",
        "will it be below a cent in 2028?",
        "is a call under 5 cents already in 2024",
    )

    above: Literal["above"] | None = slot(ABOVE, default=None)
    money: float = slot(MONEY)
    count: Count | None = slot(COUNT, default=None)
    years: Years | None = slot(YEARS, default=None)
    basis: Basis | None = slot(BASIS, default=None)
    series: str | None = slot(SERIES, default=None)

    @property
    def price(self) -> float:
        """The price of one call."""
        return self.money / (self.count.number if self.count and self.count.number else 1)

    def recorded(self, kb: KnowledgeBase) -> int | None:
        """The recorded year that is at or below the price."""
        return recorded_year_below(self.computed_from(kb).series(), self.price)

    def times(self, number: float) -> Self:
        return replace(self, money=times(self.money, number))

    def answer(self, kb: KnowledgeBase) -> Answer:
        if not 0 < self.price < float("inf"):
            raise NumberError("a price must be above zero, such as /when $0.001")
        kb = self.computed_from(kb)
        if self.years:
            return self._by(kb, self.years.last)
        if self.above:
            return _years_above(kb, self.price)
        recorded = self.recorded(kb)
        if recorded is not None:
            return self._recorded(kb, self.price, recorded)
        return self._projected(kb, self.price)

    def _target(self, series: CostSeries, price: float) -> str:
        if self.count:
            return (
                f"{wording.price(self.money)} for {things(series, self.count.number)}"
                f" ({wording.price(wording.significant(price, 6))} each)"
            )
        return wording.price(price)

    def _by(self, kb: KnowledgeBase, year: int) -> Answer:
        """Whether a year is at or below the price: yes, no, or it depends on the rate's end."""
        series = kb.series()
        first = Choice("First year", replace(self, above=None, years=None).as_command())
        if year <= series.last_year:
            cost = cost_in(series, year)
            verdict = self._verdict(cost, cost)
            cost_then, remark = wording.money(cost), forecast_row(kb, year)
            blocks: list[Block] = [line(f"In the table: {cost_then} {per(series)} in {year}.")]
            choice = Choice(str(year), same(series, f"/cost {year}"))
        else:
            chosen = scenario(kb, self.basis)
            then = chosen.project(year)
            ends = (then.low, then.high) if then.level is None else (then.median, then.median)
            verdict, remark = self._verdict(*ends), forecast_row(kb)
            cost_then = " to ".join(dict.fromkeys(map(wording.about, ends)))
            blocks = [line(f"Basis: {chosen.words}; a projection.")]
            if then.level is not None:
                interval = f"{wording.about(then.low)} to {wording.about(then.high)}"
                blocks.insert(0, line(f"{wording.percent(then.level)} interval: {interval}"))
            choice = Choice(str(year), self._projected_in(year))
        return Answer(
            f"{verdict}: {cost_then} in {year} against {self._target(series, self.price)}",
            (*blocks, *([remark] if remark else [])),
            the_table(kb),
            (Figure("price", self.price, "USD"),),
            (choice, first),
        )

    def _verdict(self, low: float, high: float) -> str:
        if low <= self.price < high:
            return "It depends"
        is_above = low > self.price
        yes = "Yes" if is_above == bool(self.above) else "No"
        return f"{yes}, {'above' if is_above else 'at or below'} it"

    def _recorded(self, kb: KnowledgeBase, price: float, year: int) -> Answer:
        value = kb.series().at(year) or 0.0
        blocks: list[Block] = [line(f"In the table: {wording.money(value)} in {year}.")]
        if remark := forecast_row(kb, year):
            blocks.append(remark)
        return Answer(
            f"{year}: the first year at or below {self._target(kb.series(), price)}",
            tuple(blocks),
            the_table(kb),
            (Figure("year", year, "year"),),
            (Choice(str(year), same(kb.series(), f"/cost {year}")),),
        )

    def _projected(self, kb: KnowledgeBase, price: float) -> Answer:
        chosen = scenario(kb, self.basis)
        slow, fast = chosen.years_below(price)
        limit = kb.series().last_year + HORIZON
        if fast is None:
            return Answer(
                f"Not by {limit}: {self._target(kb.series(), price)} is not reached",
                (line(f"Basis: {chosen.words}. Projections end in {limit}."),),
                the_table(kb),
                outcome="refused",
            )
        said = str(fast) if slow == fast else f"{fast} to {slow or f'after {limit}'}"
        blocks: list[Block] = [
            line(f"Basis: {chosen.words}; a projection, by its median."),
            *_crossing(chosen, fast),
        ]
        if remark := forecast_row(kb):
            blocks.append(remark)
        ends = tuple(dict.fromkeys(y for y in (fast, slow) if y))
        return Answer(
            f"{said}: the first year at or below {self._target(kb.series(), price)} (projection)",
            tuple(blocks),
            the_table(kb),
            tuple(Figure("year", y, "year") for y in ends),
            (
                Choice(str(fast), self._projected_in(fast)),
                *(
                    Choice(s.basis.kind.capitalize(), self._on(s.basis).as_command())
                    for s in others(kb, self.basis or TREND)
                ),
            ),
        )

    def _on(self, basis: Basis) -> When:
        return replace(self, basis=None if basis == TREND else basis)

    def _projected_in(self, year: int) -> str:
        return Project(years=Years((year,)), basis=self.basis, series=self.series).as_command()


def _crossing(chosen: Scenario, year: int) -> tuple[Line, ...]:
    """The medians around the crossing, so that it can be seen."""
    if chosen.rate and not chosen.rate.single:
        return ()
    last = chosen.kb.series().last_year
    now = chosen.project(year).median
    if year == last + 1:
        return (line(f"{year}: {wording.about(now)}."),)
    before = chosen.project(year - 1).median
    return (line(f"{year - 1}: {wording.about(before)}; {year}: {wording.about(now)}."),)


def _years_above(kb: KnowledgeBase, price: float) -> Answer:
    series = kb.series()
    above = [p for p in series.points if p.value > price]
    if not above:
        top = series.points[0]
        return Answer(
            f"In no year: the highest figure is {wording.money(top.value)} in {top.year}",
            source=the_table(kb),
            outcome="refused",
        )
    headline = f"Above {wording.price(price)}: {wording.years(above[0].year, above[-1].year)}"
    shown = "; ".join(f"{p.year} {wording.money(p.value)}" for p in above)
    return Answer(
        headline,
        (line(f"{shown}."),),
        the_table(kb),
        tuple(Figure("year", p.year, "year") for p in above),
        (Choice("When below", same(series, When(money=price).as_command())),),
    )
