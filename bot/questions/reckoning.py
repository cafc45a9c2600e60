"""Reckoned: an amount of tokens or money at one price, in any period; and how such are said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.questions.cost import PER_YEAR
from bot.values import USUAL_MIX, Spend, Volume
from knowledge.market.bill import Usage, bought, split

if TYPE_CHECKING:
    from bot.billed import Amount
    from bot.questions.bill import Bill
    from bot.values import Mix, Per
    from knowledge.market.records import ModelPrice

PERIODS: tuple[Per, ...] = ("day", "month", "year")
CALENDAR = "A month is 365/12 days, a year 365."
_LARGE = (("trillion", 1e12), ("billion", 1e9), ("million", 1e6))
DIGITS = 3  # of tokens that money buys
_SHORT_WORDS = 5  # characters of a number that is said with one of them


class Reckoned(Struct, frozen=True):
    """Tokens, their cost in US dollars and the price, every so often or once (`per` None)."""

    usage: Usage
    dollars: float
    per: Per | None
    price: ModelPrice

    @classmethod
    def of(cls, amount: Amount, mix: Mix | None, price: ModelPrice) -> Reckoned:
        """NumberError: an amount of nothing, or of more than a quintillion tokens a year."""
        if isinstance(amount, Spend):
            usage = bought(amount.dollars, price, _parts(mix))
            found = cls(usage, amount.dollars, amount.per, price)
        else:
            usage = usage_of(amount, mix)
            found = cls(usage, usage.at(price), amount.per, price)
        usage.times(found.times("year"))  # raises where that is too much
        return found

    def times(self, per: Per | None) -> float:
        """How often its period is in another one."""
        return PER_YEAR[self.per] / PER_YEAR[per] if self.per and per else 1.0

    @property
    def each(self) -> float:
        """US dollars per token."""
        return self.dollars / self.usage.total

    def costs(self, per: Per | None) -> float:
        return self.dollars * self.times(per)

    def tokens(self, per: Per | None) -> float:
        return self.usage.total * self.times(per)


def usage_of(volume: Volume, mix: Mix | None) -> Usage:
    """The tokens of a volume, of all its calls together."""
    if volume.output is None:
        each = split(volume.tokens, _parts(mix))
    else:
        each = Usage(volume.tokens, volume.output)
    return each if volume.calls is None else each.times(volume.calls)


def _parts(mix: Mix | None) -> tuple[float, float]:
    parts = mix or USUAL_MIX
    return parts.input, parts.output


# --------------------------------------------------------------------------- words


def dollars(amount: float) -> str:
    """To the dollar from a hundred up, to the cent, or to three digits: $266, $8.75, $0.138."""
    if amount < 100:
        return wording.token_price(amount)
    return f"${math.floor(amount + 0.5 + 1e-9):,}"  # half up, as people round


def many(number: float, digits: int | None = None) -> str:
    """'2 million', '500,000', '1.5'; rounded to so many digits where they are given."""
    number = wording.significant(number, digits) if digits else number
    for name, size in _LARGE:
        said = wording.plain(number / size)
        if number >= size and len(said) <= _SHORT_WORDS:
            return f"{said} {name}"
    return f"{number:,.0f}" if number == round(number) else f"{number:,.6g}"


def counted(number: float, thing: str, digits: int | None = None) -> str:
    """'2 million tokens', '1 call'."""
    said = many(number, digits)
    return f"{said} {thing if said == '1' else wording.plural(thing)}"


def every(per: Per | None) -> str:
    """' a day', ' an hour', '' for what is done once."""
    return f" {'an' if per == 'hour' else 'a'} {per}" if per else ""


def amount_words(amount: Amount) -> str:
    """'2 million tokens a day', '10,000 calls a day of 2,000 tokens', '$500 a month'."""
    if isinstance(amount, Spend):
        return f"{wording.price(amount.dollars)}{every(amount.per)}"
    body = counted(amount.tokens, "token")
    if amount.output is not None:
        body = f"{body} in and {many(amount.output)} out"
    if amount.calls is None:
        return f"{body}{every(amount.per)}"
    return f"{counted(amount.calls, 'call')}{every(amount.per)} of {body}"


def mix_words(asked: Bill) -> str:
    """A default is said openly: ' 3:1 of input to output is assumed; ...'."""
    if isinstance(asked.amount, Volume) and asked.amount.output is not None:
        return ""
    mix = asked.mix or USUAL_MIX
    parts = f" {wording.plain(mix.input)}:{wording.plain(mix.output)} of input to output"
    return f"{parts}." if asked.mix else f"{parts} is assumed; say another mix, such as 1:1."


def periods(asked: Bill) -> tuple[Per | None, ...]:
    """Those that a bill is told by, the one asked for first; none of what is paid once."""
    per = asked.amount.per
    if per is None:
        return (None,)
    first = (asked.by,) if asked.by else ()
    if isinstance(asked.amount, Spend):
        first = first or (per,)
        return tuple(dict.fromkeys((*first, *PERIODS[:2])))
    return tuple(dict.fromkeys((*first, *PERIODS)))


def main_period(asked: Bill) -> Per | None:
    """The one that most is told by: what was asked for, or the month."""
    return asked.by or ("month" if asked.amount.per else None)
