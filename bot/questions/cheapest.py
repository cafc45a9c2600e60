"""Cheapest: the cheapest or dearest models of a day, and what all of them cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.questions.listed import EVERY, PER, blend, dated, doubt, in_out, newest, the_market
from bot.questions.pricing import not_projected
from bot.values import Models, Named
from knowledge.errors import NumberError
from knowledge.market.base import POST_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.questions.price import Price
    from bot.selling import Among
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

SHOWN = 5


def answer(asked: Price, which: Among, kb: KnowledgeBase) -> Answer:
    """The offers of a day, all of them or one provider's, by their blended price."""
    if asked.on and asked.on.first > kb.market.as_of:
        return not_projected(asked, kb)
    day = asked.day(kb)
    offers = kb.market.cheapest(day, provider=asked.provider, limit=EVERY)
    if not offers:
        where = f" at {kb.market.provider(asked.provider).name}" if asked.provider else ""
        raise NumberError(f"no list price{where} is known for {dated(day)}")
    if which == "models":
        return _all(asked, offers, kb)
    return _first(asked, offers if which == "cheapest" else offers[::-1], kb)


def _first(asked: Price, offers: Sequence[ModelPrice], kb: KnowledgeBase) -> Answer:
    """The cheapest or dearest few."""
    best, shown = offers[0], offers[:SHOWN]
    day, market = asked.day(kb), kb.market
    others: Among = "dearest" if asked.what == "cheapest" else "cheapest"
    blocks: list[Block] = [_table(shown, kb, asked)]
    if asked.what == "cheapest" and asked.provider is None:
        blocks += _level(day, kb)
        blocks.append(line(market.doubt("not-all-hosts").says, detail=True))
    return Answer(
        f"{str(asked.what).capitalize()} of {len(offers)} offers on {dated(day)}: {best.name} at"
        f" {market.provider(best.provider).name}, {in_out(best)} {PER}",
        (*blocks, doubt(kb)),
        the_market(kb, shown),
        tuple(_figures(shown)),
        (
            Choice(best.name, _named(asked, best.model).as_command()),
            Choice(others.capitalize(), replace(asked, what=others).as_command()),
        ),
    )


def _all(asked: Price, offers: Sequence[ModelPrice], kb: KnowledgeBase) -> Answer:
    """What models cost on a day: at GPT-4's level, and from the cheapest to the dearest."""
    day, market = asked.day(kb), kb.market
    low, high = offers[0], offers[-1]
    from statistics import median  # here, because it brings decimals and fractions along

    middle = median(offer.blended for offer in offers)
    if asked.provider:
        shown = newest(market, asked.provider, day)[:SHOWN]
        name = market.provider(asked.provider).name
        blocks: list[Block] = [line("Its newest:"), _table(shown, kb, asked)]
        headline = f"{name} on {dated(day)}: {blend(low)} to {blend(high)} blended {PER}"
    else:
        shown = list(dict.fromkeys((low, high)))
        headline = f"{dated(day)}: {blend(low)} to {blend(high)} blended {PER}"
        blocks = _level(day, kb)
        blocks.append(
            line(
                f"{len(offers)} offers; the middle one costs {wording.about(middle, 3)}. The"
                f" cheapest is {low.name}, the dearest {high.name}."
            )
        )
    return Answer(
        headline,
        (*blocks, line("The price depends on the model: ask for one by name."), doubt(kb)),
        the_market(kb, shown),
        (*_figures(shown), Figure("median", middle, "USD per million tokens")),
        (
            Choice("Cheapest", replace(asked, what="cheapest").as_command()),
            Choice("Dearest", replace(asked, what="dearest").as_command()),
        ),
    )


def _level(day: date, kb: KnowledgeBase) -> list[Block]:
    """The cheapest that is as good as GPT-4 was."""
    level = kb.market.level(POST_LEVEL)
    found = kb.market.cheapest(day, level)
    said = f"At {level.name} level ({level.benchmark} at least {level.threshold:g})"
    return [
        line(
            f"{said}: {p.name} at {kb.market.provider(p.provider).name}, {blend(p)} blended {PER}."
        )
        for p in found
    ]


def _table(shown: Sequence[ModelPrice], kb: KnowledgeBase, asked: Price) -> Table:
    rows = (
        (
            p.name if asked.provider else f"{p.name}, {kb.market.provider(p.provider).name}",
            wording.price(p.input),
            wording.price(p.output),
            blend(p),
        )
        for p in shown
    )
    return Table(("model", "in", "out", "3:1"), tuple(rows))


def _figures(shown: Sequence[ModelPrice]) -> list[Figure]:
    return [
        Figure(f"{name}.{p.model}.{p.provider}", getattr(p, name), "USD per million tokens")
        for p in shown
        for name in ("input", "output", "blended")
    ]


def _named(asked: Price, model: str) -> Price:
    return replace(asked, what=Models((Named.of(model, model),)), on=asked.on)
