"""Provenance: which sources and licences each exported table rests on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# What the tables rest on, as title, link and licence.
_SOURCES = "SELECT title || ', ' || publisher, url, licence FROM sources ORDER BY id"
_WORKS = """
SELECT coalesce(work, title) || ', ' || venue, url, 'not recorded; figures quoted briefly'
FROM publications JOIN studies ON studies.id = study_id ORDER BY number
"""
_ORIGINS = "SELECT title, url, licence FROM origins ORDER BY id COLLATE NOCASE"
_SCORES = "SELECT min(source), url, licence FROM scores GROUP BY url, licence ORDER BY url, licence"
_RESTS_ON = {
    "sources": (_SOURCES,),
    "series": (_SOURCES,),
    "points": (_SOURCES,),
    "statements": (_SOURCES,),
    "standings": (_SOURCES,),
    "studies": (_SOURCES, _WORKS),
    "estimates": (_SOURCES, _WORKS),
    "publications": (_WORKS,),
    "origins": (_ORIGINS,),
    "models": (_ORIGINS,),
    "prices": (_ORIGINS,),
    "scores": (_SCORES,),
}
EVERYTHING = (_SOURCES, _WORKS, _ORIGINS, _SCORES)


class Credit(Struct, frozen=True):
    """One source of a table's figures."""

    title: str
    url: str
    licence: str


def of_table(db: sqlite3.Connection, name: str) -> tuple[Credit, ...]:
    """What a table rests on; nothing for those that are ours."""
    return _read(db, _RESTS_ON.get(name, ()))


def of_all(db: sqlite3.Connection) -> tuple[Credit, ...]:
    """What the tables rest on together."""
    return _read(db, EVERYTHING)


def _read(db: sqlite3.Connection, queries: Iterable[str]) -> tuple[Credit, ...]:
    found = (Credit(*row) for query in queries for row in db.execute(query))
    return tuple({(credit.url, credit.licence): credit for credit in found}.values())


def described(credited: Iterable[Credit]) -> dict[str, list[dict[str, str]]]:
    """The `sources` and `licenses` of a package or resource; empty where there are none."""
    listed = tuple(credited)
    licences = dict.fromkeys(credit.licence for credit in listed)
    if not listed:
        return {}
    sources = {credit.url: {"title": credit.title, "path": credit.url} for credit in listed}
    return {
        "sources": list(sources.values()),
        "licenses": [{"name": _name(licence), "title": licence} for licence in licences],
    }


def _name(licence: str) -> str:
    """A licence as data packages name it: MIT, none-stated-facts-only."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", licence).strip("-")
