"""Outside: what people and operators wait for, of the bot as a process of its own."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, against, percentile, ratio
from tests.bench.process import ECHO, ROOT, costcurve, life, one_by_one, rate, reply, running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.process import Running, Times

MIB = 2**20
MIXED = (
    *("/cost 2023", "what will it cost in 2030?", "/study 2", "anything on pruning?"),
    *("how much cheaper since 2020?", "/compare", "what did gpt-4 cost in 2023?", "/help"),
)
REPLIES = 200  # in one round of latencies
PAUSE = 0.005  # seconds between texts while pictures are drawn: nobody else is kept from working


async def cold(knowledge: Path, rounds: int) -> list[Figure]:
    """One answer by a process of its own, beside what only imports the framework."""
    answer = (sys.executable, "-m", "bot", "ask", "cost 2023")
    framework = (sys.executable, "-c", "import telegram.ext")
    ours: list[float] = []
    others: list[float] = []
    for number in range(-1, rounds):
        pair = [await _spawned(command, knowledge) for command in (answer, framework)]
        if number >= 0:  # the first round fills the disk's cache
            ours.append(pair[0])
            others.append(pair[1])
    seen = against(ours, others, 1e3, "ms")
    return [
        Figure(
            "ask, the whole process, against import telegram.ext",
            ratio(ours, others),
            0.7,
            seen=seen,
        )
    ]


async def _spawned(command: Sequence[str], knowledge: Path) -> float:
    environ = {
        "PYTHONPATH": str(ROOT),
        "COSTCURVE_KNOWLEDGE": str(knowledge),
        "HOME": "/nonexistent",
    }
    quiet = asyncio.subprocess.DEVNULL
    before = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, env=environ)
    if status := await process.wait():
        raise RuntimeError(f"{command} ended with {status}")
    return time.perf_counter() - before


async def lives(knowledge: Path, rounds: int) -> list[Figure]:
    """Start, replies one by one over loopback, memory, and the stop of an idle bot."""
    ours: list[Times] = []
    others: list[Times] = []
    for _ in range(rounds):
        ours.append(await life(costcurve(knowledge), MIXED))
        others.append(await life(ECHO, MIXED))

    def row(what: str, name: str, goal: float, scale: float, unit: str) -> Figure:
        mine, theirs = ([float(getattr(t, name)) for t in times] for times in (ours, others))
        return Figure(what, ratio(mine, theirs), goal, seen=against(mine, theirs, scale, unit))

    return [
        row("spawn to first poll", "first_poll", 1.1, 1e3, "ms"),
        row("memory after 500 mixed replies", "memory", 1.2, 1 / MIB, "MiB"),
        row("a reply end to end, one by one", "reply", 1.1, 1e3, "ms"),
        row("SIGTERM to exit, idle", "stop", 0.5, 1e3, "ms"),
    ]


async def rates(knowledge: Path, rounds: int) -> list[Figure]:
    """Replies a second to 16 chats at once, with 50 ms of network: commands, and all sorts."""
    found = []
    for what, texts in (("commands", MIXED[:1]), ("mixed", MIXED)):
        pairs = [
            (await rate(costcurve(knowledge), texts), await rate(ECHO, texts))
            for _ in range(rounds)
        ]
        ours, others = ([float(r) for r in column] for column in zip(*pairs, strict=True))
        seen = against(ours, others, 1, "replies/s")
        name = f"16 chats at once, 50 ms of network, {what}"
        found.append(Figure(name, ratio(ours, others), 1.2, least=True, seen=seen))
    return found


async def pictures(knowledge: Path, rounds: int) -> list[Figure]:
    """Texts while another chat has pictures drawn without pause; a known picture, and a text."""
    calm: list[float] = []
    busy: list[float] = []
    known: list[float] = []
    text: list[float] = []
    async with running(costcurve(knowledge)) as bot:
        for number in range(rounds):
            calm.append(percentile(await one_by_one(bot, MIXED, REPLIES, PAUSE), 0.99))
            drawing = asyncio.create_task(_draw(bot, number))
            busy.append(percentile(await one_by_one(bot, MIXED, REPLIES, PAUSE), 0.99))
            drawing.cancel()
            text.append(median(await one_by_one(bot, ["/cost 2023"], REPLIES)))
            known.append(median(await one_by_one(bot, ["/chart cost"], REPLIES)))
    return [
        Figure(
            "p99 of texts while pictures are drawn, against calm",
            ratio(busy, calm),
            2.0,
            seen=against(busy, calm, 1e3, "ms"),
        ),
        Figure(
            "a picture already known, against a text",
            ratio(known, text),
            1.2,
            seen=against(known, text, 1e3, "ms"),
        ),
    ]


async def _draw(bot: Running, number: int) -> None:
    """Have one picture drawn after the other, none twice."""
    for percent in itertools.count(1):
        await reply(bot, f"/chart project 2030 at {number + 10}.{percent}%", next(bot.chats))
