"""Memory: what the bot's process holds after many updates against after few."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.questions import QUESTIONS
from knowledge.build import build
from tests.bench.process import costcurve, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.process import Running

FEW, MANY = 1_000, 100_000
STEPS = 10
BATCH = 100  # updates that come at once
IN_GROUPS = 0.1  # of the updates
GROUPS = 50
PEOPLE = 10**7  # hardly anybody asks twice
QUIET = 0.05  # seconds without an answer, after which there are no more
MIB = 2**20
SERVICE = {"MALLOC_TRIM_THRESHOLD_": "65536"}  # as the unit in the README has it


def texts(chance: random.Random) -> Iterator[str]:
    """Questions of every kind, as people vary them."""
    examples = [example for kind in QUESTIONS for example in kind.examples]
    for number in itertools.count():
        yield chance.choice(examples)
        yield f"/cost {chance.randint(2018, 2025)} {number} calls"
        yield f"what will {number} calls cost in {chance.randint(2026, 2040)}?"
        yield f"{chance.choice(examples)} {number}"


async def grown(
    bot: Running, marks: Sequence[int], seed: int = 1, people: int = PEOPLE
) -> list[int]:
    """Bytes that the bot holds after so many updates each, all of them dealt with."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    server, asked, found = bot.server, texts(chance), list[int]()
    for number in range(1, max(marks) + 1):
        person = 50_000 + chance.randrange(people)
        grouped = chance.random() < IN_GROUPS
        server.ask(next(asked), -1_000 - chance.randrange(GROUPS) if grouped else person, person)
        if number % BATCH == 0 or number in marks:
            await _quiet(bot)
        if number in marks:
            found.append(bot.memory)
            server.sent.clear()
    return found


async def _quiet(bot: Running) -> None:
    """Wait until everything is fetched, and nothing more is sent."""
    await bot.server.until(lambda: not bot.server.waiting)
    sent = -1
    while sent < len(bot.server.sent):
        sent = len(bot.server.sent)
        await asyncio.sleep(QUIET)


async def measured(knowledge: Path, few: int, many: int, seed: int) -> dict[int, int]:
    """Bytes after `few` updates, and at each tenth of `many`; with the usual allowance."""
    marks = sorted({few, many, *range(many // STEPS, many, many // STEPS)})
    async with running(costcurve(knowledge, ANSWERS_PER_MINUTE="20", **SERVICE)) as bot:
        return dict(zip(marks, await grown(bot, marks, seed), strict=True))


def report(seed: int, few: int = FEW, many: int = MANY) -> list[str]:
    """The lines of a run."""
    with tempfile.TemporaryDirectory(prefix="costcurve-memory-") as folder:
        knowledge = Path(folder) / "knowledge.sqlite3"
        build(knowledge)
        found = asyncio.run(measured(knowledge, few, many, seed))
    sizes = ", ".join(f"{number}: {held / MIB:.1f} MiB" for number, held in found.items())
    return [
        f"resident after {sizes}",
        f"{found[many] / found[few]:.3f} times after {many} updates what it was after {few}",
    ]
