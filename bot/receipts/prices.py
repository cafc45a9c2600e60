"""Workings of list prices: the rows used, and the blend that they are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Table, line
from bot.questions.listed import Listed, dated
from bot.receipts.workings import Working, equation, given
from knowledge.market.base import POST_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Line
    from bot.questions.price import Price
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

RANKED = 5


def of_price(asked: Price, kb: KnowledgeBase) -> Working:
    """Which rows were taken and why, and each one's blend."""
    day, market = asked.day(kb), kb.market
    if isinstance(asked.what, str):
        return Working(_ranked(asked, kb))
    listed = [x for id in asked.what.ids if (x := Listed.of(kb, id, asked.provider, day))]  # noqa: A001  # as in the data
    if len(listed) == 1:
        shown = listed[0].periods if asked.history else _asked_of(asked, listed[0], kb)
    else:
        shown = tuple(x.nearest(day) for x in listed)
    several = len(listed) > 1
    blends = [_blend(p, p.name if several else p.valid_from.isoformat()) for p in shown]
    low, high = (pick(shown, key=lambda p: p.blended) for pick in (min, max))
    if several and low.blended < high.blended:
        times = high.blended / low.blended
        formula = f"{given(high.blended)}/{given(low.blended)}"
        blends.append(equation("Apart", formula, given(wording.significant(times, 4))))
    said = "; ".join(sorted({market.provider(x.provider.id).name for x in listed}))
    return Working((price_rows(shown), *blends, line(f"Sold by: {said}.")))


def _asked_of(asked: Price, listed: Listed, kb: KnowledgeBase) -> tuple[ModelPrice, ...]:
    if asked.on is None:
        return listed.periods[-1:]
    return listed.during(asked.on) or (listed.nearest(asked.on.first),)


def price_rows(shown: Sequence[ModelPrice]) -> Table:
    """The rows as they stand in the data, with how their start is known."""
    rows = (
        (p.model, p.provider, p.valid_from.isoformat(), given(p.input), given(p.output))
        for p in shown
    )
    return Table(("model", "provider", "from", "in", "out"), tuple(rows))


def _blend(price: ModelPrice, name: str) -> Line:
    formula = f"(3 × {given(price.input)} + {given(price.output)})/4"
    return equation(f"Blend {name}", formula, f"${given(price.blended)}")


def _ranked(asked: Price, kb: KnowledgeBase) -> tuple[Block, ...]:
    """The first few of all offers of the day, by blend; and of those that reach GPT-4's level."""
    day = asked.day(kb)
    offers = kb.market.cheapest(day, provider=asked.provider, limit=10_000)
    if asked.what == "dearest":
        offers = offers[::-1]
    shown = offers[:RANKED] if asked.what != "models" else (offers[0], offers[-1])
    blocks: list[Block] = [
        line(f"{len(offers)} prices were in force on {dated(day)}; they are ordered by blend."),
        price_rows(shown),
        *(_blend(p, p.name) for p in dict.fromkeys(shown)),
    ]
    if asked.provider is None and asked.what != "dearest":
        level = kb.market.level(POST_LEVEL)
        for best in kb.market.cheapest(day, level):
            reaching = len(kb.market.reaching(level, day))
            said = f"{reaching} models had scored {level.threshold:g} or more in {level.benchmark}"
            blocks += [line(f"{said} by then; the cheapest:"), _blend(best, best.name)]
    return tuple(blocks)
