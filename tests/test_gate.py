"""The gate: a flood is turned away before it costs anything, and nobody else waits for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.allowance import Allowance
from bot.app import build_application
from bot.config import Secret, Settings
from bot.desk import TOO_MUCH
from bot.gate import ASKING, LONGEST, SAYING, Gate
from bot.inbox import Inbox
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BEN, GROUP, Person
from bot.pace import Pace
from bot.state import State
from bot.terminal import Sketches
from bot.vitals import Vitals
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime

    from telegram.ext import Application

    from knowledge.base import KnowledgeBase

LIMIT = 4  # answers a minute here


class SlowApi(LocalBotApi):
    """A Bot API in which sending to one chat takes as long as somebody wants."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.slow: int | None = None
        self.released = asyncio.Event()

    async def _call(self, name: str, said: dict[str, Any], files: Mapping[str, bytes]) -> object:
        if self.slow is not None and said.get("chat_id") == self.slow:
            await self.released.wait()
        return await super()._call(name, said, files)

    def texts(self, chat: int) -> list[str]:
        """What was sent to a chat."""
        sent = [call.result for call in self.calls if call.method == "sendMessage"]
        return [m["text"].splitlines()[0] for m in sent if m["chat"]["id"] == chat]


class World:
    """The bot with a limit, or none, behind its inbox."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb, self.api, self.state, self.now = kb, SlowApi(), State.memory(), NOW

    def time(self) -> datetime:
        return self.now

    @asynccontextmanager
    async def bot(self, limit: int = LIMIT) -> AsyncIterator[Inbox]:
        """From a start to a stop."""
        settings = Settings(token=Secret("1:test"), answers_per_minute=limit)
        self.application: Application[Any, Any, Any, Any, Any, Any] = build_application(
            settings,
            self.kb,
            request=self.api,
            easel=Sketches(),
            pace=Pace(),
            clock=self.time,
        )
        async with self.application:
            inbox = Inbox(self.application, self.state, self.time)
            yield inbox
            await self.idle(inbox)
            await inbox.close(5)

    async def idle(self, inbox: Inbox) -> None:
        """Wait until all that was received is dealt with."""
        async with asyncio.timeout(10):
            while len(inbox):
                await asyncio.sleep(0)

    def questions(self, number: int, user: Person = ANN, **where: Any) -> list[dict[str, Any]]:
        """So many questions by one person."""
        ask = self.api.incoming.message
        return [ask("/cost 2023", user=user, **where) for _ in range(number)]

    def kept(self) -> int:
        """How many updates the state knows of."""
        return int(self.state.database.rows("SELECT count(*) FROM inbox")[0][0])


@pytest.fixture
def world(kb: KnowledgeBase) -> World:
    """The world at noon."""
    return World(kb)


async def test_who_was_told_costs_nothing_more(world: World) -> None:
    """After the one notice what comes is counted and not kept, and others are answered."""
    async with world.bot() as inbox:
        await inbox.receive(world.questions(LIMIT + 50))
        await world.idle(inbox)
        kept = world.kept()
        await inbox.receive([*world.questions(100), *world.questions(1, BEN)])
    assert world.api.texts(ANN.id)[LIMIT:] == [TOO_MUCH]
    assert len(world.api.texts(BEN.id)) == 1
    assert world.kept() == kept + 1
    assert inbox.vitals.outcomes["limited"] == 150


async def test_a_flood_is_told_once_until_there_is_room_again(world: World) -> None:
    """What trickles back meanwhile is answered, without another notice after each answer."""
    async with world.bot() as inbox:
        for _ in range(LIMIT + 4):
            await inbox.receive(world.questions(10))
            await world.idle(inbox)
            world.now += timedelta(minutes=1 / LIMIT)
        assert world.api.texts(ANN.id).count(TOO_MUCH) == 1
        assert len(world.api.texts(ANN.id)) == 1 + LIMIT + LIMIT + 3
        world.now += timedelta(minutes=1)
        await inbox.receive(world.questions(LIMIT + 5))
    assert world.api.texts(ANN.id)[-1] == TOO_MUCH


async def test_who_floods_a_group_silences_only_themselves(world: World) -> None:
    """Their group is answered as long as it has something left."""
    async with world.bot(limit=20) as inbox:
        world.api.chats.join(GROUP, ANN, BEN)
        await inbox.receive(world.questions(15, chat=GROUP))
        await world.idle(inbox)
        await inbox.receive(world.questions(30))
        await world.idle(inbox)
        await inbox.receive(world.questions(5, chat=GROUP))
        await inbox.receive(world.questions(1, BEN, chat=GROUP))
    assert len(world.api.texts(GROUP.id)) == 16


async def test_a_chat_that_is_slow_fills_nobody_elses_place(world: World) -> None:
    """Of one chat so many wait and no more; the others are fetched and answered meanwhile."""
    world.api.slow = ANN.id
    async with world.bot(limit=0) as inbox:
        for _ in range(30):
            async with asyncio.timeout(5):
                await inbox.receive(world.questions(50))
        await inbox.receive(world.questions(1, BEN))
        async with asyncio.timeout(5):
            while not world.api.texts(BEN.id):
                await asyncio.sleep(0)
        assert len(inbox) < LONGEST + 50
        world.api.released.set()
    assert LONGEST <= len(world.api.texts(ANN.id)) < LONGEST + 50


async def test_the_number_of_nobody_is_kept(world: World) -> None:
    """The library keeps those of all chats and people for a store; here is none."""
    async with world.bot() as inbox:
        for number in range(30):
            await inbox.receive(world.questions(1, Person(5000 + number, "P")))
    assert not world.application._chat_ids_to_be_updated_in_persistence
    assert not world.application._user_ids_to_be_updated_in_persistence


def test_what_asks_nothing_passes() -> None:
    """That the bot was added or a group has moved is never turned away, however many wait."""
    gate = Gate(Allowance(1), lambda: NOW, Vitals())
    moved = {"message": {"migrate_to_chat_id": -5, "chat": {"id": 1}}}
    for update in ({"my_chat_member": {"chat": {"id": 1}}}, moved, {"inline_query": {"id": "1"}}):
        assert not gate.shut(update, LONGEST)
    assert gate.shut({"message": {"text": "/cost", "chat": {"id": 1}}}, LONGEST)


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "from", "chat", "sender_chat", *SAYING]), inner)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*ASKING, "update_id", "poll"]), _ANY))
def test_updates_of_no_known_shape_pass(update: dict[str, Any]) -> None:
    """It looks at what comes from outside, so it looks before it touches."""
    allowance = Allowance(1)
    assert not Gate(allowance, lambda: NOW, Vitals()).shut(update)
