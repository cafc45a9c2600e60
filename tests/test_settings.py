"""Settings: what a chat chooses, who may, and what it does to questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import ADMINS, NOT_SEEN
from bot.choices import Choices
from bot.delivery import NO_PICTURE
from bot.links import permalink
from bot.local_api.chats import ANN, BEN, FORUM, GROUP, SUPERGROUP
from bot.local_api.rules import ApiError
from bot.values import HEADLINE, LATEST, TREND, Basis, Count
from tests.conftest import NOW
from tests.talk import say

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from bot.local_api import LocalBotApi
    from tests.conftest import AnyApplication, ChatDriver

BASES = (TREND, HEADLINE, LATEST, Basis("rate", 0.1, 0.25), Basis("study", study=5))
CHOICES = st.builds(
    lambda **values: Choices(**values),  # noqa: PLW0108  # it would ask the class for its types
    basis=st.none() | st.sampled_from(BASES),
    level=st.none() | st.sampled_from((0.8, 0.9, 0.95)),
    count=st.none() | st.sampled_from((Count(0), Count(1e6), Count(1e3, "day"))),
    length=st.none() | st.sampled_from(("short", "full")),
    charts=st.none() | st.sampled_from(("on", "off")),
    topics=st.none() | st.sets(st.integers(1, 99), min_size=1).map(lambda t: tuple(sorted(t))),
)


def text(chat: ChatDriver) -> str:
    """The last message of the bot's, as it now stands."""
    shown: str = chat.last.get("text") or chat.last["caption"]
    return shown


def rule(api: LocalBotApi) -> None:
    """Make Ann the owner of the groups; Ben only is in them."""
    for group in (GROUP, SUPERGROUP, FORUM):
        api.chats.join(group, ANN, BEN)
        api.chats.administrators[group.id] = [ANN]


# --------------------------------------------------------------------------- as data


@given(CHOICES)
def test_choices_are_kept_as_they_are(choices: Choices) -> None:
    """What is stored of a chat is read as the same choices."""
    assert Choices.read(choices.said()) == choices


def test_what_an_older_or_newer_version_kept_is_no_error() -> None:
    """An unknown name among what was kept is passed over."""
    assert Choices.read('{"charts": "off", "colour": "red"}') == Choices(charts="off")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/project 2030", "/project 2030 headline"),
        ("what will it cost in 2030?", "/project 2030 headline"),
        ("/project 2030 trend", "/project 2030 trend level 95"),
        ("/project 2030 level 90", "/project 2030 level 90"),
        ("/project 2030 40%", "/project 2030 40%"),
        ("/chart project 2030", "/chart project 2030 headline"),
        ("/when $0.001", "/when $0.001 headline"),
        ("/when $0.10", "/when $0.10"),
        ("/halving", "/halving headline"),
        ("/halving 2020-2022", "/halving 2020-2022"),
        ("/cost 2023", "/cost 2023"),
        ("/decline 2020-2024", "/decline 2020-2024"),
    ],
)
def test_a_chosen_basis_is_written_into_the_question(
    asked: str, meant: str, talk: Conversation
) -> None:
    """A chat's default fills what a question leaves open, and shows in its one spelling."""
    here = talk.under(Choices(basis=HEADLINE, level=0.95))
    assert command(here, asked) == meant
    assert command(talk, meant) == meant  # which means the same in any chat


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/cost 2023", "/cost 2023 1000000 calls"),
        ("/cost", "/cost 2018-2025 1000000 calls"),
        ("/cost 2023 500 calls", "/cost 2023 500 calls"),
        ("cost in 2030", "/project 2030 1000000 calls"),
        ("in what year was it cheapest", "/cost lowest"),
        ("/decline 2023", "/decline 2023"),
    ],
)
def test_a_chosen_volume_is_what_costs_are_for(asked: str, meant: str, talk: Conversation) -> None:
    """Costs are shown for so many inferences, unless the question says how many."""
    assert command(talk.under(Choices(count=Count(1e6))), asked) == meant


