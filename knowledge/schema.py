"""The tables of the built knowledge base, and the index that searches its studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from knowledge import index

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlite_utils


class Table(Struct, frozen=True):
    """One table. Columns are required unless optional; `links` are column -> (table, column)."""

    name: str
    description: str
    columns: Mapping[str, type]
    key: tuple[str, ...]
    optional: tuple[str, ...] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def create(self, db: sqlite_utils.Database) -> None:
        db.table(self.name).create(
            dict(self.columns),
            pk=self.key if len(self.key) > 1 else self.key[0],
            not_null=set(self.columns) - set(self.optional) - set(self.key),
            foreign_keys=[(column, *target) for column, target in self.links.items()],
            strict=True,
        )


TABLES = (
    Table(
        "meta",
        "Facts about this build",
        {"key": str, "value": str},
        key=("key",),
    ),
    Table(
        "findings",
        "What is true of the data and to be said openly, as a check of them says it",
        {"id": str, "says": str},
        key=("id",),
    ),
    Table(
        "sources",
        "Where figures come from; dates are ISO dates",
        {
            "id": str,
            "title": str,
            "publisher": str,
            "url": str,
            "published": str,
            "read": str,
            "licence": str,
            "author": str,
            "note": str,
        },
        key=("id",),
        optional=("author", "note"),
    ),
    Table(
        "series",
        "Costs by calendar year; rows after observed_until were forecasts; one alias per line",
        {
            "id": str,
            "title": str,
            "unit": str,
            "workload": str,
            "aliases": str,
            "source_id": str,
            "observed_until": int,
            "note": str,
        },
        key=("id",),
        optional=("aliases",),
        links={"source_id": ("sources", "id")},
    ),
    Table(
        "points",
        "The rows of the series, in the series' unit",
        {"series_id": str, "year": int, "value": float},
        key=("series_id", "year"),
        links={"series_id": ("series", "id")},
    ),
    Table(
        "topics",
        "What studies are about; one synonym or phrase per line",
        {"id": str, "name": str, "synonyms": str, "phrases": str},
        key=("id",),
        optional=("synonyms", "phrases"),
    ),
    Table(
        "venues",
        "Where studies were published; one short name per line",
        {"name": str, "aliases": str},
        key=("name",),
        optional=("aliases",),
    ),
    Table(
        "studies",
        "Studies cited by a source, and published estimates with the group of what they measure",
        {
            "id": int,
            "collection": str,
            "number": int,
            "title": str,
            "year": int,
            "venue": str,
            "workload": str,
            "conclusion": str,
            "source_id": str,
            "group": str,
        },
        key=("id",),
        optional=("source_id", "group"),
        links={"venue": ("venues", "name"), "source_id": ("sources", "id")},
    ),
    Table(
        "study_topics",
        "Which study is about which topic",
        {"study_id": int, "topic_id": str},
        key=("study_id", "topic_id"),
        links={"study_id": ("studies", "id"), "topic_id": ("topics", "id")},
    ),
    Table(
        "standings",
        "What was found when a study's citation was checked; one author per line",
        {
            "study_id": int,
            "status": str,
            "claim_check": str,
            "says": str,
            "searched": str,
            "checked": str,
            "probable": int,
            "actual_title": str,
            "actual_authors": str,
            "actual_year": int,
            "actual_venue": str,
            "identifier": str,
            "url": str,
        },
        key=("study_id",),
        optional=(
            "actual_title",
            "actual_authors",
            "actual_year",
            "actual_venue",
            "identifier",
            "url",
        ),
        links={"study_id": ("studies", "id")},
    ),
    Table(
        "publications",
        "Where published estimates stand and how far to trust them; one author per line",
        {
            "study_id": int,
            "url": str,
            "confidence": str,
            "authors": str,
            "organisation": str,
            "reported": str,
            "month": int,
            "work": str,
            "identifier": str,
            "second_hand": int,
        },
        key=("study_id",),
        optional=("authors", "organisation", "reported", "month", "work", "identifier"),
        links={"study_id": ("studies", "id")},
    ),
    Table(
        "statements",
        "What sources say beside their tables and studies, in their own words",
        {"id": str, "source_id": str, "quote": str, "workload": str},
        key=("id",),
        links={"source_id": ("sources", "id")},
    ),
    Table(
        "estimates",
        "Quantitative claims in their own form, each of a study or of a statement",
        {
            "id": int,
            "study_id": int,
            "statement_id": str,
            "form": str,
            "low": float,
            "high": float,
            "quote": str,
            "measures": str,
            "years_low": float,
            "years_high": float,
            "period_start": str,
            "period_end": str,
            "direction": str,
            "central": float,
            "at_least": int,
            "seen_at": str,
        },
        key=("id",),
        optional=(
            "study_id",
            "statement_id",
            "years_low",
            "years_high",
            "period_start",
            "period_end",
            "central",
            "seen_at",
        ),
        links={"study_id": ("studies", "id"), "statement_id": ("statements", "id")},
    ),
)


def create(db: sqlite_utils.Database) -> None:
    """Create all tables and the search index, empty."""
    for table in TABLES:
        table.create(db)
    db.table("studies").create_index(["number"], unique=True)
    db.execute(index.CREATE)
    db.execute(index.CREATE_TOPICS)
