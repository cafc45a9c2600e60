"""A Report on the data: what is wrong, and what is true but worth knowing."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd
from msgspec import Struct
from msgspec.structs import replace

from knowledge.build import DATA, data_files
from knowledge.findings import claims, findings
from knowledge.load import load
from knowledge.market.check import check as check_market
from knowledge.market.load import load as load_market
from knowledge.rates import annualise, decline, yearly_declines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.load import Knowledge
    from knowledge.market.load import MarketData
    from knowledge.records import CostSeries, Estimate, Finding, Study

TOLERANCE = 1e-12


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


class Report(Struct, frozen=True):
    """What a check came to. Errors must be mended; findings are to be said openly."""

    errors: tuple[str, ...]
    findings: tuple[Finding, ...]
    summary: str


def check(data: Path = DATA, own: Path | None = None) -> Report:
    """Load the data strictly (or raise DataError), recompute every rate, look for loose ends."""
    knowledge = load(data, own)
    sold = load_market(data, own)
    market = check_market(sold, data, own)
    errors = (
        *(wrong for series in knowledge.series for wrong in _recompute(series)),
        *(wrong for claimed in claims(knowledge) for wrong in _claim(*claimed)),
        *(wrong for study in knowledge.studies for wrong in _link(study)),
        *_links(knowledge, sold),
        *_orphans(knowledge),
        *market.errors,
        *_package(data),
    )
    said = findings(knowledge, sold)
    rows = sum(len(series.points) for series in knowledge.series)
    figures = rows + len(list(claims(knowledge)))
    return Report(
        errors,
        said,
        f"checked {figures} figures ({rows} rows, {figures - rows} claims, each with a source) of "
        f"{len(knowledge.studies)} studies, {len(knowledge.series)} series and "
        f"{len(knowledge.statements)} statements, {market.summary}: "
        f"{len(errors)} errors, {len(said)} findings",
    )


def _recompute(series: CostSeries) -> Iterator[str]:
    """The declines again, by pandas: year on year, and from the first row to the last."""
    costs = pd.Series({point.year: point.value for point in series.points})
    yearly = (-costs.pct_change()).dropna()
    for found in yearly_declines(series):
        if not _same(found.total, yearly[found.end]):
            yield f"series {series.id}: the decline of {found.end} is not {found.total}"
    if len(costs) > 1:
        mean = 1 - math.exp((-yearly).map(math.log1p).mean())
        whole = decline(series, series.first_year, series.last_year)
        if not _same(whole.annual, mean):
            yield f"series {series.id}: the mean annual decline is not {whole.annual}"


def _claim(owner: str, claim: Estimate, conclusion: str) -> Iterator[str]:
    """The annual rate again, over logarithms; and the numbers again, in the quoted words."""
    rate, again = annualise(claim), _annual_by_logs(claim)
    if (rate is None) != (again is None):
        yield f"{owner}: a rate needs a period"
    elif rate and again:
        if not (_same(rate.low, again[0]) and _same(rate.high, again[1])):
            yield f"{owner}: the annual rate is {again}, not {rate}"
        if rate.central is not None and claim.central is not None:
            alone = replace(claim, low=claim.central, high=claim.central)
            middle = min(_annual_by_logs(alone) or (math.nan,), key=abs)  # the longest period's
            if not _same(rate.central, middle):
                yield f"{owner}: the annual middle is {middle}, not {rate.central}"
    for value in {claim.low, claim.high, claim.central or claim.low}:
        if not _said(value, claim, conclusion):
            yield f"{owner}: {value:g} is not what '{claim.quote}' says; correct one of the two"


def _annual_by_logs(claim: Estimate) -> tuple[float, float] | None:
    sign = 1 if claim.direction == "rise" else -1
    periods = [claim.years_high, claim.years_low]
    if claim.form.startswith("annual"):
        periods = [1, 1]
    if claim.form == "halving_months":  # logarithms are of how many times the cost becomes
        logs, periods = [sign * math.log(2)] * 2, [claim.high / 12, claim.low / 12]
    elif claim.form.endswith("factor"):
        logs = [sign * math.log(claim.low), sign * math.log(claim.high)]
    else:
        logs = [math.log1p(sign * claim.low), math.log1p(sign * claim.high)]
    if None in periods:
        return None
    low, high = sorted(-math.expm1(log / (y or 1)) for log, y in zip(logs, periods, strict=True))
    return low, high


def _said(value: float, claim: Estimate, conclusion: str) -> bool:
    """Whether the words that a claim was read from have its number."""
    if claim.form.endswith("decline") and value == 0.5 and "half" in claim.quote:
        return True
    shown = {100 * value if claim.form.endswith("decline") else value}
    words = claim.quote
    if claim.seen_at:  # a published estimate: words of others, and our own
        shown |= set(_spellings(value, claim))
        words += f" {conclusion}"
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", words.replace(",", ""))]
    return any(math.isclose(one, number) for one in shown for number in numbers)


def _spellings(value: float, claim: Estimate) -> Iterator[float]:
    """A number as its source may say it: rounded, in years, in log points, as growth, tenfold."""
    if claim.form.endswith("decline"):
        yield from (round(100 * value), round(-math.log1p(-value), 2))
    elif claim.form == "halving_months":
        yield value / 12
    elif value > 1:
        yield from (round(100 * (value - 1)), round(1 / math.log10(value)))


def _links(knowledge: Knowledge, sold: MarketData) -> Iterator[str]:
    """Every source, origin and score has a link that leads somewhere."""
    linked = [(f"source {source.id}", source.url) for source in knowledge.sources]
    linked += [(f"origin {origin.id}", origin.url) for origin in sold.origins]
    linked += [(f"score of {s.model} on {s.benchmark}", s.url) for s in sold.scores]
    for owner, url in linked:
        if not _leads(url):
            yield f"{owner}: '{url}' leads nowhere; write a full link"


def _leads(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"https", "http"} and "." in (parts.hostname or "")


def _link(study: Study) -> Iterator[str]:
    """A found work's link leads somewhere, and to the identifier that stands beside it."""
    work = study.publication or study.standing
    url, identifier = (work.url, work.identifier) if work else (None, None)
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme != "https" or not _leads(url) or len(parts.path) < 2:
        yield f"study {study.number}: '{url}' leads nowhere; write the work's https link"
    named = {"doi.org": parts.path[1:], "arxiv.org": parts.path.removeprefix("/abs/")}
    if (wanted := named.get(parts.hostname or "")) and wanted not in (identifier or ""):
        yield f"study {study.number}: its link is {wanted}, its identifier another; correct one"


def _orphans(knowledge: Knowledge) -> Iterator[str]:
    studies = knowledge.studies
    cited = {study.source_id for study in studies if study.source_id}
    cited |= {series.source_id for series in knowledge.series}
    cited |= {statement.source_id for statement in knowledge.statements}
    known_and_used = (
        ("source", [source.id for source in knowledge.sources], cited),
        ("topic", [topic.id for topic in knowledge.topics], {t for s in studies for t in s.topics}),
        ("venue", [venue.name for venue in knowledge.venues], {study.venue for study in studies}),
    )
    for kind, known, used in known_and_used:
        for name in known:
            if name not in used:
                yield f"{kind} {name}: nothing refers to it; remove it or file something under it"


def _package(data: Path) -> Iterator[str]:
    """The package description and the folder name the same files."""
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    listed = {resource["path"] for resource in package["resources"]}
    there = {path.relative_to(data).as_posix() for path in data_files(data)}
    for name in sorted(listed ^ there):
        yield f"datapackage.json: {name}: list every data file, and no other"
