"""Ahead: what a bill says of a later year: a range at each rate, its ends, what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Figure, Table, line
from bot.questions.listed import dated
from bot.questions.outlook import LEVEL, Outlook, said
from bot.questions.reckoning import every, main_period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.outlook import Assumed, Ends
    from bot.questions.peers import Peers
    from bot.questions.reckoning import Reckoned
    from knowledge.base import KnowledgeBase

YEARS_AHEAD = 3  # that are shown unless a year is asked for


def outlook(peers: Peers, kb: KnowledgeBase) -> Outlook | None:
    """The rates, up to the year asked for; None for the past, and where nothing is sold now."""
    asked = peers.asked
    if (asked.on and not asked.ahead(kb)) or not peers.ongoing:
        return None
    year = asked.on.year if asked.on else kb.market.as_of.year + YEARS_AHEAD
    return Outlook.of(kb, peers.level, year)


def ends(peers: Peers, reckoned: Reckoned, rate: Assumed, ahead: Outlook) -> Ends | None:
    """The least and the most at one rate; a level's rate is only of its cheapest."""
    if rate.key == LEVEL and reckoned is not peers.cheapest:
        return None
    now = (reckoned.tokens if peers.buys else reckoned.costs)(main_period(peers.asked))
    low, high = ahead.shares(rate.rate)
    return (now / high, now / low) if peers.buys else (now * low, now * high)


def blocks(peers: Peers, ahead: Outlook, kb: KnowledgeBase) -> Iterator[Block]:
    """The range over all rates, which are never averaged, then each rate and what is assumed."""
    unit = f"{' tokens' if peers.buys else ''}{every(main_period(peers.asked))}"
    ranges = [
        f"{said(_any(peers, r, ahead), buys=peers.buys)}{unit} with {_name(r, peers, kb)}"
        for r in peers.ongoing
    ]
    yield line(
        f"{ahead.year}: {wording.listed(ranges)}, if prices fall as one of {len(ahead.rates)} rates"
        " that measure different things. A scenario, no forecast."
    )
    yield _table(peers, ahead)
    yield ahead.words()
    yield line(
        f"Assumed: the same use and mix, and {wording.count(ahead.years, 'year')} of that rate"
        f" from the prices of {dated(kb.market.as_of)} on.{_unchanged(peers)}",
        detail=True,
    )
    if peers.level and peers.level.note:
        yield line(peers.level.note, detail=True)


def _name(reckoned: Reckoned, peers: Peers, kb: KnowledgeBase) -> str:
    """The model; with who sells it, where both are the same one."""
    price = reckoned.price
    if len({r.price.model for r in peers.both}) == len(peers.both):
        return price.name
    return f"{price.name} at {kb.market.provider(price.provider).name}"


def _any(peers: Peers, reckoned: Reckoned, ahead: Outlook) -> Ends:
    """The least and the most at any of the rates."""
    found = [e for rate in ahead.rates if (e := ends(peers, reckoned, rate, ahead))]
    return min(low for low, _ in found), max(high for _, high in found)


def _table(peers: Peers, ahead: Outlook) -> Table:
    """What each rate makes of what was asked for, and of the cheapest."""
    rows = []
    for rate in ahead.rates:
        found = [ends(peers, r, rate, ahead) for r in peers.ongoing]
        rows.append((rate.label, *(said(e, buys=peers.buys) if e else "–" for e in found)))
    then = f"{ahead.year}{every(main_period(peers.asked))}"
    header = (then, "this", "cheapest") if len(peers.ongoing) > 1 else ("down a year", then)
    return Table(header, tuple(rows), detail=True)


def _unchanged(peers: Peers) -> str:
    """How long the model's own list price has stood still: levels fall by other models."""
    price = peers.own.price
    if peers.listed is None or price.valid_to:
        return ""
    return (
        f" {price.name}'s own list price is the same since {dated(price.valid_from)}: a level gets"
        " cheaper mostly by other models."
    )


def figures(peers: Peers, ahead: Outlook) -> Iterator[Figure]:
    """Each rate's ends, of what was asked for and of the cheapest."""
    unit = "tokens" if peers.buys else "USD"
    for reckoned in peers.ongoing:
        whose = "own" if reckoned is peers.own else "cheapest"
        for rate in ahead.rates:
            found = ends(peers, reckoned, rate, ahead)
            for end, value in zip(("low", "high"), found or (), strict=False):
                yield Figure(f"{ahead.year}.{whose}.{rate.key}.{end}", value, unit)
