"""The command line: python -m knowledge build | check | path | export | refresh."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.build import DATA, build, default_path
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command; 0 when it went well, 1 when a check found errors, 2 for bad data."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "build":
            return _build(arguments.path or default_path(environ))
        if arguments.command == "check":
            return _check()
        if arguments.command == "export":
            return _export(arguments.to, arguments.format)
        if arguments.command == "refresh":
            return _refresh(arguments)
    except (KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(default_path(environ))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m knowledge", description="The knowledge base.")
    commands = parser.add_subparsers(dest="command", required=True)
    build_it = commands.add_parser("build", help="build the SQLite file from the data files")
    build_it.add_argument("--path", type=Path, help="where to (default: what `path` prints)")
    commands.add_parser("check", help="check the data files and recompute every rate")
    commands.add_parser("path", help="print where the SQLite file is")
    export_it = commands.add_parser("export", help="write the tables with a data package")
    export_it.add_argument("--format", choices=("csv", "json"), default="csv")
    export_it.add_argument("--to", type=Path, default=Path("costcurve-data"), metavar="DIR")
    refresh = commands.add_parser("refresh", help="compare prices with the package genai-prices")
    refresh.add_argument("--apply", action="store_true", help="add what is new to the data files")
    refresh.add_argument("--update", action="store_true", help="fetch its newest prices first")
    refresh.add_argument(
        "--confirm",
        nargs="+",
        default=[],
        metavar="PROVIDER/MODEL",
        help="take what waits for somebody to look: doubtful changes, and offers that are new here",
    )
    refresh.add_argument("--data", type=Path, default=DATA, metavar="DIR", help="other data files")
    return parser


def _build(path: Path) -> int:
    build(path)
    print(f"built {path}")
    return 0


def _check() -> int:
    from knowledge.check import check  # here, because it brings pandas

    report = check()
    for error in report.errors:
        print(f"error: {error}")
    for finding in report.findings:
        print(f"finding: {finding}")
    print(report.summary)
    return 1 if report.errors else 0


def _export(target: Path, form: str) -> int:
    from knowledge.export import FORMATS, export  # here, because it brings pandas

    written = export(target, next(known for known in FORMATS if known == form))
    print(f"wrote {len(written)} files to {target}")
    return 0


def _refresh(arguments: argparse.Namespace) -> int:
    # here, because no other command needs them
    from knowledge.market import ledger, news, snapshot
    from knowledge.market.load import load
    from knowledge.market.refresh import review

    data = load(arguments.data)
    taken = snapshot.take(update=arguments.update)
    found = review(data, taken, arguments.confirm)
    print(news.tell(found, data.as_of, taken))
    if arguments.apply and found.changes:
        ledger.add(arguments.data, found.changes, max(data.as_of, taken.day))
        print(f"\nadded {len(found.changes)} rows to {arguments.data / 'market' / 'prices.csv'}")
    elif found.changes:
        print("\nnothing is written without --apply")
    return 0


if __name__ == "__main__":
    sys.exit(main())
