"""Where the cost goes: a future year's projection, when a price is reached, how the method did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Table, line
from bot.basis import BASIS
from bot.calendar import YEARS
from bot.manner import ABOVE
from bot.names import TRAINING
from bot.questions.base import Question, question, slot
from bot.questions.citing import forecast_row, the_table
from bot.questions.cost import MONEY_WORDS
from bot.questions.scenarios import Scenario, others, scenario
from bot.questions.training import no_training_figure
from bot.slots import COUNT, LEVEL, MONEY
from bot.values import TREND, Basis, Count, Years
from knowledge.errors import NumberError
from knowledge.trend import DEFAULT_LEVEL, HORIZON, Projection, backtest, recorded_year_below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.base import KnowledgeBase


@question
class Project(Question):
    command = "project"
    usage = "<year | Ny> [trend | headline | latest | R% | study N] [level L] [N calls]"
    summary = "what an inference will cost, with an honest interval"
    cues = (
        MONEY_WORDS,
        """
        will, would, project, projection, projected, forecast, predict, prediction, expect,
        future, outlook, extrapolate, going to, gonna, where do you see, where do u see, by
        the year, could, estimate
        """,
        """
        scenario, assume, assuming, suppose, keeps, continues, apply, optimistic, pessimistic,
        bullish, bearish, best case, worst case, according to, if prices fall, if it falls,
        use, using
        """,
    )
    bare = ("years", "basis", "level", "count")
    examples = (
        "/project 2030",
        "/project 2032 headline",
        "/project 2030 study 5 level 95",
        "what will an inference cost in 2029?",
        "where will the price be in 2033 if it drops 25% a year",
        "forecast for 2027 with the latest rate",
        "project 2031 using study 2",
        "1M calls in 2030",
    )

    years: Years = slot(YEARS)
    basis: Basis | None = slot(BASIS, default=None)
    level: float | None = slot(LEVEL, default=None)
    count: Count | None = slot(COUNT, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)

    def followed(self, values: Mapping[str, Any]) -> Self:
        """A level belongs to the trend alone: naming one of level and rate drops the other."""
        if "level" in values and "basis" not in values:
            values = {**values, "basis": None}
        elif "basis" in values and "level" not in values:
            values = {**values, "level": None}
        return super().followed(values)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.training:
            return no_training_figure(kb)
        year = self.years.last
        chosen = scenario(kb, self.basis)
        projection = chosen.project(year, self.level)
        n = self.count.number if self.count else 1.0
        blocks: list[Block] = [
            _range(projection, n),
            line(f"Basis: {chosen.words}{_method(chosen)}."),
            _on_other_bases(kb, chosen, year, n),
        ]
        if remark := forecast_row(kb):
            blocks.append(remark)
        return Answer(
            self._headline(projection, n),
            tuple(blocks),
            the_table(kb),
            _figures(projection, n),
            tuple(
                Choice(s.basis.kind.capitalize(), _on(self, s.basis).as_command())
                for s in others(kb, self.basis or TREND)
            ),
        )

    def _headline(self, projection: Projection, n: float) -> str:
        what = "per inference"
        if self.count:
            what = f"for {wording.count(n, 'inference')}" + (
                f" a {self.count.per}" if self.count.per else ""
            )
        said = f"{wording.about(n * projection.median)} {what}"
        if projection.level is None and projection.low < projection.high:
            said = (
                f"{wording.about(n * projection.low)} to"
                f" {wording.about(n * projection.high)} {what}"
            )
        return f"{projection.year}: about {said} (projection)"


def _on(asked: Project, basis: Basis) -> Project:
    level = asked.level if basis.kind == "trend" else None
    return Project(
        years=asked.years, basis=None if basis == TREND else basis, level=level, count=asked.count
    )


def _range(projection: Projection, n: float) -> Line:
    if projection.level is None:
        return line("A scenario, so without a probability.")
    return line(
        f"{wording.percent(projection.level)} interval: {wording.about(n * projection.low)} to"
        f" {wording.about(n * projection.high)}"
    )


def _method(chosen: Scenario) -> str:
    return " (random walk with drift)" if chosen.rate is None else ""


def _on_other_bases(kb: KnowledgeBase, chosen: Scenario, year: int, n: float) -> Line:
    said = []
    for other in others(kb, chosen.basis):
        p = other.project(year)
        low, high = wording.about(n * p.low), wording.about(n * p.high)
        amount = f"{low}–{high}" if other.rate and low != high else wording.about(n * p.median)
        said.append(f"{other.short} {amount}")
    return line("Otherwise: " + "; ".join(said) + ".")


def _figures(projection: Projection, n: float) -> tuple[Figure, ...]:
    named = (("median", projection.median), ("low", projection.low), ("high", projection.high))
    return tuple(Figure(name, n * value, "USD") for name, value in named)


@question
class When(Question):
    command = "when"
    usage = "<$X> [trend | headline | latest | R% | study N]"
    summary = "the first year at or below a price"
    cues = (
        """
        when, what year, which year, which years, in which year, how long until, how long
        till, how soon, how many years until, how long before, by when
        """,
        """
        below, under, less than, cheaper than, fall to, drop to, get to, reach, hit, above,
        over, more than, at most, sub
        """,
    )
    bare = ("money",)
    examples = (
        "/when $0.001",
        "when does it fall under half a cent?",
        "what year do we hit $0.0005 per call",
        "how soon will a thousand calls be less than $1",
        "when is it below 0.2 cents by the headline rate",
        "up to which year was it over 20 cents",
    )

    above: Literal["above"] | None = slot(ABOVE, default=None)
    money: float = slot(MONEY)
    count: Count | None = slot(COUNT, default=None)
    basis: Basis | None = slot(BASIS, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        price = self.money / (self.count.number if self.count else 1)
        if not 0 < price < float("inf"):
            raise NumberError("a price must be above zero, such as /when $0.001")
        if self.above:
            return _years_above(kb, price)
        recorded = recorded_year_below(kb.series(), price)
        if recorded is not None:
            return self._recorded(kb, price, recorded)
        return self._projected(kb, price)

    def _target(self, price: float) -> str:
        if self.count:
            return (
                f"{wording.price(self.money)} for {wording.count(self.count.number, 'inference')}"
                f" ({wording.price(wording.significant(price, 6))} each)"
            )
        return wording.price(price)

    def _recorded(self, kb: KnowledgeBase, price: float, year: int) -> Answer:
        value = kb.series().at(year) or 0.0
        blocks: list[Block] = [line(f"In the table: {wording.money(value)} in {year}.")]
        if remark := forecast_row(kb, year):
            blocks.append(remark)
        return Answer(
            f"{year}: the first year at or below {self._target(price)}",
            tuple(blocks),
            the_table(kb),
            (Figure("year", year, "year"),),
            (Choice(str(year), f"/cost {year}"),),
        )

    def _projected(self, kb: KnowledgeBase, price: float) -> Answer:
        chosen = scenario(kb, self.basis)
        slow, fast = chosen.years_below(price)
        limit = kb.series().last_year + HORIZON
        if fast is None:
            return Answer(
                f"Not by {limit}: {self._target(price)} is not reached",
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
            f"{said}: the first year at or below {self._target(price)} (projection)",
            tuple(blocks),
            the_table(kb),
            tuple(Figure("year", y, "year") for y in ends),
            (
                Choice(str(fast), Project(years=Years((fast,)), basis=self.basis).as_command()),
                *(
                    Choice(s.basis.kind.capitalize(), self._on(s.basis).as_command())
                    for s in others(kb, self.basis or TREND)
                ),
            ),
        )

    def _on(self, basis: Basis) -> When:
        return When(money=self.money, count=self.count, basis=None if basis == TREND else basis)


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
        (Choice("When below", When(money=price).as_command()),),
    )


@question
class Backtest(Question):
    command = "backtest"
    usage = ""
    summary = "what the projection method would have said, and what came"
    cues = (
        """
        backtest, back test, backtesting, accurate, accuracy, track record, how good, how
        well, hindsight, been right, past projections, old projections, earlier projections,
        validated, how reliable, were the projections, would have said, would it have said,
        ever right
        """,
    )
    examples = ("/backtest", "how accurate would your projections have been", "backtest the method")

    def answer(self, kb: KnowledgeBase) -> Answer:
        series = kb.series()
        tests = backtest(series)
        held = sum(t.held for t in tests)
        rows = tuple(
            (
                f"{t.origin} for {t.projection.year}",
                wording.about(t.projection.median),
                wording.money(t.actual),
                "yes" if t.held else "no",
            )
            for t in tests
        )
        high = sum(t.error > 0 for t in tests)
        level = wording.percent(DEFAULT_LEVEL)
        return Answer(
            f"The {level} interval held {held} of {len(tests)} times",
            (
                Table(("said in", "median", "came", "held"), rows),
                line(
                    f"Its median was too high {high} of {len(tests)} times: the cost fell faster"
                    " than it said."
                ),
                line(
                    f"Few and overlapping tests; the {series.last_year} row is a forecast and is"
                    " not scored."
                ),
            ),
            the_table(kb),
            (
                Figure("held", held, "count"),
                Figure("tests", len(tests), "count"),
                *(
                    Figure(f"error.{t.origin}.{t.projection.year}", t.error, "fraction")
                    for t in tests
                ),
            ),
            (Choice("Method", "/sources method"), Choice("Projection", "/project 2030")),
        )
