"""Bases of a projection as people say them: a yearly rate in any form, a scenario, a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slots import LEVEL, PERCENT, Mention, Slot, find_all
from bot.titles import STUDIES
from bot.values import HEADLINE, LATEST, TREND, Basis
from bot.words import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.vocabulary import Context

_FALL = (
    r"(?: (?:annual |yearly )?"
    r"(?:decline|drop|fall|decrease|reduction|cut|lower|cheaper|down))?"
)
_YEARLY = (
    rf"{_FALL}(?: ?/ ?(?:yr|year)| (?:a|per|each|every) (?:year|yr|annum)"
    r"| annually| yearly| p\.?a\.?\b)?"
)
_NUMBER = r"(?<![\w.$])(\d{1,4}(?:\.\d+)?)"
_RATE = pattern(rf"""
    {_NUMBER} ?{PERCENT}? ?(?:-|to|and|or) ?(\d{{1,4}}(?:\.\d+)?) ?{PERCENT}{_YEARLY}
    |{_NUMBER} ?{PERCENT}{_YEARLY}
""")
_PART_A_YEAR = pattern(r"""
    \b(?:(a|one|1|two|2|three|3) )?(half|third|quarter|fifth|tenth)s?
    (?: (?:a|per|each|every) year| annually| yearly)\b
""")
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_SOME = {"two": 2, "2": 2, "three": 3, "3": 3}
_HALVING = pattern(r"""
    \b(?:halv(?:e|es|ed|ing)|cut in half|half)(?: in (?:cost|price))?
    (?: (?:every|each|per|a)(?: single)?(?: (\d{1,2}(?:\.\d+)?))? (year|month)s?
    | annually| yearly)\b
""")
_TIMES = pattern(rf"""
    {_NUMBER} ?(?:x|times|-?fold)(?: (?:cheaper|lower|less|decline|drop|decrease))?
    (?: (?:every|each|per|a)(?: (\d{{1,2}}(?:\.\d+)?))? (year|month)s?| annually| yearly)\b
""")


def _rate(match: re.Match[str]) -> Basis:
    low, high, only = match.groups()
    lower, higher = sorted((float(low or only) / 100, float(high or only) / 100))
    return Basis("rate", lower, higher)


def _per_year(remaining: float, years: float) -> Basis | None:
    """The decline a year when `remaining` is left after so many years."""
    if not (years > 0 and remaining > 0):
        return None
    decline = round(1 - remaining ** (1 / years), 6)
    return Basis("rate", decline, decline)


def _length(number: str | None, unit: str | None) -> float:
    return float(number or 1) / (12 if unit == "month" else 1)


def rates(context: Context) -> Iterator[Mention[Basis]]:
    """Declines per year in every form: 30%, 20 to 30 percent, a third a year, 2x every 2 years."""
    text = context.said.text
    levels = context.once(LEVEL.find)
    for mention in find_all(_RATE, _rate, text):
        if not any(mention.overlaps(level) for level in levels):
            yield mention
    yield from find_all(
        _PART_A_YEAR, lambda m: _per_year(1 - _SOME.get(m[1] or "", 1) / _PARTS[m[2]], 1), text
    )
    yield from find_all(_HALVING, lambda m: _per_year(0.5, _length(m[1], m[2])), text)
    yield from find_all(
        _TIMES,
        lambda m: _per_year(1 / float(m[1]) if float(m[1]) else 0, _length(m[2], m[3])),
        text,
    )


_OWNED = r"\b(?:the )?(?:post|blog|article)(?:'s|s)?"
_HEADLINE_RANGE = r"20(?: ?%)? ?(?:-|to) ?30 ?(?:%|percent)"
_NAMED = pattern(rf"""
    (?:{_OWNED} )?\b(headline|title)(?:'s|s)?
    (?: (?:rate|scenario|figure|number|basis))?s?\b(?: (?:of )?{_HEADLINE_RANGE})?
    |{_OWNED} (?:{_HEADLINE_RANGE}|claimed rate|(?:own )?rate)
    |\b(latest|most recent|last year's|current|recent)
    (?: (?:yearly |annual )?(?:rate|pace|decline|drop|scenario|speed))\b
    |\b(latest)\b
    |\b(?:the )?(trend|historical (?:rate|average|pace)|average (?:rate|pace))
    (?: (?:line|rate|scenario|basis))?\b
""")


def _named(match: re.Match[str]) -> Basis:
    if match[2] or match[3]:
        return LATEST
    return TREND if match[4] else HEADLINE


def bases(context: Context) -> Iterator[Mention[Basis]]:
    """A basis by name, a rate, or a study whose claim is taken."""
    yield from find_all(_NAMED, _named, context.said.text)
    yield from rates(context)
    for mention in context.once(STUDIES.find):
        if len(mention.value) == 1:
            yield Mention(Basis("study", study=mention.value[0]), mention.start, mention.end)


def say_basis(basis: Basis) -> str:
    if basis.kind == "study":
        return f"study {basis.study}"
    if basis.kind != "rate":
        return basis.kind
    low, high = f"{100 * basis.low:.10g}", f"{100 * basis.high:.10g}"
    return f"{low}%" if low == high else f"{low}-{high}%"


BASIS: Slot[Basis] = Slot(
    "basis",
    bases,
    say_basis,
    "At which rate?",
    suggest=("trend", "headline", "latest", "30%"),
)
