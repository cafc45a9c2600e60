"""Slot: a kind of value that people mention; what can be read from text can be said as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct, field

from bot import wording
from bot.values import Count
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.vocabulary import Context

T = TypeVar("T")


class Mention(Struct, Generic[T], frozen=True):
    """A value in a message, and the characters it spans."""

    value: T
    start: int
    end: int

    def overlaps(self, other: Mention[Any]) -> bool:
        return self.start < other.end and other.start < self.end


class Slot(Struct, Generic[T], frozen=True, eq=False):
    """One kind of value.

    `find` reads every mention from a message; `bare` reads what a command was given without the
    signs that a sentence needs ('/when 0.01'), or None. `say` writes a value so that `find` or
    `bare` reads it again. `ask` is the question for a missing value, `suggest` answers to it.
    A slot that does not `matter` may go unread without a reading being the worse for it.
    """

    name: str
    find: Callable[[Context], Iterable[Mention[T]]]
    say: Callable[[T], str]
    ask: str
    bare: Callable[[str, Context], T | None] = lambda _text, _context: None
    suggest: tuple[str, ...] = field(default=())
    matters: bool = True
    brief: Callable[[T], str] | None = None  # a shorter spelling, for what would not fit a link


def find_all(
    pattern: re.Pattern[str], value: Callable[[re.Match[str]], T | None], text: str
) -> Iterator[Mention[T]]:
    """A mention for every match that has a value."""
    return _valued(pattern, value, text) if pattern.search(text) else iter(())  # as most


def _valued(
    pattern: re.Pattern[str], value: Callable[[re.Match[str]], T | None], text: str
) -> Iterator[Mention[T]]:
    for match in pattern.finditer(text):
        read = value(match)
        if read is not None:
            yield Mention(read, match.start(), match.end())


# --------------------------------------------------------------------------- money

_AMOUNT = r"(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:e[-+]?\d{1,2})?"
_MONEY = pattern(rf"""
    (?:us ?\$|\$|\busd) ?(-?{_AMOUNT})(?: ?(?:dollars?|usd|bucks?)\b)?
    |(?<![\w.])({_AMOUNT}) ?(?:us ?dollars?|us ?\$|dollars?|bucks?|usd|\$(?! ?\d))(?!\w)
    |(?<![\w.])({_AMOUNT}) ?(?:us )?(?:cents?\b|cts?\b|¢|c\b|penn(?:y|ies)\b)
    |\b(?:a|under|sub|below)[ -](?:single |us )?(cent|penny|dime|nickel|dollar|buck|grand)
    \b(?! (?:or|figure))
    |\ba (quarter) (?:of a )?(?:dollar|buck)?\b(?! (?:a|per|each|every|of|less|off|year|million))
