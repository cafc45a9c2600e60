"""Text to question: choose the kind, fill its slots.

Every kind tries to read the message; the best reading is chosen by one tuple that can be read
aloud: fewest missing values, fewest values left unread, most cues, most values, then the order
of QUESTIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.lexicon import ANCHORS, ASKED, DOMAIN, KNOWN, STOP, Phrases
from bot.manner import MODEL
from bot.names import TOPIC
from bot.questions import QUESTIONS
from bot.titles import STUDIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.base import Question
    from bot.slots import Mention, Slot
    from bot.vocabulary import Context
    from bot.words import Word


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a message: a kind, the values read for it, and what speaks for it."""

    kind: type[Question]
    values: Mapping[str, Any]
    missing: tuple[str, ...]
    unread: int  # values in the message that this kind has no use for
    cues: int
    unknown: tuple[str, ...]  # words that nothing explains
    anchored: bool  # whether the message is plainly about this subject
    foreign: bool  # whether it plainly asks about something else
    priced: bool  # whether a word of money, studies or change is in it

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """The smallest is the best reading."""
        order = QUESTIONS.index(self.kind)
        missing = len(self.missing) or int(self.kind.general and not self.values)
        return (missing, self.unread, -self.cues, -len(self.values), order)

    def question(self) -> Question:
        """The question; only when nothing is missing."""
        return self.kind(**self.values)


_CUES: Phrases[tuple[type[Question], int]] = Phrases(
    (phrase, (kind, group))
    for kind in QUESTIONS
    for group, phrases in enumerate(kind.cues)
    for phrase in phrases.split(",")
)
CUE_WORDS = " ".join(cue for kind in QUESTIONS for cue in kind.cues).replace(",", " ").split()
_SLOTS: tuple[Slot[Any], ...] = tuple(
    dict.fromkeys(slot for kind in QUESTIONS for _, slot in kind.slots)
)


