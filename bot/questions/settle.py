"""What a question comes to: a recorded year has a cost, a future one a projection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.questions.compare import Compare
from bot.questions.cost import Cost
from bot.questions.decline import Decline
from bot.questions.project import Project
from bot.questions.studies import Study
from bot.values import TREND, Years

if TYPE_CHECKING:
    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase


def settle(question: Question, kb: KnowledgeBase) -> Question:
    """The cost of a single year after the table is a projection, and the reverse."""
    if isinstance(question, Project) and question.basis not in (None, TREND):
        question = replace(question, level=None)  # only the trend has an interval
    if isinstance(question, Compare) and question.studies:
        question = replace(question, workloads=None, boldest=None)
    if isinstance(question, Compare) and question.studies and len(question.studies) == 1:
        return Study(study=question.studies[0])
    if isinstance(question, Decline) and question.years and len(question.years.listed) == 1:
        question = replace(question, each=None)
    if isinstance(question, Cost) and question.training:
        question = Cost(training=question.training)
    series = kb.series()
    last = series.last_year
    whole = Years((series.first_year, last), span=True)
    if isinstance(question, Cost) and question.years == whole and not question.count:
        question = replace(question, years=None)
    if isinstance(question, Cost) and not (question.training or question.cheapest):
        years = question.years
        if years is not None and len(years.all()) == 1 and years.first > last:
            return Project(years=years, count=question.count)
    recorded = isinstance(question, Project) and question.years.last <= last
    if isinstance(question, Project) and recorded and not (question.training or question.basis):
        return Cost(years=question.years, count=question.count)
    return question
