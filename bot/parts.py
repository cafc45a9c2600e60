"""Parts: the questions in one message, sentence by sentence, and which of them are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.questions.base import Question
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering import Settled
    from bot.questions.base import Asked
    from bot.understand import Reading

MOST_QUESTIONS = 3  # answered in one message
_ASKS = pattern(r"""
    (?i:.*\?\s*$|\W*(?:(?:and|also|but|so|then|please|pls),? )*
    (?:what|how|when|which|who|where|why|is|are|was|does|do|did|can|could|will|would
    |give|show|list|tell|compare|project|any|i'?d like|i want|i need)\b)
""")


class Part(Struct, frozen=True):
    """A sentence, how it was read (None as a follow-up to the one before), and the answer."""

    sentence: str
    reading: Reading | None
    settled: Settled

    @property
    def valued(self) -> bool:
        return self.reading is None or bool(self.reading.values)

    @property
    def asks(self) -> bool:
        """Whether it is a question rather than a remark that happens to hold a value."""
        return not self.reading or bool(self.reading.cues) or bool(_ASKS.match(self.sentence))

    @property
    def full(self) -> bool:
        """Whether it can be a question without a value: 'Legit?' only adds to the one before."""
        return bool(_ASKS.match(self.sentence)) and len(self.sentence.split()) > 2


def several(parts: Sequence[Part]) -> list[Part]:
    """The questions among the parts: no greetings, no remarks, none twice, and not too many.

    What names no value is a question only where it asks, and for something no other part does.
    """
    telling = [p for p in parts if not (p.settled.question and p.settled.question.chatter)]
    asking = [p for p in telling if p.asks] or telling
    kinds = [type(p.settled.question) for p in asking if p.valued]
    kept = {
        p.settled.question: p
        for p in reversed(asking)
        if p.valued or (p.full and type(p.settled.question) not in kinds)
    }
    return list(reversed(kept.values()))[:MOST_QUESTIONS]


def apart(parts: Sequence[Part], whole: Reading) -> bool:
    """Whether the parts are questions of their own, rather than one that the whole puts together:

    each asks in words of its own, for another kind of thing, and together they read as much.
    """
    kinds = {type(p.settled.question) for p in parts}
    read = [p.reading for p in parts if p.reading]
    return len(kinds) > 1 and all(p.asks for p in parts) and whole.read <= sum(r.read for r in read)


def fullest(parts: Sequence[Part]) -> Settled | None:
    """The one question of a long story: the part with most values. None when there is none."""
    read = [(p.reading, p) for p in parts if p.reading and p.valued]
    if not read:
        return None
    _, best = max(read, key=lambda r: (len(r[0].values) - r[0].unread, r[0].cues))
    return replace(best.settled, told=replace(best.settled.told, literal=False))


def is_question(asked: Asked | None) -> bool:
    """Whether a turn came to a question that could be answered."""
    return isinstance(asked, Question)
