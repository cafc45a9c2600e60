"""Caller: Telegram's side of a webhook, which calls again until it hears 200."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

from tornado.httpclient import AsyncHTTPClient

from bot.config import Secret, Settings
from bot.webhook import SECRET
from tests.faults.process import TOKEN

AGAIN = 0.2  # seconds


class Caller:
    """Calls with one update after the other, in order."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hook"
        self.environ = {"WEBHOOK_URL": "https://bot.example/hook", "WEBHOOK_PORT": str(port)}
        secret = Settings(token=Secret(TOKEN)).secret_token.reveal()
        self._headers = {"Content-Type": "application/json", SECRET: secret}
        self._waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def deliver(self, update: dict[str, Any]) -> None:
        """Have an update ready to be called with."""
        self._waiting.put_nowait(update)

    async def run(self) -> None:
        """Call until cancelled."""
        while True:
            update = await self._waiting.get()
            while not await self.call(json.dumps(update).encode()):
                await asyncio.sleep(AGAIN)

    async def call(self, body: bytes) -> bool:
        """Whether it heard 200."""
        client = AsyncHTTPClient()
        try:
            answer = await client.fetch(
                self.url, method="POST", headers=self._headers, body=body, raise_error=False
            )
        except OSError:
            return False
        return answer.code == 200
