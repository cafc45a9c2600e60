"""Follow-ups: the question before with other values, or with the value that it lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.arguments import Arguments, read_arguments
from bot.calendar import SPAN, YEARS
from bot.days import ON
from bot.questions.base import Unfinished
from bot.questions.halving import Halving
from bot.values import Day
from bot.words import at_word, pattern

if TYPE_CHECKING:
    from bot.questions.base import Asked, Question
    from bot.understand import Reading
    from bot.vocabulary import Context

_FIRM_OPENING = pattern(r"""
    \W*(?:(?:ok(?:ay)?|so|hm+|oh|no|nah|nope|wait|actually|sorry),? )*
    (?:and|what about|how about|what if|same|make (?:it|that)|also|i mean|i meant)\b
""")
_OPENING = pattern(r"""
    \W*(?:(?:ok(?:ay)?|so|hm+|oh|no|nah|nope|wait|actually|sorry),? )*
    (?:and|what about|how about|what if|same|make (?:it|that)|also|then|now (?:for|in|at|with)|or
    |but|instead|with|at|under|below|using|by|for|in|on|even|only|just|say|if|assuming|suppose|supposing
    |over(?= time)
    |since|no|nah|nope|actually|sorry|per|i mean|i meant)\b
""")

_THEN = at_word(r"""
    (?:then|at (?:the|that) time|in those days|(?:that|the same) (?:day|month|year)|was|were|did)\b
""")
_IN_UNITS = pattern(r"\W*(?:and )?(?:(?:is|what is|what's) (?:it|that) )?in (?:months|years)\W*")

_PARTS = {"half": 0.5, "halve": 0.5, "halved": 0.5, "third": 1 / 3, "quarter": 0.25, "tenth": 0.1}
_PARTS |= {"double": 2.0, "doubled": 2.0, "twice": 2.0, "triple": 3.0, "tripled": 3.0}
_PARTS |= {"treble": 3.0, "quadruple": 4.0}
_NUMBER = r"\d{1,6}(?:\.\d{1,3})?"
_MANY_TIMES = pattern(rf"""
    \W*(?:(?:and|so|ok|or|but|what about|how about|what if|if|for|at|with|only|make|it's|it is
    |it was|it|that|we|i|use|used|a|the),? )*
    (?:(?P<part>{"|".join(_PARTS)})|(?P<times>{_NUMBER}) ?(?:x|times)
    |(?:x ?|times |multipl(?:y|ied)(?: (?:it|that|this))? (?:by|with) )(?P<by>{_NUMBER}))
    (?: (?:of|that|it|this|as|much|many|a|the|amount|volume|tokens|calls|money|budget|usage))*
    (?:,? (?:please|pls|plz))?\W*
""")


def followed(context: Context, previous: Asked, fresh: Reading | None) -> Question | None:
    """The previous question with other values, when the text opens like that or is only values.

    `fresh` is the best reading without a context. Of an unfinished question the text must be
    what was asked for.
    """
    if isinstance(previous, Unfinished):
        return _finished(context, previous, fresh)
    if (times := _many_times(context.said.text)) and (more := previous.times(times)):
        return more
    return _wanted(context, previous) or _changed(context, previous, fresh)


def _many_times(text: str) -> float | None:
    """How many times as much is asked for: 0.5 in 'half of that'."""
    match = _MANY_TIMES.fullmatch(text)
    if match is None:
        return None
    return _PARTS[match["part"]] if match["part"] else float(match["times"] or match["by"])


def _wanted(context: Context, previous: Question) -> Question | None:
    """The previous question with the value that its answer asked for, and nothing else."""
    name = previous.wants
    value = dict(previous.slots)[name].bare(context.said.text, context) if name else None
    return previous.followed({name: value}) if name and value is not None else None


def _changed(context: Context, previous: Question, fresh: Reading | None) -> Question | None:
    text = context.said.text
    firm = bool(_FIRM_OPENING.match(text))
    opened = _OPENING.match(text)
    study = getattr(previous, "study", None)
    if fresh and fresh.missing == ("study",) and not fresh.values and study is not None:
        return fresh.kind(study=study)  # it lacks just that
    if fresh and fresh.cues and not fresh.missing and not firm and (fresh.named or not opened):
        return None
    if fresh and fresh.whole and not (opened or _THEN.search(text)):
        return None
    if fresh and (firm or fresh.whole) and (asked := _carried(previous, fresh)):
        return asked
    if isinstance(previous, Halving) and _IN_UNITS.fullmatch(text):
        return previous  # its answer says years and months
    if series := getattr(previous, "series", None):
        context = replace(context, about=series, _found={})
    arguments = read_arguments(type(previous), context, commanded=False)
    before = {w.text for w in context.said.between(0, opened.end() if opened else 0)}
    if any(word not in before for word in arguments.unread) or not arguments.values:
        return None
    if not (firm or opened or _continues(arguments, fresh, previous)):
        return None
    if fresh and not fresh.missing and len(arguments.values) < len(fresh.values):
        return None
    follow_up = previous.followed(arguments.values)
    # to name again what was asked is to ask something else about it
    return follow_up if follow_up != previous or fresh is None else None


def _carried(previous: Question, fresh: Reading) -> Question | None:
    """Another question about the same years: 'cost in 2023', 'no, I mean how much it fell'."""
    years = getattr(previous, "years", None)
    if fresh.whole and years and ON in fresh.kind.reads and ON not in type(previous).reads:
        given = {"on": Day(years.last), **fresh.values} if len(years.listed) == 1 else fresh.values
        return fresh.kind(**given)
    takes = any(slot in (YEARS, SPAN) for _, slot in fresh.kind.slots)
    if not fresh.cues or fresh.values or fresh.missing or not years or not takes:
        return None
    return None if isinstance(previous, fresh.kind) else fresh.kind(years=years)  # it has that slot


def _finished(context: Context, asked: Unfinished, fresh: Reading | None) -> Question | None:
    if fresh and fresh.cues and not fresh.missing and fresh.kind is not asked.kind:
        return None
    arguments = read_arguments(asked.kind, context)
    values = {**dict(asked.values), **arguments.values}
    if arguments.unread or any(name not in values for name in asked.kind.required):
        return None
    return asked.kind(**values)


def _continues(arguments: Arguments, fresh: Reading | None, previous: Question) -> bool:
    """Whether bare values go on with what was asked: nothing else can be made of them, they

    make no question of their own, or they only change values that the question already had.
    """
    if fresh is None or fresh.missing:
        return True
    if fresh.cues:
        return False
    slots = dict(previous.slots)
    if not any(slots[name].matters for name in arguments.values):
        return True
    # a number of calls after a year is for that year
    kept = getattr(previous, "years", None) is not None and "years" not in fresh.values
    return kept or all(getattr(previous, name) is not None for name in arguments.values)
