"""Bills: what the same tokens cost at list price so far, and what they may cost at each rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.charts.model import LEAST, Band, Curve, Mark, Trace
from bot.pictures.curves import credit
from bot.pictures.prices import year_of
from bot.questions import ahead
from bot.questions.levels import short
from bot.questions.outlook import LEVEL, sources
from bot.questions.peers import Peers
from bot.questions.reckoning import Reckoned, dollars, every, main_period
from bot.values import Models, Spend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from bot.questions.bill import Bill
    from bot.questions.outlook import Assumed, Outlook
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice


def bill(asked: Bill, kb: KnowledgeBase) -> Curve | None:
    """A volume's bill with one model or level; None of money, and of several models."""
    several = isinstance(asked.used, Models) and len(asked.used.listed) > 1
    if several or isinstance(asked.amount, Spend) or asked.amount.asks:
        return None
    answer = asked.answer(kb)
    peers = Peers.of(asked, kb)
    later, now = ahead.outlook(peers, kb), year_of(kb.market.as_of)
    drawn = list(_drawn(peers, later, now)) if later else []
    said = "at list price" + ("; then if prices fall as one of these rates a year" if later else "")
    return Curve(
        answer.headline,
        f"US dollars{every(main_period(asked))} {said}",
        credit(sources(kb, [r.price for r in peers.both], ahead=later is not None), kb),
        (*_so_far(peers, later, kb), *(trace for trace, _ in drawn)),
        tuple(band for _, bands in drawn for band in bands),
        tuple(_marks(peers, kb)),
        forecast_from=now + 1 if later else None,  # the first year that is not known
        forecast_word="scenarios",
    )


def _so_far(peers: Peers, later: Outlook | None, kb: KnowledgeBase) -> Iterator[Trace]:
    """The bill at each price that the model had, and at the cheapest of its level by month."""
    as_of = kb.market.as_of
    if peers.listed:
        periods = peers.listed.periods
        priced = [(p.valid_from, p) for p in periods]
        ended = peers.listed.ended or as_of
        yield _steps(peers, peers.own.price.name, (*priced, (ended, priced[-1][1])))
    if peers.level:
        floors = [(f.day, f.price) for f in kb.market.fall(peers.level).changes]
        # now the cheapest in the mix asked for; before, those by the usual one
        now = peers.cheapest.price if later else floors[-1][1]
        yield _steps(peers, f"{short(peers.level)} level", (*floors, (as_of, now)))


def _steps(peers: Peers, name: str, priced: Iterable[tuple[date, ModelPrice]]) -> Trace:
    amount, mix, per = peers.asked.amount, peers.asked.mix, main_period(peers.asked)
    points = ((year_of(day), Reckoned.of(amount, mix, p).costs(per)) for day, p in priced)
    return Trace(name, tuple(points), "steps")


def _drawn(peers: Peers, later: Outlook, now: float) -> Iterator[tuple[Trace, tuple[Band, ...]]]:
    """The rates from now on: a level's of the cheapest at it, the others of what was asked for."""
    for rate in later.rates:
        reckoned = peers.cheapest if rate.key == LEVEL else peers.ongoing[0]
        yield _at(rate, reckoned.costs(main_period(peers.asked)), later, now)


def _at(rate: Assumed, start: float, later: Outlook, now: float) -> tuple[Trace, tuple[Band, ...]]:
    """A rate's middle as a line, and its range around it."""
    years = [0, *range(1, later.years + 1)]
    line = tuple((now + n, _left(start, rate.rate.middle, n)) for n in years)
    trace = Trace(rate.label, line, "projection")
    if rate.rate.single:
        return trace, ()
    ends = tuple(
        (now + n, _left(start, rate.rate.high, n), _left(start, rate.rate.low, n)) for n in years
    )
    return trace, (Band(None, ends, rate.label),)


def _left(start: float, decline: float, years: int) -> float:
    """What is left after so many years; no scale reaches below a limit."""
    return max(LEAST, start * (1 - decline) ** years)


def _marks(peers: Peers, kb: KnowledgeBase) -> Iterator[Mark]:
    """What it costs now, or cost then."""
    per, on = main_period(peers.asked), year_of(peers.asked.day(kb))
    for r in peers.both:
        yield Mark(on, r.costs(per), f"{r.price.name} {dollars(r.costs(per))}")
