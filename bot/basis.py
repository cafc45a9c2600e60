"""Bases of a projection as people say them: a yearly rate in any form, a scenario, a study."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slots import LEVEL, PERCENT, Mention, Slot, find_all
from bot.titles import STUDIES
from bot.values import HEADLINE, LATEST, TREND, Basis
from bot.words import at_word, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.vocabulary import Context

_FALL = (
    r"(?: (?:annual |yearly )?"
    r"(?:decline|drop|fall|decrease|reduction|cut|lower|cheaper|down))?"
)
_LENGTH = r"(?:(?: (\d{1,2}(?:\.\d+)?))? ?(year|yr|annum|month|quarter)s?)"
_YEARLY = (
    rf"{_FALL}(?:(?: ?/ ?| (?:a|per|each|every|over) ?){_LENGTH}\b"
    r"| annually| yearly| p\.?a\.?\b)?"
    r"(?: (?:decline|drop|fall|decrease|reduction)\b)?"
)
_NUMBER = r"(?<![\w.$-])(-?\d{1,4}(?:\.\d+)?)"
_RATE = pattern(rf"""
    {_NUMBER} ?{PERCENT}? ?(?:-|to|and|or) ?(\d{{1,4}}(?:\.\d+)?) ?{PERCENT}{_YEARLY}
    |{_NUMBER} ?{PERCENT}{_YEARLY}
""")
_PART_A_YEAR = pattern(r"""
    \b(?:(a|one|1|two|2|three|3) )?(half|third|quarter|fifth|tenth)s?
    (?: (?:less|off|cheaper|lower))?
    (?: (?:a|per|each|every) year| annually| yearly)\b
""")
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_SOME = {"two": 2, "2": 2, "three": 3, "3": 3}
_HALVING = pattern(r"""
    \b(?:halv(?:e|es|ed|ing)|cut in half|half(?: the)? price|half)(?: in (?:cost|price))?
    (?: (?:every|each|per|a)(?: single)?(?: (\d{1,2}(?:\.\d+)?))? (year|month)s?
    | annually| yearly)\b
""")
_TIMES = pattern(rf"""
    (?:{_NUMBER}(?:x|times)? ?(?:-|to) ?)?(?<![\w.$])(\d{{1,4}}(?:\.\d+)?) ?(?:x|times|-?fold)
    (?: (?:cheaper|lower|less|decline|drop|decrease))?
    (?: (?:every|each|per|a)(?: (\d{{1,2}}(?:\.\d+)?))? (year|month)s?| annually| yearly)\b
    |\bfactor of {_NUMBER}(?: (?:every|each|per|a)(?: (\d{{1,2}}(?:\.\d+)?))? (year|month)s?)\b
