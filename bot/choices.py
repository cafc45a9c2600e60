"""Choices: what a chat has chosen for the questions asked in it, and for how they are answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from bot.answer import Choice, line
from bot.questions.base import Question
from bot.questions.cost import Cost
from bot.questions.halving import Halving
from bot.questions.project import Project
from bot.questions.when import When
from bot.values import TREND, Basis, Count, Years
from bot.views import View

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Block
    from bot.questions.base import Asked
    from bot.questions.chat import Charts, ChatSettings, Length
    from bot.render import Told
    from knowledge.base import KnowledgeBase


FULL = "full"  # the word before a command whose answer is wanted in full length


class Choices(Struct, frozen=True):
    """None is the usual. Of a topic, None is what its group has chosen."""

    basis: Basis | None = None
    level: float | None = None
    count: Count | None = None
    length: Length | None = None
    charts: Charts | None = None
    topics: tuple[int, ...] | None = None  # where alone questions are answered; a group's only

    @classmethod
    def read(cls, text: str | None) -> Choices:
        """What `said` wrote; nothing chosen where there is nothing."""
        try:
            said: dict[str, Any] = json.loads(text) if text else {}
            kinds: dict[str, Callable[[Any], Any]]
            kinds = {"basis": _basis, "count": _count, "topics": tuple}
            values = {n: kinds[n](v) if n in kinds else v for n, v in said.items() if n in _NAMES}
            return cls(**values)
        except (ValueError, TypeError, AttributeError) as error:
            import logging  # here, because an answer in a terminal is logged nowhere

            logging.getLogger(__name__).warning(
                "STATE_URL: what a chat has chosen cannot be read (%s)", error
            )
            return cls()

    def said(self) -> str | None:
        """As text to keep; None when nothing is chosen."""
        chosen = to_builtins(_given(self))
        return json.dumps(chosen) if chosen else None

    def over(self, others: Choices) -> Choices:
        """These, and the others' where these say nothing."""
        return replace(others, **_given(self))

    def changed(self, wish: ChatSettings) -> Choices:
        """With what somebody wishes; in which topics to answer is not theirs to reset."""
        wished = {n: v for n, v in _given(wish).items() if n in _NAMES and n != "topics"}
        return replace(Choices(topics=self.topics) if wish.reset else self, **wished)

    # ----------------------------------------------------------------- what they do

    @property
    def only_shown(self) -> Choices:
        """Those for how an answer looks: a button says itself what it asks."""
        return Choices(length=self.length, charts=self.charts)

    def written_into(self, question: Question, kb: KnowledgeBase) -> Question:
        """The question with what it leaves open, so that its one spelling says it anywhere."""
        if isinstance(question, View):
            return replace(question, of=self.written_into(question.of, kb))
        if getattr(question, "series", None):
            return question  # what is chosen is for the post's table
        if isinstance(question, (Project, When, Halving)):
            question = self._based(question)
        if isinstance(question, (Project, Cost)) and question.count is None:
            return self._counted(question, kb)
        return question

    def pinned(self, question: Asked) -> Asked:
        """A question that says what it means, as one to go on from: its trend is no gap to fill."""
        if isinstance(question, View):
            of = self.pinned(question.of)
            return replace(question, of=of) if isinstance(of, Question) else question
        if self.basis and isinstance(question, (Project, When, Halving)) and not question.basis:
            return replace(question, basis=TREND)
        return question

    def _based(self, question: Project | When | Halving) -> Question:
        other = None if self.basis == TREND else self.basis
        span = getattr(question, "years", None) if isinstance(question, Halving) else None
        if isinstance(question, Project) and question.level is not None:
            return question  # a level is the trend's
        if question.basis is None and other and not span:
            return replace(question, basis=other)
        if isinstance(question, Project) and question.basis in (None, TREND):
            return replace(question, level=self.level)
        return question

    def _counted(self, question: Project | Cost, kb: KnowledgeBase) -> Question:
        if not self.count or not self.count.number:
            return question
        if isinstance(question, Cost):
            if question.cheapest or question.training:
                return question
            series = kb.series()
            table = Years((series.first_year, series.last_year), span=True)
            return replace(question, count=self.count, years=question.years or table)
        return replace(question, count=self.count)

    def shown(self, told: Told, brief: tuple[Block, ...]) -> Told:
        """The answer as this chat wants to see it; `brief` is what a short one keeps."""
        answer = told.answer
        if self.charts == "off":
            choices = tuple(c for c in answer.choices if not c.command.startswith("/chart "))
            remark = (line("Charts are off in this chat: /settings"),) if answer.picture else ()
            blocks = (*answer.blocks, *remark)
            answer = replace(answer, picture=None, choices=choices, blocks=blocks)
        shorter = brief != told.answer.blocks and not told.full and self.length == "short"
        if shorter and told.command:
            more = Choice("More", f"/{FULL} {told.command.removeprefix('/')}")
            answer = replace(answer, blocks=brief, choices=(more, *answer.choices))
        return replace(told, answer=answer)


_NAMES = frozenset(Choices.__struct_fields__)
USUAL = Choices()
IN_GROUPS = Choices(length="short")


def _basis(said: dict[str, Any]) -> Basis:
    return Basis(**said)


def _count(said: dict[str, Any]) -> Count:
    return Count(**said)


def _given(choices: Any) -> dict[str, Any]:
    """The fields that say something."""
    names = choices.__struct_fields__
    return {name: value for name in names if (value := getattr(choices, name)) is not None}
