"""Desk: takes messages and presses to the conversation, and its replies back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import Message
from telegram.error import BadRequest

from bot.actions import ADMINS, topic_of
from bot.addressing import asker, command_replied_to, with_claim, words_for
from bot.answer import Answer
from bot.inline import pass_over_stale
from bot.questions.chat import ChatAction
from bot.render import Told, render
from bot.vitals import note

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
    from bot.questions.base import Asked
    from bot.recent import Answers, Place, Recent
    from bot.render import Reply
    from bot.vitals import Outcome

TOO_MUCH = "These are many questions at once; I answer again in a minute."
TOO_OLD = "This message is too old to change. Please ask again."
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
        answers: Answers[Message],
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
        if answer is None and (update.edited_message or update.edited_channel_post):
            return
        choices = self._actions.choices(message)
        turn = self._turn(message, text, choices, context)
        acts = isinstance(turn.question, ChatAction)
        if choices.topics and topic_of(message) not in choices.topics and not acts:
            return  # its admins have said where to answer
        verdict = self._allowed(message, asker(message), turn)
        note("limited" if verdict != "granted" else _outcome(turn), turn.kind)
        if verdict == "silence":
            return
        reply = await self._reply(message, turn) if verdict == "granted" else _plainly(TOO_MUCH)
        if answer is None:
            answer = await self._delivery.send(message, reply)
        else:
            answer = await self._delivery.amend(message, answer, reply)
        self._answers.put(message.chat_id, message.message_id, answer)
        if self._misses and not turn.understood:
            # Only the asker's own words, not those of whom they reply to. A thread, since a disk
            # can take its time, and everybody else would wait for it.
            await asyncio.to_thread(self._misses.keep, text, self._clock().date())

    def _allowed(self, message: Message, person: int | None, turn: Turn) -> Verdict:
        who = (message.chat_id,) if person is None else (person, message.chat_id)
        now = self._clock().timestamp()
        return self._allowance.ask(who, now, picture=turn.reply.picture is not None)

    def _turn(
        self, message: Message, text: str, choices: Choices, context: ContextTypes.DEFAULT_TYPE
    ) -> Turn:
        linked = text.startswith("/start ")  # means the same whoever follows the link
        conversation = self._current.conversation(choices.only_shown if linked else choices)
        place = _place(message, asker(message))
        previous = self._previous(message, context) or self._recent.get(place, self._clock())
        asked = with_claim(text, message)
        return conversation.turn(asked, message.date.date(), previous, context.bot.username)

    def _previous(self, message: Message, context: ContextTypes.DEFAULT_TYPE) -> Asked | None:
        command = command_replied_to(message, context.bot.bot)
        if command is None:
            return None
        return self._current.conversation().turn(command, message.date.date()).question

    async def _reply(self, message: Message, turn: Turn) -> Reply:
        """The reply to a turn; what it asks of the chat is done."""
        if isinstance(turn.question, ChatAction):
            done = await self._actions.done(message, asker(message), turn.question)
            if done is None:
                note("refused")
            return done or _plainly(ADMINS)
        if turn.question:
            self._recent.put(_place(message, asker(message)), turn.question, self._clock())
        return turn.reply

    # ----------------------------------------------------------------- presses

    async def on_press(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A button carries its question: the answer takes the place of the old one."""
        query = update.callback_query
        if query is None:
            return
        shown = query.message
        message = shown if isinstance(shown, Message) and shown.is_accessible else None
        if message is None and query.inline_message_id is None:
            note("refused")
            await self._hush(query, TOO_OLD)
            return
        choices = self._actions.choices(message).only_shown if message else None
        conversation = self._current.conversation(*([choices] if choices else []))
        today = self._clock().date()
        asked = query.data or ""
        turn = conversation.turn(asked, today, None, context.bot.username)
        note(_outcome(turn), turn.kind)
        if turn.question is None or not asked.startswith("/"):  # another version's, or nobody's
            await self._hush(query, UNKNOWN)
        elif message is None:  # of a chat that we know nothing of
            await self._inline.on_press(query, turn.reply, context.bot)
        else:
            await self._pressed(query, message, turn)

    async def _pressed(self, query: CallbackQuery, message: Message, turn: Turn) -> None:
        reply = turn.reply
        person = query.from_user.id
        if self._allowed(message, person, turn) != "granted":
            note("limited")
            await self._hush(query, TOO_MUCH)
            return
        if isinstance(turn.question, ChatAction):
            done = await self._actions.done(message, person, turn.question)
            if done is None:
                note("refused")
                await self._hush(query, ADMINS)
                return
            reply = done
        elif turn.question:
            self._recent.put(_place(message, person), turn.question, self._clock())
        await self._hush(query)
        await self._delivery.replace(message, reply)

    @staticmethod
    async def _hush(query: CallbackQuery, notice: str | None = None) -> None:
        """Stop the button's spinning, unless it has stopped by itself."""
        try:
            await query.answer(notice)
        except BadRequest as error:
            pass_over_stale(error)


def _plainly(text: str) -> Reply:
    return render([Told(Answer(text, outcome="refused"))], None)


def _outcome(turn: Turn) -> Outcome:
    return "answered" if turn.understood else "refused"


def _place(message: Message, person: int | None) -> Place:
    return message.chat_id, topic_of(message), person
