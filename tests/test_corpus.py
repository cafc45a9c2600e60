"""The corpus is understood as well as it was measured: a change may not make it worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.conversation import Conversation
from tests.corpus import FOLDER, cases, run
from tests.corpus.topics import measured

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

# Shares of questions understood and of other messages refused when last measured, rounded down.
MEASURED = {"corpus": (0.88, 0.93), "unseen": (0.86, 0.93)}
# Of paraphrased topics: recall and hits among the first three, and silence on other subjects.
TOPICS = {"corpus": (0.80, 0.83, 0.78), "unseen": (0.87, 0.90, 0.66)}


@pytest.mark.parametrize("name", MEASURED)
def test_the_corpus_is_understood(name: str, kb: KnowledgeBase) -> None:
    """People's phrasings keep coming to the question they mean, and others to none.

    A failure names no message of the unseen part, so that nobody tunes to it.
    """
    results = list(run(Conversation(kb), cases(FOLDER if name == "corpus" else FOLDER / name)))
    other = [r for r in results if r.case.file == "offtopic"]
    asked = [r for r in results if r.case.file != "offtopic"]
    shares = tuple(sum(r.passed for r in part) / len(part) for part in (asked, other))
    assert len(results) > 400
    assert shares >= MEASURED[name]
    assert shares[1] >= MEASURED[name][1]


@pytest.mark.parametrize("name", TOPICS)
def test_topics_are_found_in_other_words(name: str, kb: KnowledgeBase) -> None:
    """Paraphrases lead to the studies on their topic, and other subjects mostly to none."""
    folder = FOLDER if name == "corpus" else FOLDER / name
    conversation = Conversation(kb)
    found = measured(conversation, folder / "topics.tsv")
    off = measured(conversation, folder / "topics_off.tsv")
    recall, hits, silent = TOPICS[name]
    assert found.recall >= recall
    assert found.hits >= hits
    assert off.silent >= silent
