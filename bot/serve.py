"""Serving: the bot on Telegram, by polling or by webhook, from its first request to SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import logging
import re
import signal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.config import SettingError, Settings
from bot.retries import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram.ext import Application, Updater

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

LONGEST_WAIT = 30.0
POLL = 30  # seconds that one long poll stays open

_logger = logging.getLogger(__name__)


async def serve(
    application: AnyApplication, settings: Settings, mode: str, allowed: Sequence[str]
) -> None:
    """Run until SIGTERM or SIGINT; what makes a start impossible raises SettingError."""
    loop = asyncio.get_running_loop()
    work = asyncio.create_task(_work(application, settings, mode, allowed))
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
        await application.shutdown()
        if application.post_shutdown is not None:
            await application.post_shutdown(application)


async def _work(
    application: AnyApplication, settings: Settings, mode: str, allowed: Sequence[str]
) -> None:
    await _connect(application, settings, patient=mode == "polling")
    await _run(application, settings, mode, allowed)


async def _connect(application: AnyApplication, settings: Settings, patient: bool) -> None:
    """The first request. A patient start outlasts a Bot API that cannot be reached."""
    wait = 1.0
    while True:
        try:
            return await application.initialize()
        except InvalidToken:
            raise SettingError(
                f"TELEGRAM_BOT_TOKEN was rejected by {settings.api_url}; copy it again from "
                "@BotFather, and check TELEGRAM_API_URL if that is set."
            ) from None  # the cause quotes the token
        except (RetryAfter, NetworkError) as error:
            reason = error
            wait = seconds(error.retry_after) if isinstance(error, RetryAfter) else wait
        if not patient:
            raise SettingError(
                f"The Bot API at {settings.api_url} cannot be reached ({reason}); check the "
                "network, and TELEGRAM_API_URL if that is set."
            ) from reason
        _logger.warning(
            "The Bot API at %s cannot be reached (%s); trying again in %.0f s",
            settings.api_url,
            reason,
            wait,
        )
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


async def _run(
    application: AnyApplication, settings: Settings, mode: str, allowed: Sequence[str]
) -> None:
    updater = application.updater
    if updater is None:
        raise RuntimeError("build_application must leave the updater in")
    await application.start()
    try:
        await STARTS[mode](updater, settings, allowed)
        _logger.info("@%s is listening (%s)", application.bot.username, mode)
        await _introduce(application)
        gc.collect()
        gc.freeze()  # what was loaded so far lives as long as the process
        gc.enable()
        await asyncio.Event().wait()
    finally:
        if updater.running:
            await updater.stop()
        if pace := application.bot.rate_limiter:
            await pace.shutdown()  # or stopping would wait for replies that wait for Telegram
        await application.stop()
        if application.post_stop is not None:
            await application.post_stop(application)


async def _introduce(application: AnyApplication) -> None:
    """Set menu and descriptions; a bot whose menu is old still answers."""
    try:
        if application.post_init is not None:
            await application.post_init(application)
    except TelegramError as error:
        _logger.warning("The command menu and descriptions could not be set: %s", error)


async def _poll(updater: Updater, settings: Settings, allowed: Sequence[str]) -> None:
    await updater.start_polling(
        timeout=POLL, bootstrap_retries=-1, allowed_updates=allowed, error_callback=_poll_failed
    )


def _poll_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        _logger.error("Another process polls with the same token; stop one of them (%s)", error)
    else:
        _logger.warning("Polling failed and is tried again: %s", error)


async def _listen(updater: Updater, settings: Settings, allowed: Sequence[str]) -> None:
    url = settings.require_webhook_url()
    try:
        await updater.start_webhook(
            listen=settings.webhook_listen,
            port=settings.webhook_port,
            url_path=re.escape(urlsplit(url).path),  # python-telegram-bot reads it as a pattern
            webhook_url=url,
            secret_token=settings.secret_token.reveal(),
            allowed_updates=allowed,
        )
    except OSError as error:
        raise SettingError(
            f"WEBHOOK_LISTEN and WEBHOOK_PORT ask for {settings.webhook_listen}:"
            f"{settings.webhook_port}, which cannot be opened ({error.strerror})."
        ) from error
    except TelegramError as error:
        raise SettingError(f"WEBHOOK_URL was not accepted by Telegram: {error}.") from error


STARTS = {"polling": _poll, "webhook": _listen}
