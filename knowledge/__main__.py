"""The command line: python -m knowledge build | check | path | export | import | refresh ..."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import own
from knowledge.build import DATA, build, default_path
from knowledge.errors import KnowledgeError
from knowledge.records import WORKLOADS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command; 0 when it went well, 1 when a check found errors, 2 for bad data."""
    arguments = _parser().parse_args(argv)
    mine = own.folder(environ)
    try:
        if arguments.command == "build":
            return _build(arguments.path or default_path(environ), mine)
        if arguments.command == "check":
            return _check(mine)
        if arguments.command == "export":
            return _export(arguments.to, arguments.format, mine)
        if arguments.command == "import":
            return _import(arguments, mine, default_path(environ))
        if arguments.command == "template":
            return _template(arguments.kind)
        if arguments.command == "refresh":
            return _refresh(arguments)
    except (KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(mine if arguments.own else default_path(environ))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m knowledge", description="The knowledge base.")
    commands = parser.add_subparsers(dest="command", required=True)
    build_it = commands.add_parser("build", help="build the SQLite file from the data files")
    build_it.add_argument("--path", type=Path, help="where to (default: what `path` prints)")
    commands.add_parser("check", help="check the data files and recompute every rate")
    path = commands.add_parser("path", help="print where the SQLite file is")
    path.add_argument("--own", action="store_true", help="where your own data lie, instead")
    export_it = commands.add_parser("export", help="write the tables with a data package")
    export_it.add_argument("--format", choices=("csv", "json"), default="csv")
    export_it.add_argument("--to", type=Path, default=Path("costcurve-data"), metavar="DIR")
    import_it = commands.add_parser("import", help="add your own series, studies or prices")
    import_it.add_argument("file", type=Path, metavar="FILE", help="as `template` shows it")
    import_it.add_argument("--dry-run", action="store_true", help="only say what would be added")
    years = import_it.add_argument_group("of a CSV file of years (year,value)")
    years.add_argument("--title", help="what the figures are")
    years.add_argument("--unit", help="such as 'USD per inference'")
    years.add_argument("--publisher", help="whose figures they are")
    years.add_argument("--url", help="where they can be read")
    years.add_argument("--workload", choices=WORKLOADS, help="default: inference")
    example = commands.add_parser("template", help="print an example of a file to import")
    example.add_argument("kind", choices=own.KINDS)
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


def _build(path: Path, mine: Path) -> int:
    build(path, DATA, mine)
    print(f"built {path}")
    return 0


def _check(mine: Path) -> int:
    from knowledge.check import check  # here, because it brings pandas

    report = check(DATA, mine)
    for error in report.errors:
        print(f"error: {error}")
    for finding in report.findings:
        print(f"finding: {finding.says}")
    print(report.summary)
    return 1 if report.errors else 0


def _export(target: Path, form: str, mine: Path) -> int:
    from knowledge.export import FORMATS, export  # here, because it brings pandas

    written = export(target, next(known for known in FORMATS if known == form), DATA, mine)
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


def _import(arguments: argparse.Namespace, mine: Path, path: Path) -> int:
    from knowledge.intake import About, examine  # here, because few commands need it

    names = ("title", "unit", "publisher", "url", "workload")
    about = About(**{name: getattr(arguments, name) for name in names})
    found = examine(arguments.file, mine, about, datetime.now(UTC).date())
    for added in found.adds:
        print(f"{'would add' if arguments.dry_run else 'adds'} {added}")
    if arguments.dry_run:
        print(f"as {found.path}; nothing was changed")
        return 0
    found.store()
    print(f"stored {found.path}; to remove it again, delete that file and build")
    return _build(path, mine)


def _template(kind: own.Kind) -> int:
    from knowledge.intake import template

    print(template(kind), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
