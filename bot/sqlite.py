"""Sqlite: the state in a file of its own, which the bot alone keeps."""

from __future__ import annotations

import os
import sqlite3
import weakref
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bot import tables
from bot.config import SQLITE, SettingError
from bot.database import StateError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.database import Row, Value

PATIENCE = 2.0  # seconds to wait at the start for another process that writes
MOMENT = 50  # milliseconds to wait for one later on; everybody waits with it
MARK = 0x436F7374  # SQLite's application_id of our files: "Cost"


class Sqlite:
    """The open file, or one in memory that is gone when it is closed."""

    def __init__(self, path: Path | None) -> None:
        self.place = str(path or "in memory")
        self.locks = None
        self._connection = _connect(path)
        weakref.finalize(self, self._connection.close)  # when nobody has it any more

    @classmethod
    def open(cls, path: Path) -> Sqlite:
        """The file, made if there is none; SettingError when it cannot be used."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):  # to open and close that one would drop its locks
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            return cls(path)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise SettingError(
                f"STATE_URL: {path} cannot be used ({reason}); "
                "give the path of a file that the bot alone keeps."
            ) from error

    def rows(self, statement: str, **values: Value) -> list[Row]:
        """What a statement finds."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StateError(str(error)) from error

    def changed(self, statement: str, **values: Value) -> int:
        """How many rows a statement changed."""
        try:
            return self._connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise StateError(str(error)) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also within another."""
        if self._connection.in_transaction:
            yield
            return
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.Error as error:
            raise StateError(str(error)) from error

    def bytes(self) -> int:
        """How large the file is."""
        return int(self.rows(tables.PAGES)[0][0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def path_of(url: str | None) -> Path:
    """The file that an address names; None is the one in the data folder."""
    if url is not None:
        below = url.removeprefix(SQLITE)
        return Path(url).expanduser() if below == url else Path("/" + below.lstrip("/"))
    import platformdirs  # here, because the variable spares its import

    return platformdirs.user_data_path("costcurve", appauthor=False) / "state.sqlite3"


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", timeout=PATIENCE, isolation_level=None)
    try:
        with connection:  # all or nothing, and one process after the other
            connection.execute("BEGIN IMMEDIATE")
            version = _version(connection)
            if path and path.stat().st_mode & 0o077:
                path.chmod(0o600)  # somebody else may have made the empty file
            for statement in chain.from_iterable(tables.MIGRATIONS[version:]):
                connection.execute(statement)
            if version < len(tables.MIGRATIONS):
                connection.execute(f"PRAGMA application_id = {MARK}")
                connection.execute(f"PRAGMA user_version = {len(tables.MIGRATIONS)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA busy_timeout = {MOMENT}")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is not left in the file
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    """The version of the schema, 0 in an empty file; refuses what this code must not touch."""
    mark, version, found = connection.execute(tables.FOUND).fetchone()
    if mark != MARK and (mark or version or found):
        raise sqlite3.DatabaseError("it is another program's database")
    if version > len(tables.MIGRATIONS):
        raise sqlite3.DatabaseError("a newer version of this program has written it")
    return int(version)
