"""Scale: what a thousand times the knowledge costs a question."""

from __future__ import annotations

import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from bot.conversation import Conversation
from knowledge.base import KnowledgeBase
from tests.bench.figures import Figure, against, percentile, ratio
from tests.bench.grown import of_prices, of_studies
from tests.corpus import FOLDER, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

GROWN = 100_000  # rows
LOOKED_UP = 2000  # prices in a round


async def scale(knowledge: Path, rounds: int) -> list[Figure]:
    """Typed questions on topics, and prices looked up, in the shipped data and in grown ones."""
    shipped = KnowledgeBase.open(knowledge)
    return [*_topics(shipped, rounds), *_prices(shipped, rounds)]


def _topics(shipped: KnowledgeBase, rounds: int) -> list[Figure]:
    """The 99th of a hundred over all paraphrases of topics that the corpus has."""
    lines = (FOLDER / "topics.tsv").read_text(encoding="utf-8").splitlines()
    topics = [line.split("\t")[0] for line in lines if line and line[0] != "#"]
    asked = [f"studies about {topic}" for topic in topics]
    talks = [Conversation(kb) for kb in (of_studies(GROWN), shipped)]
    first = [_slowest(talk, asked) for talk in talks]
    grown, small = ([_slowest(talk, asked) for _ in range(rounds)] for talk in talks)
    what = f"p99 of typed questions on topics, {GROWN:,} studies against the shipped"
    return [
        Figure(what, ratio(grown, small), 3, seen=against(grown, small, 1e3, "ms")),
        Figure(f"the same of {GROWN:,} studies", median(grown) * 1e3, 3, "ms"),
        Figure("the same, each topic for the first time", first[0] * 1e3, unit="ms"),
    ]


def _slowest(talk: Conversation, asked: Sequence[str]) -> float:
    return percentile((_seconds(partial(talk.turn, text, TODAY)) for text in asked), 0.99)


def _prices(shipped: KnowledgeBase, rounds: int) -> list[Figure]:
    """What a model cost on a day, model by model."""
    grown = of_prices(GROWN)
    times: tuple[list[float], list[float]] = [], []
    for _ in range(rounds):
        for kb, found in zip((grown, shipped), times, strict=True):
            models = [model.id for model in kb.market.models()]
            some = models[:: max(1, len(models) // LOOKED_UP)]
            look_up = [partial(kb.market.price, model, TODAY) for model in some]
            found.append(median(map(_seconds, look_up)))
    what = f"a price looked up, {GROWN:,} price rows against the shipped"
    return [Figure(what, ratio(*times), 2, seen=against(*times, 1e6, "µs"))]


def _seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
