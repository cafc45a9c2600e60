"""Network: requests to the Bot API over HTTP, where only the Bot API's own answers count.

A proxy's page with status 404 says nothing about the token, and one with 200 nothing about what
was sent: python-telegram-bot would take both at their status.
"""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE = 5.0  # seconds that a connection is kept for another request, as httpx keeps it


class Connections(httpx.AsyncBaseTransport):
    """Connections of which each has a request to itself, the one used last taken first.

    httpx's own pool looks at every connection for every request, several times; with sixteen
    under way that takes as long as all else about them. What finds `most` of them busy waits for
    one as long as its timeout for a pool says, and then raises `httpx.PoolTimeout`.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._context = httpx.create_ssl_context()  # of all together: it takes 20 ms to make
        self._requests: dict[httpx.AsyncHTTPTransport, int] = {}  # that each connection has
        # those that have none, and since when, the one used last at the end
        self._free: dict[httpx.AsyncHTTPTransport, float] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, read to its end. Raises what `httpx.AsyncHTTPTransport` does."""
        await self._close_idle()
        connection = self._free.popitem()[0] if self._free else self._another()
        self._requests[connection] += 1
        try:
            response = await connection.handle_async_request(request)
            await response.aread()
        finally:
            self._done(connection)
        return response

    def _another(self) -> httpx.AsyncHTTPTransport:
        if len(self._requests) >= self._most:
            return min(self._requests, key=self._requests.__getitem__)
        limits = httpx.Limits(max_connections=1, keepalive_expiry=IDLE)
        connection = httpx.AsyncHTTPTransport(verify=self._context, limits=limits)
        self._requests[connection] = 0
        return connection

    def _done(self, connection: httpx.AsyncHTTPTransport) -> None:
        if connection in self._requests:  # else all were closed meanwhile
            self._requests[connection] -= 1
            if not self._requests[connection]:
                self._free[connection] = self._clock()

    async def _close_idle(self) -> None:
        while self._free:
            connection, since = next(iter(self._free.items()))
            if self._clock() - since < IDLE:
                break
            del self._free[connection], self._requests[connection]
            await connection.aclose()

    async def aclose(self) -> None:
        """Close them all; a later request opens new ones."""
        connections = tuple(self._requests)
        self._requests.clear()
        self._free.clear()
        for connection in connections:
            await connection.aclose()


class Network(HTTPXRequest):
    """Raises NetworkError where the answer is somebody else's, or half of one.

    Without a `transport` it has `most` connections of its own; to a proxy that the environment
    names it has those of httpx.
    """

    def __init__(
        self,
        most: int = 256,
        read_timeout: float = 5.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if transport is None and getproxies().keys() <= {"no"}:
            transport = Connections(most)
        super().__init__(most, read_timeout, httpx_kwargs={"transport": transport})

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Status and body, which is JSON as the Bot API says it."""
        status, body = await super().do_request(*args, **kwargs)
        if not _is_answer(status, body):
            named = status in HTTPStatus.__members__.values()
            phrase = HTTPStatus(status).phrase if named else "Unknown status"
            raise NetworkError(f"{phrase} ({status}), with no answer of the Bot API")
        return status, body


def _is_answer(status: int, body: bytes) -> bool:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and ("result" if status < 300 else "ok") in said
