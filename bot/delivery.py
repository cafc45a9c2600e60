"""Delivery: a reply put into a chat, as text, picture or file, anew or in place of a message."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from telegram import (
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot import markup
from bot.charts.studio import DrawingError
from bot.keyboard import keyboard
from bot.render import MAX_TEXT, units

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from telegram.ext import ExtBot

    from bot.charts.model import Chart
    from bot.pace import Wanted
    from bot.render import Reply
    from bot.state import State
    from bot.vitals import Vitals

PNG = "costcurve.png"  # under which people save a picture
NO_PICTURE = "The picture can't be shown here just now; these are its numbers."
GENERAL = 1  # the topic of a forum that messages name by naming none

_logger = logging.getLogger(__name__)


class Easel(Protocol):
    """What draws pictures: a `Studio`, or something simpler where nobody else waits."""

    async def draw(self, chart: Chart) -> bytes: ...
    async def close(self) -> None: ...


class Delivery:
    """Puts replies into chats. A picture is drawn once, and sent again by Telegram's own id."""

    def __init__(
        self, state: State, easel: Easel, clock: Callable[[], datetime], vitals: Vitals
    ) -> None:
        self._vitals = vitals
        self._state = state
        self._easel = easel
        self._clock = clock

    async def close(self) -> None:
        """Let go of what draws, and of what is remembered."""
        await self._easel.close()
        self._state.close()

    async def send(self, message: Message, reply: Reply) -> Message:
        """Answer a message, in its topic, or where its group has moved; gives the last one sent."""
        try:
            return await self._sent(message, reply, _place(message))
        except ChatMigrated as moved:
            return await self._sent(message, reply, {"chat_id": moved.new_chat_id})

    async def _sent(self, message: Message, reply: Reply, place: dict[str, Any]) -> Message:
        bot, buttons = message.get_bot(), self._keyboard(message, reply)
        if picture := reply.picture:
            put = partial(bot.send_photo, filename=PNG, reply_markup=buttons, **place)
            if sent := await self._photo(
                message,
                picture.chart,
                lambda drawn: _worded(partial(put, photo=drawn), caption=picture.caption),
            ):
                return sent
        if reply.document:
            file = reply.document
            data = file.text.encode()
            put = partial(bot.send_document, filename=file.name, reply_markup=buttons, **place)
            whole = await _worded(partial(put, document=data), caption=file.caption)
            return _message(whole, message)
        *first, last = _texts(reply)
        for text in first:
            await _worded(partial(bot.send_message, **place), text=text)
        put = partial(bot.send_message, reply_markup=buttons, **place)
        return _message(await _worded(put, text=last), message)

    async def post(
        self,
        bot: ExtBot[Any],
        chat: int,
        topic: int,
        reply: Reply,
        wanted: Wanted | None = None,
    ) -> None:
        """Put a text where nobody asked for it: in a topic (0 is none), and without a sound.

        One of many goes when the bot has time, and if it is still `wanted` then: UnwantedError.
        """
        await bot.send_message(
            chat,
            "\n".join(reply.texts),
            message_thread_id=topic if topic > GENERAL else None,
            reply_markup=keyboard(reply.buttons, shares=False),
            disable_notification=True,
            rate_limit_args=wanted,
        )

    async def replace(self, message: Message, reply: Reply) -> Message:
        """Put a reply in place of the bot's own message; gives the message it now stands in.

        Telegram turns a text into a picture, but never back; what cannot take the message's
        place is sent below it.
        """
        if not _fits(message, reply):
            return await self.send(message, reply)
        buttons = self._keyboard(message, reply)
        try:
            if picture := reply.picture:
                changed = await self._photo(
                    message,
                    picture.chart,
                    lambda drawn: message.edit_media(
                        InputMediaPhoto(drawn, picture.caption, ParseMode.HTML, filename=PNG),
                        reply_markup=buttons,
                    ),
                )
                if changed:
                    return changed
                if message.photo:
                    return await self.send(message, reply)
            put, text = partial(message.edit_text, reply_markup=buttons), "\n".join(_texts(reply))
            edited = await _worded(put, text=text)
        except BadRequest as error:
            if "can't be edited" in str(error):
                return await self.send(message, reply)
            if "not modified" not in str(error) and "to edit not found" not in str(error):
                raise
            return message
        return _message(edited, message)

    async def amend(self, question: Message, answer: Message, reply: Reply) -> Message:
        """Put the reply to an edited question in place of its answer; there is never a second."""
        if _fits(answer, reply):
            return await self.replace(answer, reply)
        with suppress(BadRequest):  # somebody may have deleted it
            await answer.delete()
        return await self.send(question, reply)

    def _keyboard(self, message: Message, reply: Reply) -> InlineKeyboardMarkup | None:
        return keyboard(reply.buttons, bool(message.get_bot().bot.supports_inline_queries))

    async def _photo(
        self, message: Message, chart: Chart, put: Callable[[Any], Awaitable[Any]]
    ) -> Message | None:
        """Put the picture, by its id where Telegram has it; None where it can't be shown."""
        key, me = chart.key(), message.get_bot().id
        if file_id := self._state.picture(key, me):
            try:
                return _message(await put(file_id), message)
            except BadRequest as error:
                if _forbidden(error):
                    return None
                if "not modified" in str(error) or "file" not in str(error).lower():
                    raise
                self._state.forget_picture(key, me)  # Telegram has it no longer: draw it again
        try:
            drawn = await self._easel.draw(chart)
        except DrawingError as error:
            _logger.warning("No picture %s: %s", key, error)
            return None
        self._vitals.pictures += 1
        try:
            sent = _message(await put(drawn), message)
        except BadRequest as error:
            if not _forbidden(error):
                raise
            return None
        if sent.photo:
            self._state.keep_picture(key, me, sent.photo[-1].file_id, self._clock().date())
        return sent


async def _worded(put: Callable[..., Awaitable[object]], **words: str) -> object:
    """Put words; those whose mark-up Telegram refuses are put plain, which is a defect of ours."""
    try:
        return await put(**words)
    except BadRequest as error:
        if "parse entities" not in str(error):
            raise
        _logger.exception("Mark-up was refused, and plain text sent")
        plain = {name: markup.parse(text).text for name, text in words.items()}
        return await put(parse_mode=None, **plain)


def _message(sent: object, otherwise: Message) -> Message:
    """What the Bot API gave back: the message, or only True for one that was changed."""
    return sent if isinstance(sent, Message) else otherwise


def _forbidden(error: BadRequest) -> bool:  # pictures, where texts are allowed
    return "not enough rights" in str(error).lower()


def _texts(reply: Reply) -> tuple[str, ...]:
    """The texts of a reply, of which a picture could not be drawn."""
    first, *others = reply.texts
    joined = f"{NO_PICTURE}\n{first}"
    if not reply.picture or units(joined) > MAX_TEXT:
        return reply.texts
    return (joined, *others)


def _fits(message: Message, reply: Reply) -> bool:
    """Whether a reply can take the place of a message of the bot's: a picture stays a picture."""
    if reply.document or len(reply.texts) > 1 or message.document:
        return False
    return bool(reply.picture) or not message.photo


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
