"""All that the data files say, as one frozen Knowledge; what is wrong stops with a DataError."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from knowledge import own as own_data
from knowledge import sanity
from knowledge.records import (
    CostSeries,
    Point,
    Publication,
    Source,
    Standing,
    Statement,
    Study,
    Topic,
    Venue,
)
from knowledge.strict import Place, Table, nothing_else, ordered, read_file, record, tables

if TYPE_CHECKING:
    from pathlib import Path

Sources = dict[str, Source]
P = TypeVar("P", Standing, Publication)


class Knowledge(Struct, frozen=True):
    """The content of the data files, each kind in order."""

    sources: tuple[Source, ...]
    series: tuple[CostSeries, ...]
    studies: tuple[Study, ...]
    topics: tuple[Topic, ...]
    venues: tuple[Venue, ...]
    statements: tuple[Statement, ...]


class _Head(Struct, frozen=True):
    """What stands above the studies of one collection; without a source each is its own."""

    collection: str
    source_id: str | None = None


def load(root: Path, own: Path | None = None) -> Knowledge:
    """Read and check all data files below `root`, and a user's own below `own`."""
    sources = {source.id: source for source in _sources(root)}
    topics, venues = _topics(root), _venues(root)
    studies = _studies(root, own, sources, {topic.id for topic in topics}, venues)
    series = _series(root, own, sources)
    # A venue without short names needs no entry of its own: adding a study edits one file.
    plain = {study.venue for study in studies} - {venue.name for venue in venues}
    return Knowledge(
        tuple(sources.values()),
        series,
        studies,
        topics,
        tuple(sorted((*venues, *(Venue(name, ()) for name in plain)), key=_venue_name)),
        _statements(root, sources),
    )


def _sources(root: Path) -> tuple[Source, ...]:
    entries = []
    for place, table in _entries(root, "sources.toml", "source"):
        source = record(Source, table, place)
        sanity.check_source(source, place)
        entries.append((place, source))
    return ordered(entries, lambda source: source.id, "id")


def _topics(root: Path) -> tuple[Topic, ...]:
    entries = [
        (place, record(Topic, table, place))
        for place, table in _entries(root, "topics.toml", "topic")
    ]
    topics = ordered(entries, lambda topic: topic.id, "id")
    sanity.check_words((place, (topic.name, *topic.synonyms)) for place, topic in entries)
    return topics


def _venue_name(venue: Venue) -> str:
    return venue.name.casefold()


def _venues(root: Path) -> tuple[Venue, ...]:
    entries = [
        (place, record(Venue, table, place))
        for place, table in _entries(root, "venues.toml", "venue")
    ]
    venues = ordered(entries, _venue_name, "name")
    sanity.check_words((place, (venue.name, *venue.aliases)) for place, venue in entries)
    return venues


def _files(
    root: Path, own: Path | None, kind: Literal["series", "studies"]
) -> list[tuple[Path, Path | None]]:
    """The product's files of a kind, each with `root`, and the user's own, with None."""
    mine: list[tuple[Path, Path | None]] = [(path, None) for path in own_data.files(own, kind)]
    return [*((path, root) for path in sorted((root / kind).glob("*.toml"))), *mine]


def _series(root: Path, own: Path | None, sources: Sources) -> tuple[CostSeries, ...]:
    """One series per file, so that adding a series is adding a file."""
    found: list[tuple[Place, CostSeries]] = []
    for path, base in _files(root, own, "series"):
        name, content = read_file(path, base)
        place = Place(name, f"series {content.get('id', path.stem)}")
        if base is None:
            _own_source(content, sources, place)
        rows = [(spot, record(Point, row, spot)) for spot, row in tables(content, "points", place)]
        points = ordered(rows, lambda point: point.year, "year")
        series = record(CostSeries, content, place, points=points)
        sanity.check_series(series, place)
        _check_file(path, series.id, place)
        _source(series.source_id, sources, place)
        if series.id in (other.id for _, other in found):
            raise place.wrong("there is a series of that id; give yours another, and its file too")
        found.append((place, series))
    sanity.check_words((place, (series.title, *series.aliases)) for place, series in found)
    return tuple(series for _, series in found)


