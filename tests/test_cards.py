"""Cards: pictures sent, kept and changed in place, through the real Application."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import build_application
from bot.charts.studio import Busy
from bot.config import Secret, Settings
from bot.delivery import NO_PICTURE
from bot.keyboard import keyboard, under
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, BEN, GROUP
from bot.render import Button
from bot.state import State
from bot.terminal import Sketches
from tests.conftest import NOW, ChatDriver

if TYPE_CHECKING:
    from bot.charts.model import Chart
    from knowledge.base import KnowledgeBase

SENT = {"sendPhoto", "editMessageMedia"}


def uploads(api: LocalBotApi) -> int:
    """How many pictures were sent as files rather than by Telegram's id."""
    return sum(bool(call.files) for call in api.calls if call.method in SENT)


async def test_a_picture_with_its_numbers(chat: ChatDriver) -> None:
    """A chart is a photo whose caption says the numbers and the source, with buttons."""
    assert "$0.0012" in await chat("/chart project 2030")
    assert chat.last["photo"]
    assert "Source:" in chat.last["caption"]
    assert {"2029", "2031", "Linear scale", "CSV"} <= set(chat.buttons)


async def test_a_text_turns_into_a_picture(chat: ChatDriver) -> None:
    """The Chart button puts the picture in the place of the text, in the same message."""
    await chat("what will it cost in 2030?")
    before = chat.last["message_id"]
    await chat.press("Chart")
    assert chat.last["message_id"] == before
    assert chat.last["photo"]
    await chat.press("2031")
    assert chat.last["message_id"] == before
    assert "2031:" in chat.last["caption"]


async def test_what_cannot_be_a_picture_comes_below_it(chat: ChatDriver) -> None:
    """The computation and the file are messages of their own; the picture stays."""
    await chat("/chart cost")
    picture = chat.last
    await chat.press("Why?")
    assert chat.last["message_id"] > picture["message_id"]
    chat.last = picture
    await chat.press("CSV")
    assert chat.last["document"]["file_name"] == "costcurve-cost.csv"


async def test_the_same_picture_is_drawn_once(chat: ChatDriver, api: LocalBotApi) -> None:
    """Asked again, anywhere, it is sent by the id that Telegram gave it."""
    await chat("/chart cost")
    await chat("plot the cost over time")
    await chat("/chart cost", group=True)
    assert uploads(api) == 1


async def test_a_restart_keeps_the_pictures(kb: KnowledgeBase, tmp_path: Any) -> None:
    """The ids outlive the process; a card from before goes on working."""
    api = LocalBotApi(lambda: NOW)
    settings = Settings(token=Secret("1:test"))
    last: dict[str, Any] = {}
    for question in ("/chart cost", "/chart cost"):
        state = State.open(f"sqlite:///{tmp_path}/state.sqlite3")
        made = build_application(
            settings, kb, request=api, state=state, easel=Sketches(), clock=lambda: NOW
        )
        async with made as application:
            chat = ChatDriver(application, api)
            if last:
                chat.last = last
                await chat.press("Linear scale")
                assert chat.last["photo"]
            await chat(question)
            last = chat.last
        state.close()
    assert uploads(api) == 2  # the log scale once, the linear one once


async def test_a_picture_that_telegram_lost_is_drawn_again(
    chat: ChatDriver, api: LocalBotApi
) -> None:
    """An id that is refused is forgotten."""
    await chat("/chart cost")
    api.files.clear()
    await chat("/chart cost")
    assert chat.last["photo"]
    assert uploads(api) == 2


class Broken:
    """An easel that has too much to do."""

    async def draw(self, chart: Chart) -> bytes:
        raise Busy("32 pictures are waiting")

    async def close(self) -> None:
        """Nothing runs."""


async def test_without_a_picture_the_text_stands_alone(kb: KnowledgeBase, api: LocalBotApi) -> None:
    """Where none can be drawn the numbers are said, anew and in place."""
    settings = Settings(token=Secret("1:test"))
    made = build_application(settings, kb, request=api, easel=Broken(), clock=lambda: NOW)
    async with made as application:
        chat = ChatDriver(application, api)
        shown = await chat("/chart project 2030")
        assert NO_PICTURE in shown
        assert "$0.0012" in shown
        await chat("/project 2030")
        assert "$0.0012" in await chat.press("Chart")


async def test_anybody_may_press_at_random(chat: ChatDriver, api: LocalBotApi) -> None:
    """Thirty presses by different people, some twice: every one is answered, none is an error."""
    await chat("/project 2030", chat=GROUP)
    card, chance = chat.last, random.Random(4)  # noqa: S311  # any order will do
    for _ in range(30):
        chat.last = card
        labels = [label for label in chat.buttons if label not in ("CSV", "Why?")]
        label = chance.choice(labels)
        await chat.press(label, user=chance.choice([ANN, BEN]))
        changed = [m for m in (chat.last,) if m["message_id"] == card["message_id"]]
        card = changed[0] if changed else card
    answers = [c for c in api.calls if c.method == "answerCallbackQuery"]
    assert len(answers) == 30
    assert not any(c.parameters.get("text") for c in answers)


@pytest.mark.parametrize("data", ["", "nonsense", "/frobnicate 3", "settings:7", "/chart"])
async def test_a_button_that_nobody_knows_is_a_polite_notice(data: str, chat: ChatDriver) -> None:
    """Data of another bot or another age change nothing and raise nothing."""
    await chat("/cost 2021")
    before = dict(chat.last)
    shown = await chat.tell(chat.api.incoming.press(chat.last, data))
    if data == "/chart":  # a command of ours, however it came there
        assert chat.last["photo"]
    else:
        assert "don't know this button" in shown
        assert chat.last["text"] == before["text"]


async def test_a_share_button_opens_another_chat(chat: ChatDriver) -> None:
    """What it writes there is the question, which inline mode answers."""
    await chat("/project 2030")
    rows = chat.last["reply_markup"]["inline_keyboard"]
    (share,) = [b for row in rows for b in row if "switch_inline_query" in b]
    assert share["switch_inline_query"] == "project 2030"
    await chat.tell(chat.api.incoming.inline_query(share["switch_inline_query"]))
    (call,) = [c for c in chat.api.calls if c.method == "answerInlineQuery"]
    (result,) = call.parameters["results"]
    assert "2030" in result["title"]
    assert "$0.0012" in result["input_message_content"]["message_text"]


async def test_a_picture_in_a_reply_is_followed_up(chat: ChatDriver) -> None:
    """Replying to a picture is about what it shows, however old it is."""
    await chat("/chart project 2030", group=True)
    picture = chat.last
    await chat("/cost 2019", group=True)
    await chat("and 2035?", group=True, reply_to=picture)
    assert "2035" in chat.last["caption"]


def test_buttons_are_put_into_json_once_and_rightly() -> None:
    """What is sent of a keyboard is what the library would make of it each time."""
    rows = ((Button("2022", "/cost 2022"), Button("Share", "cost 2023", share=True)),)
    made = keyboard(rows)
    assert made is not None
    assert json.loads(under(rows)["reply_markup"]) == made.to_dict()
    fewer = under(rows, shares=False)["reply_markup"]
    assert "Share" not in fewer
    assert "2022" in fewer
    assert under(rows[:0]) == {}
