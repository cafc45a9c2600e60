"""Peers: what a bill is of at its own price, and at the cheapest offer that is as capable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.questions.levels import full
from bot.questions.listed import Listed, dated, during
from bot.questions.reckoning import Reckoned
from bot.values import Spend, Volume
from knowledge.errors import NumberError
from knowledge.market.bill import PER_PRICE

if TYPE_CHECKING:
    from bot.questions.bill import Bill
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import Level, ModelPrice

EVERY_OFFER = 10_000  # more than there are on a day
SAME = 1e-9  # prices that differ by less are equal


class Peers(Struct, frozen=True):
    """One bill twice: at the price asked for, and at the cheapest that reaches the same level.

    `listed` is None where a level was asked for and no model, `level` where no score is known,
    `cheaper` where nothing as capable costs less.
    """

    asked: Bill
    own: Reckoned
    listed: Listed | None
    level: Level | None
    cheaper: Reckoned | None

    @classmethod
    def of(cls, asked: Bill, kb: KnowledgeBase) -> Peers:
        """NumberError where nothing was sold then, or a limit is none."""
        if asked.limit and not asked.limit.dollars > 0:
            raise NumberError("a budget must be above zero, such as within $500/month")
        if isinstance(asked.used, str):
            level = kb.market.level(asked.used)
            offer = _cheapest(asked, level, asked.provider, kb)
            own, listed = Reckoned.of(asked.amount, asked.mix, offer), None
        else:
            listed = listed_for(asked, asked.used.listed[0].id, kb)
            own = Reckoned.of(asked.amount, asked.mix, price_then(asked, listed, kb))
            standing = kb.market.standing(own.price.model, asked.day(kb))
            if standing is None:
                return cls(asked, own, listed, None, None)
            level = standing
        least = Reckoned.of(asked.amount, asked.mix, _cheapest(asked, level, None, kb))
        less = least.each < own.each * (1 - SAME)
        return cls(asked, own, listed, level, least if less else None)

    @property
    def both(self) -> tuple[Reckoned, ...]:
        """What was asked for, and the cheaper one where there is one."""
        return (self.own, self.cheaper) if self.cheaper else (self.own,)

    @property
    def ongoing(self) -> tuple[Reckoned, ...]:
        """Those of both that are still sold: only their prices may fall."""
        return tuple(r for r in self.both if r.price.valid_to is None)

    @property
    def cheapest(self) -> Reckoned:
        """Whichever is the cheapest of the level: what the level's own rate is of."""
        return self.cheaper or self.own

    @property
    def buys(self) -> bool:
        """Whether it is money whose tokens are asked for."""
        return isinstance(self.asked.amount, Spend)


def listed_for(asked: Bill, model: str, kb: KnowledgeBase) -> Listed:
    """The model's prices at the provider asked for, or its maker. NumberError: none there."""
    listed = Listed.of(kb, model, asked.provider, asked.day(kb))
    if listed is None:
        where, name = kb.market.provider(asked.provider or "").name, kb.market.model(model).name
        raise NumberError(f"{where} never listed {name} in this table")
    return listed


def price_then(asked: Bill, listed: Listed, kb: KnowledgeBase) -> ModelPrice:
    """The newest price, or that of a past day. NumberError: it was not sold then."""
    if asked.on is None or asked.ahead(kb):
        return listed.periods[-1]
    if found := listed.during(asked.on):
        return found[-1]
    until = f" until {dated(listed.ended)}" if listed.ended else " on"
    since = dated(listed.periods[0].valid_from)
    raise NumberError(
        f"{listed.model.name} was not sold {during(asked.on)}: its list prices are from"
        f" {since}{until}"
    )


def _cheapest(asked: Bill, level: Level, provider: str | None, kb: KnowledgeBase) -> ModelPrice:
    """The offer that reaches the level and costs least in the mix asked for."""
    offers = kb.market.cheapest(asked.day(kb), level, provider, EVERY_OFFER)
    if not offers:
        where = f" at {kb.market.provider(provider).name}" if provider else ""
        raise NumberError(f"no model that reaches {full(level)} had a list price{where} then")
    amount = asked.amount if isinstance(asked.amount, Volume) else Volume(PER_PRICE)
    return Reckoned.of(amount, asked.mix, offers[0]).usage.cheapest(offers)
