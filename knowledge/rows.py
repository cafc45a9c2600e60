"""Records as rows of the built file: written by the build, read back by the KnowledgeBase."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from knowledge.records import (
    CostSeries,
    Estimate,
    Finding,
    Point,
    Publication,
    Source,
    Standing,
    Statement,
    Study,
    Topic,
    Venue,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from knowledge.load import Knowledge
    from knowledge.schema import Table

Row = dict[str, object]
T = TypeVar("T")


def entries(knowledge: Knowledge) -> dict[str, list[tuple[object, Row]]]:
    """What goes into each table: a record, and the keys that it does not carry itself."""
    numbered = list(enumerate(knowledge.studies, start=1))
    return {
        "sources": [(source, {}) for source in knowledge.sources],
        "series": [(series, {}) for series in knowledge.series],
        "points": [(row, {"series_id": s.id}) for s in knowledge.series for row in s.points],
        "topics": [(topic, {}) for topic in knowledge.topics],
        "venues": [(venue, {}) for venue in knowledge.venues],
        "studies": [(study, {"id": key}) for key, study in numbered],
        "study_topics": [
            (None, {"study_id": key, "topic_id": topic})
            for key, study in numbered
            for topic in study.topics
        ],
        "standings": [(s.standing, {"study_id": key}) for key, s in numbered if s.standing],
        "publications": [
            (s.publication, {"study_id": key}) for key, s in numbered if s.publication
        ],
        "statements": [(statement, {}) for statement in knowledge.statements],
        "estimates": [
            (claim, {"id": key, **owner})
            for key, (claim, owner) in enumerate(_claims(knowledge), start=1)
        ],
    }


def _claims(knowledge: Knowledge) -> Iterator[tuple[Estimate, Row]]:
    for key, study in enumerate(knowledge.studies, start=1):
        for claim in study.estimates:
            yield claim, {"study_id": key}
    for statement in knowledge.statements:
        if statement.estimate:
            yield statement.estimate, {"statement_id": statement.id}


def row(table: Table, entry: object, keys: Row) -> Row:
    """The table's columns, from the fields of a record that have their names, and from `keys`."""
    return {
        column: keys[column] if column in keys else _plain(getattr(entry, column, None))
        for column in table.columns
    }


def _plain(value: object) -> object:
    """As SQLite keeps it: lists one entry a line, dates as ISO text, yes and no as 1 and 0."""
    if isinstance(value, tuple):
        return "\n".join(value) or None
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


RICHER: dict[str, Callable[[Any], object]] = {  # the columns that SQLite keeps plainer than records
    "actual_authors": _lines,
    "aliases": _lines,
    "at_least": bool,
    "authors": _lines,
    "checked": date.fromisoformat,
    "phrases": _lines,
    "probable": bool,
    "published": date.fromisoformat,
    "read": date.fromisoformat,
    "second_hand": bool,
    "synonyms": _lines,
}


def _read(db: sqlite3.Connection, sql: str) -> Iterator[dict[str, Any]]:
    """Each row as the fields of its record."""
    cursor = db.execute(sql)
    names = [name for name, *_ in cursor.description]
    for values in cursor:
        yield {
            name: RICHER[name](value) if name in RICHER else value
            for name, value in zip(names, values, strict=True)
        }


def findings(db: sqlite3.Connection) -> dict[str, Finding]:
    """In the order of the data, which is that of their rows."""
    return {row["id"]: Finding(**row) for row in _read(db, "SELECT * FROM findings ORDER BY rowid")}


def sources(db: sqlite3.Connection) -> dict[str, Source]:
    return {row["id"]: Source(**row) for row in _read(db, "SELECT * FROM sources ORDER BY id")}


def series(db: sqlite3.Connection) -> dict[str, CostSeries]:
    points: dict[str, list[Point]] = {}
    for owner, year, value in db.execute("SELECT * FROM points ORDER BY series_id, year"):
        points.setdefault(owner, []).append(Point(year, value))
    return {
        row["id"]: CostSeries(**row, points=tuple(points[row["id"]]))
        for row in _read(db, "SELECT * FROM series ORDER BY id")
    }


def topics(db: sqlite3.Connection) -> tuple[Topic, ...]:
    return tuple(Topic(**row) for row in _read(db, "SELECT * FROM topics ORDER BY id"))


def venues(db: sqlite3.Connection) -> tuple[Venue, ...]:
    rows = _read(db, "SELECT * FROM venues ORDER BY name COLLATE NOCASE")
    return tuple(Venue(**row) for row in rows)


def statements(db: sqlite3.Connection) -> dict[str, Statement]:
    claims = _estimates(db, "statement_id")
    return {
        row["id"]: Statement(**row, estimate=next(iter(claims.get(row["id"], ())), None))
        for row in _read(db, "SELECT * FROM statements ORDER BY id")
    }


def studies(db: sqlite3.Connection) -> dict[int, Study]:
    """All studies by their key in the file, in the order of collection and number."""
    claims, filed = _estimates(db, "study_id"), _filed(db)
    standings = _by_study(db, "SELECT * FROM standings", Standing)
    publications = _by_study(db, "SELECT * FROM publications", Publication)
    rows = {row.pop("id"): row for row in _read(db, "SELECT * FROM studies ORDER BY id")}
    return {
        key: Study(
            **row,
            topics=filed.get(key, ()),
            estimates=claims.get(key, ()),
            standing=standings.get(key),
            publication=publications.get(key),
        )
        for key, row in rows.items()
    }


def _filed(db: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    rows = db.execute("SELECT study_id, topic_id FROM study_topics ORDER BY study_id, topic_id")
    return {
        key: tuple(topic for _, topic in filed) for key, filed in groupby(rows, lambda row: row[0])
    }


def _by_study(db: sqlite3.Connection, sql: str, kind: type[T]) -> dict[int, T]:
    """Records of which a study has at most one, by its key."""
    return {row.pop("study_id"): kind(**row) for row in _read(db, sql)}


def _estimates(db: sqlite3.Connection, owner: str) -> dict[Any, tuple[Estimate, ...]]:
    """The claims by the study or the statement that makes them, in the data's order."""
    claims: dict[Any, list[Estimate]] = {}
    for row in _read(db, "SELECT * FROM estimates ORDER BY id"):
        owners = {column: row.pop(column) for column in ("id", "study_id", "statement_id")}
        claims.setdefault(owners[owner], []).append(Estimate(**row))
    return {key: tuple(found) for key, found in claims.items() if key is not None}
