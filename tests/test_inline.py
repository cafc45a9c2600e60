"""Inline mode: what is offered while somebody types, and the messages sent by it, as a whole."""

from __future__ import annotations

import logging
import statistics
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InputMediaPhoto
from telegram.error import BadRequest

from bot import links
from bot.conversation import Conversation
from bot.inline import CACHE, GONE, IN_PRIVATE, MORE, NO_FILE, NO_PICTURE, NO_TEXT, article
from bot.local_api.chats import ANN, BEN, BOT
from bot.local_api.rules import bad_request
from bot.offers import MOST, Offers
from bot.questions.about import STARTERS
from bot.render import Reply
from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.local_api.chats import Json, Person
    from knowledge.base import KnowledgeBase
    from tests.conftest import AnyApplication, ChatDriver

WITHIN = 0.1  # seconds for an answer


async def offered(chat: ChatDriver, text: str, user: Person = ANN, place: str = "group") -> Json:
    """What the bot offers while this is typed: the results, and what else it says of them."""
    update = chat.api.incoming.inline_query(text, user=user, chat_type=place)
    await chat.tell(update)
    return chat.api.inline[update["inline_query"]["id"]]


async def titles(chat: ChatDriver, text: str) -> list[str]:
    """The titles that are offered, best first."""
    return [result["title"] for result in (await offered(chat, text))["results"]]


async def sent(chat: ChatDriver, text: str, place: int = 0) -> str:
    """Choose a result and send it: the inline id of the message."""
    return chat.api.outside.send((await offered(chat, text))["results"][place])


async def press(chat: ChatDriver, inline_id: str, label: str, user: Person = BEN) -> str:
    """Press a button under such a message, by its label; the notice over the chat, if any."""
    return await chat.tell(
        chat.api.outside.press(inline_id, buttons(chat, inline_id)[label], user=user)
    )


def buttons(chat: ChatDriver, inline_id: str) -> dict[str, str]:
    """The buttons under such a message: label and data."""
    rows = chat.api.outside.messages[inline_id].get("reply_markup", {}).get("inline_keyboard", [])
    return {b["text"]: b["callback_data"] for row in rows for b in row if "callback_data" in b}


def permalinks(entities: list[Json]) -> list[str | None]:
    """The commands behind the permalinks of a message."""
    return [links.command_of(e["url"]) for e in entities if "url" in e and "?start=" in e["url"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2030", ["2030: about $0.0012 per inference (projection)"]),
        ("2023", ["2023: $0.08 per inference", "2023: down 46.7% on 2022"]),
        (
            "2020 2024",
            [
                "Cost per inference: $0.50 in 2020, $0.04 in 2024",
                "2020 to 2024: down 92%, 12.5× cheaper",
            ],
        ),
        ("pruning", ["3 studies on pruning: 1 inference and 2 training"]),
        (
            "100 dollars",
            ["2018: the first year at or below $100", "$100 in 2024 buys 2,500 inferences"],
        ),
        ("cost 2023", ["2023: $0.08 per inference"]),
        ("what will it cost in 2030?", ["2030: about $0.0012 per inference (projection)"]),
        ("when will it be below a cent", ["2027: the first year at or below $0.01 (projection)"]),
    ],
)
async def test_one_result_for_each_reading(
    text: str, expected: list[str], chat: ChatDriver
) -> None:
    """The best reading first, then others that have an answer; a word for one leaves just that."""
    assert await titles(chat, text) == expected


async def test_a_result_is_a_full_answer(chat: ChatDriver) -> None:
    """Title and description say the figure; what is sent has text, source, permalink, buttons."""
    (result,) = (await offered(chat, "2030"))["results"]
    assert result["type"] == "article"
    assert result["description"] == "80% interval: $0.00047 to $0.0032"
    message = chat.api.outside.messages[chat.api.outside.send(result)]
    assert message["text"].startswith(result["title"])
    assert "80% interval" in message["text"]
    assert permalinks(message["entities"]) == ["/project 2030"]
    rows = message["reply_markup"]["inline_keyboard"]
    assert {"2029", "2031", "Chart", "Why?", "Share"} <= {b["text"] for row in rows for b in row}


async def test_what_is_asked_most_stands_there_at_once(chat: ChatDriver) -> None:
    """Before anything is typed, examples that can be sent as they are."""
    answer = await offered(chat, "")
    assert len(answer["results"]) == len(STARTERS) == 4
    assert all(result["title"] and result["description"] for result in answer["results"])
    assert "button" not in answer


async def test_a_missing_value_is_offered_in_several_ways(chat: ChatDriver) -> None:
    """Half a question offers its continuations, since nobody can be asked back here."""
    assert [title.partition(":")[0] for title in await titles(chat, "project")] == [
        "2027",
        "2030",
        "2035",
    ]


