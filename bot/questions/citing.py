"""What every answer says of its sources: the line under it, a study's claim and its standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Line, Link, Part, line
from knowledge.rates import Rate, annualise, decline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.records import Estimate, Study

POST = "post"
_STATUS = {
    "found": "found as cited",
    "found_elsewhere": "found, but published elsewhere than cited",
    "not_found": "not found where it is cited, so the claim could not be checked",
}
_CLAIM = {
    "supported": "it supports the claim",
    "differs": "its findings differ from the claim",
    "not_in_source": "the claimed figure is not in it",
    "unverifiable": "the claim could not be checked",
}


def the_table(kb: KnowledgeBase) -> Line:
    """The source line of a figure from the post's table."""
    source = kb.source(POST)
    return line(
        "Source: the post's illustrative table, ",
        Link(source.publisher, source.url),
        ", ",
        f"{source.published.day} {source.published:%B %Y}",
    )


def the_studies(kb: KnowledgeBase) -> Line:
    """The source line of what the post says of studies."""
    source = kb.source(POST)
    return line(
        "Source: studies as the post cites them, ",
        Link(source.publisher, source.url),
        ", ",
        f"{source.published.day} {source.published:%B %Y}",
    )


def forecast_row(kb: KnowledgeBase, year: int | None = None) -> Line | None:
    """The remark that a row was a forecast when the post appeared; None for observed rows."""
    series = kb.series()
    if year is not None and not series.observed_until < year <= series.last_year:
        return None
    published = kb.source(series.source_id).published
    return line(
        f"The table's {series.last_year} row is the post's own forecast: it was published"
        f" in {published:%B %Y}."
    )


def table_rate(kb: KnowledgeBase) -> Rate:
    """The table's average decline, first row to last."""
    series = kb.series()
    annual = decline(series, series.first_year, series.last_year).annual
    return Rate(annual, annual)


def annual_rate(study: Study) -> Rate | None:
    """The study's claim per year: the widest range over its estimates that name a period."""
    rates = [r for e in study.estimates if (r := annualise(e))]
    return Rate(min(r.low for r in rates), max(r.high for r in rates)) if rates else None


def claim(estimate: Estimate) -> str:
    """The claim in its own form: '30–50% over 2 years', '2× every 1–2 years', '40%'."""
    if estimate.form == "annual_decline":
        return f"{_range(estimate, percent=True)} a year"
    if estimate.form == "annual_factor":
        return f"{_range(estimate)}× a year"
    if estimate.form == "halving_months":
        return f"halving every {_range(estimate)} months"
    amount = (
        _range(estimate, percent=True)
        if estimate.form == "total_decline"
        else (f"{_range(estimate)}×")
    )
    if estimate.years_low is None or estimate.years_high is None:
        return amount
    if estimate.period_start and estimate.period_end:
        return f"{amount} from {estimate.period_start} to {estimate.period_end}"
    span = wording.plain(estimate.years_low)
    if estimate.years_high != estimate.years_low:
        span += f"–{wording.plain(estimate.years_high)}"
    return f"{amount} {'over' if estimate.form == 'total_decline' else 'every'} {span} years"


def claim_sentence(estimate: Estimate) -> str:
    """The claim, what it measures, and what that is a year."""
    said = f"Claim: {claim(estimate)} ({estimate.measures})"
    rate = annualise(estimate)
    if rate is None:
        return f"{said}; it states no period, so it has no annual rate."
    per_year = f"{wording.rate(rate)} a year"
    return f"{said}." if per_year in said else f"{said}, which is {per_year}."


def _range(estimate: Estimate, *, percent: bool = False) -> str:
    ends = dict.fromkeys((estimate.low, estimate.high))
    said = [wording.percent(e).removesuffix("%") if percent else wording.plain(e) for e in ends]
    return "–".join(said) + ("%" if percent else "")


def rates_in_short(studies: Iterable[Study]) -> tuple[Line, ...]:
    """The annual rates by number, the largest first, and the numbers of those without one."""
    rates = [(s.number, annual_rate(s)) for s in studies]
    rated = sorted(((n, r) for n, r in rates if r), key=lambda x: (-round(x[1].middle, 9), x[0]))
    without = [str(n) for n, r in rates if not r]
    said = "; ".join(f"study {n} {wording.rate(r)}" for n, r in rated)
    lines = [line(f"A year: {said}.")] if said else []
    if without:
        lines.append(line(f"Without an annual rate: study {wording.listed(without)}."))
    return tuple(lines)


def annual_words(study: Study) -> str:
    """'20–30% a year', or that there is none."""
    rate = annual_rate(study)
    return f"{wording.rate(rate)} a year" if rate else "no period, so no annual rate"


def standing(study: Study) -> tuple[Part, ...]:
    """The truth about the citation in a few words, with a link to the real work where found."""
    check = study.standing
    if check.status == "not_found":
        return (f"Citation: {_STATUS['not_found']}.",)
    found: Part = (
        Link(check.actual_title, check.url)
        if check.actual_title and check.url
        else (check.actual_title or study.title)
    )
    probably = "probably " if check.probable else ""
    where = f", {check.actual_venue}" if check.actual_venue else ""
    return (
        f"Citation: {probably}{_STATUS[check.status]}: ",
        found,
        f"{where}; {_CLAIM[check.claim_check]}.",
    )


def standing_word(study: Study) -> str:
    return study.standing.status.replace("_", " ")


def citations(studies: Sequence[Study]) -> Iterator[Line]:
    """How many of the citations could not be found; nothing when all could."""
    absent = sum(s.standing.status == "not_found" for s in studies)
    if absent:
        said = f"{absent} of these {len(studies)} citations could not be found"
        if absent == len(studies):
            said = "This citation could not be found"
            if absent > 1:
                said = "None of these citations could be found"
        whose = "its" if len(studies) == 1 else "each"
        yield line(f"{said}; {whose} summary says more.")
