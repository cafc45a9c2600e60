"""Outlook: what a bill would come to in a later year, at rates that measure different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.answer import Line, Link, Part, line
from bot.questions.citing import POST
from bot.questions.levels import LATELY, month, named, spread
from bot.questions.listed import dated, the_market
from bot.questions.published import PUBLISHED, group_range, grouped
from bot.questions.table import table_rate
from bot.volumes import short
from knowledge.errors import NumberError
from knowledge.market.bill import later
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Fall
    from knowledge.market.records import Level, ModelPrice
    from knowledge.records import Group

LEVEL = "level"  # the key of its rate
Ends = tuple[float, float]
HARDWARE: Group = "hardware price-performance"
MOST_WORDS = 1e15  # tokens that have a word
MOST_YEARS = 10  # rates of two or twenty years say nothing about more


class Assumed(Struct, frozen=True):
    """A yearly rate or a range of them, by the word for it, and what it is of."""

    key: str
    words: str
    rate: Rate

    @property
    def label(self) -> str:
        return f"{self.key} {spread(self.rate)}"


class Outlook(Struct, frozen=True):
    """Rates applied for whole years, from the year of the newest prices to a later one."""

    start: int
    year: int
    rates: tuple[Assumed, ...]

    @classmethod
    def of(cls, kb: KnowledgeBase, level: Level | None, year: int) -> Outlook:
        """NumberError for a year too far ahead."""
        start = kb.market.as_of.year
        if year > start + MOST_YEARS:
            raise NumberError(
                f"{year} is too far ahead: bills are projected at most {MOST_YEARS} years, to"
                f" {start + MOST_YEARS}"
            )
        return cls(start, year, tuple(assumed(kb, level)))

    @property
    def years(self) -> int:
        return self.year - self.start

    def shares(self, rate: Rate) -> Ends:
        """What is left of a price, at a rate's fast and at its slow end."""
        return later(1, rate, self.years)

    def words(self) -> Line:
        """What each rate is of."""
        return line(f"The rates: {'; '.join(a.words for a in self.rates)}.", detail=True)


def said(ends: Ends, *, buys: bool) -> str:
    """A projected range, to two digits: '$31–42', '120M–1.5bn tokens'; or one amount."""
    if buys:
        return "–".join(dict.fromkeys(map(_tokens, ends)))
    low, high = (wording.about(n) for n in ends)
    return low if low == high else f"{low}–{high.removeprefix('$')}"


def _tokens(number: float) -> str:
    if number >= MOST_WORDS:
        return f"{number:.1e}".replace("+", "")
    return short(round(wording.significant(number, 2), 6))


def assumed(kb: KnowledgeBase, level: Level | None) -> Iterator[Assumed]:
    """The level's own trend lately, published estimates of hardware, the post's two rates."""
    if level and (own := _own(kb, level)):
        yield own
    members = grouped(kb.studies(collection=PUBLISHED))[HARDWARE]
    words = f"hardware, {len(members)} published estimates of {HARDWARE}"
    yield Assumed("hardware", words, group_range(members))
    series = kb.series()
    yield Assumed("headline", "headline, the post's", kb.headline)
    words = f"table, the post's, {wording.years(series.first_year, series.last_year)}"
    yield Assumed("table", words, table_rate(kb))


def _own(kb: KnowledgeBase, level: Level) -> Assumed | None:
    """End to end and by the trend of all months, since the fall has slowed; None: too short."""
    fall = kb.market.fall(level)
    since = lately(fall)
    ends = fall.since(since)
    if ends.annual is None:
        return None
    low, high = sorted((ends.annual, fall.trend(since)))
    words = f"level (of its cheapest alone), what {named(level)} did since {month(since)}"
    words += ", end to end and by trend"
    return Assumed(LEVEL, words, Rate(low, high))


def lately(fall: Fall) -> date:
    """Since when a level's own rate is taken: since the fall has slowed, or it was reached."""
    return max(LATELY, fall.floors[0].day)


def sources(kb: KnowledgeBase, prices: Sequence[ModelPrice], *, ahead: bool) -> Line:
    """Where prices were read, as of when, and whose the rates are."""
    market = the_market(kb, prices)
    if not ahead:
        return market
    post = kb.source(POST)
    parts: list[Part] = ["; rates: published estimates, ", Link(post.publisher, post.url)]
    return line(*market.parts, *parts, f" ({dated(post.published)})")
