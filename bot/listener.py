"""Listener: a small HTTP server for programs, without pages, and with a limit to its patience."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.config import SettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 1024 * 1024  # bytes of a body; Telegram's own updates stay far below
IDLE = 75.0  # seconds that a connection may wait between calls, and for a call's head
SLOW = 10.0  # seconds for a body


class Bare(RequestHandler):
    """Answers with a status, and says neither what runs here nor what went wrong."""

    def set_default_headers(self) -> None:
        """Not even the server's name."""
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:
        """No page: whoever calls is a program."""
        self.finish()


class _Nothing(Bare):
    """Every other address."""

    def prepare(self) -> None:
        self.set_status(404)
        self.finish()


class Listener:
    """Serves handlers by their exact paths; each comes with the arguments of its `initialize`."""

    def __init__(self, paths: Mapping[str, tuple[type[Bare], dict[str, Any]]]) -> None:
        rules = [(re.escape(path) + "$", *handler) for path, handler in paths.items()]
        application = Application(rules, default_handler_class=_Nothing, log_function=_quiet)
        self._server = HTTPServer(
            application,
            max_buffer_size=LARGEST,
            max_body_size=LARGEST,
            idle_connection_timeout=IDLE,
            body_timeout=SLOW,
        )

    def open(self, host: str, port: int, settings: str) -> None:
        """Listen; where that is not possible, SettingError by the names of the settings."""
        try:
            self._server.listen(port, host)
        except OSError as error:
            raise SettingError(
                f"{settings} {host}:{port}, which cannot be opened ({error.strerror})."
            ) from error

    async def close(self) -> None:
        """Take no more calls."""
        self._server.stop()
        await self._server.close_all_connections()


def _quiet(_: RequestHandler) -> None:
    """Calls are not logged one by one."""
