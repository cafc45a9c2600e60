"""Backup: a copy of the state, taken while the bot runs, and such a copy put back while it doesn't.

A copy holds no message: of updates only their numbers stay, so that none is answered again.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bot import tables
from bot.config import POSTGRES, SettingError
from bot.sqlite import MARK, path_of
from bot.state import State

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".before-restore"  # of the state as it was
BUSY = sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED


def backup(url: str | None, target: Path, *, force: bool = False) -> None:
    """Copy the state into a new file that only its owner can read; SettingError where it can't be.

    The file comes into being whole or not at all; one that is there stays, unless `force` is on.
    """
    path = _file(url)
    if not path.is_file():
        raise SettingError(f"STATE_URL: {path} is not there yet, so there is nothing to copy.")
    if os.path.lexists(target) and (not force or target.is_dir() or _same(target, path)):
        raise SettingError(f"{target} is there already; give another file, or --force.")
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _private(aside)
        with closing(_opened(path)) as source, closing(sqlite3.connect(aside)) as copy:
            source.backup(copy)
            _wordless(copy)
        aside.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise SettingError(f"{path} cannot be copied to {target} ({_reason(error)}).") from error
    finally:
        aside.unlink(missing_ok=True)


def restore(url: str | None, source: Path) -> Path | None:
    """Put a copy in the state's place; gives the file that keeps what was there before, if any.

    SettingError, and nothing changed, where the file is no copy of a state or a bot uses the state.
    """
    path = _file(url)
    try:
        with closing(_opened(source)) as copy:
            _check(copy)
            had = path.is_file() and path.stat().st_size > 0
            State.open(str(path)).close()  # makes it, where there is none, as it must be
            with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as state:
                _alone(state, path)
                kept = _kept(state, path) if had else None
                copy.backup(state)
        State.open(str(path)).close()  # brings an older one up to date
    except (OSError, sqlite3.Error) as error:
        raise SettingError(f"{source} cannot be restored ({_reason(error)}).") from error
    return kept


def _file(url: str | None) -> Path:
    if url and url.startswith(POSTGRES):
        raise SettingError(
            "STATE_URL is a PostgreSQL database; copy and restore it with pg_dump and pg_restore."
        )
    return path_of(url)


def _opened(path: Path) -> sqlite3.Connection:
    """A connection that only reads; there must be such a file."""
    return sqlite3.connect(f"{path.resolve(strict=True).as_uri()}?mode=ro", uri=True)


def _check(copy: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError unless it is a whole state of this version or one before."""
    mark, version, _ = copy.execute(tables.FOUND).fetchone()
    if mark != MARK:
        raise sqlite3.DatabaseError("it is no state of this bot")
    if not 1 <= version <= len(tables.MIGRATIONS):
        raise sqlite3.DatabaseError("a newer version of this program has written it")
    with closing(sqlite3.connect(":memory:")) as fresh:
        for statements in tables.MIGRATIONS[:version]:
            for statement in statements:
                fresh.execute(statement)
        if copy.execute(tables.SCHEMA).fetchall() != fresh.execute(tables.SCHEMA).fetchall():
            raise sqlite3.DatabaseError("its tables are not those of a state")
    if (found := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {' '.join(found.split())}")


def _alone(state: sqlite3.Connection, path: Path) -> None:
    """Take the file for this connection alone, until it is closed.

    Whoever has it open in the mode with a write-ahead log, as a running bot does all its life,
    prevents the change to another mode.
    """
    try:
        state.execute("PRAGMA locking_mode = EXCLUSIVE")
        state.execute("PRAGMA journal_mode = DELETE")
        state.execute("BEGIN EXCLUSIVE")
        state.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in BUSY:
            raise
        raise SettingError(f"STATE_URL: a bot is using {path}; stop it first.") from None


def _kept(state: sqlite3.Connection, path: Path) -> Path:
    """Copy what is there aside, under a name that is free."""
    kept, number = path.with_name(path.name + SUFFIX), 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}{SUFFIX}-{number}")
    _private(kept)
    with closing(sqlite3.connect(kept)) as aside:
        state.backup(aside)
        with suppress(sqlite3.DatabaseError):  # what is damaged is kept as it is
            _wordless(aside)
    return kept


def _wordless(copy: sqlite3.Connection) -> None:
    """Take what people wrote out of a copy, and make it one file."""
    with copy:
        copy.execute(tables.FORGET_TEXTS)
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute("VACUUM")  # what was deleted is gone from the disk, too


def _private(path: Path) -> None:
    """Make an empty file that only its owner can read."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def _reason(error: OSError | sqlite3.Error) -> str:
    return getattr(error, "strerror", None) or str(error)
