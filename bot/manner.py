"""How a question is meant: which extreme, which side of a price, which aspect of the sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from bot.slots import Mention, Slot, find_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context

Extreme = Literal["highest", "lowest"]

_LARGE = r"highest|biggest|largest|steepest|fastest|sharpest|greatest|strongest|quickest"
_SMALL = r"lowest|smallest|slowest|weakest|mildest|gentlest|tiniest|least"
_CHEAPEST = re.compile(
    r"\b(?:(cheapest|lowest|least expensive|least costly)|(priciest|dearest|most expensive|costliest"
    r"|most costly|highest))\b"
)
_STEEPEST = re.compile(rf"\b(?:({_SMALL}|worst)|({_LARGE}|best|(?:the )?most))\b")
_BOLDEST = re.compile(
    rf"\b(?:((?:most )?(?:conservative|pessimistic|cautious|bearish|modest|careful)"
    rf"|least (?:optimistic|bullish|aggressive|bold|ambitious)|{_SMALL})"
    rf"|((?:most )?(?:optimistic|bullish|aggressive|ambitious|bold|boldest|extreme)|{_LARGE}"
    r"|least (?:conservative|pessimistic|cautious|bearish)|(?:the )?most))\b"
)
_OPPOSED = re.compile(r"\b(?:pessimist\w*|bear\w*|worst).{1,20}(?:optimist\w*|bull\w*|best)"
                      r"|\b(?:optimist\w*|bull\w*|best).{1,20}(?:pessimist\w*|bear\w*|worst)")


def _low_or_high(match: re.Match[str]) -> Extreme:
    return "lowest" if match[1] else "highest"


def _boldest(context: Context) -> Iterator[Mention[Extreme]]:
    if not _OPPOSED.search(context.said.text):
        yield from find_all(_BOLDEST, _low_or_high, context.said.text)


CHEAPEST: Slot[Extreme] = Slot(
    "cheapest",
    lambda c: find_all(_CHEAPEST, _low_or_high, c.said.text),
    str,
    "Cheapest or dearest?",
)
STEEPEST: Slot[Extreme] = Slot(
    "steepest",
    lambda c: find_all(_STEEPEST, _low_or_high, c.said.text),
    str,
    "Largest or smallest?",
    matters=False,
)
BOLDEST: Slot[Extreme] = Slot("boldest", _boldest, str, "Highest or lowest?", matters=False)

_EACH = re.compile(
    r"\b(?:year (?:on|over|by|to|after) year|yoy|y/y|each(?: single)? year|every(?: single)? year|all years"
    r"|each one|every one|yearly (?:declines|drops|changes|falls)|annual (?:declines|drops|changes))\b|^each$"
)
EACH: Slot[Literal["each"]] = Slot(
    "each",
    lambda c: find_all(_EACH, lambda _: "each", c.said.text),
    str,
    "Each year?",
    matters=False,
)

_ABOVE = re.compile(
    r"\b(?:above|over|more than|greater than|at least|exceed(?:s|ed|ing)?|higher than|still cost)\b(?= (?:\$|\d|\.|a |us))"
)
ABOVE: Slot[Literal["above"]] = Slot(
    "above",
    lambda c: find_all(_ABOVE, lambda _: "above", c.said.text),
    str,
    "Above or below?",
    matters=False,
)

Aspect = Literal["author", "forecast", "headline", "method"]
_ASPECTS: tuple[tuple[Aspect, str], ...] = (
    ("author", r"who (?:wrote|made|published|compiled|is behind|came up)|author\b"),
    (
        "forecast",
        r"(?:real|actual|measured|observed|recorded|fact)\b.{0,30}\b(?:forecast|projection|projected|estimate|prediction|guess|made up)"
        r"|(?:forecast|projection|projected|estimate|prediction|guess)\b.{0,20} or .{0,20}(?:real|actual|measured|observed|fact)",
    ),
    (
        "headline",
        r"(?:title|headline)\b.{0,60}\b(?:but|while|whereas|vs|versus|and|against|disagree|contradict|differ|match).{0,60}\btable"
        r"|table\b.{0,60}\b(?:but|while|whereas|vs|versus|against|disagree|contradict|differ).{0,60}(?:title|headline)"
        r"|why (?:do|does|don't).{0,30}(?:title|headline).{0,40}table",
    ),
    (
        "method",
        r"how (?:did|do|does|is|are|was|were|have)\b.{0,30}\b(?:calculat|comput|work(?:ed)? (?:it |this |that )?out|arriv|deriv|project(?:ion|ed|ions)? (?:made|done|computed|calculated|work))"
        r"\w*(?: the| this| that| these| your)?(?: projections?| forecasts?| trend| numbers?| figures?)?|\b(?:what|which) (?:method|formula|model) (?:do|did|is|was)\b|\bmethod(?:ology)?\b",
    ),
)
_ASPECT = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _ASPECTS))


def _aspects(context: Context) -> Iterator[Mention[Aspect]]:
    for match in _ASPECT.finditer(context.said.text):
        for name, _ in _ASPECTS:
            if match[name]:
                yield Mention(name, match.start(), match.end())


def _bare_aspect(text: str, _context: Context) -> Aspect | None:
    return next((name for name, _ in _ASPECTS if text == name), None)


ASPECT: Slot[Aspect] = Slot("aspect", _aspects, str, "Which aspect?", _bare_aspect)

_NAMED_MODEL = re.compile(
    r"\b(?:(?:open ?ai'?s? )?(?:chat ?gpt|gpt)[- ]?(?:\d[\w.]*)?|claude(?: [\w.]+)?|sonnet|opus|haiku|llama[- ]?\d*[\w.]*"
    r"|gemini(?: [\w.]+)?|mistral|mixtral|deepseek(?:[- ][\w.]+)?|qwen[\w.]*|grok[\w-]*|o[1345](?:-mini)?)\b"
    r"|\b(?:per|a|each|/) ?(?:\d+ |million |thousand )?(?:input |output )?tokens?\b|\b\d+ (?:input |output )?tokens?\b|\btokens?\b"
)
MODEL: Slot[str] = Slot(
    "model",
    lambda c: find_all(_NAMED_MODEL, lambda m: m[0], c.said.text),
    str,
    "Which model?",
)