def _own_source(content: Table, sources: Sources, place: Place) -> None:
    """Take the source that an own series brings along."""
    entry = content.pop("source", None)
    if entry is None:
        return
    if not isinstance(entry, dict):
        raise place.wrong("'source' is no table; write it under [source]")
    spot = Place(place.file, f"{place.entry}, source")
    source = record(Source, entry, spot)
    sanity.check_source(source, spot)
    if source.id in sources:
        raise spot.wrong(f"there is a source '{source.id}'; give yours another id")
    sources[source.id] = source
    content.setdefault("source_id", source.id)


def _studies(
    root: Path, own: Path | None, sources: Sources, topics: set[str], venues: tuple[Venue, ...]
) -> tuple[Study, ...]:
    """One collection per file; its head names it and the source that cites its studies.

    Own studies are published estimates, whatever their file is called.
    """
    found: list[Study] = []
    numbers: dict[int, str] = {}
    for path, base in _files(root, own, "studies"):
        name, content = read_file(path, base)
        place = Place(name, "the file")
        listed = tables(content, "study", place)
        head = record(_Head, content, place) if base else _own_head(content, place)
        if base:
            _check_file(path, head.collection, place)
        source = _source(head.source_id, sources, place) if head.source_id else None
        entries = [(spot, _study(table, spot, head)) for spot, table in listed]
        for spot, study in entries:
            sanity.check_study(study, source, spot)
            sanity.check_number(study, spot, own=base is None)
            sanity.check_topics(study, topics, spot)
            sanity.check_venue(study, venues, spot)
            if numbers.setdefault(study.number, name) != name:
                raise spot.wrong(f"{numbers[study.number]} has that number; give it another")
        found += ordered(entries, lambda study: study.number, "number")
        sanity.check_words((spot, (study.title,)) for spot, study in entries)
    return tuple(sorted(found, key=lambda study: (study.collection, study.number)))


def _own_head(content: Table, place: Place) -> _Head:
    head = record(_Head, {"collection": "published", **content}, place)
    if head != _Head("published"):
        raise place.wrong("own studies are published estimates; remove what stands above them")
    return head


def _study(table: Table, place: Place, head: _Head) -> Study:
    claims = tables(table, "estimate", place)
    standing = _part(Standing, "standing", table, place) if head.source_id else None
    publication = None if head.source_id else _part(Publication, "publication", table, place)
    for part in (standing, publication):
        if part and part.url is not None:
            sanity.check_url(part.url, place)
    return record(
        Study,
        table,
        place,
        collection=head.collection,
        source_id=head.source_id,
        estimates=tuple(sanity.estimate(claim, spot) for spot, claim in claims),
        standing=standing,
        publication=publication,
    )


def _part(kind: type[P], name: str, table: Table, place: Place) -> P:
    """What stands under a name in a study's entry, as a record."""
    content = table.pop(name, None)
    if not isinstance(content, dict):
        raise place.wrong(f"has no {name}; add [study.{name}] with what a check found")
    return record(kind, content, Place(place.file, f"{place.entry}, {name}"))


def _statements(root: Path, sources: Sources) -> tuple[Statement, ...]:
    entries = []
    for place, table in _entries(root, "statements.toml", "statement"):
        claim = table.pop("estimate", None)
        if not isinstance(claim, dict | None):
            raise place.wrong("'estimate' is no table; write it under [statement.estimate]")
        estimate = None if claim is None else sanity.estimate(claim, place)
        statement = record(Statement, table, place, estimate=estimate)
        _source(statement.source_id, sources, place)
        if estimate is not None:
            sanity.check_quote(estimate, statement.quote, place)
        entries.append((place, statement))
    return ordered(entries, lambda statement: statement.id, "id")


def _entries(root: Path, name: str, kind: str) -> list[tuple[Place, Table]]:
    """The entries of a file that holds entries of one kind and nothing else."""
    name, content = read_file(root / name, root)
    place = Place(name, "the file")
    entries = tables(content, kind, place)
    nothing_else(content, [kind], place)
    return entries


def _check_file(path: Path, name: str, place: Place) -> None:
    if path.stem != name:
        raise place.wrong(f"stands in {path.name}; call the file {name}.toml")


def _source(source_id: str, sources: Sources, place: Place) -> Source:
    if source_id not in sources:
        raise place.wrong(f"unknown source '{source_id}'; add it to sources.toml or correct it")
    return sources[source_id]
