"""The inbox: what Telegram handed over is answered, in order, whatever ends or fails meanwhile."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.ext import TypeHandler

from bot.addressing import LATE
from bot.app import build_application
from bot.config import Secret, Settings
from bot.inbox import DAY, MOST, UNSURE, Inbox
from bot.letters import as_letter, chat_of
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BEN, GROUP, Person
from bot.local_api.rules import ApiError
from bot.pace import Pace
from bot.replica import Replica
from bot.tables import Letter
from bot.terminal import Sketches
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from telegram import Update
    from telegram.ext import Application

    from bot.state import State
    from knowledge.base import KnowledgeBase

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class World:
    """A Bot API, a state that outlives the bot, and a time that can pass; tries follow at once."""

    def __init__(self, kb: KnowledgeBase, state: State) -> None:
        self.kb = kb
        self.api = LocalBotApi(self.time)
        self.state = state
        self.now = NOW

    def time(self) -> datetime:
        return self.now

    def made(self) -> AnyApplication:
        """The bot's application, not started."""
        return build_application(
            Settings(token=Secret("1:test"), answers_per_minute=0),
            self.kb,
            request=self.api,
            easel=Sketches(),
            pace=Pace(chance=lambda: -0.5),  # of a pause that varies by half nothing is left
            clock=self.time,
        )

    @asynccontextmanager
    async def bot(self, made: AnyApplication | None = None) -> AsyncIterator[Inbox]:
        """The bot from a start to a stop; it stops when nothing is left to do."""
        application = made or self.made()
        async with application:
            kind = Inbox if self.state.database.locks is None else Replica
            inbox = kind(application, self.state, self.time, first_pause=0.0)
            await inbox.start()
            yield inbox
            async with asyncio.timeout(10):
                while len(inbox):
                    await asyncio.sleep(0)
            await inbox.close(5)

    def answers(self) -> list[str]:
        """What was answered, chat and question."""
        return [
            f"{m['chat']['id']}: {m['text'].splitlines()[0]}"
            for call in self.api.calls
            if call.method == "sendMessage" and not call.error
            for m in [call.result]
        ]


@pytest.fixture
def world(kb: KnowledgeBase, state: State) -> World:
    """The world at noon, with a state in one database and in the other."""
    return World(kb, state)


async def test_what_is_handed_over_is_answered_once(world: World) -> None:
    """Handed over again, the same update is known; afterwards nothing of what it says is kept."""
    update = world.api.incoming.message("/cost 2023")
    async with world.bot() as inbox:
        await inbox.receive([update])
        await inbox.receive([update, update])
    async with world.bot() as inbox:
        await inbox.receive([update])
    assert world.answers() == [f"{ANN.id}: 2023: $0.08 per inference"]
    assert world.state.left(inbox_bot(world)) == []


def inbox_bot(world: World) -> int:
    """The bot's own id."""
    return int(next(c.result["id"] for c in world.api.calls if c.method == "getMe"))


async def test_what_a_kill_leaves_is_taken_up(world: World) -> None:
    """Updates that were kept but not answered are answered at the next start, in order."""
    updates = [world.api.incoming.message(f"/cost {year}") for year in (2021, 2022, 2023)]
    async with world.bot() as inbox:
        await inbox.receive(updates[:1])
    bot = inbox_bot(world)
    letters = [Letter(bot, u["update_id"], ANN.id, 0, 0, json.dumps(u)) for u in updates]
    later = [letter._replace(received=int(NOW.timestamp())) for letter in letters]
    world.state.receive(later)  # and here the process ended
    async with world.bot():
        pass
    assert [a.split()[1] for a in world.answers()] == ["2021:", "2022:", "2023:"]


async def test_order_is_kept_in_a_chat_and_chats_do_not_wait(world: World) -> None:
    """A person's questions are answered as they came, while others are answered in between."""
    people = [Person(50 + n, f"P{n}") for n in range(20)]
    updates = [
        world.api.incoming.message(f"/cost {year}", user=person)
        for year in range(2018, 2026)
        for person in people
    ]
    async with world.bot() as inbox:
        await inbox.receive(updates)
    for person in people:
        own = [a for a in world.answers() if a.startswith(f"{person.id}: ")]
        assert [a.split()[1] for a in own] == [f"{year}:" for year in range(2018, 2026)]


async def test_a_slow_chat_holds_up_nobody(world: World) -> None:
    """While one update takes its time, other chats get their answers, and its own chat waits."""
    ready = asyncio.Event()

    async def slow(update: Update, _: Any) -> None:
        if update.effective_chat and update.effective_chat.id == BEN.id:
            await ready.wait()

    async with world.bot() as inbox:
        inbox._application.add_handler(TypeHandler(object, slow), group=-1)
        await inbox.receive([world.api.incoming.message("/cost 2021", user=BEN)])
        await inbox.receive([world.api.incoming.message("/cost 2022", user=BEN)])
        await inbox.receive([world.api.incoming.message("/cost 2023", user=ANN)])
        async with asyncio.timeout(5):
            while not world.answers():
                await asyncio.sleep(0)
        assert world.answers() == [f"{ANN.id}: 2023: $0.08 per inference"]
        ready.set()
    assert len(world.answers()) == 3


