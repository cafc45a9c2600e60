"""Side by side: the same bill with several models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.questions.listed import dated, doubt, during, the_market
from bot.questions.peers import listed_for, price_then
from bot.questions.reckoning import (
    CALENDAR,
    DIGITS,
    Reckoned,
    amount_words,
    dollars,
    every,
    main_period,
    many,
    mix_words,
)
from bot.values import Models, Named, Spend

if TYPE_CHECKING:
    from bot.questions.bill import Bill
    from knowledge.base import KnowledgeBase


def answer(asked: Bill, used: Models, kb: KnowledgeBase) -> Answer:
    """Each model's bill, or the tokens that the money buys there; the cheapest first."""
    found = side_by_side(asked, used, kb)
    buys, best = isinstance(asked.amount, Spend), found[0]
    rows = tuple(
        (_name(r, asked), _said(r, asked), wording.factor(r.each / best.each)) for r in found
    )
    header = ("model", f"{'tokens' if buys else 'USD'}{every(main_period(asked))}", "price")
    blocks: list[Block] = [Table(header, rows)]
    if asked.on and asked.ahead(kb):
        blocks.append(
            line(f"At today's prices: what may come by {asked.on.year} is told model by model.")
        )
    gone = [r.price for r in found if r.price.valid_to and not asked.on]
    blocks += [
        line(f"* {p.name}: not sold any more from {dated(p.valid_to)} on; its last price.")
        for p in gone
        if p.valid_to
    ]
    said = f"{mix_words(asked)} {CALENDAR if asked.amount.per else ''}".strip()
    blocks += [line(said)] if said else []
    return Answer(
        _verdict(found, asked, kb),
        (*blocks, replace(doubt(kb), detail=False)),
        the_market(kb, [r.price for r in found]),
        tuple(_figures(found, asked)),
        tuple(_alone(asked, r) for r in found),
    )


def side_by_side(asked: Bill, used: Models, kb: KnowledgeBase) -> list[Reckoned]:
    """Each model at its price, the cheapest first. NumberError: one was not sold then."""
    prices = [price_then(asked, listed_for(asked, model, kb), kb) for model in used.ids]
    found = [Reckoned.of(asked.amount, asked.mix, price) for price in prices]
    return sorted(found, key=lambda r: r.each)


def _name(reckoned: Reckoned, asked: Bill) -> str:
    return reckoned.price.name + (" *" if reckoned.price.valid_to and not asked.on else "")


def _said(reckoned: Reckoned, asked: Bill) -> str:
    per = main_period(asked)
    if isinstance(asked.amount, Spend):
        return many(reckoned.tokens(per), DIGITS)
    return dollars(reckoned.costs(per))


def _verdict(found: list[Reckoned], asked: Bill, kb: KnowledgeBase) -> str:
    per = main_period(asked)
    when = f" {during(asked.on)}" if asked.on and not asked.ahead(kb) else ""
    unit = " tokens" if isinstance(asked.amount, Spend) else ""
    amounts = [f"{r.price.name} {_said(r, asked)}{unit}" for r in found]
    return f"{amount_words(asked.amount)}{when}: {', '.join(amounts)}{every(per)}"


def _figures(found: list[Reckoned], asked: Bill) -> list[Figure]:
    per = main_period(asked)
    if isinstance(asked.amount, Spend):
        return [Figure(f"tokens.{r.price.model}", r.tokens(per), "tokens") for r in found]
    return [Figure(f"cost.{r.price.model}", r.costs(per), "USD") for r in found]


def _alone(asked: Bill, reckoned: Reckoned) -> Choice:
    model = reckoned.price.model
    used = Models((Named.of(model, model),))
    return Choice(reckoned.price.name, replace(asked, used=used).as_command())
