"""Vocabulary: the names that the data give to questions, and the years they cover."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field

from bot import wording
from bot.lexicon import Phrases
from bot.models import ModelNames
from bot.words import read, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from bot.lexicon import Hit
    from bot.words import Said
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import Level
    from knowledge.rates import Rate
    from knowledge.records import CostSeries, Study, Topic

T = TypeVar("T")
MOST_MENTIONS = 24  # of one kind in one message; more is a dump of data, not a question


class Vocabulary(Struct, frozen=True):
    """Built once for a knowledge base.

    `titled` finds studies whose title shares words, `spoken_of` topics that are spoken of so.
    `models` are the names of models; they are read from the data when they are first needed.
    """

    first_year: int
    last_year: int
    own: tuple[CostSeries, ...]  # series of the user's
    series: Phrases[CostSeries]  # the same by their names
    headline: Rate
    venues: Phrases[str]
    authors: Phrases[str]
    topics: Phrases[str]
    titled: Callable[[Sequence[str]], Sequence[Study]]
    spoken_of: Callable[[Sequence[str]], Sequence[tuple[Topic, float]]]
    words: tuple[str, ...]  # all that names are made of
    spared: tuple[str, ...]  # short ones: no other word is taken for a misspelling of these
    levels: Callable[[], tuple[Level, ...]]  # of capability; read from the data when first needed
    models: Callable[[], ModelNames]

    @classmethod
    def of(cls, kb: KnowledgeBase) -> Vocabulary:
        series = kb.series()
        return cls(
            series.first_year,
            series.last_year,
            kb.own_series(),
            Phrases((name, own) for own in kb.own_series() for name in series_names(own)),
            kb.headline,
            Phrases(
                (bare(name), v.name)
                for v in kb.venues()
                for name in (v.name, wording.initials(v.name), *v.aliases)
            ),
            Phrases((bare(name), author) for name, author in _authors(kb)),
            Phrases((word, t.id) for t in kb.topics() for word in (t.id, t.name, *t.synonyms)),
            kb.titled,
            kb.topics_spoken_of,
            tuple(word for name in _names(kb) for word in name.split()),
            (
                *(wording.initials(venue.name) for venue in kb.venues()),
                *(name for study in kb.studies(collection=None) for name in study.authors),
            ),
            cache(lambda: _levels(kb)),
            cache(lambda: _models(kb)),
        )


def _models(kb: KnowledgeBase) -> ModelNames:
    return ModelNames(kb.market.models(), kb.market.families(), kb.market.providers())


def series_names(series: CostSeries) -> Iterator[str]:
    """What a series is called, in the words that a message is made of."""
    for name in (f"series {series.id}", series.title, *series.aliases):
        yield " ".join(word.text for word in read(name).words)


def _names(kb: KnowledgeBase) -> Iterator[str]:
    for series in kb.own_series():
        yield from series_names(series)
    for venue in kb.venues():
        yield from (venue.name, *venue.aliases)
    for topic in kb.topics():
        yield from (topic.name, *topic.synonyms)
    for study in kb.studies(collection=None):
        yield study.title
        # a short name is one letter from many a word
        yield from (w for author in study.authors for w in author.split() if len(w) >= LONG_NAME)


def _levels(kb: KnowledgeBase) -> tuple[Level, ...]:
    return kb.market.levels()


def _authors(kb: KnowledgeBase) -> Iterator[tuple[str, str]]:
    """What authors and organisations are called, each with the full name.

    An author goes by the last name alone where it can be told from other words.
    """
    venues = {venue.name for venue in kb.venues()}
    for name in dict.fromkeys(n for s in kb.studies(collection=None) for n in s.authors):
        if name not in venues:
            yield name, name
            *first, last = name.split()
            if first and len(stem(last.casefold())) >= LAST_NAME:
                yield last, name


LAST_NAME, LONG_NAME = 5, 8  # letters, of the first those of its stem


def bare(name: str) -> str:
    """A name as the words of a message spell it, without dots and brackets."""
    return " ".join(_SIGNS.sub(" ", name).split())


_SIGNS = re.compile(r"[^\w' -]")


class Context(Struct, frozen=True):
    """What a slot reads by: the message, the names, and the day it was sent.

    `about` is the user's series, by its id, that was spoken of before, if any.
    """

    said: Said
    vocabulary: Vocabulary
    today: date
    about: str | None = None
    _found: dict[Any, tuple[Any, ...]] = field(default_factory=dict)

    def once(self, find: Callable[[Context], Iterable[T]]) -> tuple[T, ...]:
        """What `find` finds here; looked for only once, however many slots rest on it."""
        found = self._found.get(find)
        if found is None:
            found = self._found[find] = tuple(islice(find(self), MOST_MENTIONS))
        return found

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year of the table that is spoken of: the post's, if none is."""
        if self.vocabulary.own:
            for hit in self.once(find_series):
                return hit.value.first_year, hit.value.last_year
            for series in self.vocabulary.own:
                if series.id == self.about:
                    return series.first_year, series.last_year
        return self.vocabulary.first_year, self.vocabulary.last_year


def find_series(context: Context) -> Iterator[Hit[CostSeries]]:
    """The user's own series by id, title or alias."""
    return context.vocabulary.series.find(context.said)
