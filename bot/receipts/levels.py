"""Workings of a fixed capability: the offers it rests on, folds, yearly rates and the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, Table, line
from bot.questions.levels import LATELY, bar, floor_at, full, month, offer, within
from bot.questions.verdicts import by_trend, everything, of_study
from bot.receipts.claims import annual
from bot.receipts.workings import (
    FINE,
    Working,
    equation,
    fall,
    given,
    number,
    percent,
    step,
)
from knowledge.errors import NumberError
from knowledge.market.capability import MONTHS, Stretch
from knowledge.trend import fit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.questions.capability import Capability
    from bot.questions.scorecard import Scorecard
    from bot.questions.verdicts import Said
    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall, Floor


def of_capability(asked: Capability, kb: KnowledgeBase) -> Working:
    if asked.below is not None:
        return Working(tuple(_below(asked, kb)))
    if asked.level is None:
        return Working(tuple(_of_all(asked, kb)))
    fall = kb.market.fall(kb.market.level(asked.level))
    if asked.on:
        return Working(tuple(_then(fall, floor_at(fall, asked.on, kb), kb)))
    return Working(tuple(_fallen(within(fall, asked.since), kb)))


def _fallen(fall: Fall, kb: KnowledgeBase) -> Iterator[Block]:
    whole = fall.whole
    yield _reached(fall)
    yield from _priced(whole.start, kb)
    yield from _priced(whole.end, kb)
    yield fold(whole)
    if whole.annual is not None:
        yield a_year("A year", whole)
        yield from trend(fall)
    if whole.start.day < LATELY < whole.end.day:
        recent = fall.since(LATELY)
        yield from _priced(recent.start, kb)
        if recent.annual is not None:
            yield a_year(f"A year since {month(recent.start.day)}", recent)
    years = tuple((str(s.end.day.year), _fall(s), percent(1 - 1 / s.fold)) for s in fall.by_year())
    if years:
        yield Table(("year", "formula", "decline"), years)


def _then(fall: Fall, floor: Floor, kb: KnowledgeBase) -> Iterator[Block]:
    yield _reached(fall)
    yield from _priced(floor, kb)
    first, last = fall.floors[0], fall.floors[-1]
    if first != floor:
        yield from _priced(first, kb)
        yield fold(Stretch(first, floor), "Than at first")
    if last != floor:
        yield from _priced(last, kb)
        yield fold(Stretch(floor, last), "From then on")


def _below(asked: Capability, kb: KnowledgeBase) -> Iterator[Block]:
    """Each level's first month at or below the price, and the month before it."""
    levels = (kb.market.level(asked.level),) if asked.level else kb.market.levels()
    for level in levels:
        followed = kb.market.fall(level)
        yield line(f"{full(level)}: the first month at or below {given(asked.below or 0.0)}")
        first = followed.first_at(asked.below or 0.0)
        if first is None:
            yield line(f"None of {len(followed.floors)} months.")
            continue
        at = followed.floors.index(first)
        for floor in followed.floors[max(0, at - 1) : at + 1]:
            yield from _priced(floor, kb)


def _of_all(asked: Capability, kb: KnowledgeBase) -> Iterator[Block]:
    """The formulas of each level; its own receipt has the offers."""
    yield line("Prices: (3 × input + output)/4 of the cheapest offer, by the month's last day.")
    for level in kb.market.levels():
        fall = kb.market.fall(level)
        try:
            if asked.on:
                yield from _priced(floor_at(fall, asked.on, kb), kb, f"{full(level)}, ")
                continue
            fall = within(fall, asked.since)
        except NumberError:  # it has no price then
            continue
        yield fold(fall.whole, f"{full(level)}, fold")
        if fall.whole.annual is not None:
            yield a_year("A year", fall.whole)
        if asked.since is None and (start := fall.at(LATELY)):
            recent = Stretch(start, fall.floors[-1])
            if recent.annual is not None and recent != fall.whole:
                yield a_year("Lately", recent)


def _reached(fall: Fall) -> Line:
    level = fall.level
    return line(
        f"Each month's price: the cheapest offer on its last day of a model whose highest published"
        f" {level.benchmark} score is {level.threshold:g} or more."
    )


def _priced(floor: Floor, kb: KnowledgeBase, of: str = "") -> Iterator[Line]:
    """A floor's blend from its offer, and where that price was read."""
    price = floor.price
    formula = f"(3 × {given(price.input)} + {given(price.output)})/4"
    name = f"{of}{month(floor.day)}, {offer(floor, kb)}"
    shown = wording.token_price(floor.blended)
    yield equation(name, formula, f"${given(floor.blended)}", shown)
    if not of:
        yield line(f"Score {floor.score:g}; price in force from {price.valid_from}: {price.source}")


def fold(stretch: Stretch, name: str = "Fold") -> Line:
    formula = f"{given(stretch.start.blended)}/{given(stretch.end.blended)}"
    return equation(name, formula, f"{number(stretch.fold)}×", wording.factor(stretch.fold))


def a_year(name: str, stretch: Stretch) -> Line:
    """The compound decline a year over the stretch's months."""
    annual = stretch.annual or 0.0
    months = round(stretch.years * MONTHS)
    ends = f"{given(stretch.end.blended)}/{given(stretch.start.blended)}"
    return equation(name, f"1 − ({ends})^(12/{months})", percent(annual), wording.percent(annual))


def _fall(stretch: Stretch) -> str:
    return fall(given(stretch.start.blended), given(stretch.end.blended))


def trend(fall: Fall, since: date | None = None) -> Iterator[Line]:
    """The least-squares slope by its sums over all months, or those since a day."""
    fitted = fall.line(since)
    sums = f"{step(fitted.covariance, FINE)}/{step(fitted.variance, FINE)}"
    yield line(
        f"Trend: the slope Σ(x − x̄)(y − ȳ)/Σ(x − x̄)² of y = ln(price) over x in years,"
        f" {fitted.months} months."
    )
    shown = wording.percent(fitted.annual)
    yield equation("A year by trend", f"1 − e^({sums})", percent(fitted.annual), shown)


def of_scorecard(asked: Scorecard, kb: KnowledgeBase) -> Working:
    study = kb.study(asked.study) if asked.study else None
    if study:
        said = of_study(study, kb)
        blocks = _judged(said) if said else ()
        return Working((line(f"Said: study {study.number}, {annual(study)}"), *blocks))
    series = kb.series()
    headline, row, *rest = everything(kb)
    before, after = (given(series.at(year) or 0.0) for year in row.years)
    trends = (
        equation(f"Trend {e.name}", f"1 − e^({step(drift, FINE)})", percent(e.said.middle))
        for e in by_trend(kb)
        for drift in [fit(series, int(e.name)).drift]
    )
    return Working(
        (
            line(f"Said in the post's title: {wording.rate(headline.said)} a year."),
            *_judged(headline),
            equation(f"Said for {row.years[1]}", fall(before, after), percent(row.said.low)),
            *_judged(row),
            *trends,
            *(line(f"Study {e.key}: {annual(e.study)}") for e in rest if e.study),
            line("What came since, level by level: /why scorecard and a study's number."),
        )
    )


def _judged(said: Said) -> tuple[Line, ...]:
    """Each level's rate since then."""
    return tuple(a_year(bar(o.level), o.stretch) for o in said.outcomes)
