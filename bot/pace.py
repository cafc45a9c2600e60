"""Pace: when each call to Telegram is made, so that none is refused, lost or overtaken."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.retries import pause
from bot.vitals import Vitals

if TYPE_CHECKING:
    from collections.abc import Coroutine

    Result = bool | dict[str, Any] | list[dict[str, Any]]
    Chat = int | str | None  # None for a call that sends nothing

Wanted = Callable[[], bool]  # as rate_limit_args: a broadcast, and whether it still is to be sent
WINDOW = 1.0  # seconds over which Telegram counts
SHARE = 26 / 30  # of the limit that broadcasts use; the rest is for replies that come at once
TRIES = 3  # of one call, the first included
PATIENCE = 60.0  # seconds that a reply waits for its turn; who asked has gone by then

# The documented limit is on bulk messages (core.telegram.org/bots/faq#broadcasting-to-users), but
# edits share the limits of sending (github.com/tdlib/td/issues/3034), so they count as well.
COUNTED = ("send", "copy", "forward", "edit")
# The start and polling ask these, and have a patience of their own.
UNPACED = ("getMe", "getupdates")


class UnwantedError(Exception):
    """A broadcast was no longer wanted when its turn came; for whoever sent it."""


class _HeldError(Exception):
    """The chat was held while a broadcast waited for its turn; read in this module only."""


class _Hold(Struct):
    """A chat that nothing may be sent to before a time, and who waits for that, in order.

    Broadcasts wait in a line of their own, since after the hold they wait for their turn.
    """

    until: float = -inf
    waiting: int = 0
    lines: tuple[asyncio.Lock, asyncio.Lock] = field(
        default_factory=lambda: (asyncio.Lock(), asyncio.Lock())
    )


class _Call(Struct, frozen=True):
    make: Callable[[], Coroutine[Any, Any, Result]]
    endpoint: str
    chat: Chat
    counts: bool
    wanted: Wanted | None  # of a broadcast

    @property
    def paced(self) -> bool:
        return self.wanted is not None


class Pace(BaseRateLimiter[Wanted]):
    """Replies go at once, broadcasts evenly in the room they leave; both outlast a refusal.

    `per_second` is Telegram's limit in messages, `clock` counts seconds as the running loop does,
    `chance` gives numbers in [0, 1). Calls to one chat start in the order in which they are made,
    except that no reply waits for a broadcast. What still fails raises python-telegram-bot's error.
    """

    def __init__(
        self,
        per_second: int = 30,
        vitals: Vitals | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._vitals = vitals or Vitals()
        self._clock = clock
        self._chance = chance
        self._interval = WINDOW / (SHARE * per_second)
        self._next = -inf
        self._paused = -inf
        self._turns = asyncio.Lock()
        # In a slow hour broadcasts must not take every connection that there is for replies.
        self._in_flight = asyncio.Semaphore(per_second)
        self._holds: dict[Chat, _Hold] = {}
        self._last_refused: tuple[Chat, float] = None, -inf
        self._closing = asyncio.Event()

    async def initialize(self) -> None:
        """Let calls wait (again)."""
        self._closing.clear()

    async def shutdown(self) -> None:
        """From now on nobody waits for a chat: whoever does gets the error."""
        self._closing.set()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Wanted | None,
    ) -> Result:
        """Make the call when its time has come, and again where that is safe.

        A broadcast is asked whether it is wanted just before each try: UnwantedError if not.
        """
        make = partial(callback, *args, **kwargs)
        if endpoint in UNPACED:
            return await make()
        counts = endpoint.startswith(COUNTED)
        chat = data.get("chat_id", data.get("inline_message_id")) if counts else None
        call = _Call(make, endpoint, chat, counts, rate_limit_args if counts else None)
        if self._holds:
            self._forget()
        if chat in self._holds:
            return await self._in_line(call, self._holds[chat])
        try:
            return await self._try(call)
        except _HeldError:
            return await self._in_line(call, self._holds[call.chat])
        except (RetryAfter, NetworkError) as error:
            return await self._in_line(call, self._hold(call, error, 1), error)

    async def _try(self, call: _Call, *, first: bool = False) -> Result:
        """Make the call, a broadcast in its turn; `first` says that it is first in its line."""
        if not call.paced:
            if call.counts:
                self._count(self._clock())
            return await call.make()
        async with self._in_flight:
            async with self._turns:
                while (left := max(self._next, self._paused) - self._clock()) > 0:
                    await asyncio.sleep(left)
                now = self._clock()
                hold = self._holds.get(call.chat)
                if hold and (hold.until > now or (hold.waiting and not first)):
                    raise _HeldError
                self._count(now)
            if call.wanted and not call.wanted():
                raise UnwantedError
            return await call.make()

    def _count(self, now: float) -> None:
        """Move on when the next broadcast may start: everything that is sent takes one interval.

        So a broadcast fills a window to 27 of 30 at most, however many replies are in it. Who
        starts late does not delay those after it, and what is a window old is over.
        """
        following = max(self._next, now - self._interval / 2) + self._interval
        self._next = min(following, now + WINDOW)

    async def _in_line(
        self, call: _Call, hold: _Hold, error: RetryAfter | NetworkError | None = None
    ) -> Result:
        """Make the call once the chat is free and those before it are done, a few times."""
        deadline = inf if call.paced else self._clock() + PATIENCE
        tries = 1 if error else 0
        hold.waiting += 1
        try:
            async with hold.lines[call.paced]:
                while True:
                    await self._free(hold, deadline, error)
                    self._vitals.repeated += tries > 0
                    try:
                        return await self._try(call, first=True)
                    except _HeldError:
                        continue
                    except (RetryAfter, NetworkError) as failed:
                        error = failed
                        tries += 1
                        hold.until = self._hold(call, error, tries).until
        finally:
            hold.waiting -= 1

    async def _free(self, hold: _Hold, deadline: float, error: Exception | None) -> None:
        """Wait for the end of a hold; raises the error when that is beyond the deadline."""
        while (left := hold.until - self._clock()) > 0:
            if self._closing.is_set() or hold.until > deadline:
                raise error or RetryAfter(timedelta(seconds=left))
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._closing.wait()

    def _hold(self, call: _Call, error: RetryAfter | NetworkError, tries: int) -> _Hold:
        """Hold the chat for as long as the error asks; raises an error that is not for repeating.

        A refusal never says whose limit was reached. A chat's own refuses one chat; the limit on
        everything refuses the next chat as well, and then broadcasts pause. Replies to other chats
        are still tried: Telegram may well take them.
        """
        self._vitals.refused += isinstance(error, RetryAfter)
        wait = pause(error, call.endpoint, tries, self._chance)
        if wait is None:
            raise error
        now = self._clock()
        if isinstance(error, RetryAfter) and call.chat is not None:
            chat, at = self._last_refused
            if chat != call.chat and now - at < WINDOW:
                self._paused = max(self._paused, now + wait)
            self._last_refused = call.chat, now
        hold = _Hold() if call.chat is None else self._holds.setdefault(call.chat, _Hold())
        hold.until = max(hold.until, now + wait)
        if tries >= TRIES:
            raise error
        return hold

    def _forget(self) -> None:
        now = self._clock()
        self._holds = {c: h for c, h in self._holds.items() if h.waiting or h.until > now}
