"""Views: an answer seen in another way: as a picture, as its computation, as data to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from bot.answer import Answer, Choice, Document, line
from bot.questions import QUESTIONS
from bot.questions.base import Question
from bot.questions.cost import Cost

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.base import KnowledgeBase


class View(Question):
    """A question about another question; its command is that one's with a word in front."""

    of: Question
    words: ClassVar[tuple[str, ...]] = ()  # that may stand before the other question: switches
    usual: ClassVar[Question | None] = None  # what it is of, where nothing was asked before

    def as_command(self) -> str:
        switched = (word for word in self.words if getattr(self, word))
        return " ".join([f"/{self.command}", *switched, self.of.as_command().removeprefix("/")])


class Chart(View):
    """The picture of an answer, with the same numbers as text."""

    command = "chart"
    usage = "<question>"
    summary = "the answer as a picture"
    words = ("linear", "bases")
    usual = Cost()
    examples = ("/chart cost", "/chart project 2030", "/chart linear cost", "/chart compare")

    linear: bool = False
    bases: bool = False  # a projection on all bases together

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.pictures import picture  # here, because few answers are drawn

        drawn = picture(self.of, kb, linear=self.linear, bases=self.bases)
        if drawn is None:
            return Answer(
                "There is no picture of that",
                (
                    line(
                        "There are pictures of costs, prices, bills, forecasts, studies and claims."
                    ),
                ),
                choices=(
                    Choice("Costs", "/chart cost"),
                    Choice("Projection", "/chart project 2030"),
                    Choice("Studies", "/chart compare"),
                ),
                outcome="refused",
            )
        answer = self.of.caption(kb)
        scales = (Choice("Log scale" if self.linear else "Linear scale", self._other_scale()),)
        curve = hasattr(drawn, "log")
        choices = (*self._pictured(answer.choices), *(scales if curve else ()), *self._all())
        return replace(answer, picture=drawn, choices=choices)

    def _other_scale(self) -> str:
        return replace(self, linear=not self.linear).as_command()

    def _all(self) -> tuple[Choice, ...]:
        projected = self.of.command == "project"
        views = (
            Choice("CSV", Data(of=self.of, bases=self.bases and projected).as_command()),
            Choice("Why?", Why(of=self.of).as_command()),
        )
        if not projected:
            return views
        other = replace(self, bases=not self.bases).as_command()
        return (Choice("This basis only" if self.bases else "All bases", other), *views)

    def _pictured(self, choices: Iterable[Choice]) -> tuple[Choice, ...]:
        """The answer's own choices, in pictures where there are any: a picture stays one."""
        return tuple(
            replace(c, command=f"/chart {c.command.removeprefix('/')}")
            for c in choices
            if c.command.removeprefix("/").split()[0] in CHARTED
        )


class Why(View):
    """How the numbers of an answer were got."""

    command = "why"
    usage = "<question>"
    summary = "how an answer was computed"
    examples = ("/why project 2030", "/why decline 2020 2024", "/why cost 2023")

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.receipts import receipt  # here, because few are asked for

        return receipt(self.of, kb)


class Data(View):
    """The numbers of a picture as a file."""

    command = "csv"
    usage = "<question>"
    summary = "the numbers of a picture as a file"
    listed = False
    words = ("bases",)
    examples = ("/csv cost", "/csv project 2030")

    bases: bool = False  # as of a picture

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.pictures import picture  # as above

        drawn = picture(self.of, kb, bases=self.bases)
        if drawn is None:
            return Chart(of=self.of).answer(kb)
        name = "-".join(self.as_command().removeprefix("/csv ").replace("$", "").split())
        return replace(
            self.of.caption(kb),
            choices=(),
            document=Document(f"costcurve-{name.replace('/', '-')}.csv", drawn.csv()),
        )


VIEWS: dict[str, type[View]] = {kind.command: kind for kind in (Chart, Why, Data)}
CHARTED = frozenset(kind.command for kind in QUESTIONS if kind.charted)
