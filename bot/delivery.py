"""Delivery: a reply put into a chat, as text, picture or file, anew or in place of a message."""

from __future__ import annotations

import logging
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Protocol

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest

from bot.charts.studio import DrawingError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from telegram import Message

    from bot.charts.model import Chart
    from bot.render import Button, Reply
    from bot.state import State

PNG = "costcurve.png"  # under which people save a picture
NO_PICTURE = "The picture can't be drawn just now; here are its numbers."

_logger = logging.getLogger(__name__)


class Easel(Protocol):
    """What draws pictures: a `Studio`, or something simpler where nobody else waits."""

    async def draw(self, chart: Chart) -> bytes: ...
    async def close(self) -> None: ...


class Delivery:
    """Puts replies into chats. A picture is drawn once, and sent again by Telegram's own id."""

    def __init__(self, state: State, easel: Easel, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._easel = easel
        self._clock = clock

    async def close(self) -> None:
        """Let go of what draws, and of what is remembered."""
        await self._easel.close()
        self._state.close()

    async def send(self, message: Message, reply: Reply) -> None:
        """Answer a message, in its topic; in groups as a reply to it."""
        place = _place(message)
        buttons = self._keyboard(message, reply)
        if picture := reply.picture:
            put = partial(
                message.get_bot().send_photo,
                caption=picture.caption,
                filename=PNG,
                reply_markup=buttons,
                **place,
            )
            if await self._photo(message, picture.chart, lambda drawn: put(photo=drawn)):
                return
        if reply.document:
            file = reply.document
            await message.get_bot().send_document(
                document=file.text.encode(),
                filename=file.name,
                caption=file.caption,
                reply_markup=buttons,
                **place,
            )
            return
        texts = (NO_PICTURE, *reply.texts) if reply.picture else reply.texts
        for index, text in enumerate(texts):
            last = index == len(texts) - 1
            await message.get_bot().send_message(
                text=text, reply_markup=buttons if last else None, **place
            )

    async def replace(self, message: Message, reply: Reply) -> None:
        """Put a reply in place of the bot's own message.

        Telegram turns a text into a picture, but never back; what cannot take the message's
        place is sent below it.
        """
        buttons = self._keyboard(message, reply)
        try:
            if reply.picture:
                caption = reply.picture.caption
                put = await self._photo(
                    message,
                    reply.picture.chart,
                    lambda drawn: message.edit_media(
                        InputMediaPhoto(drawn, caption, ParseMode.HTML, filename=PNG),
                        reply_markup=buttons,
                    ),
                )
                if put:
                    return
            if (
                message.photo
                or message.document
                or reply.document
                or reply.picture
                or len(reply.texts) > 1
            ):
                await self.send(message, reply)
                return
            await message.edit_text(reply.texts[0], reply_markup=buttons)
        except BadRequest as error:
            if "not modified" not in str(error):
                raise

    def _keyboard(self, message: Message, reply: Reply) -> InlineKeyboardMarkup | None:
        return keyboard(reply.buttons, bool(message.get_bot().bot.supports_inline_queries))

    async def _photo(
        self, message: Message, chart: Chart, put: Callable[[Any], Awaitable[Any]]
    ) -> bool:
        """Put the picture, by its id where Telegram has it; False when it can't be drawn."""
        key, me = chart.key(), message.get_bot().id
        if file_id := self._state.picture(key, me):
            try:
                await put(file_id)
            except BadRequest as error:
                if "not modified" in str(error) or "file" not in str(error).lower():
                    raise
                self._state.forget_picture(key, me)  # Telegram has it no longer: draw it again
            else:
                return True
        try:
            drawn = await self._easel.draw(chart)
        except DrawingError as error:
            _logger.warning("No picture %s: %s", key, error)
            return False
        sent = await put(drawn)
        if photo := getattr(sent, "photo", None):
            self._state.keep_picture(key, me, photo[-1].file_id, self._clock().date())
        return True


def _place(message: Message) -> dict[str, Any]:
    """Where an answer to a message belongs."""
    quoting = None
    if message.chat.type != ChatType.PRIVATE:
        quoting = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    return {
        "chat_id": message.chat_id,
        "message_thread_id": message.message_thread_id if message.is_topic_message else None,
        "reply_parameters": quoting,
    }


@lru_cache(maxsize=1024)
def keyboard(
    rows: tuple[tuple[Button, ...], ...], shares: bool = True
) -> InlineKeyboardMarkup | None:
    """The buttons under a reply; one that shares opens the choice of another chat.

    A bot without inline mode may not send that one.
    """
    kept = [[_button(b) for b in row if shares or not b.share] for row in rows]
    return InlineKeyboardMarkup([row for row in kept if row]) if any(kept) else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.share:
        return InlineKeyboardButton(button.label, switch_inline_query=button.command)
    return InlineKeyboardButton(button.label, callback_data=button.command)
