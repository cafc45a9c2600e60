"""python -m tests.corpus.topics: how well topics are found by other words than their own.

Recall@3 is the share of the relevant studies (of three at most) among the first three shown,
hit@3 the share of questions with at least one. What no study treats should show none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def measured(conversation: Conversation, path: Path) -> str:
    """One line of figures for a file of topics."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cases = [line.split("\t") for line in lines if line and not line.startswith("#")]
    found = [(set(shown(conversation, topic)), wanted) for topic, wanted in cases]
    silent = sum(not numbers for numbers, wanted in found if wanted == "none")
    if silent or all(wanted == "none" for _, wanted in found):
        return f"{silent} of {len(found)} show no study"
    relevant = [(numbers, set(map(int, wanted.split()))) for numbers, wanted in found]
    recall = sum(len(n & r) / min(FIRST, len(r)) for n, r in relevant) / len(relevant)
    hits = sum(bool(n & r) for n, r in relevant) / len(relevant)
    return f"recall@{FIRST} {recall:.2f}, hit@{FIRST} {hits:.2f} of {len(relevant)}"


def main() -> None:
    conversation = Conversation(KnowledgeBase(build_memory()))
    for path in sorted([*FOLDER.glob("topics*.tsv"), *FOLDER.glob("unseen/topics*.tsv")]):
        print(f"{path.relative_to(FOLDER)}: {measured(conversation, path)}")


if __name__ == "__main__":
    main()