@pytest.mark.parametrize("failures", [1, 4, UNSURE])
async def test_what_the_network_does_not_carry_is_tried_again(
    failures: int, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What may have arrived, a few times; then it is given up, and the chat goes on."""
    for _ in range(failures):
        world.api.refuse("sendMessage", ApiError(504, "Gateway Timeout"))
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
        await inbox.receive([world.api.incoming.message("/cost 2022")])
    answered = [a.split()[1] for a in world.answers()]
    assert answered == (["2021:", "2022:"] if failures < UNSURE else ["2022:"])
    assert ("is given up" in caplog.text) is (failures == UNSURE)
    async with world.bot():
        pass
    assert len(world.answers()) == len(answered)


async def test_an_update_that_ends_the_process_is_not_tried_forever(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Each try is noted before it is made: after three starts that it ended, it is given up."""
    async with world.bot():
        pass
    update = world.api.incoming.message("/cost 2021")
    letter = Letter(
        inbox_bot(world), update["update_id"], ANN.id, int(NOW.timestamp()), 0, json.dumps(update)
    )
    world.state.receive([letter])
    for _ in range(3):
        world.state.try_again(letter)  # and the process ended
    async with world.bot():
        pass
    assert world.answers() == []
    assert "is given up: it ended the process" in caplog.text


async def test_a_defect_is_told_once_and_not_repeated(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Trying again would fail again: one apology, one line in the log with the same reference."""

    async def broken(update: Update, _: Any) -> None:
        raise ZeroDivisionError

    async with world.bot() as inbox:
        inbox._application.add_handler(TypeHandler(object, broken), group=-1)
        await inbox.receive([world.api.incoming.message("/cost 2021")])
    assert ["something went wrong" in a for a in world.answers()].count(True) == 1
    assert "ZeroDivisionError" in caplog.text


async def test_who_has_blocked_the_bot_is_not_answered_twice(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A chat that is closed is no failure, neither tried again nor an error."""
    world.api.refuse("sendMessage", ApiError(403, "Forbidden: bot was blocked by the user"))
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
    assert len([c for c in world.api.calls if c.method == "sendMessage"]) == 1
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


async def test_after_an_outage_groups_are_not_answered_late(world: World) -> None:
    """A question in private waits as long as it must; a group has gone on."""
    world.api.chats.join(GROUP, ANN)
    updates = [
        world.api.incoming.message("/cost 2021"),
        world.api.incoming.message("/cost 2022", chat=GROUP),
    ]
    world.now = NOW + timedelta(seconds=LATE + 1)
    updates.append(world.api.incoming.message("/cost 2023", chat=GROUP))
    async with world.bot() as inbox:
        await inbox.receive(updates)
    assert sorted(a.split()[1] for a in world.answers()) == ["2021:", "2023:"]


async def test_updates_are_forgotten_after_a_day(world: World) -> None:
    """Nothing of what people wrote stays longer, answered or not."""
    async with world.bot():
        pass
    bot = inbox_bot(world)
    letter = Letter(bot, 7, ANN.id, int(NOW.timestamp()), 3, "{}")
    world.state.receive([letter])
    world.now = NOW + timedelta(seconds=DAY + 1)
    async with world.bot():
        pass
    assert world.state.receive([letter]) == [letter]  # not even its id


async def test_what_ends_the_process_is_looked_for_alone(world: World) -> None:
    """What was in hand at a sudden end is tried one by one, so that it takes no other along."""
    async with world.bot():
        pass
    people = [Person(50 + n, f"P{n}") for n in range(4)]
    updates = [world.api.incoming.message("/cost 2023", user=person) for person in people]
    bot, now = inbox_bot(world), int(NOW.timestamp())
    letters = [as_letter(update, bot, now) for update in updates]
    world.state.receive([letter for letter in letters if letter])
    for letter in letters:
        assert letter
        world.state.try_again(letter)
    at_once, most = 0, 0

    async def count(update: Update, _: Any) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _turn in range(5):
            await asyncio.sleep(0)
        at_once -= 1

    application = world.made()
    application.add_handler(TypeHandler(object, count), group=-1)
    async with world.bot(application):
        pass
    assert most == 1
    assert len(world.answers()) == len(people)


async def test_what_the_network_fails_is_not_what_ends_the_process(world: World) -> None:
    """Only work on an update counts against it: a failed try is taken back, and so is a stop."""
    world.api.refuse("sendMessage", ApiError(504, "Gateway Timeout"))
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
        await inbox.close(5)
    assert [letter.tries for letter in world.state.left(inbox_bot(world))] == [0]


async def test_a_stop_keeps_the_order(world: World) -> None:
    """What could not be answered before the end holds back what its chat said after it."""
    world.api.refuse("sendMessage", ApiError(504, "Gateway Timeout"))
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message(f"/cost {y}") for y in (2021, 2022)])
        await inbox.close(5)
    assert world.answers() == []
    async with world.bot():
        pass
    assert [a.split()[1] for a in world.answers()] == ["2021:", "2022:"]