Cue = tuple[type["Question"], int, int, int]  # kind, group, start, end
Mentions = Mapping["Slot[Any]", tuple["Mention[Any]", ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with everything found in it: values per slot, and cues as spans of characters."""

    context: Context
    mentions: Mentions
    cues: tuple[Cue, ...]
    unknown: tuple[str, ...]  # words that nothing explains
    anchored: bool  # whether the message is plainly about this subject
    foreign: bool  # whether it plainly asks about something else

    @property
    def words(self) -> tuple[Word, ...]:
        return self.context.said.words


def hear(context: Context, wanted: Sequence[Slot[Any]] = _SLOTS) -> Heard:
    """Find every value (of the wanted slots) and every cue in a message, once for all kinds."""
    mentions = {slot: context.once(slot.find) for slot in wanted}
    values = [m for slot in wanted if slot.matters for m in mentions[slot]]
    for slot in wanted:
        if not slot.matters:
            mentions[slot] = tuple(m for m in mentions[slot] if not _part_of(m, values))
    named = mentions.get(STUDIES, ())
    if TOPIC in mentions:  # 'moore's law' is no topic inside a title
        mentions[TOPIC] = tuple(m for m in mentions[TOPIC] if not _part_of(m, named))
    words = context.said.words
    cues = tuple(
        (*hit.value, words[hit.first].start, words[hit.last].end) for hit in _CUES.find(words)
    )
    unknown = _unknown(words, mentions, cues)
    anchored = _anchored(words, mentions)
    return Heard(
        context,
        mentions,
        cues,
        tuple(w.text for w in unknown),
        anchored,
        not anchored and _foreign(words, unknown),
    )


def _bare(kind: type[Question], values: Mapping[str, Any], heard: Heard) -> bool:
    """Whether the values alone mean this kind: all of them may, one of them does."""
    said = sum(
        len(heard.context.said.between(m.start, m.end)) for m in heard.mentions.get(TOPIC, ())
    )
    return (
        len(heard.unknown) <= max(0, said - 1)
        and any(name in kind.bare for name in values)
        and all(name in kind.bare or name in kind.along for name in values)
    )


def _part_of(mention: Mention[Any], values: Sequence[Mention[Any]]) -> bool:
    """Whether a manner of speaking is only part of a value: 'each year' in 'a third each year'."""
    return any(
        v.start <= mention.start
        and mention.end <= v.end
        and v.end - v.start > mention.end - mention.start
        for v in values
    )


def readings(heard: Heard) -> list[Reading]:
    """Every way to take the message, best first. Empty when nothing in it is a question here."""
    found = [r for kind in QUESTIONS if (r := _reading(kind, heard))]
    return sorted(found, key=lambda r: r.rank)


def _reading(kind: type[Question], heard: Heard) -> Reading | None:
    values, accepted = fill(kind, heard)
    own = [m for slot, m in accepted if slot.matters]
    groups = {
        group
        for k, group, start, end in heard.cues
        if k is kind and not _inside(start, end, heard, own)
    }
    if 0 not in groups and not (groups and values) and not _bare(kind, values, heard):
        return None
    missing = tuple(name for name in kind.required if name not in values)
    return Reading(
        kind,
        values,
        missing,
        _unread(heard, accepted),
        len(groups),
        heard.unknown,
        heard.anchored,
        heard.foreign or (MODEL not in dict(kind.slots).values() and bool(heard.mentions[MODEL])),
        any(w.stem in PRICED for w in heard.words),
    )


def fill(
    kind: type[Question], heard: Heard
) -> tuple[dict[str, Any], list[tuple[Slot[Any], Mention[Any]]]]:
    """The kind's fields from the message: longer mentions first, none twice, none overlapping."""
    offers = [(name, slot, m) for name, slot in kind.slots for m in heard.mentions[slot]]
    offers.sort(key=lambda offer: offer[2].start - offer[2].end)
    values: dict[str, Any] = {}
    accepted: list[tuple[Slot[Any], Mention[Any]]] = []
    for name, slot, mention in offers:
        if name not in values and not any(mention.overlaps(other) for _, other in accepted):
            values[name] = mention.value
            accepted.append((slot, mention))
    in_order = {name: values[name] for name, _ in kind.slots if name in values}
    return in_order, accepted


def _inside(start: int, end: int, heard: Heard, own: Sequence[Mention[Any]]) -> bool:
    """Whether a cue is part of a value: 'halving every year' is a rate, not a question.

    Any slot's value counts when it is longer than the cue; otherwise only the kind's own.
    """
    if any(m.start <= start and end <= m.end for m in own):
        return True
    return any(
        m.start <= start and end <= m.end and m.end - m.start > end - start
        for slot, mentions in heard.mentions.items()
        if slot.matters
        for m in mentions
    )


def _unread(heard: Heard, accepted: Sequence[tuple[Slot[Any], Mention[Any]]]) -> int:
    """Values in the message that overlap nothing that was accepted, each counted once."""
    left = [
        m
        for slot, mentions in heard.mentions.items()
        if slot.matters
        for m in mentions
        if not any(m.overlaps(other) for _, other in accepted)
    ]
    left.sort(key=lambda m: (m.start, -m.end))
    count, reach = 0, -1
    for mention in left:
        if mention.start >= reach:
            count, reach = count + 1, mention.end
    return count


def _unknown(words: Sequence[Word], mentions: Mentions, cues: Sequence[Cue]) -> tuple[Word, ...]:
    spans = [(m.start, m.end) for found in mentions.values() for m in found]
    spans += [(start, end) for _, _, start, end in cues]
    return tuple(
        w
        for w in words
        if w.stem not in KNOWN
        and not w.text.isdigit()
        and not any(start <= w.start and w.end <= end for start, end in spans)
    )


def _foreign(words: Sequence[Word], unknown: Sequence[Word]) -> bool:
    """Whether an unknown word is what the message asks about: 'bread price', 'cost of living'.

    It stands right before a word of asking (one small word may come between), or after one with
    only small words between, or after 'how much is'.
    """
    strangers = {w.start for w in unknown}
    for index, word in enumerate(words):
        if word.start not in strangers:
            continue
        after = [w.stem for w in words[index + 1 : index + 3]]
        if after and (after[0] in ASKED or (after[0] in STOP and after[-1] in ASKED)):
            return True
        before = [w.stem for w in words[max(0, index - 4) : index]]
        while before and before[-1] in _ARTICLES:
            before.pop()
        if len(before) > 1 and before[-1] in _OF and before[-2] in ASKED:
            return True
        if len(before) > 2 and before[-3:-1] == ["how", "much"]:
            return True
    return False


_ARTICLES = {"the", "a", "an", "my", "your", "our", "this", "that", "some", "new"}
_OF = {"of", "for", "in", "on", "about"}
PRICED = ASKED | DOMAIN
_TELLING = {"studies", "study", "venue", "workload", "training", "aspect"}


def _anchored(words: Sequence[Word], mentions: Mentions) -> bool:
    return any(w.stem in ANCHORS for w in words) or any(
        found for slot, found in mentions.items() if slot.name in _TELLING
    )


def plausible(reading: Reading) -> bool:
    """Whether a reading is good enough to answer by, or only to offer.

    A message about this subject may hold any number of other words: people tell stories. Any
    other may hold few, and none of them as what it asks about.
    """
    if reading.anchored and not reading.foreign:
        return not reading.missing or len(reading.unknown) <= SOME_WORDS
    if reading.foreign or (reading.unknown and not reading.priced):
        return False
    return len(reading.unknown) <= (SOME_WORDS if reading.values and not reading.missing else 0)


SOME_WORDS = 2
