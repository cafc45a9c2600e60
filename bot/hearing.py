"""Heard: a message with everything found in it, once for all kinds of question."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.billed import BILLABLE
from bot.lexicon import ANCHORS, ASKED, COMMON, KNOWN, Phrases
from bot.manner import CHEAPEST
from bot.names import TOPIC
from bot.questions import QUESTIONS
from bot.selling import WHAT
from bot.slots import COUNT
from bot.spelling import Spelling
from bot.titles import STUDIES
from bot.values import Volume
from bot.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.questions.base import Question
    from bot.slots import Mention, Slot
    from bot.vocabulary import Context
    from bot.words import Said, Word
    from knowledge.base import KnowledgeBase

_CUES: Phrases[tuple[type[Question], int]] = Phrases(
    (phrase, (kind, group))
    for kind in QUESTIONS
    for group, phrases in enumerate(kind.cues)
    for phrase in phrases.split(",")
)
CUE_WORDS = " ".join(cue for kind in QUESTIONS for cue in kind.cues).replace(",", " ").split()
_SLOTS = dict.fromkeys(slot for kind in QUESTIONS for _, slot in kind.slots)
_TOLD_BY = {slot: [kind for kind in QUESTIONS if slot in kind.telling] for slot in _SLOTS}
_ANCHORING = {"studies", "study", "venue", "workload", "training", "aspect"}
# manners of speaking: they are looked for where a kind that is spoken for has use for them
_MANNERS = frozenset(
    slot
    for slot, kinds in _TOLD_BY.items()
    if not (slot.matters or kinds or slot.name in _ANCHORING)
)
_VALUES = tuple(slot for slot in _SLOTS if slot not in _MANNERS)

MOST_CUES = 80  # in one message; more is a message made of them
_CLAUSE_END = re.compile(r"[.!?;:] ")
Cue = tuple[type["Question"], int, int, int]  # kind, group, start, end
Mentions = Mapping["Slot[Any]", tuple["Mention[Any]", ...]]


class Heard(Struct, frozen=True):
    """A message with everything found in it: values per slot, and cues as spans of characters."""

    context: Context
    mentions: Mentions  # of slots that have any
    cues: tuple[Cue, ...]
    free: tuple[Cue, ...]  # those that are no part of a longer value
    kinds: frozenset[type[Question]]  # that a free cue or a value speaks for
    unknown: tuple[Word, ...]  # words that nothing explains
    anchored: bool  # whether the message is plainly about this subject
    strangers: tuple[Word, ...]  # those among the unknown that are plainly what is asked about
    subjects: tuple[Word, ...]  # words of a study's topic that are what is asked about
    values: tuple[tuple[Slot[Any], Mention[Any]], ...]  # the mentions of slots that matter

    @property
    def words(self) -> tuple[Word, ...]:
        return self.context.said.words

    def beside(self, words: Iterable[Word], spans: Iterable[tuple[int, int]]) -> tuple[Word, ...]:
        """Those of the words that stand in one clause with any of the spans."""
        words = tuple(words)
        if not words:
            return ()
        ends = [m.end() for m in _CLAUSE_END.finditer(self.context.said.text)]
        if not ends:
            return words if any(True for _ in spans) else ()
        clauses = {bisect(ends, start) for start, _ in spans}
        return tuple(w for w in words if bisect(ends, w.start) in clauses)


def hear(context: Context, kind: type[Question] | None = None) -> Heard:
    """Find every value and every cue in a message, once for all kinds; or the values of one."""
    slots = _VALUES if kind is None else [slot for _, slot in kind.slots]
    mentions = {s: found for s in slots if s.matters and (found := context.once(s.find))}
    values = [m for found in mentions.values() for m in found]
    _look([slot for slot in slots if not slot.matters], context, mentions, values)
    for part, whole in _PART_OF:
        if part in mentions and whole in mentions:
            _look([part], context, mentions, mentions[whole])
    cues = _cues(context.said)
    free = _free(cues, values)
    kinds = {cue[0] for cue in free}.union(*(_TOLD_BY[slot] for slot in mentions))
    unknown = _unknown(context.said.words, mentions, cues)
    if kind is None:
        theirs = _MANNERS.intersection(slot for each in kinds for slot in each.reads)
        _look(theirs, context, mentions, values)
        if unknown := unknown and _unknown(unknown, mentions, cues):  # others may explain them
            _look(_MANNERS - theirs, context, mentions, values)
            unknown = _unknown(unknown, mentions, cues)
    anchored = _anchored(context.said, mentions)
    topical = [w for m in mentions.get(TOPIC, ()) for w in context.said.between(m.start, m.end)]
    words = context.said.words
    return Heard(
        context,
        mentions,
        cues,
        free,
        frozenset(kinds),
        unknown,
        anchored,
        () if anchored else tuple(_asked_about(words, unknown)),
        () if anchored else tuple(_asked_about(words, topical)),
        tuple((slot, m) for slot, found in mentions.items() if slot.matters for m in found),
    )


# 'moore's law' is no topic inside a title, 'cheapest' no year inside 'cheapest model'
_PART_OF = ((TOPIC, STUDIES), (CHEAPEST, WHAT))


def _cues(said: Said) -> tuple[Cue, ...]:
    hits = islice(_CUES.find(said), MOST_CUES)
    return _longest([(*h.value, said.words[h.first].start, said.words[h.last].end) for h in hits])


def _longest(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The cues, none of a kind without values inside a longer one: "that helped" is no help."""
    return tuple(
        c
        for c in cues
        if c[0].slots or not any(o[2] <= c[2] and c[3] <= o[3] and o[2:] != c[2:] for o in cues)
    )


