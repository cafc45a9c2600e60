"""Days as people say them, or whole months and years: 2024, March 2025, 6 Aug 2024, 2024-08-06."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from bot.calendar import bare_years, find_years
from bot.slots import Mention, Slot, find_all
from bot.values import Day
from bot.words import at_word, pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.vocabulary import Context

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATED = at_word(rf"""
    (?<![\w.-])(?P<year>20\d\d)[-/](?P<month>\d\d?)(?:[-/](?P<day>\d\d?))?(?![\w%]|[-/.]\d)
    |(?<![\w.])(?:(?P<before>\d\d?)(?:st|nd|rd|th)? (?:of )?)?\b{_MONTH}
    (?: (?P<after>\d\d?)(?:st|nd|rd|th)?(?=,? 20))?,?(?: of)? ?'?(?P<then>20\d\d|(?<=')\d\d)
    (?![\w%]|\.\d)
""")


def _day(match: re.Match[str]) -> Day | None:
    year = int(match["year"] or match["then"])
    month = int(match["month"] or 0) or 1 + _MONTHS.index(match["name"][:3])
    day = match["day"] or match["before"] or match["after"]
    found = Day(year if year > 99 else 2000 + year, month, int(day) if day else None)
    try:
        date(found.year, month, found.day or 1)
    except ValueError:  # 31 June, or no date at all
        return None
    return found


def find_days(context: Context) -> Iterator[Mention[Day]]:
    """Dates, and years named alone."""
    yield from find_all(_DATED, _day, context.said.text)
    for mention in context.once(find_years):
        if len(mention.value.listed) == 1 and 1 <= mention.value.first <= date.max.year:
            yield Mention(Day(mention.value.first), mention.start, mention.end)


def say_day(day: Day) -> str:
    """As ISO 8601 writes it: 2024, 2024-08, 2024-08-06."""
    parts = [f"{day.year:04d}", *(f"{part:02d}" for part in (day.month, day.day) if part)]
    return "-".join(parts)


def _bare_day(text: str, context: Context) -> Day | None:
    years = bare_years(text, context)
    one = years is not None and len(years.listed) == 1 and 1 <= years.first <= date.max.year
    return Day(years.first) if years and one else None


ON: Slot[Day] = Slot("on", find_days, say_day, "Which day?", _bare_day, suggest=("2024", "2025"))

_OVER_TIME = pattern(r"""
    \b(?:over (?:the )?(?:time|years)|(?:price |pricing |cost )?(?:history|timeline|development
    |evolution|changes)|through(?:out)? (?:time|the years)|since (?:launch|release|it came out)
    |all (?:its |the )?(?:prices|periods)|(?:how|when) (?:has|have|did)(?=.{1,60} changed?\b))\b
""")
OverTime = Literal["over time"]


def _over_time(context: Context) -> Iterator[Mention[OverTime]]:
    """Said so, or a stretch of years."""
    for match in _OVER_TIME.finditer(context.said.text):
        yield Mention("over time", match.start(), match.end())
    for mention in context.once(find_years):
        if len(mention.value.listed) > 1:
            yield Mention("over time", mention.start, mention.end)


OVER_TIME: Slot[OverTime] = Slot("history", _over_time, str, "Over time?", matters=False)
