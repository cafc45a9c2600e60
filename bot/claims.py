"""Claims as people repeat them: a decline every year, or so many times cheaper in all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.basis import bases, rates, speaks_of_rates
from bot.slots import PERCENT, Mention, Slot, find_all
from bot.values import Claim
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.values import Basis
    from bot.vocabulary import Context

_NUMBER = r"(?<![\w.$])(\d{1,6}(?:\.\d+)?)"
_TOTAL = pattern(rf"""
    {_NUMBER} ?(?:x|times|-?fold)(?: (?:cheaper|lower|less|decline|drop|decrease|reduction)
    |(?= (?:in|over|within) \d))
    |\bfactor of {_NUMBER}\b
    |{_NUMBER} ?{PERCENT}(?: (?:decline|drop|decrease|reduction|cheaper|lower|less))? in total
""")
_OVER = pattern(r"""
    (?: cheaper| lower| less| of the (?:price|cost))?(?: )(?:in|over|within|every)
    (?: the last| the past)?(?: )(\d{1,2}(?:\.\d+)?) ?(year|yr|month)s?\b(?! ago)
""")
_YEARLY = pattern(r"""
    (?:year|yr|annum|month|quarter)s?\b|annual|yearly|p\.?a\b
""")


_DATED = re.compile(r"\b(?:19|20)\d\d\b")


def find_claims(context: Context) -> Iterator[Mention[Claim]]:
    """Declines per year in every form that a rate has, and totals: '10x cheaper', '90% in total'.

    A percentage that names no period is taken as yearly, unless years are named beside it.
    """
    text = context.said.text
    if not speaks_of_rates(text):
        return
    totals = [_spread(m, text) for m in find_all(_TOTAL, _total, text)]
    yearly = (_yearly(m, text) for m in context.once(rates))
    found = [*totals, *(_as_said(m, context) for m in yearly)]
    for mention in found:  # '10x cheaper' is no total inside '10x cheaper every year'
        longer = (m for m in found if m.end - m.start > mention.end - mention.start)
        if not any(mention.overlaps(other) for other in longer):
            yield mention


def _as_said(claim: Mention[Claim], context: Context) -> Mention[Claim]:
    """With the words that point at it: 'the 20-30% a year' names the headline as well."""
    if _SUPPOSED.search(context.said.text, 0, claim.start):
        return claim
    start = min((b.start for b in context.once(bases) if b.overlaps(claim)), default=claim.start)
    return Mention(claim.value, min(start, claim.start), claim.end)


_SUPPOSED = re.compile(r"\b(?:if|assuming|supposing|suppose)\b[^.?!]{0,16}$")


def _yearly(rate: Mention[Basis], text: str) -> Mention[Claim]:
    """A rate as a claim: in total when it names no period but the message names years."""
    dated = bool(_DATED.search(text)) and not _YEARLY.search(text, rate.start, rate.end)
    return Mention(Claim(rate.value.low, rate.value.high, total=dated), rate.start, rate.end)


def _spread(total: Mention[Claim], text: str) -> Mention[Claim]:
    """A total over so many years as what it is a year: 10x in 2 years is 68.4% a year."""
    over = _OVER.match(text, total.end)
    if not over or total.value.high >= 1:
        return total
    years = float(over[1]) / (12 if over[2] == "month" else 1)
    if not years:
        return total
    ends = (total.value.low, total.value.high)
    low, high = (round(1 - (1 - end) ** (1 / years), 6) for end in ends)
    return Mention(Claim(low, high), total.start, over.end())


def _total(match: re.Match[str]) -> Claim | None:
    times, factor, percent = match.groups()
    if percent:
        return Claim(float(percent) / 100, float(percent) / 100, total=True)
    fold = float(times or factor)
    if fold < 1:
        return None
    decline = round(1 - 1 / fold, 9)
    return Claim(decline, decline, total=True)


def say_claim(claim: Claim) -> str:
    rises = claim.high < 0
    ends = (-claim.high, -claim.low) if rises else (claim.low, claim.high)
    low, high = (f"{100 * end:.10g}" for end in ends)
    said = ("rise of " if rises else "") + (f"{low}%" if low == high else f"{low}-{high}%")
    return f"{said} in total" if claim.total else f"{said} a year"


CLAIM: Slot[Claim] = Slot(
    "claim",
    find_claims,
    say_claim,
    "Which claim?",
    suggest=("30% a year", "90% a year"),
    matters=False,
)
