"""Answers to what is no question yet: not understood, a value missing, a number impossible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Choice, line
from bot.questions.about import SCOPE, STARTERS, TRY
from bot.questions.base import spelled
from bot.questions.cost import Cost
from bot.values import Models, Named
from bot.views import View
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.base import Question, Unfinished
    from knowledge.base import KnowledgeBase

MOST_CHOICES = 6  # of models to choose from; more would be a list


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


def ask_for(unfinished: Unfinished, kb: KnowledgeBase) -> Answer:
    """Ask for a missing value, with buttons that complete it; not for what is impossible."""
    kind, values = unfinished.kind, dict(unfinished.values)
    try:
        kind.check(values)
    except NumberError as error:
        return refusal(kind, str(error))
    slot = dict(kind.slots)[unfinished.missing]
    offered = {
        label: spelled(kind, {**values, unfinished.missing: value})
        for label, value in kind.offered(unfinished.missing, values, kb).items()
    } or {said: unfinished.with_value(said) for said in slot.suggest}
    return Answer(
        slot.ask,
        (line(f"Write it as {_usage(kind)}, for example {_example(kind)}"),),
        choices=tuple(Choice(label, command) for label, command in offered.items()),
        outcome="asked",
    )


def which(question: Question, kb: KnowledgeBase) -> Answer | None:
    """Ask which model is meant, the newest first; None where every name is sure."""
    if isinstance(question, View):
        return _of_view(question, kb)
    for name, _ in question.slots:
        value = getattr(question, name)
        if not isinstance(value, (Named, Models)) or value.sure:
            continue
        chosen = list(value.chosen().items())
        more = len(chosen) - MOST_CHOICES
        older = wording.count(more, "older one")
        blocks = [line(f"And {older}: say which, such as {chosen[-1][0]}.")]
        return Answer(
            "Which one?",
            tuple(blocks if more > 0 else ()),
            choices=tuple(
                Choice(kb.market.model(id).name, replace(question, **{name: one}).as_command())
                for id, one in chosen[:MOST_CHOICES]  # noqa: A001  # as in the data
            ),
            outcome="asked",
        )
    return None


def _of_view(view: View, kb: KnowledgeBase) -> Answer | None:
    """The same for a view: what is chosen is seen that way, too."""
    asked = which(view.of, kb)
    seen = f"/{view.as_command().removesuffix(view.of.as_command().removeprefix('/')).strip('/ ')} "
    return asked and replace(
        asked,
        choices=tuple(
            replace(choice, command=seen + choice.command.removeprefix("/"))
            for choice in asked.choices
        ),
    )


def refusal(kind: type[Question], reason: str, series: str | None = None) -> Answer:
    """No such number, and why; about an own series with what there is of that."""
    example = Cost(series=series).as_command() if series else _example(kind)
    return Answer(
        reason[0].upper() + reason[1:],
        (line(f"For example {example}"),),
        choices=(Choice(example, example),),
        outcome="refused",
    )


def _usage(kind: type[Question]) -> str:
    return f"/{kind.command} {kind.usage}".rstrip()


def _example(kind: type[Question]) -> str:
    return next((e for e in kind.examples if e.startswith("/")), f"/{kind.command}")
