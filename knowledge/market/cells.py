"""The strict reader of tables: each row of a CSV file becomes a record, or a DataError."""

from __future__ import annotations

import csv
import re
from datetime import date
from difflib import get_close_matches
from types import NoneType
from typing import TYPE_CHECKING, Literal, TypeVar, get_args, get_origin, get_type_hints

from knowledge.errors import DataError
from knowledge.strict import Place, named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from msgspec import Struct

R = TypeVar("R", bound="Struct")
SEPARATOR = ", "  # between the entries of one cell
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def read(path: Path, root: Path | None, cls: type[R]) -> list[tuple[Place, R]]:
    """The rows of a file as records of `cls`, in its order; the columns are the fields."""
    name = named(path, root)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets mark theirs so
            lines = csv.reader(file, strict=True)
            rows = [(lines.line_num, cells) for cells in lines]
    except FileNotFoundError:
        raise DataError(name, "the file", f"is missing; restore it in {root}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(name, "the file", f"is not valid CSV, mend it: {error}") from error
    columns = cls.__struct_fields__
    _check_header(rows[0][1] if rows else [], columns, Place(name, "the first line"))
    hints = get_type_hints(cls, localns={"date": date})
    readers = [_cell(hints[column]) for column in columns]
    found = []
    for line, cells in rows[1:]:
        place = Place(name, f"line {line} ({' '.join(cells[:2])})")
        if len(cells) != len(columns):
            raise place.wrong(f"has {len(cells)} cells; write {len(columns)}, empty ones too")
        values = {}
        for column, reader, text in zip(columns, readers, cells, strict=True):
            try:
                values[column] = reader(text)
            except ValueError as error:
                raise place.wrong(f"'{column}' is {text!r}; {error}") from None
        found.append((place, cls(**values)))
    return found


def _check_header(header: Sequence[str], columns: Sequence[str], place: Place) -> None:
    for name in header:
        if name not in columns:
            near = get_close_matches(name, columns, n=1)
            raise place.wrong(
                f"unknown column '{name}'; "
                + (f"did you mean '{near[0]}'?" if near else "remove it from every line")
            )
    for name in columns:
        if name not in header:
            raise place.wrong(f"the column '{name}' is missing; add it to every line")
    if list(header) != list(columns):
        raise place.wrong(f"the columns are out of order; write {', '.join(columns)}")


def _cell(hint: object) -> Callable[[str], object]:
    """What reads a cell of this type, or raises ValueError with the remedy."""
    options = get_args(hint)
    if NoneType in options:
        inner = _cell(next(option for option in options if option is not NoneType))
        return lambda text: inner(text) if text else None
    if get_origin(hint) is Literal:
        return lambda text: _one_of(text, options)
    if get_origin(hint) is tuple:
        return _entries
    return {str: _text, int: _whole, float: _number, date: _date}[hint]  # type: ignore[index]  # a type


def _text(text: str) -> str:
    if not text or text != text.strip() or "\n" in text:
        raise ValueError("write one line without blanks at its ends")
    return text


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("write a number in plain digits, such as 0.25")
    return float(text)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError("write a whole number, such as 2024")
    return int(text)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError("write a date such as 2024-11-04")
    return day


def _one_of(text: str, options: Sequence[str]) -> str:
    if text not in options:
        raise ValueError(f"write one of {', '.join(options)}")
    return text


def _entries(text: str) -> tuple[str, ...]:
    entries = tuple(text.split(SEPARATOR)) if text else ()
    if list(entries) != sorted(set(entries)) or not all(map(_text, entries)):
        raise ValueError("write each entry once, by the alphabet, separated by ', '")
    return entries
