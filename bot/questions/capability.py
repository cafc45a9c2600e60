"""What a fixed capability costs: the cheapest offer that reaches a level, and how that fell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.capabilities import CAPABILITY, FIXED, STRETCH, Fixed
from bot.days import ON, say_day
from bot.questions.base import Question, slot
from bot.questions.below import below
from bot.questions.every_level import every_level, every_level_on
from bot.questions.levels import (
    LATELY,
    UNIT,
    a_year,
    between,
    doubts,
    falling,
    floor_at,
    fold,
    fraction,
    full,
    list_prices,
    month,
    offer,
    others,
    reached,
    when,
    within,
)
from bot.slots import MONEY
from bot.values import Day
from knowledge.market.capability import Stretch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.values import Days
    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall


class Capability(Question):
    command = "capability"
    usage = "[level] [date | since date | a to b | $X]"
    summary = "what a fixed capability costs per token, and how fast that fell"
    cues = (
        "price floor, floor price, floor prices, price floors",
        """
        cheaper, price, prices, pricing, cost, costs, fell, fallen, fall, falls, falling, dropped,
        drop, decline, declined, declines, cheapest, over time, how fast, how quickly, how much,
        pay, buys, reach, reaches, reached, model, models, since, history, token, tokens, level,
        when, below, under, hit
        """,
    )
    bare = ("level", "fixed")
    market = True
    along = ("on", "since", "below")
    charted = True
    examples = (
        "/capability gpt-4 level",
        "/capability",
        "how much cheaper did GPT-4-level get?",
        "price of gpt-4 level intelligence over time",
        "what does gpt 3.5 level cost now",
        "cheapest gpt-4 level model in 2024",
        "o1 level since 2025-01",
        "llmflation",
        "how fast do token prices fall",
        "how much cheaper per token since 2023",
        "/capability gpqa 50 2024-10",
        "/capability mmlu 86 2023 to 2024",
        "when did gpt-4 level get below a dollar",
        "/capability o1 level $0.10",
    )

    level: str | None = slot(CAPABILITY, default=None)
    fixed: Fixed | None = slot(FIXED, default=None)
    since: Days | None = slot(STRETCH, default=None)
    on: Day | None = slot(ON, default=None)
    below: float | None = slot(MONEY, default=None)

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> bool:
        """Every question may name a day."""
        return "level" in values or "fixed" in values

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        return super().alone(values) and cls.told(values)

    def followed(self, values: Mapping[str, Any]) -> Self:
        """A day, a stretch and a price take each other's place."""
        times = ("since", "on", "below")
        if any(name in values for name in times):
            values = {**dict.fromkeys(times), **values}
        return super().followed(values)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.below is not None:
            return below(kb, self.level, self.below)
        if self.level is None:
            return every_level_on(kb, self.on) if self.on else every_level(kb, self.since)
        fall = kb.market.fall(kb.market.level(self.level))
        if self.on:
            return self._then(kb, fall, self.on)
        return self._fallen(kb, fall)

    def caption(self, kb: KnowledgeBase) -> Answer:
        """Without the table of years: the picture shows them."""
        answer = self.answer(kb)
        if self.level is None:
            return answer
        blocks = (b for b in answer.blocks if not isinstance(b, Table))
        return replace(answer, blocks=tuple(blocks))

    def _fallen(self, kb: KnowledgeBase, every: Fall) -> Answer:
        """How the price of a level fell, over all its months or a stretch of them."""
        fall = within(every, self.since)
        whole, trend = fall.whole, fall.trend()
        start, end = whole.start, whole.end
        ends = f"From {between(whole)} per {UNIT}: "
        pace = "too short a time for a yearly rate."
        figures = [
            Figure("start", start.blended, "USD"),
            Figure("end", end.blended, "USD"),
            Figure("fold", whole.fold, "factor"),
        ]
        if whole.annual is not None:
            pace = f"{a_year(whole.annual)} end to end, {a_year(trend)} by the trend of all months."
            figures += [*fraction("annual", whole.annual), *fraction("trend", trend)]
        blocks: list[Block] = [
            line(ends, pace),
            line(f"First {offer(start, kb)}, {month(start.day)}; then {offer(end, kb)}."),
        ]
        if start.day < LATELY < end.day:
            recent = fall.since(LATELY)
            blocks.append(_recently(recent))
            figures += fraction(f"annual.since.{recent.start.day:%Y-%m}", recent.annual)
        years = fall.by_year()
        if years:
            blocks.append(_by_year(years))
            figures += [
                f for s in years for f in fraction(f"year.{s.end.day.year}", 1 - 1 / s.fold)
            ]
        if lowest := _lowest(fall):
            blocks.append(line(lowest, detail=True))
        return Answer(
            f"{full(fall.level)}: {fold(whole)} from {month(start.day)} to {month(end.day)}",
            (*blocks, *reached(fall.level), *doubts()),
            list_prices(kb, start, end),
            tuple(figures),
            others(kb, fall.level, f" {STRETCH.say(self.since)}" if self.since else ""),
        )

    def _then(self, kb: KnowledgeBase, fall: Fall, on: Day) -> Answer:
        """The floor of a month or of a year's end, and the way there and on from it."""
        floor = floor_at(fall, on, kb)
        before, after = Stretch(fall.floors[0], floor), Stretch(floor, fall.floors[-1])
        blocks: list[Block] = [
            line(
                f"{offer(floor, kb)}: {wording.price(floor.price.input)} in,"
                f" {wording.price(floor.price.output)} out."
            )
        ]
        if before.years:
            first = f"{wording.token_price(before.start.blended)} in {month(before.start.day)}"
            compared = "as" if before.fold == 1 else "than"
            blocks.append(line(f"{wording.initial(fold(before))} {compared} at first ({first})."))
        if after.years:
            last = f"{wording.token_price(after.end.blended)}, {offer(after.end, kb)}"
            blocks.append(line(f"{month(after.end.day)}: {last}, {fold(after)}."))
        changes = [f for f in fall.changes if not on.month and f.day.year == on.year]
        if changes:
            rows = tuple(
                (f"{f.day:%m}", f.price.name, wording.token_price(f.blended)) for f in changes
            )
            blocks.append(Table((f"{on.year}", "cheapest", "price"), rows, detail=True))
        near = _near(fall, on)
        return Answer(
            f"{full(fall.level)}, {when(floor.day, on, kb)}:"
            f" {wording.token_price(floor.blended)} per {UNIT}",
            (*blocks, *reached(fall.level), *doubts()),
            list_prices(kb, floor),
            (
                Figure("price", floor.blended, "USD"),
                Figure("input", floor.price.input, "USD"),
                Figure("output", floor.price.output, "USD"),
            ),
            (
                *(Choice(say_day(d), replace(self, on=d).as_command()) for d in near),
                Choice("Over time", replace(self, on=None).as_command()),
                *others(kb, fall.level, f" {say_day(on)}")[:3],
            ),
        )