async def test_two_questions_are_two_results(chat: ChatDriver) -> None:
    """Each answer stands for itself, so each is a result."""
    assert await titles(chat, "what did it cost in 2021 and what will it cost in 2030?") == [
        "2021: $0.30 per inference",
        "2030: about $0.0012 per inference (projection)",
    ]


@pytest.mark.parametrize("text", ["xyzzy", "bread price", "pr", "\ud83d", "/frobnicate"])
async def test_not_understood_is_no_result(text: str, chat: ChatDriver) -> None:
    """Nothing is guessed: the way to a private chat stands there, where the bot answers."""
    answer = await offered(chat, text)
    assert answer["results"] == []
    assert answer["button"]["text"] == IN_PRIVATE
    assert "Ask away" in await chat(f"/start {answer['button']['start_parameter']}")


async def test_a_file_is_sent_in_private(chat: ChatDriver) -> None:
    """It cannot be uploaded from here: the button leads to the chat where it is sent."""
    answer = await offered(chat, "csv cost")
    assert answer["results"] == []
    await chat(f"/start {answer['button']['start_parameter']}")
    assert chat.last["document"]["file_name"] == "costcurve-cost.csv"


async def test_a_refusal_is_an_answer_too(chat: ChatDriver) -> None:
    """What was understood but has no figure says so, and another reading follows."""
    assert await titles(chat, "2020 pruning") == [
        "No study on pruning of 2020",
        "2020: $0.50 per inference",
    ]


async def test_nothing_is_personal(chat: ChatDriver) -> None:
    """Telegram may show the same results to anybody: they do not depend on who asked, or before."""
    await chat("what did it cost in 2021?", user=BEN)
    first = await offered(chat, "and 2022?", ANN)
    assert first == await offered(chat, "and 2022?", BEN, "sender")
    assert (first["is_personal"], first["cache_time"]) == (False, CACHE)
    await offered(chat, "2030", ANN)
    assert "computed" not in await chat("why?", user=ANN)  # typing is no question asked


async def test_ids_are_stable(chat: ChatDriver) -> None:
    """The same result has the same id whatever was typed for it, and no other has it."""
    one = (await offered(chat, "2023"))["results"]
    two = (await offered(chat, "what did it cost in 2023?"))["results"]
    assert one[0]["id"] == two[0]["id"]
    assert one[0]["id"] == "87d1cb6111106919"  # across processes: no hash of this one's own
    assert len({result["id"] for result in one}) == len(one)


async def test_a_picture_that_telegram_has_is_a_result(chat: ChatDriver) -> None:
    """A chart that was sent once anywhere can be chosen; its numbers are in the caption."""
    assert [r["type"] for r in (await offered(chat, "2030"))["results"]] == ["article"]
    await chat("/chart project 2030", user=BEN)
    text, picture = (await offered(chat, "2030"))["results"]
    assert (text["type"], picture["type"]) == ("article", "photo")
    message = chat.api.outside.messages[chat.api.outside.send(picture)]
    assert "$0.0012" in message["caption"]
    assert "/chart project 2030" in permalinks(message["caption_entities"])
    assert [r["type"] for r in (await offered(chat, "chart project 2030"))["results"]] == [
        "photo",
        "article",
    ]


async def test_a_picture_that_telegram_lost_costs_no_answer(chat: ChatDriver) -> None:
    """The texts are offered without it, and its id is not tried again."""
    await chat("/chart project 2030")
    chat.api.files.clear()
    for _ in range(2):
        answer = await offered(chat, "2030")
        assert [result["type"] for result in answer["results"]] == ["article"]
    refused = [c for c in chat.api.calls if c.method == "answerInlineQuery" and c.error]
    assert len(refused) == 1


async def test_a_button_changes_the_message_where_it_stands(chat: ChatDriver) -> None:
    """Anybody there may press; the same message says the other answer, no chat gets another."""
    inline_id = await sent(chat, "2030")
    before = len(chat.api.chats.messages)
    assert await press(chat, inline_id, "2031") == ""
    assert chat.api.outside.messages[inline_id]["text"].startswith("2031:")
    assert "2032" in buttons(chat, inline_id)
    assert await press(chat, inline_id, "Why?", ANN) == ""
    assert "computed" in chat.api.outside.messages[inline_id]["text"]
    assert len(chat.api.chats.messages) == before