def test_a_topic_can_undo_what_its_group_chose() -> None:
    """Choosing the usual in a topic is a choice as well."""
    group = Choices(basis=HEADLINE, level=0.95, count=Count(1e6), length="full")
    own = Choices(basis=TREND, count=Count(0))
    assert own.over(group) == Choices(TREND, 0.95, Count(0), "full")


def command(talk: Conversation, asked: str) -> str:
    """What was understood, as a command."""
    question = talk.turn(asked, NOW.date()).question
    assert question is not None
    return question.as_command()


def test_short_answers_keep_what_is_not_to_be_left_out(talk: Conversation) -> None:
    """Headline, interval, basis, warning and source stay; the rest is behind one button."""
    short, full = talk.under(Choices(length="short")), say(talk, "/project 2030").reply
    reply = say(short, "/project 2030").reply
    assert "Otherwise" in full.texts[0]
    assert "Otherwise" not in reply.texts[0]
    kept = ("80% interval", "Basis:", "own forecast", "Source:")
    assert all(words in reply.texts[0] for words in kept)
    more = reply.buttons[0][0]
    assert (more.label, more.command) == ("More", "/full project 2030")
    assert say(short, more.command).reply == full


# --------------------------------------------------------------------------- in private


async def test_a_choice_lasts(chat: ChatDriver) -> None:
    """A press changes the panel in place, and what is asked afterwards; reset undoes it."""
    panel = await chat("/settings")
    assert "the trend of the post's table (the default)" in panel
    assert "✓ Trend" in chat.buttons
    message = chat.last["message_id"]
    assert "Projections rest on: the post's headline\n" in await chat.press("Headline")
    assert chat.last["message_id"] == message
    assert "✓ Headline" in chat.buttons
    card = dict(chat.last)
    assert "Basis: the post's headline" in await chat("cost in 2030?")
    assert "/project 2030 headline" in text(chat)
    chat.last = card
    assert "the trend of the post's table (the default)" in await chat.press("Reset")
    assert "Basis: the trend" in await chat("cost in 2030?")


async def test_buttons_and_links_mean_what_they_say(chat: ChatDriver) -> None:
    """A chat's defaults touch what people write, not a button that spells its question out."""
    await chat("/settings headline")
    await chat("/project 2030")
    shown = await chat.press("Trend")
    assert "Basis: the trend" in shown
    link = next(e["url"] for e in chat.last["entities"] if "?start=" in e.get("url", ""))
    assert "Basis: the trend" in await chat(f"/start {link.partition('?start=')[2]}")


async def test_settings_can_be_typed(chat: ChatDriver) -> None:
    """Every button is a command that can be written, several choices at once."""
    shown = await chat("/settings 30% level 95 2M calls short answers charts off")
    for line in ("30% a year", "Interval: 95%", "2,000,000 inferences", "short", "Charts: off"):
        assert line in shown
    assert "I can't read “nonsense”" in await chat("/settings nonsense")
    assert "2,000,000 inferences in 2023" in await chat("what did it cost in 2023")


async def test_charts_can_be_off(chat: ChatDriver) -> None:
    """Without charts a picture's numbers are text, and no button offers one."""
    await chat("/chart cost")
    assert "photo" in chat.last
    await chat("/settings charts off")
    shown = await chat("/chart cost")
    assert "photo" not in chat.last
    assert "Charts are off in this chat" in shown
    assert "2023" in shown
    await chat("/cost 2023")
    assert "Chart" not in chat.buttons


async def test_a_link_of_somebody_else_changes_nothing(chat: ChatDriver) -> None:
    """Settings, subscription and data are changed by one's own words only."""
    for command in ("settings headline", "forget", "subscribe"):
        payload = (permalink("x", f"/{command}") or "").partition("=")[2]
        assert "to me in the chat that it is for" in await chat(f"/start {payload}")
    assert "the trend of the post's table (the default)" in await chat("/settings")


async def test_settings_are_no_context(chat: ChatDriver) -> None:
    """A number after the panel is not taken for a setting."""
    await chat("/settings")
    assert "2030" in await chat("2030")
    assert "Settings" not in text(chat)


# --------------------------------------------------------------------------- in groups


