"""Broadcast: what subscribers are told of a change, as fast as Telegram lets it, beside replies."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app import build_application
from bot.chores import Chores
from bot.config import Secret, Settings
from bot.local_api import LocalBotApi
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from knowledge.build import DATA, build
from tests.bench.figures import Figure, against, percentile, ratio
from tests.bench.process import TOKEN, costcurve, reply, running

if TYPE_CHECKING:
    from tests.bench.process import Running

SUBSCRIBERS = 600
FIRST = 500_000  # the number of the first one
A_SECOND = 30  # messages that Telegram takes in any second
DELAY = 0.05  # seconds of network
PAUSE = 1.0  # seconds between two questions meanwhile; they share the limit
CALM = 50  # replies before anything is broadcast


class Window:
    """Telegram's limit in its strictest reading: so many in any second, and no more."""

    def __init__(self) -> None:
        self._taken: deque[float] = deque()
        self.refused = 0

    def __call__(self) -> float:
        """Seconds until one more would be taken; 0 takes it."""
        now = time.monotonic()
        while self._taken and now - self._taken[0] >= 1.0:
            self._taken.popleft()
        if len(self._taken) < A_SECOND:
            self._taken.append(now)
            return 0.0
        self.refused += 1
        return 1.0 - (now - self._taken[0])


async def broadcasts(knowledge: Path, rounds: int) -> list[Figure]:
    """Everybody is told of a change while somebody asks; then nothing is left to tell."""
    shares: list[float] = []
    calm: list[float] = []
    busy: list[float] = []
    refused = lost = 0
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="costcurve-bench-") as folder:
            state = await _subscribed(Path(folder))
            window = Window()
            contender = costcurve(knowledge, STATE_URL=str(state))
            async with running(costcurve(knowledge), DELAY) as bot:
                calm.append(percentile([await _asked(bot) for _ in range(CALM)], 0.5))
            async with running(contender, DELAY, window) as bot:
                busy.append(percentile(await _meanwhile(bot), 0.5))
                told = [sent for sent in bot.server.sent if sent.chat >= FIRST]
            taken = Counter(sent.chat for sent in told if sent.status == 200)
            shares.append(SUBSCRIBERS / (told[-1].at - told[0].at) / A_SECOND)
            refused += window.refused
            lost += SUBSCRIBERS - sum(count == 1 for count in taken.values())
    share = percentile(shares, 0.5)
    return [
        Figure("600 subscribers told, share of the limit", share, 0.8, least=True),
        Figure("calls refused, and subscribers not told once", float(refused + lost), 0.0),
        Figure("a reply meanwhile", ratio(busy, calm), 1.2, seen=against(busy, calm, 1e3, "ms")),
    ]


async def _subscribed(folder: Path) -> Path:
    """A state in which everybody has been told of other figures than those that are shipped."""
    path, before, data = folder / "state.sqlite3", folder / "before.sqlite3", folder / "data"
    shutil.copytree(DATA, data)
    series = data / "series" / "post-inference.toml"
    series.write_text(series.read_text().replace("2023, value = 0.08", "2023, value = 0.07"))
    build(before, data)
    state = State.open(str(path))
    application = build_application(
        Settings(token=Secret(TOKEN)),
        KnowledgeBase.open(before),
        request=LocalBotApi(),
        state=state,
        easel=Sketches(),
        watched=before,
    )
    async with application:
        await application.bot_data[Chores].once(application.bot)
        for number in range(SUBSCRIBERS):
            state.subscribe(FIRST + number, 0)
    state.close()
    return path


async def _asked(bot: Running) -> float:
    return await reply(bot, "/cost 2024", next(bot.chats))


async def _meanwhile(bot: Running) -> list[float]:
    """Seconds that replies took until every subscriber was told."""
    found = []
    while sum(s.chat >= FIRST and s.status == 200 for s in bot.server.sent) < SUBSCRIBERS:
        found.append(await _asked(bot))
        await asyncio.sleep(PAUSE)
    return found
