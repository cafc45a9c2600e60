"""What a bill is of: tokens or money, which mix of input and output, on what, by which period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot import wording
from bot.capabilities import CAPABILITY
from bot.periods import PERIOD, UNIT, period
from bot.selling import SUGGESTED, WHAT, find_lists, find_made, find_models
from bot.slots import Mention, Slot, find_all
from bot.spending import (
    EVERY,
    all_there_is,
    begins_with_number,
    find_limits,
    find_spends,
    say_spend,
    speaks_of_tokens,
)
from bot.values import Mix, Models, Spend, Volume
from bot.volumes import bare_volume, brief_volume, find_volumes, say_volume
from bot.words import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.values import Per
    from bot.vocabulary import Context

Amount = Volume | Spend

# --------------------------------------------------------------------------- amounts


def _amounts(context: Context) -> Iterator[Mention[Amount]]:
    """Tokens; where there are none, calls or money: money beside tokens is what they may cost."""
    volumes: tuple[Mention[Any], ...] = context.once(find_volumes)
    yield from volumes
    if volumes:
        return
    for spend in context.once(find_spends):
        yield Mention(spend.value, spend.start, spend.end)
    text = context.said.text
    first = begins_with_number(text)
    if first or context.once(find_models):
        from bot.counting import calls_alone  # here, because few messages count calls

        for calls in calls_alone(context):
            if context.once(find_models) or all_there_is(text, calls.start, calls.end):
                yield Mention(calls.value, calls.start, calls.end)
    for match in _SO_OFTEN.finditer(text) if first else ():  # '2M a day', when asked how many
        if all_there_is(text, *match.span()):
            volume = Volume(float(match["number"]), per=period(match["per"]))
            yield Mention(volume, *match.span())


_SO_OFTEN = pattern(rf"(?<![\w.$#-])(?P<number>\d{{3,15}})(?P<per>{PERIOD})")

_TIME = pattern(rf"\d (?:{UNIT})\b")  # '3 months' are no 3 tokens


def _say_amount(amount: Amount) -> str:
    return say_volume(amount) if isinstance(amount, Volume) else say_spend(amount)


BILLABLE: Slot[Amount] = Slot(
    "amount",
    _amounts,
    _say_amount,
    "How many tokens, or how much money?",
    lambda text, context: None if _TIME.search(context.said.text) else bare_volume(text),
    suggest=("2M tokens/day", "10k calls/day x 2k tokens", "$500/month"),
    brief=lambda a: brief_volume(a) if isinstance(a, Volume) else _say_amount(a),
)

# --------------------------------------------------------------------------- limits

LIMIT: Slot[Spend] = Slot(
    "limit",
    find_limits,
    lambda spend: f"within {say_spend(spend)}",
    "Within how much money?",
    suggest=("within $500/month",),
    matters=False,
)

# --------------------------------------------------------------------------- mix

_PARTS = r"(\d{1,3}(?:\.\d{1,3})?)"
_INPUT, _OUTPUT = r"(?:input|prompt)s?", r"(?:output|completion)s?"
_SIDES = (
    r"(?: (?:of )?(?:input|in) ?(?:to|:|/|and|vs) ?(?:output|out)\b)?(?: (?:mix|split|ratio)\b)?"
)
_MIX = pattern(rf"""
    (?<![\d:.]){_PARTS} ?: ?{_PARTS}(?![\d:]|\.\d){_SIDES}
    |(?<![\d/.$]){_PARTS} ?/ ?{_PARTS}(?= in| mix| split| ratio|$){_SIDES}
    |(?<![\d.$]){_PARTS} (?:to|parts (?:of )?input to) {_PARTS}
    (?: (?:parts? )?(?:of )?(?:mix|split|ratio|output|input)\b)
    |(?<![\d.])(?P<in>\d{{1,3}}) ?% (?:of (?:it|them|that) )?(?:is |are )?{_INPUT}\b
    (?:,? (?:and )?\d{{1,3}} ?% {_OUTPUT}\b)?
    |(?<![\d.])(?P<out>\d{{1,3}}) ?% (?:of (?:it|them|that) )?(?:is |are )?{_OUTPUT}\b
    (?:,? (?:and )?\d{{1,3}} ?% {_INPUT}\b)?
