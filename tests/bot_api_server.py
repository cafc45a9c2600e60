"""ApiServer: a LocalBotApi behind HTTP on this machine, for bots that run as real processes."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.local_api import LocalBotApi
    from bot.local_api.chats import Json

PATIENCE = 15.0


class Handler(RequestHandler):
    """One request, answered as the API answers it."""

    def initialize(self, server: ApiServer) -> None:
        self.server = server

    async def post(self, token: str, method: str) -> None:
        status, body = await self.server.answer(token, method, *self.said())
        self.set_status(status)
        self.write(body)

    def said(self) -> tuple[dict[str, str], dict[str, bytes]]:
        """The request's parameters and files."""
        said = {name: self.get_body_argument(name, strip=False) for name in self.request.arguments}
        return said, {name: parts[0].body for name, parts in self.request.files.items()}


class ApiServer:
    """The address of a Bot API on this machine, and a way to wait for what is asked of it."""

    handler = Handler

    def __init__(self, api: LocalBotApi, listener: socket.socket) -> None:
        self.api = api
        self.port = listener.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self._socket = listener
        self._answered = asyncio.Event()
        self._answering = asyncio.Event()
        self._answering.set()
        self._stalled = ""
        self.unanswered = 0
        routes = [(r"/bot([^/]+)/(\w+)", self.handler, {"server": self})]
        self._http = HTTPServer(Application(routes, log_function=lambda handler: None))

    def open(self) -> None:
        """From now on connections are accepted; before, they are refused."""
        self._socket.listen()
        self._socket.setblocking(False)
        self._http.add_socket(self._socket)

    async def close(self) -> None:
        """Let go of port and connections."""
        self._http.stop()
        await self._http.close_all_connections()
        self._socket.close()

    def stall(self, method: str = "") -> None:
        """From now on requests, or those of a method, are done, but nobody hears of it."""
        self._stalled = method
        self._answering.clear()

    def resume(self) -> None:
        """Answer again, also what was left unanswered."""
        self._answering.set()

    async def answer(
        self, token: str, method: str, said: dict[str, str], files: dict[str, bytes]
    ) -> tuple[int, Json]:
        """What the API answers; wakes those who wait."""
        answer = await self.api.answer(token, method, said, files)
        self.unanswered += 1
        self._answered.set()
        if self._stalled.lower() in {"", method.lower()}:  # the Bot API ignores case
            await self._answering.wait()
        self.unanswered -= 1
        return answer

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait until a request has made this true."""
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self._answered.clear()
                await self._answered.wait()


@asynccontextmanager
async def serving(api: LocalBotApi, *, closed: bool = False) -> AsyncIterator[ApiServer]:
    """Serve the API on a free port of this machine; `closed` leaves the opening to the test."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = ApiServer(api, listener)
    if not closed:
        server.open()
    try:
        yield server
    finally:
        await server.close()
