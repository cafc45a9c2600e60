"""Actions: what a chat's people do to it: settings, the subscription, being forgotten."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.constants import ChatType

from bot.answer import Answer, Choice, line
from bot.choices import IN_GROUPS, USUAL, Choices
from bot.delivery import GENERAL
from bot.panel import Panel, Room
from bot.questions.chat import ChatSettings, Forget, Subscribe, Unsubscribe
from bot.render import Reply, Told, render

if TYPE_CHECKING:
    from telegram import Chat, Message

    from bot.questions.chat import ChatAction
    from bot.recent import Answers, Recent
    from bot.state import State

ADMINS = "Only the admins of this chat can change that."
NOT_HERE = "Nothing can be announced here: subscribe in a chat with me on Telegram."
NOT_KEPT = "That could not be stored just now. Please try again later."


def topic_of(message: Message) -> int:
    """The topic that a message stands in; 0 where there are none."""
    if message.is_topic_message and message.message_thread_id:
        return message.message_thread_id
    return GENERAL if message.chat.is_forum else 0


async def may_change(chat: Chat, person: int | None) -> bool:
    """Whether somebody may change a chat: in private everybody, elsewhere its admins.

    Who writes in the chat's own name is one of its admins.
    """
    if chat.type == ChatType.PRIVATE or person == chat.id:
        return True
    return any(member.user.id == person for member in await chat.get_administrators())


class Actions:
    """Does what is asked of a chat, and says what was done."""

    def __init__(
        self, state: State, recent: Recent, answers: Answers[Message], announces: bool
    ) -> None:
        self._state = state
        self._recent = recent
        self._answers = answers
        self._announces = announces

    def choices(self, message: Message) -> Choices:
        """What is chosen where a message stands."""
        whole, own = self._chosen(message.chat_id, topic_of(message))
        usual = USUAL if message.chat.type == ChatType.PRIVATE else IN_GROUPS
        return own.over(whole).over(usual)

    def _chosen(self, chat: int, topic: int) -> tuple[Choices, Choices]:
        said = self._state.choices(chat)
        return Choices.read(said.get(0)), Choices.read(said.get(topic) if topic else None)

    async def done(self, message: Message, person: int | None, action: ChatAction) -> Reply | None:
        """Do it for the chat of a message; None when that person may not."""
        allowed = await may_change(message.chat, person)
        if isinstance(action, Forget) and not allowed:
            return self._forgotten_alone(message.chat_id, person)
        if not allowed:
            return None
        try:
            return self._done(message, action)
        except sqlite3.Error:
            return _said(Answer(NOT_KEPT, outcome="refused"))

    def _done(self, message: Message, action: ChatAction) -> Reply:
        chat, topic = message.chat_id, topic_of(message)
        if isinstance(action, ChatSettings):
            return self._settings(message, action)
        if isinstance(action, Subscribe) and not self._announces:
            return _said(Answer(NOT_HERE, outcome="refused"))
        if isinstance(action, Subscribe):
            before = self._state.subscription(chat)
            self._state.subscribe(chat, topic)
            return _said(_subscribed(again=before == topic, topic=bool(topic)))
        if isinstance(action, Unsubscribe):
            return _said(_unsubscribed(self._state.unsubscribe(chat)))
        self._recent.forget(chat)
        self._answers.forget(chat)
        return _said(_forgotten(*self._state.forget(chat), message.chat.type == ChatType.PRIVATE))

    # ----------------------------------------------------------------- settings

    def _settings(self, message: Message, wish: ChatSettings) -> Reply:
        chat, topic = message.chat_id, topic_of(message)
        whole, own = self._chosen(chat, topic)
        scope = wish.scope if topic else None
        before = own if scope else whole
        after = before.changed(wish)
        if wish.topics and topic:
            whole = _answering(whole, wish.topics, topic)
            self._state.choose(chat, 0, whole.said())
        elif after != before:
            self._state.choose(chat, topic if scope else 0, after.said())
            whole, own = (whole, after) if scope else (after, own)
        room = Room(message.chat.type == ChatType.PRIVATE, topic)
        return Panel(room, whole, own, self._state.subscription(chat) is not None, scope).reply()

    # ----------------------------------------------------------------- forgetting

    def _forgotten_alone(self, chat: int, person: int | None) -> Reply:
        """Of somebody in a group only their last question is kept, in memory."""
        gone = self._recent.forget(chat, person)
        done = "Forgotten: your last question here" if gone else "Nothing is stored about you here"
        blocks = (line("Settings and subscription are the group's; its admins can delete them."),)
        return _said(Answer(done, blocks))


def _answering(whole: Choices, wish: str, topic: int) -> Choices:
    chosen = set(whole.topics or ())
    if wish == "any topic":
        return replace(whole, topics=None)
    changed = chosen | {topic} if wish == "this topic" else chosen - {topic}
    return replace(whole, topics=tuple(sorted(changed)) or None)


def _said(answer: Answer) -> Reply:
    return render([Told(answer)], None)


def _subscribed(*, again: bool, topic: bool) -> Answer:
    where = "in this topic" if topic else "here"
    return Answer(
        f"Already subscribed {where}" if again else f"Subscribed {where}",
        (
            line(
                "When figures are added or corrected, one message says which, from what to what;"
                " one a day at most."
            ),
        ),
        choices=(Choice("Unsubscribe", "/unsubscribe"), Choice("Settings", "/settings")),
    )


def _unsubscribed(was: bool) -> Answer:
    said = "Unsubscribed: no more messages about changes" if was else "There was no subscription"
    return Answer(said, choices=(Choice("Subscribe", "/subscribe"),))


def _forgotten(places: int, subscribed: bool, private: bool) -> Answer:
    gone = [
        *(["the settings"] if places else []),
        *(["the subscription"] if subscribed else []),
        "the last questions",
    ]
    what = "you" if private else "this chat"
    return Answer(
        f"Deleted: {', '.join(gone)}",
        (line(f"Nothing else was stored about {what}, and no message ever is: /privacy"),),
        choices=(Choice("Privacy", "/privacy"),),
    )
