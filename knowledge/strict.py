"""The strict reader: one TOML table and a record class become a record, or a DataError."""

from __future__ import annotations

import math
import tomllib
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from types import NoneType
from typing import TYPE_CHECKING, Literal, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Struct

from knowledge.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

R = TypeVar("R", bound=Struct)
T = TypeVar("T")
Table = dict[str, object]

# Lists whose order says nothing are kept sorted, so that two people's edits meet in one place.
SORTED = {"aliases", "lines", "phrases", "synonyms", "topics", "words"}
EXPECTED = {
    str: "a text in quotes",
    int: "a whole number without quotes",
    float: "a number without quotes",
    bool: "true or false",
    date: "a date without quotes, such as 2024-11-04",
    tuple: "a list of texts in square brackets",
}


class Place(Struct, frozen=True):
    """Where in the data a table stands, as an error names it."""

    file: str
    entry: str

    def wrong(self, problem: str) -> DataError:
        return DataError(self.file, self.entry, problem)


def named(path: Path, root: Path | None) -> str:
    """A data file as errors name it: below the product's root, and own data in full."""
    return path.relative_to(root).as_posix() if root else str(path)


def read_file(path: Path, root: Path | None) -> tuple[str, Table]:
    """A data file's name, as errors say it, and its content."""
    name = named(path, root)
    try:
        return name, tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise DataError(name, "the file", f"is missing; restore it in {root}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(name, "the file", f"is not valid TOML, mend it: {error}") from error


def tables(content: Table, key: str, place: Place) -> list[tuple[Place, Table]]:
    """The tables under `key`, taken out of `content`, each with its place."""
    found = content.pop(key, [])
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise place.wrong(f"'{key}' must be a list of tables; write each under [[{key}]]")
    return [(place_of(place, key, n, table), table) for n, table in enumerate(found, start=1)]


def place_of(place: Place, kind: str, position: int, table: Table) -> Place:
    """The place of one entry, by its own name where it has one."""
    name = next((table[key] for key in ("id", "number", "name") if key in table), None)
    entry = f"{kind} {name}" if name is not None else f"{kind} at position {position}"
    return Place(place.file, entry if place.entry == "the file" else f"{place.entry}, {entry}")


def nothing_else(content: Mapping[str, object], known: Iterable[str], place: Place) -> None:
    """Refuse keys that nobody reads: a misspelt one would otherwise be lost in silence."""
    names = list(known)
    for key in content:
        if key not in names:
            near = get_close_matches(key, names, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else f"remove it ({', '.join(names)})"
            raise place.wrong(f"unknown key '{key}'; {remedy}")


def ordered(entries: list[tuple[Place, T]], key: Callable[[T], object], by: str) -> tuple[T, ...]:
    """The entries as they stand, refused unless each key comes once and in rising order."""
    keys = [(_fold(key(entry)), place) for place, entry in entries]
    for (before, former), (after, place) in pairwise(keys):
        if before == after:
            raise place.wrong(f"is there twice; give it another {by} or remove one")
        if before > after:  # type: ignore[operator]  # keys of one kind compare
            raise place.wrong(f"is out of order; move it before {former.entry} (sorted by {by})")
    return tuple(entry for _, entry in entries)


def record(cls: type[R], table: Table, place: Place, **given: object) -> R:
    """The table as a record of `cls`; `given` are fields that were read elsewhere."""
    hints = get_type_hints(cls, localns={"date": date})
    names = cls.__struct_fields__
    nothing_else(table, [name for name in names if name not in given], place)
    for name in names[: len(names) - len(cls.__struct_defaults__)]:
        if name not in table and name not in given:
            raise place.wrong(f"'{name}' is missing; add {_expected(hints[name])}")
    values = {name: _value(hints[name], name, value, place) for name, value in table.items()}
    return cls(**values, **given)


def _value(hint: object, name: str, value: object, place: Place) -> object:
    kind = _kind(hint)
    if kind is float and type(value) is int:
        return float(value)
    if get_origin(kind) is Literal:
        fits = value in get_args(kind)
    else:
        fits = type(value) is (list if get_origin(kind) is tuple else kind)
    if not fits:
        raise place.wrong(f"'{name}' is {value!r}; write {_expected(hint)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise place.wrong(f"'{name}' is {value!r}; write a finite number")
    for text in value if isinstance(value, list) else [value]:
        _check_text(name, text, place, in_list=isinstance(value, list))
    return _list(name, value, place) if isinstance(value, list) else value


def _check_text(name: str, text: object, place: Place, *, in_list: bool) -> None:
    if in_list and not isinstance(text, str):
        raise place.wrong(f"'{name}' holds {text!r}; write {EXPECTED[tuple]}")
    if isinstance(text, str) and (not text or text != text.strip() or "\n" in text):
        raise place.wrong(f"'{name}' holds {text!r}; write one line without blanks at its ends")


def _list(name: str, values: list[str], place: Place) -> tuple[str, ...]:
    if name in SORTED:
        for former, value in pairwise(values):
            if value.casefold() == former.casefold():
                raise place.wrong(f"'{value}' is in '{name}' twice; remove one")
            if value.casefold() < former.casefold():
                raise place.wrong(f"'{name}' is out of order; move '{value}' before '{former}'")
    return tuple(values)


def _kind(hint: object) -> object:
    """The type itself of an optional one."""
    options = [option for option in get_args(hint) if option is not NoneType]
    return options[0] if NoneType in get_args(hint) else hint


def _expected(hint: object) -> str:
    kind = _kind(hint)
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f'"{option}"' for option in get_args(kind))
    return EXPECTED[get_origin(kind) or kind]  # type: ignore[index]  # KeyError: a new field type


def _fold(key: object) -> object:
    return key.casefold() if isinstance(key, str) else key
