"""FaultyServer: a Bot API over HTTP in which requests fail, and the record of what was sent."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from tests.bot_api_server import ApiServer, Handler
from tests.faults.weather import Fault, Weather, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from bot.local_api import LocalBotApi
    from bot.local_api.chats import Json

DISTANCE = 0.02  # seconds that a request takes at least
OTHER = refused(409, "Conflict: terminated by other getUpdates request")


class Sent(Struct, frozen=True):
    """A message of the bot's: when it was sent, or changed, and whether the bot heard of it."""

    at: float
    message: dict[str, Any]
    unheard: str  # the fault because of which it did not


class FaultyHandler(Handler):
    """One request, which may fail."""

    async def post(self, token: str, method: str) -> None:
        server = cast("FaultyServer", self.server)
        said, files = self.said()
        fault = server.weather.draw(method, said)
        await asyncio.sleep(DISTANCE)
        status, body = 0, dict[str, Any]()
        if fault is None or fault.done:
            polls = method.lower() == "getupdates"
            answer = server.answer(token, method, said, files)
            status, body = await (server.only_poll(answer) if polls else answer)
            server.record(body.get("result"), fault)
        if fault:
            await asyncio.sleep(fault.hold)
        if fault and fault.cut:
            self.detach().close()
        elif fault and fault.body is not None:
            self.set_status(fault.status)
            self.write(fault.body)
        else:
            self.set_status(status)
            self.write(body)


class FaultyServer(ApiServer):
    """Where requests fail as the weather is; only one may poll at a time."""

    handler = FaultyHandler

    def __init__(self, api: LocalBotApi, listener: socket.socket, weather: Weather) -> None:
        super().__init__(api, listener)
        self.weather = weather
        self.sent: list[Sent] = []
        self.heard: list[Callable[[Sent], None]] = []
        self._poll: asyncio.Task[tuple[int, Json]] | None = None

    async def only_poll(self, answer: Coroutine[Any, Any, tuple[int, Json]]) -> tuple[int, Json]:
        """The answer to a poll, unless another poll comes meanwhile."""
        if self._poll and not self._poll.done():
            self._poll.cancel()
        poll = self._poll = asyncio.create_task(answer)
        try:
            return await poll
        except asyncio.CancelledError:
            return 409, json.loads(OTHER.body or b"")

    def record(self, result: object, fault: Fault | None) -> None:
        """Note what the bot has written."""
        if isinstance(result, dict) and "message_id" in result:
            unheard = fault.name if fault and fault.unheard else ""
            sent = Sent(time.monotonic(), result, unheard)
            self.sent.append(sent)
            for hear in self.heard:
                hear(sent)


@asynccontextmanager
async def serving(api: LocalBotApi, weather: Weather) -> AsyncIterator[FaultyServer]:
    """Serve on a free port of this machine."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = FaultyServer(api, listener, weather)
    server.open()
    try:
        yield server
    finally:
        await server.close()
