"""KnowledgeBase: everything loaded comes back, and searches are safe for any words."""

from __future__ import annotations

from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.base import KnowledgeBase
from knowledge.build import DATA, build_memory
from knowledge.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def kb() -> Iterator[KnowledgeBase]:
    with closing(KnowledgeBase(build_memory())) as base:
        yield base


def numbers(kb: KnowledgeBase, question: str) -> list[int]:
    return [study.number for study, _ in kb.search(question.split())]


def test_what_was_loaded_comes_back(kb: KnowledgeBase) -> None:
    """The built file loses nothing and adds nothing: equal records, in the same order."""
    known = load(DATA)
    assert kb.sources() == known.sources
    assert tuple(kb.series(s.id) for s in known.series) == known.series
    assert kb.studies(collection=None) == known.studies
    assert kb.topics() == known.topics
    assert kb.venues() == known.venues
    assert kb.statements() == known.statements


def test_reads_by_id(kb: KnowledgeBase) -> None:
    """One record by its id or number; no study is None, an id that nobody wrote is a mistake."""
    assert kb.series().id == "post-inference"
    assert kb.series().at(2021) == 0.3
    assert kb.source("post").publisher == "IP Carrier (blog)"
    headline = kb.statement("headline").estimate
    assert headline is not None
    assert (headline.low, headline.high) == (0.2, 0.3)
    hypothesis = kb.study(10)
    assert hypothesis is not None
    assert hypothesis.title == "The Lottery Ticket Hypothesis"
    published = kb.study(50)
    assert published is not None
    assert (published.collection, published.title) == ("published", "Densing law of LLMs")
    assert [kb.study(number) for number in (0, 59, -1, 10**30)] == [None] * 4
    for read in (kb.series, kb.source, kb.statement):
        with pytest.raises(KeyError):
            read("nobody")


@pytest.mark.parametrize(
    ("fits", "wanted"),
    [
        ({}, list(range(1, 18))),
        ({"workload": "inference"}, [1, 2, 3, 4, 5, 6, 7]),
        ({"workload": "training", "year": 2022}, [14, 15]),
        ({"year": 2022}, [4, 14, 15]),
        ({"year": 2017}, []),
        ({"venue": "MIT Technology Review"}, [6, 13]),
        ({"venue": "ICML", "year": 2023}, [5, 16]),
        ({"topic": "pruning"}, [3, 10, 14]),
        ({"topic": "pruning", "workload": "training"}, [10, 14]),
        ({"collection": "another"}, []),
        ({"collection": "published", "workload": "hardware"}, list(range(51, 59))),
        ({"collection": "published", "venue": "Epoch AI"}, [18, 19, 51, 52]),
        ({"collection": None, "topic": "edge"}, [7, 30, 33, 50]),
    ],
)
def test_filters(kb: KnowledgeBase, fits: dict[str, str | int], wanted: list[int]) -> None:
    """All that is given must fit; the order is the numbers'."""
    assert [study.number for study in kb.studies(**fits)] == wanted  # type: ignore[arg-type]  # mixed


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("carbon", {15}),
        ("electricity", {15}),
        ("green ai", {15}),
        ("quantized", {3, 11, 14}),
        ("fewer bits", {3, 11, 14}),
        ("int8", {3, 11, 14}),
        ("pruned networks", {3, 10, 14}),
        ("phones", {7}),
        ("edge devices", {7}),
        ("multi-gpu", {16}),
        ("several gpus", {16}),
        ("tickets", {10}),
        ("what does the transformer survey say about pruned models and quantized weights", {3}),
    ],
)
def test_search_finds_topics_in_other_words(
    kb: KnowledgeBase, question: str, first: set[int]
) -> None:
    """Synonyms and other forms of a word find the studies that are about it, before all others."""
    assert set(numbers(kb, question)[: len(first)]) == first


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("the hardware lottery", 2),
        ("lottery ticket", 10),
        ("financial impact of transformer scaling", 4),
        ("scaling laws", 12),
        ("BEYOND MOORE'S LAW", 6),
        ("from data center to edge", 7),
        ("carbon footprint", 15),
    ],
)
def test_titled_finds_a_study_by_its_name(kb: KnowledgeBase, title: str, number: int) -> None:
    """The study whose title it is comes first."""
    assert kb.titled(title.split())[0].number == number


