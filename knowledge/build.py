"""The build: data files become one SQLite file, again whenever they or their reader change."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import own as own_data
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VARIABLE = "COSTCURVE_KNOWLEDGE"
HERE = Path(__file__).parent
DATA = HERE / "data"
SHAPED_BY = (
    "build.py",
    "findings.py",
    "index.py",
    "load.py",
    "market/capability.py",
    "market/cells.py",
    "market/findings.py",
    "market/load.py",
    "market/own_prices.py",
    "market/records.py",
    "market/rows.py",
    "market/sanity.py",
    "market/schema.py",
    "own.py",
    "rates.py",
    "records.py",
    "rows.py",
    "sanity.py",
    "schema.py",
    "strict.py",
)


def default_path(environ: Mapping[str, str]) -> Path:
    """Where the built file lives: COSTCURVE_KNOWLEDGE, else the user's cache folder.

    KnowledgeError where the variable names the home of nobody.
    """
    if chosen := environ.get(VARIABLE):
        try:
            return Path(chosen).expanduser()
        except RuntimeError as error:  # nobody's home
            raise KnowledgeError(f"{VARIABLE} is no path ({error}); give a whole one") from None
    import platformdirs  # here, because the variable spares its import

    return Path(platformdirs.user_cache_dir("costcurve", appauthor=False)) / "knowledge.sqlite3"


def digest(data: Path = DATA, own: Path | None = None) -> str:
    """What the data files, a user's own among them, and the code that shapes them add up to.

    Two checksums tell versions apart as well as a hash would here, and need no OpenSSL on start.
    """
    shaped_by = (HERE / name for name in SHAPED_BY)
    return _checksum(*data_files(data), *own_data.files(own), *shaped_by)


def shape() -> str:
    """What the code that shapes the data adds up to: who reads a file must be of its shape."""
    return _checksum(*(HERE / name for name in SHAPED_BY))


def _checksum(*paths: Path) -> str:
    crc, adler = 0, 1
    for path in paths:
        content = b"%s\0%s\0" % (path.name.encode(), path.read_bytes())
        crc, adler = zlib.crc32(content, crc), zlib.adler32(content, adler)
    return f"{crc:08x}{adler:08x}"


def data_files(data: Path) -> list[Path]:
    """The files that hold the data, in a fixed order."""
    return sorted(path for path in data.rglob("*.*") if path.suffix in {".csv", ".toml"})


def ensure(
    path: Path, announce: Callable[[str], object], data: Path = DATA, own: Path | None = None
) -> None:
    """Build the file unless it is there, whole, and of this data; `announce` one line if it builds.

    Raises DataError when the data are wrong, KnowledgeError when the file cannot be written.
    """
    if not is_current(path, digest(data, own)):
        announce(f"Building the knowledge base in {path} (first start, or the data changed) ...")
        build(path, data, own)


def is_current(path: Path, wanted: str) -> bool:
    """Whether a whole knowledge base with this digest is there. A damaged one counts as none."""
    try:
        with closing(connect(path)) as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'digest'").fetchall()
            return found == [(wanted,)] and _is_sound(connection)
    except sqlite3.DatabaseError:  # no file, no database, a damaged one, or one without the table
        return False


def _is_sound(connection: sqlite3.Connection) -> bool:
    return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]


def connect(path: Path) -> sqlite3.Connection:
    """A reading connection that takes no locks: a built file is replaced, never changed."""
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def build(path: Path, data: Path = DATA, own: Path | None = None) -> None:
    """Build the file aside and move it into place, so that readers see the old or the new one."""
    import tempfile

    _refuse_other(path)
    with closing(build_memory(data, own)) as memory:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _clear(path.parent)
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=BUILDING) as aside:
                built = Path(aside) / path.name
                with closing(sqlite3.connect(built)) as target:
                    memory.backup(target)
                built.replace(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise KnowledgeError(
                f"cannot write {path} ({error}); set {VARIABLE} to a file that can be written"
            ) from error


BUILDING = ".building-"  # how the folders begin in which is built
HOUR = 3600.0  # seconds; no build takes so long


def _clear(folder: Path) -> None:
    """Remove what builds that were killed have left."""
    import shutil
    import time

    for left in folder.glob(f"{BUILDING}*"):
        with suppress(FileNotFoundError):  # its own build has just ended
            if time.time() - left.stat().st_mtime > HOUR:
                shutil.rmtree(left, ignore_errors=True)


MAGIC = b"SQLite format 3\x00"  # how every SQLite file begins


def _refuse_other(path: Path) -> None:
    """Never write over what is not ours, which a wrong setting may point to.

    Whatever begins like a database but cannot be read is taken for ours, damaged.
    """
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise KnowledgeError(
                    f"{path} is no knowledge base; set {VARIABLE} to a file of its own"
                )
    try:
        with closing(connect(path)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.DatabaseError:  # nothing there, or a damaged file
        return
    if names and ("study_index",) not in names:
        raise KnowledgeError(f"{path} is another database; set {VARIABLE} to a file of its own")


def build_memory(data: Path = DATA, own: Path | None = None) -> sqlite3.Connection:
    """The knowledge base in memory, built in one transaction."""
    import sqlite_utils  # here, because it brings pandas: no answer may wait for that

    from knowledge import index, rows, schema
    from knowledge.findings import findings
    from knowledge.load import load
    from knowledge.market import load as market_load
    from knowledge.market import rows as market_rows
    from knowledge.market import schema as market_schema

    knowledge = load(data, own)
    market = market_load.load(data, own)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    db = sqlite_utils.Database(connection, execute_plugins=False)
    entries = {**rows.entries(knowledge), **market_rows.entries(market)}
    entries["findings"] = [(finding, {}) for finding in findings(knowledge, market)]
    facts = {"digest": digest(data, own), "shape": shape()}
    entries["meta"] = [(None, {"key": key, "value": value}) for key, value in facts.items()]
    with db.atomic():
        schema.create(db)
        market_schema.create(db)
        for table in (*schema.TABLES, *market_schema.TABLES):
            content = [rows.row(table, entry, keys) for entry, keys in entries[table.name]]
            db.table(table.name).insert_all(content)
        connection.executemany(index.FILL, index.content(knowledge))
        connection.executemany(index.FILL_TOPICS, index.topic_content(knowledge))
    return connection
