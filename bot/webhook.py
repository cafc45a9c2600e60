"""Webhook: the address that Telegram calls with updates; 200 means that they are kept."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.letters import id_of
from bot.listener import Bare, Listener

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.inbox import Inbox

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name


class Webhook:
    """Listens behind a reverse proxy, on one path, for one who knows the secret."""

    def __init__(self, inbox: Inbox, settings: Settings) -> None:
        path = urlsplit(settings.require_webhook_url()).path or "/"
        told = {"inbox": inbox, "secret": settings.secret_token}
        self._listener = Listener({path: (_Handler, told)})
        self._settings = settings

    def open(self) -> None:
        """Listen; SettingError where that is not possible."""
        host, port = self._settings.webhook_listen, self._settings.webhook_port
        self._listener.open(host, port, "WEBHOOK_LISTEN and WEBHOOK_PORT ask for")

    async def close(self) -> None:
        """Take no more calls."""
        await self._listener.close()


class _Handler(Bare):
    def initialize(self, inbox: Inbox, secret: Any) -> None:
        self._inbox = inbox
        self._secret = secret.reveal().encode()

    async def post(self) -> None:
        said = self.request.headers.get(SECRET, "").encode()
        if not hmac.compare_digest(said, self._secret):
            self.set_status(403)
            return
        try:
            update = json.loads(self.request.body)
        except (ValueError, RecursionError):
            update = None
        if id_of(update) is None:
            self.set_status(400)
            return
        await self._inbox.receive([update])