async def test_groups_answer_in_short_by_default(chat: ChatDriver, api: LocalBotApi) -> None:
    """A group gets few lines, and a button for the others; its admins can have it otherwise."""
    rule(api)
    assert "Otherwise" not in await chat("/project 2030", group=True)
    assert "Otherwise" in await chat.press("More", user=BEN)
    assert "Otherwise" not in await chat.press("2031", user=BEN)
    await chat("/settings full answers", group=True)
    assert "Otherwise" in await chat("/project 2030", group=True)


async def test_only_admins_change_a_group(chat: ChatDriver, api: LocalBotApi) -> None:
    """Who may is asked at each command and each press, so that yesterday's admin may not."""
    rule(api)
    assert ADMINS in await chat("/settings", group=True, user=BEN)
    assert "Settings of this group" in await chat("/settings", group=True, user=ANN)
    assert await chat.press("Headline", user=BEN) == ADMINS
    assert "headline" in await chat.press("Headline", user=ANN)
    api.chats.administrators[GROUP.id] = [BEN]
    assert await chat.press("Trend", user=ANN) == ADMINS
    assert "Basis: the post's headline" in await chat("/project 2030", group=True, user=BEN)


async def test_an_anonymous_admin_is_an_admin(chat: ChatDriver, api: LocalBotApi) -> None:
    """Who writes as the group itself may change it; who writes as a channel may not."""
    rule(api)
    for writes_as, allowed in ((SUPERGROUP, True), (FORUM, False)):
        update = api.incoming.message("/settings headline", chat=SUPERGROUP, user=BEN)
        bot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        update["message"] |= {"sender_chat": writes_as.as_json(), "from": bot}
        assert (ADMINS not in await chat.tell(update)) is allowed


# --------------------------------------------------------------------------- in topics


async def test_a_topic_has_settings_of_its_own(chat: ChatDriver, api: LocalBotApi) -> None:
    """What a topic chooses holds there; elsewhere in the forum holds what the group chose."""
    rule(api)
    await chat("/settings latest", chat=FORUM, thread=7)
    await chat.press("Settings of this topic")
    assert "Settings of this topic" in text(chat)
    await chat.press("Headline")
    assert chat.last["message_thread_id"] == 7
    assert "headline" in await chat("/project 2030", chat=FORUM, thread=7)
    assert "the latest yearly decline" in await chat("/project 2030", chat=FORUM, thread=8)
    assert "the latest yearly decline" in await chat("/project 2030", chat=FORUM)


async def test_answers_stay_in_the_chosen_topics(chat: ChatDriver, api: LocalBotApi) -> None:
    """Where only some topics are chosen, the others are left alone, but for the admins' panel."""
    rule(api)
    await chat("/settings", chat=FORUM, thread=7)
    assert "1 topic only, this topic too" in await chat.press("This topic")
    assert "$0.08" in await chat("/cost 2023", chat=FORUM, thread=7, user=BEN)
    assert await chat("/cost 2023", chat=FORUM, thread=8, user=BEN) == ""
    assert await chat("/cost 2023", chat=FORUM, user=BEN) == ""  # General
    shown = await chat("/settings this topic", chat=FORUM)
    assert "2 topics only, this topic too" in shown
    assert "$0.08" in await chat("/cost 2023", chat=FORUM, user=BEN)
    assert "1 topic only, not this one" in await chat("/settings not this topic", chat=FORUM)
    assert "any topic (the default)" in await chat("/settings any topic", chat=FORUM, thread=8)
    assert "$0.08" in await chat("/cost 2023", chat=FORUM, thread=8, user=BEN)


# --------------------------------------------------------------------------- forgetting


async def test_forget_deletes_what_is_stored(chat: ChatDriver) -> None:
    """It says what was deleted; afterwards the chat is as if it had never chosen anything."""
    await chat("/settings headline")
    await chat("/subscribe")
    await chat("/project 2030")
    shown = await chat("/forget")
    assert "Deleted: the settings, the subscription, the last questions" in shown
    assert "There was nothing to delete" in await chat("/forget")
    assert "Basis: the trend" in await chat("/project 2030")
    assert "not told (the default)" in await chat("/settings")


