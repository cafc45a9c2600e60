"""Actions: what a chat's people do to it: settings, the subscription, being forgotten."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal, TypeGuard

from msgspec.structs import replace
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.answer import Answer, Choice, line
from bot.choices import IN_GROUPS, USUAL, Choices
from bot.database import StateError
from bot.delivery import GENERAL
from bot.panel import Panel, Room
from bot.questions.chat import ChatAction, ChatSettings, Forget, Subscribe, Unsubscribe
from bot.questions.cost import Cost
from bot.questions.project import LEVELS, Project
from bot.render import Reply, Told, render
from bot.values import Years
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from telegram import Chat, Message

    from bot.current import Current
    from bot.placed import Placed
    from bot.questions.base import Asked
    from bot.recent import Answers, Recent
    from bot.state import State

ADMINS = "Only the admins of this chat can change that."
NOT_HERE = "Nothing can be announced here: subscribe in a chat with me on Telegram."
NOT_SEEN = "I can't see just now who is an admin here. Please try again."
NOT_KEPT = "My database does not answer just now. Please try again later."


_KINDS: dict[str, Literal["chat", "group", "channel"]] = {
    ChatType.PRIVATE: "chat",
    ChatType.CHANNEL: "channel",
}

_logger = logging.getLogger(__name__)


def topic_of(message: Message) -> int:
    """The topic that a message stands in; 0 where there are none, or they are one's own."""
    if message.chat.type == ChatType.PRIVATE:
        return 0
    if message.is_topic_message and message.message_thread_id:
        return message.message_thread_id
    return GENERAL if message.chat.is_forum else 0


def acts(question: Asked | None, text: str) -> TypeGuard[ChatAction]:
    """Whether a chat is to be changed, or its panel shown: only a command is sure to mean that.

    Many a sentence speaks of deleting or subscribing; it is offered the button.
    """
    named = text.startswith("/") or question == ChatSettings()
    return isinstance(question, ChatAction) and named


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
        self,
        state: State,
        current: Current,
        recent: Recent,
        answers: Answers[Placed],
        announces: bool,
    ) -> None:
        self._state = state
        self._current = current
        self._recent = recent
        self._answers = answers
        self._announces = announces

    def choices(self, message: Message) -> Choices:
        """What is chosen where a message stands; the usual where that cannot be read."""
        usual = USUAL if message.chat.type == ChatType.PRIVATE else IN_GROUPS
        try:
            whole, own = self._chosen(message.chat_id, topic_of(message))
        except StateError as error:
            _logger.warning("STATE_URL: a chat's settings cannot be read (%s)", error)
            return usual
        return usual if whole == own == USUAL else own.over(whole).over(usual)

    def _chosen(self, chat: int, topic: int) -> tuple[Choices, Choices]:
        said = self._state.choices(chat)
        return Choices.read(said.get(0)), Choices.read(said.get(topic) if topic else None)

    async def done(self, message: Message, person: int | None, action: ChatAction) -> Reply | None:
        """Do it for the chat of a message; None when that person may not."""
        try:
            allowed = await may_change(message.chat, person)
        except TelegramError as error:
            _logger.warning("Who is an admin cannot be seen: %s", error)
            allowed = None
        if isinstance(action, Forget) and not allowed:
            return self._forgotten_alone(message.chat_id, person)
        if not allowed:
            return _said(Answer(NOT_SEEN, outcome="refused")) if allowed is None else None
        try:
            return self._done(message, action)
        except StateError:
            _logger.exception("STATE_URL: a chat cannot be changed")
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
            return _said(_subscribed(before, topic))
        if isinstance(action, Unsubscribe):
            return _said(_unsubscribed(self._state.unsubscribe(chat)))
        asked = self._recent.forget(chat)
        self._answers.forget(chat)
        private = message.chat.type == ChatType.PRIVATE
        return _said(_forgotten(*self._state.forget(chat), asked, private))

    # ----------------------------------------------------------------- settings

    def _settings(self, message: Message, wish: ChatSettings) -> Reply:
        chat, topic = message.chat_id, topic_of(message)
        if not topic and (wish.topics or wish.scope):
            return _said(Answer("There are no topics here", outcome="refused"))
        whole, own = self._chosen(chat, topic)
        before = own if wish.scope else whole
        after = before.changed(_meant(wish))
        if wish.topics:
            whole = _answering(whole, wish.topics, topic)
            after = after if wish.scope else replace(after, topics=whole.topics)
        if refusal := self._refusal(after):
            return _said(refusal)
        whole, own = (whole, after) if wish.scope else (after, own)
        self._state.choose(chat, 0, whole.said())
        if wish.scope:
            self._state.choose(chat, topic, own.said())
        room = Room(_KINDS.get(message.chat.type, "group"), topic)
        return Panel(room, whole, own, self._state.subscription(chat), wish.scope).reply()

    def _refusal(self, choices: Choices) -> Answer | None:
        """Why nothing could be answered with these choices; None where it can."""
        kb = self._current.kb
        series = kb.series()
        try:
            for sample in (
                Cost(years=Years((series.first_year,))),
                Project(years=Years((series.last_year + 1,))),
            ):
                choices.written_into(sample, kb).answer(kb)
        except NumberError as error:
            return Answer(f"I can't work with that: {error}", outcome="refused")
        return None

    # ----------------------------------------------------------------- forgetting

    def _forgotten_alone(self, chat: int, person: int | None) -> Reply:
        """Of somebody in a group only their last question is kept, in memory."""
        gone = self._recent.forget(chat, person)
        done = "Forgotten: your last question here" if gone else "Nothing is stored about you here"
        blocks = (line("Settings and subscription are the group's; its admins can delete them."),)
        return _said(Answer(done, blocks))


def _meant(wish: ChatSettings) -> ChatSettings:
    """'95%' alone is the interval's level, as on the button: nothing gets 95% cheaper a year."""
    basis = wish.basis
    if basis and basis.kind == "rate" and basis.low == basis.high and basis.low in LEVELS:
        return replace(wish, basis=None, level=basis.low)
    return wish


def _answering(whole: Choices, wish: str, topic: int) -> Choices:
    chosen = set(whole.topics or ())
    if wish == "any topic":
        return replace(whole, topics=None)
    changed = chosen | {topic} if wish == "this topic" else chosen - {topic}
    return replace(whole, topics=tuple(sorted(changed)) or None)


def _said(answer: Answer) -> Reply:
    return render([Told(answer)], None)


def _subscribed(before: int | None, topic: int) -> Answer:
    where = "in this topic" if topic else "here"
    moved = before is not None and before != topic
    return Answer(
        f"Already subscribed {where}" if before == topic else f"Subscribed {where}",
        (
            *([line("No longer in the other topic.")] if moved else []),
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


def _forgotten(places: int, subscribed: bool, asked: bool, private: bool) -> Answer:
    parts = (
        (places, "the settings"),
        (subscribed, "the subscription"),
        (asked, "the last questions"),
    )
    gone = [what for there, what in parts if there]
    whose = "you" if private else "this chat"
    return Answer(
        f"Deleted: {', '.join(gone)}" if gone else "There was nothing to delete",
        (line(f"Nothing else is stored about {whose}: /privacy"),),
        choices=(Choice("Privacy", "/privacy"),),
    )
