"""The log: whatever is logged at whatever level, the token and the other secrets are not in it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import InvalidToken

from bot.config import Secret
from bot.local_api import LocalBotApi
from bot.log import BlottingFormatter, JsonFormatter
from bot.secret import Blotter
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


def as_json(*arguments: object, message: str = "%s", **more: Any) -> dict[str, Any]:
    """A record as a machine reads it."""
    record = logging.LogRecord("test", logging.ERROR, "x.py", 1, message, arguments, None)
    record.created, record.msecs = 1_700_000_000.0, 42.0
    record.__dict__.update(more)
    line = JsonFormatter([Secret(TOKEN), Secret(HOOK)]).format(record)
    assert "\n" not in line
    read: dict[str, Any] = json.loads(line)
    return read


def test_json_has_the_facts_beside_the_words() -> None:
    """Time, level and logger are fields, and so are a record's facts, with their types."""
    assert as_json("x", facts={"update": 7, "kind": None, "ms": 1.5}) == {
        "time": "2023-11-14T22:13:20.042Z",
        "level": "ERROR",
        "logger": "test",
        "message": "x",
        "update": 7,
        "kind": None,
        "ms": 1.5,
    }


def test_json_holds_no_secret_and_stays_json() -> None:
    """Neither message nor traceback shows one, and whatever they hold, it is one line of JSON."""
    try:
        raise ValueError(f'"{TOKEN}"\n\ud800')
    except ValueError:
        entry = as_json(f'{HOOK}"\\', exc_info=sys.exc_info())
    assert entry["message"] == '[secret]"\\'
    assert entry["trace"].startswith("Traceback")
    assert 'ValueError: "[secret]"\n\ud800' in entry["trace"]
    wrong = as_json(TOKEN, message="%d cents")
    assert wrong["message"].startswith("test: '%d cents' does not fit ('[secret]',): ")


@given(st.text("XY0'\"\\\n\t\x00é%", min_size=4), st.text("ab: ", max_size=9))
def test_any_secret_is_blotted_out_of_any_words(value: str, words: str) -> None:
    """As it is, and as repr spells it, which is how errors quote."""
    quote = repr(value)[0]
    shown = Blotter([Secret(value)])(f"{words}{value} {value!r}{words}")
    assert shown == f"{words}[secret] {quote}[secret]{quote}{words}"


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
