"""Crowd: people who ask, each question another one, and what became of every question."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from bot.local_api.chats import Chat, Person

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.faults.server import FaultyServer, Sent

NUMBER = re.compile(r"([\d,]+) inferences in 20|20\d\d ([\d,]+) calls")
FIRST = 1001  # the number of the first question


class Asked(Struct):
    """A question, known by its number, and its answers."""

    number: int
    chat: int
    at: float
    answers: list[Sent] = field(default_factory=list)


class Crowd:
    """So many people in private and so many groups; every question asks for a number of its own."""

    def __init__(
        self,
        server: FaultyServer,
        random: Random,
        private: int = 12,
        groups: int = 4,
        deliver: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self._server = server
        self._random = random
        self.deliver = deliver or server.api.deliver
        people = [Person(70_000 + n, f"P{n}") for n in range(private + groups)]
        self.chats = [Chat(p.id, "private") for p in people[:private]]
        self.chats += [Chat(-1_001_000_005_000 - n, "supergroup", "G") for n in range(groups)]
        self._people = dict(zip((chat.id for chat in self.chats), people, strict=True))
        self.asked: dict[int, Asked] = {}
        self.updates: list[dict[str, Any]] = []
        self.excused: set[int] = set()  # numbers that nobody expects an answer to
        self._answered = asyncio.Event()
        server.heard.append(self._hear)

    def ask(self, chat: Chat | None = None) -> Asked:
        """Somebody asks, in a chat by chance if not in this one."""
        chat = chat or self._random.choice(self.chats)
        number = FIRST + len(self.asked)
        person = self._people.setdefault(chat.id, Person(abs(chat.id), "P"))
        text = f"/cost {self._random.randint(2018, 2025)} {number} calls"
        update = self._server.api.incoming.message(text, chat=chat, user=person)
        question = self.asked[number] = Asked(number, chat.id, time.monotonic())
        self.updates.append(update)
        self.deliver(update)
        return question

    def press(self, message: dict[str, Any]) -> Asked:
        """Somebody presses a button under a message of the bot's."""
        number, chat = FIRST + len(self.asked), message["chat"]["id"]
        year, person = self._random.randint(2018, 2025), self._people[chat]
        update = self._server.api.incoming.press(
            message, f"/cost {year} {number} calls", user=person
        )
        question = self.asked[number] = Asked(number, chat, time.monotonic())
        self.deliver(update)
        return question

    async def keep_asking(self, seconds: float, a_second: float) -> None:
        """Questions at random moments, so many a second on average."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            await asyncio.sleep(min(self._random.expovariate(a_second), end - now))
            self.ask()

    async def settle(self, patience: float) -> None:
        """Wait until everybody has an answer, but not longer than this."""
        try:
            async with asyncio.timeout(patience):
                while self.open():
                    self._answered.clear()
                    await self._answered.wait()
        except TimeoutError:
            pass

    def open(self) -> list[Asked]:
        """The questions without an answer."""
        return [q for q in self.asked.values() if not q.answers and q.number not in self.excused]

    def _hear(self, sent: Sent) -> None:
        found = NUMBER.search(sent.message.get("text") or "")
        number = int((found[1] or found[2]).replace(",", "")) if found else 0
        if number in self.asked:
            self.asked[number].answers.append(sent)
            self._answered.set()

    def out_of_order(self) -> int:
        """How often a question had its first answer before an earlier one of its chat."""
        wrong = 0
        latest: dict[int, int] = {}
        for q in sorted(self.asked.values(), key=lambda q: q.answers[0].at if q.answers else 0.0):
            if q.answers:
                wrong += q.number < latest.get(q.chat, 0)
                latest[q.chat] = max(q.number, latest.get(q.chat, 0))
        return wrong
