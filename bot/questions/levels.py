"""Levels of capability in answers: their names, prices and models, and what to doubt in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Choice, Figure, Line, Link, Part, line
from knowledge.errors import NumberError
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.values import Day, Days
    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall, Floor, Stretch
    from knowledge.market.records import Level

LATELY = date(2024, 12, 31)  # since when the fall is told once more: before it, it was far faster
UNIT = "million tokens"
LIST_PRICES = "list prices and published benchmark scores"
BLEND = "three parts input, one part output"


def named(level: Level) -> str:
    """'GPT-4 level', with the benchmark where two levels are called after one model."""
    return level.name if level.name.endswith("class") else f"{level.name} level"


def bar(level: Level) -> str:
    """The score that reaches it: 'MMLU 86'."""
    return f"{level.benchmark.split()[0]} {level.threshold:g}"


def full(level: Level) -> str:
    return f"{named(level)} ({bar(level)})"


def falling(annual: float | None) -> str:
    """A decline a year in a table's cell: 82%; a rise '12.2% up', too short a time '–'."""
    if annual is None:
        return "–"
    return wording.percent(annual) if annual >= 0 else f"{wording.percent(-annual)} up"


def spread(rates: Rate) -> str:
    """Declines from the least to the most: 29.3–83.8%; a rise as such: 12.2% up–56.3%."""
    if rates.low >= 0:
        return wording.rate(rates)
    return f"{falling(rates.low)}–{falling(rates.high)}"


def a_year(annual: float) -> str:
    """'82% a year (5.54×)'; a rise as such."""
    if annual < 0:
        return f"{wording.percent(-annual)} dearer a year"
    return f"{wording.percent(annual)} a year ({wording.factor(1 / (1 - annual))})"


def fold(stretch: Stretch) -> str:
    """'534× cheaper', '1.12× dearer', 'as dear as before'."""
    return wording.cheaper(stretch.fold)


def between(stretch: Stretch) -> str:
    """'$37.50 to $0.0703'."""
    ends = stretch.start.blended, stretch.end.blended
    return " to ".join(map(wording.token_price, ends))


def offer(floor: Floor, kb: KnowledgeBase) -> str:
    """'GPT-4 at OpenAI'."""
    return f"{floor.price.name} at {kb.market.provider(floor.price.provider).name}"


def month(day: date) -> str:
    return f"{day:%B %Y}"


def as_of(kb: KnowledgeBase) -> str:
    day = kb.market.as_of
    return f"{day.day} {day:%B %Y}"


def list_prices(kb: KnowledgeBase, *floors: Floor) -> Line:
    """The source line of what follows from list prices and scores; where floors were read."""
    origins = dict.fromkeys(kb.market.origin(floor.price) for floor in floors)
    links = [Link(origin.title.partition(",")[0], origin.url) for origin in origins]
    read: list[Part] = [" ("] if links else []
    for link in links:
        read += [link, ", "]
    if links:
        read[-1] = ")"
    return line("Source: list prices", *read, f" and published benchmark scores, as of {as_of(kb)}")


def reached(level: Level) -> Iterator[Line]:
    """The score that it takes, and what its price is; its own note where it has one."""
    said = f"{level.benchmark} at least {level.threshold:g}; price: {BLEND}."
    yield line(f"{said} {level.note}" if level.note else said, detail=not level.note)


def doubts() -> Iterator[Line]:
    """What matters most of what is to be doubted in these prices, in few words."""
    yield line(
        "Doubts: a model's highest published score counts; reasoning models use more tokens an"
        " answer; a list price is not a cost."
    )


def within(fall: Fall, days: Days | None) -> Fall:
    """The asked months, or all; a stretch that begins before the level does begins with it."""
    if days is None:
        return fall
    return fall.between(days.first.first, days.last.last if days.last else fall.floors[-1].day)


def lately(fall: Fall) -> Stretch | None:
    """The time since LATELY, of a level that was reached before it."""
    if fall.whole.start.day < LATELY and fall.at(LATELY):
        return fall.since(LATELY)
    return None


def recent_rates(falls: Iterable[Fall]) -> Rate:
    """From the level that fell least since LATELY to the one that fell most."""
    rates = [s.annual for fall in falls if (s := lately(fall)) and s.annual is not None]
    return Rate(min(rates), max(rates))


def floor_at(fall: Fall, on: Day, kb: KnowledgeBase) -> Floor:
    """The floor at a year's end, or of a month. NumberError where there is none."""
    if on.first > kb.market.as_of:
        last = fall.floors[-1]
        raise NumberError(
            f"prices are known up to {as_of(kb)}; {named(fall.level)} costs"
            f" {wording.token_price(last.blended)} per {UNIT} then, and nothing later is projected"
        )
    floor = fall.at(on.first) if on.month else fall.year_end(on.year)
    if floor is None:
        raise NumberError(
            f"no priced model reached {full(fall.level)} before {month(fall.floors[0].day)}"
        )
    return floor


def main(kb: KnowledgeBase) -> tuple[Level, ...]:
    """One level for each model that levels are called after; its other levels are left out."""
    found: dict[str, Level] = {}
    for level in kb.market.levels():
        if level.reference is not None:
            found.setdefault(short(level), level)
    return tuple(found.values())


def short(level: Level) -> str:
    """The model that the level is called after, in a word: 'GPT-3.5'."""
    return level.name.split()[0]


def others(kb: KnowledgeBase, level: Level | None, rest: str = "") -> tuple[Choice, ...]:
    """Buttons for the main levels but one."""
    return tuple(
        Choice(f"{short(other)} level", f"/capability {other.id} level{rest}")
        for other in main(kb)
        if other != level
    )


def fraction(name: str, value: float | None) -> Iterator[Figure]:
    """A figure where there is one."""
    if value is not None:
        yield Figure(name, value, "fraction")


def when(day: date, on: Day, kb: KnowledgeBase) -> str:
    if day == kb.market.as_of:
        return f"{day.day} {day:%B %Y}"
    return month(day) if on.month else f"end of {on.year}"
