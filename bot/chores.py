"""Chores: what is done by the clock: notice rebuilt data, and tell subscribers what changed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from knowledge.base import KnowledgeBase

if TYPE_CHECKING:
    from pathlib import Path

    from telegram.ext import ExtBot

    from bot.announcer import Announcer
    from bot.current import Current
    from bot.locks import Locks

EVERY = 30.0  # seconds
ANNOUNCING = "announcing"  # the lock of the one process, where there are several, that does it
PATIENCE = 5.0  # seconds that a message on its way may take when the bot stops

_logger = logging.getLogger(__name__)


class Chores:
    """Done every half minute between start and stop."""

    def __init__(
        self, current: Current, announcer: Announcer, path: Path | None, locks: Locks | None = None
    ) -> None:
        self._locks = locks
        self._current = current
        self._announcer = announcer
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, bot: ExtBot[Any]) -> None:
        """Begin, unless there is nothing to watch."""
        if self._path is not None:
            self._task = asyncio.create_task(self._run(bot))

    async def stop(self) -> None:
        """Finish the messages on their way, and begin no other."""
        self._stop.set()
        self._announcer.close()
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, PATIENCE)

    async def _run(self, bot: ExtBot[Any]) -> None:
        while not self._stop.is_set():
            try:
                await self.once(bot)
            except Exception:
                _logger.exception("A chore failed and is tried again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), EVERY)

    async def once(self, bot: ExtBot[Any]) -> None:
        """Do all of it now."""
        self.refresh()
        if self._locks is None or self._locks.take([ANNOUNCING]):
            await self._announcer.announce(bot)

    def refresh(self) -> None:
        """Serve the knowledge base that lies at the path now, if it can be read and is another."""
        if self._path is None:
            return
        try:
            stat = self._path.stat()
        except OSError:
            return  # the one in use stays open
        seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._take(KnowledgeBase.open(self._path))
        except Exception as error:  # half written, or no knowledge base any more
            _logger.warning("The new knowledge base cannot be used: %s", error)

    def _take(self, kb: KnowledgeBase) -> None:
        here = self._current.kb
        if kb.version == here.version:
            kb.close()
        elif kb.shape != here.shape:
            kb.close()
            _logger.warning("The knowledge base was built by another version; restart to use it")
        else:
            self._current.replace(kb)
            _logger.info("Serving the knowledge base of version %s", kb.version)
