"""Text to question: choose the kind, fill its slots.

Every kind tries to read the message; the best reading is chosen by one tuple that can be read
aloud: fewest values lacking, fewest left unread, most cues, nothing missing, most values, most of
the message read, then the order of QUESTIONS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.another import beyond, of_another
from bot.lexicon import ANCHORS, ASKED, DOMAIN
from bot.manner import ASPECT
from bot.names import TOPIC
from bot.questions import QUESTIONS
from bot.questions.cost import MONEY_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.hearing import Heard
    from bot.questions.base import Question
    from bot.slots import Mention, Slot


_ORDER = {kind: place for place, kind in enumerate(QUESTIONS)}


class Reading(Struct, frozen=True):
    """One way to take a message: a kind, the values read for it, and what speaks for it."""

    kind: type[Question]
    values: Mapping[str, Any]
    missing: tuple[str, ...]
    unread: int  # values in the message that this kind has no use for
    cues: int
    named: bool  # whether a word of its own is said, that speaks for it without a value
    cue_words: int  # of its longest cue
    unknown: tuple[str, ...]  # words that nothing explains
    anchored: bool  # whether the message is plainly about this subject
    foreign: bool  # whether it plainly asks about something else
    priced: bool  # whether a word of money, studies or change is in it
    read: int  # characters of the message that its values span

    @property
    def rank(self) -> tuple[int, ...]:
        """The smallest is the best reading.

        To answer by defaults alone is no better than to ask for a value.
        """
        by_default = self.kind.chatter or (self.kind.slots and not self.values)
        lacking = len(self.missing) or int(bool(by_default))
        return (
            lacking,
            self.unread,
            -self.cues,
            len(self.missing),
            -len(self.values),
            -self.read,
            _ORDER[self.kind],
        )

    @property
    def whole(self) -> bool:
        """Whether it says all that it asks, without a cue: 'cheapest model'."""
        return not self.missing and self.kind.whole(self.values)

    def question(self) -> Question:
        """The question; only when nothing is missing."""
        return self.kind(**self.values)


def readings(heard: Heard) -> list[Reading]:
    """Every way to take the message, best first. Empty when nothing in it is a question here."""
    found = (_reading(kind, heard) for kind in heard.kinds)
    return sorted((r for r in found if r), key=lambda r: r.rank)


def _reading(kind: type[Question], heard: Heard) -> Reading | None:
    values, accepted = fill(kind, heard)
    own = [m for slot, m in accepted if slot.matters]
    cues = [
        (group, start, end)
        for k, group, start, end in heard.free
        if k is kind and not _inside(start, end, own)
    ]
    groups = {group for group, _, _ in cues}
    told = bool(groups) and kind.told(values)
    if 0 not in groups and not (told or kind.plain(values) or _bare(kind, values, heard, own)):
        return None
    spans = [(m.start, m.end) for _, m in accepted] + [(start, end) for _, start, end in cues]
    missing = tuple(name for name in kind.required if name not in values)
    strangers = heard.strangers
    if TOPIC not in kind.reads:
        strangers += heard.subjects
    return Reading(
        kind,
        values,
        missing,
        _unread(heard, spans),
        len(groups),
        0 in groups,
        max((len(heard.context.said.between(start, end)) for _, start, end in cues), default=0),
        tuple(w.text for w in heard.beside(heard.unknown, spans)),
        heard.anchored,
        bool(heard.beside(strangers, spans)) or of_another(kind, heard, spans),
        not PRICED.isdisjoint(heard.context.said.stems),
        sum(m.end - m.start for _, m in accepted),
    )


def bare_reading(kind: type[Question], heard: Heard) -> Reading:
    """A reading of the message as this kind by nothing that was said for it."""
    unknown = tuple(w.text for w in heard.unknown)
    missing = kind.required
    return Reading(
        kind, {}, missing, 0, 0, False, 0, unknown, heard.anchored, bool(heard.strangers), True, 0
    )


def fill(
    kind: type[Question], heard: Heard
) -> tuple[dict[str, Any], list[tuple[Slot[Any], Mention[Any]]]]:
    """The kind's fields from the message: longer mentions first, none twice, none overlapping."""
    offers = [(name, slot, m) for name, slot in kind.slots for m in heard.mentions.get(slot, ())]
    offers.sort(key=lambda offer: offer[2].start - offer[2].end)
    values: dict[str, Any] = {}
    accepted: list[tuple[Slot[Any], Mention[Any]]] = []
    for name, slot, mention in offers:
        if name not in values and not any(mention.overlaps(other) for _, other in accepted):
            values[name] = mention.value
            accepted.append((slot, mention))
    in_order = {name: values[name] for name, _ in kind.slots if name in values}
    return in_order, accepted


