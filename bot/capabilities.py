"""Levels of capability and stretches of time as people say them: 'gpt-4 level', 'since 2024-12'.

The names of levels are the market's; they are read from the data only for a message with a word
that can make a level of a name.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bot.calendar import find_years
from bot.days import find_days, say_day
from bot.slots import Mention, Slot, find_all
from bot.values import Day, Days
from bot.words import at_word, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.values import Years
    from bot.vocabulary import Context
    from knowledge.market.records import Level

# --------------------------------------------------------------------------- levels

_KIND = (
    r"(?:level|class|grade|quality|equivalent|equivalence|calib(?:er|re)|tier|strength|performance"
    r"|capability|capabilities|intelligence|standard)s?\b"
)
_GOOD = (
    r"(?:(?:as (?:good|smart|capable|clever|strong) as|(?:at least|no worse than|at|on) (?:the )?"
    r"(?:level|par) (?:of|with)|(?:level|class|quality|capability|performance|intelligence) of"
    r"|match(?:es|ing)?|on par with|comparable (?:to|with)) (?:the )?(?:original )?)"
)
_MAKES = re.compile(rf"\b(?:{_KIND}|{_GOOD}|mmlu|gpqa)")
_SUFFIX = re.compile(r" (?:level|class)$")


@cache
def _grammar(levels: tuple[Level, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for all the names of levels, and the level's id by a name without blanks."""
    names: dict[str, str] = {}
    others: dict[str, str] = {}  # what means a level as it stands: 'mmlu 86'
    for level in levels:
        for alias in (*level.aliases, f"{level.id} level"):
            name = _SUFFIX.sub("", alias)
            (names if name != alias else others)[name] = level.id
    said, alone = (
        "|".join(_spaced(name) for name in sorted(some, key=len, reverse=True))
        for some in (names, others)
    )
    return (
        re.compile(
            rf"(?<![\w.-])(?:(?P<alone>{alone})(?![\w%]|[.-]\d)"
            rf"|(?P<before>{said})(?:'s)?[ -]{_KIND}(?! \d\d?\b(?!-))"
            rf"|{_GOOD}(?P<after>{said})(?![\w-]|\.\d))"
        ),
        {_glued(name): level for some in (names, others) for name, level in some.items()},
    )


def _glued(name: str) -> str:
    return re.sub(r"[ '-]", "", name)


def _spaced(name: str) -> str:
    """A name however it is spaced: letters and numbers may stand apart."""
    parts = re.findall(r"[a-z]+|[\d.]+", name)
    return r"[ '-]{0,2}".join(re.escape(part) for part in parts)


def find_levels(context: Context) -> Iterator[Mention[str]]:
    """Levels of capability by name, which is no plain name of a model; the value is the id."""
    text = context.said.text
    if not _MAKES.search(text):
        return
    found, ids = _grammar(context.vocabulary.levels())
    yield from find_all(found, lambda m: ids[_glued(m[m.lastgroup or 0])], text)


def _bare_level(text: str, context: Context) -> str | None:
    """What a command was given: a name needs no word that makes it a level."""
    _, ids = _grammar(context.vocabulary.levels())
    return ids.get(_glued(_SUFFIX.sub("", text)))


CAPABILITY: Slot[str] = Slot(
    "capability",
    find_levels,
    lambda id: f"{id} level",  # noqa: A006  # as in the data
    "Which level of capability?",
    _bare_level,
    suggest=("gpt-3.5 level", "gpt-4 level", "o1 level"),
)

# --------------------------------------------------------------------------- whatever the level

Fixed = Literal["fixed", "slowed"]

