"""Bill: what tokens come to at a list price, what money buys of them, and what a rate makes of it.

Pure. Prices are US dollars per million tokens, as `ModelPrice` has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.market.records import ModelPrice
    from knowledge.rates import Rate

PER_PRICE = 1_000_000  # tokens that a price is for
MOST_TOKENS = 1e18


class Usage(Struct, frozen=True):
    """Tokens of input and of output. NumberError: none at all, or more than anybody uses."""

    input: float
    output: float

    def __post_init__(self) -> None:
        possible = 0 < self.total <= MOST_TOKENS  # not NaN, either
        if not possible or min(self.input, self.output) < 0:
            raise NumberError("a number of tokens must be above zero, and at most a quintillion")

    @property
    def total(self) -> float:
        return self.input + self.output

    def times(self, number: float) -> Usage:
        return Usage(self.input * number, self.output * number)

    def at(self, price: ModelPrice) -> float:
        """What it costs, in US dollars."""
        return (self.input * price.input + self.output * price.output) / PER_PRICE

    def cheapest(self, offers: Iterable[ModelPrice]) -> ModelPrice:
        """The offer at which it costs least; of several the first. ValueError: no offer.

        Costs are compared to nine digits, so that equal ones are equal.
        """
        return min(offers, key=lambda offer: float(f"{self.at(offer):.9g}"))


def split(tokens: float, parts: tuple[float, float]) -> Usage:
    """So many tokens in parts of input and output, such as (3, 1)."""
    into, out = parts
    return Usage(tokens * into / (into + out), tokens * out / (into + out))


def bought(dollars: float, price: ModelPrice, parts: tuple[float, float]) -> Usage:
    """The tokens that an amount buys, in parts of input and output.

    Raises NumberError where the amount is not above zero, or the price is nothing.
    """
    million = split(PER_PRICE, parts)
    each = million.at(price)
    if not dollars > 0 or not each > 0:
        raise NumberError("a budget must be above zero, such as $500/month")
    return million.times(dollars / each)


def later(amount: float, rate: Rate, years: float) -> tuple[float, float]:
    """What falls by a rate a year, after so many years: at its fast and at its slow end."""
    return amount * (1 - rate.high) ** years, amount * (1 - rate.low) ** years
