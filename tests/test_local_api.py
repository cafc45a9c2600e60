"""The Bot API in-process: what Telegram gives it gives, what Telegram refuses it refuses."""

from __future__ import annotations

import asyncio
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultGif,
    InlineQueryResultsButton,
    InputFile,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
    ReplyParameters,
    SwitchInlineQueryChosenChat,
    Update,
)
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, FORUM, GROUP, PRIVATE, SUPERGROUP, Chat, Person
from bot.local_api.rules import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.conftest import ChatDriver

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BO = Person(1001, "Bo")


def png(width: int = 40, height: int = 30, salt: bytes = b"") -> bytes:
    """As much of a picture as tells its size."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + salt


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Rows of buttons from pairs of label and data."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


def article(result_id: str = "a", title: str = "2023", text: str = "<b>$0.08</b>") -> Any:
    """A result of an inline query, with a text to send."""
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(result_id, title, content)


@pytest.fixture
def local() -> LocalBotApi:
    """A Bot API where Ann has started a chat and is in the groups."""
    local = LocalBotApi(lambda: NOON)
    for chat in (PRIVATE, GROUP, SUPERGROUP, FORUM):
        local.chats.join(chat, ANN)
    return local


@pytest.fixture
async def bot(local: LocalBotApi) -> AsyncIterator[Bot]:
    """A real Bot over it."""
    async with Bot("1:any", request=local, get_updates_request=local) as bot:
        yield bot


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    """getMe names the bot and leaves privacy mode on, as its set-up on Telegram shall be."""
    assert (bot.username, bot.bot.can_read_all_group_messages) == ("costcurve_bot", False)


async def test_a_message_comes_back_as_telegram_shows_it(bot: Bot) -> None:
    """HTML becomes text and entities; links, commands and mentions in it are found as well."""
    sent = await bot.send_message(
        PRIVATE.id,
        " <b>Cost</b> of /cost for @costcurve_bot at t.me/x <code>/no</code>",
        parse_mode="HTML",
        reply_markup=keyboard([("More", "/decline 2021")]),
    )
    assert sent.text == "Cost of /cost for @costcurve_bot at t.me/x /no"
    assert {(entity.type, sent.parse_entity(entity)) for entity in sent.entities} == {
        ("bold", "Cost"),
        ("bot_command", "/cost"),
        ("mention", "@costcurve_bot"),
        ("url", "t.me/x"),
        ("code", "/no"),
    }
    assert sent.reply_markup == keyboard([("More", "/decline 2021")])
    assert (sent.date, sent.chat.first_name, sent.from_user) == (NOON, "Ann", bot.bot)


async def test_calls_are_kept_with_their_outcome(bot: Bot, local: LocalBotApi) -> None:
    """Tests read what was asked for, decoded, and what came of it, a refusal included."""
    await bot.send_message(PRIVATE.id, "2023")
    with pytest.raises(BadRequest):
        await bot.send_message(PRIVATE.id, " ")
    sent, refused = local.calls[-2:]
    assert (sent.method, sent.parameters["chat_id"]) == ("sendMessage", PRIVATE.id)
    assert (sent.parameters["text"], sent.result["text"]) == ("2023", "2023")
    assert refused.error == "Bad Request: message text is empty"


def sharing(chosen: SwitchInlineQueryChosenChat) -> InlineKeyboardMarkup:
    """A button that opens the choice of another chat."""
    button = InlineKeyboardButton("Share", switch_inline_query_chosen_chat=chosen)
    return InlineKeyboardMarkup([[button]])


unheard_of = InlineKeyboardMarkup([[InlineKeyboardButton("x", api_kwargs={"fly": "y"})]])

REFUSED: list[tuple[str, Callable[[Bot], Awaitable[object]]]] = [
    ("Message text is empty", lambda bot: bot.send_message(PRIVATE.id, "<b> </b>", "HTML")),
    ("Message is too long", lambda bot: bot.send_message(PRIVATE.id, "x" * 4097)),
    ("Message is too long", lambda bot: bot.send_message(PRIVATE.id, "😀" * 2049)),
    ("Message caption is too long", lambda bot: bot.send_photo(PRIVATE.id, png(), "x" * 1025)),
    (
        'Can\'t parse entities: Unsupported start tag "h1" at byte offset 0',
        lambda bot: bot.send_message(PRIVATE.id, "<h1>x</h1>", "HTML"),
    ),
    ("Unsupported parse_mode", lambda bot: bot.send_message(PRIVATE.id, "x", "Markdown")),
    ("Chat not found", lambda bot: bot.send_message(77, "x")),
    ("Chat not found", lambda bot: bot.send_message("@nobody", "x")),
    (
        "Message to be replied not found",
        lambda bot: bot.send_message(
            PRIVATE.id, "x", reply_parameters=ReplyParameters(message_id=99)
        ),
    ),
    (
        "Message thread not found",
        lambda bot: bot.send_message(FORUM.id, "x", message_thread_id=5),
    ),
    (
        "Button_data_invalid",
        lambda bot: bot.send_message(
            PRIVATE.id, "x", reply_markup=keyboard([("x", "é" * 32 + "x")])
        ),
    ),
    (
        "Reply_markup_too_long",
        lambda bot: bot.send_message(
            PRIVATE.id, "x", reply_markup=keyboard(*[[("x", "y")] * 2] * 51)
        ),
    ),
    (
        "Can't parse inline keyboard button: Text must be non-empty",
        lambda bot: bot.send_message(PRIVATE.id, "x", reply_markup=keyboard([(" ", "y")])),
    ),
    ("Message to edit not found", lambda bot: bot.edit_message_text("x", PRIVATE.id, 99)),
    ("Message to delete not found", lambda bot: bot.delete_message(PRIVATE.id, 99)),
    (
        "Wrong file identifier/http url specified",
        lambda bot: bot.send_photo(PRIVATE.id, "AgACnothing"),
    ),
    ("File must be non-empty", lambda bot: bot.send_document(PRIVATE.id, b"", filename="x")),
    (
        "Message caption is too long",
        lambda bot: bot.send_document(PRIVATE.id, b"x", "x" * 1025, filename="x"),
    ),
    (
        "At least one chat type must be allowed",
        lambda bot: bot.send_message(
            PRIVATE.id, "x", reply_markup=sharing(SwitchInlineQueryChosenChat("2023"))
        ),
    ),
    (
        "Text buttons are unallowed in the inline keyboard",
        lambda bot: bot.send_message(PRIVATE.id, "x", reply_markup=unheard_of),
    ),
    (
        "Can't parse inputmedia: media not found",
        lambda bot: bot.edit_message_media(InputMediaPhoto(InputFile(png())), PRIVATE.id, 1),
    ),
    (
        "Query is too old and response timeout expired or query id is invalid",
        lambda bot: bot.answer_inline_query("never", []),
    ),
    ("Image_process_failed", lambda bot: bot.send_photo(PRIVATE.id, b"GIF89a")),
    ("Photo_invalid_dimensions", lambda bot: bot.send_photo(PRIVATE.id, png(2100, 100))),
    (
        "Query is too old and response timeout expired or query id is invalid",
        lambda bot: bot.answer_callback_query("never"),
    ),
    ("Bot_command_invalid", lambda bot: bot.set_my_commands([BotCommand("No-Way", "x")])),
    (
        "Bot_command_description_invalid",
        lambda bot: bot.set_my_commands([BotCommand("x", "y" * 257)]),
    ),
    ("Bot_description_invalid", lambda bot: bot.set_my_description("x" * 513)),
    ("Bot_description_invalid", lambda bot: bot.set_my_short_description("x" * 121)),
    ("Member not found", lambda bot: bot.get_chat_member(GROUP.id, 5)),
    (
        "There are no administrators in the private chat",
        lambda bot: bot.get_chat_administrators(PRIVATE.id),
    ),
]


@pytest.mark.parametrize(("refusal", "attempt"), REFUSED)
async def test_what_telegram_refuses_is_refused(
    bot: Bot, refusal: str, attempt: Callable[[Bot], Awaitable[object]]
) -> None:
    """Each limit is enforced with Telegram's own words, so that a bot breaking it fails a test."""
    with pytest.raises(BadRequest) as caught:
        await attempt(bot)
    assert caught.value.message.lower() == refusal.lower()