""")
_COINS = {"cent": 0.01, "penny": 0.01, "nickel": 0.05, "dime": 0.10, "dollar": 1.0, "buck": 1.0}
_COINS |= {"quarter": 0.25, "grand": 1000.0}
_BARE_AMOUNT = re.compile(rf"[<>=]*\$?(-?{_AMOUNT})\$?")


def _dollars(match: re.Match[str]) -> float:
    dollars, after, cents, coin, quarter = match.groups()
    if coin or quarter:
        return _COINS[coin or quarter]
    return float(cents) / 100 if cents else float(dollars or after)


def _say_money(dollars: float) -> str:
    """Cents in full, all else as the shortest decimal: $0.10, $0.0005, $1500."""
    cents = dollars == round(dollars, 2) and dollars != round(dollars)
    return f"${dollars:.2f}" if cents else f"${wording.plain(dollars)}"


def times(dollars: float, number: float) -> float:
    """So many times as much money, to as many digits as can be said."""
    return float(wording.plain(dollars * number))


MONEY: Slot[float] = Slot(
    "money",
    lambda c: find_all(_MONEY, _dollars, c.said.text),
    _say_money,
    "Which amount?",
    lambda text, _: float(m[1]) if (m := _BARE_AMOUNT.fullmatch(text)) else None,
    suggest=("$0.01", "$0.001", "$0.0001"),
)

# --------------------------------------------------------------------------- counts

THING = (
    r"(?:calls?|inferences?|requests?|quer(?:y|ies)|prompts?|invocations?|messages?|questions?"
    r"|chats?|completions?|answers?|responses?|predictions?|letters?|lookups?|searches|runs|uses"
    r"|hits|customers?|users?|documents?|tasks?|jobs?|emails?|conversations?|generations?"
    r"|of (?:them|those|these))\b"
)
_OTHER_UNIT = (
    r"(?:(?:us )?dollars?|bucks?|usd|cents?|percent|per ?cent|pct|tokens?|years?|yrs?|months?|days?"
    r"|hours?|weeks?|times|x|fold|studies|papers)\b"
)
_SMALL_WORD = r"(?:and|to|or|vs|versus|in|for|was|were|is|a|per)\b"
_PER = (
    r"(?:(?: ?/ ?| (?:a|an|per|each|every) )(hour|day|week|month|year)\b"
    r"| (hourly|daily|weekly|monthly|yearly)\b)?"
)
_COUNT = pattern(rf"""
    (?<![\w.$#-])(\d{{1,15}}(?:\.\d+)?(?:e\d{{1,2}})?) ?
    (?:(?:api|ai|llm|model|inference) )?({THING}){_PER}
    |(?<![\w.$#-])(?<!year )(?<!\bin )(\d{{4,15}})(?! ?{_OTHER_UNIT})(?![\w.%¢$]|-\d| ?[%¢$])
    (?: (?!{_SMALL_WORD})[a-z]{{3,20}}s\b)?{_PER}
""")
_ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
}


MANY_OF_THEM = 100


def _count(match: re.Match[str]) -> Count | None:
    number = float(match[1] or match[5])
    plural = (match[2] or "").endswith(("s", "them", "these", "those"))
    if (match[2] or "").startswith("of") and number < MANY_OF_THEM:
        return None  # two of them are studies
    if number == 1 or (not plural and 1900 <= number < 2200):
        return None
    per: Any = match[3] or match[6] or _ADVERBS.get(match[4] or match[7] or "")
    return Count(number, per)


def _powers(number: float) -> str:
    """2000000000 as 2e9, where that is exact."""
    plain = wording.plain(number)
    digits = plain.rstrip("0")
    zeros = len(plain) - len(digits)
    return f"{digits}e{zeros}" if zeros > 2 and "." not in plain else plain


COUNT: Slot[Count] = Slot(
    "count",
    lambda c: find_all(_COUNT, _count, c.said.text),
    lambda v: f"{wording.plain(v.number)} calls" + (f"/{v.per}" if v.per else ""),
    "How many calls?",
    suggest=("1000 calls", "1000000 calls"),
    brief=lambda v: f"{_powers(v.number)} calls" + (f"/{v.per}" if v.per else ""),
)

# --------------------------------------------------------------------------- levels

PERCENT = r"(?:%|percent\b|per cent\b|pct\b)"
_LEVEL = pattern(rf"""
    \blevel (\d{{1,3}}(?:\.\d+)?)(?: ?{PERCENT})?
    |(?<![\w.$])(\d{{1,3}}(?:\.\d+)?)
    (?: ?{PERCENT}[ -](?:certainty|sure|interval|level(?! \d)|band|range)
    |(?: ?{PERCENT})?[ -](?:confidence|prediction|credible|ci\b|pi\b)
    (?: (?:interval|level|band|range))?)
""")

LEVEL: Slot[float] = Slot(
    "level",
    lambda c: find_all(_LEVEL, lambda m: float(m[1] or m[2]) / 100, c.said.text),
    lambda v: f"level {100 * v:.10g}",
    "Which level, in percent?",
    suggest=("level 80", "level 95"),
)

# --------------------------------------------------------------------------- pages

_PAGE = re.compile(r"\bpage (\d{1,3})\b")
PAGE: Slot[int] = Slot(
    "page",
    lambda c: find_all(_PAGE, lambda m: int(m[1]), c.said.text),
    lambda v: f"page {v}",
    "Which page?",
    suggest=("page 2",),
)
