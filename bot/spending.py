"""Spending: money that buys tokens, and money that a bill is to stay within.

Money is only one of these beside a model or tokens, and where it is no price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.capabilities import find_levels
from bot.periods import PERIOD, period
from bot.selling import PROVIDER, find_made, find_models
from bot.slots import MONEY, Mention, find_all
from bot.values import Spend
from bot.volumes import find_volumes
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context

EVERY = pattern(PERIOD)
_A_PRICE = pattern(r"""
    (?: (?:in|out|input|output|blended))? ?(?:/|per|an?|for|each|every)(?: )?
    (?:(?:1|\d{1,12}) ?)?(?:m\b|mtok|(?:million |input |output ){0,2}(?:tokens?\b|calls?\b))
""")
_WITHIN = pattern(r"""
    \b(?:within|under|below|less than|no more than|at most|over|above|more than)
    (?: (?:a |the |our |my )?(?:budget|limit|cap)(?: of)?)? ?$
""")
_AGAINST = pattern(r"(?:than|beneath|reach|reached|hit|[<>=]|at least) ?$")
_PER_DOLLAR = pattern(r"\btokens? (?:per|to the|a) (?:us )?(?:dollar|buck)\b")
_ENOUGH = (  # asked of money alone: 'is $300 a month enough', 'how long does $50 last'
    (pattern(r"\b(?:is|are|will|would) ?$"), pattern(r"(?: )(?:be )?enough\b")),
    (pattern(r"\bhow long (?:do|does|will|would) ?$"), pattern(r"(?: )last\b")),
)
_BEFORE_ALL = pattern(r"\W*(?:(?:and|what about|how about|so|ok|or|for|with|is that) ){0,3}")
_AFTER_ALL = pattern(r"\W*")


def speaks_of_tokens(context: Context) -> bool:
    """Whether there is a word of tokens, a model, who sells some, or a level of capability."""
    named = "tok" in context.said.text or context.once(find_models) or context.once(find_made)
    return bool(named or context.once(find_levels) or context.once(PROVIDER.find))


def all_there_is(text: str, start: int, end: int) -> bool:
    """Whether a message says nothing else, as the answer to what was asked does."""
    return bool(_BEFORE_ALL.fullmatch(text, 0, start) and _AFTER_ALL.fullmatch(text, end))


def begins_with_number(text: str) -> bool:
    """Whether a number is the first that a message says."""
    start = _BEFORE_ALL.match(text)
    return start is not None and text[start.end() : start.end() + 1].isdigit()


def _amounts(context: Context) -> Iterator[tuple[Mention[Spend], bool]]:
    """Money that is no price, with its period, and whether it is called a limit."""
    text = context.said.text
    for money in context.once(MONEY.find):
        if _A_PRICE.match(text, money.end):
            continue
        within = _WITHIN.search(text, 0, money.start)
        if within is None and _AGAINST.search(text, 0, money.start):
            continue
        per = EVERY.match(text, money.end)
        end = per.end() if per else money.end
        spend = Spend(money.value, period(per and per[0]))
        if within:
            yield Mention(spend, within.start(), end), True
        else:
            yield Mention(spend, money.start, end), False


def find_spends(context: Context) -> Iterator[Mention[Spend]]:
    """Money that buys tokens."""
    text = context.said.text
    yield from find_all(_PER_DOLLAR, lambda _: Spend(1.0), text)
    for mention, within in context.once(_amounts):
        # a command begins with it, whatever the model is called
        first = mention.start == 0 or all_there_is(text, mention.start, mention.end)
        if not within and (first or speaks_of_tokens(context)):
            yield mention


def find_limits(context: Context) -> Iterator[Mention[Spend]]:
    """Money that tokens are to be paid from: called so, asked about, or said beside so many."""
    text = context.said.text
    for mention, within in context.once(_amounts):
        asked = mention if within else _asked(text, mention)
        if context.once(find_volumes):
            yield mention
        elif asked and all_there_is(text, asked.start, asked.end):
            yield asked


def _asked(text: str, money: Mention[Spend]) -> Mention[Spend] | None:
    """The money with the words around it that ask whether it is enough, or how long it lasts."""
    for before, after in _ENOUGH:
        start, end = before.search(text, 0, money.start), after.match(text, money.end)
        if start and end:
            return Mention(money.value, start.start(), end.end())
    return None


def say_spend(spend: Spend) -> str:
    return MONEY.say(spend.dollars) + (f"/{spend.per}" if spend.per else "")
