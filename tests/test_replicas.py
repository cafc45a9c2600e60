"""Replicas: several bots on one PostgreSQL answer as one, whoever of them ends meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest
from telegram.ext import TypeHandler

from bot import replica as module
from bot.app import build_application
from bot.chores import Chores
from bot.config import Secret, Settings
from bot.health import Health
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BEN, Chat, Person
from bot.pace import Pace
from bot.replica import Replica
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from knowledge.build import build
from tests.cluster import PASSWORD, WITHOUT, programs
from tests.conftest import NOW
from tests.faults.world import run
from tests.test_postgres import cut as cut_off
from tests.test_subscriptions import FAST, ROW, changed, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from telegram import Update

    from tests.cluster import Cluster
    from tests.faults.world import World

PATIENCE = 20.0  # seconds


class Member:
    """One bot of several."""

    def __init__(self, api: LocalBotApi, address: str, knowledge: Path) -> None:
        self.api = api
        self.state = State.open(address)
        self.application = build_application(
            Settings(token=Secret("1:test"), answers_per_minute=0),
            KnowledgeBase.open(knowledge),
            request=api,
            state=self.state,
            easel=Sketches(),
            watched=knowledge,
            pace=Pace(FAST, chance=lambda: -0.5),  # of a pause that varies by half nothing is left
            clock=lambda: NOW,
        )
        self.inbox = Replica(self.application, self.state, lambda: NOW, first_pause=0.0)

    async def ask(self, *texts: str, user: Person = ANN) -> None:
        """Hand it questions, as the load balancer does."""
        messages = [self.api.incoming.message(text, user=user) for text in texts]
        await self.inbox.receive(messages)

    async def announce(self) -> None:
        """Do its chores."""
        await self.application.bot_data[Chores].once(self.application.bot)

    @property
    def trouble(self) -> str | None:
        """What it says of its health."""
        health: Health = self.application.bot_data[Health]
        health.vitals.mode = "webhook"
        return health.trouble()


class Fleet:
    """Bots on one database, in front of one Bot API."""

    def __init__(self, address: str, knowledge: Path, stack: AsyncExitStack) -> None:
        self.address = address
        self.knowledge = knowledge
        self.api = LocalBotApi(lambda: NOW)
        self._stack = stack

    async def join(self, prepare: Callable[[Member], object] = lambda _: None) -> Member:
        """One more bot."""
        member = Member(self.api, self.address, self.knowledge)
        prepare(member)
        self._stack.callback(member.state.close)
        await self._stack.enter_async_context(member.application)
        self._stack.push_async_callback(member.inbox.close, 1.0)
        await member.inbox.start()
        return member

    def given(self, person: Person | None = None) -> list[str]:
        """What one person was answered, or all: the first words."""
        sent = [c.result for c in self.api.calls if c.method == "sendMessage" and not c.error]
        mine = [m for m in sent if person is None or m["chat"]["id"] == person.id]
        return [m["text"].split()[0] for m in mine]

    async def until_given(self, person: Person, count: int) -> None:
        """Wait until somebody has so many answers."""
        await until(lambda: len(self.given(person)) == count)


async def until(happened: Callable[[], object]) -> None:
    """Let the bots work until this is true."""
    async with asyncio.timeout(PATIENCE):
        while not happened():
            await asyncio.sleep(0.005)


@pytest.fixture
async def fleet(
    postgres: str, knowledge: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Fleet]:
    """No bot yet."""
    monkeypatch.setattr(module, "LOOK", 0.02)
    async with AsyncExitStack() as stack:
        yield Fleet(postgres, knowledge, stack)


def holding(ready: asyncio.Event) -> Callable[[Member], object]:
    """Let a bot answer nothing before a time."""

    async def hold(update: Update, _: Any) -> None:
        await ready.wait()

    return lambda member: member.application.add_handler(TypeHandler(object, hold), group=-1)


# --------------------------------------------------------------------------- who answers what


async def test_any_replica_takes_any_update(fleet: Fleet) -> None:
    """Whoever is handed a question, each is answered once, and in each chat in order."""
    members = [await fleet.join() for _ in range(3)]
    people = [Person(50 + n, f"P{n}") for n in range(10)]
    years = range(2018, 2026)
    for year in years:
        for n, person in enumerate(people):
            await members[(year + n) % 3].ask(f"/cost {year}", user=person)
    await until(lambda: len(fleet.given()) >= len(people) * len(years))
    for person in people:
        assert fleet.given(person) == [f"{year}:" for year in years]
    assert members[0].state.left(members[0].application.bot.id) == []


async def test_a_conversation_stays_where_it_is_remembered(fleet: Fleet) -> None:
    """A follow-up is answered by whom it follows up on, whoever is handed it."""
    one, other = await fleet.join(), await fleet.join()
    await one.ask("/cost 2021")
    await until(lambda: len(fleet.given(ANN)) == 1)
    for n in range(4):
        await other.ask("and the year after?")
        await fleet.until_given(ANN, 2 + n)
    assert fleet.given(ANN) == [f"{year}:" for year in range(2021, 2026)]


async def test_an_edited_question_changes_its_one_answer(fleet: Fleet) -> None:
    """Also where another replica hears of the change."""
    one, other = await fleet.join(), await fleet.join()
    incoming = fleet.api.incoming
    update = incoming.message("/cost 2021")
    await one.inbox.receive([update])
    await until(lambda: len(fleet.given(ANN)) == 1)
    await other.inbox.receive([incoming.edited(update["message"], "/cost 2022")])
    await until(lambda: any(c.method == "editMessageText" for c in fleet.api.calls))
    assert len(fleet.given(ANN)) == 1


async def test_a_chat_waits_for_the_replica_that_works_on_it(fleet: Fleet) -> None:
    """A second replica does not answer before the first has, however long that takes."""
    ready = asyncio.Event()
    slow, quick = await fleet.join(holding(ready)), await fleet.join()
    await slow.ask("/cost 2021")
    await until(lambda: len(slow.inbox))
    await quick.ask("/cost 2022")
    await quick.ask("/cost 2023", user=BEN)
    await until(lambda: fleet.given(BEN))
    assert fleet.given(ANN) == []
    ready.set()
    await until(lambda: len(fleet.given(ANN)) == 2)
    assert fleet.given(ANN) == ["2021:", "2022:"]


async def test_a_replica_without_room_leaves_chats_to_others(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it is handed beyond that is kept, and answered by whoever has room."""
    monkeypatch.setattr(module, "CHATS", 2)
    ready = asyncio.Event()
    full, idle = await fleet.join(holding(ready)), await fleet.join()
    people = [Person(50 + n, f"P{n}") for n in range(6)]
    for person in people:
        await full.ask("/cost 2023", user=person)
    await until(lambda: len(fleet.given()) == 4 and not len(idle.inbox))
    assert len(full.inbox) == 2
    ready.set()
    await until(lambda: len(fleet.given()) == 6)
    assert all(fleet.given(person) == ["2023:"] for person in people)


