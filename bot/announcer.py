"""Announcer: tells subscribers what changed in the data, each once, evenly and in the background.

A chat is noted as told before it is: should the process end between the two, that one message is
lost, which is better than all of them twice.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    TelegramError,
    TimedOut,
)

from bot.changes import announcement, changes, figures, kept, known
from bot.render import Told, render
from bot.state import Edition, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from telegram.ext import ExtBot

    from bot.changes import Figures
    from bot.current import Current
    from bot.delivery import Delivery
    from bot.render import Reply
    from bot.state import State

AT_ONCE = 4  # messages on their way, so that the network's delay does not set the pace

_logger = logging.getLogger(__name__)


class Announcer:
    """Compares the figures with those of the last edition, and tells who has not heard."""

    def __init__(
        self, state: State, current: Current, delivery: Delivery, clock: Callable[[], datetime]
    ) -> None:
        self._state = state
        self._current = current
        self._delivery = delivery
        self._clock = clock
        self._noted = ""  # the version of the data that was compared
        self._figures = lru_cache(maxsize=4)(self._of_edition)
        self._open = True

    def close(self) -> None:
        """Begin no other message; who waits is told after the next start."""
        self._open = False

    async def announce(self, bot: ExtBot[None]) -> None:
        """Tell everybody who waits, until all are told or the network says no."""
        self._note()
        edition = self._state.edition()
        if edition is not None:
            await asyncio.gather(*(self._tell_all(bot, edition) for _ in range(AT_ONCE)))

    def _note(self) -> None:
        """Bring out an edition when the figures are others, one a day at most."""
        version, today = self._current.kb.version, self._clock().date().isoformat()
        if version == self._noted:
            return
        now, last = figures(self._current.kb), self._state.edition()
        before = known(last.figures) if last else None
        if last is None or before is None:
            self._state.publish(Edition(last.number + 1 if last else 1, "", kept(now)))
        elif changes(before, now):
            if last.day == today:
                return  # tomorrow
            self._state.publish(Edition(last.number + 1, today, kept(now)))
        self._noted = version

    def _of_edition(self, number: int) -> Figures | None:
        edition = self._state.edition(number)
        return known(edition.figures) if edition else None

    # ----------------------------------------------------------------- telling

    async def _tell_all(self, bot: ExtBot[None], edition: Edition) -> None:
        while self._open and (waiting := self._state.waiting(edition.number)):
            if not self._state.claim(waiting, edition.number):
                continue  # somebody else tells them
            before, after = self._figures(waiting.edition), self._figures(edition.number)
            if before is None or after is None or not changes(before, after):
                continue
            version = self._current.kb.version
            told = Told(announcement(before, after, bot.username, version))
            if not await self._told(bot, waiting, edition, render([told], None)):
                return

    async def _told(
        self, bot: ExtBot[None], waiting: Waiting, edition: Edition, reply: Reply
    ) -> bool:
        """Whether to go on with the others."""
        try:
            await self._delivery.post(bot, waiting.chat, waiting.topic, reply)
        except ChatMigrated as error:
            self._unclaim(waiting, edition)
            self._state.move(waiting.chat, error.new_chat_id)
        except (Forbidden, BadRequest) as error:  # blocked, removed, or the topic is gone
            self._state.unsubscribe(waiting.chat)
            _logger.info("A subscription ended: %s", error)
        except TimedOut as error:  # it may have arrived
            _logger.warning("A message about changes may be lost: %s", error)
        except TelegramError as error:  # not now: the network, or too many messages
            self._unclaim(waiting, edition)
            _logger.warning("Changes are told later: %s", error)
            return False
        return True

    def _unclaim(self, waiting: Waiting, edition: Edition) -> None:
        """It was certainly not sent: they wait as before."""
        claimed = waiting._replace(edition=edition.number)
        self._state.claim(claimed, waiting.edition)
