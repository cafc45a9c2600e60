"""Memory: what the bot holds after many updates against after few, in this process."""

from __future__ import annotations

import asyncio
import gc
import itertools
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.app import build_application
from bot.config import Secret, Settings
from bot.inbox import Inbox
from bot.local_api import LocalBotApi
from bot.local_api.chats import Chat, Person, utc_now
from bot.questions import QUESTIONS
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from tests.faults.process import resident

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FEW, MANY = 1_000, 100_000
BATCH = 100
KEPT = 200  # messages and calls that the forgetful Bot API keeps


class ForgetfulApi(LocalBotApi):
    """A Bot API in this process that does not grow."""

    async def _call(self, name: str, said: dict[str, Any], files: Mapping[str, bytes]) -> object:
        result = await super()._call(name, said, files)
        del self.calls[:-KEPT]
        messages = self.chats.messages
        while len(messages) > KEPT:
            del messages[next(iter(messages))]
        return result


def texts(chance: random.Random) -> Iterator[str]:
    """Questions of every kind, as people vary them."""
    examples = [example for kind in QUESTIONS for example in kind.examples]
    for number in itertools.count():
        yield chance.choice(examples)
        yield f"/cost {chance.randint(2018, 2025)} {number} calls"
        yield f"what will {number} calls cost in {chance.randint(2026, 2040)}?"
        yield f"{chance.choice(examples)} {number}"


def built(path: Path) -> None:
    """Build the knowledge base in a process of its own: what that takes is not the bot's."""
    code = (
        f"from pathlib import Path; from knowledge.build import build; build(Path({str(path)!r}))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own


async def grown(people: int, seed: int, many: int = MANY) -> list[tuple[int, float]]:
    """MiB in memory after so many updates from so many people; each tenth one in a group."""
    chance = random.Random(seed)  # noqa: S311  # to be repeated, not to be secret
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "knowledge.sqlite3"
        await asyncio.to_thread(built, base)
        api = ForgetfulApi()
        kb = KnowledgeBase.open(base)
        settings = Settings(token=Secret("1:test"), answers_per_minute=20)
        state = State.open(str(Path(folder) / "state.sqlite3"))
        application = build_application(settings, kb, request=api, state=state, easel=Sketches())
        group = Chat(-1_001_000_005_000, "supergroup", "G")
        asked, found = texts(chance), []
        async with application:
            inbox = Inbox(application, state, utc_now)
            await inbox.start()
            for number in range(BATCH, many + 1, BATCH):
                updates = []
                for _ in range(BATCH):
                    person = Person(50_000 + chance.randrange(people), "P")
                    chat = group if chance.random() < 0.1 else None
                    update = api.incoming.message(next(asked), chat=chat, user=person)
                    updates.append(update)
                await inbox.receive(updates)
                while len(inbox):
                    await asyncio.sleep(0)
                if number == FEW or number % (many // 10) == 0:
                    gc.collect()
                    found.append((number, resident("self")))
            await inbox.close(1)
        return found


def report(seed: int, many: int = MANY) -> list[str]:
    """The lines of both runs: always the same people, and ever new ones."""
    lines = []
    for people in (500, 10**7):
        found = asyncio.run(grown(people, seed, many))
        (_, few), (_, last) = found[0], found[-1]
        lines.append(f"{people} people: " + ", ".join(f"{n}: {mib:.1f} MiB" for n, mib in found))
        lines.append(f"{last / few:.3f} times after {many} updates what it was after {FEW}")
    return lines
