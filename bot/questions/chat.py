"""What changes a chat: its settings, its subscription, what is kept of it.

Asked like anything else, so that menu, help and understanding need no second way; but who may do
it, and doing it, is a matter of the chat (`bot.actions`), and only when it is asked by command or
button: many a sentence speaks of subscribing or deleting without wishing for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.answer import Answer, Choice, line
from bot.basis import BASIS
from bot.questions.base import Question, slot
from bot.slots import COUNT, LEVEL, Slot, find_all
from bot.words import pattern

if TYPE_CHECKING:
    import re

    from bot.values import Basis, Count
    from knowledge.base import KnowledgeBase

Length = Literal["short", "full"]
Charts = Literal["on", "off"]
Topics = Literal["any topic", "this topic", "not this topic"]
Scope = Literal["for this topic"]
Reset = Literal["reset"]

_LENGTH = pattern(r"\b(?:(short)|full)(?:er)? (?:answers?|replies|reply)\b")
_CHARTS = pattern(r"\bcharts? (?:(on)|off)\b|\bno charts?\b")
_TOPICS = pattern(r"\b(?:any topics?|not this topic|(?<!for )(?<!not )this topic)\b")
_SCOPE = pattern(r"\bfor this topic\b")
_RESET = pattern(r"\breset\b")


def _topics(match: re.Match[str]) -> Topics:
    if match[0].startswith("any"):
        return "any topic"
    return "not this topic" if match[0].startswith("not") else "this topic"


LENGTH: Slot[Length] = Slot(
    "length",
    lambda c: find_all(_LENGTH, lambda m: "short" if m[1] else "full", c.said.text),
    lambda v: f"{v} answers",
    "Short or full answers?",
    lambda text, _: "short" if text == "short" else "full" if text == "full" else None,
    matters=False,
)
CHARTS: Slot[Charts] = Slot(
    "charts",
    lambda c: find_all(_CHARTS, lambda m: "on" if m[1] else "off", c.said.text),
    lambda v: f"charts {v}",
    "Charts on or off?",
    matters=False,
)
TOPICS: Slot[Topics] = Slot(
    "topics",
    lambda c: find_all(_TOPICS, _topics, c.said.text),
    str,
    "In which topics?",
    matters=False,
)
TOPIC_SCOPE: Slot[Scope] = Slot(
    "scope",
    lambda c: find_all(_SCOPE, lambda _: "for this topic", c.said.text),
    str,
    "For this topic?",
    matters=False,
)
RESET: Slot[Reset] = Slot(
    "reset",
    lambda c: find_all(_RESET, lambda _: "reset", c.said.text),
    str,
    "Reset?",
    matters=False,
)


class ChatAction(Question):
    """A question that a chat answers by doing something."""

    def answer(self, kb: KnowledgeBase) -> Answer:
        return Answer(
            f"/{self.command}: {self.summary}",
            (line("Send that to me in the chat that it is for, or press the button there."),),
            choices=(Choice(self.as_command(), self.as_command()), Choice("Privacy", "/privacy")),
            outcome="asked",
        )


class ChatSettings(ChatAction):
    command = "settings"
    usage = (
        "[basis] [level L] [N calls] [short | full answers] [charts on | off]"
        " [any | this topic] [reset]"
    )
    summary = "what I assume in this chat, and how I answer"
    cues = (
        """
        settings, preferences, configure, configuration, set the default, set as default,
        make it the default, make that the default
        """,
    )
    examples = (
        "/settings",
        "/settings headline",
        "/settings level 95",
        "/settings short answers",
        "settings",
        "change the settings",
    )

    basis: Basis | None = slot(BASIS, default=None)
    level: float | None = slot(LEVEL, default=None)
    count: Count | None = slot(COUNT, default=None)
    length: Length | None = slot(LENGTH, default=None)
    charts: Charts | None = slot(CHARTS, default=None)
    topics: Topics | None = slot(TOPICS, default=None)
    reset: Reset | None = slot(RESET, default=None)
    scope: Scope | None = slot(TOPIC_SCOPE, default=None)


class Subscribe(ChatAction):
    command = "subscribe"
    summary = "a message when figures change, one a day at most"
    cues = (
        """
        subscribe, sign me up, keep me posted, keep us posted, keep me updated, notify me, notify
        us, notifications, alert me, let me know when, tell me when the data change, tell me when
        the figures change, tell me when the numbers change, ping me when
        """,
    )
    examples = ("/subscribe", "subscribe me", "notify me when the data change")


class Unsubscribe(ChatAction):
    command = "unsubscribe"
    summary = "no more messages about changes"
    cues = (
        """
        unsubscribe, stop sending, stop notifying, stop the messages, stop these messages, stop
        notifications, no more messages, no more notifications, no more updates, stop the updates,
        sign me off, opt out
        """,
    )
    examples = ("/unsubscribe", "unsubscribe", "stop sending me this", "no more notifications")


class Forget(ChatAction):
    command = "forget"
    summary = "delete what is stored for this chat"
    cues = (
        """
        forget me, forget us, forget everything, delete my data, delete all my data, erase my data,
        delete everything, erase everything, delete what you know, wipe my data, remove my data
        """,
    )
    examples = ("/forget", "delete my data", "forget everything about me")
