"""Beside: the prices of several models on one day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Table, line
from bot.questions.listed import PER, Listed, blend, dated, doubt, during, in_out, the_market
from bot.questions.pricing import figures, not_projected, not_there, price_of
from bot.values import Day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.price import Price
    from bot.values import Models
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice


def answer(asked: Price, what: Models, kb: KnowledgeBase) -> Answer:
    """Several models on one day; one not sold then by its nearest price, and marked."""
    if asked.on and asked.on.first > kb.market.as_of:
        return not_projected(asked, kb)
    day = asked.day(kb)
    on = asked.on or Day(day.year, day.month, day.day)
    found = [listed for id in what.ids if (listed := Listed.of(kb, id, asked.provider, day))]  # noqa: A001  # as in the data
    if not found:
        return not_there(asked, what.ids[0], kb)
    prices = [(listed, listed.nearest(day)) for listed in found]
    sold = [price for listed, price in prices if price in listed.during(on)]
    prices.sort(key=lambda pair: pair[1].blended)
    rows = tuple(
        (
            listed.model.name + ("" if price in sold else " *"),
            wording.price(price.input),
            wording.price(price.output),
            blend(price),
        )
        for listed, price in prices
    )
    blocks: list[Block] = [Table(("model", "in", "out", "3:1"), rows)]
    for listed, price in prices:
        if price not in sold:
            blocks.append(line(f"* {listed.model.name}: {_then(price)}."))
    missing = [kb.market.model(id).name for id in what.ids if id not in {x.model.id for x in found}]  # noqa: A001  # as in the data
    if missing:
        blocks.append(line(f"Not listed there: {wording.listed(missing)}."))
    return Answer(
        _verdict(prices, f" {during(asked.on)}" if asked.on else ""),
        (*blocks, line("3:1 is a blend of three parts input and one part output."), doubt(kb)),
        the_market(kb, [price for _, price in prices]),
        tuple(figures([price for _, price in prices], by_model=True)),
        tuple(Choice(listed.model.name, price_of(listed.model.id)) for listed, _ in prices),
    )


def _then(price: ModelPrice) -> str:
    if price.valid_to:
        return f"not sold then; its price until {dated(price.valid_to)}"
    return f"not sold then; its price from {dated(price.valid_from)}"


def _verdict(prices: Sequence[tuple[Listed, ModelPrice]], when: str) -> str:
    (low, cheap), (high, dear) = prices[0], prices[-1]
    if cheap is dear:
        return f"{low.model.name}: {in_out(cheap)} {PER}"
    if cheap.blended == dear.blended:
        names = wording.listed([listed.model.name for listed, _ in prices])
        return f"{names}: the same, {blend(cheap)} blended {PER}{when}"
    times = wording.factor(dear.blended / cheap.blended)
    return (
        f"{low.model.name} {blend(cheap)}, {high.model.name} {blend(dear)} blended {PER}{when}:"
        f" {times} apart"
    )
