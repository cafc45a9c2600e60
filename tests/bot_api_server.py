"""ApiServer: a LocalBotApi behind HTTP on this machine, for bots that run as real processes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.local_api import LocalBotApi

PATIENCE = 15.0


class ApiServer:
    """The address of a served Bot API, and a way to wait for what is asked of it."""

    def __init__(self, api: LocalBotApi, root: str) -> None:
        self.api = api
        self.root = root
        self.answered = asyncio.Event()

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait until a request has made this true."""
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self.answered.clear()
                await self.answered.wait()


class _Handler(RequestHandler):
    def initialize(self, server: ApiServer) -> None:
        self.server = server

    async def post(self, token: str, method: str) -> None:
        said = {name: self.get_body_argument(name, strip=False) for name in self.request.arguments}
        files = {name: parts[0].body for name, parts in self.request.files.items()}
        status, body = await self.server.api.answer(token, method, said, files)
        self.set_status(status)
        self.write(body)
        self.server.answered.set()


@asynccontextmanager
async def serving(api: LocalBotApi) -> AsyncIterator[ApiServer]:
    """Serve the API on a free port of this machine."""
    (listener,) = bind_sockets(0, "127.0.0.1")
    server = ApiServer(api, f"http://127.0.0.1:{listener.getsockname()[1]}")
    routes = [(r"/bot([^/]+)/(\w+)", _Handler, {"server": server})]
    http = HTTPServer(Application(routes, log_function=lambda handler: None))
    http.add_socket(listener)
    try:
        yield server
    finally:
        http.stop()
        await http.close_all_connections()
