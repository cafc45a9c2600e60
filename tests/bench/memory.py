"""Memory: what the bot holds after very many updates, against after a thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.figures import Figure, against
from tests.faults.memory import FEW, MANY, measured

if TYPE_CHECKING:
    from pathlib import Path

MIB = 2**20


async def memory(knowledge: Path, _: int) -> list[Figure]:
    """One life of many updates; more rounds would take an hour, and sizes hardly differ."""
    found = await measured(knowledge, FEW, MANY, seed=1)
    few, many = float(found[FEW]), float(found[MANY])
    seen = against([many], [few], 1 / MIB, "MiB")
    return [Figure(f"memory after {MANY:,} updates, against {FEW:,}", many / few, 1.05, seen=seen)]