def _recently(recent: Stretch) -> Block:
    said = f"Since {month(recent.start.day)}: "
    if recent.annual is None:
        return line(f"{said}too short a time for a yearly rate.")
    return line(f"{said}{a_year(recent.annual)}, from {between(recent)}.")


def _by_year(years: Sequence[Stretch]) -> Table:
    """Each calendar year; one that is cut short says up to when."""
    rows = tuple(
        (
            _year(s),
            wording.token_price(s.end.blended),
            falling(1 - 1 / s.fold),
        )
        for s in years
    )
    return Table(("year", "at its end", "down"), rows)


def _year(year: Stretch) -> str:
    """'2024', '2023 from March', '2026 to November'."""
    said = str(year.end.day.year)
    if year.start.day.year == year.end.day.year:
        said += f" from {year.start.day:%b}"
    return said if year.end.day.month == 12 else f"{said} to {year.end.day:%b}"


def _lowest(fall: Fall) -> str | None:
    """Where the price was lower than at the end."""
    lowest = min(fall.floors, key=lambda f: f.blended)
    if lowest.blended >= fall.floors[-1].blended:
        return None
    return (
        f"It was lower before: {wording.token_price(lowest.blended)} in {month(lowest.day)}"
        f" ({lowest.price.name})."
    )


def _near(fall: Fall, on: Day) -> list[Day]:
    """The years beside a year, where the level has a price."""
    if on.month:
        return []
    first, last = fall.floors[0].day.year, fall.floors[-1].day.year
    return [Day(y) for y in (on.year - 1, on.year + 1) if first <= y <= last]
