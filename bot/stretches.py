"""Stretches of years as people say them: the whole table, the last three years, before 2020."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.slots import Mention
from bot.values import Years
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context

_UNIT = (
    r"(?:calls?|inferences|requests?|quer(?:y|ies)|prompts?|messages?|dollars?|bucks?|usd|cents?"
    r"|tokens?|percent|per cent)\b"
)
NO_UNIT = rf"(?! ?{_UNIT})(?![%¢$]| ?[¢$])"

_FULL = pattern(r"""
    \b(?:
    (?:whole|full|entire|complete|all the|all) (?:cost )?
    (?:table|period|series|time ?span|range|history|data ?set|record|years|rows)
    |every (?:single )?(?:year|row) (?:you|you've|you have|there)|every row
    |everything you have|over the years|from (?:the )?(?:start|beginning) to (?:the )?end)\b
""")
_LOOSE_FULL = re.compile(r"\b(?:overall|so far|all of (?:them|it)|in total|altogether|over time)\b")
_RECENT = re.compile(r"\b(?:last|past|previous) (\d{1,2}) (?:years?|yrs?)\b")
_COMING = re.compile(r"\b(?:next|coming) (\d{1,2}) (?:years?|yrs?)\b")
_BARE_PAIR = pattern(rf"""
    (?:(?<=from )|(?<=between )|(?<=about ))
    ([12]\d)(?: ?- ?| to | and | till | until )([1-3]\d)
    (?!\w|[.,]\d){NO_UNIT}(?! (?:a|per) year| years| months)
""")
_SHORT_END = re.compile(r"(?<![\w.,$])(20)(\d\d)(?:-|/)(\d\d)((?:/\d\d)*)(?![\w/]|-\d)")
_BEFORE = re.compile(r"\b(?:before|prior to|pre-?) ?(20\d\d)\b")
_AFTER = re.compile(r"\b(?:after|(?<!^)post) (20\d\d)\b(?! ?-)")  # '/studies post 2018' has both


def stretches(context: Context, *, loose: bool) -> Iterator[Mention[Years]]:
    """Stretches of years that no two years are named for; `loose` ones where no year is."""
    for find in (_whole, _recent, _short_ends, _one_sided):
        yield from find(context)
    if loose:
        yield from _all_of(_LOOSE_FULL, context)


def _whole(context: Context) -> Iterator[Mention[Years]]:
    return _all_of(_FULL, context)


def _all_of(words: re.Pattern[str], context: Context) -> Iterator[Mention[Years]]:
    full = Years(context.years, span=True)
    return (Mention(full, m.start(), m.end()) for m in words.finditer(context.said.text))


def _recent(context: Context) -> Iterator[Mention[Years]]:
    """'the last three years' end with the last row; 'the next five' count from this year."""
    text, (first, last) = context.said.text, context.years
    for m in _RECENT.finditer(text):
        start = max(first, last - int(m[1]))
        if start < last:
            yield Mention(Years((start, last), span=True), m.start(), m.end())
    for m in _COMING.finditer(text):
        yield Mention(Years((context.today.year + int(m[1]),)), m.start(), m.end())


def _short_ends(context: Context) -> Iterator[Mention[Years]]:
    """'2018-20', '2020/21/22', 'from 19 to 23'."""
    for m in _SHORT_END.finditer(context.said.text):
        ends = sorted(2000 + int(n) for n in (m[2], m[3], *m[4].split("/")[1:]))
        month = "-" in m[0] and int(m[3]) <= 12 < int(m[2])  # 2024-12
        if ends[0] < ends[-1] and not month:
            yield Mention(Years((ends[0], ends[-1]), span=True), m.start(), m.end())
    for m in _BARE_PAIR.finditer(context.said.text):
        one, other = sorted((2000 + int(m[1]), 2000 + int(m[2])))
        if one < other:
            yield Mention(Years((one, other), span=True), m.start(), m.end())


def _one_sided(context: Context) -> Iterator[Mention[Years]]:
    """'before 2020' begins with the first row, 'after 2022' ends with the last."""
    first, last = context.years
    for m in _BEFORE.finditer(context.said.text):
        if first < int(m[1]) <= last:
            yield Mention(stretch(first, int(m[1]) - 1), m.start(), m.end())
    for m in _AFTER.finditer(context.said.text):
        if first <= int(m[1]) < last:
            yield Mention(stretch(int(m[1]) + 1, last), m.start(), m.end())


def stretch(first: int, last: int) -> Years:
    return Years((first, last), span=True) if first < last else Years((first,))
