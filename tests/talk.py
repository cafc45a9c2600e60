"""A conversation in one line: what the last of some messages came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.answering import Turn
    from bot.conversation import Conversation
    from bot.questions.base import Asked

TODAY = NOW.date()


def say(talk: Conversation, *messages: str) -> Turn:
    """The last turn of messages said one after the other."""
    previous: Asked | None = None
    for message in messages:
        turn = talk.turn(message, TODAY, previous, "costcurve_bot")
        previous = turn.question or previous
    return turn


def command(turn: Turn) -> str:
    """What was understood, as a command; "" when nothing was."""
    return turn.question.as_command() if turn.question else ""


def shown(turn: Turn) -> str:
    """All that is shown."""
    return "\n".join(turn.reply.texts)
