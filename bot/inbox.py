"""Inbox: updates that Telegram handed over, kept until they are dealt with, each chat's in order.

An update is noted before Telegram hears that it arrived, and forgotten when it is answered: what
a sudden end leaves is taken up at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import InvalidToken, TelegramError

from bot.addressing import LATE
from bot.attempts import HARMLESS, Attempts
from bot.database import StateError
from bot.letters import as_letter
from bot.retries import may_pass, seconds, unsent
from bot.vitals import Vitals, note, report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from telegram.ext import Application

    from bot.state import State
    from bot.tables import Letter

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

ENDS = 3  # times that an update may be what the process was doing when it ended
UNSURE = 5  # tries that may all have arrived; each of them may be an answer too many
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before another try; each time four times as long
AT_ONCE = 64  # chats that are answered at the same time
MOST = 1000  # updates in hand; more are fetched when there is room
HOUR = 60 * 60  # seconds between two times of forgetting
DAY = 24 * HOUR  # seconds after which Telegram itself forgets an update

_logger = logging.getLogger(__name__)


class Inbox:
    """Deals with updates: one chat's one after the other, chats side by side."""

    def __init__(
        self,
        application: AnyApplication,
        state: State,
        clock: Callable[[], datetime],
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._application = application
        self._state = state
        self._clock = clock
        self._attempts = Attempts(application, state, clock)
        self._first_pause = first_pause
        self._lines: dict[int, deque[Letter]] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._fewer = asyncio.Event()
        self._closing = asyncio.Event()
        self._forgot = 0  # when what is a day old was forgotten
        self._carried = 0  # when Telegram last took an answer, or refused one for good
        self.rejected = asyncio.Event()  # the token is no longer known
        self.vitals: Vitals = application.bot_data[Vitals]
        self.vitals.waiting = self.__len__

    async def start(self) -> None:
        """Take up what was left. What was tried as the process ended is tried alone and first."""
        self._forget()
        try:
            left = self._state.left(self._application.bot.id)
        except StateError as error:
            _logger.error("STATE_URL: what was left cannot be read (%s)", error)
            return
        if left:
            _logger.info("Taking up %d updates from before", len(left))
        for letter in left:
            if letter.tries >= ENDS:
                self._give_up(letter)
            elif letter.tries and (working := self._line_up(letter)):
                await asyncio.wait({working}, timeout=HARMLESS)
        for letter in left:
            if not letter.tries:
                self._line_up(letter)

    def _give_up(self, letter: Letter) -> None:
        _logger.error("Update %d is given up: it ended the process", letter.id)
        self.vitals.outcomes["set aside"] += 1
        self._over(letter)

    def _forget(self) -> None:
        """Forget what is a day old, every hour."""
        now = self._now()
        if now - self._forgot < HOUR:
            return
        self._forgot = now
        try:
            gone = self._state.forget_received(now - DAY)
        except StateError as error:
            _logger.error("STATE_URL: old updates cannot be forgotten (%s)", error)
        else:
            _logger.debug("Forgot %d updates of the day before", gone)

    async def receive(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep new updates; when this returns they may be confirmed. Waits while there are many."""
        self._forget()
        bot, now = self._application.bot.id, self._now()
        letters = [each for update in updates if (each := as_letter(update, bot, now))]
        take_up: Callable[[Letter], object] = self._take_up
        try:
            letters = self._state.receive(letters)
        except StateError as error:  # they are answered, but would not outlast an end
            _logger.error("STATE_URL: updates cannot be kept (%s)", error)
            take_up = self._line_up
        self.vitals.received += len(letters)
        for letter in letters:
            take_up(letter)
        while len(self) > MOST:
            self._fewer.clear()
            await self._fewer.wait()

    def __len__(self) -> int:
        """How many updates are in hand."""
        return sum(map(len, self._lines.values()))

    async def close(self, patience: float) -> None:
        """Finish what is in hand within so many seconds; the rest is left for the next start."""
        self._closing.set()
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=patience)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    # ----------------------------------------------------------------- one chat after the other

    def _take_up(self, letter: Letter) -> None:
        """Have a letter that is kept dealt with."""
        self._line_up(letter)

    def _line_up(self, letter: Letter) -> asyncio.Task[None] | None:
        """Put a letter at the end of its chat's line; gives the work on a line that is new."""
        if letter.chat in self._lines:
            self._lines[letter.chat].append(letter)
            return None
        self._lines[letter.chat] = deque([letter])
        return self._begin(letter.chat)

    def _begin(self, chat: int) -> asyncio.Task[None]:
        task = asyncio.create_task(self._work(chat))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return task

    async def _work(self, chat: int) -> None:
        line = self._lines[chat]
        try:
            while line and await self._deal_with(line[0]):
                line.popleft()
                self._fewer.set()
                await asyncio.sleep(0)  # a long line of quick ones must not hold up the others
        finally:
            del self._lines[chat]  # what was not dealt with is kept, and comes first next time
            self._fewer.set()

    async def _deal_with(self, letter: Letter) -> bool:
        """Answer one update, and say in one line what came of it; False to stop here."""
        handling = self.vitals.begin()
        try:
            return await self._answered(letter)
        except asyncio.CancelledError:
            note("left")
            raise
        finally:
            report(letter.id, handling, self.vitals.end(handling))

    async def _answered(self, letter: Letter) -> bool:
        """Answer one update, trying again what the network did not carry; False to stop here."""
        began, pause, unsure = self._now(), self._first_pause, 0
        while True:
            async with self._room:
                error = await self._attempts.tried(letter)
            if isinstance(error, InvalidToken):
                self.rejected.set()
                note("left")
                return False
            if not may_pass(error):
                self._carried = self._now()
                self._over(letter)  # answered, refused, or a defect
                return True
            _logger.warning("Update %d was not answered: %s", letter.id, error)
            self._attempts.survived(letter)
            if self._closing.is_set():
                note("left")
                return False
            unsure += not (isinstance(error, TelegramError) and unsent(error))
            if unsure >= UNSURE or (self._now() - LATE > began and self._carried > began):
                note("set aside")
                _logger.error("Update %d is given up: others are answered", letter.id)
                self._over(letter)
                return True
            await self._pause(max(pause, seconds(getattr(error, "retry_after", 0))))
            pause = min(4 * pause, LONGEST_PAUSE)

    def _over(self, letter: Letter) -> None:
        """Nobody is to deal with a letter any more."""
        try:
            self._state.done(letter)
        except StateError as error:
            _logger.warning("STATE_URL: update %d cannot be noted (%s)", letter.id, error)

    async def _pause(self, length: float) -> None:
        """Wait, but not for long when the bot stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(length):
                await self._closing.wait()

    def _now(self) -> int:
        return int(self._clock().timestamp())
