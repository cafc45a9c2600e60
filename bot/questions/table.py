"""Table: the series that an answer computes with, the post's or one of the user's, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Line, Link, line
from bot.questions.citing import POST
from knowledge.base import POST_SERIES
from knowledge.rates import Rate, decline

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import CostSeries


def of_the_post(series: CostSeries) -> bool:
    return series.id == POST_SERIES


def called(series: CostSeries) -> str:
    """'the post's table', '“What our cluster paid per GPU hour”'."""
    return "the post's table" if of_the_post(series) else f"“{series.title}”"


def per(series: CostSeries) -> str:
    """'per inference', 'per GPU hour'."""
    return f"per {series.thing}"


def things(series: CostSeries, number: float) -> str:
    """So many of what is paid for: '1,000 inferences', '2 × 1M tokens'."""
    if series.thing[0].isalpha():
        return wording.count(number, series.thing)
    return f"{number:,.10g} × {series.thing}"


def same(series: CostSeries, command: str) -> str:
    """A command about the same series."""
    return command if of_the_post(series) else f"{command} series {series.id}"


def ahead(series: CostSeries) -> str:
    """The command of a projection some years after the last row."""
    return same(series, f"/project {series.last_year + 5}")


def the_table(kb: KnowledgeBase) -> Line:
    """The source line of a figure from the table."""
    series = kb.series()
    source = kb.source(series.source_id)
    published = f"{source.published.day} {source.published:%B %Y}"
    if source.id == POST:
        link = Link(source.publisher, source.url)
        return line("Source: the post's illustrative table, ", link, f", {published}")
    of = "" if source.title == series.title else f"{called(series)}: "
    rest = f", {source.publisher}, {published}"
    return line(f"Source: {of}", Link(source.title, source.url), rest)


def forecast_row(kb: KnowledgeBase, year: int | None = None) -> Line | None:
    """The remark that rows were forecasts when they appeared; None where none of them was."""
    series = kb.series()
    if series.observed_until == series.last_year:
        return None
    if year is not None and not series.observed_until < year <= series.last_year:
        return None
    published = kb.source(series.source_id).published
    if of_the_post(series):
        return line(
            f"The table's {series.last_year} row is the post's own forecast: it was published"
            f" in {published:%B %Y}."
        )
    later = wording.years(series.observed_until + 1, series.last_year)
    return line(f"Its figures for {later} were forecasts, published in {published:%B %Y}.")


def table_rate(kb: KnowledgeBase) -> Rate:
    """The table's average decline, first row to last. NumberError where it has but one row."""
    series = kb.series()
    annual = decline(series, series.first_year, series.last_year).annual
    return Rate(annual, annual)
