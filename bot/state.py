"""State: what the bot must remember between starts, in one small database."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

from bot import tables
from bot.config import POSTGRES, SettingError
from bot.database import StateError
from bot.tables import Edition, Letter, Sizes, Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.database import Database

DAYS = 365  # that the id of a picture is kept

_logger = logging.getLogger(__name__)


class State:
    """The open database. A disk that fails costs a drawing, never an answer: it is logged.

    Only what somebody asked to be kept raises StateError when it cannot be.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, url: str | None = None) -> State:
        """The state at an address: see `postgres` and `sqlite`; None is a file in the data folder.

        It is made if there is none. Raises SettingError when it cannot be used.
        """
        if url and url.startswith(POSTGRES):
            try:
                from bot.postgres import Postgres  # here, because only who asks for it needs it
            except ImportError as error:
                raise SettingError(
                    f"STATE_URL needs a package that is not installed ({error.name}); "
                    "run pip install 'costcurve[postgres]'."
                ) from error
            return cls(Postgres.open(url))
        from bot.sqlite import Sqlite, path_of

        return cls(Sqlite.open(path_of(url)))

    @classmethod
    def memory(cls) -> State:
        """A state that is gone when it is closed."""
        from bot.sqlite import Sqlite

        return cls(Sqlite(None))

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

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
        return dict(self.database.rows(tables.CHOICES, chat=chat))

    def choose(self, chat: int, topic: int, said: str | None) -> None:
        """Keep what a chat or a topic has chosen; None is nothing."""
        if said is None:
            self.database.changed(tables.UNCHOOSE, chat=chat, topic=topic)
        else:
            self.database.changed(tables.CHOOSE, chat=chat, topic=topic, said=said)

    def subscription(self, chat: int) -> int | None:
        """The topic into which a chat is told of changes; None when it is not."""
        rows = self.database.rows(tables.SUBSCRIPTION, chat=chat)
        return int(rows[0][0]) if rows else None

    def subscribe(self, chat: int, topic: int) -> None:
        """Tell a chat of what changes from now on."""
        self.database.changed(tables.SUBSCRIBE, chat=chat, topic=topic)

    def unsubscribe(self, chat: int) -> bool:
        """Whether there was a subscription to end."""
        return self.database.changed(tables.UNSUBSCRIBE, chat=chat) > 0

    def forget(self, chat: int) -> tuple[int, bool]:
        """Delete all of a chat: how many places had settings, and whether it was subscribed."""
        with self.database.transaction():
            return self.database.changed(tables.FORGET_CHOICES, chat=chat), self.unsubscribe(chat)

    def move(self, old: int, new: int) -> None:
        """Carry all of a chat along to its new id."""
        with self.database.transaction():
            for statement in tables.MOVES:
                self.database.changed(statement, old=old, new=new)
            self.forget(old)

    # ----------------------------------------------------------------- editions

    def edition(self, number: int | None = None) -> Edition | None:
        """An edition of the figures, the newest without a number."""
        found = tables.NEWEST if number is None else tables.EDITION
        rows = self.database.rows(found, number=number)
        return Edition(*rows[0]) if rows else None

    def publish(self, edition: Edition) -> None:
        """Add the next edition, and forget those that nobody waits with."""
        with self.database.transaction():
            self.database.changed(tables.PUBLISH, **edition._asdict())
            self.database.changed(tables.FORGET_EDITIONS, number=edition.number)

    def waiting(self, number: int, since: int) -> list[Waiting]:
        """Who was not told of an edition yet, nor of another since a time in seconds."""
        rows = self.database.rows(tables.WAITING, number=number, since=since)
        return [Waiting(*row) for row in rows]

    def claim(self, waiting: Waiting, number: int, told: int) -> bool:
        """Note that somebody is told of an edition, and when; whether nobody else did it first."""
        before = {"chat": waiting.chat, "before": waiting.edition}
        return self.database.changed(tables.CLAIM, number=number, told=told, **before) == 1

    # ----------------------------------------------------------------- updates

    def receive(self, letters: Sequence[Letter]) -> list[Letter]:
        """Keep updates until they are dealt with; gives those that were not known yet."""
        with self.database.transaction() if len(letters) > 1 else nullcontext():
            return [x for x in letters if self.database.changed(tables.RECEIVE, **x._asdict()) == 1]

    def left(self, bot_id: int) -> list[Letter]:
        """The updates that are not dealt with, in order."""
        return [Letter(*row) for row in self.database.rows(tables.LEFT, bot=bot_id)]

    def chats_left(self, bot_id: int, most: int) -> list[int]:
        """So many chats that have updates not dealt with; who waits longest comes first."""
        return [chat for chat, _ in self.database.rows(tables.CHATS_LEFT, bot=bot_id, most=most)]

    def next(self, bot_id: int, chat: int, after: int = 0) -> Letter | None:
        """The first update of a chat, after an id, that is not dealt with."""
        rows = self.database.rows(tables.NEXT, bot=bot_id, chat=chat, after=after)
        return Letter(*rows[0]) if rows else None

    def try_again(self, letter: Letter) -> None:
        """Note, before it is tried, that an update is: it may end the process."""
        self.database.changed(tables.TRY, bot=letter.bot, id=letter.id)

    def survived(self, letter: Letter) -> None:
        """Note that trying an update has not ended the process."""
        self.database.changed(tables.SURVIVED, bot=letter.bot, id=letter.id)

    def done(self, letter: Letter) -> None:
        """Forget what an update says; its id is kept, to know it again."""
        self.database.changed(tables.DONE, bot=letter.bot, id=letter.id)

    def forget_received(self, before: int) -> int:
        """Forget updates that came before a time, in seconds; how many."""
        return self.database.changed(tables.FORGET_RECEIVED, before=before)

    # ----------------------------------------------------------------- the database itself

    def check(self) -> None:
        """Write a little and take it back; raises StateError where that is not possible."""
        with self.database.transaction():
            self.receive([Letter(0, 0, 0, 0, 0, "")])
            self.forget_received(1)

    def sizes(self) -> Sizes:
        """How much is kept."""
        return Sizes(self.database.bytes(), *self.database.rows(tables.COUNTS)[0])

    def _of_picture(self, statement: str, **values: str | int) -> str | None:
        try:
            rows = self.database.rows(statement, **values)
        except StateError as error:
            _logger.warning("STATE_URL: a picture is not remembered (%s)", error)
            return None
        return str(rows[0][0]) if rows else None
