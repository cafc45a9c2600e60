"""Answer: what is said to a question, as data; how it looks is decided elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from bot.charts.model import Chart

Outcome = Literal["answered", "refused", "asked"]


class Link(Struct, frozen=True):
    """Words that lead to an address."""

    text: str
    url: str


Part = str | Link


class Line(Struct, frozen=True):
    """One short line. What is `detail` is left out where short answers are wanted."""

    parts: tuple[Part, ...]
    detail: bool = False


class Table(Struct, frozen=True):
    """Rows under a header, the first column left and the others right; shown monospaced."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    detail: bool = False


class Quote(Struct, frozen=True):
    """Words of somebody else."""

    text: str
    detail: bool = False


class Code(Struct, frozen=True):
    """Text to copy as it is, line by line, with the language that it is written in."""

    text: str
    language: str
    detail: bool = False


Block = Line | Table | Quote | Code


class Figure(Struct, frozen=True):
    """One number of an answer, unrounded: its name, value and unit (USD, fraction, years, ...)."""

    name: str
    value: float
    unit: str


class Choice(Struct, frozen=True):
    """Another question that an answer offers, as its command, and the few words on its button."""

    label: str
    command: str


class Document(Struct, frozen=True):
    """A file to take away: its name and text."""

    name: str
    text: str


class Answer(Struct, frozen=True):
    """A headline, a few blocks, the source; the numbers in it once more as figures.

    `studies` are the numbers of the studies shown, in order: "the second one" refers to them.
    """

    headline: str
    blocks: tuple[Block, ...] = ()
    source: Line | None = None
    figures: tuple[Figure, ...] = ()
    choices: tuple[Choice, ...] = ()
    studies: tuple[int, ...] = ()
    outcome: Outcome = "answered"
    picture: Chart | None = None
    document: Document | None = None

    def figure(self, name: str) -> float:
        """The unrounded value of a figure; KeyError when the answer has no such figure."""
        return {f.name: f.value for f in self.figures}[name]


def line(*parts: Part, detail: bool = False) -> Line:
    return Line(parts, detail)
