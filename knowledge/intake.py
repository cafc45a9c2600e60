"""Intake: a file of the user's becomes own data, or an error that says what to mend in it."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from knowledge import own as own_data
from knowledge.build import DATA, HERE
from knowledge.errors import DataError, KnowledgeError
from knowledge.load import load
from knowledge.market import cells
from knowledge.market import load as market_load
from knowledge.records import Point
from knowledge.strict import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from knowledge.own import Kind
    from knowledge.records import Workload

T = TypeVar("T")


class About(Struct, frozen=True):
    """What a table of years does not say itself; all but the workload must be given for one."""

    title: str | None = None
    unit: str | None = None
    publisher: str | None = None
    url: str | None = None
    workload: Workload | None = None  # inference


class Intake(Struct, frozen=True):
    """What is to be added: the file that it will be, and in words what that holds."""

    path: Path
    content: bytes
    adds: tuple[str, ...]

    def store(self) -> None:
        """Put the file among the own data. KnowledgeError where that cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            aside = self.path.with_suffix(".part")
            aside.write_bytes(self.content)
            aside.replace(self.path)
        except OSError as error:
            raise KnowledgeError(
                f"cannot write {self.path} ({error}); "
                f"set {own_data.VARIABLE} to a folder that can be written"
            ) from error


def template(kind: Kind) -> str:
    """An example of such a file, which itself can be imported."""
    return (HERE / "templates" / f"{kind}{own_data.SUFFIX[kind]}").read_text("utf-8")


def examine(file: Path, own: Path, about: About, today: date, data: Path = DATA) -> Intake:
    """What an import of the file would add to the own data. Nothing is written.

    Raises DataError, which names the row or entry of the file, or OSError.
    """
    kind, name, content = _read(file, about, today)
    path = own / kind / f"{name}{own_data.SUFFIX[kind]}"
    if path.exists():
        raise _wrong(file, f"{path} is there already; delete that to replace it, or rename yours")
    with tempfile.TemporaryDirectory() as aside:
        staged = Path(aside)
        for there in own_data.files(own):
            _put(staged / there.relative_to(own), there.read_bytes())
        _put(staged / kind / path.name, content)
        try:
            adds = tuple(_added(data, own, staged))
        except DataError as error:
            new = error.file == str(staged / kind / path.name)
            raise DataError(
                str(file) if new else error.file.replace(aside, str(own)),
                error.entry,
                error.problem.replace(aside, str(own)),
            ) from None
    if not adds:
        raise _wrong(file, "has no entry; write one as `python -m knowledge template` shows it")
    return Intake(path, content, adds)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _wrong(file: Path, problem: str) -> DataError:
    return DataError(str(file), "the file", problem)


def _read(file: Path, about: About, today: date) -> tuple[Kind, str, bytes]:
    """What kind of data a file has, what it is to be called, and its content as own data."""
    if not file.is_file():
        raise _wrong(file, "is not there; correct the path")
    if file.suffix.lower() == ".csv":
        if _is_prices(file):
            return "prices", _name(file.stem), file.read_bytes()
        name = _name(file.stem)
        return "series", name, _series(file, name, about, today).encode()
    if file.suffix.lower() != ".toml":
        raise _wrong(file, "is neither .csv nor .toml; see `python -m knowledge template`")
    if about != About():
        raise _wrong(file, "says itself what it is; leave --title and the like to a CSV of years")
    _, content = read_file(file, None)
    if "study" in content:
        return "studies", _name(file.stem), file.read_bytes()
    key = content.get("id", file.stem)
    if not isinstance(key, str) or key != _name(key):
        raise _wrong(file, f"'id' is {key!r}; write small letters, digits, dots and hyphens")
    return "series", key, file.read_bytes()


def _name(text: str) -> str:
    """A text as an id, and as the name of a file: "My costs (2024)" is my-costs-2024."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "own"


def _is_prices(file: Path) -> bool:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (csv.Error, UnicodeDecodeError) as error:
        raise _wrong(file, f"is not valid CSV, mend it: {error}") from error
    return not {"provider", "model", "input", "output"}.isdisjoint(header)


def _series(file: Path, name: str, about: About, today: date) -> str:
    """A table of years as the file of a series. Years after today's were not observed."""
    points = [point for _, point in cells.read(file, None, Point)]
    given = {
        "title": about.title,
        "unit": about.unit,
        "publisher": about.publisher,
        "url": about.url,
    }
    missing = [f"--{key}" for key, value in given.items() if not value]
    if missing:
        raise _wrong(file, f"does not say what its figures are and whose; add {' '.join(missing)}")
    years = [point.year for point in points]
    past = [year for year in years if year <= today.year]
    said = {key: json.dumps(value, ensure_ascii=False) for key, value in given.items()}
    rows = "".join(f"  {{ year = {p.year}, value = {p.value!r} }},\n" for p in points)
    return f"""id = "{name}"
title = {said["title"]}
unit = {said["unit"]}
workload = "{about.workload or "inference"}"
observed_until = {max(past or years[:1], default=today.year)}
note = "Imported from a table of years."
aliases = []
points = [
{rows}]

[source]
id = "{name}"
title = {said["title"]}
publisher = {said["publisher"]}
url = {said["url"]}
published = {today}
read = {today}
licence = "not stated"
"""


def _added(data: Path, own: Path, staged: Path) -> Iterator[str]:
    """What the staged data have and the present ones have not, in words."""
    before, after = load(data, own), load(data, staged)
    sources = {source.id: source for source in after.sources}
    for series in _new(before.series, after.series):
        source = sources[series.source_id]
        rows = f"{len(series.points)} rows, {series.first_year} to {series.last_year}"
        yield (
            f"series {series.id}: {series.title}, {rows}, in {series.unit}; "
            f"source: {source.title}, {source.publisher}, {source.url}"
        )
    for study in _new(before.studies, after.studies):
        url = f"; source: {study.publication.url}" if study.publication else ""
        yield f"study {study.number}: {study.title} ({study.venue}, {study.year}){url}"
    sold, sells = market_load.load(data, own), market_load.load(data, staged)
    for provider in _new(sold.providers, sells.providers):
        yield f"provider {provider.id}: new here; if it is one that is known, write its id instead"
    for price in _new(sold.prices, sells.prices):
        yield (
            f"price of {price.name} at {price.provider} from {price.valid_from}: "
            f"${price.input:g} in, ${price.output:g} out; source: {price.source}"
        )


def _new(before: Sequence[T], after: Sequence[T]) -> Iterator[T]:
    return (entry for entry in after if entry not in before)
