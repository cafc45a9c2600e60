"""The price table's files with new rows: history stays, and nothing wrong gets in."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from bisect import bisect
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import astuple

from knowledge.errors import DataError
from knowledge.market.cells import SEPARATOR
from knowledge.market.load import load
from knowledge.market.records import ModelPrice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from knowledge.market.refresh import Change

COLUMNS = ModelPrice.__struct_fields__
FIRST = COLUMNS.index("valid_from")
LAST = COLUMNS.index("valid_to")
END_KNOWN = COLUMNS.index("end_known")
AS_OF = re.compile(r"^as_of = \S+$", re.MULTILINE)


def add(root: Path, changes: Iterable[Change], day: date) -> None:
    """Write the rows into the files below `root`, which then show that day.

    The new files are made beside the data and loaded before they take the old ones' places: the
    day first, because the old prices are right with it too. Raises DataError if they do not load.
    """
    market = root / "market"
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".refreshing-") as aside:
        made = Path(shutil.copytree(market, Path(aside) / "market"))
        head = made / "market.toml"
        head.write_bytes(AS_OF.sub(f"as_of = {day}", _text(head), count=1).encode())
        table = made / "prices.csv"
        table.write_bytes(with_rows(_text(table), changes).encode())
        load(made.parent)
        for file in (head, table):
            file.replace(market / file.name)


def with_rows(text: str, changes: Iterable[Change]) -> str:
    """The table's text with each row in its place, and the one before it closed on its first day.

    All other lines stay as they are. Raises DataError where a row to be closed is not there.
    """
    lines = list(io.StringIO(text))
    rows = [_cells(line) for line in lines]
    for change in changes:
        after = change.after
        cells = [_cell(value) for value in astuple(after)]
        if change.before:
            at = _index(rows, [after.provider, after.model, str(change.before.valid_from)])
            rows[at][LAST] = str(after.valid_from)
            # how an open row was last seen stays readable
            rows[at][END_KNOWN] = "; ".join(filter(None, [change.end_known, rows[at][END_KNOWN]]))
            lines[at] = _line(rows[at])
        at = bisect(rows, _key(cells), lo=1, key=_key)
        rows.insert(at, cells)
        lines.insert(at, _line(cells))
    return "".join(lines)


def _index(rows: list[list[str]], key: list[str]) -> int:
    for at, row in enumerate(rows):
        if _key(row) == key and not row[LAST]:
            return at
    raise DataError("market/prices.csv", " ".join(key), "is not in force; read the table again")


def _key(cells: list[str]) -> list[str]:
    """What the table is sorted by."""
    return [cells[0], cells[1], cells[FIRST]]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, float):
        return f"{value:.9f}".rstrip("0").rstrip(".")
    return str(value)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line], strict=True))


def _line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def _text(path: Path) -> str:
    """As it stands, whatever ends its lines."""
    return path.read_bytes().decode("utf-8")
