"""Subscriptions: who is told of changed data, once, and what a rebuilt knowledge base changes."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.announcer import AT_ONCE
from bot.app import build_application
from bot.changes import FORM, changes, figures, kept, known
from bot.chores import Chores
from bot.config import Secret, Settings
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BEN, FORUM, GROUP, SUPERGROUP, Chat, Person
from bot.local_api.rules import ApiError
from bot.pace import Pace
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from knowledge.build import DATA, build
from tests.bot_api_server import serving
from tests.conftest import NOW, ChatDriver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ROW = "{ year = 2023, value = 0.08 }"
FAST = 5000  # messages a second, where Telegram would take 30


def changed(folder: Path, *edits: tuple[str, str]) -> Path:
    """A copy of the data with other rows in the table."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(DATA, data)
    series = data / "series" / "post-inference.toml"
    text = series.read_text()
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    series.write_text(text)
    return data


class World:
    """A bot that watches its knowledge base, and a day that can pass."""

    def __init__(self, path: Path, api: LocalBotApi, state: State) -> None:
        self.path = path
        self.api = api
        self.day = NOW
        self.application = build_application(
            Settings(token=Secret("1:test"), answers_per_minute=0),
            KnowledgeBase.open(path),
            request=api,
            state=state,
            easel=Sketches(),
            watched=path,
            pace=Pace(FAST),
            clock=lambda: self.day,
        )
        self.chat = ChatDriver(self.application, api)

    async def pass_by(self, data: Path | None = None) -> list[dict[str, Any]]:
        """Build other data, if any, and do the chores; the messages that nobody asked for."""
        if data:
            build(self.path, data)
        since = len(self.api.calls)
        await self.application.bot_data[Chores].once(self.application.bot)
        return self.api.changed(since)


@pytest.fixture
async def world(tmp_path: Path, api: LocalBotApi, state: State) -> AsyncIterator[World]:
    """The world before anything changed, its bot having looked at the data once."""
    path = tmp_path / "knowledge.sqlite3"
    build(path)
    for group in (GROUP, SUPERGROUP, FORUM):
        api.chats.join(group, ANN, BEN)
        api.chats.administrators[group.id] = [ANN]
    world = World(path, api, state)
    async with world.application:
        assert await world.pass_by() == []
        yield world


# --------------------------------------------------------------------------- a rebuilt base


async def test_a_rebuilt_knowledge_base_is_served_at_once(world: World, tmp_path: Path) -> None:
    """Messages, buttons and inline answers come from the new file, without a restart."""
    assert "$0.08" in await world.chat("/cost 2023")
    card = dict(world.chat.last)
    await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    assert "$0.07" in await world.chat("/cost 2023")
    world.chat.last = card
    await world.chat.press("2022")
    assert "$0.07" in await world.chat.press("2023")
    await world.chat.tell(world.api.incoming.inline_query("cost 2023"))
    results = world.api.calls[-1].parameters["results"]
    assert any("$0.07" in str(result) for result in results)


@pytest.mark.parametrize("broken", [b"", b"not a database", None])
async def test_a_broken_file_changes_nothing(world: World, broken: bytes | None) -> None:
    """While the new file is missing, empty or damaged, the bot goes on with the old one."""
    world.path.unlink()
    if broken is not None:
        world.path.write_bytes(broken)
    await world.pass_by()
    assert "$0.08" in await world.chat("/cost 2023")