def test_titled_looks_at_titles_only(kb: KnowledgeBase) -> None:
    """A word of a conclusion or a synonym finds nothing there."""
    assert kb.titled(["electricity", "GPipe", "aggressively"]) == ()
    assert kb.search(["aggressively"])[0][0].number == 14


def test_each_collection_is_searched_apart(kb: KnowledgeBase) -> None:
    """What only published estimates speak of neither hides nor shows up among the post's."""
    words = ["rental", "llmflation", "densing", "carbon"]
    assert kb.search(words)[0][0].number == 15
    assert {s.collection for s, _ in kb.search(words, 20)} == {"post"}
    assert {s.number for s, _ in kb.search(words, 20, "published")} >= {20, 50, 54}
    assert kb.titled(["densing", "law"])[0].number == 50


def test_scores_fall_and_the_limit_holds(kb: KnowledgeBase) -> None:
    """Best first, at most as many as asked for, none twice; a word said twice counts once."""
    found = kb.search(["training", "models", "lottery"], limit=5)
    scores = [score for _, score in found]
    assert len({study.number for study, _ in found}) == len(found) == 5
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0
    assert kb.search(["carbon", "carbon"]) == kb.search(["carbon"])


def test_of_many_words_only_the_rarest_count(kb: KnowledgeBase) -> None:
    """Common words of a long question neither slow the search nor decide its order."""
    question = "what is said of training large models and costs, footprint, quantization and bits"
    assert kb.search(question.split()) == kb.search(["footprint", "quantization", "bits"])


@pytest.mark.parametrize(
    "words", [[], [""], ["?!"], ['"'], ["*"], ["()"], [" "], ["🙂"], ["\0"], ["\ud800"], ["zzzzz"]]
)
def test_words_that_say_nothing_find_nothing(kb: KnowledgeBase, words: list[str]) -> None:
    """No words, signs only, or unknown words: an empty answer."""
    assert kb.search(words) == ()
    assert kb.titled(words) == ()


@pytest.mark.parametrize(
    "words",
    [
        ["carbon", "AND", "NOT"],
        ['"carbon"'],
        ["carbon*"],
        ["title:carbon", "carbon"],
        ["carbon\0footprint"],
        ["carbon\ud800"],
        ["car\u00adbon", "carbon"],
        ["'; DROP TABLE studies; --", "carbon"],
        ["carbon", "x" * 4000],
        ["carbon", *map(str, range(500))],
    ],
)
def test_search_syntax_means_nothing(kb: KnowledgeBase, words: list[str]) -> None:
    """Quotes, operators and signs of the search language are only characters."""
    assert kb.search(words)[0][0].number == 15


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(deadline=None)
@given(st.lists(ANY_TEXT, max_size=12))
def test_any_text_is_safe(kb: KnowledgeBase, words: list[str]) -> None:
    """People type anything: a search never fails."""
    assert len(kb.search(words)) <= 8
    assert len(kb.titled(words)) <= 12


def test_any_thread_may_read(kb: KnowledgeBase) -> None:
    """One base serves all threads."""
    found: list[int] = []
    thread = Thread(target=lambda: found.extend(numbers(kb, "carbon")))
    thread.start()
    thread.join()
    assert found[0] == 15


def test_version_is_short_and_stable(kb: KnowledgeBase) -> None:
    """The same data have the same version, short enough to print beside an answer."""
    with closing(KnowledgeBase(build_memory())) as other:
        assert other.version == kb.version
    assert len(kb.version) == 8
