"""Answering: one question to its answer, with the views it can be seen in."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.answer import Choice
from bot.choices import USUAL
from bot.clarify import refusal, which
from bot.questions.about import Privacy
from bot.questions.base import Question, Unfinished
from bot.questions.settle import settle
from bot.render import Told, render
from bot.views import CHARTED, View
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.choices import Choices
    from bot.questions.base import Asked
    from bot.render import Reply
    from bot.viewing import Viewing
    from knowledge.base import KnowledgeBase


class Settled(Struct, frozen=True):
    """A question with its answer; without one where it was not understood."""

    told: Told
    question: Asked | None
    follows: bool = False  # whether it is the question before with other values


class Turn(Struct, frozen=True):
    """What was asked (the last question, for the next turn to follow up), and the reply."""

    reply: Reply
    question: Asked | None
    understood: bool

    @property
    def kind(self) -> str | None:
        """The name of the command that was asked, without its values."""
        asked = self.question
        kind = asked.kind if isinstance(asked, Unfinished) else asked
        return kind.command if kind else None


KEPT = 256  # answers, and turns; fewer for each way in which some chats want them


def most_kept(choices: Choices) -> int:
    """How many answers are kept ready for the chats that have chosen so."""
    return KEPT if choices == USUAL else KEPT // 16


class Answering:
    """Answers over one knowledge base, as one chat wants them.

    `miss_days` is how long what is missed is kept.
    """

    def __init__(self, kb: KnowledgeBase, miss_days: int, choices: Choices = USUAL) -> None:
        self._kb = kb
        self._miss_days = miss_days
        self._choices = choices
        # asked again and again, however it is worded, a question always comes to the same
        self._kept = lru_cache(maxsize=most_kept(choices))(self._answered)
        self._rendered = lru_cache(maxsize=most_kept(choices))(self._render)

    def reply(self, told: Sequence[Settled], username: str | None) -> Reply:
        """One reply to all that was asked; kept, unless it repeats what was not understood."""
        asked = all(isinstance(t.question, Question) for t in told)
        return (self._rendered if asked else self._render)(tuple(told), username)

    def _render(self, told: tuple[Settled, ...], username: str | None) -> Reply:
        return render([self.shown(t) for t in told], username)

    def shown(self, settled: Settled) -> Told:
        """What is said of it, in the chat's own way."""
        told, asked = settled.told, settled.question
        if self._choices == USUAL:
            return told
        whole = told.answer.blocks
        brief = asked.brief(told.answer, self._kb) if isinstance(asked, Question) else whole
        return self._choices.shown(told, brief)

    def answered(self, question: Question, *, literal: bool = True) -> Settled:
        """The answer, or why there is none."""
        settled = self._kept(question)
        return settled if literal else replace(settled, told=replace(settled.told, literal=False))

    def _answered(self, question: Question) -> Settled:
        try:
            question = self._settled(question)
            answer = which(question, self._kb) or question.answer(self._kb)
        except NumberError as error:
            answer = refusal(type(question), str(error), self._series_of(question))
        if isinstance(question, Privacy):
            answer = question.answer_keeping(self._miss_days)
        elif answer.outcome == "answered" and question.command in CHARTED:
            command = question.as_command().removeprefix("/")
            chart = (Choice("Chart", f"/chart {command}"),) if question.pictured else ()
            views = (*chart, Choice("Why?", f"/why {command}"))
            answer = replace(answer, choices=(*answer.choices, *views))
        return Settled(Told(answer, question.as_command()), question)

    def _series_of(self, question: Question) -> str | None:
        """The own series that it is about, if that is here."""
        series = getattr(question.of if isinstance(question, View) else question, "series", None)
        return next((own.id for own in self._kb.own_series() if own.id == series), None)

    def _settled(self, question: Question) -> Question:
        """What it comes to; NumberError where what it is about is no longer there."""
        question = settle(question, self._kb)
        if self._choices == USUAL:
            return question
        return settle(self._choices.written_into(question, self._kb), self._kb)

    def seen(self, asked: Viewing, settled: Settled) -> Settled:
        """The same answer in a view; what is no question, or a view already, stays as it is."""
        if not isinstance(settled.question, Question) or isinstance(settled.question, View):
            return settled
        view = asked.kind(of=settled.question, **asked.switches)
        seen = self.answered(view, literal=settled.told.literal)
        prefix = f"/{view.command} "
        instead = tuple(prefix + c.removeprefix("/") for c in settled.told.instead)
        return replace(seen, told=replace(seen.told, instead=instead))
