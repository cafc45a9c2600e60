"""Disk: trouble with the two files that the bot has open, its state and its knowledge base."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.world import World


async def locked(world: World, seconds: float) -> None:
    """Another process locks the state database, twice for a quarter of the time."""
    path = world.bot.state
    with closing(
        sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
    ) as other:
        for _ in range(2):
            await asyncio.sleep(seconds / 4)
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            world.mark()
            await asyncio.sleep(seconds / 4)
            other.execute("ROLLBACK")


async def full(world: World, seconds: float) -> None:
    """No file can be written any more, as on a full disk, for the middle third of the time."""
    await asyncio.sleep(seconds / 3)
    world.bot.limit(0)
    world.mark()
    await asyncio.sleep(seconds / 3)
    world.bot.limit(-1)
    await asyncio.sleep(seconds / 3)


async def deleted(world: World, seconds: float) -> None:
    """Both files are deleted while the bot runs."""
    await asyncio.sleep(seconds / 2)
    for path in world.bot.folder.glob("*.sqlite3*"):
        path.unlink()
    world.mark()
    await asyncio.sleep(seconds / 2)


async def damaged(world: World, seconds: float) -> None:
    """The knowledge base is overwritten in place while the bot runs, then emptied; then a start."""
    await asyncio.sleep(seconds / 4)
    size = world.bot.knowledge.stat().st_size
    with world.bot.knowledge.open("r+b") as file:
        file.write(world.random.randbytes(size))
    world.mark()
    await asyncio.sleep(seconds / 4)
    with world.bot.knowledge.open("r+b") as file:
        file.truncate(0)
    world.mark()
    await asyncio.sleep(seconds / 4)
    await world.bot.terminate()
    world.mark()
    await world.bot.start()
    await asyncio.sleep(seconds / 4)
