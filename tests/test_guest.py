"""Guest mode: summoned by its name in chats that it has not joined, through the Application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from telegram import Update

from bot.app import ALLOWED_UPDATES, build_application
from bot.config import Secret, Settings
from bot.inline import MORE
from bot.local_api.chats import BEN, BOT, FORUM, GROUP, PRIVATE, Chat, Person
from bot.local_api.rules import ApiError
from bot.misses import read
from bot.terminal import Sketches
from tests.conftest import NOW, ChatDriver
from tests.test_inline import buttons, permalinks

if TYPE_CHECKING:
    from pathlib import Path

    from bot.local_api import LocalBotApi
    from bot.local_api.chats import Json
    from knowledge.base import KnowledgeBase
    from tests.conftest import AnyApplication

ME = f"@{BOT.username}"
CHANNEL = Chat(-1001000005000, "channel", "A channel")


def answers(api: LocalBotApi) -> list[Json]:
    """The messages that the bot put into chats as a guest, as they now stand."""
    results = [c.result for c in api.calls if c.method == "answerGuestQuery" and not c.error]
    return [api.outside.messages[result["inline_message_id"]] for result in results]


async def summon(chat: ChatDriver, text: str, place: Chat = GROUP, **more: Any) -> Json:
    """Mention the bot where it is a guest; its one answer."""
    before = len(answers(chat.api))
    await chat.tell(chat.api.outside.summon(text, chat=place, **more))
    (answer,) = answers(chat.api)[before:]
    return answer


async def test_a_guest_answers_once_and_completely(chat: ChatDriver) -> None:
    """One call and no other: the figure, the source, a permalink, buttons."""
    before = len(chat.api.calls)
    answer = await summon(chat, f"{ME} what did it cost in 2023?")
    assert [call.method for call in chat.api.calls[before:]] == ["answerGuestQuery"]
    assert answer["text"].startswith("2023: $0.08 per inference")
    assert permalinks(answer["entities"]) == ["/cost 2023"]
    rows = answer["reply_markup"]["inline_keyboard"]
    assert {"2022", "2024", "Chart", "Share"} <= {b["text"] for row in rows for b in row}


@pytest.mark.parametrize(
    "text",
    [
        f"{ME} what did it cost in 2023?",
        f"Folks, what did it cost in 2023, {ME}?",
        f"what did it {ME.upper()} cost in 2023?",
        f"{ME} /cost 2023",
        f"/cost{ME} 2023",
        f"{ME}, @other_bot what did it cost in 2023?",
    ],
)
@pytest.mark.parametrize("place", [GROUP, FORUM, PRIVATE, CHANNEL], ids=lambda c: c.type)
async def test_summoned_anywhere(text: str, place: Chat, chat: ChatDriver) -> None:
    """In any kind of chat, with the name anywhere; names are no part of the question."""
    answer = await summon(chat, text, place, user=BEN)
    assert answer["text"].startswith("2023: $0.08")


async def test_summoned_under_a_picture(chat: ChatDriver) -> None:
    """A caption asks as well as a text does."""
    answer = await summon(chat, f"{ME} cost in 2023?", picture=True)
    assert answer["text"].startswith("2023: $0.08")


async def test_a_link_to_the_bot_is_its_name(chat: ChatDriver) -> None:
    """A mention of its account under another name is no part of the question either."""
    update = chat.api.outside.summon("Curve cost in 2023?")
    mention = {"type": "text_mention", "offset": 0, "length": 5, "user": BOT.as_json()}
    update["guest_message"]["entities"] = [mention]
    await chat.tell(update)
    assert answers(chat.api)[0]["text"].startswith("2023: $0.08")


async def test_the_name_alone_is_greeted(chat: ChatDriver) -> None:
    """Nobody is left without an answer."""
    answer = await summon(chat, ME)
    assert answer["text"].startswith("What does AI cost")


async def test_not_understood_leads_to_a_private_chat(chat: ChatDriver) -> None:
    """It says so, in its one answer, and a button leads to where it can ask back."""
    answer = await summon(chat, f"{ME} what does bread cost?")
    assert "can't answer" in answer["text"]
    (last,) = answer["reply_markup"]["inline_keyboard"][-1]
    assert last["text"] == MORE
    payload = last["url"].rpartition("=")[2]
    assert "Ask away" in await chat(f"/start {payload}")


async def test_two_questions_get_one_answer(chat: ChatDriver) -> None:
    """All that was asked is in the one message, each part with its permalink."""
    answer = await summon(chat, f"{ME} what did it cost in 2021 and what will it cost in 2030?")
    assert "$0.30" in answer["text"]
    assert "$0.0012" in answer["text"]
    assert permalinks(answer["entities"]) == ["/cost 2021", "/project 2030"]


async def test_nothing_of_the_chat_is_remembered(chat: ChatDriver) -> None:
    """What was asked before, as guest or as member, is no part of a summons, nor the other way."""
    await summon(chat, f"{ME} /project 2030")
    after = await summon(chat, f"{ME} why?")
    assert "computed" not in after["text"]
    await chat("/project 2030", group=True)
    after = await summon(chat, f"{ME} why?")
    assert "computed" not in after["text"]
    await summon(chat, f"{ME} /project 2035")
    assert "2030" in await chat(f"{ME} why?", group=True)


async def test_a_reply_to_its_answer_follows_it_up(chat: ChatDriver) -> None:
    """The message that is replied to says what was asked: nothing had to be kept for it."""
    await summon(chat, f"{ME} /project 2030")
    earlier = chat.api.outside.seen(list(chat.api.outside.messages)[-1])
    assert (await summon(chat, f"{ME} and 2035?", reply_to=earlier))["text"].startswith("2035:")
    assert "computed" in (await summon(chat, f"{ME} why?", reply_to=earlier))["text"]


async def test_a_claim_is_checked_where_it_was_made(chat: ChatDriver) -> None:
    """'/check' as a reply to somebody's message is about what that message says."""
    claim = chat.api.outside.summon("inference costs halve every year", user=BEN)["guest_message"]
    answer = await summon(chat, f"/check{ME}", reply_to=claim)
    assert "50%" in answer["text"]


