"""What an inference will cost in a future year, with an interval, or on another basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, line
from bot.basis import BASIS
from bot.calendar import FUTURE
from bot.names import TRAINING
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.cost import MONEY_WORDS, PER_YEAR, volume
from bot.questions.scenarios import Scenario, others, scenario
from bot.questions.table import forecast_row, per, the_table
from bot.questions.training import no_training_figure
from bot.slots import COUNT, LEVEL
from bot.values import TREND, Basis, Count, Years
from knowledge.trend import DEFAULT_LEVEL, HORIZON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries
    from knowledge.trend import Projection

LEVELS = (0.9, 0.95, 0.99)
WIDE = 0.95  # the level that a button offers beside the usual one


class Project(Question):
    command = "project"
    usage = "<year | Ny> [trend | headline | latest | R% | study N] [level L] [N calls]"
    summary = "what an inference will cost, with an honest interval"
    cues = (
        """
        will, would, project, projection, projected, forecast, predict, prediction, expect, future,
        outlook, extrapolate, going to, gonna, where do you see, where do u see, by the year,
        could, estimate, guess, error bars, uncertainty, interval, someday
        """,
        MONEY_WORDS,
        """
        scenario, assume, assuming, suppose, keeps, continues, apply, optimistic, pessimistic,
        bullish, bearish, best case, worst case, according to, if prices fall, if it falls, if the,
        if it, if costs, if we, use, using
        """,
    )
    bare = ("years", "basis", "level", "count")
    along = ("series",)
    charted = True
    examples = (
        "/project 2030",
        "/project 2032 headline",
        "/project 2030 level 95",
        "/project 2030 study 5",
        "what will an inference cost in 2029?",
        "where will the price be in 2033 if it drops 25% a year",
        "forecast for 2027 with the latest rate",
        "project 2031 using study 2",
        "1M calls in 2030",
    )

    years: Years = slot(FUTURE)
    basis: Basis | None = slot(BASIS, default=None)
    level: float | None = slot(LEVEL, default=None)
    count: Count | None = slot(COUNT, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)
    series: str | None = slot(SERIES, default=None)

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """A rate without a year may belong to anything."""
        return super().alone(values) and "years" in values

    def followed(self, values: Mapping[str, Any]) -> Self:
        """A level belongs to the trend alone: naming one of level and rate drops the other."""
        said = values.get("basis")
        if said and said.kind == "rate" and said.low == said.high and said.low in LEVELS:
            values = {**values, "level": said.low, "basis": None}  # nobody means 95% a year
        elif "level" in values and "basis" not in values:
            values = {**values, "basis": None}
        elif "basis" in values and "level" not in values:
            values = {**values, "level": None}
        return super().followed(values)

    def times(self, number: float) -> Self | None:
        count = self.count and self.count.times(number)
        return replace(self, count=count) if count else None

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.training:
            return no_training_figure(kb)
        kb = self.computed_from(kb)
        year = self.years.last
        chosen = scenario(kb, self.basis)
        projection = chosen.project(year, self.level)
        n = self.count.number if self.count else 1.0
        blocks: list[Block] = [
            _range(projection, n),
            line(f"Basis: {chosen.words}{_method(chosen)}."),
            *_on_other_bases(kb, chosen, year, n),
        ]
        if self.count and self.count.per not in (None, "year"):
            whole_year = n * PER_YEAR[self.count.per] * projection.median
            blocks.insert(1, line(f"About {wording.about(whole_year)} a year."))
        if remark := forecast_row(kb):
            blocks.append(remark)
        return Answer(
            self._headline(kb.series(), projection, n),
            tuple(blocks),
            the_table(kb),
            _figures(projection, n),
            self._choices(kb, year),
        )

    def _choices(self, kb: KnowledgeBase, year: int) -> tuple[Choice, ...]:
        """A year to either side, the other level, the other bases."""
        near = [y for y in (year - 1, year + 1) if y <= kb.series().last_year + HORIZON]
        choices = [Choice(str(y), replace(self, years=Years((y,))).as_command()) for y in near]
        if self.basis in (None, TREND):
            level = None if self.level == WIDE else WIDE
            said = wording.percent(level or DEFAULT_LEVEL)
            choices.append(Choice(said, replace(self, level=level).as_command()))
        choices += [
            Choice(s.basis.kind.capitalize(), _on(self, s.basis).as_command())
            for s in others(kb, self.basis or TREND)
        ]
        return tuple(choices)

    def _headline(self, series: CostSeries, projection: Projection, n: float) -> str:
        what = f"for {volume(series, self.count)}" if self.count else per(series)
        said = f"{wording.about(n * projection.median)} {what}"
        if projection.level is None and projection.low < projection.high:
            said = (
                f"{wording.about(n * projection.low)} to"
                f" {wording.about(n * projection.high)} {what}"
            )
        return f"{projection.year}: about {said} (projection)"


def _on(asked: Project, basis: Basis) -> Project:
    level = asked.level if basis.kind == "trend" else None
    return replace(asked, basis=None if basis == TREND else basis, level=level)


def _range(projection: Projection, n: float) -> Line:
    if projection.level is None:
        return line("A scenario, so without a probability.")
    return line(
        f"{wording.percent(projection.level)} interval: {wording.about(n * projection.low)} to"
        f" {wording.about(n * projection.high)}"
    )


def _method(chosen: Scenario) -> str:
    return " (random walk with drift)" if chosen.rate is None else ""


def _on_other_bases(kb: KnowledgeBase, chosen: Scenario, year: int, n: float) -> Iterator[Line]:
    said = []
    for other in others(kb, chosen.basis):
        p = other.project(year)
        low, high = wording.about(n * p.low), wording.about(n * p.high)
        amount = f"{low}–{high}" if other.rate and low != high else wording.about(n * p.median)
        said.append(f"{other.short} {amount}")
    if said:
        yield line("Otherwise: " + "; ".join(said) + ".", detail=True)


def _figures(projection: Projection, n: float) -> tuple[Figure, ...]:
    named = (("median", projection.median), ("low", projection.low), ("high", projection.high))
    return tuple(Figure(name, n * value, "USD") for name, value in named)
