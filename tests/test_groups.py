"""Groups: coming, going and moving, channels, and a large group that hears only what it asked."""

from __future__ import annotations

import inspect
import random
from typing import TYPE_CHECKING, Any

import pytest
from telegram import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberRestricted,
    Update,
)

from bot.app import ALLOWED_UPDATES
from bot.local_api.chats import ANN, BEN, BOT, FORUM, GROUP, SUPERGROUP, Chat, Person
from bot.local_api.rules import ApiError
from bot.membership import GREETING

if TYPE_CHECKING:
    from telegram import ChatMember

    from bot.local_api import LocalBotApi
    from tests.conftest import ChatDriver

CHANNEL = Chat(-1001000009000, "channel", "A channel")


def member(api: LocalBotApi, chat: Chat, before: str, after: str) -> dict[str, Any]:
    """The bot's own membership of a chat changes."""
    api.chats.join(chat, ANN)
    old, new = (_standing(state) for state in (before, after))
    return api.incoming.update(
        "my_chat_member",
        {
            "chat": chat.as_json(),
            "from": ANN.as_json(),
            "date": api.incoming.now(),
            "old_chat_member": old,
            "new_chat_member": new,
        },
    )


STATES: dict[str, tuple[type[ChatMember], dict[str, Any]]] = {
    "member": (ChatMemberMember, {"status": "member"}),
    "administrator": (ChatMemberAdministrator, {"status": "administrator"}),
    "inside": (ChatMemberRestricted, {"status": "restricted", "is_member": True}),
    "outside": (ChatMemberRestricted, {"status": "restricted", "is_member": False}),
    "left": (ChatMemberLeft, {"status": "left"}),
    "kicked": (ChatMemberBanned, {"status": "kicked"}),
}


def _standing(state: str) -> dict[str, Any]:
    """The Bot API's ChatMember, without any right."""
    kind, said = STATES[state]
    rights = [
        name for name in inspect.signature(kind).parameters if name.startswith(("can_", "is_"))
    ]
    until = {"until_date": 0} if state in {"inside", "outside", "kicked"} else {}
    return {**dict.fromkeys(rights, False), **until, "user": BOT.as_json(), **said}


# --------------------------------------------------------------------------- coming and going


async def test_being_added_is_one_quiet_greeting(chat: ChatDriver, api: LocalBotApi) -> None:
    """It says how to ask, makes no sound, and has a button to the settings."""
    api.chats.administrators[SUPERGROUP.id] = [ANN]
    shown = await chat.tell(member(api, SUPERGROUP, "left", "member"))
    assert GREETING.headline in shown
    assert api.calls[-1].parameters["disable_notification"] is True
    assert "Settings of this group" in await chat.press("Settings")


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (SUPERGROUP, "member", "administrator"),
        (SUPERGROUP, "administrator", "member"),
        (SUPERGROUP, "left", "kicked"),
        (CHANNEL, "left", "administrator"),
        (Chat(ANN.id, "private"), "kicked", "member"),
    ],
)
async def test_no_other_change_is_greeted(
    kind: Chat, before: str, after: str, chat: ChatDriver, api: LocalBotApi
) -> None:
    """New rights are none of the group's business, and a channel's readers asked nothing."""
    assert await chat.tell(member(api, kind, before, after)) == ""