async def test_the_same_press_twice_is_no_error(chat: ChatDriver) -> None:
    """Two people press the same button: the second finds it done."""
    inline_id = await sent(chat, "2030")
    data = buttons(chat, inline_id)["2031"]
    for user in (ANN, BEN):
        assert await chat.tell(chat.api.outside.press(inline_id, data, user=user)) == ""
    answers = [c for c in chat.api.calls if c.method == "answerCallbackQuery"]
    assert len(answers) == 2


async def test_a_new_picture_is_asked_for_in_private(chat: ChatDriver) -> None:
    """Only a picture that Telegram has can be put there; until then a notice says where to ask."""
    inline_id = await sent(chat, "2030")
    assert await press(chat, inline_id, "Chart") == NO_PICTURE.format(me=BOT.username)
    assert chat.api.outside.messages[inline_id]["text"].startswith("2030:")
    await chat("/chart project 2030", user=BEN)
    assert await press(chat, inline_id, "Chart") == ""
    assert "$0.0012" in chat.api.outside.messages[inline_id]["caption"]
    assert await press(chat, inline_id, "Why?") == NO_TEXT.format(me=BOT.username)
    assert await press(chat, inline_id, "CSV") == NO_FILE.format(me=BOT.username)
    assert chat.api.outside.messages[inline_id]["photo"]


async def test_a_lost_picture_is_asked_for_in_private(chat: ChatDriver) -> None:
    """An id that Telegram refuses is forgotten, and the message stays as it is."""
    await chat("/chart project 2030")
    inline_id = await sent(chat, "2030")
    chat.api.files.clear()
    assert await press(chat, inline_id, "Chart") == NO_PICTURE.format(me=BOT.username)
    assert len((await offered(chat, "2030"))["results"]) == 1


async def test_presses_that_come_to_nothing_are_polite(chat: ChatDriver) -> None:
    """A message that was deleted, a button of another age, a press without any message."""
    inline_id = await sent(chat, "2030")
    unknown = await chat.tell(chat.api.outside.press(inline_id, "settings:7"))
    assert "don't know this button" in unknown
    chat.api.outside.messages.clear()
    assert await chat.tell(chat.api.outside.press(inline_id, "/cost 2021")) == GONE
    nowhere = chat.api.incoming.pressed(ANN, "/cost 2021", {}, "game")
    assert "too old" in await chat.tell(nowhere)


async def test_too_late_is_no_failure(chat: ChatDriver, caplog: pytest.LogCaptureFixture) -> None:
    """Who typed on has another query: the old one's refusal is no error, any other refusal is."""
    update = chat.api.incoming.inline_query("2030")
    chat.api.chats.inline_queries.clear()
    await chat.tell(update)
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
    chat.api.refuse("answerInlineQuery", bad_request("RESULT_ID_DUPLICATE"))
    await chat.tell(chat.api.incoming.inline_query("2030"))
    assert [r for r in caplog.records if r.levelno >= logging.ERROR]


async def test_a_long_answer_leads_to_its_rest(application: AnyApplication) -> None:
    """One result sends one message; a button below it leads to a chat with room for all."""
    result = article(
        "/cost", "Cost", None, Reply(("one", "two")), application.bot, "https://t.me/x"
    )
    assert result.reply_markup is not None
    ((button,),) = result.reply_markup.inline_keyboard
    assert (button.text, button.url) == (MORE, "https://t.me/x")


async def test_no_upload_into_a_message_sent_inline(
    application: AnyApplication, chat: ChatDriver
) -> None:
    """The in-process Bot API refuses what Telegram does: only a file that it has may go there."""
    inline_id = await sent(chat, "2030")
    with pytest.raises(BadRequest, match="can't be uploaded"):
        await application.bot.edit_message_media(
            InputMediaPhoto(b"picture"), inline_message_id=inline_id
        )


async def test_an_answer_within_a_tenth_of_a_second(chat: ChatDriver) -> None:
    """People watch the list while they type: every key stroke is answered at once."""
    await chat("/chart project 2030")
    typed = "how much cheaper did inference get between 2020 and 2024"
    queries = ["", "2030", "pruning", "2020 2024", *(typed[:n] for n in range(3, len(typed), 3))]
    taken = []
    for query in queries:
        start = time.perf_counter()
        await offered(chat, query)
        taken.append(time.perf_counter() - start)
    assert statistics.quantiles(taken, n=10)[-1] < WITHIN


@given(st.text(max_size=256))
def test_whatever_is_typed_is_offered_or_not(kb: KnowledgeBase, text: str) -> None:
    """No text breaks it: each offer has a title and a message, and none comes twice."""
    offers = Offers(Conversation(kb)).offered(text, NOW.date(), BOT.username)
    assert len(offers) <= MOST
    assert len({offer.command for offer in offers}) == len(offers)
    assert all(offer.title.strip() and offer.reply.texts[0] for offer in offers)
