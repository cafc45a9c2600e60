"""Vocabulary: the names that the data give to questions, and the years they cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.lexicon import ANCHORS, DOMAIN, STOP, Phrases

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.words import Said
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Built once for a knowledge base. `titled` finds studies whose title shares words."""

    first_year: int
    last_year: int
    venues: Phrases[str]
    topics: Phrases[str]
    titled: Callable[[Sequence[str]], Sequence[Study]]

    @classmethod
    def of(cls, kb: KnowledgeBase) -> Vocabulary:
        series = kb.series()
        return cls(
            series.first_year,
            series.last_year,
            Phrases((name, v.name) for v in kb.venues() for name in (v.name, *v.aliases)),
            Phrases((word, t.id) for t in kb.topics() for word in (t.name, *t.synonyms)),
            kb.titled,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What a slot reads by: the message, the names, and the day it was sent."""

    said: Said
    vocabulary: Vocabulary
    today: date


def title_words(words: Sequence[str]) -> tuple[str, ...]:
    """The words that can tell one title from another."""
    return tuple(w for w in words if w not in STOP and w not in DOMAIN and w not in ANCHORS)
