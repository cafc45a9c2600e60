"""The market's records as rows of the built file: written by the build, read back by Market."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from knowledge.market.records import (
    Doubt,
    Family,
    Level,
    Model,
    ModelPrice,
    Origin,
    Provider,
    Score,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from knowledge.market.load import MarketData

PRICES = """
SELECT provider, model, name, released, valid_from, valid_to, input, output, source, licence,
    witnesses, start_known, end_known, note
FROM prices JOIN models ON models.id = prices.model
"""
SCORES = "SELECT benchmark, model, score, counts_from, source, url, licence FROM scores"


def entries(data: MarketData) -> dict[str, list[tuple[object, dict[str, object]]]]:
    """What goes into each table: a record, and the keys that it does not carry itself."""
    return {
        "market": [(data, {})],
        "doubts": [(doubt, {}) for doubt in data.doubts],
        "origins": [(origin, {}) for origin in data.origins],
        "levels": [(level, {}) for level in data.levels],
        "families": [(family, {}) for family in data.families],
        "providers": [(provider, {}) for provider in data.providers],
        "models": [(model, {}) for model in data.models],
        "prices": [(price, {}) for price in data.prices],
        "scores": [(score, {"id": key}) for key, score in enumerate(data.scores, start=1)],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()


def prices(db: sqlite3.Connection, rest: str, values: tuple[object, ...]) -> Iterator[ModelPrice]:
    """The prices that the rest of a query finds, in its order."""
    for provider, model, name, released, valid_from, valid_to, *plain in db.execute(
        PRICES + rest, values
    ):
        cost_in, cost_out, source, licence, witnesses, start_known, end_known, note = plain
        yield ModelPrice(
            provider,
            model,
            name,
            _day(released),
            date.fromisoformat(valid_from),
            _day(valid_to),
            cost_in,
            cost_out,
            source,
            licence,
            _lines(witnesses),
            start_known,
            end_known,
            note,
        )


def scores(db: sqlite3.Connection, rest: str, values: tuple[object, ...]) -> Iterator[Score]:
    """The scores that the rest of a query finds, in its order."""
    for benchmark, model, score, counts_from, *found in db.execute(SCORES + rest, values):
        yield Score(benchmark, model, score, _day(counts_from), *found)


def models(db: sqlite3.Connection) -> Iterator[Model]:
    query = "SELECT id, name, first_priced, aliases, replaced_by FROM models ORDER BY id"
    for key, name, first, aliases, replaced_by in db.execute(query):
        yield Model(key, name, date.fromisoformat(first), _lines(aliases), replaced_by)


def providers(db: sqlite3.Connection) -> Iterator[Provider]:
    query = "SELECT id, name, host, aliases FROM providers ORDER BY id"
    for key, name, host, aliases in db.execute(query):
        yield Provider(key, name, bool(host), _lines(aliases))


def levels(db: sqlite3.Connection) -> Iterator[Level]:
    query = (
        "SELECT id, name, benchmark, threshold, aliases, reference, note FROM levels ORDER BY id"
    )
    for key, name, benchmark, threshold, aliases, reference, note in db.execute(query):
        yield Level(key, name, benchmark, threshold, _lines(aliases), reference, note)


def families(db: sqlite3.Connection) -> Iterator[Family]:
    query = "SELECT name, words, lines FROM families ORDER BY name COLLATE NOCASE"
    for name, words, lines in db.execute(query):
        yield Family(name, _lines(words), _lines(lines))


def origins(db: sqlite3.Connection) -> Iterator[Origin]:
    query = "SELECT id, title, url, licence FROM origins ORDER BY id COLLATE NOCASE"
    return (Origin(*row) for row in db.execute(query))


def doubts(db: sqlite3.Connection) -> Iterator[Doubt]:
    return (Doubt(*row) for row in db.execute("SELECT id, says FROM doubts ORDER BY id"))


def as_of(db: sqlite3.Connection) -> date:
    return date.fromisoformat(db.execute("SELECT as_of FROM market").fetchone()[0])