""")
_WORDS = pattern(rf"""
    \b(?:(?P<into>(?:all|only|just) {_INPUT}|{_INPUT}[ -]only)
    |(?P<outof>(?:all|only|just) {_OUTPUT}|{_OUTPUT}[ -]only)
    |(?P<even>evenly split|split evenly|half (?:input|in),? (?:and )?half (?:output|out)
    |equal parts|50[- ]50))\b
""")


_MAY_MIX = (":", "/", "put", "prompt", "mix", "split", "ratio")


def _mix(match: re.Match[str]) -> Mix | None:
    if share := match["in"] or match["out"]:
        part = float(share)
        if part > 100:
            return None
        return Mix(part, 100 - part) if match["in"] else Mix(100 - part, part)
    into, out = (float(part) for part in match.groups()[:6] if part)
    return Mix(into, out) if into + out else None


def _mixes(context: Context) -> Iterator[Mention[Mix]]:
    text = context.said.text
    if any(sign in text for sign in _MAY_MIX):
        yield from find_all(_MIX, _mix, text)
    spoken = speaks_of_tokens(context)
    for match in _WORDS.finditer(text) if spoken or "put" in text else ():
        if spoken or all_there_is(text, *match.span()):  # 'and only output?'
            into, out = not match["outof"], not match["into"]
            yield Mention(Mix(float(into), float(out)), match.start(), match.end())


MIX: Slot[Mix] = Slot(
    "mix",
    _mixes,
    lambda m: f"{wording.plain(m.input)}:{wording.plain(m.output)}",
    "How much input to how much output?",
    suggest=("3:1", "1:1"),
    matters=False,
)

# --------------------------------------------------------------------------- what is used

Used = Models | str  # models, or a level of capability by its id


def _used(context: Context) -> Iterator[Mention[Used]]:
    """Levels and models; 'and with o3' puts one in the place of another, not beside it."""
    levels, lists = context.once(CAPABILITY.find), context.once(find_lists)
    for level in levels:
        yield Mention(level.value, level.start, level.end)
    if not (levels or lists) and context.once(_amounts):  # '$5 on deepseek', whichever of its own
        for made in context.once(find_made):
            yield Mention(Models((made.value,)), made.start, made.end)
    for m in lists:
        instead = _WITH.search(context.said.text, 0, m.start)
        yield Mention(replace(m.value, added=m.value.added and not instead), m.start, m.end)


_WITH = pattern(r"(?<!compare )(?<!compared )(?<!\bit )\bwith(?: )$")


def _bare_used(text: str, context: Context) -> Used | None:
    what = WHAT.bare(text, context)
    return what if isinstance(what, Models) else None


def _say_used(used: Used) -> str:
    return CAPABILITY.say(used) if isinstance(used, str) else WHAT.say(used)


def _brief_used(used: Used) -> str:
    brief = WHAT.brief or WHAT.say
    return CAPABILITY.say(used) if isinstance(used, str) else brief(used)


USED: Slot[Used] = Slot(
    "used",
    _used,
    _say_used,
    "Which model?",
    _bare_used,
    suggest=(*SUGGESTED, "gpt-4 level"),
    brief=_brief_used,
)

# --------------------------------------------------------------------------- periods

_ALONE = pattern(rf"""
    \W*(?:(?:and|what about|how about|so|ok|or) )?(?P<per>{PERIOD})
    (?:,? (?:please|pls|plz|then))?\W*
""")


def _periods(context: Context) -> Iterator[Mention[Per]]:
    """By which period a bill is told: 'a month', 'monthly'; only beside tokens, or alone."""
    text = f" {context.said.text}"  # which a period begins with
    if alone := _ALONE.fullmatch(text):
        found = [alone.span("per")] if alone["per"] else []
    elif context.once(_amounts) or speaks_of_tokens(context):
        found = [match.span() for match in EVERY.finditer(text)]
    else:
        return
    for start, end in found:
        if unit := period(text[start:end]):
            yield Mention(unit, start, end - 1)  # the blank before it left out


BY: Slot[Per] = Slot("by", _periods, lambda per: f"per {per}", "By which period?", matters=False)
