"""Listed: one model's price periods at one provider, and what answers say of list prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.answer import Line, Link, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.values import Day
    from knowledge.base import KnowledgeBase
    from knowledge.market.base import Market
    from knowledge.market.records import Model, ModelPrice, Provider

EVERY = 10_000  # more offers than there are on a day
PER = "per million tokens"
NOT_DATED = ("first day", "public record")  # how a start is known that may have been earlier


class Listed(Struct, frozen=True):
    """A model at a provider, with all its price periods there, oldest first; at least one."""

    model: Model
    provider: Provider
    periods: tuple[ModelPrice, ...]

    @classmethod
    def of(cls, kb: KnowledgeBase, model: str, provider: str | None, on: date) -> Listed | None:
        """At the provider asked for, else at its maker, else at the cheapest host of the day.

        None where that provider never sold it.
        """
        market = kb.market
        seller = provider or _seller(market, model, on)
        periods = market.periods(model, seller)
        return cls(market.model(model), market.provider(seller), periods) if periods else None

    def during(self, day: Day) -> tuple[ModelPrice, ...]:
        """The prices in force on any day of a day, month or year."""
        return tuple(
            p
            for p in self.periods
            if p.valid_from <= day.last and (p.valid_to is None or day.first < p.valid_to)
        )

    def nearest(self, day: date) -> ModelPrice:
        """The price in force on a day, else the last before it, else the first."""
        before = [p for p in self.periods if p.valid_from <= day]
        return before[-1] if before else self.periods[0]

    @property
    def ended(self) -> date | None:
        """The day from which on it was not sold there."""
        return self.periods[-1].valid_to


def newest(market: Market, seller: str, day: date) -> list[ModelPrice]:
    """What a seller offered on a day, the models first that are newest here."""
    offers = market.cheapest(day, provider=seller, limit=EVERY)
    by_age = sorted(offers, key=lambda o: (market.model(o.model).first_priced, o.model))
    return by_age[::-1]


def _seller(market: Market, model: str, on: date) -> str:
    periods = market.periods(model)
    own = [p for p in periods if not market.provider(p.provider).host]
    if own:
        return own[0].provider
    price = market.price(model, on)
    if price is None:
        before = [p for p in periods if p.valid_from <= on]
        price = max(before, key=lambda p: p.valid_from) if before else periods[0]
    return price.provider


def in_out(price: ModelPrice) -> str:
    """$2.50 in, $10 out."""
    return f"{wording.price(price.input)} in, {wording.price(price.output)} out"


def blend(price: ModelPrice) -> str:
    return wording.price(price.blended)


def dated(day: date) -> str:
    """6 August 2024."""
    return f"{day.day} {day:%B %Y}"


def during(day: Day) -> str:
    """in 2024, in August 2024, on 6 August 2024."""
    if day.day:
        return f"on {dated(day.first)}"
    return f"in {day.first:%B %Y}" if day.month else f"in {day.year}"


def at_end(day: Day) -> str:
    """at the end of 2024, at the end of August 2024."""
    return f"at the end of {during(day).removeprefix('in ')}"


def doubt(kb: KnowledgeBase) -> Line:
    return line(kb.market.doubt("list-price").says, detail=True)


def the_market(kb: KnowledgeBase, prices: Sequence[ModelPrice]) -> Line:
    """The source line of list prices: where they were read, who else shows them, as of when."""
    as_of = f"list prices as of {dated(kb.market.as_of)}"
    origins = {origin.id: origin for price in prices for origin in [kb.market.origin(price)]}
    if len(prices) == 1:
        price = prices[0]
        name, _, version = price.source.partition(" (")
        origin = kb.market.origin(price)
        said = [f" ({version}"] if version else []
        others = [w for w in price.witnesses if not origin.id.startswith(w)]
        said += [f", also in {wording.listed(others)}"] if others else []
        return line("Source: ", Link(name, origin.url), *said, f"; {as_of}")
    parts = [part for o in origins.values() for part in (Link(o.id, o.url), ", ")]
    return line("Sources: " if len(origins) > 1 else "Source: ", *parts[:-1], f"; {as_of}")


def start(price: ModelPrice) -> Line | None:
    """How the start of a price is known where its day is not exact."""
    known = price.start_known or ""
    if known.startswith(NOT_DATED[0]):
        return line(
            f"It was first seen on {dated(price.valid_from)}; the change may have come earlier."
        )
    if known.startswith(NOT_DATED[1]):
        return line(
            f"That it began on {dated(price.valid_from)} is public record, not checked again."
        )
    return None


def ending(listed: Listed, kb: KnowledgeBase) -> Line | None:
    """When it was retired, and what took its place."""
    price, model = listed.periods[-1], listed.model
    instead = _name(kb, model.replaced_by) if model.replaced_by else None
    if price.valid_to is None:
        return line(f"Replaced by {instead}.") if instead else None
    how = price.end_known or ""
    gone = "retired" if how.startswith("retirement") else "no longer listed"
    said = f"{listed.provider.name}: {gone} from {dated(price.valid_to)} on"
    return line(f"{said}; replaced by {instead}." if instead else f"{said}.")


def _name(kb: KnowledgeBase, id: str) -> str:  # noqa: A002  # as in the data
    """A model's name by its id; what is no id here is a name already."""
    return next((m.name for m in kb.market.models() if m.id == id), id)
