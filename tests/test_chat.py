"""The bot in its chats: whom it answers, where, and what it remembers, over the Bot API."""

from __future__ import annotations

import logging
import re
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct

from bot.app import build_application
from bot.config import Secret, Settings
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BOT, FORUM, GROUP, PRIVATE, SUPERGROUP, Chat, Person
from bot.menu import COMMANDS, MENU
from bot.questions import QUESTIONS
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory
from tests.conftest import NOW, ChatDriver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BO = Person(1001, "Bo", "bo_example")
OTHER_BOT = Person(55, "Rival", "rival_bot", is_bot=True)
TOPIC = 7


class Clock(Struct):
    """A clock that stands still until it is put forward."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def desk(
    kb: KnowledgeBase, api: LocalBotApi, clock: Clock | None = None
) -> AsyncIterator[ChatDriver]:
    """A freshly started bot over a Bot API that may know chats already."""
    settings = Settings(token=Secret("1:test"))
    bot = build_application(settings, kb, request=api, clock=clock or Clock())
    async with bot as application:
        yield ChatDriver(application, api)


def written(chat: ChatDriver, text: str, place: Chat, **more: Any) -> dict[str, Any]:
    """An update with a message to which Telegram added something."""
    update = chat.api.incoming.message(text, chat=place)
    update["message"] |= more
    return update


def sent(chat: ChatDriver) -> list[Any]:
    """What the bot asked Telegram to show."""
    return [call for call in chat.api.calls if call.method == "sendMessage"]


# --------------------------------------------------------------------------- private chats


async def test_a_private_message_is_answered(chat: ChatDriver) -> None:
    """In private everything is for the bot; one message answers one message."""
    assert "2021: $0.30" in await chat("what did it cost in 2021?")
    assert len(sent(chat)) == 1
    assert "reply_parameters" not in sent(chat)[0].parameters
    assert "can't answer" in await chat("tell me a joke about penguins")


async def test_a_follow_up_in_private(chat: ChatDriver) -> None:
    """The last question of a person is remembered for the next message."""
    await chat("cost in 2021")
    assert "2022: $0.15" in await chat("and 2022?")


async def test_an_edited_question_changes_its_answer(chat: ChatDriver) -> None:
    """Correcting a typo changes the answer in place and causes no second message."""
    await chat("cost in 2021")
    answer = chat.last["message_id"]
    assert "2022: $0.15" in await chat("cost in 2022", edited=True)
    assert chat.last["message_id"] == answer
    assert len(sent(chat)) == 1


async def test_an_edited_question_between_text_and_picture(chat: ChatDriver) -> None:
    """A text becomes a picture in place; a picture gives way to a text, and one answer is left."""
    await chat("/cost 2021", group=True)
    text = chat.last["message_id"]
    await chat("/chart cost", edited=True)
    assert chat.last["message_id"] == text
    assert chat.last["photo"]
    assert "2022: $0.15" in await chat("@costcurve_bot cost in 2022", edited=True)
    assert (chat.last["chat"]["id"], text) not in chat.api.chats.messages


@pytest.mark.parametrize("text", ["cost in 2022", "never mind"])
async def test_an_edit_of_what_was_not_answered(chat: ChatDriver, text: str) -> None:
    """Nothing is said to an edited message that had no answer, or one from before a restart."""
    update = chat.api.incoming.message("hm", chat=GROUP)
    await chat.tell(update)
    edited = chat.api.incoming.edited(update["message"], f"@costcurve_bot {text}")
    assert await chat.tell(edited) == ""
    assert sent(chat) == []


async def test_a_caption_is_a_question(chat: ChatDriver) -> None:
    """What is written under a picture counts, in groups where it names the bot."""
    for place, text in ((PRIVATE, "cost in 2021"), (GROUP, "so @costcurve_bot cost in 2021?")):
        update = chat.api.incoming.message(text, chat=place)
        message = update["message"]
        message["caption"] = message.pop("text")
        if "entities" in message:
            message["caption_entities"] = message.pop("entities")
        message["photo"] = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]
        assert "2021: $0.30" in await chat.tell(update)


async def test_who_writes_as_a_chat_is_answered(chat: ChatDriver) -> None:
    """Anonymous admins and channels have a bot of Telegram's as author, and are no bots."""
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    sender = {"id": GROUP.id, "type": "group", "title": "A group"}
    update = written(chat, "/cost 2021", GROUP, **{"from": anonymous, "sender_chat": sender})
    assert "2021: $0.30" in await chat.tell(update)
    update = written(chat, "/cost 2021", GROUP, sender_chat=sender, is_automatic_forward=True)
    assert await chat.tell(update) == ""


