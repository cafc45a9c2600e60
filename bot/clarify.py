"""Answers to what is no question yet: not understood, a value missing, a number impossible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer, Choice, line
from bot.questions.about import SCOPE, STARTERS, TRY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.base import Question, Unfinished


def unclear(headline: str = "I can't answer that", near: Sequence[Choice] = ()) -> Answer:
    """Not understood is an answer: what can be asked, and buttons that do."""
    return Answer(
        headline,
        (line(SCOPE), line(TRY)),
        choices=(*near, *STARTERS)[: max(3, len(near) + 2)],
        outcome="refused",
    )


def usage(kind: type[Question], problem: str) -> Answer:
    """What is wrong, how it is written, and an example that works."""
    return Answer(
        problem,
        (line(f"Write it as {_usage(kind)}, for example {_example(kind)}"),),
        choices=(Choice(_example(kind), _example(kind)),),
        outcome="asked",
    )


def ask_for(unfinished: Unfinished) -> Answer:
    """Ask for a missing value, with buttons that complete the question."""
    kind = unfinished.kind
    slot = dict(kind.slots)[unfinished.missing]
    return Answer(
        slot.ask,
        (line(f"Write it as {_usage(kind)}, for example {_example(kind)}"),),
        choices=tuple(Choice(value, unfinished.with_value(value)) for value in slot.suggest),
        outcome="asked",
    )


def refusal(kind: type[Question], reason: str) -> Answer:
    """No such number, and why."""
    return Answer(
        reason[0].upper() + reason[1:],
        (line(f"For example {_example(kind)}"),),
        choices=(Choice(_example(kind), _example(kind)),),
        outcome="refused",
    )


def _usage(kind: type[Question]) -> str:
    return f"/{kind.command} {kind.usage}".rstrip()


def _example(kind: type[Question]) -> str:
    return next((e for e in kind.examples if e.startswith("/")), f"/{kind.command}")