# --------------------------------------------------------------------------- one ends


async def test_a_stopped_replica_leaves_its_chats_to_others(fleet: Fleet) -> None:
    """What it could not answer before its end is answered by another, without being asked to."""
    stopping, other = await fleet.join(holding(asyncio.Event())), await fleet.join()
    await stopping.ask("/cost 2021", "/cost 2022")
    await until(lambda: len(stopping.inbox))
    await stopping.inbox.close(0.01)
    await until(lambda: len(fleet.given(ANN)) == 2)
    assert fleet.given(ANN) == ["2021:", "2022:"]
    await until(lambda: not len(other.inbox))


async def test_after_a_cut_nothing_is_answered_twice(fleet: Fleet) -> None:
    """A replica whose connection ends finishes what it does, and is not taken for dead."""
    ready = asyncio.Event()
    cut, other = await fleet.join(holding(ready)), await fleet.join()
    await cut.ask("/cost 2021", "/cost 2022")
    await until(lambda: len(cut.inbox))
    cut_off(fleet.address)
    ready.set()
    await until(lambda: len(fleet.given(ANN)) == 2)
    await until(lambda: not cut.inbox._owed and not cut.state.left(cut.application.bot.id))
    assert fleet.given(ANN) == ["2021:", "2022:"]
    await other.ask("/cost 2023")
    await until(lambda: len(fleet.given(ANN)) == 3)


