"""Replicas: trouble with several bots on one PostgreSQL, behind a load balancer."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING

from tests.faults import weather

if TYPE_CHECKING:
    from tests.faults.world import World


async def rolling(world: World, seconds: float) -> None:
    """Two replicas are restarted in turn, each third time by a kill, while the other works."""
    assert world.caller
    end, kills = time.monotonic() + seconds, 0
    for turn in itertools.count():
        if time.monotonic() >= end:
            break
        number = turn % len(world.bots)
        bot = world.bots[number]
        await world.caller.listening(number)
        await world.moment(1.0, 3.0)
        world.mark()
        if turn % 3 == 2:
            kills += 1
            await bot.kill()
        else:
            await bot.terminate()
        await world.moment(0.0, 2.0)
        await bot.start()
        await world.caller.listening(number)
    stops = [stop for bot in world.bots for stop in bot.stops]
    world.notes.append(f"killed {kills} times")
    world.notes.append(f"stopped {len(stops)} times, in {max(stops, default=0):.2f} s at most")


async def rolling_in_bad_weather(world: World, seconds: float) -> None:
    """Restarted in turn, while a fifth of all requests to the Bot API fail."""
    world.weather.set(0.2, *weather.MIX)
    await rolling(world, seconds)


async def frozen(world: World, seconds: float) -> None:
    """One of two replicas hangs for two thirds of the time; its connections stand meanwhile."""
    await asyncio.sleep(seconds / 6)
    world.mark()
    world.bot.freeze(frozen=True)
    await asyncio.sleep(seconds * 2 / 3)
    world.mark()
    world.bot.freeze(frozen=False)
    await asyncio.sleep(seconds / 6)


async def database(world: World, seconds: float) -> None:
    """PostgreSQL under two replicas ends as in a crash, again and again, and comes back later."""
    assert world.cluster
    end, restarts = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        await world.moment(5.0, 8.0)
        world.mark()
        await asyncio.to_thread(world.cluster.stop, "immediate")
        await world.moment(0.0, 3.0)
        world.mark()
        await asyncio.to_thread(world.cluster.start)
        restarts += 1
    world.notes.append(f"PostgreSQL restarted {restarts} times")
