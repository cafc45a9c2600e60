"""Placed: how a claimed yearly rate lies to another, and claims that have one thing beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Choice, Figure, line
from bot.questions.citing import the_studies
from bot.questions.published import PUBLISHED
from bot.questions.ranking import ranked
from bot.questions.table import called, forecast_row, same, the_table
from knowledge.rates import Rate, decline

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

SHOWN = 0.001  # a tenth of a percentage point: rates are shown no finer


def of_own(kb: KnowledgeBase, claimed: Rate, span: tuple[int, int]) -> Answer:
    """The claim beside a series of the user's, and beside nothing else."""
    series, (first, last) = kb.series(), span
    annual = decline(series, first, last).annual
    table = Rate(annual, annual)
    return Answer(
        f"{wording.change(claimed)} {place(claimed, table)} the {wording.change(table)} of"
        f" {called(series)}, {first} to {last}",
        tuple(filter(None, (forecast_row(kb, last),))),
        the_table(kb),
        (
            Figure("claimed.low", claimed.low, "fraction"),
            Figure("claimed.high", claimed.high, "fraction"),
            Figure("table", annual, "fraction"),
        ),
        (Choice("Year by year", same(series, "/decline")),),
    )


def of_a_rise(kb: KnowledgeBase, claimed: Rate) -> Answer:
    """A claim that costs rise: the table falls, but not all that is measured does."""
    series = kb.series()
    fall = decline(series, series.first_year, series.last_year).annual
    estimates = kb.studies(collection=PUBLISHED)
    rising = sum(any(e.direction == "rise" for e in study.estimates) for study in estimates)
    return Answer(
        f"A rise of {wording.rate(claimed)} a year is the opposite of the table, which falls"
        f" {wording.percent(fall)} a year",
        (
            line(
                f"Of {len(estimates)} published estimates {rising} are rises, of the newest models"
                " and of rents: other measures differ."
            ),
            *filter(None, (forecast_row(kb, series.last_year),)),
        ),
        line(*the_table(kb).parts, "; published estimates"),
        (Figure("table", fall, "fraction"),),
        (Choice("Year by year", "/decline"), Choice("On one scale", "/compare all")),
    )


def of_training(kb: KnowledgeBase, claimed: Rate) -> Answer:
    """A claim about training beside the training studies: the table is of inference only."""
    rates = [r.rate for r in ranked(kb.studies(workload="training"))]
    studies = Rate(min(r.low for r in rates), max(r.high for r in rates))
    return Answer(
        f"{wording.rate(claimed)} a year {place(claimed, studies)} what the training studies"
        f" claim, {wording.rate(studies)}",
        (
            line("The post's table is of inference only, so it says nothing of this."),
            line("Most of these citations could not be found, and none states dollars."),
        ),
        the_studies(kb),
        (
            Figure("claimed.low", claimed.low, "fraction"),
            Figure("claimed.high", claimed.high, "fraction"),
            Figure("studies.low", studies.low, "fraction"),
            Figure("studies.high", studies.high, "fraction"),
        ),
        (Choice("Training claims", "/compare training"),),
    )


def place(claimed: Rate, yardstick: Rate) -> str:
    """How the claim lies to a yardstick: 'is inside', 'is 12.5 points above', 'includes', ..."""
    if claimed.low > yardstick.high + SHOWN:
        return f"is {_points(claimed.low - yardstick.high)} above"
    if claimed.high < yardstick.low - SHOWN:
        return f"is {_points(yardstick.low - claimed.high)} below"
    if claimed.low >= yardstick.low - SHOWN and claimed.high <= yardstick.high + SHOWN:
        return "agrees with" if yardstick.single else "is inside"
    if claimed.low <= yardstick.low and claimed.high >= yardstick.high:
        return "includes"
    return "overlaps with"


def _points(difference: float) -> str:
    return f"{100 * difference:.1f} points"
