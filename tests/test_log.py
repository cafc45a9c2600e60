"""The log: whatever is logged at whatever level, the token and the other secrets are not in it."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from telegram import Bot
from telegram.error import InvalidToken

from bot.config import Secret
from bot.local_api import LocalBotApi
from bot.log import BlottingFormatter
from tests.bot_api_server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105  # shaped like one, opens nothing
KEY = TOKEN.partition(":")[2]
HOOK = "hook-secret"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger of the process says, as our formatter writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(BlottingFormatter([Secret(TOKEN), Secret(HOOK)]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_real_bot_at_debug_level_never_logs_its_token(log: io.StringIO) -> None:
    """httpx logs each address with the token in it, and telegram logs parameters: both blotted."""
    async with (
        serving(LocalBotApi(token=TOKEN)) as server,
        Bot(TOKEN, base_url=f"{server.root}/bot") as bot,
    ):
        await bot.set_webhook("https://bot.example/hook", secret_token=HOOK)
        logging.getLogger("test").info("the bot is %r", bot)
    said = log.getvalue()
    assert f"HTTP Request: POST {server.root}/bot[secret]/getMe" in said
    assert "setWebhook" in said
    assert not [secret for secret in (TOKEN, KEY, HOOK) if secret in said]


async def test_a_rejected_token_is_not_in_the_traceback(log: io.StringIO) -> None:
    """python-telegram-bot quotes the token that was rejected; the log does not."""
    async with serving(LocalBotApi(token="other")) as server:  # noqa: S106  # any other one
        bot = Bot(TOKEN, base_url=f"{server.root}/bot")
        with pytest.raises(InvalidToken, match=KEY):
            await bot.initialize()
        try:
            await bot.initialize()
        except InvalidToken:
            logging.getLogger("test").exception("no start")
        await bot.shutdown()
    said = log.getvalue()
    assert "The token `[secret]` was rejected by the server." in said
    assert KEY not in said


def test_the_spellings_of_a_secret_are_blotted(log: io.StringIO) -> None:
    """The token quoted for an address, its second half alone, and a repr of it are blotted too."""
    quoted = TOKEN.replace(":", "%3A")
    logging.getLogger("test").warning("%s %s %r %s", quoted, KEY, [TOKEN], TOKEN.encode())
    said = log.getvalue()
    assert KEY not in said
    assert "123456%3A[secret] [secret] ['[secret]'] b'[secret]'" in said


def test_a_record_that_cannot_be_formatted_is_blotted_too() -> None:
    """A wrong logging call shows its parts in the log, not a traceback with them beside it."""
    wrong = logging.LogRecord("test", logging.ERROR, "x.py", 1, "%d cents", (TOKEN,), None)
    shown = BlottingFormatter([Secret(TOKEN)]).format(wrong)
    assert shown.startswith("test: '%d cents' does not fit ('[secret]',): ")


PROGRAM = """
import logging, sys, threading, warnings
from bot.config import Secret
from bot.log import configure
configure(sys.argv[1], [Secret(sys.argv[2])])
for name in ("httpx", "httpcore"):
    logging.getLogger(name).info("fetching %s", sys.argv[2])
    logging.getLogger(name + ".child").info("fetching")
logging.getLogger("ours").info("shown")
warnings.warn(f"careful with {sys.argv[2]}")
thread = threading.Thread(target=lambda: int(sys.argv[2]))
thread.start()
thread.join()
raise RuntimeError(sys.argv[2])
"""


@pytest.fixture(scope="module")
def said() -> str:
    """What a whole process writes that is set up with configure() and then breaks."""
    ended = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", PROGRAM, "DEBUG", TOKEN], capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    return ended.stderr


def test_the_http_libraries_do_not_log_addresses(said: str) -> None:
    """Below WARNING httpx and httpcore are silent even where the bot is at DEBUG."""
    assert "fetching" not in said
    assert "INFO ours: shown" in said


def test_an_uncaught_exception_is_logged_without_the_token(said: str) -> None:
    """The interpreter's own traceback printing is replaced, in threads as well."""
    assert "RuntimeError: [secret]" in said
    assert "invalid literal for int() with base 10: '[secret]'" in said
    assert "careful with [secret]" in said
    assert KEY not in said
