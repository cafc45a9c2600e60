"""Below: the month in which the price of a level of capability first fell to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.questions.levels import (
    UNIT,
    as_of,
    doubts,
    full,
    list_prices,
    month,
    offer,
    others,
)
from bot.slots import MONEY
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall, Floor


def below(kb: KnowledgeBase, level: str | None, price: float) -> Answer:
    """When a level, or each of them, first cost so much or less per million tokens."""
    if price <= 0:
        raise NumberError("a price must be above zero, such as /capability gpt-4 level $1")
    if level is None:
        return _every_level(kb, price)
    fall = kb.market.fall(kb.market.level(level))
    first, amount = fall.first_at(price), _amount(price)
    rest = f" {MONEY.say(price)}"
    if first is None:
        lowest = min(fall.floors, key=lambda floor: floor.blended)
        return Answer(
            f"{full(fall.level)} has not been at or below {amount} up to {as_of(kb)}",
            (line(f"Its lowest was {_at(lowest, kb)}. List prices are not projected."), *doubts()),
            list_prices(kb, lowest),
            (Figure("lowest", lowest.blended, "USD"),),
            others(kb, fall.level, rest),
        )
    return Answer(
        f"{full(fall.level)}: first at or below {amount} in {month(first.day)}",
        (line(f"{_at(first, kb)}."), *_around(fall, first, price, kb), *doubts()),
        list_prices(kb, first),
        (
            Figure("year", first.day.year, "year"),
            Figure("month", first.day.month, "month"),
            Figure("price", first.blended, "USD"),
        ),
        (
            Choice("Over time", f"/capability {fall.level.id} level"),
            *others(kb, fall.level, rest)[:3],
        ),
    )


def _amount(price: float) -> str:
    return f"{wording.price(price)} per {UNIT}"


def _at(floor: Floor, kb: KnowledgeBase) -> str:
    return f"{wording.token_price(floor.blended)} in {month(floor.day)}, {offer(floor, kb)}"


def _around(fall: Fall, first: Floor, price: float, kb: KnowledgeBase) -> Iterator[Block]:
    """What it cost before, whether it came back up, and what it costs now."""
    at = fall.floors.index(first)
    if at:
        yield line(f"The month before: {_at(fall.floors[at - 1], kb)}.")
    else:
        yield line("That is the first month with a price: it was never above it.")
    again = [floor for floor in fall.floors[at:] if floor.blended > price]
    if again:
        yield line(f"It was above it again later, last in {month(again[-1].day)}.")
    if fall.floors[-1] != first:
        yield line(f"Last: {_at(fall.floors[-1], kb)}.")


def _every_level(kb: KnowledgeBase, price: float) -> Answer:
    falls = [kb.market.fall(level) for level in kb.market.levels()]
    found = [(fall, fall.first_at(price)) for fall in falls]
    rows = tuple(
        (
            f"{fall.level.id} ({fall.level.threshold:g})",
            f"{first.day:%m/%Y}" if first else "not yet",
            first.price.name if first else "",
        )
        for fall, first in found
    )
    reached = [first for _, first in found if first]
    return Answer(
        f"{len(reached)} of {len(falls)} levels have been at or below {_amount(price)}",
        (Table(("level", "first in", "cheapest"), rows), *doubts()),
        list_prices(kb, *reached[:1]),
        (Figure("levels", len(reached), "count"),),
        others(kb, None, f" {MONEY.say(price)}"),
    )
