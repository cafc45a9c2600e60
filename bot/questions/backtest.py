"""How the projection method would have done: what it would have said, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Choice, Figure, Table, line
from bot.calendar import YEARS
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.table import ahead, called, the_table
from knowledge.errors import NumberError
from knowledge.trend import DEFAULT_LEVEL, MIN_CHANGES, backtest

if TYPE_CHECKING:
    from bot.values import Years
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries


class Backtest(Question):
    command = "backtest"
    usage = "[year]"
    summary = "what the projection method would have said, and what came"
    cues = (
        """
        backtest, back test, backtesting, accurate, accuracy, track record, how good, how well,
        hindsight, been right, past projections, old projections, earlier projections, validated,
        how reliable, were the projections, would have said, would it have said, ever right, have
        predicted, predicted correctly, predictions ever, predictions right, predictions turn out,
        forecasts right, forecasts turn out, forecasts ever, would your method, would you have,
        believe your, believe the projections, believe the forecast, believe these projections,
        trust your projection, trust your projections, trust the projections, trust your forecast,
        trust your forecasts, trust the forecasts, wrong would you, been wrong, got it right, have
        got, in the past, past performance
        """,
    )
    charted = True
    examples = (
        "/backtest",
        "how accurate would your projections have been",
        "backtest your projections",
    )

    years: Years | None = slot(YEARS, default=None)
    series: str | None = slot(SERIES, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        kb = self.computed_from(kb)
        series = kb.series()
        tests = backtest(series)
        if not tests:
            raise NumberError(
                f"a backtest needs {MIN_CHANGES + 2} years that were observed, and"
                f" {called(series)} has {series.observed_until - series.first_year + 1}"
            )
        if self.years:
            wanted = self.years.all()
            tests = tuple(t for t in tests if {t.origin, t.projection.year} & set(wanted))
            if not tests:
                said = wording.years(self.years.first, self.years.last)
                raise NumberError(f"there is no test said in or for {said}; try /backtest")
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
                Table(("said in", "median", "came", "held"), rows, detail=True),
                line(f"Its median was too high {high} of {len(tests)} times."),
                line(f"Few and overlapping tests{_unscored(series)}."),
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
            (Choice("Method", "/sources method"), Choice("Projection", ahead(series))),
        )


def _unscored(series: CostSeries) -> str:
    if series.observed_until == series.last_year:
        return ""
    if series.observed_until + 1 == series.last_year:
        return f"; the {series.last_year} row is a forecast and is not scored"
    return f"; rows after {series.observed_until} are forecasts and are not scored"
