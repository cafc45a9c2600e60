"""Inline: answers typed for in any chat, and the messages that are sent there through the bot.

The bot need not be in that chat: it knows such a message by its inline id alone.
"""

from __future__ import annotations

import hashlib
import logging
import re
from functools import partial
from typing import TYPE_CHECKING

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram import InlineQueryResultCachedPhoto as CachedPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.keyboard import keyboard
from bot.links import permalink
from bot.offers import Offers
from bot.views import CHARTED
from bot.vitals import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from telegram import CallbackQuery, InlineQuery, InlineQueryResult, Update
    from telegram.ext import ContextTypes, ExtBot

    from bot.current import Current
    from bot.offers import Offer
    from bot.render import Reply
    from bot.state import State

CACHE = 300  # seconds for which Telegram may give anybody the same results again
IN_PRIVATE = "Ask me in private"
MORE = "More in private"
NO_PICTURE = "A new picture can't be put here. Please open it in a chat with me: @{me}"
NO_FILE = "A file can't be put here. Please ask for it in a chat with me: @{me}"
NO_TEXT = "A picture can't become a text again. Please ask in a chat with me: @{me}"
GONE = "This message can't be changed any more. Please ask again."

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_STALE = re.compile(r"query.*(?:too old|invalid)", re.I)
_logger = logging.getLogger(__name__)


