"""World: a Bot API with its weather, a bot process and a crowd, for one run of a scenario."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.local_api import LocalBotApi
from knowledge.build import build
from tests.faults.crowd import Crowd
from tests.faults.figures import Figures, figures
from tests.faults.process import TOKEN, Process
from tests.faults.server import FaultyServer, serving
from tests.faults.weather import Weather
from tests.faults.webhook import Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    Trouble = Callable[["World", float], Awaitable[None]]

NONE: Mapping[str, str] = MappingProxyType({})
START = 30.0  # seconds that the first answer may take


@dataclass
class World:
    """All that a scenario may trouble."""

    random: random.Random
    server: FaultyServer
    weather: Weather
    bot: Process
    crowd: Crowd
    marks: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def mark(self) -> None:
        """A fault begins now."""
        self.marks.append(time.monotonic())

    async def moment(self, shortest: float, longest: float) -> None:
        """Let some time pass, by chance between these seconds."""
        await asyncio.sleep(self.random.uniform(shortest, longest))


@asynccontextmanager
async def world(
    seed: int, mode: str = "polling", kept: Path | None = None, environ: Mapping[str, str] = NONE
) -> AsyncIterator[World]:
    """A world in a folder of its own, in which nothing has gone wrong yet."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    weather = Weather(random.Random(seed))  # noqa: S311
    folder = kept or Path(tempfile.mkdtemp(prefix="costcurve-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    api = LocalBotApi(token=TOKEN)
    build(folder / "knowledge.sqlite3")
    try:
        async with serving(api, weather) as server:
            caller = Caller() if mode == "webhook" else None
            bot = Process(folder, server, mode, **(caller.environ if caller else {}), **environ)
            crowd = Crowd(server, chance, deliver=caller.deliver if caller else None)
            calling = asyncio.create_task(caller.run()) if caller else None
            try:
                yield World(chance, server, weather, bot, crowd)
            finally:
                if calling:
                    calling.cancel()
                await bot.kill()
    finally:
        if not kept:
            shutil.rmtree(folder)


async def run(
    trouble: Trouble,
    *,
    seconds: float,
    seed: int,
    a_second: float = 4.0,
    patience: float = 120.0,
    mode: str = "polling",
    kept: Path | None = None,
    environ: Mapping[str, str] = NONE,
) -> Figures:
    """A crowd asks while trouble happens; then it gets time for the answers that are owed."""
    async with world(seed, mode, kept, environ) as here:
        await here.bot.start()
        here.crowd.ask()
        await here.crowd.settle(START)
        before = here.bot.memory()
        asking = asyncio.create_task(here.crowd.keep_asking(seconds, a_second))
        try:
            await trouble(here, seconds)
            await asking
        finally:
            asking.cancel()
        here.weather.clear()
        ended = not here.bot.runs
        await here.bot.start()
        await here.crowd.settle(patience)
        here.crowd.ask()
        await here.crowd.settle(START)
        after = here.bot.memory() if here.bot.runs else 0.0
        if here.weather.drawn:
            drawn = sorted(here.weather.drawn.items())
            here.notes.append("faults " + ", ".join(f"{name}: {n}" for name, n in drawn))
        here.notes.extend(_said(here.bot.log))
        return replace(figures(here.crowd, here.marks, (before, after), here.notes), ended=ended)


def _said(log: str) -> list[str]:
    """How much the log complains."""
    counts = {word: log.count(f" {word} ") for word in ("WARNING", "ERROR", "CRITICAL")}
    said = ", ".join(f"{count} {word.lower()}s" for word, count in counts.items() if count)
    traces = log.count("Traceback (most recent call last)")
    return [f"log {said or 'without complaints'}, {traces} tracebacks"]
