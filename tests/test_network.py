"""The network: whose answers count, and how connections to the Bot API are used."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from bot.network import IDLE, Connections, Network
from bot.retries import unsent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tornado.http1connection import HTTP1Connection

PAGE = b"<html><body>Please log in</body></html>"
OTHERS = [
    (200, PAGE),
    (200, b""),
    (200, b"[1]"),
    (200, b'{"ok": true}'),
    (200, b'{"ok": true, "result": {"message_id": 1'),
    (403, PAGE),
    (404, PAGE),
    (502, PAGE),
    (999, PAGE),
    (400, b'{"error": "not of the Bot API"}'),
    (200, b"[" * 100_000),
]


async def asked(status: int, body: bytes) -> object:
    """What comes of a request that is answered like this."""
    answer = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    async with Network(transport=answer) as network:
        return await network.post("https://api.example/bot1:x/getMe")


@pytest.mark.parametrize(("status", "body"), OTHERS)
async def test_an_answer_of_somebody_else_is_a_failure_of_the_network(
    status: int, body: bytes
) -> None:
    """A proxy's page is neither an answer nor a refusal, and says nothing about the token."""
    with pytest.raises(NetworkError) as caught:
        await asked(status, body)
    assert type(caught.value) is NetworkError


async def test_what_the_bot_api_says_counts() -> None:
    """Its answers are given on, and its refusals raise what they are."""
    assert await asked(200, b'{"ok": true, "result": [7]}') == [7]
    with pytest.raises(InvalidToken):
        await asked(401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    with pytest.raises(BadRequest, match="Chat not found"):
        await asked(400, b'{"ok": false, "description": "Bad Request: chat not found"}')


async def test_a_gateway_that_refuses_is_known_by_its_status() -> None:
    """What it did not pass on may be asked again, so its words stay where retries look."""
    with pytest.raises(NetworkError, match=r"^Bad Gateway"):
        await asked(502, PAGE)


# --------------------------------------------------------------------------- connections


class _Answer(RequestHandler):
    """Answers a request once the server is open."""

    async def post(self) -> None:
        server = cast("Server", self.settings["server"])
        await server.answer(self)


class Server:
    """A Bot API on this machine that knows by which connection it is asked."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.hosts: list[str] = []
        self.asked = asyncio.Queue[int]()  # the connections' ports, one for each request
        self.closed = asyncio.Queue[int]()
        self.url = ""
        self._ports: dict[object, int] = {}

    async def answer(self, handler: RequestHandler) -> None:
        """Answer one request."""
        stream = cast("HTTP1Connection", handler.request.connection).stream
        port = self._ports[stream] = stream.socket.getpeername()[1]
        self.hosts.append(handler.request.host)
        self.asked.put_nowait(port)
        await self.open.wait()
        handler.write({"ok": True, "result": port})

    def on_close(self, stream: object) -> None:
        """Take note of a connection that was closed."""
        self.closed.put_nowait(self._ports.get(stream, 0))

    @property
    def connections(self) -> int:
        """How many there have been."""
        return len(self._ports)


class _HTTPServer(HTTPServer):
    def on_close(self, server_conn: Any) -> None:
        super().on_close(server_conn)
        application = cast("Application", self.request_callback)
        application.settings["server"].on_close(server_conn.stream)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine's environment says."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """A server, as long as it is needed."""
    server = Server()
    http = _HTTPServer(Application([(".*", _Answer)], server=server))
    listener, port = bind_unused_port()
    http.add_socket(listener)
    server.url = f"http://127.0.0.1:{port}/bot1:x/getMe"
    try:
        yield server
    finally:
        http.stop()
        await http.close_all_connections()


async def test_one_request_after_the_other_takes_one_connection() -> None:
    """Nobody waits for a handshake that was made already."""
    async with serving() as server, Network() as network:
        ports = [await network.post(server.url) for _ in range(5)]
        assert ports == ports[:1] * 5


async def test_requests_under_way_have_a_connection_each() -> None:
    """No request waits for the answer to another; afterwards the one used last goes first."""
    async with serving() as server, Network() as network:
        server.open.clear()
        under_way = [asyncio.create_task(network.post(server.url)) for _ in range(8)]
        ports = [await server.asked.get() for _ in under_way]
        assert len(set(ports)) == 8
        server.open.set()
        assert {*map(str, await asyncio.gather(*under_way))} == {*map(str, ports)}
        last = await network.post(server.url)
        assert await network.post(server.url) == last
        assert server.connections == 8


async def test_there_are_only_so_many_connections() -> None:
    """What finds all of them busy waits for one; where none comes free, nothing was sent."""
    async with serving() as server, Network(most=2) as network:
        server.open.clear()
        under_way = [asyncio.create_task(network.post(server.url)) for _ in range(2)]
        for _ in under_way:
            await server.asked.get()
        with pytest.raises(TimedOut) as caught:
            await network.post(server.url, pool_timeout=0.01)
        assert unsent(caught.value)
        under_way += [asyncio.create_task(network.post(server.url)) for _ in range(6)]
        server.open.set()
        assert len(await asyncio.gather(*under_way)) == 8
        assert server.connections == 2


async def test_who_waits_is_served_by_whichever_comes_free_first() -> None:
    """A poll that hangs for a minute keeps one connection, and nobody but itself."""
    async with serving() as server, Network(most=2) as network:
        server.open.clear()
        poll = asyncio.create_task(network.post(server.url))
        await server.asked.get()
        hanging, server.open = server.open, asyncio.Event()
        server.open.set()
        for _ in range(3):
            assert await asyncio.gather(*(network.post(server.url) for _ in range(4)))
        assert not poll.done()
        hanging.set()
        assert await poll


@pytest.mark.parametrize("connected", [False, True])
async def test_a_request_may_be_given_up_at_any_moment(*, connected: bool) -> None:
    """It leaves no connection behind that another request would wait for."""
    async with serving() as server, Network(most=1) as network:
        for steps in range(60):
            if connected:
                await network.post(server.url)
            given_up = asyncio.create_task(network.post(server.url))
            for _ in range(steps):
                await asyncio.sleep(0)
            given_up.cancel()
            await asyncio.wait([given_up])
            assert await network.post(server.url)


async def test_idle_connections_are_closed() -> None:
    """After many requests at once not every connection stays open for good."""
    now = [0.0]
    connections = Connections(8, lambda: now[0])
    async with serving() as server, Network(transport=connections) as network:
        server.open.clear()
        under_way = [asyncio.create_task(network.post(server.url)) for _ in range(3)]
        ports = {await server.asked.get() for _ in under_way}
        server.open.set()
        await asyncio.gather(*under_way)
        now[0] = IDLE - 1
        kept = await network.post(server.url)
        now[0] = IDLE + 1
        assert await network.post(server.url) == kept
        assert {await server.closed.get() for _ in range(2)} == ports - {kept}


async def test_a_closed_network_can_be_opened_again() -> None:
    """As python-telegram-bot does with a bot that is started twice."""
    async with serving() as server:
        network = Network()
        for _ in range(2):
            async with network:
                await network.post(server.url)
        assert server.connections == 2


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's machine may reach Telegram by no other way."""
    async with serving() as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        async with Network() as network:
            assert await network.post("http://api.example/bot1:x/getMe")
        assert server.hosts == ["api.example"]
