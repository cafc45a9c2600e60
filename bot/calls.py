"""Calls: how one replica tells the others, through the database, that a chat has an update."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING

import psycopg

from bot.postgres import said

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.postgres import Postgres

CALL = "SELECT pg_notify('costcurve', :said)"
LISTEN = "LISTEN costcurve"
PAUSE = 1.0  # seconds before another try to listen

_CALL = re.compile(r"(\d+) (-?\d+)")
_logger = logging.getLogger(__name__)


class Calls:
    """Heard by whoever listens at the moment; nothing may depend on that."""

    def __init__(self, database: Postgres) -> None:
        self._database = database

    def call(self, bot: int, chat: int) -> None:
        """Tell all; StateError."""
        self._database.rows(CALL, said=f"{bot} {chat}")

    async def listen(self, hear: Callable[[int, int], None]) -> None:
        """Hear of a bot and a chat, until cancelled, by a connection of its own."""
        while True:
            try:
                ear = await psycopg.AsyncConnection.connect(
                    **self._database.address, autocommit=True
                )
                async with ear:
                    await ear.execute(LISTEN)
                    async for call in ear.notifies():
                        if found := _CALL.fullmatch(call.payload):
                            hear(int(found[1]), int(found[2]))
            except psycopg.Error as error:
                _logger.debug("STATE_URL: nothing is heard of other replicas (%s)", said(error))
            await asyncio.sleep(PAUSE)
