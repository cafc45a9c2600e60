"""Pricing: the answer on one model: its price then, before and after, and who else sells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Table, line
from bot.questions.listed import (
    PER,
    Listed,
    at_end,
    blend,
    dated,
    doubt,
    during,
    ending,
    in_out,
    start,
    the_market,
)
from bot.values import Models, Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.questions.price import Price
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

MOST_ROWS = 12  # price periods in a table
MOST_HOSTS, MOST_RELATIVES = 4, 3


def alone(asked: Price, model: str, kb: KnowledgeBase) -> Answer:
    """One model: its price then, what it was before and after, who else sells it."""
    if asked.on and asked.on.first > kb.market.as_of:
        return not_projected(asked, kb)
    listed = Listed.of(kb, model, asked.provider, asked.day(kb))
    if listed is None:
        return not_there(asked, model, kb)
    shown, headline = _chosen(asked, listed, kb)
    price = shown[-1]
    blocks: list[Block] = [line(f"Blended, three parts input to one output: {blend(price)}.")]
    if len(shown) > 1:
        blocks.append(periods(shown))
        if len(shown) > MOST_ROWS:
            blocks.append(line(f"The last {MOST_ROWS} of {len(shown)} prices."))
    elif said := start(price):
        blocks.append(said)
    blocks += [_since(listed, price, shown), *filter(None, [ending(listed, kb)])]
    if hosts := _elsewhere(asked, listed, kb):
        blocks.append(line(hosts))
    return Answer(
        headline,
        (*blocks, doubt(kb)),
        the_market(kb, shown),
        tuple(figures(shown)),
        (*_views(asked, listed, kb), *_relatives(model, kb)),
    )


def _chosen(asked: Price, listed: Listed, kb: KnowledgeBase) -> tuple[tuple[ModelPrice, ...], str]:
    """The prices to show, and what they come to in a line."""
    name, at = listed.model.name, f" at {listed.provider.name}" if listed.provider.host else ""
    first, last = listed.periods[0], listed.periods[-1]
    gone = f", until {dated(last.valid_to)}" if last.valid_to else ""
    if asked.history:
        if len(listed.periods) == 1:
            return listed.periods, f"{name}{at}: always {in_out(last)} {PER}{gone}"
        change = wording.factor(first.blended / last.blended)
        said = f"{blend(first)} to {blend(last)} blended {PER}, {change} cheaper"
        if last.blended >= first.blended:
            said = f"{blend(first)} to {blend(last)} blended {PER}"
        return listed.periods, f"{name}{at}: {said}"
    if asked.on is None:
        return (last,), f"{name}{at}: {in_out(last)} {PER}{gone}"
    if found := listed.during(asked.on):
        when = at_end(asked.on) if len(found) > 1 else during(asked.on)
        return found, f"{name}{at} {when}: {in_out(found[-1])} {PER}"
    near = listed.nearest(asked.on.first)
    if near.valid_from > asked.on.last:
        released = near.released
        out = released is not None and released > asked.on.last
        said = f"its first price is of {dated(near.valid_from)}"
        there = "was not out yet" if out else "has no price here"
        return (near,), f"{name}{at} {there} {during(asked.on)}: {said}, {in_out(near)}"
    ended = f"until {dated(near.valid_to)}" if near.valid_to else ""
    return (near,), f"{name}{at} was not sold any more {during(asked.on)}: {in_out(near)} {ended}"


def periods(shown: Sequence[ModelPrice]) -> Table:
    """Prices by the day from which on they were in force."""
    rows = (
        (
            p.valid_from.isoformat(),
            wording.price(p.input),
            wording.price(p.output),
            wording.price(p.blended),
        )
        for p in shown[-MOST_ROWS:]
    )
    return Table(("from", "in", "out", "3:1"), tuple(rows))


def figures(shown: Iterable[ModelPrice], *, by_model: bool = False) -> Iterable[Figure]:
    for price in shown:
        of = price.model if by_model else price.valid_from.isoformat()
        for name in ("input", "output", "blended"):
            yield Figure(f"{name}.{of}", getattr(price, name), "USD per million tokens")


def _since(listed: Listed, price: ModelPrice, shown: Sequence[ModelPrice]) -> Block:
    """Since when, and what it was before."""
    at = listed.periods.index(price)
    said = f"{listed.provider.name}, from {dated(price.valid_from)}"
    if price.valid_to:
        said += f" until {dated(price.valid_to)}"
    if at and len(shown) == 1:
        said += f"; before that {in_out(listed.periods[at - 1])}"
    if at + 1 < len(listed.periods) and len(shown) == 1:
        said += f"; after that {in_out(listed.periods[at + 1])}"
    return line(f"{said}.")


def _elsewhere(asked: Price, listed: Listed, kb: KnowledgeBase) -> str | None:
    """Who else sold it on the day, the cheapest first."""
    offers = kb.market.offers(listed.model.id, asked.day(kb))
    others = [o for o in offers if o.provider != listed.provider.id]
    if not others:
        return None
    said = [
        f"{kb.market.provider(o.provider).name} {wording.price(o.input)}/{wording.price(o.output)}"
        for o in others[:MOST_HOSTS]
    ]
    more = len(others) - MOST_HOSTS
    return f"Also at {', '.join(said)}{f', and {more} more' if more > 0 else ''}."


def _views(asked: Price, listed: Listed, kb: KnowledgeBase) -> Iterable[Choice]:
    if asked.on or asked.history:
        yield Choice("Latest", replace(asked, on=None, history=None).as_command())
    if not asked.history and len(listed.periods) > 1:
        yield Choice("Over time", replace(asked, on=None, history="over time").as_command())


def _relatives(model: str, kb: KnowledgeBase) -> Iterable[Choice]:
    """Models of the same family, those nearest in time."""
    market = kb.market
    words = [w for f in market.families() for w in (*f.words, *f.lines) if model.startswith(w)]
    if not words:
        return
    family = [m for m in market.models() if m.id.startswith(words[0]) and m.id != model]
    since = market.model(model).first_priced
    family.sort(key=lambda m: (abs((m.first_priced - since).days), m.id))
    for other in family[:MOST_RELATIVES]:
        yield Choice(other.name, price_of(other.id))


def price_of(model: str) -> str:
    """The command that asks for a model's price."""
    from bot.questions.price import Price  # it imports this module

    return Price(what=Models((Named.of(model, model),))).as_command()


def not_there(asked: Price, model: str, kb: KnowledgeBase) -> Answer:
    """The provider asked for never sold it; others did."""
    market = kb.market
    name = market.provider(asked.provider or "").name
    sellers = dict.fromkeys(p.provider for p in market.periods(model))
    said = wording.listed([market.provider(seller).name for seller in sellers])
    return Answer(
        f"{name} never listed {market.model(model).name} in this table",
        (line(f"Listed at {said}."),),
        choices=(Choice(market.model(model).name, replace(asked, provider=None).as_command()),),
        outcome="refused",
    )


def not_projected(asked: Price, kb: KnowledgeBase) -> Answer:
    """What a model will be sold for is not known, and not guessed."""
    today = dated(kb.market.as_of)
    return Answer(
        "List prices are not projected",
        (line(f"They are known as of {today}; nobody has set those of later days."),),
        choices=(
            Choice("Latest", replace(asked, on=None).as_command()),
            Choice(
                "The post's projection", f"/project {asked.on.year}" if asked.on else "/project"
            ),
        ),
        outcome="refused",
    )
