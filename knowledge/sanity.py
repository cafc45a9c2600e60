"""What values can be true: the checks of single records that go beyond their types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.own import FIRST_NUMBER
from knowledge.records import PER, Estimate
from knowledge.strict import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.records import CostSeries, Source, Study, Venue
    from knowledge.strict import Place, Table

YEARS = range(1950, 2101)
LONGEST_ID = 16  # of a series: every question about it names it
DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")  # a year, or a month of one


def check_source(source: Source, place: Place) -> None:
    check_url(source.url, place)
    if source.published > source.read:
        raise place.wrong("'read' is before 'published'; correct one of the dates")


def check_series(series: CostSeries, place: Place) -> None:
    if len(series.id) > LONGEST_ID:
        raise place.wrong(
            f"the id '{series.id}' is too long for a button; shorten it, and the file's name, to"
            f" {LONGEST_ID} characters"
        )
    if not series.thing or not series.unit.startswith(PER):
        raise place.wrong(
            f"'unit' is '{series.unit}'; give amounts in US dollars and write '{PER}GPU hour'"
        )
    if not series.points:
        raise place.wrong("has no rows; add points = [{ year = ..., value = ... }]")
    for point in series.points:
        check_year(point.year, place)
        if point.value <= 0:
            raise place.wrong(f"the value of {point.year} is {point.value}; it must be above zero")
    missing = set(range(series.first_year, series.last_year)) - {p.year for p in series.points}
    if missing:
        raise place.wrong(f"{min(missing)} has no row; add it, the years must have no gap")
    if series.at(series.observed_until) is None:
        raise place.wrong(f"'observed_until' is {series.observed_until}; write the year of a row")


def check_study(study: Study, source: Source | None, place: Place) -> None:
    check_year(study.year, place)
    if study.number < 1:
        raise place.wrong("'number' must be 1 or more; give it the next free number")
    if (study.group is None) == (study.publication is not None):
        raise place.wrong("a published estimate has a 'group' of what it measures, and only that")
    if study.publication and study.publication.month not in (None, *range(1, 13)):
        raise place.wrong(f"'month' is {study.publication.month}; write 1 to 12")
    for claim in study.estimates:
        if (claim.seen_at is None) == (study.publication is not None):
            raise place.wrong("a published estimate says where it was 'seen_at', and only that")
        if claim.seen_at is None:
            check_quote(claim, study.conclusion, place)
    if source and study.year > source.published.year:
        raise place.wrong(f"'year' is {study.year}, after its source was published; correct it")
    check = study.standing
    if check and (check.status == "not_found") == (check.url is not None):
        raise place.wrong("a standing has a 'url' when the work was found, and only then")


def check_number(study: Study, place: Place, *, own: bool) -> None:
    """A later product never takes the number of an own study."""
    if own and study.number < FIRST_NUMBER:
        raise place.wrong(
            f"'number' is {study.number}; own studies are numbered from {FIRST_NUMBER} on"
        )
    if not own and study.number >= FIRST_NUMBER:
        raise place.wrong(f"numbers from {FIRST_NUMBER} on are for own data; give it a lower one")


def check_topics(study: Study, topics: set[str], place: Place) -> None:
    for topic in study.topics:
        if topic not in topics:
            raise place.wrong(f"unknown topic '{topic}'; add it to topics.toml or remove it")


def check_venue(study: Study, venues: Iterable[Venue], place: Place) -> None:
    """Refuse the short name of a venue that has a full one."""
    for venue in venues:
        names = {name.casefold() for name in (venue.name, *venue.aliases)}
        if study.venue != venue.name and study.venue.casefold() in names:
            raise place.wrong(f"'venue' is '{study.venue}'; write '{venue.name}'")


def estimate(table: Table, place: Place) -> Estimate:
    """A claim, if its numbers fit its form."""
    for end in ("period_start", "period_end"):
        if type(table.get(end)) is int:
            table[end] = str(table[end])
    claim = record(Estimate, table, place)
    if not 0 < claim.low <= claim.high:
        raise place.wrong("'low' and 'high' must be above zero and in this order; swap them")
    if claim.central is not None and not claim.low <= claim.central <= claim.high:
        raise place.wrong("'central' must be from 'low' to 'high'; correct it")
    if claim.at_least and claim.low != claim.high:
        raise place.wrong("'at_least' is for one number; remove it or write one")
    if claim.form.endswith("decline") and claim.high >= 1:
        raise place.wrong(f"a decline of {claim.high} is 100% or more; write 30% as 0.3")
    if claim.form.endswith("factor") and claim.low < 1:
        raise place.wrong(f"a factor of {claim.low} is a rise; write how many times cheaper")
    _check_years(claim, place)
    _check_period(claim, place)
    return claim


def _check_years(claim: Estimate, place: Place) -> None:
    low, high = claim.years_low, claim.years_high
    if (low is None) != (high is None):
        raise place.wrong("'years_low' and 'years_high' belong together; write both or none")
    if low is None or high is None:
        return
    if not claim.form.startswith("total"):
        raise place.wrong(f"'{claim.form}' needs no 'years_low' and 'years_high'; remove them")
    if not 0 < low <= high:
        raise place.wrong("'years_low' and 'years_high' must be above zero and in order; swap them")


def _check_period(claim: Estimate, place: Place) -> None:
    start, end = claim.period_start, claim.period_end
    if start is not None and end is None:
        raise place.wrong("'period_start' needs a 'period_end'; write both or none")
    for date in (start, end):
        if date is None:
            continue
        if not DATE.fullmatch(date):
            raise place.wrong(f"'{date}' is no year or month; write 2022 or \"2022-11\"")
        check_year(int(date[:4]), place)
    if start is not None and end is not None and start > end:
        raise place.wrong("'period_start' must not be after 'period_end'; swap them")


def check_words(entries: Iterable[tuple[Place, Iterable[str]]]) -> None:
    """Refuse a word that would mean two entries."""
    owners: dict[str, Place] = {}
    for place, words in entries:
        for word in words:
            owner = owners.setdefault(word.casefold(), place)
            if owner != place:
                raise place.wrong(f"'{word}' already belongs to {owner.entry}; keep it in one")


def check_quote(claim: Estimate, text: str, place: Place) -> None:
    if claim.quote not in text:
        raise place.wrong(f"the quote '{claim.quote}' is not in its text; copy it letter by letter")


def check_url(url: str, place: Place) -> None:
    if not url.startswith(("https://", "http://")) or " " in url:
        raise place.wrong(f"'url' is '{url}'; write a full link from https:// on")


def check_year(year: int, place: Place) -> None:
    if year not in YEARS:
        raise place.wrong(f"{year} is no year from {YEARS[0]} to {YEARS[-1]}; correct it")
