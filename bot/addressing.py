"""Addressing: whether a message is for this bot, and which words of it are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.constants import ChatType, MessageEntityType

from bot import links
from bot.menu import COMMANDS
from bot.questions.check import Check

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import Message, Update, User

LATE = 10 * 60  # seconds after which nobody in a group waits for an answer
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")


def words_for(message: Message, me: User) -> str | None:
    """What the message asks of this bot; None when it is not for it.

    In private chats everything is; in groups a command, a reply to the bot, or a mention of it.
    Other bots are never answered, nor messages that were sent through one.
    """
    text = message.text or message.caption or ""
    if _by_machine(message) or not text.strip():
        return None
    command = _COMMAND.match(text)
    if command and command[2] and command[2].casefold() != (me.username or "").casefold():
        return None
    if message.chat.type == ChatType.PRIVATE:
        return text
    if command:
        return text if command[2] or command[1].lower() in COMMANDS else None
    spoken = _without_mention(message, me)
    if spoken is not None:
        return spoken
    return text if _replies_to(message, me) else None


def _by_machine(message: Message) -> bool:
    """Whether no person wrote it here: another bot, an inline result, a channel's post passed on.

    Anonymous admins and people who write as a channel have a bot of Telegram's as their author.
    """
    if message.via_bot or message.is_automatic_forward:
        return True
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def asker(message: Message) -> int | None:
    """Whose context a message goes on with: the chat it was written as, else its author."""
    if message.sender_chat:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else None


def _replies_to(message: Message, me: User) -> bool:
    answered = message.reply_to_message
    return bool(answered and answered.from_user and answered.from_user.id == me.id)


def _without_mention(message: Message, me: User) -> str | None:
    """The text without the bot's name; None when it is not named. An empty rest is a greeting."""
    text = message.text or message.caption or ""
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    for entity, said in entities.items():
        named = entity.type == MessageEntityType.MENTION and said.casefold() == (
            f"@{me.username}".casefold()
        )
        linked = (
            entity.type == MessageEntityType.TEXT_MENTION
            and entity.user is not None
            and entity.user.id == me.id
        )
        if named or linked:
            rest = text.replace(said, " ", 1).strip(" ,:;\n")
            return rest or "/start"
    return None


def command_replied_to(message: Message, me: User) -> str | None:
    """The command behind the answer that this message replies to: its own permalink says it."""
    if not _replies_to(message, me) or message.reply_to_message is None:
        return None
    answered = message.reply_to_message
    urls = (e.url for e in (*answered.entities, *answered.caption_entities) if e.url)
    return next((command for url in urls if (command := links.command_of(url))), None)


def is_link(text: str) -> bool:
    """Whether a permalink was followed: it means the same whoever follows it, and where."""
    command = _COMMAND.match(text)
    return bool(command and command[1].lower() == "start" and text[command.end() :].strip())


def with_claim(text: str, message: Message) -> str:
    """'/check' alone, in reply to somebody's message, asks about what that message claims."""
    answered = message.reply_to_message
    command = _COMMAND.fullmatch(text.strip())
    claim = (answered.text or answered.caption) if answered else None
    if command and command[1].lower() == Check.command and claim:
        return f"/{Check.command} {claim}"
    return text


def is_late(update: Update, now: datetime) -> bool:
    """Whether it is a question of a group that has gone on since."""
    message = update.message or update.channel_post
    return bool(
        message
        and message.chat.type != ChatType.PRIVATE
        and message.migrate_to_chat_id is None
        and message.migrate_from_chat_id is None
        and (now - message.date).total_seconds() > LATE
    )
