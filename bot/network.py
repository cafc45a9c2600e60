"""Network: requests to the Bot API over HTTP, where only the Bot API's own answers count.

A proxy's page with status 404 says nothing about the token, and one with 200 nothing about what
was sent: python-telegram-bot would take both at their status.
"""

from __future__ import annotations

import asyncio
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
    under way that takes as long as all else about them. There are `most` at a time; what has to
    wait for one does so as long as its timeout for a pool says.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = asyncio.Semaphore(most)
        self._clock = clock
        self._context = httpx.create_ssl_context()  # of all together: it takes 20 ms to make
        self._busy: set[httpx.AsyncHTTPTransport] = set()
        # those with nothing to do, and since when, the one used last at the end
        self._free: dict[httpx.AsyncHTTPTransport, float] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, read to its end. Raises what `httpx.AsyncHTTPTransport` does."""
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._room.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("every connection is busy", request=request) from None
        try:
            await self._close_idle()
            return await self._carried(request)
        finally:
            self._room.release()

    async def _carried(self, request: httpx.Request) -> httpx.Response:
        connection = self._free.popitem()[0] if self._free else self._another()
        self._busy.add(connection)
        try:
            response = await connection.handle_async_request(request)
            await response.aread()
        except BaseException:  # whatever it was, nobody knows what the next one would meet
            self._busy.discard(connection)
            await connection.aclose()
            raise
        self._busy.discard(connection)
        self._free[connection] = self._clock()
        return response

    def _another(self) -> httpx.AsyncHTTPTransport:
        limits = httpx.Limits(max_connections=1, keepalive_expiry=IDLE)
        return httpx.AsyncHTTPTransport(verify=self._context, limits=limits)

    async def _close_idle(self) -> None:
        while self._free:
            connection, since = next(iter(self._free.items()))
            if self._clock() - since < IDLE:
                break
            del self._free[connection]
            await connection.aclose()

    async def aclose(self) -> None:
        """Close them all, which ends what is under way; a later request opens new ones."""
        connections = (*self._busy, *self._free)
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