async def test_nothing_is_given_up_while_telegram_takes_nothing(world: World) -> None:
    """What certainly did not arrive is tried until it does, however often that is."""
    for _ in range(50):
        world.api.refuse("sendMessage", ApiError(500, "Internal Server Error"))
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
    assert len(world.answers()) == 1


async def test_a_token_that_is_taken_back_costs_no_question(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever runs the bot is told; what was asked is answered when there is a token again."""
    async with world.bot() as inbox:
        world.api.token = "1:another"  # noqa: S105  # opens nothing
        await inbox.receive([world.api.incoming.message("/cost 2021")])
        await asyncio.wait_for(inbox.rejected.wait(), 5)
    assert not [r for r in caplog.records if r.levelname == "ERROR"]
    world.api.token = None
    async with world.bot():
        pass
    assert len(world.answers()) == 1


async def test_a_repeated_question_is_the_same_question(world: World) -> None:
    """A follow-up whose answer did not arrive follows up on the question before, not on itself."""
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
        while len(inbox):
            await asyncio.sleep(0)
        world.api.refuse("sendMessage", ApiError(504, "Gateway Timeout"))
        await inbox.receive([world.api.incoming.message("and the year after?")])
    assert [a.split()[1] for a in world.answers()] == ["2021:", "2022:"]


async def test_updates_are_forgotten_while_the_bot_runs(world: World) -> None:
    """A bot that runs for months keeps no more than one that was started today."""
    first = world.api.incoming.message("/cost 2021")
    async with world.bot() as inbox:
        await inbox.receive([first])
        world.now = NOW + timedelta(seconds=DAY + 1)
        await inbox.receive([world.api.incoming.message("/cost 2022")])
    letter = as_letter(first, inbox_bot(world), 0)
    assert letter
    assert world.state.receive([letter]) == [letter]  # not even its id


async def test_a_long_line_lets_others_in_between(world: World) -> None:
    """One chat's many quick updates and another's question take turns."""
    flood = [world.api.incoming.message(f"/cost {2018 + n % 8}", user=BEN) for n in range(200)]
    async with world.bot() as inbox:
        await inbox.receive([*flood, world.api.incoming.message("/cost 2023", user=ANN)])
    mine = [n for n, answer in enumerate(world.answers()) if answer.startswith(f"{ANN.id}: ")]
    assert mine[0] < 10


@pytest.mark.parametrize(
    "odd", [{"poll_answer": {"poll_id": 3}}, {"message": {"text": 5}}, {"something_new": {"a": 1}}]
)
async def test_an_update_that_cannot_be_read_stops_nothing(
    odd: dict[str, Any], world: World
) -> None:
    """What a newer Bot API sends is passed over, and what comes after it is answered."""
    async with world.bot() as inbox:
        await inbox.receive([{"update_id": 999, **odd}, world.api.incoming.message("/cost 2023")])
    assert len(world.answers()) == 1


async def test_only_so_many_are_in_hand(world: World) -> None:
    """Who hands over more waits until there is room, so that memory stays what it is."""
    people = [Person(10_000 + n, "P") for n in range(MOST + 200)]
    updates = [world.api.incoming.message("/cost 2023", user=person) for person in people]
    async with world.bot() as inbox:
        for start in range(0, len(updates), 100):
            await inbox.receive(updates[start : start + 100])
            assert len(inbox) <= MOST + 100
    assert len(world.answers()) == len(people)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "chat", "from", "message", "x"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=3))
def test_any_update_has_a_line(update: dict[str, Any]) -> None:
    """Whatever an update holds, it belongs to somebody's line or to the line of nobody."""
    assert isinstance(chat_of(update), int)


def test_an_update_stands_in_its_chat(kb: KnowledgeBase) -> None:
    """Messages and presses of a chat stand in one line, inline queries in their person's."""
    incoming = LocalBotApi(lambda: NOW).incoming
    message = incoming.message("hi", chat=GROUP)
    assert chat_of(message) == GROUP.id
    assert chat_of(incoming.press(message["message"], "/cost")) == GROUP.id
    assert chat_of(incoming.inline_query("2030", user=BEN)) == BEN.id
