"""Raised: list prices that went up, at one provider for one model, the newest first."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Choice, Figure, Table, line
from bot.questions.listed import PER, dated, doubt, during, the_market
from bot.questions.pricing import price_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.price import Price
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

SHOWN = 8
Change = tuple["ModelPrice", "ModelPrice"]


def answer(asked: Price, kb: KnowledgeBase) -> Answer:
    """How many list prices were raised among all that changed, and which."""
    changes = [pair for pair in _changes(asked, kb) if pair[0].blended != pair[1].blended]
    risen = [(old, new) for old, new in changes if new.blended > old.blended]
    risen.sort(key=lambda pair: (pair[1].valid_from, pair[1].blended), reverse=True)
    where = f" at {kb.market.provider(asked.provider).name}" if asked.provider else ""
    when = f" {during(asked.on)}" if asked.on else ""
    rows = tuple(
        (
            f"{new.valid_from:%Y-%m} {new.name}, {kb.market.provider(new.provider).name}",
            wording.token_price(old.blended),
            wording.token_price(new.blended),
        )
        for old, new in risen[:SHOWN]
    )
    more = len(risen) - SHOWN
    counted = f"{len(risen)} of {wording.count(len(changes), 'change')} of a list price"
    rises = "was a rise" if len(risen) == 1 else "were rises"
    return Answer(
        f"{counted}{where}{when} {rises}"
        if changes
        else f"No change of a list price{where}{when} is known",
        (
            *([line(_known(asked, kb))] if not changes else []),
            *([Table(("model", "from", "to"), rows)] if rows else []),
            *([line(f"And {more} before.")] if more > 0 else []),
            line(f"Blended {PER}, three parts input to one output, of one model at one seller."),
            line(
                "A newer model that costs more than the one before it is no rise here: its price"
                " is its own."
            ),
            doubt(kb),
        ),
        the_market(kb, [new for _, new in risen[:SHOWN]])
        if risen
        else line(f"Source: list prices as of {dated(kb.market.as_of)}"),
        (
            Figure("rises", len(risen), "count"),
            Figure("changes", len(changes), "count"),
        ),
        tuple(Choice(new.name, price_of(new.model)) for _, new in risen[:4]),
    )


def _known(asked: Price, kb: KnowledgeBase) -> str:
    """From when to when changes are known, so that none is not taken for proof of none."""
    days = [new.valid_from for _, new in _changes(replace(asked, provider=None, on=None), kb)]
    return f"Those that are known are from {dated(min(days))} to {dated(max(days))}."


def _changes(asked: Price, kb: KnowledgeBase) -> Iterator[Change]:
    """Each price with the one that took its place, at the provider and in the time asked for."""
    for model in kb.market.models():
        prices = kb.market.periods(model.id, asked.provider)
        for _, of_one in groupby(prices, key=lambda price: price.provider):
            for old, new in pairwise(of_one):
                if not asked.on or asked.on.first <= new.valid_from <= asked.on.last:
                    yield old, new
