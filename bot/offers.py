"""Offers: what a few typed words may ask, best first, each with the answer that would be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.answer import Line
from bot.menu import COMMANDS
from bot.questions.about import STARTERS
from bot.questions.cost import Cost
from bot.questions.decline import Decline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.answer import Answer
    from bot.conversation import Conversation
    from bot.render import Reply, Told

MOST = 5  # a phone shows about as many without scrolling
PAIR = (Cost.command, Decline.command)  # bare years may mean either


class Offer(Struct, frozen=True):
    """One reading, named by its command; title and description are plain text."""

    command: str
    title: str
    description: str
    reply: Reply


class Offers:
    """Offers over a conversation; nothing in them depends on who asks, or where."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def offered(self, text: str, today: date, username: str | None) -> list[Offer]:
        """The readings of a text, best first; for no text what people ask most.

        Other readings than the best are offered only if they have an answer. There are none for
        what is not understood.
        """
        text = text.encode(errors="replace").decode().strip()  # as a conversation hears it
        commands = self._readings(text, today) if text else (c.command for c in STARTERS)
        found: dict[str, Offer] = {}
        for command in commands:
            told = self._conversation.understood(command, today)[0]
            if told.command is None or told.command in found:
                continue
            if not found or told.answer.outcome == "answered":
                found[told.command] = self._offer(told, told.command, today, username)
            if len(found) == MOST:
                break
        return list(found.values())

    def _offer(self, told: Told, command: str, today: date, username: str | None) -> Offer:
        """What is told, as an offer. It is rendered by its command, so as it is asked again."""
        reply = self._conversation.turn(command, today, None, username).reply
        return Offer(command, told.answer.headline, _described(told.answer, command), reply)

    def pictured(self, command: str, today: date, username: str | None) -> Reply:
        """The reply to a command as a picture, where there is one of it."""
        view = f"/chart {command.removeprefix('/')}"
        return self._conversation.turn(view, today, None, username).reply

    def _readings(self, text: str, today: date) -> Iterator[str]:
        """Commands that may be meant, without their answers; some come twice."""
        if text.removeprefix("/").split(" ")[0].lower() in COMMANDS:
            told = self._conversation.understood(f"/{text.removeprefix('/')}", today)
            if any(t.command and t.answer.outcome == "answered" for t in told):
                yield from _meant(told)
                return  # spelled out, as the button that shares does it: nothing else is meant
        told = self._conversation.understood(text, today)
        yield from _meant(told)
        found = self._conversation.plausible(self._conversation.context(text, today))
        yield from (r.question().as_command() for r in found if not r.missing)
        if told[0].command and not any(r.cues for r in found):
            yield from _paired(told[0].command)


def _meant(told: list[Told]) -> Iterator[str]:
    """What was told of, in the place of a missing value what was suggested, then what else."""
    for t in told:
        if t.answer.outcome == "asked":
            yield from (choice.command for choice in t.answer.choices)
        elif t.command:
            yield t.command
    for t in told:
        yield from t.instead


def _paired(command: str) -> Iterator[str]:
    """Years without another word mean their costs, and as well how those fell."""
    name, _, rest = command.removeprefix("/").partition(" ")
    if name in PAIR:
        yield from (f"/{other} {rest}".rstrip() for other in PAIR if other != name)


def _described(answer: Answer, command: str) -> str:
    """The first line below the headline; of a bare table what kind of answer it is."""
    for block in answer.blocks:
        if isinstance(block, Line):
            return "".join(part if isinstance(part, str) else part.text for part in block.parts)
    summary = COMMANDS[command.removeprefix("/").split(" ")[0]].summary
    return summary[0].upper() + summary[1:]
