"""The program as people run it: a process with arguments, settings, input and a network."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct, field
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from bot.config import Secret, Settings
from bot.local_api import LocalBotApi
from bot.local_api.rules import ApiError
from bot.misses import Misses
from tests.bot_api_server import PATIENCE, ApiServer, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105  # shaped like one, opens nothing
PYTHON = (sys.executable,)
HEAVY = {"pandas", "numpy", "sqlite_utils", "matplotlib", "scipy", "rich"}


def run(
    environ: dict[str, str], *arguments: str, typed: str = "", python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(  # noqa: S603  # our own program
        [sys.executable, *python, "-m", "bot", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        cwd=environ["HOME"],
        env=environ,
        timeout=PATIENCE,
    )


def loaded(import_times: str) -> set[str]:
    """The packages that -X importtime has listed."""
    lines = [line for line in import_times.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_a_question_piped_in_is_answered(environ: dict[str, str]) -> None:
    """`echo "/cost 2023" | python -m bot` prints the answer, plain, and nothing else anywhere."""
    ended = run(environ, typed="/cost 2023\n")
    assert ended.stdout.startswith("2023: $0.08 per inference\n")
    assert "\x1b" not in ended.stdout
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_script_may_ask_as_much_as_it_likes(environ: dict[str, str]) -> None:
    """What limits people on Telegram does not limit a file of questions."""
    ended = run(environ, typed="/cost 2023\n" * 50)
    assert ended.stdout.count("$0.08") == 50


def test_the_chat_loads_nothing_heavy(environ: dict[str, str]) -> None:
    """What works on tables or draws never loads on the way to an answer."""
    ended = run(environ, "chat", typed="/cost 2023\n", python=("-X", "importtime"))
    assert "telegram" in loaded(ended.stderr)
    assert loaded(ended.stderr) & {*HEAVY, "prompt_toolkit"} == set()


def test_ask_prints_one_answer(environ: dict[str, str]) -> None:
    """`ask` takes the question as one argument or as words, and ends with status 0."""
    ended = run(environ, "ask", "what did it cost in 2021?")
    assert ended.stdout.startswith("2021: $0.30 per inference\n")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert run(environ, "ask", "/cost", "2021").stdout == ended.stdout


def test_ask_says_by_its_status_that_it_did_not_understand(environ: dict[str, str]) -> None:
    """Scripts see status 1 for a text that is no question the bot knows; the reply is printed."""
    ended = run(environ, "ask", "xyzzy plugh")
    assert ended.returncode == 1
    assert ended.stdout
    assert ended.stderr == ""


def test_misses_are_listed(environ: dict[str, str], tmp_path: Path) -> None:
    """What was not understood comes as corpus lines, the most frequent first, and nothing else."""
    environ["KEEP_MISSES"] = str(tmp_path / "misses.sqlite3")
    misses = Misses(tmp_path / "misses.sqlite3")
    for text in ("xyzzy plugh", "tell me a joke", "tell me a joke"):
        misses.keep(text, datetime.now(UTC).date())
    ended = run(environ, "misses")
    assert ended.stdout == "tell me a joke\trefuse\nxyzzy plugh\trefuse\n"
    assert (ended.returncode, ended.stderr) == (0, "")


def test_ask_needs_no_telegram(environ: dict[str, str]) -> None:
    """One answer on the command line starts fast, since it loads no Telegram and nothing heavy."""
    ended = run(environ, "ask", "cost 2023", python=("-X", "importtime"))
    assert ended.stdout.startswith("2023")
    assert "bot" in loaded(ended.stderr)
    unneeded = {*HEAVY, "telegram", "httpx", "asyncio", "prompt_toolkit"}
    assert loaded(ended.stderr) & unneeded == set()


def test_the_first_build_says_so_in_one_line(environ: dict[str, str], tmp_path: Path) -> None:
    """Only the first start builds; it says so on standard error, out of the answers' way."""
    environ["COSTCURVE_KNOWLEDGE"] = str(tmp_path / "new" / "knowledge.sqlite3")
    first, second = run(environ, "ask", "cost 2023"), run(environ, "ask", "cost 2023")
    assert len(first.stderr.splitlines()) == 1
    assert environ["COSTCURVE_KNOWLEDGE"] in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout


