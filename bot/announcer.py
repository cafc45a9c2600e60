"""Announcer: tells subscribers what changed in the data, each once, evenly and in the background.

A chat is noted as told before it is: should the process end between the two, that one message is
lost, which is better than all of them twice.
"""

from __future__ import annotations

import asyncio
import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    TelegramError,
)

from bot.changes import announcement, changes, figures, kept, known
from bot.pace import UnwantedError
from bot.render import Told, render
from bot.retries import unsent
from bot.tables import Edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from telegram.ext import ExtBot

    from bot.changes import Figures
    from bot.current import Current
    from bot.delivery import Delivery
    from bot.render import Reply
    from bot.state import State
    from bot.tables import Waiting
    from bot.vitals import Vitals

# What Telegram says of a chat, or a topic, that is no more, and of a message that it cannot show.
_ENDED = re.compile(r"(?:chat|thread) not found|deactivated|peer_id_invalid|topic_deleted", re.I)
_OURS = re.compile(r"entit|too long|markup|button|text must|is empty", re.I)
DAY = 24 * 60 * 60  # seconds between two messages to one chat
AT_ONCE = 4  # messages on their way, so that the network's delay does not set the pace

_logger = logging.getLogger(__name__)


class Announcer:
    """Compares the figures with those of the last edition, and tells who has not heard."""

    def __init__(
        self,
        state: State,
        current: Current,
        delivery: Delivery,
        clock: Callable[[], datetime],
        vitals: Vitals,
    ) -> None:
        self._vitals = vitals
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

    async def announce(self, bot: ExtBot[Any]) -> None:
        """Tell everybody who waits, until all are told or the network says no."""
        self._note()
        edition = self._state.edition()
        if edition is None:
            return
        waiting = iter(self._state.waiting(edition.number, self._now() - DAY))
        told = (self._tell(bot, waiting, edition) for _ in range(AT_ONCE))
        for failed in await asyncio.gather(*told, return_exceptions=True):
            if failed:
                raise failed

    def _note(self) -> None:
        """Bring out an edition when the figures are others."""
        version, today = self._current.kb.version, self._clock().date().isoformat()
        if version == self._noted:
            return
        now, last = figures(self._current.kb), self._state.edition()
        before = known(last.figures) if last else None
        if last is None or before is None:
            self._state.publish(Edition(last.number + 1 if last else 1, "", kept(now)))
        elif changes(before, now):
            self._state.publish(Edition(last.number + 1, today, kept(now)))
        self._noted = version

    def _of_edition(self, number: int) -> Figures | None:
        edition = self._state.edition(number)
        return known(edition.figures) if edition else None

    def _now(self) -> int:
        return int(self._clock().timestamp())

    # ----------------------------------------------------------------- telling

    async def _tell(self, bot: ExtBot[Any], those: Iterator[Waiting], edition: Edition) -> None:
        """Tell one after the other; several do that with the same people, each taking the next."""
        after = self._figures(edition.number)
        for waiting in those:
            before = self._figures(waiting.edition)
            if before is None or after is None or not changes(before, after):
                self._state.claim(waiting, edition.number, waiting.told)  # nothing to tell them
                continue
            version = self._current.kb.version
            told = Told(announcement(before, after, bot.username, version))
            turn = _Turn(self._state, waiting, edition.number, self._now())
            if not self._open or not await self._told(bot, turn, render([told], None)):
                return

    async def _told(self, bot: ExtBot[Any], turn: _Turn, reply: Reply) -> bool:
        """Whether to go on with the others."""
        chat, topic = turn.waiting.chat, turn.waiting.topic
        try:
            await self._delivery.post(bot, chat, topic, reply, turn.taken)
            self._vitals.broadcasts += 1
        except UnwantedError:  # somebody else has told them, or they unsubscribed
            pass
        except ChatMigrated as error:
            turn.give_back()
            self._state.move(chat, error.new_chat_id)
        except Forbidden as error:  # blocked, or removed: as if it had been told so
            self._state.forget(chat)
            _logger.info("A chat is forgotten: %s", error)
        except BadRequest as error:
            return self._refused(turn, error)
        except TelegramError as error:  # not now: the network, or too many messages
            if unsent(error):
                turn.give_back()
            _logger.warning("Changes are told later, one chat perhaps not at all: %s", error)
            return False
        return True

    def _refused(self, turn: _Turn, error: BadRequest) -> bool:
        """Whether it is only this chat that does not take it."""
        if _ENDED.search(str(error)):
            self._end(turn.waiting.chat, error)
        elif _OURS.search(str(error)):
            turn.give_back()
            _logger.error("Changes cannot be told: %s", error)
            return False
        else:
            _logger.info("A chat cannot be told of changes now: %s", error)
        return True

    def _end(self, chat: int, error: TelegramError) -> None:
        self._state.unsubscribe(chat)
        _logger.info("A subscription ended: %s", error)


class _Turn:
    """One message to one chat: noted as sent at the last moment, and once."""

    def __init__(self, state: State, waiting: Waiting, edition: int, now: int) -> None:
        self.waiting = waiting
        self._state = state
        self._edition = edition
        self._now = now
        self._taken = False

    def taken(self) -> bool:
        """Note that they are told; whether it is ours to tell them, also at a second try."""
        if not self._taken:
            self._taken = self._state.claim(self.waiting, self._edition, self._now)
        return self._taken

    def give_back(self) -> None:
        """It was certainly not sent: they wait as before."""
        if self._taken:
            claimed = self.waiting._replace(edition=self._edition)
            self._state.claim(claimed, self.waiting.edition, self.waiting.told)
