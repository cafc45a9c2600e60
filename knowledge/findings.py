"""Findings: what is true of the data and to be said openly, each a sentence under an id."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from knowledge.market import findings as market_findings
from knowledge.rates import annualise, decline
from knowledge.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.load import Knowledge
    from knowledge.market.load import MarketData
    from knowledge.records import Estimate


def findings(knowledge: Knowledge, market: MarketData) -> tuple[Finding, ...]:
    """All of them, in the order of the data."""
    found = (
        *_forecasts(knowledge),
        *_disagreements(knowledge),
        *_standings(knowledge),
        *_periods(knowledge),
        *_second_hand(knowledge),
        *market_findings.found(market),
    )
    said: dict[str, list[str]] = {}
    for name, says in found:
        said.setdefault(name, []).append(says)
    return tuple(Finding(name, "; ".join(sentences)) for name, sentences in said.items())


def claims(knowledge: Knowledge) -> Iterator[tuple[str, Estimate, str]]:
    """Every quantitative claim, with the name of who makes it and the words around it."""
    for study in knowledge.studies:
        for claim in study.estimates:
            yield f"{study.collection} study {study.number}", claim, study.conclusion
    for statement in knowledge.statements:
        if statement.estimate:
            yield f"statement {statement.id}", statement.estimate, statement.quote


def _forecasts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for series in knowledge.series:
        years = [str(p.year) for p in series.points if p.year > series.observed_until]
        if years:
            yield (
                f"forecast {series.id}",
                f"series {series.id}: {', '.join(years)} was a forecast when it was published",
            )


def _disagreements(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Where a source says one rate in words and another in its own table."""
    for said in knowledge.statements:
        rate = annualise(said.estimate) if said.estimate else None
        for series in knowledge.series:
            if rate is None or (series.source_id, series.workload) != (
                said.source_id,
                said.workload,
            ):
                continue
            if series.first_year == series.last_year:
                continue
            found = decline(series, series.first_year, series.last_year).annual
            if not rate.low <= found <= rate.high:
                wanted = f"{rate.low:.1%} to {rate.high:.1%} a year"
                averages = f"series {series.id} of the same source averages"
                yield (
                    f"disagreement {said.id} {series.id}",
                    f"statement {said.id} says {wanted}, {averages} {found:.1%}",
                )


def _standings(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    standings = [study.standing for study in knowledge.studies if study.standing]
    statuses = Counter(standing.status for standing in standings)
    supported = sum(standing.claim_check == "supported" for standing in standings)
    counts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in statuses.most_common())
    yield (
        "standings",
        f"of {len(standings)} cited studies {counts}; the claims of {supported} were supported",
    )


def _periods(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Where a source says one length of a period and its own dates another, in months."""
    for owner, claim, _ in claims(knowledge):
        span = _months(claim)
        lengths = {claim.years_low, claim.years_high} - {None}
        said = [round(12 * years) for years in lengths if years]
        wrong = [months for months in said if span and abs(months - span) > 1]
        if wrong:
            how_much = f"{claim.low:g}x" if claim.form == "total_factor" else f"{claim.low:.0%}"
            yield (
                f"period {owner}",
                f"{owner}: {how_much} is said to be {min(wrong)} months, its dates span {span}",
            )


def _months(claim: Estimate) -> int | None:
    """How many months lie between the period's ends, None unless both are months."""
    ends = [end.split("-") for end in (claim.period_start, claim.period_end) if end]
    if len(ends) < 2 or any(len(end) < 2 for end in ends):
        return None
    (first, since), (last, until) = ends
    return 12 * (int(last) - int(first)) + int(until) - int(since)


def _second_hand(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """How many published estimates were only seen quoted, which answers say openly."""
    found = [s.publication.second_hand for s in knowledge.studies if s.publication]
    if any(found):
        yield (
            "second-hand",
            f"of {len(found)} published estimates {sum(found)} were only seen quoted, second-hand",
        )
