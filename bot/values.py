"""Values that questions are made of: years, counts, bases; what is said, not what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Per = Literal["hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Years:
    """One or more calendar years in order; `span` means all years from the first to the last."""

    listed: tuple[int, ...]
    span: bool = False

    @property
    def first(self) -> int:
        return self.listed[0]

    @property
    def last(self) -> int:
        return self.listed[-1]

    def all(self) -> tuple[int, ...]:
        return tuple(range(self.first, self.last + 1)) if self.span else self.listed


@dataclass(frozen=True, slots=True)
class Count:
    """A number of inferences, perhaps so many every day or month."""

    number: float
    per: Per | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a projection rests on. For `rate` the ends are yearly declines as fractions, unchecked:

    saying that 120% a year is impossible is the answer's business, not the reader's.
    """

    kind: Literal["trend", "headline", "latest", "rate", "study"]
    low: float = 0.0
    high: float = 0.0
    study: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A decline somebody claims, as fractions: so much every year, or in total."""

    low: float
    high: float
    total: bool = False


TREND, HEADLINE, LATEST = Basis("trend"), Basis("headline"), Basis("latest")