def test_a_reader_that_leaves_is_no_error(environ: dict[str, str]) -> None:
    """`... | head -1` ends the chat quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=environ["HOME"],
        env=environ,
    )
    assert process.stdin and process.stdout and process.stderr  # noqa: PT018  # for the types
    with process:
        process.stdin.write(b"/cost 2023\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"2023: $0.08 per inference\n"
        process.stdout.close()
        process.stdin.write(b"/cost 2024\n" * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(PATIENCE) == 0


WRONG = [
    (["polling"], {}, "TELEGRAM_BOT_TOKEN is not set"),
    (["webhook"], {"TELEGRAM_BOT_TOKEN": TOKEN}, "WEBHOOK_URL is not set"),
    ([], {"TELEGRAM_BOT_TOKEN": "12"}, "TELEGRAM_BOT_TOKEN is not a bot token"),
    ([], {"TELEGRAM_API_URL": "nowhere"}, "TELEGRAM_API_URL is not an address"),
    (["misses"], {}, "KEEP_MISSES is not set"),
    (["misses"], {"KEEP_MISSES": "/dev/null/x"}, "KEEP_MISSES names /dev/null/x, which is not"),
    (["ask", "x"], {"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
    (["ask", "x"], {"COSTCURVE_KNOWLEDGE": "/dev/null/x"}, "set COSTCURVE_KNOWLEDGE to a file"),
    (
        ["webhook"],
        {"TELEGRAM_BOT_TOKEN": TOKEN, "WEBHOOK_URL": "http://bot.example"},
        "WEBHOOK_URL is not an address that begins with https://",
    ),
]


@pytest.mark.parametrize(("arguments", "wrong", "sentence"), WRONG)
def test_a_wrong_setting_is_one_sentence(
    environ: dict[str, str], arguments: list[str], wrong: dict[str, str], sentence: str
) -> None:
    """What cannot start says why in its last line, without a traceback, and has status 2."""
    ended = run(environ | wrong, *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert sentence in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    assert TOKEN.partition(":")[2] not in ended.stderr


def test_the_env_file_is_read(environ: dict[str, str], tmp_path: Path) -> None:
    """Settings in .env in the working directory count, so that a token need not be exported."""
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=12\n")
    assert "TELEGRAM_BOT_TOKEN is not a bot token" in run(environ).stderr


def test_an_unknown_mode_is_refused(environ: dict[str, str]) -> None:
    """A mistyped mode lists the modes there are."""
    ended = run(environ, "pulling")
    assert ended.returncode == 2
    assert "polling" in ended.stderr


class Running(Struct):
    """The bot as a process that serves Telegram."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)

    async def until(self, words: str) -> None:
        """Wait for a line of the log."""
        async with asyncio.timeout(PATIENCE):
            while not any(words in line for line in self.log):
                await self._line()

    async def end(self) -> int:
        """Wait for the end; the exit status."""
        async with asyncio.timeout(PATIENCE):
            while await self._line():
                pass
            return await self.process.wait()

    async def terminate(self, within: float = 4) -> int:
        """Ask it to stop, as service managers do; it has a few seconds to comply."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(within):
            return await self.end()

    async def _line(self) -> bytes:
        assert self.process.stderr is not None
        line = await self.process.stderr.readline()
        self.log += [line.decode()] if line else []
        return line


@asynccontextmanager
async def started(
    environ: dict[str, str], server: ApiServer, *mode: str, python: Sequence[str] = PYTHON
) -> AsyncIterator[Running]:
    """The bot, serving the Telegram that the server plays; ended at last by all means."""
    process = await asyncio.create_subprocess_exec(
        *python,
        "-m",
        "bot",
        *mode,
        stderr=asyncio.subprocess.PIPE,
        cwd=environ.get("HOME", "/"),
        env=environ | {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": server.root},
    )
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def answers(api: LocalBotApi) -> list[str]:
    """The texts that the bot has sent."""
    return [call.parameters["text"] for call in api.calls if call.method == "sendMessage"]


async def test_with_a_token_it_polls_and_answers(environ: dict[str, str]) -> None:
    """Polling: menu and descriptions set, a question answered, SIGTERM obeyed, token not logged."""
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: answers(api) and api.profile.get("short_description"))
        assert "$0.08" in answers(api)[0]
        assert "cost" in {item["command"] for menu in api.commands.values() for item in menu}
        polls = [call.parameters for call in api.calls if call.method == "getUpdates"]
        assert "message" in polls[0]["allowed_updates"]
        await bot.until("@costcurve_bot is listening (polling)")
        assert await bot.terminate() == 0
    assert not [line for line in bot.log if TOKEN.partition(":")[2] in line]


async def test_serving_loads_nothing_heavy(environ: dict[str, str]) -> None:
    """On Telegram, too, nothing that works on tables or draws is loaded for an answer."""
    environ["PYTHONPROFILEIMPORTTIME"] = "1"
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: answers(api))
        assert await bot.terminate() == 0
    assert "telegram" in loaded("".join(bot.log))
    assert loaded("".join(bot.log)) & {*HEAVY, "prompt_toolkit"} == set()


async def test_an_update_is_not_asked_for_twice(environ: dict[str, str]) -> None:
    """Stopping confirms what was handled, so that the next start does not answer it again."""
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server:
        async with started(environ, server) as bot:
            api.deliver(api.incoming.message("/cost 2023"))
            await server.until(lambda: answers(api))
            assert await bot.terminate() == 0
        assert api.waiting(None) == []


async def test_a_stop_waits_for_no_reply_that_telegram_holds_back(environ: dict[str, str]) -> None:
    """SIGTERM ends the waiting for Telegram's "retry after" as well."""
    api = LocalBotApi(token=TOKEN)
    api.refuse("sendMessage", ApiError(429, "Too Many Requests", retry_after=50))
    async with serving(api) as server, started(environ, server) as bot:
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: any(call.method == "sendMessage" for call in api.calls))
        assert await bot.terminate() == 0
    assert "Retry in" in "".join(bot.log)


