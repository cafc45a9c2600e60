"""Prices: the pictures of list prices, in steps over the days on which they were in force."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot import wording
from bot.charts.model import Curve, Mark, Trace
from bot.pictures.curves import credit
from bot.questions.listed import Listed, the_market

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.questions.price import Price
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

APART = 0.14  # of the time shown: changes of the blend that are closer are not both named
EDGE = 0.02  # of the time shown: what ends so near the end is named beside the chart
BLEND = "3:1 blend"


def price(asked: Price, kb: KnowledgeBase) -> Curve | None:
    """One model's three prices over its days, or the blends of several; None of a ranking."""
    if isinstance(asked.what, str):
        return None
    answer = asked.answer(kb)
    if not answer.figures:
        return None
    day = asked.day(kb)
    found = [listed for id in asked.what.ids if (listed := Listed.of(kb, id, asked.provider, day))]  # noqa: A001  # as in the data
    lines, said = _alone(found[0], kb) if len(found) == 1 else _beside(found, kb)
    return Curve(
        answer.headline,
        f"US dollars per million tokens, list price, {said}",
        credit(the_market(kb, [p for listed in found for p in listed.periods]), kb),
        lines,
        marks=_changes(found[0], kb) if len(found) == 1 else _ends(lines),
    )


def _alone(listed: Listed, kb: KnowledgeBase) -> tuple[tuple[Trace, ...], str]:
    as_of, at = kb.market.as_of, f"at {listed.provider.name}"
    if all(p.input == p.output for p in listed.periods):
        return (_steps("In and out", listed, lambda p: p.blended, as_of),), at
    return (
        _steps(BLEND, listed, lambda p: p.blended, as_of),
        _steps("Input", listed, lambda p: p.input, as_of),
        _steps("Output", listed, lambda p: p.output, as_of),
    ), at


def _beside(found: Sequence[Listed], kb: KnowledgeBase) -> tuple[tuple[Trace, ...], str]:
    as_of = kb.market.as_of
    lines = tuple(_steps(x.model.name, x, lambda p: p.blended, as_of) for x in found)
    return lines, f"{BLEND} of input and output"


def _ends(lines: Sequence[Trace]) -> tuple[Mark, ...]:
    """The names of lines that end before the others do."""
    last = max(line.points[-1][0] for line in lines)
    first = min(line.points[0][0] for line in lines)
    return tuple(
        Mark(year, amount, f"{line.name} {wording.token_price(amount)}")
        for line in lines
        for year, amount in line.points[-1:]
        if last - year > EDGE * (last - first)
    )


def _steps(name: str, listed: Listed, amount: Callable[[ModelPrice], float], as_of: date) -> Trace:
    points = [(year_of(p.valid_from), amount(p)) for p in listed.periods]
    last = listed.periods[-1]
    points.append((year_of(last.valid_to or as_of), amount(last)))
    return Trace(name, tuple(points), "steps")


def _changes(listed: Listed, kb: KnowledgeBase) -> tuple[Mark, ...]:
    """Where the blend changed, to what: at its start, at the last change, and between."""
    days = [(year_of(p.valid_from), p) for p in listed.periods]
    end = year_of(listed.ended or kb.market.as_of)
    room = APART * (end - days[0][0])
    shown = days[:1]
    if days[-1][0] - days[0][0] >= room:
        shown += days[-1:]
    for year, price in days[1:]:
        if all(abs(year - other) >= room for other, _ in shown):
            shown.append((year, price))
    return tuple(
        Mark(year, p.blended, f"{p.valid_from:%Y-%m}: {wording.token_price(p.blended)}")
        for year, p in sorted(shown, key=lambda pair: pair[0])
    )


def year_of(day: date) -> float:
    """A day as its year with a fraction: 2 July 2024 is 2024.5."""
    start = date(day.year, 1, 1)
    return round(day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days, 4)