async def test_the_limits_themselves_are_allowed(bot: Bot) -> None:
    """A text, caption, menu or button that just fits is accepted."""
    row = [("x", "é" * 32)] * 10
    full = await bot.send_message(PRIVATE.id, "x" * 4096, reply_markup=keyboard(*[row] * 10))
    assert full.text is not None
    assert len(full.text) == 4096
    await bot.send_photo(PRIVATE.id, png(), "<b>" + "x" * 1024 + "</b>", parse_mode="HTML")
    await bot.set_my_commands([BotCommand("x" * 32, "y" * 256)])
    await bot.set_my_description("x" * 512)
    await bot.set_my_short_description("x" * 120)


async def test_an_edit_replaces_text_and_buttons(bot: Bot, local: LocalBotApi) -> None:
    """The new version stands in the chat; buttons that are not sent again are gone."""
    sent = await bot.send_message(PRIVATE.id, "one", reply_markup=keyboard([("x", "y")]))
    edited = await bot.edit_message_text("<b>two</b>", PRIVATE.id, sent.message_id, None, "HTML")
    assert isinstance(edited, Message)
    assert (edited.message_id, edited.text, edited.reply_markup) == (sent.message_id, "two", None)
    assert edited.edit_date == NOON
    assert [message["text"] for message in local.changed(0)] == ["two"]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    """Telegram answers 400 to an edit with the same text and buttons, however it is spelled."""
    sent = await bot.send_message(
        PRIVATE.id, "<b>x</b>", "HTML", reply_markup=keyboard([("x", "y")])
    )
    again: dict[str, Any] = {"chat_id": PRIVATE.id, "message_id": sent.message_id}
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "<strong>x</strong>", parse_mode="HTML", reply_markup=sent.reply_markup, **again
        )
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(
            PRIVATE.id, sent.message_id, reply_markup=sent.reply_markup
        )
    await bot.edit_message_reply_markup(PRIVATE.id, sent.message_id)