def _bare(
    kind: type[Question],
    values: Mapping[str, Any],
    heard: Heard,
    own: Sequence[Mention[Any]],
) -> bool:
    """Whether the values alone mean this kind: all of them may, one does, and no cue objects."""
    if not kind.alone(values):
        return False
    telling = {(m.start, m.end) for slot in (TOPIC, ASPECT) for m in heard.mentions.get(slot, ())}
    said = sum(len(heard.context.said.between(start, end)) for start, end in telling)
    beside = heard.unknown
    if telling:
        beside = heard.beside(beside, telling)
    if len(beside) > max(0, said - 1):
        return False
    return not any(
        k is not kind and k.cues[group] is not MONEY_WORDS and _takes(k, group, heard, own)
        for k, group, start, end in heard.free
        if not _inside(start, end, own)
    )


def _takes(kind: type[Question], group: int, heard: Heard, values: Sequence[Mention[Any]]) -> bool:
    """Whether a kind needs something and has it here, or by its own word lacks but one value.

    'How many can I buy in 2024' asks for an amount of money, not for the cost in 2024.
    """
    slots = dict(kind.slots)
    missing = [name for name in kind.required if slots[name] not in heard.mentions]
    if not missing:
        return bool(kind.required)
    taken = [m for slot in slots.values() for m in heard.mentions.get(slot, ())]
    return group == 0 and all(any(m.overlaps(v) for m in taken) for v in values)


def _inside(start: int, end: int, own: Sequence[Mention[Any]]) -> bool:
    """Whether a cue is part of one of the kind's own values, even as long as it."""
    return any(m.start <= start and end <= m.end for m in own)


def _unread(heard: Heard, spans: Sequence[tuple[int, int]]) -> int:
    """Values in the message that overlap nothing that was accepted, each counted once."""
    left = [
        m
        for slot, m in heard.values
        if beyond([m], spans) and not (slot is TOPIC and _of_anything(m, heard))
    ]
    left.sort(key=lambda m: (m.start, -m.end))
    count, reach = 0, -1
    for mention in left:
        if mention.start >= reach:
            count, reach = count + 1, mention.end
    return count


def _of_anything(topic: Mention[Any], heard: Heard) -> bool:
    """Whether a topic is no more than the subject of every question here: 'one LLM call'."""
    return all(w.stem in ANCHORS for w in heard.context.said.between(topic.start, topic.end))


SOME_WORDS = 2
PRICED = ASKED | DOMAIN  # a word of money, studies or change


def plausible(reading: Reading) -> bool:
    """Whether a reading is good enough to answer by, or only to offer.

    A message about this subject may hold any number of other words: people tell stories. Any
    other may hold few, and none of them as what it asks about.
    """
    if reading.foreign:
        return False
    if reading.missing:
        return len(reading.unknown) <= (SOME_WORDS if reading.cues > 1 and reading.anchored else 0)
    if reading.anchored:
        return True
    if not reading.values:  # the longer its cue, the surer it is
        return len(reading.unknown) < max(1, reading.cue_words)
    if reading.unknown and not reading.priced:
        return False
    return len(reading.unknown) <= len(reading.values) + reading.cues
