"""References: words that stand for something in the answer before, put in its place.

'the second one', 'compare it with 5', 'the year after', 'half of that', 'per day?'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.questions.base import Question
from bot.questions.cost import PER_YEAR
from bot.words import pattern
from knowledge.errors import NumberError

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.questions.base import Asked
    from bot.values import Count
    from knowledge.base import KnowledgeBase

_ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
}
_ORDINAL = pattern(rf"""
    \b(?:the )?({"|".join(_ORDINALS)}) (?:one|study|paper|of (?:them|those|these))\b
""")
_AMONG = pattern(r"(?i:\b(?:of|among|amongst|between) (?:them|those|these)\b)")
_BESIDE_STUDY = pattern(r"(?i:\b(?:the )?(?P<side>next|previous|prior) (?:one|study|paper)\b)")
_TOGETHER = pattern(r"(?i:\W*(?:and |please )*compare (?:them|these|those)(?: all)?\W*)")
_ADDED = pattern(r"""
    (?i:\W*(?:and |also |please |now )*(?:add|include|plus) (?:stud(?:y|ies) |number |no\.? |\#)*
    (\d{1,2})\W*)
""")
_MORE = pattern(
    r"(?i:\W*(?:and |show |please )*(?:more|next|next page|continue|go on)(?: please)?\W*)"
)
_CLAIMED = pattern(r"""
    (?i:\W*(?:and |or |what about |how about )*(\d{1,2}(?:\.\d+)?) ?(?:%|percent)?\W*)
""")
_THAT = r"(it|that|this|that one|this one|(?:that|this|the) (?:study|paper))\b"
_THAT_STUDY = pattern(rf"""
    (?i:(?<=\bcompare ){_THAT}|(?<=\bproject ){_THAT}|(?<=\bcite ){_THAT}
    |\b(?:with|against|vs|versus|than|to|by|using|about|of) {_THAT}
    |\bis {_THAT}(?= (?:real|legit|true|fake|found|a real|an actual|genuine))
    |\b(?:does|do|would) {_THAT}(?= (?:really |actually )?(?:exist|say|compare))
    |\bdid (?:you|u) (?:actually |really )?find {_THAT}
    |^\W*(?:and )?(?:what )?{_THAT} (?:claims?|says?)|\b(?:who wrote|where is|when was) {_THAT})
""")
_YEAR_BESIDE = pattern(r"""
    (?i:\b(?:the )?(?:(?:year|one) (?P<side>before|after)(?: (?:that|this|it))?
    |(?P<next>following|next|previous|preceding|prior) (?:one|year)
    |(?:a|one) year (?P<along>earlier|later|before|after))\b)
""")
_PART = pattern(r"""
    (?i:\b(?P<part>half|a third|a quarter|a fifth|a tenth|a hundredth|twice|double)
    (?: of)? (?:that|this|it)\b)
""")
_PARTS = {
    "half": 1 / 2,
    "a third": 1 / 3,
    "a quarter": 1 / 4,
    "a fifth": 1 / 5,
    "a tenth": 1 / 10,
    "a hundredth": 1 / 100,
    "twice": 2.0,
    "double": 2.0,
}
_ABOUT_IT = r"""
    (?:(?:and|so|ok(?:ay)?|or|but|then|what|how|about|much|many|is|was|are|does|do|would|will|it|that
    |this|i|we|you|pay|spend|get|be|cost|costs|come|comes|work|works|out|to|at|make|makes|me|us|the
    |total|bill|price|in|by|on|over|for|run|basis|please|pls)(?:'s|'d|'ll)?\b,? ?)*
"""
_PERIOD = pattern(rf"""
    (?i:(?!.{{0,60}}\bwill .{{0,60}}\bin an? )\W*{_ABOUT_IT}
    (?:\b(?:per|an?|each|every)(?: (?:single|whole|full))? (?P<unit>hour|day|week|month|year)
    |\b(?P<adverb>hourly|daily|weekly|monthly|yearly|annual(?:ly)?))\b,? ?{_ABOUT_IT}\W*)
""")
_UNITS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}


def pointed(text: str, previous: Asked | None, kb: KnowledgeBase) -> str:
    """The text with what it refers to named outright, as far as the answer before has it.

    Raises NumberError when it points at a study that was not shown.
    """
    if not isinstance(previous, Question):
        return text
    years, money, count = (getattr(previous, name, None) for name in ("years", "money", "count"))
    if years is not None and len(years.listed) == 1:
        text = _YEAR_BESIDE.sub(lambda m: str(years.first + _step(m)), text)
    if money is not None:
        text = _PART.sub(lambda m: f"${wording.plain(money * _PARTS[m['part'].lower()])}", text)
    told_by = hasattr(previous, "by")
    if (told_by or count is not None) and (period := _PERIOD.fullmatch(text)):
        unit = (period["unit"] or _UNITS[period["adverb"].lower()]).lower()
        return f"per {unit}" if told_by or count is None else _so_many(count, unit)
    if hasattr(previous, "page") and _MORE.fullmatch(text):
        return f"page {(previous.page or 1) + 1}"
    if hasattr(previous, "claim") and (claimed := _CLAIMED.fullmatch(text)):
        return f"and {claimed[1]}% a year"
    return _studies(text, previous, kb)


def _so_many(count: Count, unit: str) -> str:
    """The calls of one period as those of another: so many a day are more a month."""
    number = count.number
    if count.per:
        number *= PER_YEAR[count.per] / PER_YEAR[unit]
    return f"and {round(number)} calls per {unit}"


def _step(match: re.Match[str]) -> int:
    said = next(g for g in (match["side"], match["next"], match["along"]) if g).lower()
    return 1 if said in ("after", "following", "next", "later") else -1


def _studies(text: str, previous: Question, kb: KnowledgeBase) -> str:
    match, among = _ORDINAL.search(text.casefold()), _AMONG.search(text)
    beside, added = _BESIDE_STUDY.search(text), _ADDED.fullmatch(text)
    together = _TOGETHER.fullmatch(text)
    if not (match or among or beside or added or together or _THAT_STUDY.search(text)):
        return text
    shown = previous.answer(kb).studies
    if not shown:
        return text
    if together and len(shown) > 1:
        return f"compare studies {wording.numbers(shown)}"
    if added and len(shown) > 1:
        return f"compare {wording.numbers((*shown, int(added[1])))}"
    if beside and len(shown) == 1:
        step = 1 if beside["side"].lower() == "next" else -1
        return _BESIDE_STUDY.sub(f"study {shown[0] + step}", text, count=1)
    if match:
        return _ordinal(text, match, shown)
    if among and len(shown) > 1:
        return _AMONG.sub(f"of studies {wording.numbers(shown)}", text, count=1)
    if len(shown) == 1:
        return _THAT_STUDY.sub(lambda m: _named(m, f"study {shown[0]}"), text, count=1)
    return text


def _ordinal(text: str, match: re.Match[str], shown: Sequence[int]) -> str:
    place = _ORDINALS[match[1]]
    if place >= len(shown):
        raise NumberError(
            f"the last answer showed {wording.count(len(shown), 'study')}, so there is no"
            f" {match[1]} one"
        )
    return f"{text[: match.start()]}study {shown[place]}{text[match.end() :]}"


def _named(match: re.Match[str], study: str) -> str:
    """The match with the pronoun in it replaced."""
    group = next(i for i, g in enumerate(match.groups(), start=1) if g)
    start, end = (place - match.start() for place in match.span(group))
    return match[0][:start] + study + match[0][end:]
