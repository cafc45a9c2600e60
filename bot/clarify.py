"""Answers to what is no question yet: not understood, a value missing, a number impossible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.answer import Answer, Choice, line
from bot.questions.about import SCOPE, STARTERS, TRY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.questions.base import Question


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
    spelled = " ".join(filter(None, [f"/{kind.command}", kind.usage]))
    return Answer(
        problem,
        (line(f"Write it as {spelled}, for example {_example(kind)}"),),
        choices=(Choice(_example(kind), _example(kind)),),
        outcome="asked",
    )


def ask_for(kind: type[Question], values: Mapping[str, Any], missing: str) -> Answer:
    """Ask for a missing value, with buttons that complete the question."""
    slot = dict(kind.slots)[missing]
    said = [s.say(values[f]) for f, s in kind.slots if f in values]
    choices = tuple(
        Choice(value, " ".join([f"/{kind.command}", value, *said])) for value in slot.suggest
    )
    spelled = " ".join(filter(None, [f"/{kind.command}", kind.usage]))
    return Answer(
        slot.ask,
        (line(f"Write it as {spelled}, for example {_example(kind)}"),),
        choices=choices,
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


def _example(kind: type[Question]) -> str:
    return next((e for e in kind.examples if e.startswith("/")), f"/{kind.command}")