""")

_REMAINING = pattern(rf"""
    \b(?:keeps?|retains?|is|to|only|just) (?:only |just )?(\d{{1,2}}(?:\.\d+)?) ?{PERCENT}
    of (?:its|the|last year's|the previous|what it was)\b(?: (?:price|cost|value|year|one|the))*
    (?: (?:before|(?:a|each|every) year|yearly|annually))
""")
_RISE = pattern(r"""
    (?:increas\w*|ris(?:e|es|ing)|rose|grow\w*|grew|go(?:es|ing)? up|went up|gone up|hike\w*
    |inflation)
    (?: (?:of|by|at|about|around|in|costs?|prices?))*(?: )$
""")


def _rate(match: re.Match[str]) -> Basis:
    low, high, length, unit, only, only_length, only_unit = match.groups()
    lower, higher = sorted((float(low or only) / 100, float(high or only) / 100))
    years = _length(length or only_length, unit or only_unit)
    if years != 1 and years > 0 and higher < 1:
        lower, higher = (round(1 - (1 - end) ** (1 / years), 6) for end in (lower, higher))
    return Basis("rate", lower, higher)


def _per_year(remaining: float, years: float) -> Basis | None:
    """The decline a year when `remaining` is left after so many years."""
    if not (years > 0 and remaining > 0):
        return None
    decline = round(1 - remaining ** (1 / years), 6)
    return Basis("rate", decline, decline)


def _length(number: str | None, unit: str | None) -> float:
    """So many years, months or quarters, in years."""
    return float(number or 1) / {"month": 12, "quarter": 4}.get(unit or "", 1)


_SIGNS = re.compile(
    r"%|per ?cent|pct|\d ?-?(?:x|times|fold)|factor of|hal[fv]|third|quarter|fifth|tenth"
)


def speaks_of_rates(text: str) -> bool:
    """Whether a rate may be told in it, and also how many times cheaper something got."""
    return bool(_SIGNS.search(text))


def rates(context: Context) -> Iterator[Mention[Basis]]:
    """Declines per year in every form: 30%, 20 to 30 percent, a third a year, 2x every 2 years."""
    text = context.said.text
    if not speaks_of_rates(text):
        return
    left = list(find_all(_REMAINING, lambda m: _per_year(float(m[1]) / 100, 1), text))
    yield from left
    known: list[Mention[Any]] = [*context.once(LEVEL.find), *left]
    for mention in find_all(_RATE, _rate, text):
        if any(mention.overlaps(other) for other in known):
            continue
        value = mention.value
        if value.high < 0:  # a change of -30% is a decline of 30%
            value = Basis("rate", -value.high, -value.low)
        start = mention.start
        if rise := _RISE.search(text, 0, mention.start):
            value, start = Basis("rate", -value.high, -value.low), rise.start()
        yield Mention(value, start, mention.end)
    yield from find_all(
        _PART_A_YEAR, lambda m: _per_year(1 - _SOME.get(m[1] or "", 1) / _PARTS[m[2]], 1), text
    )
    yield from find_all(_HALVING, lambda m: _per_year(0.5, _length(m[1], m[2])), text)
    yield from find_all(_TIMES, _times, text)


def _times(match: re.Match[str]) -> Basis | None:
    low, high, length, unit, alone, alone_length, alone_unit = match.groups()
    years = _length(length or alone_length, unit or alone_unit)
    ends = [_per_year(1 / float(f), years) for f in (low, high or alone) if f and float(f) > 0]
    found = [end.low for end in ends if end]
    return Basis("rate", min(found), max(found)) if found else None


_OWNED = r"\b(?:the )?(?:post|blog|article)(?:'s|s)?"
_NAMED = at_word(rf"""
    (?:{_OWNED} )?\b(headline|title)(?:'s|s)?
    (?: (?:rate|scenario|figure|number|basis))?s?\b
    |{_OWNED} (?:own )?(?:claimed |stated )?(?:rate|claim|figure)
    |\b(latest|most recent|current|recent|last year's(?= (?:rate|pace|tempo|speed)))
    (?: (?:yearly |annual )?(?:rate|pace|decline|drop|scenario|speed))\b
    |\b(latest|last (?:observed |recorded |yearly )?(?:drop|decline|fall)
    |(?:the )?(?:pace|rate|tempo|speed) of (?:the )?(?:last|latest|past|most recent) year
    |(?:like|as in|at) (?:the )?(?:last|latest|most recent) year(?:'s)?(?: (?:pace|rate|tempo))?)\b
    |\b(?:the )?(trend|historical (?:rate|average|pace)|average (?:rate|pace))
    (?: (?:line|rate|scenario|basis))?\b
""")


def _named(match: re.Match[str]) -> Basis:
    if match[2] or match[3]:
        return LATEST
    return TREND if match[4] else HEADLINE


def bases(context: Context) -> Iterator[Mention[Basis]]:
    """A basis by name, a rate, or a study whose claim is taken."""
    named = list(find_all(_NAMED, _named, context.said.text))
    yield from named
    for rate in context.once(rates):
        if title := _headline(rate, named, context):
            yield title
        else:
            yield rate
    for mention in context.once(STUDIES.find):
        if len(mention.value) == 1:
            yield Mention(Basis("study", study=mention.value[0]), mention.start, mention.end)


def _headline(
    rate: Mention[Basis], named: Sequence[Mention[Basis]], context: Context
) -> Mention[Basis] | None:
    """The post's title where its own range is pointed at: 'the 20-30%', 'the headline's 20-30%'."""
    title, text = context.vocabulary.headline, context.said.text
    if (rate.value.low, rate.value.high) != (title.low, title.high):
        return None
    pointed = _POINTED.search(text, 0, rate.start)
    before = [m for m in named if m.value == HEADLINE and rate.start - m.end in range(5)]
    start = before[0].start if before else pointed.start() if pointed else None
    return None if start is None else Mention(HEADLINE, start, rate.end)


_POINTED = pattern(rf"(?:(?:the|that|this|its) |{_OWNED} )$")


def say_basis(basis: Basis) -> str:
    if basis.kind == "study":
        return f"study {basis.study}"
    if basis.kind != "rate":
        return basis.kind
    low, high = f"{100 * basis.low:.10g}", f"{100 * basis.high:.10g}"
    if basis.low < 0:  # a rise
        low, high = high.removeprefix("-"), low.removeprefix("-")
        return f"rise of {low}%" if low == high else f"rise of {low}-{high}%"
    return f"{low}%" if low == high else f"{low}-{high}%"


BASIS: Slot[Basis] = Slot(
    "basis",
    bases,
    say_basis,
    "At which rate?",
    suggest=("trend", "headline", "latest", "30%"),
)
