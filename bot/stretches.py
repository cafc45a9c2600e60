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
_COUNTED = pattern(r"""
    \b(?:last|past|previous|(?P<coming>next|coming)) (?P<years>\d{1,2}) (?:years?|yrs?)\b
""")
_BARE_PAIR = pattern(rf"""
    (?:(?<=from )|(?<=between )|(?<=about ))
    ([12]\d)(?: ?- ?| to | and | till | until )([1-3]\d)
    (?!\w|[.,]\d){NO_UNIT}(?! (?:a|per) year| years| months)
""")
_SHORT_END = re.compile(r"(?<![\w.,$])(20)(\d\d)(?:-|/)(\d\d)((?:/\d\d)*)(?![\w/]|-\d)")
_ONE_SIDED = pattern(r"""
    \b(?:before|prior to|pre-?) ?(20\d\d)\b
    |\b(?:after|(?<!^)post) (20\d\d)\b(?! ?-)
""")  # '/studies post 2018' has a collection and a year


def stretches(context: Context, *, loose: bool) -> Iterator[Mention[Years]]:
    """Stretches of years that no two years are named for; `loose` ones where no year is.

    What ends or begins with no year of its own does so with the table's last or first row.
    """
    text, (first, last) = context.said.text, context.years
    for words in (_FULL, _LOOSE_FULL) if loose else (_FULL,):
        for m in words.finditer(text):
            yield Mention(stretch(first, last), m.start(), m.end())
    for m in _COUNTED.finditer(text):
        counted = int(m["years"])
        start = max(first, last - counted)
        if m["coming"]:  # from this year on
            yield Mention(Years((context.today.year + counted,)), m.start(), m.end())
        elif start < last:
            yield Mention(stretch(start, last), m.start(), m.end())
    yield from _short(text)
    for m in _ONE_SIDED.finditer(text):
        before, after = (int(year or 0) for year in m.groups())
        if first < before <= last:
            yield Mention(stretch(first, before - 1), m.start(), m.end())
        elif first <= after < last:
            yield Mention(stretch(after + 1, last), m.start(), m.end())


def _short(text: str) -> Iterator[Mention[Years]]:
    """'2018-20', '2020/21/22', 'from 19 to 23'."""
    for m in _SHORT_END.finditer(text):
        ends = sorted(2000 + int(n) for n in (m[2], m[3], *m[4].split("/")[1:]))
        month = "-" in m[0] and int(m[3]) <= 12 < int(m[2])  # 2024-12
        if ends[0] < ends[-1] and not month:
            yield Mention(stretch(ends[0], ends[-1]), m.start(), m.end())
    for m in _BARE_PAIR.finditer(text):
        one, other = sorted((2000 + int(m[1]), 2000 + int(m[2])))
        if one < other:
            yield Mention(stretch(one, other), m.start(), m.end())


def stretch(first: int, last: int) -> Years:
    return Years((first, last), span=True) if first < last else Years((first,))
