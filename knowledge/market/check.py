"""The check of the market's files beyond loading: blends again, loose ends, and what is odd."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from knowledge import own as own_data
from knowledge.market.capability import follow
from knowledge.market.load import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from knowledge.market.load import MarketData
    from knowledge.market.records import Level

TOLERANCE = 1e-9
TEXTS = {"provider": str, "model": str}  # not 4 for a model called 004


@dataclass(frozen=True, slots=True)
class MarketReport:
    """What is wrong in the market's files, what is to be said openly, and what was looked at."""

    errors: tuple[str, ...]
    findings: tuple[str, ...]
    summary: str


def check(root: Path, own: Path | None = None) -> MarketReport:
    """Load the files strictly (or raise DataError), recompute every blend, look for loose ends."""
    data = load(root, own)
    return MarketReport(
        (
            *_blends((root / "market" / "prices.csv", *own_data.files(own, "prices")), data),
            *_orphans(data),
            *_levels(data),
        ),
        (*_unseen(data), *_risen(data)),
        f"{len(data.prices)} prices of {len(data.models)} models and {len(data.scores)} scores",
    )


def _blends(files: Iterable[Path], data: MarketData) -> Iterator[str]:
    """The blends again, by pandas and from the files."""
    frame = pd.concat([pd.read_csv(file, dtype=TEXTS) for file in files])
    frame = frame.sort_values(["provider", "model", "valid_from"])
    again = 0.75 * frame["input"] + 0.25 * frame["output"]
    for price, blend in zip(data.prices, again, strict=True):
        if not math.isclose(price.blended, blend, rel_tol=TOLERANCE):
            yield (
                f"{price.provider} {price.model} from {price.valid_from}: "
                f"the blend is {blend}, not {price.blended}"
            )


def _orphans(data: MarketData) -> Iterator[str]:
    heads = {price.source for price in data.prices}
    witnesses = {witness for price in data.prices for witness in price.witnesses}
    for origin in data.origins:
        if origin.id not in witnesses and not any(head.startswith(origin.id) for head in heads):
            yield f"origin {origin.id}: no price rests on it; remove it"
    names = " ".join(f"{m.id} {m.name} {' '.join(m.aliases)}".casefold() for m in data.models)
    for family in data.families:
        for word in (*family.words, *family.lines):
            if word.casefold() not in names:
                yield f"family {family.name}: no model is called '{word}'; remove it"


def _levels(data: MarketData) -> Iterator[str]:
    for level in data.levels:
        known = _known(level, data)
        if max(known) < level.threshold:
            yield f"level {level.id}: no model reaches it; correct the threshold"
        if level.reference is not None and level.reference not in known:
            yield f"level {level.id}: no score is its 'reference', {level.reference:g}; correct it"


def _known(level: Level, data: MarketData) -> set[float]:
    return {score.score for score in data.scores if score.benchmark == level.benchmark}


def _unseen(data: MarketData) -> Iterator[str]:
    current = [price for price in data.prices if price.valid_to is None]
    unseen = [price for price in current if price.end_known]
    if unseen:
        yield (
            f"of {len(current)} prices in force on {data.as_of}, "
            f"{len(unseen)} were last seen before that day"
        )


def _risen(data: MarketData) -> Iterator[str]:
    """Levels that were cheaper before: 'the market's price falls' is not true of every month."""
    falls = [
        follow(level, data.prices, data.scores, data.as_of)
        for level in data.levels
        if max(_known(level, data)) >= level.threshold
    ]
    risen = [f for f in falls if min(x.blended for x in f.floors) < f.floors[-1].blended]
    if risen:
        names = ", ".join(fall.level.id for fall in risen)
        yield f"{len(risen)} of {len(falls)} levels cost more than at their lowest: {names}"