async def test_while_the_database_is_away_questions_are_answered(
    fleet: Fleet, cluster: Cluster
) -> None:
    """From memory, and health says so; once it is back nothing is answered again."""
    members = [await fleet.join(), await fleet.join()]
    assert [member.trouble for member in members] == [None, None]
    cluster.stop("immediate")
    try:
        for n, year in enumerate((2021, 2022, 2023)):
            for person in (ANN, BEN):
                await members[person is BEN].ask(f"/cost {year}", user=person)
                await fleet.until_given(person, n + 1)
        assert all("the state cannot be written" in (m.trouble or "") for m in members)
    finally:
        cluster.start()
    await until(lambda: not any(member.trouble for member in members))
    await until(lambda: not any(member.inbox._owed for member in members))
    assert fleet.given(ANN) == fleet.given(BEN) == ["2021:", "2022:", "2023:"]


# --------------------------------------------------------------------------- what one of them does


async def test_one_of_them_tells_of_changes(fleet: Fleet, tmp_path: Path) -> None:
    """Several notice the new data at the same time; every subscriber hears of it once."""
    fleet.knowledge = tmp_path / "knowledge.sqlite3"
    build(fleet.knowledge)
    members = [await fleet.join() for _ in range(3)]
    people = [Person(10_000 + n, "P") for n in range(50)]
    for person in people:
        fleet.api.chats.join(Chat(person.id, "private"), person)
    await asyncio.gather(*(member.announce() for member in members))
    for person in people:
        members[0].state.subscribe(person.id, 0)
    build(fleet.knowledge, changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    await asyncio.gather(*(member.announce() for member in members))
    assert Counter(told(fleet.api)) == dict.fromkeys((person.id for person in people), 1)
    edition = members[0].state.edition()
    assert edition
    assert edition.number == 2


async def test_another_goes_on_when_that_one_ends(fleet: Fleet, tmp_path: Path) -> None:
    """Whoever tells of changes need not be the one that did before."""
    fleet.knowledge = tmp_path / "knowledge.sqlite3"
    build(fleet.knowledge)
    first, second = await fleet.join(), await fleet.join()
    await first.announce()
    first.state.subscribe(ANN.id, 0)
    build(fleet.knowledge, changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    await second.announce()
    assert told(fleet.api) == []
    first.state.close()
    while not told(fleet.api):
        await second.announce()
    assert told(fleet.api) == [ANN.id]


# --------------------------------------------------------------------------- processes


@pytest.mark.skipif(programs() is None, reason=WITHOUT)
async def test_a_rolling_restart_loses_nothing() -> None:
    """Real processes: one is stopped, the other killed, each started again; all is answered."""

    async def trouble(world: World, seconds: float) -> None:
        assert world.caller
        for number, bot in enumerate(world.bots):
            await world.caller.listening(number)
            world.mark()
            await (bot.kill() if number else bot.terminate())
            await asyncio.sleep(seconds / 4)
            await bot.start()
            await world.caller.listening(number)
            await asyncio.sleep(seconds / 4)
            assert "State: PostgreSQL, state1 at " in bot.log
            assert PASSWORD not in bot.log

    found = await run(trouble, seconds=2.0, seed=1, a_second=20.0, mode="replicas")
    assert found.asked > 20
    assert found.answered == found.asked
    assert found.good, "\n".join(found.lines())
