"""One turn of a conversation: what was written and what was asked before, to a reply."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bot import links
from bot.answer import Choice
from bot.arguments import read_arguments
from bot.clarify import ask_for, refusal, unclear, usage
from bot.followup import followed, pointed
from bot.hearing import CUE_WORDS, hear
from bot.names import searched
from bot.questions import BY_COMMAND
from bot.questions.about import Ask, Privacy, Start
from bot.questions.settle import settle
from bot.questions.studies import Studies
from bot.render import MAX_DATA_BYTES, Reply, Told, render
from bot.spelling import Spelling
from bot.understand import Reading, plausible, readings
from bot.vocabulary import Context, Vocabulary
from bot.words import MAX_CHARACTERS, pattern, read
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from datetime import date

    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase

LONG = 60  # words, from which a message is a story with a question in it
MOST_QUESTIONS = 3  # answered in one message
MAX_SENTENCE, MOST_SENTENCES = 400, 60  # characters, and sentences of one message, that are read
_ASKED = re.compile(rf"/{Ask.command}\b", re.I)  # a question in somebody's own words
LISTED = [name for name, kind in BY_COMMAND.items() if kind.listed]
_COMMAND = re.compile(r"\s*/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\s*", re.S)
_SENTENCE = pattern(r"""
    (?i:(?<=[?!.;:])\s+|\n+|,? and (?=(?:what|how|when|which|who|where|is|does|did)\b)
    |,? (?=(?:what|how) about\b))
