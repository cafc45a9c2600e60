"""Scenario: a basis made into numbers, so that a year's cost can be projected on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.questions.citing import annual_rate, no_study
from bot.questions.table import called, of_the_post
from bot.values import HEADLINE, LATEST, TREND, Basis
from knowledge.errors import NumberError
from knowledge.rates import Rate, yearly_declines
from knowledge.trend import (
    DEFAULT_LEVEL,
    MIN_CHANGES,
    Projection,
    first_year_below,
    fit,
    project,
    project_rate,
)

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries


# what published estimates may measure to say where the cost of an inference goes
OF_INFERENCE = (None, "price at fixed capability", "price index", "provider cost")


class Scenario(Struct, frozen=True):
    """A way to go on from the table's last row. `rate` is None for the trend."""

    kb: KnowledgeBase
    basis: Basis
    words: str
    short: str
    rate: Rate | None

    def project(self, year: int, level: float | None = None) -> Projection:
        """The cost in `year`; NumberError where there is none."""
        series = self.kb.series()
        if self.rate is None:
            return project(fit(series), year, DEFAULT_LEVEL if level is None else level)
        return project_rate(series, self.rate, year)

    def years_below(self, price: float) -> tuple[int | None, int | None]:
        """First years at or below `price`, by the slow and the fast end; None is never."""
        series = self.kb.series()
        last = series.points[-1]
        if self.rate is None:
            drifts = (fit(series).drift,) * 2
        else:
            drifts = math.log1p(-self.rate.low), math.log1p(-self.rate.high)
        slow, fast = (first_year_below(last.year, last.value, d, price) for d in drifts)
        return slow, fast


def scenario(kb: KnowledgeBase, basis: Basis | None) -> Scenario:
    """The scenario of a basis; NumberError when it has no yearly rate, saying why."""
    basis = basis or TREND
    if basis.kind == "trend":
        annual = fit(kb.series()).annual
        said = wording.change(Rate(annual, annual))
        words = f"the trend of {called(kb.series())}, {said}"
        return Scenario(kb, basis, words, f"trend {said}", None)
    rate, words = _rate(kb, basis)
    said = wording.change(rate)
    return Scenario(kb, basis, f"{words}{said}", f"{_short(basis)}{said}", rate)


def _short(basis: Basis) -> str:
    return {"study": f"study {basis.study} ", "rate": ""}.get(basis.kind, f"{basis.kind} ")


def _rate(kb: KnowledgeBase, basis: Basis) -> tuple[Rate, str]:
    series = kb.series()
    if basis.kind == "headline":
        return kb.headline, "the post's headline, "
    if basis.kind == "latest":
        if series.first_year == series.last_year:
            raise NumberError(f"{called(series)} has one row only, so no yearly decline")
        latest = yearly_declines(series)[-1].total
        return Rate(latest, latest), f"the latest yearly decline ({series.last_year}), "
    if basis.kind == "rate":
        if not 0 <= basis.low <= basis.high < 1:
            raise NumberError(
                "costs are projected to fall here, by a rate of at least 0% and below 100% a year,"
                " such as 30%"
            )
        return Rate(basis.low, basis.high), ""
    study = kb.study(basis.study)
    if study is None:
        raise no_study(kb, (basis.study,))
    if study.group not in OF_INFERENCE:
        raise NumberError(
            f"study {study.number} ({study.title}) measures {study.group}, which is not what an"
            " inference costs"
        )
    rate = annual_rate(study)
    if rate is None:
        raise NumberError(
            f"study {study.number} ({study.title}) states no period for its figure, so it has no"
            " annual rate to project with"
        )
    return rate, f"the claim of study {study.number} ({study.title}), "


def standing(series: CostSeries) -> tuple[Basis, ...]:
    """The bases that it has without being asked; the post's headline is of its own table."""
    return (
        *([TREND] if len(series.points) > MIN_CHANGES else []),
        *([HEADLINE] if of_the_post(series) else []),
        *([LATEST] if series.first_year < series.last_year else []),
    )


def others(kb: KnowledgeBase, basis: Basis) -> tuple[Scenario, ...]:
    """The standing scenarios beside this one."""
    return tuple(scenario(kb, b) for b in standing(kb.series()) if b != basis)
