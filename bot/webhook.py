"""Webhook: the address that Telegram calls with updates; 200 means that they are kept."""

from __future__ import annotations

import hmac
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.config import SettingError

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.inbox import Inbox

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name
LARGEST = 1024 * 1024  # bytes; Telegram's own updates stay far below


class Webhook:
    """Listens behind a reverse proxy, on one path, for one who knows the secret."""

    def __init__(self, inbox: Inbox, settings: Settings) -> None:
        path = urlsplit(settings.require_webhook_url()).path or "/"
        rules = [(_exactly(path), _Handler, {"inbox": inbox, "secret": settings.secret_token})]
        application = Application(rules, default_handler_class=_Nothing, log_function=_quiet)
        self._server = HTTPServer(application, max_buffer_size=LARGEST, max_body_size=LARGEST)
        self._settings = settings

    def open(self) -> None:
        """Listen; SettingError where that is not possible."""
        host, port = self._settings.webhook_listen, self._settings.webhook_port
        try:
            self._server.listen(port, host)
        except OSError as error:
            raise SettingError(
                f"WEBHOOK_LISTEN and WEBHOOK_PORT ask for {host}:{port}, which cannot be opened"
                f" ({error.strerror})."
            ) from error

    async def close(self) -> None:
        """Take no more calls."""
        self._server.stop()
        await self._server.close_all_connections()


class _Nothing(RequestHandler):
    """Every other address, without a page that says what runs here."""

    def prepare(self) -> None:
        self.set_status(404)
        self.finish()


class _Handler(RequestHandler):
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
            known = isinstance(update["update_id"], int)
        except (ValueError, TypeError, KeyError, RecursionError):
            known = False
        if not known:
            self.set_status(400)
            return
        await self._inbox.receive([update])

    def write_error(self, status_code: int, **_: Any) -> None:
        """No page: whoever calls is a program."""
        self.finish()


def _exactly(path: str) -> str:
    return re.escape(path) + "$"


def _quiet(_: RequestHandler) -> None:
    """Calls are not logged one by one."""