""")
_NEGATED = pattern(r"""
    (?i:\b(?:not|no|without|skip|ignore|forget|leave|nothing on|nothing about|never mind
    |(?:don'?t|do not|dont) (?:need|want|care about|show|give)(?: me)?
    |instead of|rather than|except|excluding|other than)
    (?: (?:the|a|an|any|your|for|about|just|to))*(?: )
    (?:projections?|forecasts?|predictions?|estimates?|training|inference|headline|trend|charts?
    |future|interval)
    (?: (?:ones?|studies|papers|figures?|projections?|rates?|scenarios?|prices?|costs?))?\b
    (?: out of (?:it|this))?
    |\b(?:no,? )?not (?:in |for )?(?:(?:19|20)\d\d|study \d+)(?=[,;.]))
""")


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked (the last question, for the next turn to follow up), and the reply."""

    reply: Reply
    question: Question | None
    understood: bool


class Conversation:
    """Turns over one knowledge base. Keeps no messages: what was asked before is an argument."""

    def __init__(self, kb: KnowledgeBase, miss_days: int = 0) -> None:
        self.kb = kb
        self._miss_days = miss_days  # that others keep what is not understood: /privacy says it
        self._vocabulary = Vocabulary.of(kb)
        self._spelling = Spelling((*CUE_WORDS, *self._vocabulary.words))
        # commands and buttons are asked again and again, and always come to the same
        self._kept = lru_cache(maxsize=1024)(self._turn)

    def turn(
        self,
        text: str,
        today: date,
        previous: Question | None = None,
        username: str | None = None,
    ) -> Turn:
        """The reply to a message; `today` is its UTC date, `username` the bot's, for links."""
        if text.startswith("/") and len(text) <= MAX_DATA_BYTES and not _ASKED.match(text):
            return self._kept(text, today, previous, username)
        return self._turn(text, today, previous, username)

    def _turn(
        self, text: str, today: date, previous: Question | None, username: str | None
    ) -> Turn:
        told = self._understood(text, today, previous)
        questions = [t.question for t in told if t.question]
        return Turn(
            render([t.told for t in told], username),
            questions[-1] if questions else None,
            all(t.question for t in told),
        )

    def understood(self, text: str, today: date, previous: Question | None = None) -> list[Told]:
        """What a message comes to, question by question, as data."""
        return [t.told for t in self._understood(text, today, previous)]

    def _understood(self, text: str, today: date, previous: Question | None) -> list[_Told]:
        told = self._commanded(text, today, previous) if text.lstrip().startswith("/") else None
        return told or self._said(text, today, previous)

    # ----------------------------------------------------------------- commands

    def _commanded(self, text: str, today: date, previous: Question | None) -> list[_Told] | None:
        match = _COMMAND.fullmatch(text)
        if not match:
            return None
        name, rest = match[1].lower(), match[2] or ""
        if name == Start.command and (command := links.command_in(rest.strip())):
            return self._commanded(command, today, previous)
        if name == Start.command:
            rest = ""  # somebody else's deep link
        if name == Ask.command and rest.strip():
            return self._said(rest, today, previous)
        kind = BY_COMMAND.get(name)
        if kind:
            return [self._with_arguments(kind, self._context(rest, today, grouped=False))]
        close = difflib.get_close_matches(name, LISTED, 1, 0.7)
        if not close:
            return [_Told(Told(unclear(f"There is no command /{name}")), None)]
        told = self._with_arguments(BY_COMMAND[close[0]], self._context(rest, today, grouped=False))
        return [replace(told, told=replace(told.told, literal=False))]

    def _context(self, text: str, today: date, *, grouped: bool = True) -> Context:
        said = read(text, grouped=grouped)
        spelled = self._spelling.corrected(said.text)
        if spelled != said.text:
            said = read(spelled, grouped=grouped)
        return Context(said, self._vocabulary, today)

    def _with_arguments(self, kind: type[Question], context: Context) -> _Told:
        arguments = read_arguments(kind, context)
        if arguments.unread:
            said = " ".join(arguments.unread)[:40]
            return _Told(Told(usage(kind, f"I can't read “{said}” in /{kind.command}")), None)
        if missing := arguments.missing(kind):
            return _Told(Told(ask_for(kind, arguments.values, missing[0])), None)
        return self._answered(kind(**arguments.values))

    def _answered(self, question: Question, *, literal: bool = True) -> _Told:
        question = settle(question, self.kb)
        try:
            answer = question.answer(self.kb)
        except NumberError as error:
            answer = refusal(type(question), str(error))
        if isinstance(question, Privacy):
            answer = question.answer_keeping(self._miss_days)
        return _Told(Told(answer, question.as_command(), literal), question)

    # ----------------------------------------------------------------- free text

    def _said(self, text: str, today: date, previous: Question | None) -> list[_Told]:
        try:
            text = pointed(_NEGATED.sub(" ", text), previous, self.kb)
        except NumberError as error:
            return [_Told(Told(refusal(type(previous or Ask()), str(error))), None)]
        context = self._context(text, today)
        if len(context.said.words) > LONG or len(text) > MAX_SENTENCE:
            return self._in_parts(text, today, story=True) or [_Told(Told(unclear()), None)]
        if previous and (follow_up := followed(context, previous, self._best(context))):
            return [self._answered(follow_up)]
        best = self._best(context)
        if best and not best.unread:
            return [self._taken(best)]
        if parts := self._in_parts(text, today):
            return parts
        return [self._taken(best) if best else self._unclear(context)]

    def _best(self, context: Context) -> Reading | None:
        """The best reading that is good enough to act on."""
        found = [self._searched(r) for r in readings(hear(context))]
        return next((r for r in found if plausible(r)), None)

    def _searched(self, reading: Reading) -> Reading:
        """A reading that asks for studies takes the words nobody else knows as its topic."""
        if reading.kind is not Studies or not reading.unknown or "topic" in reading.values:
            return reading
        words = searched(" ".join(reading.unknown))
        if (
            not words
            or not reading.cues
            or not (reading.anchored or self.kb.search(reading.unknown, 1))
        ):
            return reading
        return replace(
            reading,
            values={**reading.values, "topic": words},
            unknown=(),
            anchored=True,
            foreign=False,
        )

    def _taken(self, reading: Reading) -> _Told:
        if reading.missing:
            return _Told(Told(ask_for(reading.kind, reading.values, reading.missing[0])), None)
        return self._answered(reading.question(), literal=not (reading.unknown or reading.unread))

    def _in_parts(self, text: str, today: date, *, story: bool = False) -> list[_Told]:
        """The questions of a message, sentence by sentence; of a story only the fullest one."""
        found: list[tuple[Reading | None, _Told]] = []
        last: Question | None = None
        for part in self._sentences(text):
            context = self._context(part, today)
            if last and (follow_up := followed(context, last, self._best(context))):
                found.append((None, self._answered(follow_up)))
            elif (best := self._best(context)) and not best.missing and best.values:
                found.append((best, self._taken(best)))
            else:
                continue
            last = found[-1][1].question
        if story and found:
            readings_ = [(r, t) for r, t in found if r]
            fullest = max(readings_, key=lambda f: (len(f[0].values) - f[0].unread, f[0].cues))
            return [replace(fullest[1], told=replace(fullest[1].told, literal=False))]
        return [told for _, told in found[:MOST_QUESTIONS]] if len(found) > 1 else []

    def _sentences(self, text: str) -> list[str]:
        """The sentences with something to read in them, each cut to the length of a question."""
        parts = [part[:MAX_SENTENCE] for part in _SENTENCE.split(text[:MAX_CHARACTERS])]
        return list(dict.fromkeys(p for p in parts if p and p.strip()))[:MOST_SENTENCES]

    def _unclear(self, context: Context) -> _Told:
        """What cannot be answered: say so, offer the nearest reading, studies and examples."""
        heard = hear(context)
        near = [
            Choice(r.question().as_command(), r.question().as_command())
            for r in readings(heard)
            if not r.missing and r.values
        ][:2]
        return _Told(Told(unclear(near=near)), None)


@dataclass(frozen=True, slots=True)
class _Told:
    told: Told
    question: Question | None


def ask(kb: KnowledgeBase, text: str, today: date) -> Turn:
    """One question outside any chat."""
    return Conversation(kb).turn(text, today)
