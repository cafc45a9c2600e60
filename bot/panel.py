"""Panel: a chat's settings in words, and a button for each thing that can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from bot import wording
from bot.answer import Answer, Block, line
from bot.basis import say_basis
from bot.choices import IN_GROUPS, USUAL, Choices
from bot.questions.chat import ChatSettings, Scope
from bot.render import Button, Reply, Told, render
from bot.values import HEADLINE, LATEST, TREND, Count
from knowledge.trend import DEFAULT_LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.questions.chat import Length
    from bot.values import Basis

BASES = {"Trend": TREND, "Headline": HEADLINE, "Latest": LATEST}
LEVELS = (DEFAULT_LEVEL, 0.9, 0.95)
VOLUMES = {"One call": 0, "1,000": 1e3, "1 million": 1e6, "1 billion": 1e9}
LENGTHS: tuple[Length, ...] = ("short", "full")


class Room(Struct, frozen=True):
    """Where a panel stands: a private chat, a group or its topic (0 is none), a channel."""

    kind: Literal["chat", "group", "channel"]
    topic: int = 0


class Panel(Struct, frozen=True):
    """The choices of a chat and of the topic at hand, and whether it is told of changes."""

    room: Room
    whole: Choices
    own: Choices = USUAL
    subscribed: int | None = None  # the topic that is told of changes, 0 where there are none
    scope: Scope | None = None  # whose choices the buttons change

    def reply(self) -> Reply:
        """The panel as a message."""
        buttons = tuple(tuple(row) for row in self._rows())
        return Reply(render([Told(self._answer())], None).texts, buttons)

    # ----------------------------------------------------------------- words

    def _answer(self) -> Answer:
        what = "topic" if self.scope else self.room.kind
        blocks: list[Block] = [
            line("Projections rest on: ", self._said("basis", _basis, TREND)),
            line("Interval: ", self._said("level", wording.percent, DEFAULT_LEVEL)),
            line("Costs are for: ", self._said("count", _volume, Count(0))),
            line("Answers: ", self._said("length", str, self._usual)),
            line("Charts: ", self._said("charts", str, "on")),
        ]
        if self.whole.topics:
            here = "this topic too" if self.room.topic in self.whole.topics else "not this one"
            number = wording.count(len(self.whole.topics), "topic")
            blocks.append(line(f"I answer in: {number} only, {here}"))
        elif self.room.topic:
            blocks.append(line("I answer in: any topic (the default)"))
        where = "told here" if self.subscribed == self.room.topic else "told in another topic"
        news = (
            "not told (the default)" if self.subscribed is None else f"{where}, once a day at most"
        )
        blocks.append(line(f"Changes of the data: {news}"))
        blocks.append(line("What a question says itself goes first; links and buttons say it all."))
        return Answer(f"Settings of this {what}", tuple(blocks))

    def _said(self, name: str, say: Callable[[Any], str], usual: object) -> str:
        """What is chosen, or else what holds and why."""
        if self.scope and (own := getattr(self.own, name)) is not None:
            return say(own)
        if (chosen := getattr(self.whole, name)) is not None:
            return f"{say(chosen)} (as the group)" if self.scope else say(chosen)
        return f"{say(usual)} (the default)"

    @property
    def _usual(self) -> str:
        return "full" if self.room.kind == "chat" else IN_GROUPS.length or ""

    # ----------------------------------------------------------------- buttons

    def _rows(self) -> Iterator[list[Button]]:
        shown = self.own.over(self.whole) if self.scope else self.whole
        basis, level = shown.basis or TREND, shown.level or DEFAULT_LEVEL
        number = shown.count.number if shown.count else 0
        length, charts = shown.length or self._usual, shown.charts or "on"
        yield [
            self._button(label, ChatSettings(basis=b, scope=self.scope), basis == b)
            for label, b in BASES.items()
        ]
        yield [
            self._button(
                wording.percent(part), ChatSettings(level=part, scope=self.scope), level == part
            )
            for part in LEVELS
        ]
        yield [
            self._button(label, ChatSettings(count=Count(n), scope=self.scope), number == n)
            for label, n in VOLUMES.items()
        ]
        yield [
            *(
                self._button(
                    part.capitalize(), ChatSettings(length=part, scope=self.scope), length == part
                )
                for part in LENGTHS
            ),
            self._button("Charts", self._charts(charts), charts == "on"),
        ]
        if self.room.topic:
            yield list(self._topics())
        told = Button("✓ Tell changes", "/unsubscribe")
        yield [
            Button("Tell changes", "/subscribe") if self.subscribed is None else told,
            self._button("Reset", ChatSettings(reset="reset", scope=self.scope), False),
        ]

    def _charts(self, charts: str) -> ChatSettings:
        return ChatSettings(charts="off" if charts == "on" else "on", scope=self.scope)

    def _topics(self) -> Iterator[Button]:
        chosen = self.whole.topics or ()
        here = self.room.topic in chosen
        yield self._button("Any topic", ChatSettings(topics="any topic"), not chosen)
        other = ChatSettings(topics="not this topic" if here else "this topic")
        yield self._button("This topic", other, here)
        if self.scope:
            yield Button("Whole group", ChatSettings().as_command())
        else:
            here_only = ChatSettings(scope="for this topic")
            yield Button("Settings of this topic", here_only.as_command())

    @staticmethod
    def _button(label: str, question: ChatSettings, chosen: bool) -> Button:
        return Button(f"✓ {label}" if chosen else label, question.as_command())


def _basis(basis: Basis) -> str:
    named = {"trend": "the trend of the post's table", "latest": "the latest yearly decline"}
    if basis.kind == "rate":
        return f"{say_basis(basis)} a year"
    return named.get(basis.kind, "the post's headline" if basis == HEADLINE else say_basis(basis))


def _volume(count: Count) -> str:
    said = wording.count(count.number or 1, "inference") if count.number else "one inference"
    return said + (f" a {count.per}" if count.per else "")
