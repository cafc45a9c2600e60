"""The export: every table as CSV or JSON, described by a tabular data package."""

from __future__ import annotations

import json
import math
from contextlib import closing
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from knowledge import provenance
from knowledge.build import DATA, build_memory
from knowledge.errors import KnowledgeError
from knowledge.market import schema as market_schema
from knowledge.rates import annualise
from knowledge.records import Estimate
from knowledge.schema import TABLES

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from knowledge.schema import Table

Format = Literal["csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIATYPES = {"csv": "text/csv", "json": "application/json"}
TYPES = {str: "string", int: "integer", float: "number"}
FINER = {  # columns that say more than SQLite's type
    "as_of": {"type": "date"},
    "checked": {"type": "date"},
    "counts_from": {"type": "date"},
    "first_priced": {"type": "date"},
    "host": {"type": "boolean"},
    "probable": {"type": "boolean"},
    "published": {"type": "date"},
    "read": {"type": "date"},
    "released": {"type": "date"},
    "url": {"type": "string", "format": "uri"},
    "valid_from": {"type": "date"},
    "valid_to": {"type": "date"},
}
COMPUTED = {
    "annual_low": "The claim as a decline per year, low end; empty where it names no period",
    "annual_high": "The claim as a decline per year, high end",
}


def export(target: Path, form: Format, data: Path = DATA, own: Path | None = None) -> list[Path]:
    """Write all tables and their datapackage.json below `target`; the files written.

    KnowledgeError where there can be no such folder.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnowledgeError(
            f"{target} cannot be a folder ({error.strerror}); name another with --to"
        ) from error
    tables = [table for table in (*TABLES, *market_schema.TABLES) if table.name != "meta"]
    written = []
    with closing(build_memory(data, own)) as db:
        for table in tables:
            path = target / f"{table.name}.{form}"
            _write(_frame(db, table), path, form)
            written.append(path)
        resources = [
            _resource(table, form) | provenance.described(provenance.of_table(db, table.name))
            for table in tables
        ]
        credited = provenance.described(provenance.of_all(db))
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    named = {licence["name"] for licence in package["licenses"]}
    others = [licence for licence in credited["licenses"] if licence["name"] not in named]
    package |= {
        "profile": "tabular-data-package",
        "sources": credited["sources"],
        "licenses": [*package["licenses"], *others],
        "resources": resources,
    }
    described = target / "datapackage.json"
    described.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return [*written, described]


def _frame(db: sqlite3.Connection, table: Table) -> pd.DataFrame:
    order = ", ".join(table.key)
    sql = f"SELECT * FROM {table.name} ORDER BY {order}"  # noqa: S608  # names from our schema
    frame = pd.read_sql_query(sql, db)
    whole = {column: "Int64" for column, kind in table.columns.items() if kind is int}
    frame = frame.astype(whole)  # pandas makes years with gaps fractions: 2022.0
    truths = [column for column in table.columns if FINER.get(column) == {"type": "boolean"}]
    frame = frame.astype(dict.fromkeys(truths, bool))
    return _annual(frame) if table.name == "estimates" else frame


def _annual(frame: pd.DataFrame) -> pd.DataFrame:
    """The claims with their annual rates beside them."""
    names = list(Estimate.__struct_fields__)
    plain = frame[names].astype(object).where(frame[names].notna(), None)
    rates = [annualise(Estimate(*claim)) for claim in plain.itertuples(index=False)]
    ends = [(rate.low, rate.high) if rate else (math.nan, math.nan) for rate in rates]
    return frame.assign(annual_low=[low for low, _ in ends], annual_high=[high for _, high in ends])


def _write(frame: pd.DataFrame, path: Path, form: Format) -> None:
    if form == "csv":
        frame.to_csv(path, index=False, lineterminator="\n")
    else:
        frame.to_json(path, orient="records", indent=2, force_ascii=False, double_precision=15)


def _resource(table: Table, form: Format) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.{form}",
        "description": table.description,
        "format": form,
        "mediatype": MEDIATYPES[form],
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, object]:
    fields: list[dict[str, object]] = [
        {
            "name": column,
            **FINER.get(column, {"type": TYPES[kind]}),
            "constraints": {"required": column not in table.optional},
        }
        for column, kind in table.columns.items()
    ]
    if table.name == "estimates":
        fields += [
            {"name": name, "type": "number", "description": meaning}
            for name, meaning in COMPUTED.items()
        ]
    return {
        "fields": fields,
        "primaryKey": list(table.key),
        "foreignKeys": [
            {"fields": [column], "reference": {"resource": name, "fields": [key]}}
            for column, (name, key) in table.links.items()
        ],
    }
