"""Permalinks: a question's command line inside a t.me deep link, and out of it again."""

from __future__ import annotations

import base64
import binascii
import re

from bot.questions.base import MAX_COMMAND_BYTES

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LINK = re.compile(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]{1,64})")


def permalink(username: str, command: str) -> str | None:
    """The link that asks `command` again; None where it is too long for one."""
    raw = command.removeprefix("/").encode()
    if len(raw) > MAX_COMMAND_BYTES:
        return None
    payload = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return f"https://t.me/{username}?start={payload}"


def command_in(payload: str) -> str | None:
    """The command that a start payload carries, None when it carries none."""
    if not _PAYLOAD.fullmatch(payload):
        return None
    try:
        raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return "/" + raw.decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def command_of(url: str) -> str | None:
    """The command that a permalink asks, None for other addresses."""
    match = _LINK.fullmatch(url)
    return command_in(match[1]) if match else None
