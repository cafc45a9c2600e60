"""KnowledgeBase: every read of the built file, returning records; stdlib sqlite3, read-only."""

from __future__ import annotations

import weakref
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge import rows
from knowledge.build import connect
from knowledge.index import Index
from knowledge.rates import Rate, annualise

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from knowledge.market.base import Market
    from knowledge.records import CostSeries, Finding, Source, Statement, Study, Topic, Venue


POST_SERIES = "post-inference"  # the post's table


class KnowledgeBase:
    """What the built file says, over one connection. Unknown ids raise KeyError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._table = POST_SERIES
        weakref.finalize(self, connection.close)  # at the latest when nobody has it any more
        self._index = Index(connection)
        self._whole: KnowledgeBase | None = None

    @classmethod
    def open(cls, path: Path) -> KnowledgeBase:
        """Open a built file (see `build.ensure`), for any thread, without locks."""
        return cls(connect(path))

    def close(self) -> None:
        self._connection.close()

    @cached_property
    def version(self) -> str:
        """Changes when the data or their reader change; short enough to print."""
        return self._fact("digest")[:8]

    @cached_property
    def shape(self) -> str:
        """Changes when the code that shapes the file does; what reads it must be as new."""
        return self._fact("shape")

    @property
    def as_of(self) -> date:
        """The day on which the newest of its sources was read."""
        return max(source.read for source in self._sources.values())

    def check(self) -> None:
        """Read a little; raises sqlite3.Error where that is not possible any more."""
        self._fact("digest")

    def _fact(self, key: str) -> str:
        query = "SELECT value FROM meta WHERE key = ?"
        return str(self._connection.execute(query, (key,)).fetchone()[0])

    @cached_property
    def market(self) -> Market:
        """Model prices and scores, read only where they are asked for."""
        from knowledge.market.base import Market  # here, because few answers need it

        return Market(self._connection)

    def findings(self) -> tuple[Finding, ...]:
        """What is true of the data and to be said openly, as `python -m knowledge check` says."""
        return tuple(self._findings.values())

    def finding(self, id: str) -> Finding:  # noqa: A002  # as in the data
        return self._findings[id]

    def series(self, id: str | None = None) -> CostSeries:  # noqa: A002  # as in the data
        """A series by its id, else the one that answers compute with: the post's table."""
        return self._series[id or self._table]

    def own_series(self) -> tuple[CostSeries, ...]:
        """All series but the post's table, by id."""
        return tuple(series for series in self._series.values() if series.id != POST_SERIES)

    def on(self, series: str) -> KnowledgeBase:
        """The same knowledge, with another series in the place of the post's table."""
        other = copy(self)  # with all that was read already
        # the connection is closed when nobody has this one any more
        vars(other).update(_whole=self, _table=series)
        return other

    def source(self, id: str) -> Source:  # noqa: A002  # as in the data
        return self._sources[id]

    def sources(self) -> tuple[Source, ...]:
        return tuple(self._sources.values())

    def statement(self, id: str) -> Statement:  # noqa: A002  # as in the data
        return self._statements[id]

    @cached_property
    def headline(self) -> Rate:
        """What the post's title says a year."""
        estimate = self.statement("headline").estimate
        rate = annualise(estimate) if estimate else None
        if rate is None:
            raise LookupError("the statement 'headline' has no annual rate; see statements.toml")
        return rate

    def statements(self) -> tuple[Statement, ...]:
        return tuple(self._statements.values())

    def topics(self) -> tuple[Topic, ...]:
        return self._topics

    def venues(self) -> tuple[Venue, ...]:
        return self._venues

    def study(self, number: int) -> Study | None:
        """The study of that number, of whatever collection."""
        return self._numbered.get(number)

    def studies(
        self,
        *,
        workload: str | None = None,
        year: int | None = None,
        venue: str | None = None,
        topic: str | None = None,
        collection: str | None = "post",
    ) -> tuple[Study, ...]:
        """The studies that fit everything given, by number; None is all collections.

        `topic` is an id, `venue` a name.
        """
        return tuple(
            study
            for study in self._filed.get((collection, topic), ())
            if workload in (None, study.workload)
            and year in (None, study.year)
            and venue in (None, study.venue)
        )

    def search(
        self, words: Sequence[str], limit: int = 8, collection: str | None = "post"
    ) -> tuple[tuple[Study, float], ...]:
        """Studies that share words, best first, each with its score (BM25: more is better).

        Words match in any of their forms, and may hold any characters; of more than three
        only the rarest count. A word of several parts ("multi-gpu") is looked for as a phrase.
        """
        found = self._index.search(words, limit, collection)
        return tuple((self._studies[key], score) for key, score in found)

    def topics_spoken_of(self, words: Sequence[str]) -> tuple[tuple[Topic, float], ...]:
        """The topics that people speak of in such words, best first, each with its score.

        None when too few of the words fit any.
        """
        return tuple((self._topics[key - 1], score) for key, score in self._index.topics(words))

    def titled(self, words: Sequence[str], limit: int = 12) -> tuple[Study, ...]:
        """Studies of all collections by words of their title, best first; otherwise as `search`."""
        found = self._index.search(words, limit, None, titles=True)
        return tuple(self._studies[key] for key, _ in found)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return rows.sources(self._connection)

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return rows.findings(self._connection)

    @cached_property
    def _series(self) -> dict[str, CostSeries]:
        return rows.series(self._connection)

    @cached_property
    def _topics(self) -> tuple[Topic, ...]:
        return rows.topics(self._connection)

    @cached_property
    def _venues(self) -> tuple[Venue, ...]:
        return rows.venues(self._connection)

    @cached_property
    def _statements(self) -> dict[str, Statement]:
        return rows.statements(self._connection)

    @cached_property
    def _studies(self) -> dict[int, Study]:
        return rows.studies(self._connection)

    @cached_property
    def _filed(self) -> dict[tuple[str | None, str | None], list[Study]]:
        """The studies by collection and topic; None is any."""
        filed: dict[tuple[str | None, str | None], list[Study]] = {}
        for study in self._studies.values():
            for collection in (None, study.collection):
                for topic in (None, *study.topics):
                    filed.setdefault((collection, topic), []).append(study)
        return filed

    @cached_property
    def _numbered(self) -> dict[int, Study]:
        return {study.number: study for study in self._studies.values()}