async def test_what_is_new_is_listed_in_the_order_of_the_last_change(
    bot: Bot, local: LocalBotApi
) -> None:
    """A message edited after another was sent stands behind it; a deleted one is gone."""
    first = await bot.send_message(PRIVATE.id, "one")
    await bot.send_message(PRIVATE.id, "two")
    third = await bot.send_message(PRIVATE.id, "three")
    await bot.edit_message_text("one again", PRIVATE.id, first.message_id)
    await bot.delete_message(PRIVATE.id, third.message_id)
    assert [message["text"] for message in local.changed(0)] == ["two", "one again"]


async def test_only_its_own_messages_can_be_edited(bot: Bot, local: LocalBotApi) -> None:
    """What people wrote stays as they wrote it."""
    said = local.incoming.message("hello")["message"]
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", PRIVATE.id, said["message_id"])


async def test_a_text_can_become_a_picture_but_not_back(bot: Bot, local: LocalBotApi) -> None:
    """editMessageMedia takes a text message; editMessageText refuses a picture."""
    sent = await bot.send_message(PRIVATE.id, "text")
    shown = await bot.edit_message_media(
        InputMediaPhoto(png(), caption="<i>c</i>", parse_mode="HTML"), PRIVATE.id, sent.message_id
    )
    assert isinstance(shown, Message)
    assert (shown.text, shown.caption, shown.photo[-1].width) == (None, "c", 40)
    assert local.files[shown.photo[-1].file_id] == png()
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("back", PRIVATE.id, sent.message_id)
    again = await bot.edit_message_caption(PRIVATE.id, sent.message_id, caption="d")
    assert isinstance(again, Message)
    assert (again.caption, again.photo) == ("d", shown.photo)


async def test_a_picture_can_be_sent_again_by_its_id(bot: Bot, local: LocalBotApi) -> None:
    """The first sending gives a file_id; with it no bytes are sent."""
    first = await bot.send_photo(PRIVATE.id, png(), "one")
    second = await bot.send_photo(PRIVATE.id, first.photo[-1].file_id, "two")
    assert second.photo == first.photo
    assert [call.files for call in local.calls[-2:]] == [{"photo": png()}, {}]


