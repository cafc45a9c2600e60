"""Inbox: updates that Telegram handed over, kept until they are dealt with, each chat's in order.

An update is noted before Telegram hears that it arrived, and forgotten when it is answered: what
a sudden end leaves is taken up at the next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.tables import Letter
from bot.vitals import Vitals, note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from telegram.ext import Application

    from bot.state import State
    from bot.vitals import Handling

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

TRIES = 3
FIRST_PAUSE = 1.0  # seconds before the second try; then four times as long
AT_ONCE = 64  # chats that are answered at the same time
MOST = 1000  # updates in hand; more are fetched when there is room
DAY = 24 * 60 * 60  # seconds after which Telegram itself forgets an update
BITS = 52  # of the longest ids that the Bot API gives
LATE = 10 * 60  # seconds after which nobody in a group waits for an answer

_logger = logging.getLogger(__name__)


class Inbox:
    """Deals with updates: one chat's one after the other, chats side by side."""

    def __init__(
        self, application: AnyApplication, state: State, clock: Callable[[], datetime]
    ) -> None:
        self._application = application
        self._state = state
        self._clock = clock
        self._lines: dict[int, deque[Letter]] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._fewer = asyncio.Event()
        self._failed: dict[int, Exception] = {}
        self._closing = asyncio.Event()
        self.vitals: Vitals = application.bot_data[Vitals]
        self.vitals.waiting = self.__len__
        application.add_error_handler(self._note)

    def start(self) -> None:
        """Forget what is a day old, and take up what was left."""
        gone = self._state.forget_received(self._now() - DAY)
        left = self._state.left(self._application.bot.id)
        if left:
            _logger.info("Taking up %d updates from before", len(left))
        _logger.debug("Forgot %d updates of the day before", gone)
        for letter in left:
            self._line_up(letter)

    async def receive(self, updates: Sequence[dict[str, Any]]) -> None:
        """Keep new updates; when this returns they may be confirmed. Waits while there are many.

        Nothing is kept, and ValueError, TypeError, KeyError or RecursionError raised, where one
        is no update of the Bot API.
        """
        bot, now = self._application.bot.id, self._now()
        if not all(_is_id(update["update_id"]) for update in updates):
            raise ValueError("no update of the Bot API")
        letters = [
            Letter(bot, update["update_id"], chat_of(update), now, 0, json.dumps(update))
            for update in updates
        ]
        try:
            letters = self._state.receive(letters)
        except sqlite3.Error:  # a full disk: they are answered, but would not outlast an end
            _logger.exception("STATE_URL: updates cannot be kept")
        self.vitals.received += len(letters)
        for letter in letters:
            self._line_up(letter)
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

    def _line_up(self, letter: Letter) -> None:
        if letter.chat in self._lines:
            self._lines[letter.chat].append(letter)
            return
        self._lines[letter.chat] = deque([letter])
        task = asyncio.create_task(self._work(letter.chat))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, chat: int) -> None:
        line = self._lines[chat]
        try:
            while line:
                async with self._room:
                    await self._deal_with(line[0])
                line.popleft()
                self._fewer.set()
        finally:
            del self._lines[chat]

    async def _deal_with(self, letter: Letter) -> None:
        """Answer one update, and say in one line what came of it."""
        handling = self.vitals.begin()
        try:
            await self._answer(letter)
        except asyncio.CancelledError:
            note("left")
            raise
        finally:
            _report(letter, handling, self.vitals.end(handling))

    async def _answer(self, letter: Letter) -> None:
        """Answer one update, trying again what the network did not carry."""
        tries = letter.tries
        while tries < TRIES:
            self._noted(self._state.try_again, letter)
            tries += 1
            error = await self._tried(letter)
            if not may_pass(error):
                self._noted(self._state.done, letter)  # answered, refused, or a defect
                return
            _logger.warning("Update %d was not answered: %s", letter.id, error)
            if self._closing.is_set():
                note("left")
                return  # it is left for the next start
            if tries < TRIES:
                await self._pause(FIRST_PAUSE * 4.0 ** (tries - 1))
        note("set aside")
        _logger.error("Update %d is set aside after %d tries", letter.id, tries)

    async def _pause(self, length: float) -> None:
        """Wait, but not for long when the bot stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(length):
                await self._closing.wait()

    async def _tried(self, letter: Letter) -> Exception | None:
        """What went wrong; the application's own error handler has told whom it concerns."""
        try:
            update = Update.de_json(json.loads(letter.body), self._application.bot)
        except Exception:  # of a Bot API that is newer than the library
            _logger.exception("Update %d cannot be read", letter.id)
            note("unread")
            return None
        if self._late(update):
            note("passed over")
            return None
        await self._application.process_update(update)
        return self._failed.pop(letter.id, None)

    @staticmethod
    def _noted(note: Callable[[Letter], None], letter: Letter) -> None:
        try:
            note(letter)
        except sqlite3.Error as error:
            _logger.warning("STATE_URL: update %d cannot be noted (%s)", letter.id, error)

    async def _note(self, update: object, context: Any) -> None:
        if isinstance(update, Update):
            self._failed[update.update_id] = context.error

    def _late(self, update: Update) -> bool:
        """Whether it is a question of a group that has gone on since."""
        message = update.message or update.channel_post
        return bool(
            message
            and message.chat.type != ChatType.PRIVATE
            and message.migrate_to_chat_id is None
            and message.migrate_from_chat_id is None
            and (self._clock() - message.date).total_seconds() > LATE
        )

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _report(letter: Letter, handling: Handling, latency: float) -> None:
    """One line of what came of an update, without what it says or whose it is."""
    kind, outcome, ms = handling.kind, handling.outcome, round(1000 * latency, 1)
    level = logging.DEBUG if outcome == "ignored" else logging.INFO
    if _logger.isEnabledFor(level):
        facts = {"update": letter.id, "kind": kind, "outcome": outcome, "ms": ms}
        said = f"Update %d: {outcome}, %s, %s ms"
        _logger.log(level, said, letter.id, kind or "-", ms, extra={"facts": facts})


def may_pass(error: Exception | None) -> bool:
    """Whether what went wrong may go right a little later: the network, or too many messages."""
    refused = isinstance(error, BadRequest)  # to the library that is an error of the network
    return isinstance(error, NetworkError | RetryAfter) and not refused


def chat_of(update: dict[str, Any]) -> int:
    """The chat that an update belongs to, else the person; 0 where it has neither."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message")
            chat = content.get("chat") or (inner.get("chat") if isinstance(inner, dict) else None)
            found = chat or content.get("from")
            if isinstance(found, dict) and _is_id(found.get("id")):
                return int(found["id"])
    return 0


def _is_id(number: object) -> bool:
    return type(number) is int and number.bit_length() <= BITS
