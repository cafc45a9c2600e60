"""Serving: the bot on Telegram, by polling or by webhook, from its first request to SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.config import SettingError, Settings
from bot.database import StateError
from bot.health import Health
from bot.polling import poll, rejected
from bot.retries import may_pass, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram.ext import Application, ExtBot

    from bot.inbox import Inbox
    from bot.monitor import Monitor
    from bot.webhook import Webhook

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds after failures in a row at the start
PATIENCE = 4.0  # seconds that answers in hand may take when the bot stops

_logger = logging.getLogger(__name__)


async def serve(
    application: AnyApplication,
    settings: Settings,
    inbox: Inbox,
    mode: str,
    allowed: Sequence[str],
) -> None:
    """Run until SIGTERM or SIGINT; what makes a start impossible raises SettingError."""
    loop = asyncio.get_running_loop()
    inbox.vitals.mode = "starting"
    monitor = _monitor(application, settings)
    work = asyncio.create_task(_work(application, settings, inbox, mode, allowed))
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, work.cancel)
    except NotImplementedError:
        _logger.debug("No signal handlers here: Ctrl-C arrives as KeyboardInterrupt")  # Windows
    try:
        await work
    except asyncio.CancelledError:
        _logger.info("Stopped")
    finally:
        if monitor:
            await monitor.close()
        await application.shutdown()
        if application.post_shutdown is not None:
            await application.post_shutdown(application)


async def _work(
    application: AnyApplication,
    settings: Settings,
    inbox: Inbox,
    mode: str,
    allowed: Sequence[str],
) -> None:
    await _connect(application, settings)
    await _run(application, settings, inbox, mode, allowed)


async def _connect(application: AnyApplication, settings: Settings) -> None:
    """The first request; outlasts a Bot API that cannot be reached."""
    wait = FIRST_WAIT
    while True:
        try:
            return await application.initialize()
        except InvalidToken:
            raise rejected(settings) from None  # the cause quotes the token
        except TelegramError as error:
            wait = await _wait(settings, error, wait)


async def _wait(settings: Settings, reason: TelegramError, wait: float) -> float:
    """Let some time pass, so long or as long as Telegram says; gives the next one."""
    if isinstance(reason, RetryAfter):
        wait = seconds(reason.retry_after)
    said = "The Bot API at %s cannot be reached (%s); trying again in %.0f s"
    _logger.warning(said, settings.api_url, reason, wait)
    await asyncio.sleep(wait)
    return min(2 * wait, LONGEST_WAIT)


async def _run(
    application: AnyApplication,
    settings: Settings,
    inbox: Inbox,
    mode: str,
    allowed: Sequence[str],
) -> None:
    bot, introducing = application.bot, asyncio.create_task(_introduce(application))
    webhook = _webhook(inbox, settings) if mode == "webhook" else None
    try:
        await inbox.start()
        if webhook:
            webhook.open()
            await _point(bot, settings, allowed)
        inbox.vitals.mode = mode
        _report(application, settings)
        _logger.info("@%s is listening (%s)", bot.username, mode)
        gc.collect()
        gc.freeze()  # what was loaded so far lives as long as the process
        gc.enable()
        if webhook:
            await inbox.rejected.wait()
            raise rejected(settings)
        await poll(bot, inbox, settings, allowed)
    finally:
        if webhook:
            await webhook.close()
        introducing.cancel()
        if pace := bot.rate_limiter:
            await pace.shutdown()  # or stopping would wait for replies that wait for Telegram
        await inbox.close(PATIENCE)
        if application.post_stop is not None:
            await application.post_stop(application)


def _monitor(application: AnyApplication, settings: Settings) -> Monitor | None:
    if settings.metrics_port is None:
        return None
    from bot.monitor import Monitor  # here, because most need no second server

    monitor = Monitor(application.bot_data[Health], settings, settings.metrics_port)
    monitor.open()
    return monitor


def _report(application: AnyApplication, settings: Settings) -> None:
    """One line for each thing that was checked on the way here."""
    health: Health = application.bot_data[Health]
    knowledge, day = health.knowledge
    _logger.info("Token: accepted for @%s by %s", application.bot.username, settings.api_url)
    _logger.info("Knowledge base: version %s, as of %s", knowledge, day)
    with suppress(StateError):  # it was there a moment ago, and may be again
        kilobytes = health.state.sizes().bytes / 1024
        _logger.info("State: %s, %.0f KiB", health.state.database.place, kilobytes)
    if settings.metrics_port is not None:
        _logger.info("Health and metrics: port %d of this machine", settings.metrics_port)


def _webhook(inbox: Inbox, settings: Settings) -> Webhook:
    from bot.webhook import Webhook  # here, because polling needs no server

    return Webhook(inbox, settings)


async def _introduce(application: AnyApplication) -> None:
    """Set menu and descriptions; a bot whose menu is old still answers."""
    try:
        if application.post_init is not None:
            await application.post_init(application)
    except TelegramError as error:
        _logger.warning("The command menu and descriptions could not be set: %s", error)


async def _point(bot: ExtBot[Any], settings: Settings, allowed: Sequence[str]) -> None:
    """Tell Telegram where the webhook is."""
    wait = FIRST_WAIT
    while True:
        try:
            await bot.set_webhook(
                settings.require_webhook_url(),
                allowed_updates=list(allowed),
                secret_token=settings.secret_token.reveal(),
            )
        except TelegramError as error:
            if not may_pass(error):
                raise SettingError(f"WEBHOOK_URL was not accepted by Telegram: {error}.") from error
            wait = await _wait(settings, error, wait)
        else:
            return
