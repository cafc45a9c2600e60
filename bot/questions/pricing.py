"""Pricing: the answers on named models, one alone or several beside each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
from bot.values import Day, Models, Named

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
        return _not_there(asked, model, kb)
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
        yield Choice(other.name, _price(other.id))


def _price(model: str) -> str:
    from bot.questions.price import Price  # it imports this module

    return Price(what=Models((Named.of(model, model),))).as_command()


def _not_there(asked: Price, model: str, kb: KnowledgeBase) -> Answer:
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


# --------------------------------------------------------------------------- several


def beside(asked: Price, what: Models, kb: KnowledgeBase) -> Answer:
    """Several models on one day; one not sold then by its nearest price, and marked."""
    if asked.on and asked.on.first > kb.market.as_of:
        return not_projected(asked, kb)
    day = asked.day(kb)
    on = asked.on or Day(day.year, day.month, day.day)
    found = [listed for id in what.ids if (listed := Listed.of(kb, id, asked.provider, day))]  # noqa: A001  # as in the data
    if not found:
        return _not_there(asked, what.ids[0], kb)
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
        tuple(Choice(listed.model.name, _price(listed.model.id)) for listed, _ in prices),
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
        return f"The same price: {blend(cheap)} blended {PER}"
    times = wording.factor(dear.blended / cheap.blended)
    return (
        f"{low.model.name} {blend(cheap)}, {high.model.name} {blend(dear)} blended {PER}{when}:"
        f" {times} apart"
    )
