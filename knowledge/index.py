"""The search index over studies: its table, how it is filled, and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from knowledge.load import Knowledge

CREATE = """
CREATE VIRTUAL TABLE study_index USING fts5(
    title, conclusion, topics, content='', tokenize='porter unicode61'
)
"""
FILL = "INSERT INTO study_index (rowid, title, conclusion, topics) VALUES (?, ?, ?, ?)"
# A word in a title says more than one among a topic's synonyms, and that more than one in passing.
SEARCH = """
SELECT rowid, -bm25(study_index, 8, 1, 4) AS score FROM study_index
WHERE study_index MATCH ? ORDER BY score DESC, rowid LIMIT ?
"""
COUNT = "SELECT count(*) FROM study_index WHERE study_index MATCH ?"
RAREST = 3  # common words make a search slow and its order arbitrary
MOST_WORDS = 60  # more is no question, and each is counted
MOST_KEPT = 5000  # counts: words that no study has come without end
# Parts of synonyms that say nothing alone: with them, "several" would find distributed computing.
FILLER = (
    *("a", "at", "beyond", "better", "by", "end", "in", "making", "many", "more"),
    *("of", "on", "one", "per", "several", "than", "the"),
)


def content(knowledge: Knowledge) -> Iterator[tuple[int, str, str, str]]:
    """The rows of the index: a study's key, title, conclusion, and the words of its topics."""
    words = {topic.id: _told((topic.name, *topic.synonyms)) for topic in knowledge.topics}
    for key, study in enumerate(knowledge.studies, start=1):
        yield key, study.title, study.conclusion, " ".join(words[topic] for topic in study.topics)


def _told(names: Iterable[str]) -> str:
    return " ".join(word for name in names for word in name.split() if word not in FILLER)


class Index:
    """The index of one connection. Words may hold any characters, and match in all their forms."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[str, int] = {}

    def search(
        self, words: Iterable[str], column: str | None, limit: int
    ) -> list[tuple[int, float]]:
        """Keys of studies with any of the words, best first, each with its score.

        Of more than three words only the rarest count. `column` limits where to look.
        """
        scope = f"{column} : " if column else ""
        terms = [f'{scope}"{term}"' for term in dict.fromkeys(map(_quotable, words)) if term]
        counts = {term: self._count(term) for term in terms[:MOST_WORDS]}
        known = sorted((term for term in counts if counts[term]), key=counts.__getitem__)
        if not known:
            return []
        return self._connection.execute(SEARCH, (" OR ".join(known[:RAREST]), limit)).fetchall()

    def _count(self, term: str) -> int:
        """How many studies have a term, in any of its forms."""
        count = self._counts.get(term)
        if count is None:
            (count,) = self._connection.execute(COUNT, (term,)).fetchone()
            if len(self._counts) < MOST_KEPT:
                self._counts[term] = count
        return count


def _quotable(word: str) -> str:
    """The word as it may stand between the quotes of a search, empty if it says nothing."""
    if not any(character.isalnum() for character in word):
        return ""
    # SQLite takes no half of a surrogate pair, and its text ends at a NUL.
    return word.encode("utf-8", "ignore").decode().replace("\0", " ").replace('"', '""')
