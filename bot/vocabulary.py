"""Vocabulary: the names that the data give to questions, and the years they cover."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from bot import wording
from bot.lexicon import KNOWN, Phrases
from bot.ordinary import PLAIN_WORDS, THINGS_WORDS
from bot.words import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from bot.words import Said
    from knowledge.base import KnowledgeBase
    from knowledge.rates import Rate
    from knowledge.records import Study, Topic

T = TypeVar("T")
MOST_MENTIONS = 24  # of one kind in one message; more is a dump of data, not a question


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Built once for a knowledge base.

    `titled` finds studies whose title shares words, `spoken_of` topics that are spoken of so.
    """

    first_year: int
    last_year: int
    headline: Rate
    venues: Phrases[str]
    topics: Phrases[str]
    titled: Callable[[Sequence[str]], Sequence[Study]]
    spoken_of: Callable[[Sequence[str]], Sequence[tuple[Topic, float]]]
    words: tuple[str, ...]  # all that names are made of

    @classmethod
    def of(cls, kb: KnowledgeBase) -> Vocabulary:
        series = kb.series()
        return cls(
            series.first_year,
            series.last_year,
            kb.headline,
            Phrases((_bare(name), value) for name, value in _places(kb)),
            Phrases((word, t.id) for t in kb.topics() for word in (t.id, t.name, *t.synonyms)),
            kb.titled,
            kb.topics_spoken_of,
            tuple(word for name in _names(kb) for word in name.split()),
        )


def _names(kb: KnowledgeBase) -> Iterator[str]:
    yield from (name for name, _ in _places(kb))
    for topic in kb.topics():
        yield from (topic.name, *topic.synonyms)
    yield from (study.title for study in kb.studies(collection=None))


def _places(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """What venues, organisations and authors are called, each with its full name.

    An author goes by the last name alone where that is long and no word of anything else.
    """
    other = {stem(w) for t in kb.topics() for n in (t.name, *t.synonyms) for w in n.split()}
    other |= KNOWN | {stem(w) for w in (*PLAIN_WORDS, *THINGS_WORDS)}
    for venue in kb.venues():
        for name in (venue.name, wording.initials(venue.name), *venue.aliases):
            yield name, venue.name
    for name in dict.fromkeys(n for s in kb.studies(collection="published") for n in s.names[1:]):
        yield name, name
        last = name.split()[-1]
        if " " in name and len(last) >= LAST_NAME and stem(last.casefold()) not in other:
            yield last, name


LAST_NAME = 5  # letters: a shorter one is often a word


def _bare(name: str) -> str:
    """A name as the words of a message spell it, without dots and brackets."""
    return " ".join(_SIGNS.sub(" ", name).split())


_SIGNS = re.compile(r"[^\w' -]")


@dataclass(frozen=True, slots=True)
class Context:
    """What a slot reads by: the message, the names, and the day it was sent."""

    said: Said
    vocabulary: Vocabulary
    today: date
    _found: dict[Any, tuple[Any, ...]] = field(default_factory=dict, compare=False, repr=False)

    def once(self, find: Callable[[Context], Iterable[T]]) -> tuple[T, ...]:
        """What `find` finds here; looked for only once, however many slots rest on it."""
        if find not in self._found:
            self._found[find] = tuple(islice(find(self), MOST_MENTIONS))
        return self._found[find]
