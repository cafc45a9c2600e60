"""Scenarios: each is one kind of trouble, for so many seconds, while a crowd asks."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tests.faults import chats, disk, flood, replicas, weather

if TYPE_CHECKING:
    from collections.abc import Mapping

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


async def limits(world: World, seconds: float) -> None:
    """One chat is at its limit for many seconds, and now and then all chats are for one."""
    busy = str(world.crowd.chats[0].id)
    held = weather.refused(429, "Too Many Requests: retry after 7", retry_after=7)

    def decide(method: str, said: Mapping[str, str]) -> Fault | None:
        one = said.get("chat_id") == busy and world.random.random() < 0.5
        return held if one and method == "sendMessage" else None

    world.weather.rule(decide)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        world.weather.set(1.0, *weather.FLOOD)
        await asyncio.sleep(0.5)
        world.weather.set(0.0)
        await asyncio.sleep(3.0)


async def outage(world: World, seconds: float) -> None:
    """Every request fails for a third of the time, then none does."""
    await asyncio.sleep(seconds / 3)
    world.weather.set(1.0, *weather.SERVER[:3])
    await asyncio.sleep(seconds / 3)
    world.weather.clear()
    world.mark()
    await asyncio.sleep(seconds / 3)


class Scenario(Struct, frozen=True):
    """Trouble, and in which circumstances: questions a second, how updates come, settings."""

    trouble: Trouble
    a_second: float = 4.0
    mode: str = "polling"
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What happens."""
        return (self.trouble.__doc__ or "").splitlines()[0]


SCENARIOS = {
    "calm": Scenario(calm),
    "kill": Scenario(kill),
    "stop": Scenario(stop),
    "mix": Scenario(bad(0.2, *weather.MIX, doc="A fifth of all requests fail, in every way.")),
    "kill-mix": Scenario(kill_in_bad_weather),
    "server": Scenario(bad(0.3, *weather.SERVER, doc="Three in ten get 500, 502, 503 or 504.")),
    "held": Scenario(bad(0.1, *weather.HELD, doc="A tenth of all requests is left unanswered.")),
    "cut": Scenario(bad(0.3, *weather.CUT, doc="Connections end before or after a request.")),
    "malformed": Scenario(bad(0.3, *weather.MALFORMED, doc="Answers are none of the Bot API's.")),
    "slow": Scenario(bad(0.3, *weather.LATE, doc="Three in ten answers take two seconds.")),
    "limits": Scenario(limits),
    "outage": Scenario(outage),
    "closed": Scenario(chats.closed),
    "pressed": Scenario(chats.pressed),
    "unknown": Scenario(chats.unknown),
    "redelivered": Scenario(chats.redelivered),
    "conflict": Scenario(chats.conflict),
    "poison": Scenario(chats.poison),
    "revoked": Scenario(chats.revoked),
    "locked": Scenario(disk.locked),
    "full": Scenario(disk.full),
    "deleted": Scenario(disk.deleted),
    "damaged": Scenario(disk.damaged),
    "flood": Scenario(flood.flood, a_second=0.001, environ={"ANSWERS_PER_MINUTE": "20"}),
    "replicas": Scenario(replicas.rolling, mode="replicas"),
    "replicas-mix": Scenario(replicas.rolling_in_bad_weather, mode="replicas"),
    "replicas-frozen": Scenario(replicas.frozen, mode="replicas"),
    "replicas-database": Scenario(replicas.database, mode="replicas"),
    "webhook-kill": Scenario(kill, mode="webhook"),
    "webhook-mix": Scenario(kill_in_bad_weather, mode="webhook"),
    "webhook-redelivered": Scenario(chats.redelivered, mode="webhook"),
    "webhook-revoked": Scenario(chats.revoked, mode="webhook"),
}