class Inline:
    """Offers results, and changes in place what was sent by them. Keeps nothing of who asks."""

    def __init__(self, current: Current, state: State, clock: Callable[[], datetime]) -> None:
        self._current = current
        self._state = state
        self._clock = clock

    def _offers(self) -> Offers:
        return Offers(self._current.conversation())

    async def on_query(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer what somebody has typed so far after the bot's name."""
        query = update.inline_query
        if query is None:
            return
        bot = context.bot
        today = self._clock().date()
        offers = self._offers().offered(query.query, today, bot.username)
        kind = offers[0].command.removeprefix("/").split(" ")[0] if offers else None
        note("answered" if offers else "refused", kind)
        results = self._results(offers, bot)
        button = None if results else _in_private(offers)
        try:
            await self._answer(query, results, button, bot)
        except BadRequest as error:
            pass_over_stale(error)

    async def _answer(
        self,
        query: InlineQuery,
        results: list[InlineQueryResult],
        button: InlineQueryResultsButton | None,
        bot: ExtBot[None],
    ) -> None:
        put = partial(query.answer, cache_time=CACHE, is_personal=False, button=button)
        try:
            await put(results)
        except BadRequest as error:  # one bad id costs all results, and which one is not said
            known = [result for result in results if isinstance(result, CachedPhoto)]
            if not known or not lost(error):
                raise
            for photo in known:
                self.forget(photo, bot)
            await put([result for result in results if result not in known])

    def _results(self, offers: Iterable[Offer], bot: ExtBot[None]) -> list[InlineQueryResult]:
        """The texts in order, then pictures of them; a picture that was asked for goes first."""
        texts: list[InlineQueryResult] = []
        wanted: dict[str, InlineQueryResult] = {}
        others: dict[str, InlineQueryResult] = {}
        for offer in offers:
            reply = offer.reply
            if reply.document:
                continue
            link = permalink(bot.username, offer.command) if len(reply.texts) > 1 else None
            texts.append(article(offer.command, offer.title, offer.description, reply, bot, link))
            pictured = reply if reply.picture else self._pictured(offer.command, bot)
            if pictured and (photo := self.photo(pictured, offer.title, bot)):
                (wanted if reply.picture else others)[photo.id] = photo
        return [*wanted.values(), *texts, *(p for i, p in others.items() if i not in wanted)]

    def _pictured(self, command: str, bot: ExtBot[None]) -> Reply | None:
        if command.removeprefix("/").split(" ")[0] not in CHARTED:
            return None
        return self._offers().pictured(command, self._clock().date(), bot.username)

    def photo(self, reply: Reply, title: str, bot: ExtBot[None]) -> CachedPhoto | None:
        """The reply as a picture, if it is one that Telegram already has; its id is the key."""
        if reply.picture is None:
            return None
        key = reply.picture.chart.key()
        file_id = self._state.picture(key, bot.id)
        if file_id is None:
            return None
        return CachedPhoto(
            key,
            file_id,
            title,
            "The same as a picture",
            reply.picture.caption,
            buttons_under(reply, bot),
            parse_mode=ParseMode.HTML,
        )

    def forget(self, photo: CachedPhoto, bot: ExtBot[None]) -> None:
        """Let go of a picture that Telegram no longer has: it is drawn again when asked for."""
        self._state.forget_picture(photo.id, bot.id)

    async def on_press(self, query: CallbackQuery, reply: Reply, bot: ExtBot[None]) -> None:
        """Put a reply in place of the message that a button was pressed under.

        Nothing new can be uploaded there, nor sent below it: then it is said where to ask.
        """
        try:
            refusal = await self._put(query, reply, bot)
        except BadRequest as error:
            said = str(error).lower()
            if "not modified" in said:
                refusal = None
            elif "message_id_invalid" in said:
                refusal = GONE
            elif "no text in the message" in said:
                refusal = NO_TEXT
            else:
                raise
        await query.answer(refusal and refusal.format(me=bot.username))

    async def _put(self, query: CallbackQuery, reply: Reply, bot: ExtBot[None]) -> str | None:
        """Why it cannot be put there; None when it is."""
        if reply.document:
            return NO_FILE
        if reply.picture is None:
            long = len(reply.texts) > 1
            more = permalink(bot.username, query.data or "") if long else None
            buttons = buttons_under(reply, bot, more)
            await query.edit_message_text(
                reply.texts[0],
                ParseMode.HTML,
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
            )
            return None
        photo = self.photo(reply, "", bot)
        if photo is None:
            return NO_PICTURE
        picture = InputMediaPhoto(photo.photo_file_id, photo.caption, ParseMode.HTML)
        try:
            await query.edit_message_media(picture, reply_markup=photo.reply_markup)
        except BadRequest as error:
            if not lost(error):
                raise
            self.forget(photo, bot)
            return NO_PICTURE
        return None


def article(
    key: str,
    title: str,
    description: str | None,
    reply: Reply,
    bot: ExtBot[None],
    more: str | None = None,
) -> InlineQueryResultArticle:
    """A reply as a result that sends its first message; `key` tells it from other results."""
    return InlineQueryResultArticle(
        hashlib.sha256(key.encode()).hexdigest()[:16],
        title,
        InputTextMessageContent(reply.texts[0], ParseMode.HTML, link_preview_options=NO_PREVIEW),
        reply_markup=buttons_under(reply, bot, more),
        description=description,
    )


def buttons_under(
    reply: Reply, bot: ExtBot[None], more: str | None = None
) -> InlineKeyboardMarkup | None:
    """The reply's own buttons, and below them the way to where there is more to say."""
    buttons = keyboard(reply.buttons, bool(bot.bot.supports_inline_queries))
    if more is None:
        return buttons
    rows = buttons.inline_keyboard if buttons else ()
    return InlineKeyboardMarkup([*rows, [InlineKeyboardButton(MORE, more)]])


def lost(error: BadRequest) -> bool:
    """Whether Telegram refuses the id of a file that it had."""
    return "file" in str(error).lower() and "not modified" not in str(error)


def pass_over_stale(error: BadRequest) -> None:
    """A query waits for seconds only: whoever asked has typed on, or left. Raises other errors."""
    if not _STALE.search(str(error)):
        raise error
    _logger.info("Too late for an answer: %s", error)


def _in_private(offers: Iterable[Offer]) -> InlineQueryResultsButton:
    """What stands over an empty list: the way to a chat where the bot can ask back, or send files.

    There it answers what was understood but cannot be sent from here.
    """
    command = next((offer.command for offer in offers), "/ask")
    link = permalink("", command) or permalink("", "/ask") or ""
    return InlineQueryResultsButton(IN_PRIVATE, start_parameter=link.rpartition("=")[2])
