"""The check of the market's files beyond loading: blends again, and loose ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
from msgspec import Struct

from knowledge import own as own_data
from knowledge.market.capability import follow
from knowledge.market.findings import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from knowledge.market.load import MarketData

TOLERANCE = 1e-9
TEXTS = {"provider": str, "model": str}  # not 4 for a model called 004


class MarketReport(Struct, frozen=True):
    """What is wrong in the market's files, and what was looked at."""

    errors: tuple[str, ...]
    summary: str


def check(data: MarketData, root: Path, own: Path | None = None) -> MarketReport:
    """Recompute every blend of what was loaded, and look for loose ends."""
    return MarketReport(
        (
            *_blends((root / "market" / "prices.csv", *own_data.files(own, "prices")), data),
            *_orphans(data),
            *_levels(data),
            *_falls(data),
        ),
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


def _falls(data: MarketData) -> Iterator[str]:
    """The yearly decline of each level's price again, from its monthly floors, by pandas."""
    for level in data.levels:
        if max(known(level, data)) < level.threshold:
            continue
        fall = follow(level, data.prices, data.scores, data.as_of)
        floors = pd.Series({floor.day: floor.blended for floor in fall.floors}).map(math.log)
        months = (fall.floors[-1].day.year - fall.floors[0].day.year) * 12
        months += fall.floors[-1].day.month - fall.floors[0].day.month
        annual = fall.whole.annual
        if annual is not None:
            again = -math.expm1(floors.diff().sum() * 12 / months)
            if not math.isclose(annual, again, rel_tol=TOLERANCE):
                yield f"level {level.id}: the annual decline is {again}, not {annual}"


def _levels(data: MarketData) -> Iterator[str]:
    for level in data.levels:
        reached = known(level, data)
        if max(reached) < level.threshold:
            yield f"level {level.id}: no model reaches it; correct the threshold"
        if level.reference is not None and level.reference not in reached:
            yield f"level {level.id}: no score is its 'reference', {level.reference:g}; correct it"