@pytest.mark.parametrize("place", [PRIVATE, GROUP])
@pytest.mark.parametrize("more", [{"from": OTHER_BOT.as_json()}, {"via_bot": OTHER_BOT.as_json()}])
async def test_bots_are_never_answered(chat: ChatDriver, place: Chat, more: dict[str, Any]) -> None:
    """Neither other bots nor what people send through one: two bots could talk for ever."""
    assert await chat.tell(written(chat, "/cost 2023", place, **more)) == ""
    assert sent(chat) == []


async def test_a_permalink_asks_again(chat: ChatDriver) -> None:
    """The link under an answer, opened, gives the same answer."""
    first = await chat("what did 20k queries cost in 2021?")
    entities = chat.last["entities"]
    link = next(e["url"] for e in entities if "?start=" in e.get("url", ""))
    assert await chat(f"/start {link.partition('?start=')[2]}") == first


async def test_a_long_message_is_answered(chat: ChatDriver) -> None:
    """4,096 characters, as many as Telegram takes, cause an answer and no error."""
    assert await chat("what did it cost in 2021? " * 157)
    assert await chat("/studies " + "quantum " * 510)
    assert [call.error for call in chat.api.calls if call.error] == []


# --------------------------------------------------------------------------- groups


@pytest.mark.parametrize(
    "text",
    [
        "what did it cost in 2021?",
        "cost 2023",
        "hello",
        "2023",
        "/cost@rival_bot 2023",
        "/unknown_command 2023",
        "see /cost 2023",
        "mail me@costcurve_bot.example",
        "@costcurve_bots cost 2023",
        "@rival_bot cost 2023",
    ],
)
@pytest.mark.parametrize("place", [GROUP, SUPERGROUP])
async def test_a_group_is_left_alone(chat: ChatDriver, text: str, place: Chat) -> None:
    """In groups the bot is silent unless it is addressed."""
    assert await chat(text, chat=place) == ""
    assert sent(chat) == []


@pytest.mark.parametrize(
    "text",
    [
        "/cost 2021",
        "/cost@costcurve_bot 2021",
        "/COST@CostCurve_Bot 2021",
        "@costcurve_bot what did it cost in 2021?",
        "@CostCurve_BOT cost 2021",
        "what did it cost in 2021, @costcurve_bot?",
        "cost in 2021 @costcurve_bot",
        "/ask what did it cost in 2021?",
    ],
)
@pytest.mark.parametrize("place", [GROUP, SUPERGROUP])
async def test_who_addresses_it_is_answered(chat: ChatDriver, text: str, place: Chat) -> None:
    """By command, with or without its name, or by mention, in any case; quoting the question."""
    assert "2021: $0.30" in await chat(text, chat=place)
    assert chat.last["reply_to_message"]["message_id"] == chat.said["message_id"]


async def test_commands_for_another_bot_stay_silent_in_private_too(chat: ChatDriver) -> None:
    """A command that names another bot is not for this one."""
    assert await chat("/cost@rival_bot 2023") == ""


async def test_a_mention_by_its_account(chat: ChatDriver) -> None:
    """A mention without user name points at the account; only this bot's counts."""
    mention = {"type": "text_mention", "offset": 0, "length": 5}
    text = "Curve what did it cost in 2021?"
    ours = [mention | {"user": BOT.as_json()}]
    assert "2021: $0.30" in await chat.tell(written(chat, text, GROUP, entities=ours))
    others = [mention | {"user": BO.as_json()}]
    assert await chat.tell(written(chat, text, GROUP, entities=others)) == ""


async def test_a_bare_mention_is_a_greeting(chat: ChatDriver) -> None:
    """Only its name: the bot says what it is for."""
    assert "What does AI cost" in await chat("@costcurve_bot", group=True)


async def test_a_reply_to_the_bot_is_for_it(chat: ChatDriver) -> None:
    """Replying to an answer needs no name; replying to somebody else stays silent."""
    await chat("/cost 2021", group=True)
    answer, asked = chat.last, chat.said
    assert "2022: $0.15" in await chat("and 2022?", group=True, user=BO, reply_to=answer)
    assert await chat("and 2022?", group=True, user=BO, reply_to=asked) == ""


async def test_a_reply_to_another_bot_is_not_for_it(chat: ChatDriver) -> None:
    """Another bot's message in the same group is not this one's."""
    theirs = chat.api.incoming.message("cost?", chat=GROUP, user=OTHER_BOT)["message"]
    assert await chat("and 2022?", group=True, reply_to=theirs) == ""


@pytest.mark.parametrize("place", [PRIVATE, GROUP])
async def test_a_reply_finds_its_question_without_memory(
    kb: KnowledgeBase, api: LocalBotApi, place: Chat
) -> None:
    """The permalink under an answer says what was asked, so a restart loses no context."""
    async with desk(kb, api) as before:
        await before("/project 2030 headline", chat=place)
        answer = before.last
        await before("/cost 2021", chat=place)
    async with desk(kb, api) as after:
        assert "2035" in await after("and 2035?", chat=place, user=ANN, reply_to=answer)
        assert "headline" in after.last["text"].splitlines()[2]


