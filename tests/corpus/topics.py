"""python -m tests.corpus.topics: how well topics are found by other words than their own.

Recall@3 is the share of the relevant studies (of three at most) among the first three shown,
hit@3 the share of questions with at least one. What no study treats should show none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.conversation import Conversation
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory
from tests.corpus import FOLDER, TODAY

if TYPE_CHECKING:
    from pathlib import Path

FIRST = 3


def shown(conversation: Conversation, topic: str) -> list[int]:
    """The studies that are shown first for a topic."""
    answers = [t.answer for t in conversation.understood(f"studies about {topic}", TODAY)]
    return [number for answer in answers for number in answer.studies][:FIRST]


class Found(Struct, frozen=True):
    """What was found for the topics of a file."""

    recall: float
    hits: float
    silent: float
    of: int


def measured(conversation: Conversation, path: Path) -> Found:
    """The shares over a file; recall and hits are 0 where nothing is relevant."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [line.split("\t") for line in lines if line and not line.startswith("#")]
    shown_for = [(set(shown(conversation, topic)), wanted) for topic, wanted in cases]
    relevant = [(n, set(map(int, w.split()))) for n, w in shown_for if w != "none"]
    return Found(
        sum(len(n & r) / min(FIRST, len(r)) for n, r in relevant) / len(cases),
        sum(bool(n & r) for n, r in relevant) / len(cases),
        sum(not n for n, _ in shown_for) / len(cases),
        len(cases),
    )


def main() -> None:
    conversation = Conversation(KnowledgeBase(build_memory()))
    for path in sorted([*FOLDER.glob("topics*.tsv"), *FOLDER.glob("unseen/topics*.tsv")]):
        found = measured(conversation, path)
        print(
            f"{path.relative_to(FOLDER)!s:24} recall@{FIRST} {found.recall:.2f}, hit@{FIRST}"
            f" {found.hits:.2f}, nothing shown {found.silent:.2f} of {found.of}"
        )


if __name__ == "__main__":
    main()