async def test_forgetting_ends_the_context(chat: ChatDriver) -> None:
    """What was asked before can no longer be followed up."""
    await chat("/cost 2023")
    await chat("/forget")
    assert "$0.15" not in await chat("and the year before?")


async def test_in_a_group_everybody_can_be_forgotten_alone(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """A member deletes what is kept of them, an admin what is kept of the group."""
    rule(api)
    await chat("/settings headline", group=True)
    await chat("/cost 2021", group=True, user=BEN)
    assert "Forgotten: your last question here" in await chat("/forget", group=True, user=BEN)
    assert "Nothing is stored about you here" in await chat("/forget", group=True, user=BEN)
    assert "headline" in await chat("/project 2030", group=True)
    assert "Deleted: the settings" in await chat("/forget", group=True)
    assert "Basis: the trend" in await chat("/project 2030", group=True)


async def test_privacy_names_all_that_is_stored(chat: ChatDriver) -> None:
    """Settings and subscription, where they are, and how they are deleted."""
    shown = await chat("/privacy")
    assert "/settings" in shown
    assert "subscription" in shown
    assert "/forget deletes" in shown


# --------------------------------------------------------------------------- what is no command


@pytest.mark.parametrize(
    "text",
    [
        "don't delete my data",
        "can I delete my data?",
        "please do not forget me",
        "never notify me again",
        "why would I subscribe?",
        "stop sending me this",
    ],
)
async def test_a_sentence_changes_nothing(text: str, chat: ChatDriver) -> None:
    """Only a command or a button is sure to mean it; a sentence is offered the button."""
    await chat("/settings headline")
    await chat("/subscribe")
    await chat(text)
    shown = await chat("/settings")
    assert "the post's headline" in shown
    assert "told here" in shown


async def test_what_a_sentence_offers_works(chat: ChatDriver) -> None:
    """The button under the answer does it."""
    await chat("/settings headline")
    await chat("delete my data")
    assert "Deleted: the settings" in await chat.press("/forget")
    assert "the trend" in await chat("/project 2030")


async def test_neither_an_edit_nor_a_forwarded_message_acts(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """What was done is done once, and by one's own words."""
    await chat("/settings headline")
    said = chat.said
    await chat("/settings reset")
    chat.said = said
    assert await chat("/settings headline ", edited=True) == ""
    update = api.incoming.message("/settings headline")
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1}
    update["message"]["forward_origin"] = origin
    assert await chat.tell(update) == ""
    assert "the trend of the post's table (the default)" in await chat("/settings")


@pytest.mark.parametrize(
    ("wish", "because"),
    [
        ("level 100", "level"),
        ("study 99", "study 99"),
        ("study 4", "4"),
        ("100%", "below 100%"),
        ("1e30 calls", "quadrillion"),
    ],
)
async def test_what_cannot_work_is_refused(wish: str, because: str, chat: ChatDriver) -> None:
    """A choice with which nothing could be answered is refused with the reason, and not kept."""
    shown = await chat(f"/settings {wish}")
    assert "I can't work with that" in shown
    assert because in shown
    assert "(the default)" in await chat("/settings")
    assert "about $0.0012" in await chat("cost in 2030?")


async def test_a_percentage_alone_is_the_interval(chat: ChatDriver) -> None:
    """'95%' is what its button says, '30%' a yearly decline."""
    assert "Interval: 95%" in await chat("/settings 95%")
    assert "30% a year" in await chat("/settings 30%")
    assert "Answers: short" in await chat("/settings short")


async def test_what_is_read_wrongly_is_not_written_back(
    chat: ChatDriver, caplog: pytest.LogCaptureFixture
) -> None:
    """Choices of a newer version are passed over; the chat goes on, and can be forgotten."""
    assert Choices.read('{"basis": {"kind": "trend", "new": 1}}') == Choices()
    assert Choices.read("no JSON") == Choices()
    assert "cannot be read" in caplog.text


async def test_who_is_an_admin_cannot_always_be_seen(chat: ChatDriver, api: LocalBotApi) -> None:
    """Then nothing is changed, which is said; one's own data need no admin."""
    rule(api)
    error = ApiError(400, "Bad Request: CHAT_ADMIN_REQUIRED")
    for _ in range(2):
        api.refuse("getChatAdministrators", error)
    assert NOT_SEEN in await chat("/settings headline", group=True)
    assert "Nothing is stored about you" in await chat("/forget", group=True, user=BEN)


async def test_a_pressed_trend_is_gone_on_with(chat: ChatDriver) -> None:
    """What is on the screen is followed up, not what the chat would have chosen."""
    await chat("/settings headline")
    await chat("/project 2030")
    await chat.press("Trend")
    assert "Basis: the trend" in await chat("and in 2031?")
    answer = dict(chat.last)
    await chat("/forget")
    await chat("/settings headline")
    assert "Basis: the trend" in await chat("and 2032", reply_to=answer)


async def test_a_permalink_means_the_same_in_a_group(chat: ChatDriver, api: LocalBotApi) -> None:
    """Also when it is written with the bot's name."""
    rule(api)
    await chat("/settings headline", group=True)
    payload = (permalink("x", "/project 2030") or "").partition("=")[2]
    assert "Basis: the trend" in await chat(f"/start@costcurve_bot {payload}", group=True)


async def test_a_topics_panel_says_what_holds_there(chat: ChatDriver, api: LocalBotApi) -> None:
    """What the group has chosen is no default; news of another topic are not told here."""
    rule(api)
    await chat("/settings latest", chat=FORUM, thread=7)
    await chat("/subscribe", chat=FORUM, thread=7)
    shown = await chat("/settings short for this topic", chat=FORUM, thread=8)
    assert "the latest yearly decline (as the group)" in shown
    assert "Answers: short\n" in shown
    assert "told in another topic" in shown
    assert "No longer in the other topic" in await chat("/subscribe", chat=FORUM, thread=8)


async def test_no_topics_no_topic_settings(chat: ChatDriver, api: LocalBotApi) -> None:
    """Where there are none, nothing is silently widened to the whole chat."""
    rule(api)
    for wish in ("this topic", "latest for this topic"):
        assert "There are no topics here" in await chat(f"/settings {wish}")
        assert "There are no topics here" in await chat(f"/settings {wish}", group=True)


async def test_both_halves_of_a_wish_are_done(chat: ChatDriver, api: LocalBotApi) -> None:
    """A topic and a basis in one command; a reset leaves alone where to answer."""
    rule(api)
    shown = await chat("/settings this topic headline", chat=FORUM, thread=7)
    assert "1 topic only, this topic too" in shown
    assert "the post's headline" in shown
    shown = await chat("/settings reset", chat=FORUM, thread=7)
    assert "1 topic only, this topic too" in shown
    assert "the trend of the post's table (the default)" in shown


async def test_other_topics_are_left_alone(chat: ChatDriver, api: LocalBotApi) -> None:
    """There not even a refusal is said to who may not."""
    rule(api)
    await chat("/settings this topic", chat=FORUM, thread=7)
    assert await chat("/settings", chat=FORUM, thread=8, user=BEN) == ""
    assert "1 topic only" in await chat("/settings", chat=FORUM, thread=8, user=ANN)


async def test_a_group_without_pictures_gets_the_numbers(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """Where photos are forbidden the text stands alone, in one message."""
    rule(api)
    error = "Bad Request: not enough rights to send photos to the chat"
    api.refuse("sendPhoto", ApiError(400, error))
    shown = await chat("/chart cost", group=True)
    assert shown.startswith(NO_PICTURE)
    assert "$0.08" in shown
    assert "photo" not in chat.last


async def test_memory_holds_nothing_of_what_was_said(
    application: AnyApplication, chat: ChatDriver
) -> None:
    """What an edit needs to find its answer is ids, not texts or names."""
    await chat("/cost 2023 my secret words", group=True)
    handlers: Any = application.handlers[0]
    desk = handlers[0].callback.__self__
    kept = [repr(m) for m in desk._answers._sent.values()]
    assert kept
    assert not [text for text in kept if "secret" in text or "Ann" in text]
