"""Receipt: how an answer's numbers were got, so that anyone can check them with a calculator."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from bot.answer import Answer, Block, Choice, Line, line
from bot.questions.backtest import Backtest
from bot.questions.bill import Bill
from bot.questions.budget import Budget
from bot.questions.capability import Capability
from bot.questions.check import Check
from bot.questions.citing import citations, standing
from bot.questions.compare import Compare
from bot.questions.cost import Cost
from bot.questions.decline import Decline
from bot.questions.halving import Halving
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.published import trust
from bot.questions.scorecard import Scorecard
from bot.questions.sources import Sources
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.questions.table import of_the_post, table_rate, the_table
from bot.questions.when import When
from bot.receipts import bills, claims, comparisons, costs, levels, prices, projections
from bot.receipts.workings import (
    FINE,
    Working,
    drift,
    equation,
    falls,
    row_table,
    spread,
    step,
    table_average,
)
from knowledge.trend import fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase


def receipt(question: Question, kb: KnowledgeBase) -> Answer:
    """The rows and formulas behind the answer, its data version and its sources' standing.

    It has the answer's own figures and source. Raises NumberError where `question.answer` does.
    """
    answer = question.answer(kb)
    kb = question.computed_from(kb)
    working = work(question, kb)
    blocks = (*working.blocks, *_standing(answer, working, kb))
    method = (Choice("Method", "/sources method"),) if working.by_trend else ()
    return Answer(
        _headline(answer, working, kb),
        (*blocks, line(f"Data version {kb.version}.")),
        answer.source,
        answer.figures,
        (
            Choice("Back to the answer", question.as_command()),
            *method,
            Choice("Sources", "/sources"),
        ),
        answer.studies,
    )


def _headline(answer: Answer, working: Working, kb: KnowledgeBase) -> str:
    if working.blocks:
        if working.studies and not working.by_trend and answer.source != the_table(kb):
            return f"The rates behind “{answer.headline}”"
        return f"How “{answer.headline}” was computed"
    if any(f.unit == "count" for f in answer.figures):
        return "This answer quotes and counts the data; nothing else is computed"
    if answer.figures or answer.source:
        return "This answer quotes the data; nothing is computed"
    return "Nothing in this answer is computed"


def _standing(answer: Answer, working: Working, kb: KnowledgeBase) -> Iterator[Block]:
    """How far the sources that were used can be trusted, in a line or two."""
    if len(working.studies) == 1:
        (study,) = working.studies
        yield line(trust(study)) if study.publication else Line(standing(study))
    elif working.studies:
        yield from citations(working.studies)
    if working.blocks and answer.source == the_table(kb) and of_the_post(kb.series()):
        yield line("The post names no source for its table; take it as illustrative.")


@singledispatch
def work(question: Question, kb: KnowledgeBase) -> Working:
    """The working of a kind of question; without blocks where nothing is computed."""
    return Working(())


def _of_sources(asked: Sources, kb: KnowledgeBase) -> Working:
    """Only two aspects compute anything: the method's fit, and the table beside the headline."""
    series = kb.series()
    average = table_average(series, table_rate(kb).middle)
    if asked.aspect == "headline":
        return Working((falls(series, series.first_year, series.last_year), average))
    if asked.aspect == "method":
        trend = fit(series)
        return Working(
            (
                row_table(series),
                drift(series, trend),
                average,
                spread(trend),
                equation("Spread K", f"√({step(trend.spread**2, FINE)})", step(trend.spread)),
            )
        )
    return Working(())


work.register(Cost)(costs.of_cost)
work.register(Decline)(costs.of_decline)
work.register(Halving)(costs.of_halving)
work.register(Budget)(costs.of_budget)
work.register(Price)(prices.of_price)
work.register(Bill)(bills.of_bill)
work.register(Project)(projections.of_project)
work.register(When)(projections.of_when)
work.register(Backtest)(projections.of_backtest)
work.register(Capability)(levels.of_capability)
work.register(Scorecard)(levels.of_scorecard)
work.register(Study)(claims.of_study)
work.register(Studies)(claims.of_studies)
work.register(Compare)(comparisons.of_compare)
work.register(Check)(claims.of_check)
work.register(Sources)(_of_sources)
