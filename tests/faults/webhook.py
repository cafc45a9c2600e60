"""Caller: Telegram and a load balancer, which call a webhook again until they hear 200."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from bot.config import Secret, Settings
from bot.letters import chat_of
from bot.webhook import SECRET
from tests.faults.process import TOKEN

AGAIN = 0.2  # seconds
SLOW = 3.0  # seconds after which a call is made to the next
PATIENCE = 20.0  # seconds until a process listens


class Caller:
    """Calls with a chat's updates one after the other, and with those of all chats side by side.

    Each call goes to the next of so many addresses in turn, as round-robin balancers do.
    """

    def __init__(self, addresses: int = 1) -> None:
        free = [socket.create_server(("127.0.0.1", 0)) for _ in range(addresses)]
        self.ports: list[int] = [each.getsockname()[1] for each in free]
        for each in free:
            each.close()
        self._next = itertools.cycle(self.ports)
        secret = Settings(token=Secret(TOKEN)).secret_token.reveal()
        self._headers = {"Content-Type": "application/json", SECRET: secret}
        self._lines: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self._calling: set[asyncio.Task[None]] = set()

    def environ(self, address: int = 0) -> dict[str, str]:
        """Of the process that listens at one of the addresses."""
        return {
            "WEBHOOK_URL": "https://bot.example/hook",
            "WEBHOOK_PORT": str(self.ports[address]),
        }

    def deliver(self, update: dict[str, Any]) -> None:
        """Have an update ready to be called with."""
        chat = chat_of(update)
        if chat not in self._lines:
            self._lines[chat] = asyncio.Queue()
            self._calling.add(asyncio.create_task(self._run(self._lines[chat])))
        self._lines[chat].put_nowait(update)

    async def close(self) -> None:
        """Call no more; what has ended a line of calls is raised."""
        ended = [task for task in self._calling if task.done()]
        for task in self._calling:
            task.cancel()
        await asyncio.gather(*self._calling, return_exceptions=True)
        for task in ended:
            task.result()

    async def _run(self, line: asyncio.Queue[dict[str, Any]]) -> None:
        while True:
            update = await line.get()
            while not await self.call(json.dumps(update).encode()):
                await asyncio.sleep(AGAIN)

    async def call(self, body: bytes) -> bool:
        """Whether the next address said 200."""
        url = f"http://127.0.0.1:{next(self._next)}/hook"
        try:
            answer = await AsyncHTTPClient().fetch(
                url,
                method="POST",
                headers=self._headers,
                body=body,
                raise_error=False,
                request_timeout=SLOW,
            )
        except (OSError, HTTPClientError):  # the latter where a connection ends half-way
            return False
        return answer.code == 200

    async def listening(self, address: int) -> None:
        """Wait until a process takes calls there."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.ports[address])
                except OSError:
                    await asyncio.sleep(AGAIN / 4)
                else:
                    writer.close()
                    return
