"""Workings of bills: the tokens, their prices, other periods, and each rate year by year."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, line
from bot.questions import ahead
from bot.questions.cost import PER_YEAR
from bot.questions.levels import full, month
from bot.questions.outlook import HARDWARE, LEVEL, lately
from bot.questions.peers import Peers
from bot.questions.published import PUBLISHED, grouped
from bot.questions.reckoning import dollars as shown
from bot.questions.reckoning import every, main_period, periods
from bot.questions.side_by_side import side_by_side
from bot.questions.within import lasts, share
from bot.receipts.claims import annual
from bot.receipts.levels import a_year, trend
from bot.receipts.prices import price_rows
from bot.receipts.workings import (
    FINE,
    RESULT,
    Working,
    dollars,
    equation,
    given,
    number,
    percent,
    step,
    table_average,
)
from bot.values import USUAL_MIX, Models, Spend, Volume
from knowledge.market.bill import PER_PRICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.questions.bill import Bill
    from bot.questions.outlook import Outlook
    from bot.questions.reckoning import Reckoned
    from bot.values import Per
    from knowledge.base import KnowledgeBase

MANY = 10  # digits of tokens that go into a bill


def of_bill(asked: Bill, kb: KnowledgeBase) -> Working:
    """The tokens and their cost; of one model also other periods, its level and the rates."""
    if isinstance(asked.amount, Volume) and asked.amount.asks:
        return Working(())
    if isinstance(asked.used, Models) and len(asked.used.listed) > 1:
        found = side_by_side(asked, asked.used, kb)
        per, buys = main_period(asked), isinstance(asked.amount, Spend)
        each = [x for r in found for x in (_cost(asked, r), *_told(r, (per,), buys=buys))]
        return Working((price_rows([r.price for r in found]), *_tokens(asked), *each))
    peers = Peers.of(asked, kb)
    blocks: list[Block] = [
        price_rows([r.price for r in peers.both]),
        *_tokens(asked),
        *(_cost(asked, r) for r in peers.both),
        *_told(peers.own, periods(asked), buys=peers.buys),
        *(_told(peers.cheaper, (main_period(asked),), buys=peers.buys) if peers.cheaper else ()),
        *_within(peers),
        *_level(peers, kb),
    ]
    if later := ahead.outlook(peers, kb):
        blocks += [*_rates(peers, later, kb), *_later(peers, later)]
    return Working(tuple(blocks))


def _tokens(asked: Bill) -> Iterator[Line]:
    """How many go in and come out, of a volume; of money they follow from the price."""
    amount, parts = asked.amount, asked.mix or USUAL_MIX
    if not isinstance(amount, Volume):
        return
    calls = f"{given(amount.calls)} × " if amount.calls is not None else ""
    times = amount.calls or 1.0
    if amount.output is None:
        whole = f"({given(parts.input)} + {given(parts.output)})"
        for name, part in (("Input", parts.input), ("Output", parts.output)):
            if not part:
                continue
            tokens = times * amount.tokens * part / (parts.input + parts.output)
            formula = f"{calls}{given(amount.tokens)} × {given(part)}/{whole}"
            yield equation(name, formula, _count(tokens))
    elif calls:
        for name, tokens in (("Input", amount.tokens), ("Output", amount.output)):
            if tokens:
                yield equation(name, f"{calls}{given(tokens)}", _count(times * tokens))


def _cost(asked: Bill, r: Reckoned) -> Line:
    """What the tokens cost at a price, or how many the money buys."""
    price, parts, per = r.price, asked.mix or USUAL_MIX, every(r.per)
    if isinstance(asked.amount, Spend):
        sides = (
            f"{given(parts.input)} × {given(price.input)} + {given(parts.output)} ×"
            f" {given(price.output)}"
        )
        blend = f"(({sides})/({given(parts.input)} + {given(parts.output)}))"
        formula = f"{given(PER_PRICE)} × {given(r.dollars)}/{blend}"
        return equation(f"{price.name}, tokens{per}", formula, _count(r.usage.total, RESULT))
    sides = (
        f"{_count(r.usage.input)} × {given(price.input)} + {_count(r.usage.output)} ×"
        f" {given(price.output)}"
    )
    formula = f"({sides})/{given(PER_PRICE)}"
    return equation(f"{price.name}{per}", formula, dollars(r.dollars), shown(r.dollars))


def _told(r: Reckoned, told: Iterable[Per | None], *, buys: bool) -> Iterator[Line]:
    """The same in other periods."""
    for per in told:
        if not per or not r.per or per == r.per:
            continue
        times = f"{_a_year(r.per)}/{_a_year(per)}"
        if buys:
            formula = f"{_count(r.usage.total, FINE)} × {times}"
            yield equation(
                f"{r.price.name}, tokens{every(per)}", formula, _count(r.tokens(per), RESULT)
            )
        else:
            formula = f"{step(r.dollars, FINE)} × {times}"
            amount = r.costs(per)
            yield equation(f"{r.price.name}{every(per)}", formula, dollars(amount), shown(amount))


def _within(peers: Peers) -> Iterator[Line]:
    """What part of a limit it takes, or how many days that lasts."""
    limit = peers.asked.limit
    if limit is None:
        return
    for r in peers.both:
        if (part := share(r, limit)) is not None:
            formula = f"{step(r.costs(limit.per), FINE)}/{given(limit.dollars)}"
            yield equation(f"{r.price.name}, share", formula, percent(part))
        elif (years := lasts(r, limit)) is not None:
            formula = f"{given(limit.dollars)}/{step(r.costs('day'), FINE)}"
            yield equation(f"{r.price.name}, days", formula, number(years * PER_YEAR["day"]))


def _a_year(per: Per) -> str:
    """How often a period is in a year, as a factor: 12, 365, (365/7)."""
    return "(365/7)" if per == "week" else given(PER_YEAR[per])


def _level(peers: Peers, kb: KnowledgeBase) -> Iterator[Line]:
    """Why it stands at its level, and what was chosen from."""
    if peers.level is None:
        return
    level, day = peers.level, peers.asked.day(kb)
    reaching = len(kb.market.reaching(level, day))
    said = f"{reaching} models had scored {level.threshold:g} or more in {level.benchmark} by then"
    if peers.listed:
        best = kb.market.scores(peers.own.price.model, level.benchmark)[0].score
        yield line(
            f"Its level: {full(level)}, which models reached last of all that it reaches; its"
            f" highest published score there is {best:g}."
        )
    yield line(f"{said}; the cheapest offer of these in this mix counts.")


def _rates(peers: Peers, later: Outlook, kb: KnowledgeBase) -> Iterator[Block]:
    """Where each rate comes from."""
    if peers.level and any(rate.key == LEVEL for rate in later.rates):
        fall = kb.market.fall(peers.level)
        since = lately(fall)
        yield a_year(f"Level since {month(since)}, end to end", fall.since(since))
        yield from trend(fall, since)
    for study in grouped(kb.studies(collection=PUBLISHED))[HARDWARE]:
        yield line(f"Hardware, study {study.number}: {annual(study)}")
    yield line(f"Headline: {wording.rate(kb.headline)} a year, as the post's title says.")
    average = next(rate.rate for rate in later.rates if rate.key == "table")
    yield table_average(kb.series(), average.middle)


def _later(peers: Peers, later: Outlook) -> Iterator[Line]:
    """Each end of each rate after so many years."""
    per = main_period(peers.asked)
    for r in peers.ongoing:
        now = r.tokens(per) if peers.buys else r.costs(per)
        for rate in later.rates:
            found = ahead.ends(peers, r, rate, later)
            if found is None:
                continue
            declines = dict.fromkeys((rate.rate.low, rate.rate.high))
            results = dict.fromkeys(found if peers.buys else found[::-1])
            for decline, result in zip(declines, results, strict=False):
                sign = "/" if peers.buys else " × "
                start = _count(now, FINE) if peers.buys else step(now, FINE)
                formula = f"{start}{sign}(1 − {step(decline, FINE)})^{later.years}"
                printed = _count(result, RESULT) if peers.buys else dollars(result)
                yield equation(f"{r.price.name} {later.year}, {rate.key}", formula, printed)


def _count(tokens: float, digits: int = MANY) -> str:
    """A number of tokens with so many digits, however large: 114,300,000."""
    return f"{Decimal(f'{tokens:.{digits}g}'):,f}"
