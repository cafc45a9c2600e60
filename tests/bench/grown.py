"""Grown: knowledge bases a thousand times the shipped one, with rows made up after its own."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from knowledge import index
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

FIRST = 3000  # the key and number of the first study made up: no shipped one, and no year
SYLLABLES = ("ba", "co", "den", "fir", "gal", "hum", "jo", "kes", "lin", "mor", "nu", "pra", "tes")
WORDS = 30_000  # different ones, as rare as words of a language are
EPOCH = date(2020, 1, 1)
DAYS = 2400  # over which prices are spread


def of_studies(count: int) -> KnowledgeBase:
    """The shipped knowledge base and as many published estimates more, made up after its own."""
    connection, chance = build_memory(), random.Random(1)  # noqa: S311  # no secret
    sentences = _sentences(chance)
    topics = dict(connection.execute("SELECT id, synonyms FROM topics ORDER BY id"))
    shipped = "SELECT * FROM studies WHERE collection = 'published'"
    models = [(row, _told(connection, row[0])) for row in connection.execute(shipped)]
    with connection:
        for key in range(FIRST, FIRST + count):
            (_, collection, _, _, *where, _, source, group), told = chance.choice(models)
            title, text = next(sentences).title(), f"{next(sentences)} {next(sentences)}"
            filed = chance.sample(sorted(topics), 2)
            study = (key, collection, key, title, *where, text, source, group)
            _insert(connection, "studies", study)
            for table, row in told:
                _insert(connection, table, [key if value is OWNER else value for value in row])
            for topic in filed:
                _insert(connection, "study_topics", (key, topic))
            about = " ".join(topics[topic] for topic in filed)
            connection.execute(index.FILL, (key, title, text, about, collection))
    return KnowledgeBase(connection)


OWNER = object()  # stands for the key of a study


def _told(db: sqlite3.Connection, study: int) -> list[tuple[str, list[object]]]:
    """The rows that belong to a study, without its key and their own."""
    found: list[tuple[str, list[object]]] = []
    for table in ("publications", "estimates"):
        rows = db.execute(f"SELECT * FROM {table} WHERE study_id = ?", (study,))  # noqa: S608
        names = [name for name, *_ in rows.description]
        for row in rows:
            told = dict(zip(names, row, strict=True)) | {"study_id": OWNER}
            found.append((table, [None if name == "id" else told[name] for name in names]))
    return found


def _insert(db: sqlite3.Connection, table: str, row: Sequence[object]) -> None:
    places = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} VALUES ({places})", tuple(row))  # noqa: S608  # names of ours


def _sentences(chance: random.Random) -> Iterator[str]:
    """Sentences of a dozen words, of which the n-th commonest is n times as rare as the first."""
    words = ["".join(chance.choices(SYLLABLES, k=3)) + str(n) for n in range(WORDS)]
    weights = list(accumulate(1 / n for n in range(1, WORDS + 1)))
    while True:
        yield " ".join(chance.choices(words, cum_weights=weights, k=12))


def of_prices(count: int) -> KnowledgeBase:
    """The shipped knowledge base and as many price periods more, of models made up for them."""
    connection, chance = build_memory(), random.Random(1)  # noqa: S311  # no secret
    providers = [id for (id,) in connection.execute("SELECT id FROM providers ORDER BY id")]  # noqa: A001
    with connection:
        for name, rows in _price_lists(chance, providers, count):
            connection.execute("INSERT INTO models VALUES (?, ?, ?, NULL, NULL)", name)
            connection.executemany(
                """INSERT INTO prices (model, provider, valid_from, valid_to, input, output,
                blended, source, licence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'MIT')""",
                rows,
            )
    return KnowledgeBase(connection)


def _price_lists(
    chance: random.Random, providers: list[str], count: int
) -> Iterator[tuple[tuple[str, str, str], list[tuple[object, ...]]]]:
    """Models, each with two periods at two providers."""
    for number in islice(range(count), 0, count, 4):
        begin = EPOCH + timedelta(days=chance.randrange(DAYS))
        then = begin + timedelta(days=100)
        price = chance.uniform(0.1, 50)
        rows: list[tuple[object, ...]] = [
            (f"made-{number}", seller, str(start), end and str(end), p, 3 * p, 1.5 * p, "tokencost")
            for seller in chance.sample(providers, 2)
            for start, end, p in ((begin, then, price), (then, None, price / 2))
        ]
        yield (f"made-{number}", f"Made {number}", str(begin)), rows
