"""What is odd in prices and scores and to be said openly, each a sentence under an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.market.capability import follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.market.load import MarketData
    from knowledge.market.records import Level


def found(data: MarketData) -> Iterator[tuple[str, str]]:
    """Id and sentence of each."""
    yield from _unseen(data)
    yield from _risen(data)


def known(level: Level, data: MarketData) -> set[float]:
    """All results on the benchmark of a level, in percent."""
    return {score.score for score in data.scores if score.benchmark == level.benchmark}


def _unseen(data: MarketData) -> Iterator[tuple[str, str]]:
    current = [price for price in data.prices if price.valid_to is None]
    unseen = [price for price in current if price.end_known]
    if unseen:
        of = f"of {len(current)} prices in force on {data.as_of}"
        yield "last-seen", f"{of}, {len(unseen)} were last seen before that day"


def _risen(data: MarketData) -> Iterator[tuple[str, str]]:
    """Levels that were cheaper before: 'the market's price falls' is not true of every month."""
    falls = [
        follow(level, data.prices, data.scores, data.as_of)
        for level in data.levels
        if max(known(level, data)) >= level.threshold
    ]
    risen = [f for f in falls if min(x.blended for x in f.floors) < f.floors[-1].blended]
    if risen:
        names = ", ".join(fall.level.id for fall in risen)
        yield (
            "risen-levels",
            f"{len(risen)} of {len(falls)} levels cost more than at their lowest: {names}",
        )
