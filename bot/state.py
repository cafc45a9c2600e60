"""State: what the bot must remember between starts, in one small database."""

from __future__ import annotations

import logging
import os
import sqlite3
import weakref
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import SQLITE, SettingError

if TYPE_CHECKING:
    from datetime import date

DAYS = 365  # that the id of a picture is kept
PATIENCE = 2.0  # seconds to wait for another process that writes; everybody waits with it
MARK = 0x436F7374  # SQLite's application_id of our files: "Cost"

# One tuple of statements for each version of the schema, applied in order; never changed
# afterwards. BIGINT, because ids exceed the 32 bits that other databases give an INTEGER.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE pictures (
            key TEXT NOT NULL, bot BIGINT NOT NULL, file_id TEXT NOT NULL, day TEXT NOT NULL,
            PRIMARY KEY (key, bot))""",
        "CREATE INDEX pictures_day ON pictures (day)",
    ),
)
FOUND = """SELECT *, (SELECT count(*) FROM sqlite_master)
    FROM pragma_application_id, pragma_user_version"""
PICTURE = "SELECT file_id FROM pictures WHERE key = :key AND bot = :bot"
KEEP_PICTURE = """INSERT INTO pictures (key, bot, file_id, day) VALUES (:key, :bot, :file_id, :day)
    ON CONFLICT (key, bot) DO UPDATE SET file_id = excluded.file_id, day = excluded.day"""
FORGET_PICTURE = "DELETE FROM pictures WHERE key = :key AND bot = :bot"
FORGET_OLD_PICTURES = "DELETE FROM pictures WHERE day <= :day"

_logger = logging.getLogger(__name__)


class State:
    """The open database. A disk that fails costs a drawing, never an answer: it is logged."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)  # at the latest when nobody has it any more

    @classmethod
    def open(cls, url: str | None = None) -> State:
        """The file at sqlite:///absolute/path or a plain path; None is one in the data folder.

        It is made if there is none. Raises SettingError when it cannot be used.
        """
        path = _path(url)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):  # to open and close that one would drop its locks
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            return cls(_connect(path))
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            raise SettingError(
                f"STATE_URL: {path} cannot be used ({reason}); "
                "give the path of a file that the bot alone keeps."
            ) from error

    @classmethod
    def memory(cls) -> State:
        """A state that is gone when it is closed."""
        return cls(_connect(None))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def picture(self, key: str, bot_id: int) -> str | None:
        """The id under which Telegram gives this bot this picture again; None when not known."""
        return self._of_picture(PICTURE, key=key, bot=bot_id)

    def keep_picture(self, key: str, bot_id: int, file_id: str, today: date) -> None:
        """Remember the id of a picture that was sent, and forget those of a year ago."""
        day, ended = today.isoformat(), (today - timedelta(days=DAYS)).isoformat()
        self._of_picture(KEEP_PICTURE, key=key, bot=bot_id, file_id=file_id, day=day)
        self._of_picture(FORGET_OLD_PICTURES, day=ended)

    def forget_picture(self, key: str, bot_id: int) -> None:
        """Forget an id that Telegram no longer takes."""
        self._of_picture(FORGET_PICTURE, key=key, bot=bot_id)

    def _of_picture(self, statement: str, **values: str | int) -> str | None:
        try:
            row = self._connection.execute(statement, values).fetchone()
        except sqlite3.Error as error:
            _logger.warning("STATE_URL: a picture is not remembered (%s)", error)
            return None
        return str(row[0]) if row else None


def _path(url: str | None) -> Path:
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
            for statement in chain.from_iterable(MIGRATIONS[version:]):
                connection.execute(statement)
            if version < len(MIGRATIONS):
                connection.execute(f"PRAGMA application_id = {MARK}")
                connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    """The version of the schema, 0 in an empty file; refuses what this code must not touch."""
    mark, version, tables = connection.execute(FOUND).fetchone()
    if mark != MARK and (mark or version or tables):
        raise sqlite3.DatabaseError("it is another program's database")
    if version > len(MIGRATIONS):
        raise sqlite3.DatabaseError("a newer version of this program has written it")
    return int(version)
