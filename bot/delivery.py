"""Delivery: a reply put into a chat, as text, picture or file, anew or in place of a message."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from msgspec.structs import replace
from telegram import InputMediaPhoto, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot import markup
from bot.charts.studio import DrawingError
from bot.keyboard import under
from bot.placed import Placed
from bot.render import MAX_TEXT, units
from bot.wire import call

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from telegram import Bot
    from telegram.ext import ExtBot

    from bot.charts.model import Chart
    from bot.pace import Wanted
    from bot.render import Reply
    from bot.state import State
    from bot.vitals import Vitals

PNG = "costcurve.png"  # under which people save a picture
NO_PICTURE = "The picture can't be shown here just now; these are its numbers."
GENERAL = 1  # the topic of a forum that messages name by naming none
_HTML = ParseMode.HTML
_AS_TEXT = {"parse_mode": _HTML, "link_preview_options": {"is_disabled": True}}

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

    async def send(self, message: Message, reply: Reply) -> Placed:
        """Answer a message, in its topic, or where its group has moved; gives the last one sent."""
        try:
            return await self._sent(message, reply, _place(message))
        except ChatMigrated as moved:
            return await self._sent(message, reply, {"chat_id": moved.new_chat_id})

    async def _sent(self, message: Message, reply: Reply, place: dict[str, Any]) -> Placed:
        bot, buttons = message.get_bot(), _buttons(message, reply)
        if picture := reply.picture:
            put = partial(
                bot.send_photo, filename=PNG, parse_mode=_HTML, api_kwargs=buttons, **place
            )
            if sent := await self._photo(
                message,
                picture.chart,
                lambda drawn: _worded(partial(put, photo=drawn), caption=picture.caption),
            ):
                return Placed.of(sent)
        if reply.document:
            file = reply.document
            data = file.text.encode()
            put = partial(
                bot.send_document, filename=file.name, parse_mode=_HTML, api_kwargs=buttons, **place
            )
            whole = await _worded(partial(put, document=data), caption=file.caption)
            return Placed.of(_message(whole, message))
        *first, last = _texts(reply)
        for text in first:
            await _worded(_saying(bot, "sendMessage", place), text=text)
        sent = await _worded(_saying(bot, "sendMessage", place | buttons), text=last)
        return Placed(place["chat_id"], sent["message_id"])

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
            disable_notification=True,
            rate_limit_args=wanted,
            api_kwargs=_AS_TEXT | under(reply.buttons, shares=False),
        )

    async def replace(self, message: Message, reply: Reply) -> None:
        """Put a reply in place of the bot's own message.

        Telegram turns a text into a picture, but never back; what cannot take the message's
        place is sent below it.
        """
        placed = Placed.of(message)
        if placed.fits(reply):
            await self._put(placed, message, reply)
        else:
            await self.send(message, reply)

    async def amend(self, question: Message, answer: Placed, reply: Reply) -> Placed:
        """Put the reply to an edited question in place of its answer; there is never a second.

        Gives the message that answers now.
        """
        if answer.fits(reply):
            return await self._put(answer, question, reply)
        with suppress(BadRequest):  # somebody may have deleted it
            await question.get_bot().delete_message(answer.chat_id, answer.message_id)
        return await self.send(question, reply)

    async def _put(self, placed: Placed, near: Message, reply: Reply) -> Placed:
        """Change a message to a reply that fits it; where that is refused, send anew, near it."""
        bot, buttons = near.get_bot(), _buttons(near, reply)
        it: dict[str, Any] = {"chat_id": placed.chat_id, "message_id": placed.message_id}
        try:
            if picture := reply.picture:
                media = partial(InputMediaPhoto, caption=picture.caption, parse_mode=_HTML)
                put = partial(bot.edit_message_media, api_kwargs=buttons, **it)
                if await self._photo(
                    near, picture.chart, lambda drawn: put(media=media(drawn, filename=PNG))
                ):
                    return replace(placed, photo=True)
                if placed.photo:
                    return await self.send(near, reply)
            saying = _saying(bot, "editMessageText", it | buttons)
            await _worded(saying, text="\n".join(_texts(reply)))
        except BadRequest as error:
            if "can't be edited" in str(error):
                return await self.send(near, reply)
            if "not modified" not in str(error) and "to edit not found" not in str(error):
                raise
        return placed

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


def _saying(bot: Bot, method: str, parameters: dict[str, Any]) -> Callable[..., Awaitable[Any]]:
    """How to put a text: what is given then is added to the parameters."""

    def put(**words: str | None) -> Awaitable[Any]:
        return call(bot, method, _AS_TEXT | parameters | words)

    return put


async def _worded(put: Callable[..., Awaitable[Any]], **words: str) -> Any:
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


def _buttons(message: Message, reply: Reply) -> dict[str, str]:
    return under(reply.buttons, bool(message.get_bot().bot.supports_inline_queries))


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