async def test_a_document_comes_with_its_name(bot: Bot, local: LocalBotApi) -> None:
    """A file keeps name and kind, has a caption and buttons, and goes where a text would go."""
    asked = local.incoming.message("csv", chat=FORUM, thread=7)["message"]
    sent = await bot.send_document(
        FORUM.id,
        b"year,usd\n",
        "<b>CSV</b>",
        filename="cost.csv",
        parse_mode="HTML",
        message_thread_id=7,
        reply_parameters=ReplyParameters(asked["message_id"]),
        reply_markup=keyboard([("x", "y")]),
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("cost.csv", "text/csv")
    assert (sent.document.file_size, local.files[sent.document.file_id]) == (9, b"year,usd\n")
    assert (sent.text, sent.caption, sent.message_thread_id) == (None, "CSV", 7)
    assert sent.reply_to_message is not None
    assert sent.reply_markup == keyboard([("x", "y")])
    again = await bot.send_document(PRIVATE.id, sent.document.file_id)
    assert (again.document, local.calls[-1].files) == (sent.document, {})


async def test_a_document_can_change_its_caption_only(bot: Bot) -> None:
    """It has no text to edit; its caption and buttons change, and the file stays."""
    sent = await bot.send_document(PRIVATE.id, b"x", "one", filename="x.txt")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("two", PRIVATE.id, sent.message_id)
    edited = await bot.edit_message_caption(PRIVATE.id, sent.message_id, caption="two")
    assert isinstance(edited, Message)
    assert (edited.caption, edited.document) == ("two", sent.document)


async def test_a_file_is_sent_again_as_what_it_is(bot: Bot) -> None:
    """The id of a picture is none of a document, nor the other way round."""
    photo = (await bot.send_photo(PRIVATE.id, png())).photo[-1].file_id
    document = (await bot.send_document(PRIVATE.id, png(), filename="x.png")).document
    assert document is not None
    with pytest.raises(BadRequest, match="Can't use file of type photo as document"):
        await bot.send_document(PRIVATE.id, photo)
    with pytest.raises(BadRequest, match="Can't use file of type document as photo"):
        await bot.send_photo(PRIVATE.id, document.file_id)


async def test_ids_of_lost_files_are_not_given_again(bot: Bot, local: LocalBotApi) -> None:
    """What Telegram no longer has stays unknown, whatever is sent later."""
    first = await bot.send_photo(PRIVATE.id, png())
    local.files.clear()
    await bot.send_photo(PRIVATE.id, png(salt=b"x"))
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(PRIVATE.id, first.photo[-1].file_id)


async def test_buttons_that_share_are_accepted(bot: Bot) -> None:
    """They open another chat with the bot's name and a text."""
    buttons = [
        InlineKeyboardButton("Any", switch_inline_query=""),
        InlineKeyboardButton("Here", switch_inline_query_current_chat="2023"),
        *sharing(SwitchInlineQueryChosenChat("2023", allow_user_chats=True)).inline_keyboard[0],
    ]
    sent = await bot.send_message(PRIVATE.id, "x", reply_markup=InlineKeyboardMarkup([buttons]))
    assert sent.reply_markup == InlineKeyboardMarkup([buttons])


async def test_an_inline_query_is_answered(bot: Bot, local: LocalBotApi) -> None:
    """What is typed after the bot's name in any chat; the answer is kept under the query's id."""
    update = Update.de_json(local.incoming.inline_query("2" * 300, chat_type="supergroup"), bot)
    query = update.inline_query
    assert query is not None
    assert (query.query, query.from_user.id, query.chat_type, query.offset) == (
        "2" * 256,
        ANN.id,
        "supergroup",
        "",
    )
    photo = (await bot.send_photo(PRIVATE.id, png())).photo[-1].file_id
    results = [article(), InlineQueryResultCachedPhoto("b" * 64, photo, caption="x" * 1024)]
    button = InlineQueryResultsButton("Open the chat", start_parameter="x" * 64)
    await query.answer(results, cache_time=60, is_personal=True, button=button)
    answer = local.inline[query.id]
    assert [result["id"] for result in answer["results"]] == ["a", "b" * 64]
    assert (answer["cache_time"], answer["is_personal"]) == (60, True)
    assert answer["button"]["start_parameter"] == "x" * 64


async def test_fifty_results_and_none_are_allowed(bot: Bot, local: LocalBotApi) -> None:
    """The limit itself is no fault, and nothing found is an answer, too; it is cached 300 s."""
    for count in (50, 0):
        query = local.incoming.inline_query("")["inline_query"]["id"]
        await bot.answer_inline_query(query, [article(str(n)) for n in range(count)])
        assert len(local.inline[query]["results"]) == count
        assert (local.inline[query]["cache_time"], local.inline[query]["is_personal"]) == (
            300,
            False,
        )


UNPARSED = "Can't parse inline query result: "
REFUSED_RESULTS: list[tuple[str, list[Any]]] = [
    ("Too many inline query results specified", [article(str(n)) for n in range(51)]),
    ("Result_id_invalid", [article("")]),
    ("Result_id_invalid", [article("é" * 32 + "x")]),
    ("Result_id_duplicate", [article("a"), article("a", "2022")]),
    (f"{UNPARSED}Article_title_empty", [article(title=" ")]),
    (f"{UNPARSED}Message text is empty", [article(text=" ")]),
    (f"{UNPARSED}Message is too long", [article(text="x" * 4097)]),
    (
        f'{UNPARSED}Can\'t parse entities: Unsupported start tag "h1" at byte offset 0',
        [article(text="<h1>x</h1>")],
    ),
    (f'{UNPARSED}Can\'t find field "id"', [{"type": "article"}]),
    (f'{UNPARSED}Can\'t find field "message_text"', [{"type": "article", "id": "a"}]),
    (
        f"{UNPARSED}Wrong file identifier/http url specified",
        [InlineQueryResultCachedPhoto("a", "AgACnothing")],
    ),
    (
        f"{UNPARSED}This bot api takes only articles and photos sent before",
        [InlineQueryResultGif("a", "https://x.org/x.gif", "https://x.org/x.jpg")],
    ),
]


@pytest.mark.parametrize(("refusal", "results"), REFUSED_RESULTS)
async def test_a_wrong_result_refuses_the_whole_answer(
    bot: Bot, local: LocalBotApi, refusal: str, results: list[Any]
) -> None:
    """Whoever typed would see nothing at all, so a test has to fail."""
    query = local.incoming.inline_query("2023")["inline_query"]["id"]
    with pytest.raises(BadRequest) as caught:
        await bot.answer_inline_query(query, results)
    assert caught.value.message.lower() == refusal.lower()
    assert query not in local.inline


@pytest.mark.parametrize(
    ("refusal", "button"),
    [
        ("Start_param_invalid", InlineQueryResultsButton("x", start_parameter="not allowed")),
        ("must have exactly one optional field", InlineQueryResultsButton("x")),
        ('Can\'t find field "text"', InlineQueryResultsButton(" ", start_parameter="x")),
    ],
)
async def test_a_wrong_button_above_the_results_is_refused(
    bot: Bot, local: LocalBotApi, refusal: str, button: InlineQueryResultsButton
) -> None:
    """It needs a text and one thing to do."""
    query = local.incoming.inline_query("2023")["inline_query"]["id"]
    with pytest.raises(BadRequest) as caught:
        await bot.answer_inline_query(query, [article()], button=button)
    assert refusal.lower() in caught.value.message.lower()


async def test_a_reply_shows_what_it_replies_to(bot: Bot, local: LocalBotApi) -> None:
    """The replied message is in the reply, but not what that one replied to."""
    asked = local.incoming.message("one", chat=GROUP)["message"]
    first = await bot.send_message(GROUP.id, "two", reply_to_message_id=asked["message_id"])
    assert first.reply_to_message is not None
    assert (first.reply_to_message.text, first.reply_to_message.from_user) == (
        "one",
        Message.de_json(asked, bot).from_user,
    )
    second = await bot.send_message(GROUP.id, "three", reply_to_message_id=first.message_id)
    assert second.reply_to_message is not None
    assert second.reply_to_message.reply_to_message is None
    lost = ReplyParameters(message_id=99, allow_sending_without_reply=True)
    alone = await bot.send_message(GROUP.id, "four", reply_parameters=lost)
    assert alone.reply_to_message is None


async def test_a_topic_is_kept(bot: Bot, local: LocalBotApi) -> None:
    """In a forum a message is in its topic, and a reply is in the topic of what it replies to."""
    asked = local.incoming.message("one", chat=FORUM, thread=7)["message"]
    assert (asked["message_thread_id"], asked["is_topic_message"]) == (7, True)
    there = await bot.send_message(FORUM.id, "two", message_thread_id=7)
    reply = await bot.send_message(FORUM.id, "three", reply_to_message_id=asked["message_id"])
    general = await bot.send_message(FORUM.id, "four")
    assert [m.message_thread_id for m in (there, reply, general)] == [7, 7, None]


async def test_updates_are_what_people_did(bot: Bot, local: LocalBotApi) -> None:
    """Messages, edits and presses become Updates that python-telegram-bot reads."""
    written = local.incoming.message(
        "/cost@costcurve_bot 2023 https://x.org/é.", chat=GROUP, user=BO
    )
    update = Update.de_json(written, bot)
    assert update.message is not None
    assert (update.effective_user, update.effective_chat) == (
        update.message.from_user,
        update.message.chat,
    )
    found = [update.message.parse_entity(entity) for entity in update.message.entities]
    assert found == ["/cost@costcurve_bot", "https://x.org/é"]
    edited = Update.de_json(local.incoming.edited(written["message"], "/cost 2022"), bot)
    assert edited.edited_message is not None
    assert (edited.edited_message.text, edited.edited_message.edit_date) == ("/cost 2022", NOON)
    assert edited.edited_message.message_id == update.message.message_id
    await bot.send_message(GROUP.id, "x", reply_markup=keyboard([("More", "/more")]))
    press = Update.de_json(local.incoming.press(local.changed(0)[-1], "/more", user=BO), bot)
    assert press.callback_query is not None
    assert (press.callback_query.data, press.callback_query.from_user.id) == ("/more", BO.id)
    await press.callback_query.answer("got it")
    assert local.toasts(0) == ["got it"]


async def test_a_private_chat_is_with_its_person(bot: Bot, local: LocalBotApi) -> None:
    """Without a chat a message is private, and the chat's number is the person's."""
    update = Update.de_json(local.incoming.message("hi", user=BO), bot)
    assert update.effective_chat is not None
    assert (update.effective_chat.id, update.effective_chat.type) == (BO.id, "private")
    sent = await bot.send_message(BO.id, "hello")
    assert sent.chat.first_name == "Bo"


async def test_members_and_administrators(bot: Bot, local: LocalBotApi) -> None:
    """The first administrator is the owner; who has written is a member."""
    local.chats.join(GROUP, ANN, BO)
    local.chats.administrators[GROUP.id] = [BO, ANN]
    assert [a.status for a in await bot.get_chat_administrators(GROUP.id)] == [
        "creator",
        "administrator",
    ]
    assert (await bot.get_chat_member(GROUP.id, ANN.id)).status == "administrator"
    assert (await bot.get_chat_member(GROUP.id, bot.id)).status == "member"


async def test_menu_and_profile_are_kept(bot: Bot) -> None:
    """What is set can be read back, by language."""
    await bot.set_my_commands([BotCommand("cost", "What it costs")])
    await bot.set_my_description("long")
    assert [c.command for c in await bot.get_my_commands()] == ["cost"]
    assert await bot.get_my_commands(language_code="de") == ()
    assert (await bot.get_my_description()).description == "long"
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


async def test_polling_delivers_until_confirmed(bot: Bot, local: LocalBotApi) -> None:
    """An update comes again until a higher offset confirms it; other kinds are held back."""
    first = local.incoming.message("one")
    second = local.incoming.edited(first["message"], "two")
    local.deliver(first)
    local.deliver(second)
    assert [u.update_id for u in await bot.get_updates()] == [1, 2]
    assert [u.update_id for u in await bot.get_updates(allowed_updates=["message"])] == [1]
    assert await bot.get_updates(offset=2) == ()


async def test_a_long_poll_ends_when_an_update_arrives(bot: Bot, local: LocalBotApi) -> None:
    """Waiting is ended by an update, not by the clock."""
    poll = asyncio.create_task(bot.get_updates(timeout=60))
    await asyncio.wait_for(local.polled.wait(), 5)
    local.deliver(local.incoming.message("one"))
    assert len(await asyncio.wait_for(poll, 5)) == 1


async def test_webhook_and_polling_exclude_each_other(bot: Bot, local: LocalBotApi) -> None:
    """With a webhook set getUpdates is a conflict, until it is deleted."""
    await bot.set_webhook("https://bot.example/x", secret_token="s", allowed_updates=["message"])  # noqa: S106  # a word
    assert local.webhook["secret_token"] == "s"  # noqa: S105  # a word
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_a_failure_can_be_ordered(bot: Bot, local: LocalBotApi) -> None:
    """Tests make the next request of a method fail as Telegram does, once."""
    local.refuse("sendMessage", ApiError(429, "Too Many Requests: retry after 3", retry_after=3))
    with pytest.raises(RetryAfter):
        await bot.send_message(PRIVATE.id, "x")
    await bot.send_message(PRIVATE.id, "x")


async def test_unknown_methods_and_tokens_are_refused() -> None:
    """What is not there is 404 for every bot, and a wrong token is 401."""
    local = LocalBotApi(token="1:right")  # noqa: S106  # opens nothing
    assert (await local.answer("1:right", "flyToMoon", {}, {}))[0] == 404
    status, body = await local.answer("1:wrong", "getMe", {}, {})
    assert (status, body["description"]) == (401, "Unauthorized")
    with pytest.raises(InvalidToken):
        await Bot("1:wrong", request=local, get_updates_request=local).initialize()


async def test_broken_requests_are_refused_not_crashed(local: LocalBotApi) -> None:
    """A request without its parameters is a 400, as from a real server."""
    methods = "sendMessage editMessageText deleteMessage sendPhoto sendDocument getChatMember"
    for method in (*methods.split(), "editMessageMedia", "answerInlineQuery"):
        status, body = await local.answer("x", method, {}, {})
        assert (status, body["ok"]) == (400, False), method


async def test_supergroup_threads_are_no_topics(bot: Bot, local: LocalBotApi) -> None:
    """Outside forums a reply thread's number cannot be sent to, although messages carry it."""
    said: dict[str, Any] = local.incoming.message("x", chat=SUPERGROUP, thread=3)["message"]
    assert "is_topic_message" not in said
    with pytest.raises(TelegramError, match="Message thread not found"):
        await bot.send_message(SUPERGROUP.id, "y", message_thread_id=3)


def test_chats_are_as_the_bot_api_describes_them() -> None:
    """A group has a title, a forum says that it is one."""
    assert Chat(1, "private").as_json() == {"id": 1, "type": "private"}
    assert FORUM.as_json()["is_forum"] is True
    assert GROUP.as_json() == {"id": -2000, "type": "group", "title": "A group"}


async def test_a_conversation_is_tested_in_one_line(chat: ChatDriver) -> None:
    """The `chat` fixture says what the bot shows: answers, presses, replies, and its silence."""
    assert "$0.30" in await chat("what did it cost in 2021?")
    assert "$0.15" in await chat.press("2022")
    assert chat.last["text"].startswith("2022")
    assert await chat("what did it cost in 2021?", group=True) == ""
    assert "$0.30" in await chat("@costcurve_bot what did it cost in 2021?", group=True)
    assert chat.last["reply_to_message"]["message_id"] == chat.said["message_id"]
    assert "$0.50" in await chat("and 2020?", group=True, reply_to=chat.last, user=BO)
    assert "$0.30" in await chat("/cost@costcurve_bot 2021", thread=7)
    assert chat.last["message_thread_id"] == 7
    assert (await chat("/cost 2020", edited=True)).startswith("2020: $0.50")