async def test_a_stop_does_not_wait_for_a_slow_answer(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Ten seconds, as service managers give, are enough; the answer is left for the next start."""
    environ["STATE_URL"] = str(tmp_path / "state.sqlite3")
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server:
        async with started(environ, server) as bot:
            await bot.until("is listening")
            server.stall("sendMessage")
            api.deliver(api.incoming.message("/cost 2023"))
            await server.until(lambda: answers(api))
            assert await bot.terminate(10) == 0
        assert [line for line in bot.log if ": left, cost, " in line]
        server.resume()
        async with started(environ, server) as bot:
            await bot.until("Taking up 1 updates")
            assert await bot.terminate() == 0


async def test_a_start_says_what_it_found(environ: dict[str, str], tmp_path: Path) -> None:
    """One line each for token, knowledge base, state and mode, without any secret."""
    environ["STATE_URL"] = str(tmp_path / "state.sqlite3")
    async with serving(LocalBotApi(token=TOKEN)) as server, started(environ, server) as bot:
        await bot.until("is listening")
        assert await bot.terminate() == 0
    lines = [line.partition(": ")[2].strip() for line in bot.log if " INFO bot.serve: " in line]
    token, knowledge, state, listening, *_ = lines
    assert token == f"Token: accepted for @costcurve_bot by {server.root}"
    assert re.fullmatch(r"Knowledge base: version [0-9a-f]{8}, as of \d{4}-\d\d-\d\d", knowledge)
    assert re.fullmatch(rf"State: {re.escape(environ['STATE_URL'])}, \d+ KiB", state)
    assert listening == "@costcurve_bot is listening (polling)"
    assert TOKEN.partition(":")[2] not in "".join(bot.log)


async def test_the_log_can_be_json(environ: dict[str, str]) -> None:
    """Every line of it; each update is one, with its facts as fields and nothing of its words."""
    environ["LOG_FORMAT"] = "json"
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: answers(api))
        assert await bot.terminate() == 0
    entries = [json.loads(line) for line in bot.log]
    (handled,) = [entry for entry in entries if "update" in entry]
    assert (handled["kind"], handled["outcome"], handled["level"]) == ("cost", "answered", "INFO")
    assert "2023" not in handled["message"]


async def fetch(port: int, path: str) -> HTTPResponse:
    """Ask the port for health and metrics."""
    return await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}{path}", raise_error=False)


async def test_a_port_of_this_machine_tells_health_and_metrics(environ: dict[str, str]) -> None:
    """Not well until Telegram was heard of, then well; other addresses tell nothing."""
    port = free_port()
    environ["METRICS_PORT"] = str(port)
    api = LocalBotApi(token=TOKEN)
    async with serving(api, closed=True) as server, started(environ, server, "polling") as bot:
        await bot.until("cannot be reached")
        starting = await fetch(port, "/healthz")
        assert (starting.code, starting.body) == (503, b"not listening yet\n")
        server.open()
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: answers(api))
        well = await fetch(port, "/healthz")
        assert (well.code, well.body) == (200, b"ok\n")
        metrics = await fetch(port, "/metrics")
        assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert b"costcurve_updates_received_total 1.0" in metrics.body
        for path in ("/", "/metrics/", "/healthz?", "/debug"):
            other = await fetch(port, path)
            assert (other.code, other.body) in {(404, b""), (200, b"ok\n")}
            assert "Server" not in other.headers
        assert await bot.terminate() == 0
    assert f"Health and metrics: port {port} of this machine" in "".join(bot.log)


async def test_metrics_without_their_package_are_one_sentence(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """Who sets the port and lacks the library is told what to install."""
    (tmp_path / "prometheus_client.py").write_text("raise ImportError(name=__name__)")
    environ["METRICS_PORT"] = str(free_port())
    async with serving(LocalBotApi(token=TOKEN)) as server, started(environ, server) as bot:
        assert await bot.end() == 2
    assert "METRICS_PORT needs a package that is not installed (prometheus_client)" in bot.log[-1]
    assert "pip install 'costcurve[metrics]'" in bot.log[-1]
    assert "Traceback" not in "".join(bot.log)


async def test_the_environment_alone_knows_the_token(environ: dict[str, str]) -> None:
    """Who lists processes sees no secret."""
    async with serving(LocalBotApi(token=TOKEN)) as server, started(environ, server) as bot:
        await bot.until("is listening")
        shown = Path(f"/proc/{bot.process.pid}/cmdline")
        if not shown.exists():
            pytest.skip("this system does not show the command lines of processes as files")
        assert b"bot" in shown.read_bytes()
        assert TOKEN.partition(":")[2].encode() not in shown.read_bytes()
        assert await bot.terminate() == 0


async def test_polling_outlasts_a_start_without_network(environ: dict[str, str]) -> None:
    """A Bot API that is not there yet is waited for, with a line that says so."""
    api = LocalBotApi(token=TOKEN)
    async with serving(api, closed=True) as server, started(environ, server, "polling") as bot:
        await bot.until("cannot be reached")
        server.open()
        api.deliver(api.incoming.message("/cost 2023"))
        await server.until(lambda: answers(api))
        assert await bot.terminate() == 0
    assert "Traceback" not in "".join(bot.log)


async def test_a_webhook_outlasts_a_start_without_network(environ: dict[str, str]) -> None:
    """So does one: a service that ended for that would not be started again."""
    environ["WEBHOOK_URL"] = "https://bot.example/x"
    environ["WEBHOOK_PORT"] = str(free_port())
    api = LocalBotApi(token=TOKEN)
    async with serving(api, closed=True) as server, started(environ, server, "webhook") as bot:
        await bot.until("cannot be reached")
        api.refuse("setWebhook", ApiError(502, "Bad Gateway"))
        server.open()
        await bot.until("is listening")
        assert await bot.terminate() == 0
    assert "Traceback" not in "".join(bot.log)


async def test_polling_can_be_stopped_before_it_has_started(environ: dict[str, str]) -> None:
    """SIGTERM ends the waiting for a network as well."""
    async with serving(LocalBotApi(), closed=True) as server, started(environ, server) as bot:
        await bot.until("cannot be reached")
        assert await bot.terminate() == 0


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_rejected_token_is_one_sentence(environ: dict[str, str], mode: str) -> None:
    """No traceback, no token: what to do, and status 2."""
    environ["WEBHOOK_URL"] = "https://bot.example/hook"
    other = LocalBotApi(token="1:other")  # noqa: S106  # opens nothing
    async with serving(other) as server, started(environ, server, mode) as bot:
        assert await bot.end() == 2
    assert len(bot.log) == 1
    assert "TELEGRAM_BOT_TOKEN was rejected by http://127.0.0.1" in bot.log[0]
    assert TOKEN.partition(":")[2] not in bot.log[0]


async def test_a_token_that_is_taken_back_ends_polling_with_one_sentence(
    environ: dict[str, str],
) -> None:
    """While it runs, too: what to do, status 2, and nothing but that."""
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        await bot.until("is listening")
        await server.until(lambda: api.profile.get("short_description"))
        api.token = "1:other"  # noqa: S105  # opens nothing
        api.deliver(api.incoming.message("/cost 2023"))
        assert await bot.end() == 2
    assert "TELEGRAM_BOT_TOKEN was rejected" in bot.log[-1]
    assert [line for line in bot.log if " INFO " not in line] == bot.log[-1:]


async def test_a_token_that_is_taken_back_ends_a_webhook_with_one_sentence(
    environ: dict[str, str],
) -> None:
    """A webhook asks Telegram nothing by itself: the first answer that is rejected tells."""
    port = free_port()
    environ |= {"WEBHOOK_URL": "https://bot.example/hook", "WEBHOOK_PORT": str(port)}
    secret = Settings(token=Secret(TOKEN)).secret_token.reveal()
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        await bot.until("is listening")
        await server.until(lambda: api.profile.get("short_description"))
        api.token = "1:other"  # noqa: S105  # opens nothing
        asked = api.incoming.message("/cost 2023")
        assert (await post(f"http://127.0.0.1:{port}/hook", asked, secret)).code == 200
        assert await bot.end() == 2
    assert "TELEGRAM_BOT_TOKEN was rejected" in bot.log[-1]
    assert [line for line in bot.log if " INFO " not in line] == bot.log[-1:]


def free_port() -> int:
    """A port that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def post(url: str, body: object, secret: str | None) -> HTTPResponse:
    """Call the webhook as Telegram does."""
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    client = AsyncHTTPClient()
    return await client.fetch(
        url, method="POST", headers=headers, body=json.dumps(body), raise_error=False
    )


async def test_a_webhook_answers_only_who_knows_the_secret(environ: dict[str, str]) -> None:
    """The path comes from WEBHOOK_URL, the secret from the token; without it a call is refused."""
    port = free_port()
    environ |= {"WEBHOOK_URL": "https://bot.example/hook.v1", "WEBHOOK_PORT": str(port)}
    secret = Settings(token=Secret(TOKEN)).secret_token.reveal()
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server) as bot:
        await bot.until("is listening (webhook)")
        assert api.webhook["url"] == "https://bot.example/hook.v1"
        assert api.webhook["secret_token"] == secret
        assert "message" in api.webhook["allowed_updates"]
        asked = api.incoming.message("/cost 2023")
        here = f"http://127.0.0.1:{port}/hook.v1"
        assert (await post(here, asked, None)).code == 403
        assert (await post(here, asked, secret[:-1])).code == 403
        assert (await post(here.replace("k.v", "kxv"), asked, secret)).code == 404
        assert answers(api) == []
        assert (await post(here, asked, secret)).code == 200
        await server.until(lambda: answers(api))
        assert "$0.08" in answers(api)[0]
        assert await bot.terminate() == 0
    assert not [line for line in bot.log if TOKEN.partition(":")[2] in line or secret in line]


async def test_a_taken_port_is_one_sentence(environ: dict[str, str]) -> None:
    """A port that another program has is named by its variable."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environ |= {"WEBHOOK_URL": "https://bot.example/x", "WEBHOOK_PORT": str(port)}
        async with serving(LocalBotApi()) as server, started(environ, server) as bot:
            assert await bot.end() == 2
    assert f"WEBHOOK_PORT ask for 127.0.0.1:{port}, which cannot be opened" in bot.log[-1]
    assert "Traceback" not in "".join(bot.log)


async def test_a_webhook_that_telegram_refuses_is_one_sentence(environ: dict[str, str]) -> None:
    """What Telegram has against the address is passed on, without a traceback."""
    environ["WEBHOOK_URL"] = "https://bot.example/x"
    environ["WEBHOOK_PORT"] = str(free_port())
    api = LocalBotApi()
    api.refuse("setWebhook", ApiError(400, "Bad Request: bad webhook: Failed to resolve host"))
    async with serving(api) as server, started(environ, server) as bot:
        assert await bot.end() == 2
    assert "WEBHOOK_URL was not accepted by Telegram: Bad webhook: failed" in bot.log[-1]
    assert "Traceback" not in "".join(bot.log)
