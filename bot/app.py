"""The Telegram application: updates in, replies out; the only place that waits."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from telegram import (
    BotCommand,
    LinkPreviewOptions,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.addressing import asker, command_replied_to, with_claim, words_for
from bot.charts.studio import Studio
from bot.conversation import Conversation
from bot.delivery import Delivery
from bot.guest import Guest, apologize
from bot.inline import Inline
from bot.menu import MENU
from bot.misses import DAYS, Misses
from bot.pace import Pace
from bot.questions.about import SCOPE
from bot.recent import Answers, Recent
from bot.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram.ext import Application
    from telegram.request import BaseRequest

    from bot.config import Settings
    from bot.delivery import Easel
    from bot.questions.base import Asked
    from bot.recent import Place
    from knowledge.base import KnowledgeBase

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "guest_message")
DESCRIPTION = (
    f"{SCOPE}\n\nEvery number comes from a row or a formula that it can show. Ask in your own"
    " words: “what did a call cost in 2023?”, “how much cheaper since 2020?”, “what will it cost in"
    " 2030?”, “anything on pruning?”"
)
SHORT_DESCRIPTION = "What AI inference and training cost, how fast that falls, where it goes."
APOLOGY = "Sorry, something went wrong here. If you report it, please quote {reference}."

CONCURRENCY = 64  # updates in hand at once, and connections for their replies

_logger = logging.getLogger(__name__)


def build_application(
    settings: Settings,
    kb: KnowledgeBase,
    *,
    request: BaseRequest | None = None,
    state: State | None = None,
    easel: Easel | None = None,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AnyApplication:
    """The application over a knowledge base; `request` takes the place of the network.

    Without a `state` it remembers nothing beyond its own life. Pictures are drawn by a process
    of their own, unless an `easel` is given.
    """
    state = state or State.memory()
    delivery = Delivery(state, easel or Studio(), clock)
    builder = (
        ApplicationBuilder()
        .token(settings.require_token().reveal())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .defaults(
            Defaults(
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        .job_queue(None)
        .concurrent_updates(CONCURRENCY)
        .rate_limiter(pace or Pace())
        .post_init(introduce)
        .post_shutdown(lambda _: delivery.close())
    )
    sending, polling = (request, request) if request else _requests()
    application = builder.request(sending).get_updates_request(polling).build()
    misses = Misses(settings.keep_misses) if settings.keep_misses else None
    if misses:
        misses.forget(clock().date())
    conversation = Conversation(kb, DAYS if misses else 0)
    inline = Inline(conversation, state, clock)
    desk = Desk(conversation, delivery, inline, clock, misses)
    _listen(application, desk, inline, Guest(conversation, inline))
    return application


def _listen(application: AnyApplication, desk: Desk, inline: Inline, guest: Guest) -> None:
    """Say who takes which update."""
    worded = (filters.TEXT | filters.CAPTION) & filters.UpdateType.MESSAGES
    application.add_handler(MessageHandler(worded, desk.on_message))
    application.add_handler(CallbackQueryHandler(desk.on_press))
    application.add_handler(InlineQueryHandler(inline.on_query))
    application.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, guest.on_summons))
    application.add_error_handler(on_error)


def _requests() -> tuple[BaseRequest, BaseRequest]:
    """Two connection pools over one TLS context: making a context takes 20 ms of the start."""
    import httpx
    from telegram.request import HTTPXRequest

    context = httpx.create_ssl_context()
    return (
        HTTPXRequest(connection_pool_size=CONCURRENCY, httpx_kwargs={"verify": context}),
        HTTPXRequest(connection_pool_size=CONCURRENCY, httpx_kwargs={"verify": context}),
    )


async def introduce(application: AnyApplication) -> None:
    """Set the command menu and the descriptions, from the kinds of question."""
    bot = application.bot
    await bot.set_my_commands([BotCommand(k.command, k.summary.capitalize()) for k in MENU])
    await bot.set_my_description(DESCRIPTION)
    await bot.set_my_short_description(SHORT_DESCRIPTION)


class Desk:
    """Takes messages and presses to the conversation, and its replies back."""

    def __init__(
        self,
        conversation: Conversation,
        delivery: Delivery,
        inline: Inline,
        clock: Callable[[], datetime],
        misses: Misses | None = None,
    ) -> None:
        self._conversation = conversation
        self._delivery = delivery
        self._inline = inline
        self._clock = clock
        self._misses = misses
        self._recent = Recent()
        self._answers: Answers[Message] = Answers()

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message, me = update.message or update.edited_message, context.bot.bot
        if message is None or (text := words_for(message, me)) is None:
            return
        answer = self._answers.get(message.chat_id, message.message_id)
        if update.edited_message and answer is None:
            return  # an edited question changes its answer, and never gets a second one
        asked = with_claim(text, message)
        place = _place(message, asker(message))
        previous = self._previous(message, context) or self._recent.get(place, self._clock())
        turn = self._conversation.turn(asked, message.date.date(), previous, me.username)
        if turn.question:
            self._recent.put(place, turn.question, self._clock())
        if answer is None:
            answer = await self._delivery.send(message, turn.reply)
        else:
            answer = await self._delivery.amend(message, answer, turn.reply)
        self._answers.put(message.chat_id, message.message_id, answer)
        if self._misses and not turn.understood:
            # Only the asker's own words, not those of whom they reply to. A thread, since a disk
            # can take its time, and everybody else would wait for it.
            await asyncio.to_thread(self._misses.keep, text, self._clock().date())

    def _previous(self, message: Message, context: ContextTypes.DEFAULT_TYPE) -> Asked | None:
        command = command_replied_to(message, context.bot.bot)
        if command is None:
            return None
        return self._conversation.turn(command, message.date.date()).question

    async def on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button carries its question: the answer takes the place of the old one."""
        query = update.callback_query
        if query is None:
            return
        today = self._clock().date()
        turn = self._conversation.turn(query.data or "", today, None, context.bot.username)
        shown = query.message
        message = shown if isinstance(shown, Message) and shown.is_accessible else None
        if message is None and query.inline_message_id is None:
            await query.answer("This message is too old to change. Please ask again.")
            return
        if turn.question is None:  # of another version, or nobody's
            await query.answer("I don't know this button any more. Please ask again.")
            return
        if message is None:  # of a chat that we know nothing of
            await self._inline.on_press(query, turn.reply, context.bot)
            return
        place = _place(message, query.from_user.id)
        self._recent.put(place, turn.question, self._clock())
        await query.answer()
        await self._delivery.replace(message, turn.reply)


def _place(message: Message, person: int | None) -> Place:
    thread = message.message_thread_id if message.is_topic_message else None
    return message.chat_id, thread, person


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what went wrong with a reference, and tell the person who asked that reference."""
    reference = secrets.token_hex(3)
    _logger.error("Update failed, reference %s", reference, exc_info=context.error)
    if isinstance(update, Update) and update.callback_query:
        await update.callback_query.answer(APOLOGY.format(reference=reference))
    elif isinstance(update, Update) and update.guest_message:
        await apologize(update.guest_message, APOLOGY.format(reference=reference))
    elif isinstance(update, Update) and isinstance(update.message, Message):
        await update.message.reply_text(APOLOGY.format(reference=reference))
