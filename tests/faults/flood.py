"""Flood: one chat asks without end, and what that costs those who ask now and then."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING

from bot.local_api.chats import Chat
from tests.faults.figures import quantile, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.world import World

A_SECOND = 150  # questions of who floods
ROUNDS = 3  # of calm and floods in turn, since a machine is not always equally busy
EVERY = 0.15  # seconds between two bystanders
BYSTANDERS = 60  # each of whom stays within what is answered in a minute


async def flood(world: World, seconds: float) -> None:
    """One chat floods, in private or as a group, while bystanders ask now and then."""
    found = await delays(world, seconds)
    for name, answered in found.items():
        world.notes.append(f"bystanders, {name}: {spread(answered)}")
    idle, *others = (quantile(answered, 0.99) for answered in found.values())
    world.notes.append(f"p99 of bystanders: {max(others) / idle:.2f} times that when idle")


async def delays(
    world: World, seconds: float, a_second: float = A_SECOND
) -> Mapping[str, list[float]]:
    """Seconds that bystanders waited: while nobody floods, and while one chat does."""
    flooding = {
        "idle": None,
        "flood in private": Chat(79_999, "private"),
        "flood in a group": Chat(-1_001_000_006_000, "supergroup", "F"),
    }
    found: dict[str, list[float]] = {name: [] for name in flooding}
    people = itertools.cycle(Chat(80_000 + n, "private") for n in range(BYSTANDERS))
    share = seconds / ROUNDS / len(flooding)
    for _ in range(ROUNDS):
        for name, chat in flooding.items():
            flow = asyncio.create_task(_flow(world, chat, a_second)) if chat else None
            asked, end = [], time.monotonic() + share
            while time.monotonic() < end:
                asked.append(world.crowd.ask(next(people)))
                await asyncio.sleep(EVERY)
            if flow:
                flow.cancel()
            await world.crowd.settle(30.0)
            found[name] += [q.answers[0].at - q.at for q in asked if q.answers]
    return found


async def _flow(world: World, chat: Chat, a_second: float) -> None:
    """Questions that nobody expects an answer to, evenly, until cancelled."""
    began = time.monotonic()
    for number in itertools.count():
        if (early := began + number / a_second - time.monotonic()) > 0:
            await asyncio.sleep(early)
        world.crowd.excused.add(world.crowd.ask(chat).number)