async def test_a_file_of_another_shape_is_left(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What a newer version of the code has built is not read by the older one, which says so."""
    data = changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))
    build(world.path, data)
    with sqlite3.connect(world.path) as connection:
        connection.execute("UPDATE meta SET value = 'other' WHERE key = 'shape'")
    connection.close()
    await world.pass_by()
    assert "$0.08" in await world.chat("/cost 2023")
    assert "restart to use it" in caplog.text


# --------------------------------------------------------------------------- telling


async def test_a_change_is_told_once(world: World, tmp_path: Path) -> None:
    """One message: what changed, from what to what, with its link and a button that stops it."""
    assert "Subscribed here" in await world.chat("/subscribe")
    assert "Already subscribed" in await world.chat("/subscribe")
    data = changed(
        tmp_path,
        (ROW, "{ year = 2023, value = 0.07 }"),
        (
            "{ year = 2018, value = 1.00 },",
            "{ year = 2017, value = 1.5 }, { year = 2018, value = 1 },",
        ),
    )
    (message,) = await world.pass_by(data)
    assert message["text"].startswith("The data changed: 1 corrected and 1 new\n")
    assert "/cost 2023: $0.07 per inference; it was $0.08 per inference" in message["text"]
    assert "/cost 2017: $1.50 per inference (new)" in message["text"]
    links = [e["url"] for e in message["entities"] if e["type"] == "text_link"]
    assert len(links) == 2
    assert await world.pass_by() == []
    world.chat.last = message
    assert "Unsubscribed" in await world.chat.press("Stop these messages")
    world.day += timedelta(days=1)
    assert await world.pass_by(changed(tmp_path, ("value = 0.07", "value = 0.09"))) == []


async def test_who_did_not_subscribe_hears_nothing(world: World, tmp_path: Path) -> None:
    """Asking questions is no subscription."""
    await world.chat("/cost 2023")
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))) == []


async def test_who_subscribes_later_hears_of_what_comes_later(world: World, tmp_path: Path) -> None:
    """News begin with the next change."""
    await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    await world.chat("/subscribe")
    world.day += timedelta(days=1)
    assert await world.pass_by() == []


async def test_one_message_a_day_at_most(world: World, tmp_path: Path) -> None:
    """What changes again on the same day is told on the next, as from what was told last."""
    await world.chat("/subscribe")
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    for value in ("0.06", "0.05"):
        data = changed(tmp_path, ("2023, value = 0.07", f"2023, value = {value}"))
        assert await world.pass_by(data) == []
        changed(tmp_path, (f"2023, value = {value}", "2023, value = 0.07"))
    build(world.path, changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.05")))
    world.day += timedelta(days=1)
    (message,) = await world.pass_by()
    assert "$0.05 per inference; it was $0.07" in message["text"]


async def test_what_changes_back_is_not_told(world: World, tmp_path: Path) -> None:
    """A slip that was put right on the same day is no news."""
    await world.chat("/subscribe")
    await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    await world.pass_by(changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.06")))
    world.day += timedelta(days=1)
    assert (
        await world.pass_by(changed(tmp_path, ("2023, value = 0.06", "2023, value = 0.07"))) == []
    )


async def test_a_change_while_the_bot_was_off_is_told(
    world: World, tmp_path: Path, api: LocalBotApi
) -> None:
    """What was told is remembered over a restart, so that new data are compared with it."""
    state = State.open(str(tmp_path / "state.sqlite3"))
    first = World(world.path, api, state)
    async with first.application:
        await first.pass_by()
        await first.chat("/subscribe")
    build(world.path, changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    again = World(world.path, api, State.open(str(tmp_path / "state.sqlite3")))
    async with again.application:
        assert len(await again.pass_by()) == 1
        assert await again.pass_by() == []


async def test_news_go_to_the_chosen_topic(world: World, tmp_path: Path) -> None:
    """A forum hears in the topic where it subscribed, General included, and only there."""
    await world.chat("/subscribe", chat=FORUM, thread=7)
    await world.chat("/subscribe", chat=SUPERGROUP)
    told = await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    where = {(m["chat"]["id"], m.get("message_thread_id")) for m in told}
    assert where == {(FORUM.id, 7), (SUPERGROUP.id, None)}
    await world.chat("/subscribe", chat=FORUM)
    world.day += timedelta(days=1)
    told = await world.pass_by(changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.06")))
    where = {(m["chat"]["id"], m.get("message_thread_id")) for m in told}
    assert where == {(FORUM.id, None), (SUPERGROUP.id, None)}


async def test_only_admins_subscribe_a_group(world: World, tmp_path: Path) -> None:
    """Neither a command nor the button under the news does it for anybody else."""
    assert "Only the admins" in await world.chat("/subscribe", group=True, user=BEN)
    assert "Subscribed here" in await world.chat("/subscribe", group=True, user=ANN)
    (message,) = await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    world.chat.last = message
    assert "Only the admins" in await world.chat.press("Stop these messages", user=BEN)
    assert "Unsubscribed" in await world.chat.press("Stop these messages", user=ANN)


@pytest.mark.parametrize(
    ("error", "still"),
    [
        (ApiError(403, "Forbidden: bot was blocked by the user"), False),
        (ApiError(400, "Bad Request: chat not found"), False),
        (ApiError(400, "Bad Request: message thread not found"), False),
        (ApiError(403, "Forbidden: user is deactivated"), False),
        (ApiError(400, "Bad Request: TOPIC_DELETED"), False),
        (ApiError(400, "Bad Request: TOPIC_CLOSED"), True),
        (ApiError(400, "Bad Request: SOMETHING_NEW"), True),
        (ApiError(400, "Bad Request: not enough rights to send text messages"), True),
    ],
)
async def test_who_can_no_longer_be_told_is_dropped(
    error: ApiError, still: bool, world: World, tmp_path: Path
) -> None:
    """A chat that is gone is not tried again; one that is closed for now is, at the next news."""
    await world.chat("/subscribe")
    world.api.refuse("sendMessage", error)
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))) == []
    world.day += timedelta(days=1)
    told = await world.pass_by(changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.06")))
    assert bool(told) is still


async def test_a_moved_group_is_told_where_it_is(world: World, tmp_path: Path) -> None:
    """Telegram's word that a group became a supergroup is taken, and the news go there."""
    await world.chat("/subscribe", group=True)
    error = ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=SUPERGROUP.id,
    )
    world.api.refuse("sendMessage", error)
    data = changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))
    told = [*await world.pass_by(data), *await world.pass_by()]
    assert [m["chat"]["id"] for m in told] == [SUPERGROUP.id]


