"""The search indexes over studies and topics: how they are filled, and how they are asked."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.load import Knowledge

CREATE = """
CREATE VIRTUAL TABLE study_index USING fts5(
    title, conclusion, topics, collection, content='', tokenize='porter unicode61'
)
"""
FILL = (
    "INSERT INTO study_index (rowid, title, conclusion, topics, collection) VALUES (?, ?, ?, ?, ?)"
)
# A word in a title says more than one among a topic's synonyms, and that more than one in passing;
# the collection's name only says where to look.
# One row a topic, all its phrases together: what few topics share says more than what many do.
CREATE_TOPICS = """
CREATE VIRTUAL TABLE topic_index USING fts5(words, content='', tokenize='porter unicode61')
"""
FILL_TOPICS = "INSERT INTO topic_index (rowid, words) VALUES (?, ?)"
SEARCH_TOPICS = """
SELECT rowid, -bm25(topic_index) AS score FROM topic_index
WHERE topic_index MATCH ? ORDER BY score DESC, rowid
"""
COUNT_TOPICS = "SELECT count(*) FROM topic_index WHERE topic_index MATCH ?"
# Of the words of a search, the share that some topic must know: what is off the subject shares
# a word at times, seldom most (see `python -m tests.corpus.topics`).
MOSTLY = 0.6
SEARCH = """
SELECT rowid, -bm25(study_index, 8, 1, 4, 0) AS score FROM study_index
WHERE study_index MATCH ? ORDER BY score DESC, rowid LIMIT ?
"""
COUNT = "SELECT count(*) FROM study_index WHERE study_index MATCH ?"
RAREST = 3  # common words make a search slow and its order arbitrary
MOST_WORDS = 60  # more is no question, and each is counted
MOST_KEPT = 1000  # counts: words that no study has come without end
MOST_FOUND = 256  # searches
# Parts of synonyms that say nothing alone: with them, "several" would find distributed computing.
FILLER = (
    *("a", "at", "beyond", "better", "by", "end", "in", "making", "many", "more"),
    *("of", "on", "one", "per", "several", "than", "the"),
)


def content(knowledge: Knowledge) -> Iterator[tuple[int, str, str, str, str]]:
    """The rows of the index: a study's key, title, conclusion, topics' words, and collection."""
    words = {topic.id: _told((topic.name, *topic.synonyms)) for topic in knowledge.topics}
    for key, study in enumerate(knowledge.studies, start=1):
        told = " ".join(words[topic] for topic in study.topics)
        yield key, study.title, study.conclusion, told, study.collection


def _told(names: Iterable[str]) -> str:
    return " ".join(word for name in names for word in name.split() if word not in FILLER)


def topic_content(knowledge: Knowledge) -> Iterator[tuple[int, str]]:
    """The rows of the index of topics, in the order of the topics."""
    for key, topic in enumerate(knowledge.topics, start=1):
        yield key, " ".join((topic.name, *topic.synonyms, *topic.phrases))


class Index:
    """The indexes of one connection. Words may hold any characters, and match in all forms."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[tuple[str, str], int] = {}
        # every message is searched for titles, and messages share their words
        self._found = lru_cache(maxsize=MOST_FOUND)(self._find)

    def search(
        self, words: Iterable[str], limit: int, collection: str | None, *, titles: bool = False
    ) -> Sequence[tuple[int, float]]:
        """Keys of studies with any of the words, best first, each with its score.

        Of more than three words only the rarest count, of those that the collection has.
        """
        columns = "title" if titles else "{title conclusion topics}"
        scope = f'collection : "{collection}" AND ' if collection else ""
        quoted = filter(None, dict.fromkeys(map(_quotable, words)))
        terms = [f'({scope}{columns} : "{term}")' for term in quoted]
        counts = {term: self._count(COUNT, term) for term in terms[:MOST_WORDS]}
        known = sorted((term for term in counts if counts[term]), key=counts.__getitem__)
        if not known:
            return []
        return self._found(" OR ".join(known[:RAREST]), limit)

    def _find(self, query: str, limit: int) -> Sequence[tuple[int, float]]:
        return self._connection.execute(SEARCH, (query, limit)).fetchall()

    def topics(self, words: Iterable[str]) -> list[tuple[int, float]]:
        """Keys of topics that are spoken of so, best first, each with its score.

        None when too few of the words are spoken in any topic.
        """
        terms = [f'"{term}"' for term in dict.fromkeys(map(_quotable, words)) if term][:MOST_WORDS]
        known = [term for term in terms if self._count(COUNT_TOPICS, term)]
        if not known or len(known) < MOSTLY * len(terms):
            return []
        return self._connection.execute(SEARCH_TOPICS, (" OR ".join(known),)).fetchall()

    def _count(self, query: str, term: str) -> int:
        """How many rows have a term, in any of its forms."""
        count = self._counts.get((query, term))
        if count is None:
            (count,) = self._connection.execute(query, (term,)).fetchone()
            if len(self._counts) < MOST_KEPT:
                self._counts[query, term] = count
        return count


@lru_cache(maxsize=MOST_KEPT)
def _quotable(word: str) -> str:
    """The word as it may stand between the quotes of a search, empty if it says nothing."""
    if not any(character.isalnum() for character in word):
        return ""
    # SQLite takes no half of a surrogate pair, and its text ends at a NUL.
    return word.encode("utf-8", "ignore").decode().replace("\0", " ").replace('"', '""')
