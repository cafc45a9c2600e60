"""Network: requests to the Bot API over HTTP, where only the Bot API's own answers count.

A proxy's page with status 404 says nothing about the token, and one with 200 nothing about what
was sent: python-telegram-bot would take both at their status.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError
from telegram.request import HTTPXRequest


class Network(HTTPXRequest):
    """Raises NetworkError where the answer is somebody else's, or half of one."""

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
