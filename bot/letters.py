"""Letters: updates as they are kept, each with its number and the line it stands in."""

from __future__ import annotations

import json
import logging
from typing import Any

from bot.tables import Letter

LARGEST = 2**63  # what databases take as a number

_logger = logging.getLogger(__name__)


def as_letter(update: object, bot: int, now: int) -> Letter | None:
    """An update that came `now`, in seconds; None, and a line in the log, if it cannot be kept."""
    number = id_of(update)
    try:
        body = json.dumps(update)
    except (ValueError, RecursionError):  # nested as deeply as could just be read
        number = None
    if number is None or not isinstance(update, dict):
        _logger.error("An update cannot be kept: it has no number, or no end")
        return None
    return Letter(bot, number, chat_of(update), now, 0, body)


def id_of(update: object) -> int | None:
    """An update's number, where it is an update that has one."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and 0 < number < LARGEST else None


def chat_of(update: dict[str, Any]) -> int:
    """The chat that an update belongs to, else the person; 0 where it has neither."""
    for content in update.values():
        if isinstance(content, dict):
            inner = content.get("message")
            chat = content.get("chat") or (inner.get("chat") if isinstance(inner, dict) else None)
            found = chat or content.get("from")
            number = found.get("id") if isinstance(found, dict) else None
            if isinstance(number, int) and abs(number) < LARGEST:
                return int(number)
    return 0
