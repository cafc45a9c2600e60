"""Loopback: a Bot API on this machine that checks nothing, so that it takes little time itself."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import time
from collections import deque
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    Json = dict[str, Any]

ME = {
    "id": 123456,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
AT_MOST = 100  # updates that one poll is answered with
SENDING = ("send", "edit", "answer")


def asked(text: str, chat: int, number: int = 1, person: int | None = None) -> Json:
    """The update of a message in a private chat, or by a person in a group."""
    author = {"id": person or chat, "is_bot": False, "first_name": "P"}
    place = {"id": chat, "type": "private", "first_name": "P"}
    message: Json = {
        "message_id": number,
        "date": int(time.time()),
        "from": author,
        "chat": place if chat > 0 else {"id": chat, "type": "supergroup", "title": "G"},
        "text": text,
    }
    if text.startswith("/"):
        command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
        message["entities"] = [command]
    return {"update_id": number, "message": message}


class Sent(Struct, frozen=True):
    """A request that people see something of: when it came, in seconds, and for which chat."""

    at: float
    method: str
    chat: int
    status: int


class Loopback:
    """Updates handed over by long polls, and every sending noted; times are of `perf_counter`.

    `delay` is the network: seconds that every answer takes on its way. `refuses` is asked at each
    sending for the seconds until it would be taken; 0 takes it, others answer 429.
    """

    def __init__(self, delay: float = 0.0, refuses: Callable[[], float] = lambda: 0.0) -> None:
        self.delay = delay
        self.refuses = refuses
        self.sent: list[Sent] = []
        self.first_poll: float | None = None
        self.delivered: dict[int, float] = {}  # when each update was handed over first
        self._updates: deque[Json] = deque()
        self._numbers = itertools.count(1)
        self._messages = itertools.count(1)
        self._arrived = asyncio.Event()
        self._called = asyncio.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.root = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        routes = [(r"/bot[^/]+/(\w+)", _Handler, {"loopback": self})]
        self._http = HTTPServer(Application(routes, log_function=lambda _: None))
        self._socket.setblocking(False)
        self._http.add_socket(self._socket)

    async def close(self) -> None:
        """Let go of port and connections."""
        self._http.stop()
        await self._http.close_all_connections()
        self._socket.close()

    @property
    def waiting(self) -> int:
        """Updates that are not confirmed."""
        return len(self._updates)

    def ask(self, text: str, chat: int, person: int | None = None) -> int:
        """Somebody writes, in private or in a group; the number of the update."""
        number = next(self._numbers)
        update = asked(text, chat, number, person)
        self._updates.append(update)
        self._arrived.set()
        return number

    async def until(self, happened: Callable[[], object], patience: float = 60.0) -> None:
        """Wait until a request has made this true."""
        async with asyncio.timeout(patience):
            while not happened():
                self._called.clear()
                await self._called.wait()

    async def answer(self, method: str, said: dict[str, str]) -> tuple[int, Json]:
        """What is answered, after the way there and back."""
        if method == "getupdates":
            result: object = await self._polled(said)
        else:
            if wait := self._note(method, said):
                return 429, _too_many(wait)
            result = self._result(method, said)
        self._called.set()
        if self.delay:
            await asyncio.sleep(self.delay)
        return 200, {"ok": True, "result": result}

    def _note(self, method: str, said: dict[str, str]) -> float:
        wait = self.refuses() if method.startswith(SENDING[:2]) else 0.0
        if method.startswith(SENDING):
            chat = int(said.get("chat_id", 0))
            self.sent.append(Sent(time.perf_counter(), method, chat, 429 if wait else 200))
        return wait

    async def _polled(self, said: dict[str, str]) -> list[Json]:
        if self.first_poll is None:
            self.first_poll = time.perf_counter()
        self._called.set()
        offset = int(said.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._arrived.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(float(said.get("timeout", 0))):
                    await self._arrived.wait()
        handed = list(itertools.islice(self._updates, int(said.get("limit", AT_MOST))))
        now = time.perf_counter()
        for update in handed:
            self.delivered.setdefault(update["update_id"], now)
        return handed

    def _result(self, method: str, said: dict[str, str]) -> object:
        if method == "getme":
            return ME
        if not method.startswith(("send", "edit")):
            return [] if method == "getchatadministrators" else True
        chat = {"id": int(said.get("chat_id", 0)), "type": "private", "first_name": "P"}
        number = next(self._messages)
        message: Json = {"message_id": number, "date": 1_700_000_000, "from": ME, "chat": chat}
        if method == "sendphoto":
            size = {"width": 1200, "height": 800}
            photo = {"file_id": f"AgAC{number}", "file_unique_id": f"u{number}", **size}
            return message | {"photo": [photo]}
        if method == "senddocument":
            file = {"file_id": f"BQAC{number}", "file_unique_id": f"d{number}"}
            return message | {"document": file}
        return message | {"text": said.get("text", "")}


class _Handler(RequestHandler):
    def initialize(self, loopback: Loopback) -> None:
        self._loopback = loopback

    async def post(self, method: str) -> None:
        said = {name: values[-1].decode() for name, values in self.request.arguments.items()}
        status, body = await self._loopback.answer(method.lower(), said)
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(body))


def _too_many(wait: float) -> Json:
    whole = max(1, -int(-wait // 1))
    description = f"Too Many Requests: retry after {whole}"
    parameters = {"retry_after": whole}
    return {"ok": False, "error_code": 429, "description": description, "parameters": parameters}


@asynccontextmanager
async def loopback(
    delay: float = 0.0, refuses: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[Loopback]:
    """Serve on a free port of this machine."""
    server = Loopback(delay, refuses)
    try:
        yield server
    finally:
        await server.close()
