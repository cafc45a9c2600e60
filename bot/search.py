"""Search: what a request for studies is about, when it does not just name a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.lexicon import DOMAIN
from bot.names import TOPIC, by_meaning, searchable, searched
from bot.questions.price import Price
from bot.questions.settle import settle
from bot.questions.studies import Studies
from bot.selling import WHAT
from bot.understand import bare_reading, readings
from bot.values import Models
from bot.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.hearing import Heard
    from bot.understand import Reading
    from knowledge.base import KnowledgeBase

# words that every topic here has to do with, and that tell none from another
_ALWAYS = (
    "ai ml artificial intelligence study paper research article literature publication"
    " fall falling drop dropping decline declining cheaper"
)
ANYTHING = DOMAIN - {stem("money")} | {stem(word) for word in _ALWAYS.split()}


def searches(reading: Reading, heard: Heard, kb: KnowledgeBase) -> Iterator[Reading]:
    """Each way to find the studies that a reading asks for, or just the reading itself.

    First the topics that are spoken of so, then the studies that hold such words.
    """
    if reading.kind is not Studies or not reading.cues:
        yield reading
        return
    named = [m.value for m in heard.mentions.get(TOPIC, ())]
    words = _said(heard)
    if reading.unknown or len(set(named)) > 1 or (words and not named):
        for topic in by_meaning(words, heard.context, named):
            yield _about(reading, topic)
    free = searched(searchable(" ".join(reading.unknown)))
    known = reading.anchored or kb.search(reading.unknown, 1)
    # cut to these words they must not speak of a topic: the command would lead to that one
    if free and not named and known and not by_meaning(free.split(), heard.context):
        yield _about(reading, free)
    yield reading


def by_subject(heard: Heard) -> Iterator[Reading]:
    """What no kind could read, as a request for studies on what it speaks of: only to offer."""
    named = [m.value for m in heard.mentions.get(TOPIC, ())]
    for topic in by_meaning(_said(heard), heard.context, named):
        yield _about(bare_reading(Studies, heard), topic)


def by_name(heard: Heard) -> Iterator[Reading]:
    """What no kind could read, as the price of the models that it names: only to offer."""
    for mention in heard.mentions.get(WHAT, ()):
        if isinstance(mention.value, Models):
            asked = bare_reading(Price, heard)
            yield replace(asked, values={"what": mention.value}, missing=())


def _about(reading: Reading, topic: str) -> Reading:
    return replace(reading, values={**reading.values, "topic": topic}, anchored=True, foreign=False)


def _said(heard: Heard) -> list[str]:
    """The words that say what about: not those that ask for studies, nor other values."""
    spans = [(start, end) for kind, _, start, end in heard.cues if kind is Studies]
    spans += [(m.start, m.end) for slot in _BESIDE for m in heard.mentions.get(slot, ())]
    return searchable(
        " ".join(
            w.text
            for w in heard.words
            if w.stem not in ANYTHING and not any(a <= w.start and w.end <= b for a, b in spans)
        )
    )


_BESIDE = [slot for name, slot in Studies.slots if name != "topic"]


def nearest(heard: Heard, kb: KnowledgeBase) -> list[str]:
    """The commands nearest to what cannot be answered, two at most, each in its one spelling."""
    found = (*readings(heard), *by_name(heard), *by_subject(heard))
    asked = [r.question() for r in found if not r.missing and r.values][:2]
    return list(dict.fromkeys(settle(question, kb).as_command() for question in asked))
