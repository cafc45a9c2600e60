"""What a question comes to: one spelling for all that mean the same, given the known years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.questions.bill import Bill
from bot.questions.budget import Budget
from bot.questions.capability import Capability
from bot.questions.compare import NOT_OF_THE_POST, Compare
from bot.questions.cost import Cost
from bot.questions.decline import Decline
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.scorecard import Scorecard
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.questions.when import When
from bot.values import TREND, USUAL_MIX, Day, Models, Named, Spend, Volume, Years
from bot.views import View

if TYPE_CHECKING:
    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase


def settle(question: Question, kb: KnowledgeBase) -> Question:
    """A past year has a cost and a future one a projection; what plays no part is dropped."""
    if isinstance(question, View):
        return replace(question, of=settle(question.of, kb))
    if isinstance(question, Cost):
        return _cost(question, kb)
    if isinstance(question, Project):
        return _project(question, kb)
    if isinstance(question, Decline):
        return _decline(question)
    if isinstance(question, Compare):
        return _compare(question)
    if isinstance(question, Studies):
        return _studies(question)
    if isinstance(question, Budget) and question.years is None:
        series = question.computed_from(kb).series()
        return replace(question, years=Years((series.observed_until,)))
    if isinstance(question, When):
        return _when(question, kb)
    if isinstance(question, (Price, Capability, Scorecard, Bill)):
        return _of_the_market(question, kb)
    return question


def _of_the_market(asked: Price | Capability | Scorecard | Bill, kb: KnowledgeBase) -> Question:
    if isinstance(asked, Scorecard):
        return replace(asked, reality=None)  # it is always against real prices
    if isinstance(asked, Price):
        return _price(asked, kb)
    if isinstance(asked, Bill):
        return _bill(asked, kb)
    if asked.fixed == "slowed" and asked.level is None:
        return Capability()  # its answer has the whole time beside the last
    if asked.below is not None:
        return replace(asked, fixed=None, on=None, since=None)
    return replace(asked, fixed=None, on=None if asked.since else asked.on)


def _cost(asked: Cost, kb: KnowledgeBase) -> Question:
    series, years = asked.computed_from(kb).series(), asked.years
    if asked.training:
        return Cost(training=asked.training)
    if asked.cheapest:
        return Cost(cheapest=asked.cheapest, series=asked.series)
    if years is None and asked.count:
        return replace(asked, years=Years((series.observed_until,)))
    if years and len(years.all()) == 1 and years.first > series.last_year:
        return Project(years=years, count=asked.count, series=asked.series)
    if years and len(years.listed) > 2 and years.last - years.first == len(years.listed) - 1:
        years = Years((years.first, years.last), span=True)
    if years == Years((series.first_year, series.last_year), span=True) and not asked.count:
        return Cost(series=asked.series)
    return replace(asked, years=years)


def _project(asked: Project, kb: KnowledgeBase) -> Question:
    if asked.training:
        return Cost(training=asked.training)  # there is nothing to project from
    recorded = Cost(years=asked.years, count=asked.count, series=asked.series)
    if len(asked.years.all()) > 1 and asked.basis is None and asked.level is None:
        return _cost(recorded, kb)
    last = Years((asked.years.last,))
    asked = replace(asked, years=last)
    if asked.basis not in (None, TREND):
        return replace(asked, level=None)  # only the trend has an interval
    if last.last <= asked.computed_from(kb).series().last_year:
        return _cost(replace(recorded, years=last), kb)
    return asked


def _compare(asked: Compare) -> Question:
    """What is chosen by number or measure needs no collection, and hardware has but one."""
    if asked.studies and len(asked.studies) == 1:
        return Study(study=asked.studies[0])
    if asked.studies:
        return replace(asked, workloads=None, scope=None, group=None)
    if asked.group:
        return replace(asked, workloads=None, scope=None)
    if asked.scope == "post" or asked.workloads in NOT_OF_THE_POST:
        return replace(asked, scope=None)
    return asked


def _studies(asked: Studies) -> Studies:
    """What only one collection has needs no name of it."""
    if asked.only == asked.collection:
        return replace(asked, collection=None)
    return asked


def _when(asked: When, kb: KnowledgeBase) -> Question:
    if asked.years:
        recorded = asked.years.last <= asked.computed_from(kb).series().last_year
        years = Years((asked.years.last,))
        return replace(asked, years=years, basis=None if recorded else asked.basis)
    if asked.above or asked.recorded(kb):
        return replace(asked, basis=None)
    return asked


def _price(asked: Price, kb: KnowledgeBase) -> Question:
    """What may be several models is those of them that were sold there and then, if any was."""
    what = asked.what
    if asked.training:
        return Cost(training=asked.training)
    if isinstance(what, str):
        return replace(asked, history=None)
    if asked.provider and not kb.market.provider(asked.provider).host:
        asked = replace(asked, provider=None)  # a maker's prices go before all others
    if len(what.listed) > 1:
        asked = replace(asked, history=None)
    on = None if asked.history else asked.on
    return replace(asked, what=_sold_then(what, on, asked.provider, kb), on=on)


def _bill(asked: Bill, kb: KnowledgeBase) -> Bill:
    """A period named apart is that of what has none, and what says nothing new is dropped."""
    amount, used, today = asked.amount, asked.used, kb.market.as_of
    if isinstance(amount, Spend) or (isinstance(used, Models) and len(used.listed) > 1):
        asked = replace(asked, limit=None)
    if asked.by and asked.limit and asked.limit.per is None and amount.per:
        asked = replace(asked, limit=replace(asked.limit, per=asked.by), by=None)
    if asked.by and amount.per is None:
        asked = replace(asked, amount=replace(amount, per=asked.by), by=None)
    if asked.mix == USUAL_MIX or (isinstance(amount, Volume) and amount.output is not None):
        asked = replace(asked, mix=None)
    if asked.on and asked.on.year == today.year and today <= asked.on.last:
        asked = replace(asked, on=None)  # nothing is projected within a year
    if isinstance(used, str):
        return asked
    if asked.provider and not kb.market.provider(asked.provider).host:
        asked = replace(asked, provider=None)
    on = asked.on or Day(today.year, today.month, today.day)
    return replace(asked, used=_sold_then(used, on, asked.provider, kb))


def _sold_then(what: Models, on: Day | None, provider: str | None, kb: KnowledgeBase) -> Models:
    return Models(tuple(dict.fromkeys(_sold(one, on, provider, kb) for one in what.listed)))


def _sold(named: Named, day: Day | None, provider: str | None, kb: KnowledgeBase) -> Named:
    if named.sure:
        return named
    sold = [
        id
        for id in named.ids  # noqa: A001  # as in the data
        if any(
            day is None or (p.valid_from <= day.last and (not p.valid_to or day.first < p.valid_to))
            for p in kb.market.periods(id, provider)
        )
    ]
    return Named.of(named.said, *sold) if sold else named


def _decline(asked: Decline) -> Question:
    if asked.training:
        return Decline(training=asked.training)
    if asked.steepest and asked.years and len(asked.years.listed) == 1:
        asked = replace(asked, years=None)
    if asked.each and (asked.years is None or len(asked.years.listed) == 1):
        return replace(asked, each=None)
    return asked
