"""Retries: whether a call that failed may be made again, and after which wait."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE = 0.5  # seconds before the second try where nobody says how long; then doubled

# What may be done twice: the second time changes nothing, or is refused.
REPEATABLE = ("answer", "delete", "edit", "set")
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# python-telegram-bot keeps an answer's words, not its status. A gateway that timed out has passed
# the request on, so that one is no refusal.
REFUSED = tuple(HTTPStatus(code).phrase for code in (500, 502, 503))
TIMED_OUT = HTTPStatus.GATEWAY_TIMEOUT.phrase


def pause(
    error: RetryAfter | NetworkError, endpoint: str, tries: int, chance: Callable[[], float]
) -> float | None:
    """Seconds until a call that has failed so often may be made again; None for never."""
    if isinstance(error, RetryAfter):
        return seconds(error.retry_after)
    if _harmless(error, endpoint):
        return FIRST_PAUSE * 2.0 ** (tries - 1) * (0.5 + chance())
    return None


def seconds(wait: int | timedelta) -> float:
    """A wait that Telegram asks for, as python-telegram-bot gives it: a timedelta, or seconds."""
    return wait.total_seconds() if isinstance(wait, timedelta) else wait


def unsent(error: TelegramError) -> bool:
    """Whether a message was certainly not taken, as it never arrived or was turned away."""
    turned_away = isinstance(error, RetryAfter) or error.message.startswith(REFUSED)
    return turned_away or isinstance(error.__cause__, UNSENT)


def _harmless(error: NetworkError, endpoint: str) -> bool:
    """Whether nothing can happen twice: it was not taken, or may be repeated."""
    broken = isinstance(error.__cause__, httpx.TransportError)
    if unsent(error):
        return True
    lost = broken or isinstance(error, TimedOut) or error.message.startswith(TIMED_OUT)
    return lost and endpoint.startswith(REPEATABLE)


def may_pass(error: Exception | None) -> bool:
    """Whether what went wrong may go right a little later: the network, or too many messages."""
    refused = isinstance(error, BadRequest)  # to the library that is an error of the network
    return isinstance(error, NetworkError | RetryAfter) and not refused
