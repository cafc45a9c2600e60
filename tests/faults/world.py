"""World: a Bot API with its weather, a bot process and a crowd, for one run of a scenario."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from bot.local_api import LocalBotApi
from knowledge.build import build
from tests.cluster import WITHOUT, programs, running
from tests.faults.crowd import Crowd
from tests.faults.figures import Figures, figures, recovered, spread
from tests.faults.process import TOKEN, Process
from tests.faults.server import FaultyServer, serving
from tests.faults.weather import Weather
from tests.faults.webhook import Caller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

    from tests.cluster import Cluster

    Trouble = Callable[["World", float], Awaitable[None]]

NONE: Mapping[str, str] = MappingProxyType({})
REPLICAS = 2
START = 30.0  # seconds that the first answer may take


class World(Struct):
    """All that a scenario may trouble."""

    random: random.Random
    server: FaultyServer
    weather: Weather
    bots: list[Process]
    crowd: Crowd
    caller: Caller | None = None  # by webhook
    cluster: Cluster | None = None  # where there are several bots
    marks: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def bot(self) -> Process:
        """The only one, or the first."""
        return self.bots[0]

    def mark(self) -> None:
        """A fault begins now."""
        self.marks.append(time.monotonic())

    async def start(self) -> None:
        """Start those that do not run."""
        for bot in self.bots:
            await bot.start()

    async def moment(self, shortest: float, longest: float) -> None:
        """Let some time pass, by chance between these seconds."""
        await asyncio.sleep(self.random.uniform(shortest, longest))


@contextmanager
def _database(mode: str) -> Iterator[Cluster | None]:
    """A PostgreSQL server for several bots, its settings as they are installed."""
    if mode != "replicas":
        yield None
        return
    found = programs()
    if found is None:
        raise LookupError(WITHOUT)
    with running(found, "") as cluster:
        yield cluster


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
    count = REPLICAS if mode == "replicas" else 1
    caller = None if mode == "polling" else Caller(count)
    try:
        with _database(mode) as cluster:
            if cluster:
                environ = {**environ, "STATE_URL": cluster.database()}
            async with serving(api, weather) as server:
                bots = [
                    Process(
                        folder,
                        server,
                        "webhook" if caller else mode,
                        name=f"bot{n}",
                        **(caller.environ(n) if caller else {}),
                        **environ,
                    )
                    for n in range(count)
                ]
                crowd = Crowd(server, chance, deliver=caller.deliver if caller else None)
                try:
                    yield World(chance, server, weather, bots, crowd, caller, cluster)
                finally:
                    if caller:
                        await caller.close()
                    for bot in bots:
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
        await here.start()
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
        ended = not all(bot.runs for bot in here.bots)
        await here.start()
        await here.crowd.settle(patience)
        here.crowd.ask()
        await here.crowd.settle(START)
        after = here.bot.memory() if here.bot.runs else 0.0
        if here.weather.drawn:
            here.notes.extend(
                f"until the next answer after {name}, {spread(recovered(here.crowd, times))}"
                for name, times in sorted(here.weather.drawn.items())
            )
        here.notes.extend(_said("".join(bot.log for bot in here.bots)))
        return replace(figures(here.crowd, here.marks, (before, after), here.notes), ended=ended)


def _said(log: str) -> list[str]:
    """How much the log complains."""
    counts = {word: log.count(f" {word} ") for word in ("WARNING", "ERROR", "CRITICAL")}
    said = ", ".join(f"{count} {word.lower()}s" for word, count in counts.items() if count)
    traces = log.count("Traceback (most recent call last)")
    return [f"log {said or 'without complaints'}, {traces} tracebacks"]
