"""How soon the cost halves, at a rate or as it did between two years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Choice, Figure, line
from bot.basis import BASIS
from bot.calendar import SPAN
from bot.own import SERIES
from bot.questions.base import Question, slot
from bot.questions.scenarios import scenario, standing
from bot.questions.table import forecast_row, the_table
from bot.values import LATEST, TREND, Basis, Years
from knowledge import rates

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


class Halving(Question):
    command = "halving"
    usage = "[trend | headline | latest | R% | study N | a-b]"
    summary = "how long until the cost is half"
    cues = (
        """
        halve, halves, halved, halving, half as expensive, half the price, half the cost, half
        price, half as much, cut in half, cut in two, in two, by half, half life, get half, become
        half, becomes half, half what it was, 50% cut, doubling time, gets half, half as costly,
        50% cheaper, cost half, costs half, price half, prices half, take to half, is half, its
        half, it's half
        """,
    )
    charted = True
    examples = (
        "/halving",
        "how long until the cost halves",
        "halving time at 25% a year",
        "how fast does it halve by the headline rate",
        "how quickly did the price halve between 2018 and 2022",
    )

    years: Years | None = slot(SPAN, default=None)
    basis: Basis | None = slot(BASIS, default=None)
    series: str | None = slot(SERIES, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        kb = self.computed_from(kb)
        series = kb.series()
        if self.years and self.basis is None:
            single = self.years.first == self.years.last
            change = rates.decline(series, self.years.first - single, self.years.last)
            words = f"{wording.percent(change.annual)} a year, {change.start} to {change.end}"
            ends = [rates.halving_years(change.annual)]
            remark = forecast_row(kb, self.years.last)
        else:
            chosen = scenario(kb, self.basis)
            trend = rates.decline(series, series.first_year, series.last_year).annual
            annuals = (chosen.rate.low, chosen.rate.high) if chosen.rate else (trend, trend)
            ends = sorted({rates.halving_years(d) for d in annuals})
            words = chosen.words
            remark = forecast_row(kb) if chosen.basis in (TREND, LATEST) else None
        said = wording.listed([wording.duration(e) for e in ends], "to")
        return Answer(
            f"The cost halves in {said}",
            tuple(filter(None, (line(f"At {words}."), remark))),
            the_table(kb),
            tuple(Figure(f"halving.{n}", e, "years") for n, e in enumerate(ends)),
            tuple(
                Choice(b.kind.capitalize(), replace(self, years=None, basis=b).as_command())
                for b in standing(series)
                if b != (self.basis or TREND)
            ),
        )
