"""Values that questions are made of: years, counts, bases; what is said, not what it means."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Literal

from msgspec import Struct

Per = Literal["second", "minute", "hour", "day", "week", "month", "year"]


class Years(Struct, frozen=True):
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


class Count(Struct, frozen=True):
    """A number of inferences, perhaps so many every day or month."""

    number: float
    per: Per | None = None

    def times(self, number: float) -> Count | None:
        """So many times as many, in whole inferences; None where that is not several."""
        whole = float(round(self.number * number))
        return Count(whole, self.per) if whole > 1 else None


class Volume(Struct, frozen=True):
    """Tokens, perhaps so many every day; with `calls` so many calls, and the tokens of each.

    With `output` they are input and output apart, else `tokens` are both; of a call they may be
    none, where nobody said how many.
    """

    tokens: float
    output: float | None = None
    per: Per | None = None
    calls: float | None = None

    @property
    def asks(self) -> bool:
        """Whether the tokens of a call are still to be said."""
        return self.calls is not None and not self.tokens and not self.output


class Spend(Struct, frozen=True):
    """An amount of US dollars, perhaps every month."""

    dollars: float
    per: Per | None = None


class Mix(Struct, frozen=True):
    """So many parts of input to so many of output."""

    input: float
    output: float


USUAL_MIX = Mix(3, 1)  # that of all blended prices here


class Basis(Struct, frozen=True):
    """What a projection rests on. For `rate` the ends are yearly declines as fractions, unchecked:

    saying that 120% a year is impossible is the answer's business, not the reader's.
    """

    kind: Literal["trend", "headline", "latest", "rate", "study"]
    low: float = 0.0
    high: float = 0.0
    study: int = 0


class Claim(Struct, frozen=True):
    """A decline somebody claims, as fractions: so much every year, or in total."""

    low: float
    high: float
    total: bool = False


TREND, HEADLINE, LATEST = Basis("trend"), Basis("headline"), Basis("latest")


class Named(Struct, frozen=True):
    """A model as it was named: `said` is its id, or a name that may mean any of several `ids`."""

    said: str
    ids: tuple[str, ...]

    @classmethod
    def of(cls, said: str, *ids: str) -> Named:
        """The model with an id, or what was said where it may be several."""
        return cls(ids[0], ids) if len(ids) == 1 else cls(said, ids)

    @property
    def sure(self) -> bool:
        return len(self.ids) == 1

    @property
    def id(self) -> str:
        """The likeliest, the newest of several."""
        return self.ids[0]

    def chosen(self) -> dict[str, Named]:
        """What it may mean, by id."""
        return {id: Named.of(id, id) for id in self.ids}  # noqa: A001  # as in the data


class Day(Struct, frozen=True):
    """A day, or a whole month or year."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])


class Days(Struct, frozen=True):
    """From one day, month or year to another, or to the newest where that is None."""

    first: Day
    last: Day | None = None


class Models(Struct, frozen=True, eq=False):
    """Models in the order in which they were named; `added` to those asked for before."""

    listed: tuple[Named, ...]
    added: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Models) and self.listed == other.listed

    def __hash__(self) -> int:
        return hash(self.listed)

    @property
    def sure(self) -> bool:
        return all(model.sure for model in self.listed)

    @property
    def ids(self) -> tuple[str, ...]:
        """Each one's id, of several possible ones the likeliest."""
        return tuple(model.id for model in self.listed)

    def chosen(self) -> dict[str, Models]:
        """What the first one that is not sure may mean, by id."""
        at = next(i for i, model in enumerate(self.listed) if not model.sure)
        before, after = self.listed[:at], self.listed[at + 1 :]
        return {id: Models((*before, m, *after)) for id, m in self.listed[at].chosen().items()}  # noqa: A001  # as in the data
