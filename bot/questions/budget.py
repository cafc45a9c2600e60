"""How many inferences an amount of money buys in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, line
from bot.calendar import YEARS
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.cost import cost_in
from bot.questions.table import forecast_row, the_table, things
from bot.slots import MONEY, times
from bot.values import Years
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries


AMOUNT = replace(MONEY, suggest=("$10", "$100", "$1000"))


class Budget(Question):
    command = "budget"
    usage = "<$X> [year]"
    summary = "how many inferences an amount buys in a year"
    cues = (
        """
        buy, buys, afford, budget, get me, gets me, get you, get us, get for, purchase, pay for,
        would that get, i get, we get, bought me, buy me, have bought, how many calls, how many
        inferences, how many requests, how many queries
        """,
        "how many, number of, how far",
    )
    bare = ("money",)
    along = ("years", "series")
    examples = (
        "/budget $100 2023",
        "how many calls can I buy for $50 in 2021",
        "what does $10 get me in 2024",
        "we can afford 2,000 dollars, how many requests is that in 2022?",
    )

    money: float = slot(AMOUNT)
    years: Years | None = slot(YEARS, default=None)
    series: str | None = slot(SERIES, default=None)

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """An amount below a dollar is rather a price than a budget."""
        return super().alone(values) and values["money"] >= 1

    def times(self, number: float) -> Self:
        return replace(self, money=times(self.money, number))

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.money <= 0:
            raise NumberError("a budget must be above zero, such as $100")
        kb = self.computed_from(kb)
        series = kb.series()
        year = self.years.last if self.years else series.observed_until
        each = cost_in(series, year)
        projected = year > series.last_year
        number = self.money / each
        shown = wording.significant(number) if projected and number >= 10 else number
        blocks: list[Block] = [
            line(
                f"At {wording.about(each) if projected else wording.money(each)} each"
                + (", the median of the trend's projection." if projected else ".")
            )
        ]
        if remark := forecast_row(kb, min(year, series.last_year)):
            blocks.append(remark)
        more = tuple(
            Choice(str(y), replace(self, years=Years((y,))).as_command())
            for y in (year - 1, year + 1)
            if y >= series.first_year
        )
        about = "about " if projected else ""
        return Answer(
            f"{wording.price(self.money)} in {year} buys {about}{_bought(series, shown)}",
            tuple(blocks),
            the_table(kb),
            (Figure(wording.plural(series.thing), number, "count"),),
            more,
        )


def _bought(series: CostSeries, number: float) -> str:
    if number < 1:
        which = "an" if series.thing[0] in "aeiou" else "a"
        return f"{number:.2g} of {which} {series.thing}: less than one"
    return things(series, int(number + 1e-6))
