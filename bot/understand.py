"""Text to question: choose the kind, fill its slots.

Every kind tries to read the message; the best reading is chosen by one tuple that can be read
aloud: fewest missing values, fewest values left unread, most cues, most values, then the order
of QUESTIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.lexicon import ANCHORS, KNOWN, Phrases
from bot.questions import QUESTIONS

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

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """The smallest is the best reading."""
        order = QUESTIONS.index(self.kind)
        return (len(self.missing), self.unread, -self.cues, -len(self.values), order)

    def question(self) -> Question:
        """The question; only when nothing is missing."""
        return self.kind(**self.values)


_CUES: Phrases[tuple[type[Question], int]] = Phrases(
    (phrase, (kind, group))
    for kind in QUESTIONS
    for group, phrases in enumerate(kind.cues)
    for phrase in phrases.split(",")
)
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
    words = context.said.words
    cues = tuple(
        (*hit.value, words[hit.first].start, words[hit.last].end) for hit in _CUES.find(words)
    )
    return Heard(
        context, mentions, cues, _unknown(words, mentions, cues), _anchored(words, mentions)
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
    bare = values and not heard.unknown and set(values) <= set(kind.bare)
    if not groups and not bare:
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


def _unknown(words: Sequence[Word], mentions: Mentions, cues: Sequence[Cue]) -> tuple[str, ...]:
    spans = [(m.start, m.end) for found in mentions.values() for m in found]
    spans += [(start, end) for _, _, start, end in cues]
    return tuple(
        w.text
        for w in words
        if w.stem not in KNOWN
        and not any(start <= w.start and w.end <= end for start, end in spans)
    )


_TELLING = {"studies", "study", "venue", "basis", "count", "workload", "training", "aspect"}


def _anchored(words: Sequence[Word], mentions: Mentions) -> bool:
    return any(w.stem in ANCHORS for w in words) or any(
        found for slot, found in mentions.items() if slot.name in _TELLING
    )


def plausible(reading: Reading) -> bool:
    """Whether a reading is good enough to answer by, or only to offer.

    Words that nothing explains are forgiven when the message is about this subject: people tell
    stories. Otherwise 'how much was bread in 2019' would get the price of an inference.
    """
    if reading.missing:
        return len(reading.unknown) <= 1 and (reading.anchored or not reading.unknown)
    if reading.values or reading.anchored:
        return reading.anchored or not reading.unknown
    return not reading.unknown