_QUALITY = r"(?:capability|capabilities|quality|performance|intelligence|ability)"
_SAME = at_word(rf"""
    \bllm[- ]?flation\b|\btoken (?:price )?deflation\b
    |\b(?:fixed|constant|equal|given|(?:the )?same) (?:level of )?{_QUALITY}
    |\b(?:price|cost)s? (?:of|for|per) (?:(?:a )?unit of )?(?:ai |machine |artificial )*
    intelligence\b
    |\b(?:fixed|constant) levels?(?: of {_QUALITY})?\b|\blevels of {_QUALITY}\b|^fixed\b
""")
_SLOWER = (
    r"(?:slow(?:s|ed|ing|er)?(?: down)?|still (?:falling|dropping|declining|going down"
    r"|getting cheaper)|stopped (?:falling|dropping)|level(?:l?ed|l?ing) off"
    r"|bottom(?:ed|ing) out|plateau\w*)\b"
)
_SLOWED = pattern(rf"""
    \bprices?\b.{{0,40}}?\b{_SLOWER}(?:.{{0,24}}?\b{_SLOWER})?|\b{_SLOWER}.{{0,24}}?\bprices?\b
""")
_PRICES = r"(?:prices?|pricing|costs?|rates?)\b"
_TOKENS = pattern(rf"""
    (?:\bper |/ ?)(?:(?:1 )?million |1000000 )?(?:input |output )?tokens?\b
    |\b(?:(?:tokens?|apis?|list) (?:list )?{_PRICES}|{_PRICES} (?:of|for|per)
    (?: an?| the| ai| llm)* (?:tokens?|apis?)\b|tokens\b)
""")
_FALLING = pattern(r"""
    \b(?:fall|falls|fallen|fell|falling|drop\w*|declin\w*|decreas\w*|deflat\w*|cheaper|less
    |(?:com(?:e|es|ing)|came|go(?:es|ing|ne)?|went) down|crash\w*|collaps\w*|plung\w*|plummet\w*
    |tumbl\w*|slid\w*|shr[aiu]nk\w*|lower|reduc\w*)\b
""")


def _whatever(context: Context) -> Iterator[Mention[Fixed]]:
    """The price of the same, whoever sells it: said so, that it slowed, that tokens get cheaper."""
    text = context.said.text
    usual = (_SAME, _SLOWED)
    for words in (*usual, _TOKENS) if _FALLING.search(text) else usual:
        for match in words.finditer(text):
            how: Fixed = "slowed" if words is _SLOWED else "fixed"
            yield Mention(how, match.start(), match.end())


FIXED: Slot[Fixed] = Slot("fixed", _whatever, str, "At a fixed capability?")

# --------------------------------------------------------------------------- stretches

_SINCE = pattern(r"""
    (?:\bsince|\bfrom|\bstarting(?: (?:in|from))?|\bbeginning(?: in)?|\bafter
    |\b(?:cheaper|less|lower|fallen?|fell) than(?: (?:it|they) (?:was|were))?(?: back)?(?: in)?
    |\bthan(?: back)? in|\bcompared (?:to|with))(?: the)?(?: (?:start|beginning|end) of)?(?: )$
""")
_TO = pattern(r"""
    (?: (?:and|to|until|till|til|through|thru|up to)(?: the end of)? | ?- ?| ?-?> ?)
""")
_ONE_YEAR = re.compile(r"\D*\d{4}\D*")
_RECENT = re.compile(r"(?:last|past|previous) (\d{1,2}) ")


def _stretches(context: Context) -> Iterator[Mention[Days]]:
    """Days, months or years joined by 'to', or one opened by 'since'; open ones end now."""
    text = context.said.text
    days: list[Mention[Day]] = []
    for day in sorted(context.once(find_days), key=lambda m: (m.start, -m.end)):
        if not days or not day.overlaps(days[-1]):  # the year of a month is no day of its own
            days.append(day)
    opened = days
    for one, other in pairwise(days):
        joined = _TO.fullmatch(text, one.end, other.start)
        if joined and one.value.last < other.value.first:
            yield Mention(Days(one.value, other.value), one.start, other.end)
            opened = [day for day in days if day not in (one, other)]
    for day in opened:
        if _SINCE.search(text, max(0, day.start - 40), day.start):  # its words may be cues as well
            yield Mention(Days(day.value), day.start, day.end)
    for years in context.once(find_years):
        if stretch := _of_years(years, context):
            yield Mention(stretch, years.start, years.end)


def _of_years(years: Mention[Years], context: Context) -> Days | None:
    """A span of years that was named; it ends now where its end only is the table's."""
    said = context.said.text[years.start : years.end]
    if not years.value.span or years.value.first < 1:
        return None
    if recent := _RECENT.match(said):
        return Days(Day(context.today.year - int(recent[1]), context.today.month))
    if not any(c.isdigit() for c in said):  # 'over time' is all there is
        return None
    first, last = Day(years.value.first), Day(years.value.last)
    ends_now = last.year == context.vocabulary.last_year and _ONE_YEAR.fullmatch(said)
    return Days(first, None if ends_now else last)


def _say_days(days: Days) -> str:
    if days.last is None:
        return f"since {say_day(days.first)}"
    return f"{say_day(days.first)} to {say_day(days.last)}"


STRETCH: Slot[Days] = Slot(
    "stretch",
    _stretches,
    _say_days,
    "Since when?",
    suggest=("since 2024", "since 2024-12"),
    brief=lambda days: _say_days(days).replace(" to ", ">"),
)
