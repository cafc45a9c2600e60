"""Attempts: an update is tried, noted before as tried: it may end the process."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.addressing import is_late
from bot.database import StateError
from bot.vitals import note

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from telegram.ext import Application

    from bot.state import State
    from bot.tables import Letter

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

HARMLESS = 1.0  # seconds of work on an update after which it is not what ends the process

_logger = logging.getLogger(__name__)


class Attempts:
    """Hands updates to the application, and says what went wrong."""

    def __init__(
        self, application: AnyApplication, state: State, clock: Callable[[], datetime]
    ) -> None:
        self._application = application
        self._state = state
        self._clock = clock
        self._failed: dict[int, Exception] = {}
        application.add_error_handler(self._note)

    async def tried(self, letter: Letter) -> Exception | None:
        """Try once; what went wrong."""
        self._noted(self._state.try_again, letter)
        loop = asyncio.get_running_loop()
        harmless = loop.call_later(HARMLESS, self.survived, letter)
        try:
            return await self._processed(letter)
        except asyncio.CancelledError:
            self.survived(letter)
            raise
        except Exception as error:  # of a Bot API that is newer than the library
            note("unread")
            _logger.exception("Update %d cannot be read", letter.id)
            return error
        finally:
            harmless.cancel()

    def survived(self, letter: Letter) -> None:
        """Note that the try has not ended the process."""
        self._noted(self._state.survived, letter)

    async def _processed(self, letter: Letter) -> Exception | None:
        """What went wrong; the application's own error handler has told whom it concerns."""
        update = Update.de_json(json.loads(letter.body), self._application.bot)
        if is_late(update, self._clock()):
            note("passed over")
            return None
        await self._application.process_update(update)
        return self._failed.pop(letter.id, None)

    @staticmethod
    def _noted(note: Callable[[Letter], None], letter: Letter) -> None:
        try:
            note(letter)
        except StateError as error:
            _logger.warning("STATE_URL: update %d cannot be noted (%s)", letter.id, error)

    async def _note(self, update: object, context: Any) -> None:
        if isinstance(update, Update):
            self._failed[update.update_id] = context.error
