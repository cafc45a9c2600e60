"""Guest: one answer to a mention in a chat that the bot is not in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import MessageEntityType
from telegram.error import BadRequest, TelegramError

from bot import markup
from bot.addressing import command_replied_to, with_claim
from bot.inline import article, lost, pass_over_stale
from bot.links import permalink
from bot.vitals import asked_for

if TYPE_CHECKING:
    from telegram import Message, Update, User
    from telegram.ext import ContextTypes, ExtBot

    from bot.current import Current
    from bot.inline import Inline
    from bot.render import Reply


class Guest:
    """Answers each summons by itself: it neither reads nor keeps anything of that chat."""

    def __init__(self, current: Current, inline: Inline) -> None:
        self._current = current
        self._inline = inline

    async def on_summons(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer at once and completely: there is no second message, and no reply to wait for."""
        message, bot = update.guest_message, context.bot
        if message is None or not message.guest_query_id:
            return
        text = summons(message, bot.bot)
        if text is None:
            return
        asked, today = with_claim(text, message), message.date.date()
        # what is replied to comes with the summons, so nothing has to be remembered
        command = command_replied_to(message, bot.bot)
        conversation = self._current.conversation()
        previous = conversation.turn(command, today).question if command else None
        turn = conversation.turn(asked, today, previous, bot.username)
        asked_for(turn)
        whole = turn.understood and len(turn.reply.texts) == 1
        more = None if whole else permalink(bot.username, "/ask")
        try:
            await self._answer(message.guest_query_id, asked, turn.reply, bot, more)
        except BadRequest as error:
            pass_over_stale(error)

    async def _answer(
        self, query_id: str, asked: str, reply: Reply, bot: ExtBot[None], more: str | None
    ) -> None:
        """The picture where Telegram has it, otherwise the text, which says the same."""
        title = _title(reply)
        if photo := self._inline.photo(reply, title, bot):
            try:
                await bot.answer_guest_query(query_id, photo)
            except BadRequest as error:
                if not lost(error):
                    raise
                self._inline.forget(photo, bot)
            else:
                return
        await bot.answer_guest_query(query_id, article(asked, title, None, reply, bot, more))


def summons(message: Message, me: User) -> str | None:
    """What a guest is asked, without names; None for what other bots write.

    Who writes in a chat's name seems to be a bot as well. The name alone is a greeting.
    """
    theirs = message.from_user and message.from_user.is_bot and not message.sender_chat
    if theirs or message.via_bot:
        return None
    text = message.text or message.caption or ""
    named = message.parse_entities() if message.text else message.parse_caption_entities()
    for entity, name in named.items():
        mine = entity.user is not None and entity.user.id == me.id
        if entity.type == MessageEntityType.MENTION or mine:  # other guests are no words of ours
            text = text.replace(name, " ", 1)
    return text.strip(" ,:;\n") or "/start"


async def apologize(message: Message, text: str) -> None:
    """Tell who summoned the bot that it failed, unless it has answered already."""
    if message.guest_query_id:
        content = InputTextMessageContent(text)
        with suppress(TelegramError):
            await message.answer_guest_query(InlineQueryResultArticle("failed", text, content))


def _title(reply: Reply) -> str:
    return markup.parse(reply.texts[0]).text.partition("\n")[0]
