"""State: what the bot must remember between starts, in one small database."""

from __future__ import annotations

import logging
import os
import sqlite3
import weakref
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bot import tables
from bot.config import SQLITE, SettingError
from bot.tables import MIGRATIONS, Edition, Letter, Sizes, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

DAYS = 365  # that the id of a picture is kept
PATIENCE = 2.0  # seconds to wait at the start for another process that writes
MOMENT = 50  # milliseconds to wait for one later on; everybody waits with it
MARK = 0x436F7374  # SQLite's application_id of our files: "Cost"

_logger = logging.getLogger(__name__)


class State:
    """The open database. A disk that fails costs a drawing, never an answer: it is logged.

    Only what somebody asked to be kept raises sqlite3.Error when it cannot be.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)  # at the latest when nobody has it any more

    @classmethod
    def open(cls, url: str | None = None) -> State:
        """The file at sqlite:///absolute/path or a plain path; None is one in the data folder.

        It is made if there is none. Raises SettingError when it cannot be used.
        """
        path = path_of(url)
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
        return self._of_picture(tables.PICTURE, key=key, bot=bot_id)

    def keep_picture(self, key: str, bot_id: int, file_id: str, today: date) -> None:
        """Remember the id of a picture that was sent, and forget those of a year ago."""
        day, ended = today.isoformat(), (today - timedelta(days=DAYS)).isoformat()
        self._of_picture(tables.KEEP_PICTURE, key=key, bot=bot_id, file_id=file_id, day=day)
        self._of_picture(tables.FORGET_OLD_PICTURES, day=ended)

    def forget_picture(self, key: str, bot_id: int) -> None:
        """Forget an id that Telegram no longer takes."""
        self._of_picture(tables.FORGET_PICTURE, key=key, bot=bot_id)

    # ----------------------------------------------------------------- chats

    def choices(self, chat: int) -> dict[int, str]:
        """What a chat has chosen, by topic; 0 is the whole chat."""
        return dict(self._connection.execute(tables.CHOICES, {"chat": chat}).fetchall())

    def choose(self, chat: int, topic: int, said: str | None) -> None:
        """Keep what a chat or a topic has chosen; None is nothing."""
        if said is None:
            self._changed(tables.UNCHOOSE, chat=chat, topic=topic)
        else:
            self._changed(tables.CHOOSE, chat=chat, topic=topic, said=said)

    def subscription(self, chat: int) -> int | None:
        """The topic into which a chat is told of changes; None when it is not."""
        row = self._connection.execute(tables.SUBSCRIPTION, {"chat": chat}).fetchone()
        return int(row[0]) if row else None

    def subscribe(self, chat: int, topic: int) -> None:
        """Tell a chat of what changes from now on."""
        self._changed(tables.SUBSCRIBE, chat=chat, topic=topic)

    def unsubscribe(self, chat: int) -> bool:
        """Whether there was a subscription to end."""
        return self._changed(tables.UNSUBSCRIBE, chat=chat) > 0

    def forget(self, chat: int) -> tuple[int, bool]:
        """Delete all of a chat: how many places had settings, and whether it was subscribed."""
        with self._transaction():
            return self._changed(tables.FORGET_CHOICES, chat=chat), self.unsubscribe(chat)

    def move(self, old: int, new: int) -> None:
        """Carry all of a chat along to its new id."""
        with self._transaction():
            for statement in tables.MOVES:
                self._changed(statement, old=old, new=new)
            self.forget(old)

    # ----------------------------------------------------------------- editions

    def edition(self, number: int | None = None) -> Edition | None:
        """An edition of the figures, the newest without a number."""
        found = tables.NEWEST if number is None else tables.EDITION
        row = self._connection.execute(found, {"number": number}).fetchone()
        return Edition(*row) if row else None

    def publish(self, edition: Edition) -> None:
        """Add the next edition, and forget those that nobody waits with."""
        with self._transaction():
            self._changed(tables.PUBLISH, **edition._asdict())
            self._changed(tables.FORGET_EDITIONS, number=edition.number)

    def waiting(self, number: int, since: int) -> list[Waiting]:
        """Who was not told of an edition yet, nor of another since a time in seconds."""
        values = {"number": number, "since": since}
        rows = self._connection.execute(tables.WAITING, values).fetchall()
        return [Waiting(*row) for row in rows]

    def claim(self, waiting: Waiting, number: int, told: int) -> bool:
        """Note that somebody is told of an edition, and when; whether nobody else did it first."""
        before = {"chat": waiting.chat, "before": waiting.edition}
        return self._changed(tables.CLAIM, number=number, told=told, **before) == 1

    # ----------------------------------------------------------------- updates

    def receive(self, letters: Iterable[Letter]) -> list[Letter]:
        """Keep updates until they are dealt with; gives those that were not known yet."""
        with self._transaction():
            return [x for x in letters if self._changed(tables.RECEIVE, **x._asdict()) == 1]

    def left(self, bot_id: int) -> list[Letter]:
        """The updates that are not dealt with, in order."""
        rows = self._connection.execute(tables.LEFT, {"bot": bot_id}).fetchall()
        return [Letter(*row) for row in rows]

    def try_again(self, letter: Letter) -> None:
        """Note, before it is tried, that an update is: it may end the process."""
        self._changed(tables.TRY, bot=letter.bot, id=letter.id)

    def survived(self, letter: Letter) -> None:
        """Note that trying an update has not ended the process."""
        self._changed(tables.SURVIVED, bot=letter.bot, id=letter.id)

    def done(self, letter: Letter) -> None:
        """Forget what an update says; its id is kept, to know it again."""
        self._changed(tables.DONE, bot=letter.bot, id=letter.id)

    def forget_received(self, before: int) -> int:
        """Forget updates that came before a time, in seconds; how many."""
        return self._changed(tables.FORGET_RECEIVED, before=before)

    # ----------------------------------------------------------------- the database itself

    def check(self) -> None:
        """Write a little and take it back; raises sqlite3.Error where that is not possible."""
        with self._transaction():
            self.receive([Letter(0, 0, 0, 0, 0, "")])
            self.forget_received(1)

    def sizes(self) -> Sizes:
        """How much is kept."""
        return Sizes(*self._connection.execute(tables.SIZES).fetchone())

    def _changed(self, statement: str, **values: str | int) -> int:
        return self._connection.execute(statement, values).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, also within another."""
        if self._connection.in_transaction:
            yield
            return
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield

    def _of_picture(self, statement: str, **values: str | int) -> str | None:
        try:
            row = self._connection.execute(statement, values).fetchone()
        except sqlite3.Error as error:
            _logger.warning("STATE_URL: a picture is not remembered (%s)", error)
            return None
        return str(row[0]) if row else None


def path_of(url: str | None) -> Path:
    """The file that an address names."""
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
        connection.execute(f"PRAGMA busy_timeout = {MOMENT}")
        connection.execute("PRAGMA cache_size = -256")  # KiB; two megabytes would fill in a day
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
    if version > len(MIGRATIONS):
        raise sqlite3.DatabaseError("a newer version of this program has written it")
    return int(version)