async def test_a_message_of_ours_that_is_refused_costs_nobody_the_news(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A defect in the text is logged, and nobody is unsubscribed for it."""
    await world.chat("/subscribe")
    world.api.refuse("sendMessage", ApiError(400, "Bad Request: can't parse entities"))
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))) == []
    assert "cannot be told" in caplog.text
    assert len(await world.pass_by()) == 1


async def test_what_may_have_arrived_is_not_sent_again(world: World, tmp_path: Path) -> None:
    """A gateway that timed out has passed the message on; what was turned away has not arrived."""
    await world.chat("/subscribe")
    world.api.refuse("sendMessage", ApiError(504, "Gateway Timeout"))
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }"))) == []
    assert await world.pass_by() == []


async def test_a_day_is_a_day_for_each_chat(world: World, tmp_path: Path) -> None:
    """Two changes around midnight are two messages a day apart."""
    await world.chat("/subscribe")
    world.day = NOW.replace(hour=23, minute=59)
    assert await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    world.day += timedelta(minutes=2)
    data = changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.06"))
    assert await world.pass_by(data) == []
    world.day += timedelta(days=1)
    assert len(await world.pass_by()) == 1


async def test_who_subscribes_between_hears_of_what_comes_later(
    world: World, tmp_path: Path
) -> None:
    """News begin with the figures that were served at the time."""
    await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    await world.pass_by(changed(tmp_path, ("2023, value = 0.07", "2023, value = 0.06")))
    await world.chat("/subscribe")
    world.day += timedelta(days=1)
    (message,) = await world.pass_by(
        changed(tmp_path, ("2023, value = 0.06", "2023, value = 0.05"))
    )
    assert "$0.05 per inference; it was $0.06" in message["text"]


async def test_news_stay_when_they_are_stopped(world: World, tmp_path: Path) -> None:
    """A button under them says what it did, and leaves the others what they can read."""
    await world.chat("/subscribe")
    (message,) = await world.pass_by(changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    world.chat.last = message
    assert "Settings of this chat" in await world.chat.press("Settings")
    assert world.chat.last["message_id"] != message["message_id"]
    world.chat.last = message
    await world.chat.press("Stop these messages")
    key = (message["chat"]["id"], message["message_id"])
    assert world.api.chats.messages[key]["text"] == message["text"]


# --------------------------------------------------------------------------- figures


def test_figures_are_kept_as_they_are(kb: KnowledgeBase) -> None:
    """What is stored of an edition gives the same figures; another version's gives none."""
    now = figures(kb)
    assert known(kept(now)) == now
    assert changes(now, now) == ()
    assert known(kept(now).replace(f'"form": {FORM}', '"form": 0')) is None


def test_figures_cover_what_was_typed(kb: KnowledgeBase) -> None:
    """Each row of the table, the headline and each study's claims are figures of their own."""
    commands = set(figures(kb))
    assert {f"/cost {point.year}" for point in kb.series().points} < commands
    assert {f"/study {study.number}" for study in kb.studies()} < commands
    assert "/sources" in commands


# --------------------------------------------------------------------------- many, and a kill

KILLED = """
import asyncio, sys
from pathlib import Path
from bot.app import build_application
from bot.chores import Chores
from bot.config import Secret, Settings
from bot.pace import Pace
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase

root, knowledge, state = sys.argv[1:]

async def main():
    application = build_application(
        Settings(token=Secret("1:test"), api_url=root), KnowledgeBase.open(Path(knowledge)),
        state=State.open(state), easel=Sketches(), watched=Path(knowledge), pace=Pace(400))
    async with application:
        await application.bot_data[Chores].once(application.bot)

asyncio.run(main())
"""


async def test_two_thousand_chats_and_a_kill_half_way(tmp_path: Path) -> None:
    """The bot dies in the midst of an announcement; in the end each chat has exactly one."""
    people = [Person(10_000 + n, f"Person {n}") for n in range(2000)]
    knowledge, path = tmp_path / "knowledge.sqlite3", tmp_path / "state.sqlite3"
    build(knowledge)
    state = State.open(str(path))
    api = LocalBotApi(lambda: NOW)
    world = World(knowledge, api, state)
    async with world.application:
        await world.pass_by()
        for person in people:
            state.subscribe(person.id, 0)
    build(knowledge, changed(tmp_path, (ROW, "{ year = 2023, value = 0.07 }")))
    for person in people:
        api.chats.join(Chat(person.id, "private"), person)
    run = [sys.executable, "-c", KILLED]
    async with serving(api) as server:
        run += [server.root, str(knowledge), str(path)]
        first = await asyncio.create_subprocess_exec(*run)
        await server.until(lambda: len(told(api)) >= len(people) / 2)
        server.stall()  # so that the bot dies without having heard what became of the last ones
        await server.until(lambda: server.unanswered == AT_ONCE)
        first.kill()
        assert await first.wait() != 0
        assert len(told(api)) < len(people)
        server.resume()
        second = await asyncio.create_subprocess_exec(*run)
        assert await second.wait() == 0
    assert Counter(told(api)) == dict.fromkeys((person.id for person in people), 1)


def told(api: LocalBotApi) -> list[int]:
    """Who was told, as often as they were."""
    return [call.parameters["chat_id"] for call in api.calls if call.method == "sendMessage"]
