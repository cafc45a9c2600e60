"""What every answer says of its sources: the line under it, a study's claim and its standing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Line, Link, Part, line
from knowledge.errors import NumberError
from knowledge.rates import Rate, annualise

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


def the_studies(kb: KnowledgeBase) -> Line:
    """The source line of what the post says of studies."""
    source = kb.source(POST)
    return line(
        "Source: studies as the post cites them, ",
        Link(source.publisher, source.url),
        ", ",
        f"{source.published.day} {source.published:%B %Y}",
    )


def annual_rate(study: Study) -> Rate | None:
    """The study's claim per year: the widest range over its estimates that name a period."""
    rates = [r for e in study.estimates if (r := annualise(e))]
    if len(rates) == 1:
        return rates[0]
    return Rate(min(r.low for r in rates), max(r.high for r in rates)) if rates else None


def claim(estimate: Estimate) -> str:
    """The claim in its own form: '30–50% over 2 years', '2× every 1–2 years', '2× a year (1–3×)'.

    A rise says so: '2.4× dearer a year', 'doubling every 6 months'.
    """
    form, rises = estimate.form, estimate.direction == "rise"
    unit = {"decline": "%", "factor": "×"}.get(form.rpartition("_")[2], "")
    main, aside = _amounts(estimate, percent=unit == "%")
    span = f" ({aside}{unit})" if aside else ""
    if form == "halving_months":
        return f"{'doubling' if rises else 'halving'} every {main} months{span}"
    way = f" {more_of(estimate)}" if rises else ""
    if not rises and estimate.seen_at and _priced(estimate):
        way = " cheaper"
    return f"{main}{unit}{way}{_tail(estimate)}{span}"


def _tail(estimate: Estimate) -> str:
    """What a claim's amount refers to: a year, or the period of a total; "" for none."""
    if estimate.form.startswith("annual"):
        return " a year"
    if estimate.years_low is None or estimate.years_high is None:
        return ""
    if said := dated(estimate):
        return f" {said}"
    span = wording.plain(estimate.years_low)
    if estimate.years_high != estimate.years_low:
        span += f"–{wording.plain(estimate.years_high)}"
    every = estimate.form == "total_factor" and not estimate.period_end
    return f" {'every' if every else 'over'} {span} years"


def dated(estimate: Estimate) -> str:
    """The period between two dates that a claim is about: 'from 2018 to 2021'; "" for none."""
    start, end = estimate.period_start, estimate.period_end
    if start is None or end is None:
        return ""
    if start == end:
        return f"in {wording.month(end)}"
    return f"from {wording.month(start)} to {wording.month(end)}"


def more_of(estimate: Estimate) -> str:
    """What a rise of it is called: what costs or is priced gets dearer, all else more."""
    return "dearer" if _priced(estimate) else "more"


def _priced(estimate: Estimate) -> bool:
    return any(word in estimate.measures for word in ("cost", "price"))


def _amounts(estimate: Estimate, *, percent: bool) -> tuple[str, str]:
    """The claim's number or range, and beside a central number the range; without units."""

    def said(value: float) -> str:
        if percent:
            return wording.percent(value).removesuffix("%")
        return f"{value:,.0f}" if value >= 1000 else wording.plain(value)

    span = "–".join(map(said, dict.fromkeys((estimate.low, estimate.high))))
    if estimate.at_least:
        return f"over {span}", ""
    if estimate.central is None or estimate.low == estimate.high:
        return span, ""
    return said(estimate.central), span


def claim_sentence(estimate: Estimate) -> str:
    """The claim, what it measures, and what that is a year."""
    said = f"Claim: {claim(estimate)}"
    said += "" if estimate.seen_at else f" ({estimate.measures})"
    rate = annualise(estimate)
    if rate is None:
        return f"{said}; it states no period, so it has no annual rate."
    per_year = in_a_year(rate, (estimate,))
    as_it_stands = per_year in said.replace(" cheaper a", " a")
    return f"{said}." if as_it_stands else f"{said}, which is {per_year}."


def in_a_year(rate: Rate, estimates: Sequence[Estimate]) -> str:
    """A rate as what it says of what was measured: a fall, a rise, or a lower bound."""
    least = "at least " if any(e.at_least for e in estimates) else ""
    return least + wording.change(rate, more_of(estimates[0]))


def rates_in_short(studies: Iterable[Study]) -> tuple[Line, ...]:
    """The annual rates by number, the largest first, and the numbers of those without one."""
    rates = [(s, annual_rate(s)) for s in studies]
    rated = sorted(
        ((s, r) for s, r in rates if r), key=lambda x: (-round(x[1].middle, 9), x[0].number)
    )
    without = [str(s.number) for s, r in rates if not r]
    said = "; ".join(
        f"study {s.number} {in_a_year(r, s.estimates).removesuffix(' a year')}" for s, r in rated
    )
    lines = [line(f"A year: {said}.")] if said else []
    if without:
        lines.append(line(f"Without an annual rate: study {wording.listed(without)}."))
    return tuple(lines)


def annual_words(study: Study) -> str:
    """'20–30% a year', '2.4× dearer a year (2–2.9×)', or that there is none."""
    rate = annual_rate(study)
    return in_a_year(rate, study.estimates) if rate else "no period, so no annual rate"


def no_study(kb: KnowledgeBase, numbers: Sequence[int]) -> NumberError:
    """The error for numbers that no study has."""
    last = max(study.number for study in kb.studies(collection=None))
    said = wording.listed([str(n) for n in numbers], "or")
    return NumberError(f"there is no study {said}: they are numbered 1 to {last}")


def standing(study: Study) -> tuple[Part, ...]:
    """The truth about the citation in a few words, with a link to the real work where found."""
    check = study.citation
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
    return study.citation.status.replace("_", " ")


def statuses(kb: KnowledgeBase) -> Line:
    """How many of the post's citations were found as cited, how many elsewhere or not at all."""
    found = Counter(standing_word(study) for study in kb.studies())
    said = ", ".join(f"{number} {status}" for status, number in found.most_common())
    return line(f"Of all {found.total()} citations of the post: {said}.")


def citations(studies: Sequence[Study]) -> Iterator[Line]:
    """How many of the citations could not be found; nothing when all could."""
    cited = [s.standing for s in studies if s.standing]
    absent = sum(standing.status == "not_found" for standing in cited)
    if absent:
        said = f"{absent} of these {len(cited)} citations could not be found"
        if absent == len(cited):
            said = "This citation could not be found"
            if absent > 1:
                said = "None of these citations could be found"
        whose = "its" if len(cited) == 1 else "each"
        yield line(f"{said}; {whose} summary says more.")
