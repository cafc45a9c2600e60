"""Every level of capability beside every other: how fast each fell, or what each cost then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import wording
from bot.answer import Answer, Block, Figure, Table, line
from bot.capabilities import STRETCH
from bot.days import say_day
from bot.questions.levels import (
    BLEND,
    LATELY,
    UNIT,
    doubts,
    falling,
    floor_at,
    fraction,
    list_prices,
    month,
    others,
    recent_rates,
    spread,
    when,
    within,
)
from knowledge.errors import NumberError
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.values import Day, Days
    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall


def every_level(kb: KnowledgeBase, since: Days | None) -> Answer:
    """Every level beside every other, never averaged."""
    falls = [kb.market.fall(level) for level in kb.market.levels()]
    rows, figures = [], []
    for fall in falls:
        try:
            whole = within(fall, since).whole
        except NumberError:  # it has no price in that time
            continue
        recent = fall.since(LATELY) if fall.at(LATELY) and since is None else None
        cells = [falling(whole.annual)]
        if since is None:
            cells.append(falling(recent.annual if recent else None))
        else:
            cells.append(f"{wording.factor(whole.fold)}")
        rows.append((fall.level, wording.token_price(whole.end.blended), *cells))
        figures += [
            Figure(f"end.{fall.level.id}", whole.end.blended, "USD"),
            Figure(f"fold.{fall.level.id}", whole.fold, "factor"),
            *fraction(f"annual.{fall.level.id}", whole.annual),
            *fraction(f"recent.{fall.level.id}", recent.annual if recent else None),
        ]
    if not rows:
        raise NumberError(f"prices are known up to {month(kb.market.as_of)}; try /capability")
    ends = _ends(figures, "annual.")
    head = f"{len(rows)} fixed levels of capability"
    said = f"down {wording.rate(ends)} a year, by level" if ends else "too short for a yearly rate"
    last = "lately" if since is None else "fold"
    blocks: list[Block] = list(_tables(rows, ("price", "a year", last)))
    blocks.append(_over(falls, since))
    return Answer(
        f"{head}: {said}",
        (*blocks, *doubts()),
        list_prices(kb, *(fall.floors[-1] for fall in falls)),
        tuple(figures),
        others(kb, None, f" {STRETCH.say(since)}" if since else ""),
    )


def _over(falls: list[Fall], since: Days | None) -> Block:
    said = f"Price per {UNIT} ({BLEND}) of the cheapest offer that reaches the score. "
    if since is None:
        said += (
            f"Lately is since {month(LATELY)}: {spread(recent_rates(falls))} a year for what was"
            " reached before."
        )
    else:
        said += "A level that was reached later begins then."
    return line(said)


def _ends(figures: list[Figure], start: str) -> Rate | None:
    found = [f.value for f in figures if f.name.startswith(start)]
    return Rate(min(found), max(found)) if found else None


def _tables(rows: list[tuple[Any, ...]], header: tuple[str, ...]) -> Iterator[Table]:
    """One table for each benchmark, its levels by id and score."""
    for benchmark in dict.fromkeys(level.benchmark for level, *_ in rows):
        said = tuple(
            (f"{level.threshold:g} {level.id}", *cells)
            for level, *cells in rows
            if level.benchmark == benchmark
        )
        yield Table((benchmark.split()[0], *header), said)


def every_level_on(kb: KnowledgeBase, on: Day) -> Answer:
    """What each level cost then, and which model reached it for that."""
    rows, figures = [], []
    for level in kb.market.levels():
        fall = kb.market.fall(level)
        try:
            floor = floor_at(fall, on, kb)
        except NumberError:
            continue
        rows.append((level, wording.token_price(floor.blended), floor.price.name))
        figures.append(Figure(f"price.{level.id}", floor.blended, "USD"))
        day = floor.day
    if not rows:
        floor_at(kb.market.fall(kb.market.levels()[0]), on, kb)  # says why there is none
    return Answer(
        f"{wording.initial(when(day, on, kb))}: what {len(rows)} levels of capability cost",
        (
            *_tables(rows, ("price", "cheapest")),
            line(f"US dollars per {UNIT}, {BLEND}."),
            *doubts(),
        ),
        list_prices(kb),
        tuple(figures),
        others(kb, None, f" {say_day(on)}"),
    )
