"""The Telegram application: updates in, replies out; the only place that waits."""

from __future__ import annotations

import logging
import re
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from telegram import BotCommand, Update
from telegram.error import Forbidden, InvalidToken
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.actions import Actions
from bot.allowance import Allowance
from bot.announcer import Announcer
from bot.charts.studio import Studio
from bot.chores import Chores
from bot.current import Current
from bot.delivery import Delivery
from bot.desk import Desk
from bot.gate import Gate
from bot.guest import Guest, apologize
from bot.health import Health
from bot.inbox import AT_ONCE
from bot.inline import Inline
from bot.membership import Membership
from bot.menu import MENU
from bot.misses import DAYS, Misses
from bot.network import Network
from bot.pace import Pace
from bot.placed import Placed
from bot.questions.about import SCOPE
from bot.recent import Answers, Recent
from bot.retries import may_pass
from bot.state import State
from bot.status import Status
from bot.vitals import Vitals, note

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from telegram.request import BaseRequest

    from bot.config import Settings
    from bot.delivery import Easel
    from knowledge.base import KnowledgeBase

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = (
    *("message", "edited_message", "channel_post", "edited_channel_post"),
    *("callback_query", "inline_query", "guest_message", "my_chat_member"),
)
DESCRIPTION = (
    f"{SCOPE}\n\nEvery number comes from a row or a formula that it can show. Ask in your own"
    " words: “what did a call cost in 2023?”, “how much cheaper since 2020?”, “what will it cost in"
    " 2030?”, “anything on pruning?”"
)
SHORT_DESCRIPTION = "What AI inference and training cost, how fast that falls, where it goes."
PATIENCE = 10.0  # seconds for an answer of Telegram's; who gives up soon says many things twice
APOLOGY = "Sorry, something went wrong here. If you report it, please quote {reference}."
# What Telegram says, as a refusal like others, of a chat or a topic where nobody may write.
CLOSED = re.compile(r"(chat|thread) not found|topic_(closed|deleted)|deactivated|forbidden", re.I)

_logger = logging.getLogger(__name__)


def build_application(
    settings: Settings,
    kb: KnowledgeBase,
    *,
    request: BaseRequest | None = None,
    state: State | None = None,
    easel: Easel | None = None,
    watched: Path | None = None,
    announces: bool = True,
    pace: Pace | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AnyApplication:
    """The application over a knowledge base; `request` takes the place of the network.

    Without a `state` it remembers nothing beyond its own life. Pictures are drawn by a process
    of their own, unless an `easel` is given. With the file that the knowledge base was opened
    from, `watched`, it serves what is built there later, and tells subscribers. Where it does not
    stay on for that, as in a terminal, it `announces` nothing, and says so to who subscribes.
    """
    state = state or State.memory()
    vitals = Vitals()
    delivery = Delivery(state, easel or Studio(), clock, vitals)
    application = _framework(settings, request, pace or Pace(vitals=vitals), delivery)
    misses = Misses(settings.keep_misses) if settings.keep_misses else None
    if misses:
        misses.forget(clock().date())
    current = Current(kb, DAYS if misses else 0)
    recent, answers = Recent(), Answers[Placed]()
    inline = Inline(current, state, clock)
    actions = Actions(state, current, recent, answers, announces)
    allowance = Allowance(settings.answers_per_minute)
    desk = Desk(current, delivery, actions, inline, recent, answers, clock, allowance, misses)
    members = Membership(state, delivery, recent, answers)
    health = Health(vitals, state, current)
    gate = Gate(allowance, clock, vitals)
    application.bot_data |= {Vitals: vitals, Health: health, Gate: gate}
    if settings.admins:
        _inform(application, settings.admins, Status(health, delivery))
    _listen(application, desk, inline, Guest(current, inline), members)
    announcer = Announcer(state, current, delivery, clock, vitals)
    application.bot_data[Chores] = Chores(current, announcer, watched, state.database.locks)
    return application


class _Forgetful(Application[Any, Any, Any, Any, Any, Any]):
    """The library's application, which would keep the number of everybody who ever wrote.

    It collects them for a store of its own kind, and there is none to take them over.
    """

    __slots__ = ()

    def _mark_for_persistence_update(self, **_: object) -> None:
        pass


def _framework(
    settings: Settings, request: BaseRequest | None, pace: Pace, delivery: Delivery
) -> AnyApplication:
    """python-telegram-bot as it suits this bot."""
    builder = (
        ApplicationBuilder()
        .application_class(_Forgetful)
        .token(settings.require_token().reveal())
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .job_queue(None)
        .updater(None)
        .rate_limiter(pace)
        .post_init(begin)
        .post_stop(end)
        .post_shutdown(lambda _: delivery.close())
    )
    # one network for all: making a TLS context takes 20 ms of the start
    network = request or Network(AT_ONCE + 1, PATIENCE)
    return builder.request(network).get_updates_request(network).build()


def _inform(application: AnyApplication, admins: Collection[int], status: Status) -> None:
    """Take /status from admins in private; from others, and elsewhere, it is no command."""
    theirs = filters.User(admins) & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler(Status.command, status.on_command, theirs))


def _listen(
    application: AnyApplication, desk: Desk, inline: Inline, guest: Guest, members: Membership
) -> None:
    """Say who takes which update."""
    kind = filters.UpdateType
    worded = (filters.TEXT | filters.CAPTION) & (kind.MESSAGES | kind.CHANNEL_POSTS)
    add = application.add_handler
    add(MessageHandler(worded, desk.on_message))
    add(CallbackQueryHandler(desk.on_press))
    add(InlineQueryHandler(inline.on_query))
    add(MessageHandler(kind.GUEST_MESSAGE, guest.on_summons))
    add(MessageHandler(filters.StatusUpdate.MIGRATE, members.on_migration))
    add(ChatMemberHandler(members.on_member, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(on_error)


async def begin(application: AnyApplication) -> None:
    """Start the chores, and introduce the bot; what it is introduced as may fail."""
    application.bot_data[Chores].start(application.bot)
    await introduce(application)


async def end(application: AnyApplication) -> None:
    """Stop the chores."""
    await application.bot_data[Chores].stop()


async def introduce(application: AnyApplication) -> None:
    """Set the command menu and the descriptions, from the kinds of question."""
    bot = application.bot
    await bot.set_my_commands([BotCommand(k.command, k.summary.capitalize()) for k in MENU])
    await bot.set_my_description(DESCRIPTION)
    await bot.set_my_short_description(SHORT_DESCRIPTION)


async def on_error(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Log what went wrong with a reference, and tell the person who asked that reference.

    What the network did not carry is for the inbox to try again, a lost token ends the process;
    chats that are closed to the bot are nobody's mistake.
    """
    if may_pass(context.error) or isinstance(context.error, InvalidToken):
        return
    if isinstance(context.error, Forbidden) or CLOSED.search(str(context.error)):
        note("closed")
        _logger.info("Not answered: %s", context.error)
        return
    note("failed")
    reference = secrets.token_hex(3)
    _logger.error("Update failed, reference %s", reference, exc_info=context.error)
    if isinstance(update, Update) and update.callback_query:
        await update.callback_query.answer(APOLOGY.format(reference=reference))
    elif isinstance(update, Update) and update.guest_message:
        await apologize(update.guest_message, APOLOGY.format(reference=reference))
    elif isinstance(update, Update) and (message := update.message or update.channel_post):
        if not (message.text or message.caption):
            return  # nobody asked anything
        await message.reply_text(APOLOGY.format(reference=reference))
