"""Within: whether a bill stays within an amount of money, or how long that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Figure, line
from bot.questions.cost import PER_YEAR
from bot.questions.reckoning import DIGITS, Reckoned, counted, every

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.peers import Peers
    from bot.values import Spend

FEW_DAYS = 90  # that are said in days


def share(reckoned: Reckoned, limit: Spend) -> float | None:
    """What part of the money it takes; None where one is so often and the other once."""
    if (reckoned.per is None) != (limit.per is None):
        return None
    return reckoned.costs(limit.per) / limit.dollars


def lasts(reckoned: Reckoned, limit: Spend) -> float | None:
    """For how many years money that is spent once pays for what is used all the time."""
    if reckoned.per is None or limit.per is not None:
        return None
    return limit.dollars / reckoned.costs("year")


def verdict(peers: Peers) -> str:
    """'; within $500 a month', '; $100 lasts 11.4 days'; nothing without a limit."""
    limit = peers.asked.limit
    if limit is None:
        return ""
    said = f"{wording.price(limit.dollars)}{every(limit.per)}"
    part, years = share(peers.own, limit), lasts(peers.own, limit)
    if part is not None:
        return f"; {'within' if part <= 1 else 'over'} {said}"
    return f"; {said} lasts {_span(years)}" if years is not None else ""


def blocks(peers: Peers) -> Iterator[Block]:
    """How much of the money it takes, or what that buys instead; and the cheapest as well."""
    limit = peers.asked.limit
    if limit is None:
        return
    said = []
    for reckoned in peers.both:
        name, part, years = reckoned.price.name, share(reckoned, limit), lasts(reckoned, limit)
        if part is not None and part <= 1:
            said.append(f"{name} takes {wording.percent(part)} of it")
        elif part is not None:
            tokens = counted(reckoned.usage.total / part, "token", DIGITS)
            said.append(
                f"{name} takes {wording.factor(part)} that, which buys {tokens}"
                f"{every(reckoned.per)}"
            )
        elif years is not None:
            said.append(f"with {name} it lasts {_span(years)}")
    if said:
        text = "; ".join(said)
        yield line(f"{text[0].upper()}{text[1:]}.")


def figures(peers: Peers) -> Iterator[Figure]:
    limit = peers.asked.limit
    for whose, reckoned in zip(("", "cheapest."), peers.both, strict=False):
        if limit and (part := share(reckoned, limit)) is not None:
            yield Figure(f"{whose}share", part, "fraction")
        elif limit and (years := lasts(reckoned, limit)) is not None:
            yield Figure(f"{whose}lasts", years, "years")


def _span(years: float) -> str:
    days = years * PER_YEAR["day"]
    if days > FEW_DAYS:
        return wording.duration(years)
    return f"{days:.3g} days"