def _free(cues: Sequence[Cue], values: Sequence[Mention[Any]]) -> tuple[Cue, ...]:
    """The cues that are no part of a longer value: 'halving every year' is a rate, no question."""
    return tuple(
        c
        for c in cues
        if not any(
            m.start <= c[2] and c[3] <= m.end and m.end - m.start > c[3] - c[2] for m in values
        )
    )


def _look(
    slots: Iterable[Slot[Any]],
    context: Context,
    mentions: dict[Slot[Any], tuple[Mention[Any], ...]],
    values: Sequence[Mention[Any]],
) -> None:
    """Add to the mentions those of slots that are no part of other values."""
    for slot in slots:
        if found := context.once(slot.find):
            mentions[slot] = tuple(m for m in found if not _part_of(m, values))
            if not mentions[slot]:
                del mentions[slot]


def _part_of(mention: Mention[Any], values: Sequence[Mention[Any]]) -> bool:
    """Whether a manner of speaking is only part of a value: 'each year' in 'a third each year'."""
    return any(
        v.start <= mention.start
        and mention.end <= v.end
        and v.end - v.start > mention.end - mention.start
        for v in values
    )


def _unknown(words: Sequence[Word], mentions: Mentions, cues: Sequence[Cue]) -> tuple[Word, ...]:
    spans = [(m.start, m.end) for found in mentions.values() for m in found]
    spans += [(start, end) for _, _, start, end in cues]
    return tuple(
        w
        for w in words
        if w.stem not in KNOWN
        and not w.text.isdigit()
        and not any(start <= w.start < end for start, end in spans)
    )


def _asked_about(words: Sequence[Word], some: Sequence[Word]) -> Iterator[Word]:
    """Those of some words that are what the message asks about: 'bread price', 'cost of living'.

    One stands right before a word of asking (one small word may come between), or after one with
    only small words between, or after 'how much is'.
    """
    starts = {w.start for w in some}
    for index, word in enumerate(words):
        if word.start not in starts:
            continue
        after = [w.stem for w in words[index + 1 : index + 3]]
        if after and (after[0] in ASKED or (after[0] in _SMALL and after[-1] in ASKED)):
            yield word
        before = [w.stem for w in words[max(0, index - 4) : index]]
        while before and before[-1] in _ARTICLES:
            before.pop()
        if (len(before) > 1 and before[-1] in _OF and before[-2] in ASKED) or (
            len(before) > 2 and before[-3:-1] == ["how", "much"]
        ):
            yield word


_ARTICLES = {"the", "a", "an", "my", "your", "our", "this", "that", "some", "new"}
_SMALL = {"is", "was", "s", "now", "today", "current"}
_OF = {"of", "for", "in", "on", "about"}
MANY = 100  # of calls: nobody phones so often


def _anchored(said: Said, mentions: Mentions) -> bool:
    if not ANCHORS.isdisjoint(said.stems):
        return True
    if any(found for slot, found in mentions.items() if slot.name in _ANCHORING):
        return True
    if any(isinstance(m.value, Volume) for m in mentions.get(BILLABLE, ())):
        return True
    return any(
        m.value.number >= MANY and any(w.stem in COMMON for w in said.between(m.start, m.end))
        for m in mentions.get(COUNT, ())
    )


@lru_cache(maxsize=1)  # a megabyte, the same however chats want their answers
def lexis(kb: KnowledgeBase) -> tuple[Vocabulary, Spelling]:
    """The names in a knowledge base, and the spelling of all words that mean something."""
    names = Vocabulary.of(kb)
    return names, Spelling((*CUE_WORDS, *names.words), names.models, names.spared)
