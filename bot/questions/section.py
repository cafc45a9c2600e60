"""Section: rates of what measures one thing, side by side, from the lowest to the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.answer import Figure, Table
from knowledge.rates import Rate

if TYPE_CHECKING:
    from knowledge.market.capability import Stretch
    from knowledge.records import Study

POST, ESTIMATES = "The post", "Published estimates, by what they measure"
MARKET = "List prices at a fixed capability, computed here"
ITSELF = "The post itself"


class Entry(Struct, frozen=True):
    """One rate of a section; None where a claim has no annual rate.

    A rate of the market has the stretch of time that it was computed over.
    """

    name: str
    rate: Rate | None
    words: str
    stretch: Stretch | None = None


class Section(Struct, frozen=True):
    """What measures one thing. `part` is whose figures they are; `words` their range.

    `since` is from when on, where a section of that name has the whole time.
    """

    part: str
    name: str
    entries: tuple[Entry, ...]
    words: str
    members: tuple[Study, ...] = ()
    since: str = ""

    @property
    def title(self) -> str:
        """Its name, how many claims it holds where they are several, and how many have a rate."""
        name = f"{self.name} {self.since}".strip()
        of, rated = len(self.entries), len(self.rates)
        if of == 1 or self.name == ITSELF:
            return name
        return f"{name} ({of})" if rated == of else f"{name} ({rated} of {of})"

    @property
    def rates(self) -> tuple[Rate, ...]:
        return tuple(e.rate for e in self.entries if e.rate)

    @property
    def ends(self) -> Rate:
        """From the lowest to the highest; sections are never averaged."""
        return Rate(min(r.low for r in self.rates), max(r.high for r in self.rates))

    def table(self) -> Table:
        rows = ((e.name, e.words.replace(" a year", "")) for e in self.entries)
        return Table((self.name, "a year"), tuple(rows))

    def figures(self) -> tuple[Figure, Figure]:
        ends, name = self.ends, f"{self.name} {self.since}".strip()
        return (
            Figure(f"{name}.low", ends.low, "fraction"),
            Figure(f"{name}.high", ends.high, "fraction"),
        )
