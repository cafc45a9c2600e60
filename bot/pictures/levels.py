"""Pictured levels: what a fixed capability cost over time, as steps from offer to offer."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.charts.model import Curve, Mark, Threshold, Trace
from bot.pictures.curves import credit
from bot.questions.levels import (
    UNIT,
    bar,
    floor_at,
    list_prices,
    main,
    named,
    short,
    within,
)
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from bot.questions.capability import Capability
    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall, Floor

MOST_NAMED = 6  # steps with a model's name
SMALL = 1.2  # times cheaper: a smaller step matters little
APART = 0.1  # of the time shown: of steps that are closer only the largest is named
_TUNED = re.compile(r" (?:Instruct|Chat)$")  # of names: all that are sold are


def capability(asked: Capability, kb: KnowledgeBase) -> Curve:
    """One level with the models at its steps, or one level of each model beside the others."""
    answer = asked.answer(kb)
    if asked.level is None:
        return _several(asked, kb)
    fall = within(kb.market.fall(kb.market.level(asked.level)), asked.since)
    marks = [_mark(fall.floors[-1])]
    if asked.below is not None:
        first = fall.first_at(asked.below)
        marks += [replace(_mark(first), label=f"{first.day:%B %Y}")] if first else []
    elif asked.on:
        marks.append(_mark(floor_at(fall, asked.on, kb)))
    else:
        marks += (replace(_mark(floor), needed=False) for floor in _steps_that_matter(fall))
    subtitle = f"US dollars per {UNIT}: the cheapest offer that reaches {bar(fall.level)}"
    line = _steps(fall, named(fall.level))
    return Curve(
        answer.headline,
        subtitle,
        _source(kb),
        (line,),
        marks=tuple(dict.fromkeys(marks)),
        threshold=_against(asked),
    )


def _several(asked: Capability, kb: KnowledgeBase) -> Curve:
    """The main levels, each named where it begins; the column on the right names the ends."""
    lines, marks = [], []
    for level in main(kb):
        try:
            fall = within(kb.market.fall(level), asked.since)
        except NumberError:  # it has no price in that time
            continue
        first, price = fall.floors[0].day, fall.floors[0].blended
        lines.append(_steps(fall, f"{short(level)} level"))
        marks.append(
            Mark(_year(first), price, f"{short(level)} {wording.token_price(price)}", False)
        )
    subtitle = f"US dollars per {UNIT}: the cheapest offer that reaches each level"
    title = f"What {len(lines)} levels of capability cost over time"
    return Curve(
        title, subtitle, _source(kb), tuple(lines), marks=tuple(marks), threshold=_against(asked)
    )


def _against(asked: Capability) -> Threshold | None:
    return Threshold(asked.below, wording.price(asked.below)) if asked.below is not None else None


def _source(kb: KnowledgeBase) -> str:
    return credit(list_prices(kb), kb)


def _steps(fall: Fall, name: str) -> Trace:
    points = [(_year(floor.day), floor.blended) for floor in fall.changes]
    end = _year(fall.floors[-1].day), fall.floors[-1].blended
    return Trace(name, tuple(dict.fromkeys((*points, end))), "steps")


def _steps_that_matter(fall: Fall) -> list[Floor]:
    """The first offer, and the largest steps to a new low that have room beside each other."""
    first, last = fall.floors[0], fall.floors[-1]
    chosen, lowest = [first, last], first.blended
    steps = []
    for floor in fall.changes:
        if floor.blended * SMALL < lowest:
            steps.append((lowest / floor.blended, floor))
            lowest = floor.blended
    apart = APART * (last.day - first.day).days
    for _, floor in sorted(steps, key=lambda step: -step[0]):
        near = any(abs((floor.day - other.day).days) < apart for other in chosen)
        if not near and len(chosen) < MOST_NAMED:
            chosen.append(floor)
    return [floor for floor in chosen if floor != last]


def _mark(floor: Floor) -> Mark:
    said = f"{_TUNED.sub('', floor.price.name)} {wording.token_price(floor.blended)}"
    return Mark(_year(floor.day), floor.blended, said)


def _year(day: date) -> float:
    """A day as a number of years: the end of June 2024 is about 2024.5."""
    first = date(day.year, 1, 1)
    days = (date(day.year + 1, 1, 1) - first).days
    return round(day.year + ((day - first).days + 1) / days, 4)
