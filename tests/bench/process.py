"""Process: a bot as a real process against a loopback Bot API, and what can be timed of it."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tests.bench.loopback import Loopback, loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from tests.bench.loopback import Sent

ROOT = Path(__file__).parents[2]
TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105  # shaped like one, opens nothing
AT_ONCE = 64  # updates that either bot may handle at the same time
PATIENCE = 20.0  # seconds until a process that was told to end is killed
WARM = 20  # replies that are not counted, while everything happens for the first time


class Contender(Struct, frozen=True):
    """A command, and its settings beside token and address."""

    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)


ECHO = Contender(
    (sys.executable, str(ROOT / "tests/bench/echo.py")), {"ECHO_AT_ONCE": str(AT_ONCE)}
)


def costcurve(knowledge: Path, **environ: str) -> Contender:
    """The bot over a knowledge base that is built, with no limit to answers unless one is given."""
    fixed = {"COSTCURVE_KNOWLEDGE": str(knowledge), "ANSWERS_PER_MINUTE": "0"}
    return Contender((sys.executable, "-m", "bot", "polling"), fixed | environ)


class Running(Struct):
    """A bot that has polled, how long that took in seconds, and who asks it."""

    server: Loopback
    process: asyncio.subprocess.Process
    first_poll: float
    chats: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))

    @property
    def memory(self) -> int:
        """Bytes that it and the processes it started hold in memory."""
        return resident(self.process.pid)

    async def stop(self) -> float:
        """Seconds from SIGTERM to the end."""
        before = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await self.process.wait()
        return time.perf_counter() - before


@asynccontextmanager
async def running(
    contender: Contender, delay: float = 0.0, refuses: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[Running]:
    """Start it with a fresh state and wait for its first poll; `delay` and `refuses` as Loopback's.

    At the end it is killed, if it has not been stopped.
    """
    with tempfile.TemporaryDirectory(prefix="costcurve-bench-") as folder:
        async with loopback(delay, refuses) as server:
            environ = {
                "PATH": os.environ["PATH"],
                "HOME": folder,
                "PYTHONPATH": str(ROOT),
                "STATE_URL": str(Path(folder) / "state.sqlite3"),
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": server.root,
                **contender.environ,
            }
            before = time.perf_counter()
            with (Path(folder) / "log").open("wb") as log:
                process = await asyncio.create_subprocess_exec(
                    *contender.command, stdout=log, stderr=log, env=environ, cwd=folder
                )
            try:
                await server.until(lambda: server.first_poll)
                yield Running(server, process, (server.first_poll or 0.0) - before)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


def resident(pid: int) -> int:
    """Bytes that a process and all below it hold in memory."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in below)


async def one_by_one(
    bot: Running, texts: Sequence[str], replies: int, pause: float = 0.0
) -> list[float]:
    """Seconds from an update's handing over to its reply, one after the other, each in a new chat.

    `pause` lies between a reply and the next update. Where a reply is several requests, the first
    counts.
    """
    found = []
    for turn, text in enumerate(islice(itertools.cycle(texts), WARM + replies)):
        taken = await reply(bot, text, next(bot.chats))
        if turn >= WARM:
            found.append(taken)
        if pause:
            await asyncio.sleep(pause)
    return found


async def reply(bot: Running, text: str, chat: int) -> float:
    """Seconds from the handing over of a message to the first request for its chat."""
    server, since = bot.server, len(bot.server.sent)
    number = server.ask(text, chat)

    def answered() -> Sent | None:
        return next((s for s in islice(server.sent, since, None) if s.chat == chat), None)

    await server.until(answered)
    sent = answered()
    assert sent is not None
    return sent.at - server.delivered[number]


async def side_by_side(bot: Running, texts: Sequence[str], chats: int, seconds: float) -> float:
    """Replies a second to so many chats, each of which asks again as soon as it has its reply."""
    server, asked = bot.server, itertools.cycle(texts)
    for _ in range(chats):
        server.ask(next(asked), next(bot.chats))
    first = seen = len(server.sent)
    began = time.perf_counter()
    while time.perf_counter() < began + seconds:
        await server.until(partial(_more, server, seen))
        for sent in server.sent[seen:]:
            server.ask(next(asked), sent.chat)
            seen += 1
    return (seen - first) / (time.perf_counter() - began)


def _more(server: Loopback, seen: int) -> bool:
    return len(server.sent) > seen


class Times(Struct, frozen=True):
    """What one life of a bot came to: seconds, replies a second, and bytes."""

    first_poll: float
    reply: float  # the median, one by one over loopback
    stop: float
    memory: int


async def life(contender: Contender, texts: Sequence[str], replies: int = 500) -> Times:
    """Start it, let it reply one by one, note its memory, and stop it when it is idle."""
    async with running(contender) as bot:
        found = await one_by_one(bot, texts, replies)
        memory = bot.memory
        stop = await bot.stop()
        return Times(bot.first_poll, median(found), stop, memory)


async def rate(contender: Contender, texts: Sequence[str], seconds: float = 4.0) -> float:
    """Replies a second to 16 chats at once, with 50 ms of network."""
    async with running(contender, delay=0.05) as bot:
        await side_by_side(bot, texts, 16, 1.0)
        return await side_by_side(bot, texts, 16, seconds)
