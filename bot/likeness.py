"""Likeness: how surely some words name a title."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.lexicon import DOMAIN, STOP
from bot.words import read, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.records import Study

# words that stand in many titles and in most questions: they hardly tell one study from another
COMMON = DOMAIN | {
    stem(w)
    for w in [
        "ai",
        "machine",
        "model",
        "models",
        "training",
        "inference",
        "learning",
        "deep",
        "neural",
        "network",
        "scaling",
        "study",
    ]
}


def match_title(study: Study, stems: tuple[str, ...]) -> tuple[float, int, int] | None:
    """How surely words name this study: matched weight, first and last word; None if not.

    Words are given by their stems. Either a part of the title (at its colon or bracket) stands
    there word for word, or close together enough of its telling words: three fifths of their
    weight, and at least two of them.
    """
    best: tuple[float, int, int] | None = None
    said = set(stems)
    for part in title_parts(study.title):
        if part.verbatim and said.issuperset(part.stems):
            first = _verbatim(part.stems, stems)
            if first is not None:
                score = float(len(part.stems))
                if best is None or score >= best[0]:
                    best = (score, first, first + len(part.stems) - 1)
                continue
        if part.weight_of(said) < part.enough:  # together they are no more
            continue
        if cluster := _cluster(stems, part.weights):
            first, last = cluster
            weight = part.weight_of(stems[first : last + 1])
            if weight >= part.enough and (not best or weight > best[0]):
                best = (weight, first, last)
    return best


class TitlePart(Struct, frozen=True):
    """A title, or a part of one: its stems, what each one tells, and how much is enough."""

    stems: tuple[str, ...]
    weights: dict[str, float]
    enough: float
    verbatim: bool  # whether it is long enough to be one by its words alone

    def weight_of(self, stems: Iterable[str]) -> float:
        """What some words tell together, each counted once."""
        return sum(self.weights[s] for s in self.weights.keys() & stems)


_PART = re.compile(r": ?| \(")


@lru_cache(maxsize=1024)
def title_parts(title: str) -> tuple[TitlePart, ...]:
    """The title, and its parts at colons and brackets."""
    return tuple(map(_part, dict.fromkeys((title, *_PART.split(title)))))


def _part(text: str) -> TitlePart:
    stems = read(text).stems
    weights = {s: _weight(s) for s in stems if s not in STOP}
    return TitlePart(stems, weights, max(1.5, 0.6 * sum(weights.values())), len(stems) >= 3)


def _weight(word: str) -> float:
    return 0.25 if word in COMMON else 1.0


def _verbatim(part: tuple[str, ...], stems: tuple[str, ...]) -> int | None:
    size = len(part)
    return next((i for i in range(len(stems) - size + 1) if stems[i : i + size] == part), None)


def _cluster(stems: tuple[str, ...], weights: dict[str, float]) -> tuple[int, int] | None:
    """The heaviest stretch of the title's words; every other telling word in it weighs against."""
    best: tuple[float, int, int] | None = None
    first, weight = 0, 0.0
    seen: set[str] = set()
    for index, word in enumerate(stems):
        if weight <= 0:
            first, weight, seen = index, 0.0, set()
        if word in weights:
            if word in seen and weight - 0.3 < weights[word]:
                first, weight, seen = index, 0.0, set()  # better begun anew with this one
            weight += -0.3 if word in seen else weights[word]
            seen.add(word)
            if best is None or weight > best[0]:
                best = (weight, first, index)
        elif word not in STOP:
            weight -= 1.0
    return best[1:] if best else None
