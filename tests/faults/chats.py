"""Chats: trouble that people, their chats and their updates make."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from bot.local_api.chats import Chat
from tests.faults.crowd import NUMBER
from tests.faults.process import TOKEN, Process
from tests.faults.weather import Fault, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.world import World

BLOCKED = refused(403, "Forbidden: bot was blocked by the user")
KICKED = refused(403, "Forbidden: bot was kicked from the supergroup chat")
GONE = refused(400, "Bad Request: chat not found")
TOPIC = refused(400, "Bad Request: TOPIC_CLOSED")
MARKUP = refused(400, "Bad Request: can't parse entities: unsupported start tag")
UNEDITABLE = refused(400, "Bad Request: message can't be edited")
TRIES = 3  # after which the bot lets an update be that ends it


async def closed(world: World, seconds: float) -> None:
    """Some chats are closed to the bot, one has moved, in one mark-up is refused."""
    chats = world.crowd.chats
    silent = dict(zip((str(c.id) for c in chats), (BLOCKED, GONE, KICKED, TOPIC), strict=False))
    odd, moved, new = str(chats[4].id), str(chats[-1].id), Chat(-1_001_999_999_999, "supergroup")
    world.server.api.chats.join(new)
    away = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=new.id)

    def decide(method: str, said: Mapping[str, str]) -> Fault | None:
        chat = said.get("chat_id", "")
        if method != "sendMessage":
            return None
        if chat == odd and "parse_mode" in said:
            return MARKUP
        return away if chat == moved else silent.get(chat)

    world.weather.rule(decide)
    await asyncio.sleep(seconds)
    await world.crowd.settle(2.0)
    excused = {q.number for q in world.crowd.open() if str(q.chat) in silent}
    world.crowd.excused |= excused
    world.notes.append(f"not answered where nobody may write: {len(excused)}")


async def pressed(world: World, seconds: float) -> None:
    """Buttons are pressed under messages, of which every second one cannot be changed."""
    turns = 0

    def decide(method: str, said: Mapping[str, str]) -> Fault | None:
        nonlocal turns
        turns += method == "editMessageText"
        return UNEDITABLE if method == "editMessageText" and turns % 2 else None

    world.weather.rule(decide)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(0.3)
        sent = world.random.choice(world.server.sent).message
        world.crowd.press(sent)


async def unknown(world: World, seconds: float) -> None:
    """Updates of no known shape come in between: of newer versions, or with wrong types."""
    incoming, end, sent = world.server.api.incoming, time.monotonic() + seconds, 0
    while time.monotonic() < end:
        chat = world.random.choice(world.crowd.chats).as_json()
        for content in _odd(chat):
            world.crowd.deliver(incoming.update("message", content))
            world.crowd.deliver(incoming.update("callback_query", content))
            sent += 2
        await asyncio.sleep(1.0)
    world.notes.append(f"odd updates {sent}")


def _odd(chat: dict[str, Any]) -> list[Any]:
    whole = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "from": chat}
    return [
        {},
        [],
        7,
        {"chat": chat},
        whole | {"text": 5},
        whole | {"date": "yesterday"},
        whole | {"chat": {**chat, "type": "planet", "new_field": {"deep": [1]}}},
        whole | {"chat": {"id": 2**70, "type": "private"}},
        whole | {"gift_of_a_newer_version": {"id": 1}},
        whole | {"text": "/cost", "entities": [{"type": "new", "offset": -3, "length": 2**40}]},
        {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "A"}, "data": 5},
    ]


async def redelivered(world: World, seconds: float) -> None:
    """Telegram hands over updates again that it has handed over before."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(0.1)
        world.crowd.deliver(world.random.choice(world.crowd.updates))


async def conflict(world: World, seconds: float) -> None:
    """A second process polls with the same token and the same state, for half of the time."""
    await asyncio.sleep(seconds / 4)
    here = world.bot
    other = Process(here.folder, world.server)
    await other.start()
    await asyncio.sleep(seconds / 2)
    await other.terminate()
    world.mark()
    await asyncio.sleep(seconds / 4)


async def poison(world: World, seconds: float) -> None:
    """One question ends the process whenever it is answered; others in all chats wait behind it."""
    question = world.crowd.ask()
    world.crowd.excused.add(question.number)
    ending: list[asyncio.Task[None]] = []

    async def end() -> None:
        await world.bot.kill()
        await world.bot.start()

    def decide(method: str, said: Mapping[str, str]) -> Fault | None:
        found = NUMBER.search(said.get("text", ""))
        if not found or (found[1] or found[2]).replace(",", "") != str(question.number):
            return None
        world.mark()
        ending.append(asyncio.create_task(end()))
        return Fault("poison", cut=True)

    world.weather.rule(decide)
    await asyncio.sleep(seconds)
    world.notes.append(f"the process ended {len(ending)} times; it should {TRIES} times")


async def revoked(world: World, seconds: float) -> None:
    """The token is taken back: the process ends with one sentence; later it is started again."""
    await asyncio.sleep(seconds / 3)
    before = world.bot.log
    world.server.api.token = "1:another"  # noqa: S105  # opens nothing
    status = await world.bot.ended(45.0)
    said = world.bot.log.removeprefix(before).strip()
    world.notes += [f"ended with status {status}, saying:", *said.splitlines()]
    world.server.api.token = TOKEN
    world.mark()
    await world.bot.start()
    await asyncio.sleep(seconds / 3)
