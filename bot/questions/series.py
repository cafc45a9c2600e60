"""Which series of figures there are, what each measures, and how to ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Choice, line
from bot.questions.base import Question
from bot.questions.listed import dated
from bot.questions.table import called, per, same, the_table

if TYPE_CHECKING:
    from bot.answer import Line
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries

MOST, FEW = 12, 4  # own series that are told, and that have a button


class Series(Question):
    command = "series"
    summary = "which series of figures there are"
    cues = (
        """
        which series, what series, data series, list of series, which data do you have, what data
        do you have, which datasets, what datasets, which tables do you have
        """,
    )
    examples = ("/series", "which series do you have?")

    def answer(self, kb: KnowledgeBase) -> Answer:
        series, market = kb.series(), kb.market
        models = market.models()
        periods = sum(len(market.periods(model.id)) for model in models)
        own = kb.own_series()
        levels = "; ".join(f"{x.name}, {x.benchmark} {x.threshold:g}" for x in market.levels())
        return Answer(
            f"{3 + len(own)} series, and each measures something else",
            (
                line(
                    f"The post's table: US dollars per inference, {series.first_year} to"
                    f" {series.last_year}, {len(series.points)} rows, illustrative. /cost"
                ),
                line(
                    f"The market: list prices per million tokens as of {dated(market.as_of)},"
                    f" {periods:,} price periods of {len(models)} models at"
                    f" {len(market.providers())} providers. /price"
                ),
                line(
                    "The price of a fixed capability: the cheapest list price of models that reach"
                    f" a score, month by month, at {len(market.levels())} levels."
                ),
                line(f"Levels: {levels}.", detail=True),
                *(_own(series) for series in own[:MOST]),
                *([line(f"And {len(own) - MOST} more of your own.")] if len(own) > MOST else []),
            ),
            the_table(kb),
            choices=(
                *(Choice(series.id, same(series, "/cost")) for series in own[:FEW]),
                Choice("The post's 2023", "/cost 2023"),
                Choice("GPT-4o", "/price gpt-4o"),
                Choice("The market in 2023", "/price models 2023"),
                Choice("Cheapest model", "/price cheapest"),
            ),
        )


def _own(series: CostSeries) -> Line:
    """One of the user's, with the question for it and the names that it goes by."""
    names = "".join(f", “{name}”" for name in series.aliases[:2])
    return line(
        f"{called(series)}: US dollars {per(series)}, {series.first_year} to {series.last_year},"
        f" {wording.count(len(series.points), 'row')}. {same(series, '/cost')}{names}"
    )
