"""Desk: takes messages and presses to the conversation, and its replies back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import Message
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot import markup
from bot.actions import ADMINS, acts, topic_of
from bot.addressing import asker, command_replied_to, is_link, with_claim, words_for
from bot.answer import Answer
from bot.choices import USUAL
from bot.inline import pass_over_stale
from bot.questions.chat import ChatAction, ChatSettings
from bot.render import Told, render
from bot.vitals import asked_for, note

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from telegram import CallbackQuery, Update
    from telegram.ext import ContextTypes

    from bot.actions import Actions
    from bot.allowance import Allowance, Verdict
    from bot.answering import Turn
    from bot.choices import Choices
    from bot.current import Current
    from bot.delivery import Delivery
    from bot.inline import Inline
    from bot.misses import Misses
    from bot.placed import Placed
    from bot.questions.base import Asked
    from bot.recent import Answers, Place, Recent
    from bot.render import Reply

TOO_MUCH = "These are many questions at once; I answer again in a minute."
TOO_OLD = "This message is too old to change. Please ask again."
TOAST = 200  # characters that Telegram shows for a moment over the chat
PANEL = ChatSettings(reset="reset").as_command()  # a button that only panels have
UNKNOWN = "I don't know this button any more. Please ask again."


class Desk:
    """Answers in the chats that the bot is in."""

    def __init__(
        self,
        current: Current,
        delivery: Delivery,
        actions: Actions,
        inline: Inline,
        recent: Recent,
        answers: Answers[Placed],
        clock: Callable[[], datetime],
        allowance: Allowance,
        misses: Misses | None = None,
    ) -> None:
        self._current = current
        self._delivery = delivery
        self._actions = actions
        self._inline = inline
        self._clock = clock
        self._allowance = allowance
        self._misses = misses
        self._recent = recent
        self._answers = answers

    # ----------------------------------------------------------------- messages

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message that is for this bot; one that was edited keeps its one answer."""
        message, me = update.effective_message, context.bot.bot
        if message is None or (text := words_for(message, me)) is None:
            return
        answer = self._answers.get(message.chat_id, message.message_id)
        edited = bool(update.edited_message or update.edited_channel_post)
        if answer is None and edited:
            return
        choices = self._actions.choices(message)
        turn = self._turn(message, text, choices, context)
        question = turn.question
        action = question if acts(question, text) else None
        if action and (edited or message.forward_origin):
            return  # what was done is done, and done by one's own words only
        elsewhere = bool(choices.topics) and topic_of(message) not in (choices.topics or ())
        if elsewhere and not action:
            return  # its admins have said where to answer
        verdict = self._allowed(message, asker(message), turn)
        asked_for(turn, granted=verdict == "granted")
        if verdict == "silence":
            return
        reply = await self._reply(message, turn, action) if verdict == "granted" else TOO_MANY
        if reply is None:
            note("refused")
            if elsewhere:
                return
            reply = _plainly(ADMINS)
        answer = await self._delivered(message, reply, turn, answer)
        self._remember(message, turn, choices, text)
        self._answers.put(message.chat_id, message.message_id, answer)
        if self._misses and not turn.understood:
            # Only the asker's own words, not those of whom they reply to. A thread, since a disk
            # can take its time, and everybody else would wait for it.
            await asyncio.to_thread(self._misses.keep, text, self._clock().date())

    async def _delivered(
        self, message: Message, reply: Reply, turn: Turn, answer: Placed | None
    ) -> Placed:
        """The message that now answers: a new one, or the answer there was."""
        try:
            if answer is None:
                return await self._delivery.send(message, reply)
            return await self._delivery.amend(message, answer, reply)
        except (NetworkError, RetryAfter):  # it may be tried again, which is no other question
            now, picture = self._clock().timestamp(), turn.reply.picture is not None
            self._allowance.give_back(_who(message, asker(message)), now, picture=picture)
            raise

    def _allowed(self, message: Message, person: int | None, turn: Turn) -> Verdict:
        now, picture = self._clock().timestamp(), turn.reply.picture is not None
        return self._allowance.ask(_who(message, person), now, picture=picture)

    def _turn(
        self, message: Message, text: str, choices: Choices, context: ContextTypes.DEFAULT_TYPE
    ) -> Turn:
        here = choices.only_shown if is_link(text) else choices
        place = _place(message, asker(message))
        replied = self._previous(message, choices, context)
        previous = replied or self._recent.get(place, self._clock())
        asked = with_claim(text, message)
        conversation = self._current.conversation(here)
        return conversation.turn(asked, message.date.date(), previous, context.bot.username)

    def _remember(self, message: Message, turn: Turn, choices: Choices, text: str) -> None:
        """Keep what was asked; once it is answered, or it would follow up on itself if repeated."""
        if turn.question and not isinstance(turn.question, ChatAction):
            # a link's trend is not the chat's to fill
            kept = choices.pinned(turn.question) if is_link(text) else turn.question
            self._recent.put(_place(message, asker(message)), kept, self._clock())

    def _previous(
        self, message: Message, choices: Choices, context: ContextTypes.DEFAULT_TYPE
    ) -> Asked | None:
        command = command_replied_to(message, context.bot.bot)
        if command is None:
            return None
        question = self._current.conversation().turn(command, message.date.date()).question
        return choices.pinned(question) if question else None

    async def _reply(self, message: Message, turn: Turn, action: ChatAction | None) -> Reply | None:
        """The reply to a turn; what it asks of the chat is done, by who may."""
        return await self._actions.done(message, asker(message), action) if action else turn.reply

    # ----------------------------------------------------------------- presses

    async def on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button carries its question: the answer takes the place of the old one."""
        query = update.callback_query
        if query is None:
            return
        shown = query.message
        message = shown if isinstance(shown, Message) and shown.is_accessible else None
        if message is None and query.inline_message_id is None:
            await self._hush(query, TOO_OLD)
            return
        choices = self._actions.choices(message) if message else USUAL
        today, asked = self._clock().date(), query.data or ""
        conversation = self._current.conversation(choices.only_shown)
        turn = conversation.turn(asked, today, None, context.bot.username)
        asked_for(turn)
        if turn.question is None or not asked.startswith("/"):  # another version's, or nobody's
            await self._hush(query, UNKNOWN)
        elif message is None:  # of a chat that we know nothing of
            await self._inline.on_press(query, turn.reply, context.bot)
        elif self._allowed(message, query.from_user.id, turn) != "granted":
            await self._hush(query, TOO_MUCH)
        elif isinstance(turn.question, ChatAction):
            await self._act(query, message, turn.question)
        else:
            place = _place(message, query.from_user.id)
            self._recent.put(place, choices.pinned(turn.question), self._clock())
            await self._hush(query)
            await self._delivery.replace(message, turn.reply)

    async def _act(self, query: CallbackQuery, message: Message, action: ChatAction) -> None:
        """Do what a button asks of the chat; only a panel changes, other messages stay."""
        person = query.from_user.id
        done = await self._actions.done(message, person, action)
        if done is None:
            await self._hush(query, ADMINS)
        elif isinstance(action, ChatSettings) and done.buttons:
            await self._hush(query)
            put = self._delivery.replace if _is_panel(message) else self._delivery.send
            await put(message, done)
        else:
            await self._hush(query, markup.parse(done.texts[0]).text[:TOAST])
            if _is_panel(message) and (
                fresh := await self._actions.done(message, person, ChatSettings())
            ):
                await self._delivery.replace(message, fresh)

    @staticmethod
    async def _hush(query: CallbackQuery, notice: str | None = None) -> None:
        """Stop the button's spinning, unless it has stopped by itself."""
        if notice in {TOO_MUCH, TOO_OLD, UNKNOWN, ADMINS}:
            note("limited" if notice == TOO_MUCH else "refused")
        try:
            await query.answer(notice)
        except BadRequest as error:
            pass_over_stale(error)


def _is_panel(message: Message) -> bool:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(str(b.callback_data).startswith(PANEL) for row in rows for b in row)


def _plainly(text: str) -> Reply:
    return render([Told(Answer(text, outcome="refused"))], None)


TOO_MANY = _plainly(TOO_MUCH)


def _who(message: Message, person: int | None) -> tuple[int, ...]:
    return (message.chat_id,) if person is None else (person, message.chat_id)


def _place(message: Message, person: int | None) -> Place:
    return message.chat_id, topic_of(message), person
