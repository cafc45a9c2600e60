"""Membership: the bot comes into a chat, leaves it, or the chat gets another id."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.answer import Answer, Choice, line
from bot.database import StateError
from bot.render import Told, render
from bot.vitals import note

if TYPE_CHECKING:
    from telegram import ChatMember, Update
    from telegram.ext import ContextTypes

    from bot.delivery import Delivery
    from bot.placed import Placed
    from bot.recent import Answers, Recent
    from bot.state import State

GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}
GREETING = Answer(
    "Hello! I answer what AI inference costs, how fast that falls and where it goes",
    (
        line(
            "I am silent unless asked: by a command (/cost 2023), by a mention of me, or by a reply"
            " to one of my messages. All commands: /help"
        ),
    ),
    choices=(Choice("Settings", "/settings"), Choice("Privacy", "/privacy")),
)

_logger = logging.getLogger(__name__)


class Membership:
    """Greets where it comes, and leaves nothing behind where it goes."""

    def __init__(
        self, state: State, delivery: Delivery, recent: Recent, answers: Answers[Placed]
    ) -> None:
        self._state = state
        self._delivery = delivery
        self._recent = recent
        self._answers = answers
        self._moved: set[int] = set()  # chats that only have a new id, and need no greeting

    async def on_member(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Greet a group once, quietly; forget a chat that the bot is no longer in."""
        changed = update.my_chat_member
        if changed is None:
            return
        note("noted")
        chat = changed.chat
        before, after = _inside(changed.old_chat_member), _inside(changed.new_chat_member)
        if before and not after:
            self._forget(chat.id)
        elif after and not before and chat.type in GROUPS and chat.id not in self._moved:
            try:
                await self._delivery.post(context.bot, chat.id, 0, render([Told(GREETING)], None))
            except TelegramError as error:  # it may not write there, or is out again
                _logger.info("No greeting: %s", error)

    def _forget(self, chat: int) -> None:
        self._recent.forget(chat)
        self._answers.forget(chat)
        self._moved.discard(chat)
        try:
            self._state.forget(chat)
        except StateError:
            _logger.exception("STATE_URL: a chat that was left is not forgotten")

    async def on_migration(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A group became a supergroup: what it has chosen goes along."""
        message = update.message
        if message is None:
            return
        note("noted")
        old = message.migrate_from_chat_id or message.chat_id
        new = message.migrate_to_chat_id or message.chat_id
        self._moved.add(new)
        try:
            self._state.move(old, new)
        except StateError:
            _logger.exception("STATE_URL: what a group has chosen does not move along")


def _inside(member: ChatMember) -> bool:
    """Whether the bot is in the chat; one that is restricted may be outside as well."""
    return member.status not in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED} and getattr(
        member, "is_member", True
    )
