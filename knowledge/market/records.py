"""What the market's files hold, as frozen records: prices, scores, and the names around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date

Benchmark = Literal["GPQA Diamond", "MMLU"]


class ModelPrice(Struct, frozen=True):
    """What one provider asked for one model from one day up to another.

    `input` and `output` are US dollars per million text tokens: standard tier, pay as you go,
    shortest prompts, no discount. `valid_from` is included, `valid_to` is not; None is in force.
    `start_known` and `end_known` say how. `witnesses` are the independent tables that show the
    price, `source` the earliest snapshot that does.
    """

    provider: str
    model: str
    name: str
    released: date | None
    valid_from: date
    valid_to: date | None
    input: float
    output: float
    source: str
    licence: str
    witnesses: tuple[str, ...] = ()
    start_known: str | None = None
    end_known: str | None = None
    note: str | None = None

    @property
    def blended(self) -> float:
        """Three parts input and one part output, in US dollars per million tokens.

        Rounded to a billionth, so that equal blends of different prices compare as equal.
        """
        return round((3 * self.input + self.output) / 4, 9)

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Score(Struct, frozen=True):
    """One published result of a model, in percent; it counts from a day, None: from the start."""

    benchmark: Benchmark
    model: str
    score: float
    counts_from: date | None
    source: str
    url: str
    licence: str


class Level(Struct, frozen=True):
    """A fixed capability: a benchmark's score that a model must reach.

    `name` is the model that the level is called after, `reference` that model's own score.
    """

    id: str
    name: str
    benchmark: Benchmark
    threshold: float
    aliases: tuple[str, ...]
    reference: float | None = None
    note: str | None = None

    @property
    def title(self) -> str:
        return self.name if self.reference is None else f"{self.name} ({self.reference:.1f})"


class Provider(Struct, frozen=True):
    """Who bills: the maker of its models, or a host of open ones."""

    id: str
    name: str
    host: bool
    aliases: tuple[str, ...] = ()


class Model(Struct, frozen=True):
    """A model by its id and name, the same at every provider; `first_priced` is its first offer.

    `replaced_by` is what took its place, an id or the name of a model without prices here.
    """

    id: str
    name: str
    first_priced: date
    aliases: tuple[str, ...] = ()
    replaced_by: str | None = None


class Family(Struct, frozen=True):
    """Models that share a name: `words` mean the family wherever they are said.

    `lines` are ordinary words that mean it only beside another part of a model's name.
    """

    name: str
    words: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


class Origin(Struct, frozen=True):
    """A table or page that prices come from; their source begins with its id."""

    id: str
    title: str
    url: str
    licence: str


class Doubt(Struct, frozen=True):
    """What an answer that rests on these prices has to say of them, in one sentence."""

    id: str
    says: str
