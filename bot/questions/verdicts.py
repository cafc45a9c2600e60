"""Verdicts: rates that were said, each with what the price of every level did since."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.questions.citing import POST, annual_rate
from bot.questions.levels import month, spread
from bot.questions.published import PUBLISHED, label
from knowledge.market.base import POST_LEVEL
from knowledge.market.outcomes import is_forecast, outcomes, said_by_trend, yearly
from knowledge.rates import Rate
from knowledge.trend import DEFAULT_LEVEL, MIN_CHANGES, backtest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall
    from knowledge.market.outcomes import Outcome, Verdict
    from knowledge.records import Group, Study

COMPARABLE: Group = "price at fixed capability"  # what the market's floors measure as well
DIFFERENT = (
    "These measure different things: the post an undefined inference, each estimate scores and"
    " months of its own up to its date; here the list price of a token from the cheapest model at"
    " a fixed score. A found rate is no promise that it goes on."
)


class Said(Struct, frozen=True):
    """A yearly rate that was said, by whom, from when on it is judged, and what came."""

    key: str
    name: str
    called: str
    start: date
    said: Rate
    outcomes: tuple[Outcome, ...]
    at_least: bool = False
    study: Study | None = None

    @property
    def came(self) -> Rate:
        """From the level that fell least to the one that fell most; never averaged."""
        rates = [o.annual for o in self.outcomes]
        return Rate(min(rates), max(rates))

    @property
    def years(self) -> tuple[int, int]:
        """The calendar years in which it begins to be judged, and in which that ends."""
        return self.start.year, self.outcomes[0].stretch.end.day.year

    def verdicts(self) -> Counter[Verdict]:
        return Counter(o.than(self.said, at_least=self.at_least) for o in self.outcomes)


def everything(kb: KnowledgeBase) -> tuple[Said, ...]:
    """The post's headline and its forecast row, then published estimates by date."""
    falls = _falls(kb)
    studies = [s for study in kb.studies(collection=PUBLISHED) if (s := of_study(study, kb))]
    return (
        _headline(kb, falls),
        _row(kb, falls),
        *sorted(studies, key=lambda s: (s.start, s.key)),
    )


def of_study(study: Study, kb: KnowledgeBase) -> Said | None:
    """A published estimate; None for what measures something else, or cannot be dated or judged."""
    work, rate = study.publication, annual_rate(study)
    if work is None or work.month is None or rate is None or study.group != COMPARABLE:
        return None
    start = date(study.year, work.month, 1)
    found = outcomes(_falls(kb), start)
    if not found:
        return None
    who = label(study).split()[1]
    name = f"{study.number} {who} {start:%m/%y}"
    least = any(e.at_least for e in study.estimates)
    return Said(str(study.number), name, f"study {study.number}", start, rate, found, least, study)


def judged(entry: Said) -> Verdict:
    """What most levels did; where as many did another thing, what was said held."""
    counts = entry.verdicts()
    first, *rest = counts.most_common()
    tie = bool(rest) and rest[0][1] == first[1]
    return "within" if tie else first[0]


def counted(entry: Said) -> str:
    """'at 6 of 7 levels (1 within)', 'at every level'."""
    verdict, counts = judged(entry), entry.verdicts()
    rest = [f"{n} {word}" for word, n in counts.items() if word != verdict]
    if not rest:
        return "at every level"
    return f"at {counts[verdict]} of {len(entry.outcomes)} levels ({', '.join(rest)})"


def from_later(entry: Said, kb: KnowledgeBase) -> str:
    """What the same levels did from a month later on: how much hangs on the first month."""
    start = date(entry.start.year + entry.start.month // 12, entry.start.month % 12 + 1, 1)
    levels = {o.level for o in entry.outcomes}
    later = [o.annual for o in outcomes(_falls(kb), start) if o.level in levels]
    said = spread(Rate(min(later), max(later)))
    return f"Counted from {month(start)}, a month later, the same levels fell {said} a year."


def by_trend(kb: KnowledgeBase) -> Iterator[Said]:
    """What the trend of the table said at each year's end, for the last year that is over."""
    series, falls, end = kb.series(), _falls(kb), last_year_over(kb)
    for point in series.points[MIN_CHANGES:]:
        found = outcomes(falls, date(point.year, 12, 31), date(end, 12, 31))
        if point.year <= series.observed_until and point.year < end and found:
            said = said_by_trend(series, point.year, end)
            start = date(point.year, 12, 31)
            yield Said(f"trend.{point.year}", str(point.year), str(point.year), start, said, found)


def by_market(kb: KnowledgeBase) -> str:
    """How far the same method gets on the market's own prices."""
    own = yearly(kb.market.fall(kb.market.level(POST_LEVEL)))
    changes = len(own.points) - 1
    said = (
        f"The same method on the price of GPT-4 level itself needs {MIN_CHANGES} yearly changes and"
        f" a year to score; up to {own.last_year} there are {changes}."
    )
    longest = max((yearly(fall) for fall in _falls(kb)), key=lambda s: len(s.points))
    tests = backtest(longest)
    if not tests:
        return said
    held = sum(t.held for t in tests)
    widest = min(t.projection.high / t.projection.low for t in tests)
    name, times = kb.market.level(longest.id).name, wording.count(len(tests), "time")
    return (
        f"{said} On {name} level, the longest, its {wording.percent(DEFAULT_LEVEL)} interval held"
        f" {held} of {times}, but its high end was at least {wording.factor(widest)} its low one."
    )


def not_judged(kb: KnowledgeBase) -> tuple[Study, ...]:
    """Published forecasts that measure what no list price does."""
    return tuple(
        s for s in kb.studies(collection=PUBLISHED) if is_forecast(s) and s.group != COMPARABLE
    )


def last_year_over(kb: KnowledgeBase) -> int:
    """The last calendar year that is over by the market's prices."""
    day = kb.market.as_of
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def _headline(kb: KnowledgeBase, falls: Sequence[Fall]) -> Said:
    published = kb.source(POST).published
    found = outcomes(falls, published)
    name = f"Post {published:%m/%y}"
    return Said("headline", name, "the post's headline", published, kb.headline, found)


def _row(kb: KnowledgeBase, falls: Sequence[Fall]) -> Said:
    """The post's forecast for the year after the last one it could know."""
    series = kb.series()
    before, year = series.observed_until, series.observed_until + 1
    fell = 1 - (series.at(year) or 0.0) / (series.at(before) or 1.0)
    start = date(before, 12, 31)
    found = outcomes(falls, start, date(year, 12, 31))
    name = f"Post for {year}"
    return Said(f"row.{year}", name, f"the post's {year} row", start, Rate(fell, fell), found)


def _falls(kb: KnowledgeBase) -> list[Fall]:
    return [kb.market.fall(level) for level in kb.market.levels()]
