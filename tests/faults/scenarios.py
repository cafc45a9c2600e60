"""Scenarios: each is one kind of trouble, for so many seconds, while a crowd asks."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tests.faults import weather

if TYPE_CHECKING:
    from tests.faults.weather import Fault
    from tests.faults.world import Trouble, World


async def calm(world: World, seconds: float) -> None:
    """Nothing goes wrong."""


async def kill(world: World, seconds: float) -> None:
    """The process is killed every few seconds, at a random moment, and started again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await world.moment(1.5, 5.0)
        world.mark()
        await world.bot.kill()
        await world.bot.start()
    world.notes.append(f"killed {len(world.marks)} times")


async def stop(world: World, seconds: float) -> None:
    """The process is told to stop every few seconds, and started again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await world.moment(2.0, 5.0)
        world.mark()
        await world.bot.terminate()
        await world.bot.start()
    stops = world.bot.stops
    world.notes.append(f"stopped {len(stops)} times, in {max(stops, default=0):.2f} s at most")


async def kill_in_bad_weather(world: World, seconds: float) -> None:
    """Killed every few seconds, while a fifth of all requests fail."""
    world.weather.set(0.2, *weather.MIX)
    await kill(world, seconds)


def bad(share: float, *kinds: Fault, doc: str) -> Trouble:
    """A share of all requests fails in these ways."""

    async def trouble(world: World, seconds: float) -> None:
        world.weather.set(share, *kinds)
        await asyncio.sleep(seconds)

    trouble.__doc__ = doc
    return trouble


async def outage(world: World, seconds: float) -> None:
    """Every request fails for a third of the time, then none does."""
    await asyncio.sleep(seconds / 3)
    world.weather.set(1.0, *weather.SERVER[:3])
    await asyncio.sleep(seconds / 3)
    world.weather.clear()
    world.mark()
    await asyncio.sleep(seconds / 3)


SCENARIOS: dict[str, Trouble] = {
    "calm": calm,
    "kill": kill,
    "stop": stop,
    "mix": bad(0.2, *weather.MIX, doc="A fifth of all requests fail, in every way."),
    "kill-mix": kill_in_bad_weather,
    "server": bad(0.3, *weather.SERVER, doc="500, 502, 503 and 504 for three in ten."),
    "held": bad(0.1, *weather.HELD, doc="A tenth of all requests is held without an answer."),
    "cut": bad(0.3, *weather.CUT, doc="Connections end before or after a request is done."),
    "malformed": bad(0.3, *weather.MALFORMED, doc="Answers that are no JSON of the Bot API's."),
    "slow": bad(0.3, *weather.LATE, doc="Three in ten answers take two seconds."),
    "outage": outage,
}
