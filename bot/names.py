"""Names from the data in what people write: venues, topics, kinds of work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from bot import wording
from bot.lexicon import STOP
from bot.slots import Mention, Slot, find_all
from bot.vocabulary import bare
from bot.words import pattern, stem
from knowledge.records import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.lexicon import Hit
    from bot.vocabulary import Context
    from bot.words import Word
    from knowledge.records import Workload

# --------------------------------------------------------------------------- workloads

_WORKLOAD = pattern(r"""
    \b(?:(train(?:ing|ed)?|pre-?train(?:ing)?|model[- ]building|model creation
    |build(?:ing)? (?:a |the )?models?)
    |(inferenc\w*|infrence|interferences?|serving))\b
""")
Workloads = Literal["inference", "training", "both", "hardware", "algorithms"]
# hardware and algorithms are topics of studies as well: here only as what gets cheaper
_GOODS = pattern(r"""
    \b(?:(hardware|gpus?|chips?|accelerators?|compute)
    |(algorithms?|software)) (?:gets?|getting|got|becomes?|becoming|falls?|falling|keeps? getting)
    (?: any)?(?: cheaper| dearer| more efficient| more expensive| less expensive| better)
    |(?:(?<=^)|(?<=^published ))(?:(hardware)|(algorithms))(?= (?:highest|lowest)$|$)
""")


def _kinds_of_work(context: Context) -> Iterator[re.Match[str]]:
    return _WORKLOAD.finditer(context.said.text)


def find_workloads(context: Context) -> Iterator[Mention[Workloads]]:
    """Training, inference, or both where both are named; hardware or algorithms."""
    for m in _GOODS.finditer(context.said.text):
        yield Mention("hardware" if m[1] or m[3] else "algorithms", m.start(), m.end())
    found = context.once(_kinds_of_work)
    names = {"training" if m[1] else "inference" for m in found}
    if len(names) == 2:
        yield Mention("both", found[0].start(), found[-1].end())
    for m in found:
        yield Mention("training" if m[1] else "inference", m.start(), m.end())


def _one_workload(context: Context) -> Iterator[Mention[Workload]]:
    for m in context.once(_kinds_of_work):
        yield Mention("training" if m[1] else "inference", m.start(), m.end())


def _training(context: Context) -> Iterator[Mention[Literal["training"]]]:
    for m in context.once(_kinds_of_work):
        if m[1]:
            yield Mention("training", m.start(), m.end())


WORKLOAD: Slot[Workload] = Slot(
    "workload", _one_workload, str, "Inference or training?", matters=False
)
WORKLOADS: Slot[Workloads] = Slot(
    "workloads",
    find_workloads,
    lambda v: "training inference" if v == "both" else v,
    "Inference or training?",
    matters=False,
)
TRAINING: Slot[Literal["training"]] = Slot("training", _training, str, "Training?")

# --------------------------------------------------------------------------- venues and topics


def _span(hit: Hit[str], words: Sequence[Word]) -> Mention[str]:
    return Mention(hit.value, words[hit.first].start, words[hit.last].end)


def find_venues(context: Context) -> Iterator[Mention[str]]:
    words = context.said.words
    for hit in context.vocabulary.venues.find(context.said):
        yield _span(hit, words)


def find_topics(context: Context) -> Iterator[Mention[str]]:
    """Topics of the data by name or synonym; the value is the topic's id."""
    words = context.said.words
    for hit in context.vocabulary.topics.find(context.said):
        yield _span(hit, words)


def by_meaning(words: Sequence[str], context: Context, named: Sequence[str] = ()) -> list[str]:
    """Ids of the topics that such words speak of, the likeliest first.

    A topic `named` outright counts for more; what comes nowhere near the likeliest is left out.
    """
    scores = {
        topic.id: score * (NAMED if topic.id in named else 1)
        for topic, score in context.vocabulary.spoken_of(words)
    }
    best = sorted(scores, key=lambda topic: -scores[topic])
    return [topic for topic in best if scores[topic] >= NEAR * scores[best[0]]][:MOST_TOPICS]


def _bare_topic(text: str, context: Context) -> str | None:
    words = searchable(text)
    free = searched(words)
    # a search that was cut may speak of a topic after all, and then its command leads there
    found = by_meaning(words, context) or by_meaning(free.split() if free else (), context)
    return next(iter(found), free)


def searchable(text: str) -> list[str]:
    """The words of a text that something can be found by."""
    return [w for w in _SEARCHABLE.findall(text) if stem(w) not in STOP]


def searched(words: Sequence[str]) -> str | None:
    """The words of a free search, cut where a command would grow too long; None without any."""
    said = ""
    for word in words:
        if _WORKLOAD.fullmatch(word):
            continue
        longer = f"{said} {word}".strip()
        if len(longer.encode()) > LONGEST_SEARCH:
            break
        said = longer
    return said or None


LONGEST_SEARCH = 24  # bytes
NAMED = 1.5
NEAR = 0.5
MOST_TOPICS = 3
_SEARCHABLE = re.compile(r"(?<!\w)[^\W\d_][\w-]{0,23}")


def find_authors(context: Context) -> Iterator[Mention[str]]:
    """Authors and organisations where they are named as such: 'by Google', 'what Altman says'.

    Otherwise companies are what people buy from.
    """
    words = context.said.words
    for hit in context.vocabulary.authors.find(context.said):
        before = words[hit.first - 1].stem if hit.first else ""
        after = words[hit.last + 1].stem if hit.last + 1 < len(words) else ""
        whole = hit.first == 0 and hit.last + 1 == len(words)
        if whole or before in _OF_AUTHORS or after in _SAYING:
            yield Mention(hit.value, words[hit.first - (before == "by")].start, words[hit.last].end)


_OF_AUTHORS = {"by"}
_SAYING = {
    stem(word)
    for word in """
    say claim estimate study studies paper research find found report reckon argue think believe
    write wrote et measure
    """.split()
}
AUTHOR: Slot[str] = Slot("author", find_authors, lambda v: f"by {bare(v)}", "Which author?")
VENUE: Slot[str] = Slot("venue", find_venues, str, "Which venue?", brief=wording.initials)
TOPIC: Slot[str] = Slot("topic", find_topics, str, "Which topic?", _bare_topic)

# --------------------------------------------------------------------------- standings

_FOUND = pattern(r"""
    \b(?:(?P<quoted>second[- ]?hand|only (?:seen )?quoted|2nd[- ]?hand|hearsay)
    |(not found|could ?n[o']t be found|couldn't find|missing|unfound|do(?:es)?n't exist
    |do(?:es)? not exist|fake[ds]?|made[- ]up|invented|fabricated|bogus|hallucinated)
    |(found elsewhere|published elsewhere)
    |(found(?: as cited)?|(?:most )?(?:reliable|trustworthy|credible|verified)|really exist
    |actually exist))\b
""")


Found = Literal[Status, "second_hand"]


def _status(match: re.Match[str]) -> Found:
    if match["quoted"]:
        return "second_hand"
    if match[2]:
        return "not_found"
    return "found_elsewhere" if match[3] else "found"


STATUS: Slot[Found] = Slot(
    "status",
    lambda c: find_all(_FOUND, _status, c.said.text),
    lambda v: v.replace("_", " "),
    "Found, not found or second hand?",
    matters=False,
)