async def test_a_reply_beats_what_was_asked_last(chat: ChatDriver) -> None:
    """A reply goes on from the answer it quotes, not from the newest one."""
    await chat("/budget $100 2021")
    answer = chat.last
    await chat("/cost 2019")
    assert "$100 in 2023" in await chat("and in 2023?", reply_to=answer)


# --------------------------------------------------------------------------- topics


async def test_an_answer_stays_in_its_topic(chat: ChatDriver) -> None:
    """In a forum the answer lands in the topic of the question and quotes it."""
    assert "2021" in await chat("/cost 2021", thread=TOPIC)
    assert chat.last["message_thread_id"] == TOPIC
    assert sent(chat)[-1].parameters["message_thread_id"] == TOPIC
    assert chat.last["reply_to_message"]["message_id"] == chat.said["message_id"]


async def test_the_general_topic(chat: ChatDriver) -> None:
    """The General topic has no number: naming one there would be refused."""
    assert "2021" in await chat("/cost 2021", chat=FORUM)
    assert "message_thread_id" not in sent(chat)[-1].parameters
    assert chat.last["reply_to_message"]["message_id"] == chat.said["message_id"]


async def test_a_thread_of_replies_is_no_topic(chat: ChatDriver) -> None:
    """Groups number their reply threads as well; sending to that number would be refused."""
    update = chat.api.incoming.message("/cost 2021", chat=SUPERGROUP, thread=TOPIC)
    assert "2021: $0.30" in await chat.tell(update)
    assert "message_thread_id" not in sent(chat)[-1].parameters


async def test_topics_have_their_own_context(chat: ChatDriver) -> None:
    """What was asked in one topic is not followed up in another."""
    await chat("/cost 2021", thread=TOPIC)
    await chat("/budget $100 2021", thread=TOPIC + 1)
    assert "2022: $0.15" in await chat("@costcurve_bot and 2022?", thread=TOPIC)
    assert "$100 in 2022" in await chat("@costcurve_bot and 2022?", thread=TOPIC + 1)


# --------------------------------------------------------------------------- memory


async def test_people_in_a_group_do_not_mix(chat: ChatDriver) -> None:
    """Each person goes on from their own question."""
    await chat("/cost 2021", group=True, user=ANN)
    await chat("/budget $100 2021", group=True, user=BO)
    assert "2022: $0.15" in await chat("@costcurve_bot and 2022?", group=True, user=ANN)
    assert "$100 in 2022" in await chat("@costcurve_bot and 2022?", group=True, user=BO)


async def test_chats_do_not_mix(chat: ChatDriver) -> None:
    """What somebody asks in a group is not followed up in private."""
    await chat("/budget $100 2021", group=True)
    assert "$100" not in await chat("and 2022?")


@pytest.mark.parametrize(("minutes", "kept"), [(9, True), (11, False)])
async def test_after_ten_minutes_the_context_is_gone(
    kb: KnowledgeBase, minutes: int, kept: bool
) -> None:
    """A question is remembered for ten minutes, as /privacy says, and then forgotten."""
    clock = Clock()
    async with desk(kb, LocalBotApi(clock), clock) as chat:
        await chat("/budget $100 2021")
        clock.now += timedelta(minutes=minutes)
        assert ("$100 in 2022" in await chat("and 2022?")) is kept


async def test_relative_years_count_from_the_message(kb: KnowledgeBase) -> None:
    """'Last year' is the year before the message's own date, and is written out in the link."""
    clock = Clock(NOW.replace(year=2025))
    async with desk(kb, LocalBotApi(clock), clock) as chat:
        assert (await chat("cost last year")).startswith("2024: $0.04")


# --------------------------------------------------------------------------- buttons


async def test_a_press_edits_the_message(chat: ChatDriver) -> None:
    """A button's answer takes the place of the one above it, and the press is confirmed."""
    await chat("/cost 2021")
    before = chat.last["message_id"]
    assert "2022: $0.15" in await chat.press("2022")
    assert chat.last["message_id"] == before
    assert len(sent(chat)) == 1
    assert [call.method for call in chat.api.calls].count("answerCallbackQuery") == 1
    assert "2023" in chat.buttons


async def test_a_press_can_be_followed_up(chat: ChatDriver) -> None:
    """A press is a question like any other: the next message goes on from it."""
    await chat("/project 2030")
    await chat.press("Headline")
    assert "2035" in await chat("and 2035?")
    assert "headline" in chat.last["text"].splitlines()[2]