async def test_no_bot_is_answered(chat: ChatDriver) -> None:
    """Neither another bot, nor what was sent through one; somebody in a group's name is."""
    other = Person(77, "Other", "other_bot", is_bot=True)
    await chat.tell(chat.api.outside.summon(f"{ME} cost 2023", user=other))
    through = chat.api.outside.summon(f"{ME} cost 2023")
    through["guest_message"]["via_bot"] = other.as_json()
    await chat.tell(through)
    assert answers(chat.api) == []
    anonymous = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
    update = chat.api.outside.summon(f"{ME} cost 2023", user=anonymous)
    update["guest_message"]["sender_chat"] = GROUP.as_json()
    await chat.tell(update)
    assert len(answers(chat.api)) == 1


async def test_a_summons_delivered_twice_is_answered_once(
    chat: ChatDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram may send an update again; the second answer is refused, which is no error."""
    update = chat.api.outside.summon(f"{ME} cost 2023")
    await chat.tell(update)
    await chat.tell(update)
    assert len(answers(chat.api)) == 1
    assert "Update failed" not in caplog.text


async def test_a_picture_only_if_telegram_has_it(chat: ChatDriver) -> None:
    """Nothing can be uploaded for a guest: the text says the same until there is a picture."""
    assert "$0.0012" in (await summon(chat, f"{ME} /chart project 2030"))["text"]
    await chat("/chart project 2030")
    assert "$0.0012" in (await summon(chat, f"{ME} /chart project 2030"))["caption"]
    chat.api.files.clear()
    assert "$0.0012" in (await summon(chat, f"{ME} /chart project 2030"))["text"]


async def test_a_button_under_a_guests_answer(chat: ChatDriver) -> None:
    """It changes that answer, as under any message that is sent inline."""
    await summon(chat, f"{ME} /project 2030")
    (inline_id,) = chat.api.outside.messages
    data = buttons(chat, inline_id)["2031"]
    assert await chat.tell(chat.api.outside.press(inline_id, data)) == ""
    assert chat.api.outside.messages[inline_id]["text"].startswith("2031:")


async def test_a_failure_is_owned_up_to(chat: ChatDriver) -> None:
    """When the answer cannot be given, a short apology takes its place, with a reference."""
    chat.api.refuse("answerGuestQuery", ApiError(400, "Bad Request: something else"))
    answer = await summon(chat, f"{ME} cost 2023")
    assert answer["text"].startswith("Sorry, something went wrong")


async def test_misses_of_a_guest_are_not_kept(
    kb: KnowledgeBase, api: LocalBotApi, tmp_path: Path
) -> None:
    """Who runs the bot sees nothing of chats that never let it in."""
    path = tmp_path / "misses.sqlite3"
    settings = replace(Settings(token=Secret("1:test")), keep_misses=path)
    made = build_application(settings, kb, request=api, easel=Sketches(), clock=lambda: NOW)
    async with made as application:
        chat = ChatDriver(application, api)
        await summon(chat, f"{ME} what does bread cost?")
        await chat("what do rolls cost?")
    assert read(path, NOW.date()) == ["what do rolls cost?"]


async def test_telegram_is_asked_for_summons(application: AnyApplication) -> None:
    """The kind is off unless it is named; and this bot says that it takes them."""
    assert set(ALLOWED_UPDATES) <= set(Update.ALL_TYPES)
    assert Update.GUEST_MESSAGE in ALLOWED_UPDATES
    assert application.bot.bot.supports_guest_queries
