"""Replica: an inbox that shares its updates with others; each chat is answered by one of them.

A replica that has answered a chat keeps it for a while, so that what is remembered of a
conversation is where the next question is answered, whichever replica Telegram hands it to: that
one keeps it and calls. What nobody works on, as its replica has ended, is found by looking.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from bot.attempts import HARMLESS
from bot.calls import Calls
from bot.database import StateError
from bot.inbox import AT_ONCE, ENDS, FIRST_PAUSE, Inbox
from bot.recent import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.inbox import AnyApplication
    from bot.postgres import Postgres
    from bot.state import State
    from bot.tables import Letter

CHATS = 2 * AT_ONCE  # in hand; the rest is for others, or for later
LOOK = 1.0  # seconds between two looks for what nobody works on
SEEN = 1000  # chats that one look sees
OWED = 10_000  # updates dealt with while that could not be noted

_logger = logging.getLogger(__name__)


class Replica(Inbox):
    """Deals with the updates of those chats whose locks it gets.

    Lines hold what could not be kept; what is kept is fetched one by one, when its turn has come.
    """

    def __init__(
        self,
        application: AnyApplication,
        state: State,
        clock: Callable[[], datetime],
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        super().__init__(application, state, clock, first_pause)
        database = cast("Postgres", state.database)
        self._locks = database.locks
        self._calls = Calls(database)
        self._owed: dict[int, Letter] = {}
        self._alone = asyncio.Lock()
        self._full = False  # whether chats may wait until there is room
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what nobody works on, and go on looking for it."""
        self._look()
        work = self._keep_looking(), self._calls.listen(self._hear)
        self._tasks = [asyncio.create_task(each) for each in work]

    async def close(self, patience: float) -> None:
        """Finish what is in hand within so many seconds; the rest is for the others."""
        self._closing.set()  # or the last look would begin something
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await super().close(patience)
        with suppress(StateError):
            self._locks.let_all_go()

    def __len__(self) -> int:
        """How many updates are in hand here, those left out that wait in the database."""
        return len(self._lines) + super().__len__()

    # ----------------------------------------------------------------- which chats

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                self._look()
            except Exception:
                _logger.exception("A look for updates failed, and is tried again")

    def _look(self) -> None:
        """Take up the chats that nobody works on, and let go of those that nobody writes in."""
        self._forget()
        try:
            self._note_owed()
            left = self._state.chats_left(self._application.bot.id, SEEN)
            self._answer([chat for chat in left if chat not in self._lines])
            busy = {self._name(chat) for chat in self._lines}
            self._locks.tidy(KEPT.total_seconds(), busy)
        except StateError as error:
            _logger.warning("STATE_URL: what others have left is not seen (%s)", error)

    def _take_up(self, letter: Letter) -> None:
        """Answer a chat that has a new update, or call whoever does."""
        if letter.chat in self._lines:
            return  # it is found when its turn comes
        try:
            if not self._answer([letter.chat]):
                self._calls.call(letter.bot, letter.chat)
        except StateError as error:
            _logger.warning("STATE_URL: update %d waits (%s)", letter.id, error)

    def _hear(self, bot: int, chat: int) -> None:
        """Somebody has an update of a chat that may be answered here."""
        if bot == self._application.bot.id and chat not in self._lines:
            with suppress(StateError):  # it is found by looking
                self._answer([chat])

    def _answer(self, chats: Sequence[int]) -> bool:
        """Work on those of the chats that are free, as far as there is room; whether on any."""
        room = CHATS - len(self._lines)
        self._full = room <= 0
        if self._closing.is_set() or self.rejected.is_set() or self._full:
            return False
        names = {self._name(chat): chat for chat in chats}
        taken = self._locks.take(names, room)
        mine = [chat for name, chat in names.items() if name in taken]
        self._full = len(mine) >= room
        for chat in mine[:room]:
            self._lines[chat] = deque()
            self._begin(chat)
        return bool(mine)

    def _name(self, chat: int) -> str:
        return f"{self._application.bot.id} {chat}"

    # ----------------------------------------------------------------- one chat

    async def _work(self, chat: int) -> None:
        try:
            while (letter := self._next(chat)) and await self._dealt_with(letter):
                await asyncio.sleep(0)  # a long line of quick ones must not hold up the others
        finally:
            del self._lines[chat]
            self._fewer.set()
            if self._full and len(self._lines) < AT_ONCE and not self._closing.is_set():
                self._look()

    def _next(self, chat: int) -> Letter | None:
        """A chat's next update: the first of those that are kept and of those that are not."""
        line = self._lines[chat]
        try:
            kept = self._kept(chat)
        except StateError:
            kept = None
        if kept and not (line and line[0].id < kept.id):
            return kept
        return line.popleft() if line else None

    def _kept(self, chat: int) -> Letter | None:
        letter = self._state.next(self._application.bot.id, chat)
        while letter and letter.id in self._owed:
            letter = self._state.next(letter.bot, chat, letter.id)
        # only now: the connection may have been found ended, and somebody else be at work
        return letter if self._locks.take([self._name(chat)]) else None

    async def _dealt_with(self, letter: Letter) -> bool:
        """Answer one update; what may have ended a process, alone. False to stop here."""
        if letter.tries >= ENDS:
            self._give_up(letter)
            return True
        if not letter.tries:
            return await self._deal_with(letter)
        async with asyncio.TaskGroup() as group, self._alone:
            work = group.create_task(self._deal_with(letter))
            await asyncio.wait({work}, timeout=HARMLESS)
        return work.result()

    # ----------------------------------------------------------------- while the database is away

    def _over(self, letter: Letter) -> None:
        """Nobody is to deal with a letter any more; told later where it cannot be noted now."""
        try:
            self._state.done(letter)
        except StateError as error:
            _logger.warning("STATE_URL: update %d cannot be noted (%s)", letter.id, error)
            if len(self._owed) < OWED:
                self._owed[letter.id] = letter._replace(body="")

    def _note_owed(self) -> None:
        for letter in [*self._owed.values()]:
            self._state.done(letter)
            del self._owed[letter.id]
