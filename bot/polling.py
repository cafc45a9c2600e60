"""Polling: updates fetched one long request after the other, confirmed once they are kept."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.config import SettingError
from bot.letters import id_of
from bot.retries import seconds
from bot.wire import call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram.ext import ExtBot

    from bot.config import Settings
    from bot.inbox import Inbox

METHOD = "getUpdates"
POLL = 30  # seconds that one long poll stays open
SLACK = 10.0  # seconds more until it is given up
FAREWELL = 2.0  # seconds for the last request
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds after failures in a row, doubled each time

_logger = logging.getLogger(__name__)


async def poll(bot: ExtBot[Any], inbox: Inbox, settings: Settings, allowed: Sequence[str]) -> None:
    """Fetch updates until cancelled. SettingError when the token is taken back meanwhile."""
    asked: dict[str, Any] = {"timeout": POLL, "allowed_updates": list(allowed)}
    await _without_webhook(bot, settings)
    try:
        await _fetch(bot, inbox, settings, asked)
    finally:  # what is kept need not be handed over at the next start once more
        with suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await _fetched(bot, {**asked, "timeout": 0})


async def _fetch(bot: ExtBot[Any], inbox: Inbox, settings: Settings, asked: dict[str, Any]) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            updates = await _fetched(bot, asked)
        except InvalidToken:
            raise rejected(settings) from None  # the cause quotes the token
        except TelegramError as error:
            wait = seconds(error.retry_after) if isinstance(error, RetryAfter) else pause
            _say(error, wait)
            await asyncio.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        pause = FIRST_PAUSE
        inbox.vitals.heard()
        if updates:
            await inbox.receive(updates)
            asked["offset"] = max(id_of(update) or 0 for update in updates) + 1


async def _fetched(bot: ExtBot[Any], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The updates as they are, since one that the library cannot read must not stop the others."""
    found = await call(bot, METHOD, asked, read_timeout=POLL + SLACK)
    updates = [update for update in found if id_of(update)] if isinstance(found, list) else []
    if found != [] and not updates:  # nothing that could be confirmed
        raise TelegramError("no list of updates")
    return updates


async def _without_webhook(bot: ExtBot[Any], settings: Settings) -> None:
    """Telegram hands updates to a webhook as long as it knows of one."""
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.delete_webhook()
        except InvalidToken:
            raise rejected(settings) from None
        except TelegramError as error:
            _say(error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            return


def rejected(settings: Settings) -> SettingError:
    """The sentence for a token that Telegram does not know."""
    return SettingError(
        f"TELEGRAM_BOT_TOKEN was rejected by {settings.api_url}; copy it again from "
        "@BotFather, and check TELEGRAM_API_URL if that is set."
    )


def _say(error: TelegramError, wait: float) -> None:
    if isinstance(error, Conflict):
        _logger.error("Another process polls with the same token; stop one of them (%s)", error)
    else:
        _logger.warning("Polling failed (%s); trying again in %.0f s", error, wait)
