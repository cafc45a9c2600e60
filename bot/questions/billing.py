"""Billing: the answer on one model or level: its bill, the cheapest as capable, years to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, line
from bot.questions import ahead, within
from bot.questions.levels import doubts, full
from bot.questions.listed import dated, doubt, during
from bot.questions.outlook import MOST_YEARS, sources
from bot.questions.peers import Peers
from bot.questions.pricing import price_of
from bot.questions.reckoning import (
    CALENDAR,
    DIGITS,
    amount_words,
    counted,
    dollars,
    every,
    main_period,
    many,
    mix_words,
    periods,
)
from bot.values import Day, Models, Named, Volume

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.bill import Bill
    from bot.questions.outlook import Outlook
    from knowledge.base import KnowledgeBase

A_CALL = (500, 2_000, 10_000)  # tokens that are suggested
TERMS = "At list prices for text, without discounts for batches or cached input."


def answer(asked: Bill, kb: KnowledgeBase) -> Answer:
    """The bill by day, month and year, or the tokens that money buys; and what may become of it."""
    peers = Peers.of(asked, kb)
    later = ahead.outlook(peers, kb)
    blocks = [
        *within.blocks(peers),
        *_now(peers, kb),
        *(ahead.blocks(peers, later, kb) if later else ()),
    ]
    blocks.append(line(f"{TERMS} {CALENDAR}" if asked.amount.per else TERMS, detail=True))
    blocks += doubts() if peers.level else [replace(doubt(kb), detail=False)]
    return Answer(
        _headline(peers, kb),
        tuple(blocks),
        sources(kb, [r.price for r in peers.both], ahead=later is not None),
        (*_figures(peers), *within.figures(peers), *(ahead.figures(peers, later) if later else ())),
        tuple(_choices(peers, later, kb)),
    )


def ask_for_tokens(asked: Bill, calls: Volume) -> Answer:
    """Calls have no price of their own: how many tokens one has must be said."""
    return Answer(
        "How many tokens does a call have?",
        (line("Models are paid by the token. Say it, such as 2k tokens, or 1.5k in 500 out."),),
        choices=tuple(
            Choice(
                f"{tokens:,} tokens",
                replace(asked, amount=replace(calls, tokens=float(tokens))).as_command(),
            )
            for tokens in A_CALL
        ),
        outcome="asked",
    )


def _headline(peers: Peers, kb: KnowledgeBase) -> str:
    asked, own = peers.asked, peers.own
    when = f" {during(asked.on)}" if asked.on and not asked.ahead(kb) else ""
    what = f"{amount_words(asked.amount)} on {_name(peers, kb)}{when}"
    first, *rest = periods(asked)
    if peers.buys:
        bought = f"{counted(own.tokens(first), 'token', DIGITS)}{every(first)}"
        said = [bought, *(f"{many(own.tokens(p), DIGITS)}{every(p)}" for p in rest)]
        return f"{what} buys {', '.join(said)}"
    told = ", ".join(f"{dollars(own.costs(p))}{every(p)}" for p in (first, *rest))
    return f"{what}: {told}{within.verdict(peers)}"


def _name(peers: Peers, kb: KnowledgeBase) -> str:
    """What the price is of: 'GPT-4o', 'Llama 3.3 70B Instruct at Groq'."""
    price = peers.own.price
    provider = kb.market.provider(price.provider)
    at = f" at {provider.name}" if provider.host else ""
    level = f"{full(peers.level)}, " if peers.level and not peers.listed else ""
    return f"{level}{price.name}{at}"


def _now(peers: Peers, kb: KnowledgeBase) -> Iterator[Block]:
    """The tokens at their prices, whether that is still sold, and the cheapest as capable."""
    usage, price = peers.own.usage, peers.own.price
    digits = DIGITS if peers.buys else None
    per = f"{every(peers.own.per).strip().capitalize()}: " if peers.own.per else ""
    used = [
        (tokens, f"{way} at {wording.price(each)}")
        for tokens, way, each in (
            (usage.input, "in", price.input),
            (usage.output, "out", price.output),
        )
        if tokens
    ]
    (tokens, first), *others = used
    sides = [f"{counted(tokens, 'token', digits)} {first}"]
    sides += [f"{many(tokens, digits)} {other}" for tokens, other in others]
    yield line(f"{per}{wording.listed(sides)} a million.{mix_words(peers.asked)}")
    if price.valid_to and peers.listed and peers.listed.ended and not peers.asked.on:
        yield line(f"Not sold any more from {dated(price.valid_to)} on; this is its last price.")
    yield line(_beside(peers, kb))


def _beside(peers: Peers, kb: KnowledgeBase) -> str:
    level, cheaper, per = peers.level, peers.cheaper, main_period(peers.asked)
    if level is None:
        return (
            f"No published score here puts {peers.own.price.name} at a level of capability, so"
            " there is no cheapest as capable, and no rate of its level."
        )
    if cheaper is None:
        return f"Nothing that reaches {full(level)} is cheaper in this mix."
    at = kb.market.provider(cheaper.price.provider).name
    times = wording.factor(peers.own.each / cheaper.each)
    amount = f"{dollars(cheaper.costs(per))}{every(per)}, {times} cheaper"
    if peers.buys:
        tokens = counted(cheaper.tokens(per), "token", DIGITS)
        amount = f"{tokens}{every(per)}, {times} as many"
    return f"Cheapest at its level, {full(level)}: {cheaper.price.name} at {at}, {amount}."


def _figures(peers: Peers) -> Iterator[Figure]:
    for whose, reckoned in zip(("", "cheapest."), peers.both, strict=False):
        for per in periods(peers.asked):
            name = f"{whose}{'tokens' if peers.buys else 'cost'}.{per or 'total'}"
            if peers.buys:
                yield Figure(name, reckoned.tokens(per), "tokens")
            else:
                yield Figure(name, reckoned.costs(per), "USD")


def _choices(peers: Peers, later: Outlook | None, kb: KnowledgeBase) -> Iterator[Choice]:
    """Now, a year to either side, the same with the cheapest, and the model's price."""
    asked, now = peers.asked, kb.market.as_of.year
    if asked.on:
        yield Choice("Now", replace(asked, on=None).as_command())
    if later:
        for year in (later.year - 1, later.year + 1):
            if now < year <= now + MOST_YEARS:
                yield Choice(str(year), replace(asked, on=Day(year)).as_command())
    if peers.cheaper:
        price = peers.cheaper.price
        used = Models((Named.of(price.model, price.model),))
        host = price.provider if kb.market.provider(price.provider).host else None
        yield Choice("Cheapest", replace(asked, used=used, provider=host).as_command())
    yield Choice("List price", price_of(peers.own.price.model))
