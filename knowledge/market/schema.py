"""The market's tables in the built file, and the indexes that keep look-ups short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.schema import Table

if TYPE_CHECKING:
    import sqlite_utils

TABLES = (
    Table(
        "market",
        "The day that the prices show",
        {"as_of": str},
        key=("as_of",),
    ),
    Table(
        "doubts",
        "What answers that rest on the prices have to say of them",
        {"id": str, "says": str},
        key=("id",),
    ),
    Table(
        "origins",
        "Tables and pages that prices come from; a price's source begins with the id",
        {"id": str, "title": str, "url": str, "licence": str},
        key=("id",),
    ),
    Table(
        "levels",
        "Fixed capabilities: a benchmark's score that a model must reach; one alias per line",
        {
            "id": str,
            "name": str,
            "benchmark": str,
            "threshold": float,
            "aliases": str,
            "reference": float,
            "note": str,
        },
        key=("id",),
        optional=("aliases", "reference", "note"),
    ),
    Table(
        "families",
        "Models that share a name; one word per line",
        {"name": str, "words": str, "lines": str},
        key=("name",),
        optional=("words", "lines"),
    ),
    Table(
        "providers",
        "Who bills: makers of models, and hosts of open ones; one alias per line",
        {"id": str, "name": str, "host": int, "aliases": str},
        key=("id",),
        optional=("aliases",),
    ),
    Table(
        "models",
        "Models, the same at every provider; one alias per line",
        {"id": str, "name": str, "first_priced": str, "aliases": str, "replaced_by": str},
        key=("id",),
        optional=("aliases", "replaced_by"),
    ),
    Table(
        "prices",
        "List prices in US dollars per million tokens, from a day (included) to another (not); "
        "blended is (3 input + output) / 4; one witness per line",
        {
            "model": str,
            "provider": str,
            "valid_from": str,
            "valid_to": str,
            "input": float,
            "output": float,
            "blended": float,
            "released": str,
            "source": str,
            "licence": str,
            "witnesses": str,
            "start_known": str,
            "end_known": str,
            "note": str,
        },
        key=("model", "provider", "valid_from"),
        optional=("valid_to", "released", "witnesses", "start_known", "end_known", "note"),
        links={"model": ("models", "id"), "provider": ("providers", "id")},
    ),
    Table(
        "scores",
        "Published results of models, in percent; they count from a day, else from the first price",
        {
            "id": int,
            "benchmark": str,
            "model": str,
            "score": float,
            "counts_from": str,
            "source": str,
            "url": str,
            "licence": str,
        },
        key=("id",),
        optional=("counts_from",),
        links={"model": ("models", "id")},
    ),
)


def create(db: sqlite_utils.Database) -> None:
    """Create the tables, empty."""
    for table in TABLES:
        table.create(db)
    # The cheapest offers of a day are the first of this order that were in force.
    order = ["blended", "valid_from", "provider", "model", "valid_to"]
    db.table("prices").create_index(order)
    db.table("prices").create_index(["provider", *(c for c in order if c != "provider")])
    db.table("scores").create_index(["model", "benchmark", "score"])
    db.table("scores").create_index(["benchmark", "score", "model"])
