"""One turn of a conversation: what was written and what was asked before, to a reply."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import links
from bot.answer import Choice
from bot.answering import Answering, Settled, Turn, most_kept
from bot.arguments import read_arguments
from bot.choices import FULL, USUAL
from bot.clarify import ask_for, refusal, unclear, usage
from bot.followup import followed
from bot.hearing import hear, lexis
from bot.menu import closest
from bot.parts import Part, apart, fullest, is_question, several
from bot.pressed import pressed
from bot.questions import BY_COMMAND
from bot.questions.about import Ask, Start
from bot.questions.base import Question, Unfinished
from bot.questions.chat import ChatAction
from bot.questions.studies import Studies
from bot.reference import pointed
from bot.render import MAX_DATA_BYTES, Told
from bot.search import nearest, searches
from bot.sentences import MAX_SENTENCE, sentences, wanted
from bot.understand import Reading, plausible, readings
from bot.viewing import Viewing, switched, viewing
from bot.views import VIEWS, Chart, View
from bot.vocabulary import Context
from bot.words import read
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.choices import Choices
    from bot.questions.base import Asked
    from knowledge.base import KnowledgeBase

LONG = 60  # words, from which a message is a story with a question in it
MOST_OTHERS = 3  # readings offered beside the one answered
_ASKED = re.compile(rf"/{Ask.command}\b", re.I)  # a question in somebody's own words
_COMMAND = re.compile(r"\s*/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\s*", re.S)


class Conversation:
    """Turns over one knowledge base. Keeps no messages: what was asked before is an argument."""

    def __init__(self, kb: KnowledgeBase, miss_days: int = 0, choices: Choices = USUAL) -> None:
        self.kb = kb
        self._miss_days = miss_days
        self._answering = Answering(kb, miss_days, choices)
        self._vocabulary, self._spelling = lexis(kb)
        # commands and buttons are the same letter by letter, so not even read again
        self._kept = lru_cache(maxsize=most_kept(choices))(self._turn)

    def under(self, choices: Choices) -> Conversation:
        """The same conversation in a chat that has chosen how it goes."""
        return Conversation(self.kb, self._miss_days, choices)

    def turn(
        self, text: str, today: date, previous: Asked | None = None, username: str | None = None
    ) -> Turn:
        """The reply to a message; `today` is its UTC date, `username` the bot's, for links."""
        if text.startswith("/") and len(text) <= MAX_DATA_BYTES and not _ASKED.match(text):
            return self._kept(text, today, previous, username)
        return self._turn(text, today, previous, username)

    def _turn(self, text: str, today: date, previous: Asked | None, username: str | None) -> Turn:
        told = self._understood(text, today, previous)
        questions = [t.question for t in told if t.question]
        return Turn(
            self._answering.reply(told, username),
            questions[-1] if questions else None,
            all(is_question(t.question) for t in told),
        )

    def understood(self, text: str, today: date, previous: Asked | None = None) -> list[Told]:
        """What a message comes to, question by question, as data."""
        return [t.told for t in self._understood(text, today, previous)]

    def _understood(self, text: str, today: date, previous: Asked | None) -> list[Settled]:
        text = text.encode(errors="replace").decode()  # half an emoji could not be said again
        told = self._commanded(text, today, previous) if text.lstrip().startswith("/") else None
        return told or self._said(text, today, previous)

    # ----------------------------------------------------------------- commands

    def _commanded(self, text: str, today: date, previous: Asked | None) -> list[Settled] | None:
        match = _COMMAND.fullmatch(text)
        if not match:
            return None
        name, rest = match[1].lower(), match[2] or ""
        if name == Start.command and (command := links.command_in(rest.strip())):
            told = self._commanded(command, today, previous) or []
            acts = any(isinstance(t.question, ChatAction) for t in told)  # not by anybody's link
            return [replace(t, question=None) for t in told] if acts else told
        if name == Start.command:
            rest = ""  # somebody else's deep link
        if name == Ask.command and rest.strip():
            return self._said(rest, today, previous)
        if name == FULL:
            told = self._commanded(f"/{rest}", today, previous) or []
            return [replace(t, told=replace(t.told, full=True)) for t in told]
        if view := VIEWS.get(name):
            return self._viewed(switched(view, rest), today, previous)
        kind = BY_COMMAND.get(name)
        if kind:
            return [self._with_arguments(kind, self.context(rest, today, grouped=False))]
        close = closest(name)
        if close is None:
            return [Settled(Told(unclear(f"There is no command /{name}")), None)]
        meant = self._commanded(f"/{close} {rest}", today, previous) or []
        return [replace(m, told=replace(m.told, literal=False)) for m in meant]

    def context(self, text: str, today: date, *, grouped: bool = True) -> Context:
        said = read(text, grouped=grouped)
        spelled = self._spelling.corrected(said)
        if spelled != said.text:
            said = read(spelled, grouped=grouped)
        return Context(said, self._vocabulary, today)

    def _with_arguments(self, kind: type[Question], context: Context) -> Settled:
        arguments = read_arguments(kind, context)
        if arguments.unread:
            said = " ".join(arguments.unread)[:40]
            return Settled(Told(usage(kind, f"I can't read “{said}” in /{kind.command}")), None)
        if missing := arguments.missing(kind):
            lacking = Unfinished(kind, tuple(arguments.values.items()), missing[0])
            return self._asked_for(lacking, context.today)
        return self._answering.answered(kind(**arguments.values))

    # ----------------------------------------------------------------- views

    def _viewed(self, asked: Viewing, today: date, previous: Asked | None) -> list[Settled]:
        """The answers to what a view is asked of, each seen that way."""
        if not asked.rest:
            before = previous.of if isinstance(previous, View) else previous
            of = before if isinstance(before, Question) else asked.kind.usual
            if of is None:
                return [Settled(Told(usage(asked.kind, "Which answer?")), None)]
            return [self._answering.answered(asked.kind(of=of, **asked.switches))]
        name = asked.rest.split()[0].lower()
        told = self._commanded(f"/{asked.rest}", today, None) if name in BY_COMMAND else None
        if not told or not is_question(told[0].question):  # 'when was it cheapest'
            before = previous.of if isinstance(previous, View) else previous
            heard = self._read(asked.rest, today, before)  # and not once more for a view
            said = is_question(heard[0].question) and heard[0].told.literal
            told = told if told and not said else heard  # a slip in a command is told, not guessed
        return [self._answering.seen(asked, told[0])]

    # ----------------------------------------------------------------- free text

    def _said(self, text: str, today: date, previous: Asked | None) -> list[Settled]:
        text = wanted(text)
        if asked := viewing(text, previous):
            return self._viewed(asked, today, previous)
        if isinstance(previous, Chart):  # what follows up a picture is one
            again = Viewing(Chart, "", {"linear": previous.linear})
            told = self._said(text, today, previous.of)
            return [self._answering.seen(again, t) if t.follows else t for t in told]
        before = previous.of if isinstance(previous, View) else previous
        return self._read(text, today, before)

    def _read(self, text: str, today: date, previous: Asked | None) -> list[Settled]:
        try:
            text = pointed(text, previous, self.kb)
        except NumberError as error:
            return [Settled(Told(refusal(Studies, str(error))), None)]
        context = self.context(text, today)
        if len(context.said.words) > LONG or len(text) > MAX_SENTENCE:
            story = fullest(self._parts(text, today, previous))
            return [story] if story else [Settled(Told(unclear()), None)]
        found = self.plausible(context)
        best = found[0] if found else None
        if previous and (follow_up := followed(context, previous, best)):
            return [replace(self._answering.answered(follow_up), follows=True)]
        if isinstance(previous, Question) and not (best and best.cues):
            offered = self._answering.answered(previous).told.answer.choices
            if command := pressed(context.said, offered):
                return self._commanded(command, today, previous) or []
        parts = several(self._parts(text, today, previous)) if len(sentences(text)) > 1 else []
        if len(parts) > 1 and (not best or best.unread or apart(parts, best)):
            return [p.settled for p in parts]
        return [self._taken(best, today, found[1:]) if best else self._unclear(context)]

    def plausible(self, context: Context) -> list[Reading]:
        """The readings that are good enough to act on, best first."""
        heard = hear(context)
        found = (r for reading in readings(heard) for r in searches(reading, heard, self.kb))
        return [r for r in found if plausible(r)]

    def _taken(self, reading: Reading, today: date, others: Sequence[Reading] = ()) -> Settled:
        """The answer by a reading; where that was not literal, other readings are offered."""
        if reading.missing:
            lacking = Unfinished(reading.kind, tuple(reading.values.items()), reading.missing[0])
            return self._asked_for(lacking, today)
        literal = not (reading.unknown or reading.unread)
        told = self._answering.answered(reading.question(), literal=literal)
        if literal:
            return told
        offered = (self._answering.answered(r.question()).told for r in others if not r.missing)
        instead = dict.fromkeys(
            t.command
            for t in offered
            if t.command and t.command != told.told.command and t.answer.outcome == "answered"
        )
        return replace(told, told=replace(told.told, instead=tuple(instead)[:MOST_OTHERS]))

    def _asked_for(self, unfinished: Unfinished, today: date) -> Settled:
        """The question for a missing value; with its permalink, if that says what was given."""
        command = unfinished.as_command()
        rest = command.removeprefix(f"/{unfinished.kind.command}")
        context = self.context(rest, today, grouped=False)
        again = read_arguments(unfinished.kind, context)
        told = Told(ask_for(unfinished, self.kb), command if again.same(unfinished) else None)
        return Settled(told, unfinished)

    def _parts(self, text: str, today: date, previous: Asked | None) -> list[Part]:
        """What each sentence comes to; each may follow up the one before."""
        found: list[Part] = []
        last = previous
        for sentence in sentences(text):
            try:
                context = self.context(pointed(sentence, last, self.kb), today)
            except NumberError:
                continue
            best = next(iter(self.plausible(context)), None)
            if last and (follow_up := followed(context, last, best)):
                found.append(Part(sentence, None, self._answering.answered(follow_up)))
            elif best and not best.missing:
                found.append(Part(sentence, best, self._taken(best, today)))
            else:
                continue
            last = found[-1].settled.question
        return found

    def _unclear(self, context: Context) -> Settled:
        """What cannot be answered: say so, offer the nearest readings and examples."""
        near = [Choice(command, command) for command in nearest(hear(context), self.kb)]
        return Settled(Told(unclear(near=near)), None)