async def test_a_group_that_lets_nobody_write_is_no_error(
    chat: ChatDriver, api: LocalBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    """A greeting that may not be sent is not missed."""
    api.refuse("sendMessage", ApiError(403, "Forbidden: bot is not a member of the group chat"))
    assert await chat.tell(member(api, GROUP, "left", "member")) == ""
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


@pytest.mark.parametrize("after", ["left", "kicked", "outside"])
async def test_being_removed_leaves_nothing(after: str, chat: ChatDriver, api: LocalBotApi) -> None:
    """Settings and subscription of a chat that the bot left are gone when it comes back."""
    api.chats.join(GROUP, ANN)
    api.chats.administrators[GROUP.id] = [ANN]
    await chat("/settings headline", group=True)
    await chat("/subscribe", group=True)
    assert await chat.tell(member(api, GROUP, "member", after)) == ""
    await chat.tell(member(api, GROUP, after, "member"))
    shown = await chat("/settings", group=True)
    assert "the trend of the post's table (the default)" in shown
    assert "not told (the default)" in shown


async def test_a_blocked_bot_forgets(chat: ChatDriver, api: LocalBotApi) -> None:
    """Who blocks the bot in private is forgotten."""
    await chat("/settings headline")
    await chat.tell(member(api, Chat(ANN.id, "private"), "member", "kicked"))
    assert "the trend" in await chat("/project 2030")


@pytest.mark.parametrize("told_by", ["old", "new", "both"])
async def test_an_upgrade_carries_the_settings_along(
    told_by: str, chat: ChatDriver, api: LocalBotApi
) -> None:
    """A supergroup goes on as its group was, whichever service message comes, and ungreeted."""
    for place in (GROUP, SUPERGROUP):
        api.chats.join(place, ANN)
        api.chats.administrators[place.id] = [ANN]
    await chat("/settings headline", group=True)
    await chat("/subscribe", group=True)
    moves = {
        "old": (GROUP, {"migrate_to_chat_id": SUPERGROUP.id}),
        "new": (SUPERGROUP, {"migrate_from_chat_id": GROUP.id}),
    }
    for place, service in [moves[m] for m in moves if told_by in (m, "both")]:
        message = api.chats.add(place, ANN, service)
        assert await chat.tell(api.incoming.update("message", message)) == ""
    assert await chat.tell(member(api, SUPERGROUP, "left", "member")) == ""
    assert "headline" in await chat("/project 2030", chat=SUPERGROUP)
    assert "told here" in await chat("/settings", chat=SUPERGROUP)
    assert "the trend" in await chat("/project 2030", group=True)


# --------------------------------------------------------------------------- channels


async def test_a_channel_is_answered_where_it_asks(chat: ChatDriver, api: LocalBotApi) -> None:
    """Its admins' commands are; what it publishes is not, and an edit changes the answer."""
    api.chats.join(CHANNEL)

    def post(text: str) -> dict[str, Any]:
        message = api.incoming.message(text, chat=CHANNEL)["message"]
        del message["from"]
        return {**message, "sender_chat": CHANNEL.as_json()}

    assert await chat.tell({"update_id": 1, "channel_post": post("Prices fall, we hear.")}) == ""
    asked = post("/cost 2023")
    assert "$0.08" in await chat.tell({"update_id": 2, "channel_post": asked})
    answer = chat.last["message_id"]
    edited = {**asked, "text": "/cost 2022", "edit_date": asked["date"]}
    assert "$0.15" in await chat.tell({"update_id": 3, "edited_channel_post": edited})
    assert chat.last["message_id"] == answer
    settings = post("/settings headline")
    assert "headline" in await chat.tell({"update_id": 4, "channel_post": settings})
    api.chats.administrators[CHANNEL.id] = [ANN]
    assert "Only the admins" in await chat.press("Trend", user=BEN)


async def test_a_post_passed_on_to_its_discussion_is_not_a_question(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """The linked group sees each post of the channel; the bot answers it in the channel only."""
    update = api.incoming.message("/cost 2023", chat=SUPERGROUP)
    update["message"] |= {
        "sender_chat": CHANNEL.as_json(),
        "is_automatic_forward": True,
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    }
    assert await chat.tell(update) == ""
    comment = await chat("/cost 2023", chat=SUPERGROUP, reply_to=update["message"])
    assert "$0.08" in comment


# --------------------------------------------------------------------------- all there is

# What the bot does with each kind of update, as the README's table says it.
TAKEN = {
    "message": "answers what is addressed to it; settings move along with an upgraded group",
    "edited_message": "changes the answer in place",
    "channel_post": "answers what is addressed to it",
    "edited_channel_post": "changes the answer in place",
    "callback_query": "changes the message under which a button was pressed",
    "inline_query": "offers answers",
    "guest_message": "answers once, and keeps nothing",
    "my_chat_member": "greets a group; forgets a chat that it left",
}


def test_every_kind_of_update_is_asked_for_or_left(pytestconfig: pytest.Config) -> None:
    """What is taken is asked for, said in the README, and nothing else is asked for."""
    assert set(ALLOWED_UPDATES) == set(TAKEN) < set(Update.ALL_TYPES)
    readme = (pytestconfig.rootpath / "README.md").read_text()
    for kind, does in TAKEN.items():
        assert f"| `{kind}` | {does} |" in readme


SOMEBODY, SOMEWHERE = ANN.as_json(), SUPERGROUP.as_json()
QUESTION = {"message_id": 1, "date": 1, "chat": SOMEWHERE, "text": "/cost 2023", "from": SOMEBODY}
OTHERS: dict[str, Any] = {
    "business_message": QUESTION,
    "edited_business_message": QUESTION,
    "chosen_inline_result": {"result_id": "1", "from": SOMEBODY, "query": "2030"},
    "chat_join_request": {"chat": SOMEWHERE, "from": SOMEBODY, "user_chat_id": 1, "date": 1},
    "poll_answer": {
        "poll_id": "1",
        "user": SOMEBODY,
        "option_ids": [0],
        "option_persistent_ids": ["a"],
    },
    "message_reaction": {
        "chat": SOMEWHERE,
        "message_id": 1,
        "user": SOMEBODY,
        "date": 1,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    },
}


@pytest.mark.parametrize("kind", OTHERS)
async def test_other_updates_are_passed_over(
    kind: str, chat: ChatDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """An update that was not asked for causes no answer and no error."""
    assert kind not in ALLOWED_UPDATES
    assert await chat.tell({"update_id": 5, kind: OTHERS[kind]}) == ""
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


async def test_a_group_of_5000_hears_only_what_it_asked(chat: ChatDriver, api: LocalBotApi) -> None:
    """50 messages of a minute, of which three are for the bot: three replies, to those three."""
    chance = random.Random(5)  # noqa: S311  # the same group every time
    people = [Person(10_000 + n, f"Member {n}") for n in range(5000)]
    api.chats.join(FORUM, *people)
    talk = (
        "gpt prices fell 50% again",
        "what will it cost in 2030?",
        "/price@some_other_bot gpt-4",
        "/start@some_other_bot",
        "lol",
        "@somebody_else look: $0.08 in 2023",
        "anything on pruning?",
    )
    asked = ("/cost@Costcurve_Bot 2023", "@costcurve_bot and in 2030?", "/ask when below a cent?")
    messages = [*(chance.choice(talk) for _ in range(47)), *asked]
    chance.shuffle(messages)
    before = len(api.calls)
    questions = []
    for text in messages:
        person, thread = chance.choice(people), chance.choice((None, 7, 8))
        shown = await chat(text, chat=FORUM, user=person, thread=thread)
        assert bool(shown) is (text in asked)
        questions += [chat.said["message_id"]] if text in asked else []
    sent = [call.result for call in api.calls[before:]]
    assert [m["reply_to_message"]["message_id"] for m in sent] == questions
    assert len(sent) == 3


async def test_a_group_that_has_moved_is_answered_where_it_is(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """A group that got a new id between question and answer is answered there."""
    api.chats.join(SUPERGROUP, ANN)
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    api.refuse("sendMessage", ApiError(400, moved, migrate_to_chat_id=SUPERGROUP.id))
    assert "$0.08" in await chat("/cost 2023", group=True)
    assert chat.last["chat"]["id"] == SUPERGROUP.id


async def test_a_message_that_cannot_be_changed_is_answered_below(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """A press under a message that Telegram lets nobody change any more gets a new message."""
    await chat("/cost 2023")
    before = chat.last["message_id"]
    api.refuse("editMessageText", ApiError(400, "Bad Request: message can't be edited"))
    assert await chat.press(0)
    assert chat.last["message_id"] != before


@pytest.mark.parametrize("reason", ["chat not found", "message thread not found", "TOPIC_CLOSED"])
async def test_where_nobody_may_write_is_no_failure(
    reason: str, chat: ChatDriver, api: LocalBotApi, caplog: pytest.LogCaptureFixture
) -> None:
    """A chat or topic that is gone or closed gets no apology, and the log no error."""
    api.refuse("sendMessage", ApiError(400, f"Bad Request: {reason}"))
    assert await chat("/cost 2023") == ""
    assert not [r for r in caplog.records if r.levelname == "ERROR"]