async def test_a_second_press_is_no_error(
    chat: ChatDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """Pressing twice changes nothing, and Telegram's refusal to edit is expected."""
    await chat("/cost 2021")
    old = chat.last
    await chat.press("2022")
    pressed = chat.api.incoming.press(old, "/cost 2022")
    await chat.tell(pressed)
    assert "2022: $0.15" in chat.api.chats.messages[old["chat"]["id"], old["message_id"]]["text"]
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    "data", ["garbage", "/frobnicate", "{}", "v1:cost:2023", "💥", "/cost", "'; DROP TABLE x", " "]
)
async def test_a_foreign_press_is_answered(
    chat: ChatDriver, data: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Data that no button of ours carries gets a polite answer and no exception."""
    await chat("/cost 2021")
    shown = await chat.tell(chat.api.incoming.press(chat.last, data))
    assert shown.strip()
    assert "Sorry" not in shown
    assert [call.method for call in chat.api.calls].count("answerCallbackQuery") == 1
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_press_under_an_old_message(chat: ChatDriver) -> None:
    """Where Telegram no longer gives the message, the person is told to ask again."""
    await chat("/cost 2021")
    update = chat.api.incoming.press(chat.last, "/cost 2022")
    place = chat.last["chat"]
    update["callback_query"]["message"] = {"message_id": 1, "chat": place, "date": 0}
    assert "ask again" in await chat.tell(update)


async def test_every_button_of_a_conversation_works(chat: ChatDriver) -> None:
    """Whatever is pressed, first things first: an answer comes, and Telegram accepts it."""
    for question in ("/start", "/cost", "/project 2030", "/compare", "/study 2", "/when", "hm?"):
        await chat(question)
        for label in list(chat.buttons):
            assert label.strip()
            await chat(question)
            assert await chat.press(label)
    assert {call.error for call in chat.api.calls} == {""}


# --------------------------------------------------------------------------- when things break


@pytest.mark.parametrize("place", [PRIVATE, GROUP])
async def test_an_exception_is_one_apology(
    api: LocalBotApi, place: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """One short apology with a reference; the log has the reference and the traceback."""
    kb = KnowledgeBase(build_memory())
    async with desk(kb, api) as chat:
        kb.close()
        shown = await chat("/studies quantum teleportation", chat=place)
    (reference,) = re.findall(r"\b[0-9a-f]{6,}\b", shown)
    assert len(sent(chat)) == 1
    assert len(shown) < 120
    assert "Error" not in shown
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert reference in record.getMessage()
    assert "Cannot operate on a closed database" in caplog.text
    assert "Traceback" in caplog.text


async def test_an_exception_at_a_press_is_a_notice(
    api: LocalBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    """A press that fails leaves the message alone and says so over the chat."""
    kb = KnowledgeBase(build_memory())
    async with desk(kb, api) as chat:
        await chat("/start")
        before = chat.last["text"]
        kb.close()
        shown = await chat.tell(chat.api.incoming.press(chat.last, "/studies quantum teleports"))
    assert "Sorry" in shown
    (reference,) = re.findall(r"\b[0-9a-f]{6,}\b", shown)
    assert reference in caplog.text
    assert chat.last["text"] == before


async def test_an_exception_leaves_the_bot_alive(api: LocalBotApi) -> None:
    """The next question is answered as if nothing had happened."""
    kb = KnowledgeBase(build_memory())
    async with desk(kb, api) as chat:
        await chat("/cost 2021")
        kb.close()
        assert "Sorry" in await chat("/studies quantum teleportation")
        assert "2021: $0.30" in await chat("/cost 2021")


async def test_no_log_line_holds_what_people_write(
    chat: ChatDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs name errors, not messages, as /privacy promises."""
    caplog.set_level(logging.INFO)
    await chat("my secret project costs in 2021")
    assert "secret" not in caplog.text


# --------------------------------------------------------------------------- the start


async def test_the_menu_is_set_on_start(chat: ChatDriver) -> None:
    """Commands and their descriptions come from the kinds; both descriptions are within limits."""
    calls = {call.method: call for call in chat.api.calls}
    menu = calls["setMyCommands"].parameters["commands"]
    assert [item["command"] for item in menu] == [k.command for k in MENU]
    assert set(MENU) == {k for k in COMMANDS.values() if k.listed}
    summaries = {k.command: k.summary for k in COMMANDS.values()}
    for item in menu:
        assert item["description"].lower() == summaries[item["command"]].lower()
    assert 1 <= len(calls["setMyDescription"].parameters["description"]) <= 512
    assert 1 <= len(calls["setMyShortDescription"].parameters["short_description"]) <= 120
    assert {call.error for call in chat.api.calls} == {""}


async def test_every_command_of_the_menu_answers(chat: ChatDriver) -> None:
    """What the menu offers works when it is tapped, without anything behind it."""
    for kind in QUESTIONS:
        assert await chat(f"/{kind.command}")
    assert {call.error for call in chat.api.calls} == {""}
