"""Counting: the grammar of tokens and calls in a sentence; loaded for one that speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.periods import PERIOD, period
from bot.selling import find_models
from bot.slots import THING, Mention
from bot.values import Volume
from bot.volumes import NUMBER, number
from bot.words import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.values import Per
    from bot.vocabulary import Context

_TOK = r"(?:tokens?|toks?|tkns?)"
_IN, _OUT = r"(?:input|in|prompt|context)s?", r"(?:output|out|completion|generated|response)s?"
_AND = r"(?: ?[,/+&;]| and| plus| with| for)* ?"


def _side(name: str, side: str) -> str:
    """So many tokens of one side: '500k out', '500k output tokens', '500k tokens of output'."""
    return rf"(?P<{name}>{NUMBER}) ?(?:{_TOK} )?(?:of )?{side}\b(?: {_TOK}\b)?"


_BODY = pattern(rf"""
    (?<![\w.$#:-])(?:{_side("in1", _IN)}{_AND}{_side("out1", _OUT)}
    |{_side("out2", _OUT)}{_AND}{_side("in2", _IN)}
    |(?P<in3>{NUMBER}) ?(?:{_IN} {_TOK}|{_TOK} (?:of )?input)\b
    |(?P<out3>{NUMBER}) ?(?:{_OUT} {_TOK}|{_TOK} (?:of )?output)\b
    |(?P<both>{NUMBER}) ?(?:(?:total|combined|ai|llm|api|more) ){{0,2}}
    (?:{_TOK}\b(?: in total| total| altogether)?|(?P<short>tps|tpm|tpd)\b))
    (?P<each>(?: each| apiece)\b| ?(?:/|per|a|an|for each|for every|each|every) ?{THING})?
    (?P<per>{PERIOD})?
""")
_NAMED_BETWEEN = pattern(rf"(?: )?(?:api )?{_TOK}\b(?P<per>{PERIOD})?")  # 2M gpt-4o tokens a day
_BEFORE = pattern(rf"(?<![\w.$#:-])(?P<both>{NUMBER}) $")
_NO_CALLS = r"(?:tokens?|toks|tkns|dollars|cents|bucks|times|hours|days|weeks|months|years)\b"
_CALLS = pattern(rf"""
    (?<![\w.$#:-])(?P<calls>{NUMBER}) ?(?!{_NO_CALLS})(?:{THING}
    |(?:(?!{_NO_CALLS})[a-z]{{2,16}} )?(?!{_NO_CALLS})[a-z]{{3,20}}s\b)(?P<per>{PERIOD})?
""")
_CALLS_ALONE = pattern(rf"""
    (?<![\w.$#:-])(?P<calls>{NUMBER}) ?(?:(?:api|llm|ai|model|chat|user|support) ){{0,2}}{THING}
    (?P<per>{PERIOD})?
""")
_LINK = pattern(r"""
    (?: ?[,x*@~-]| of| at| to| on| with| by| using| each| about| around| roughly| some| average
    | averaging| avg| an| on average| and| for| that are| which are| is| are| taking| needing)* ?
""")
_OF_EACH = pattern(r"""
    (?: ?[x*]| times| with| who| that| and| each| sending| send| making| make| asking| ask| doing
    | do| of| at| ,){1,3} ?
""")
_PER_BEFORE = pattern(r"(?:/|\bper|\beach|\bevery) ?$")
_OF_PRICES = (1_000, 1_000_000)  # tokens that prices are given for


class _Calls(Struct, frozen=True):
    """So many calls, perhaps every day, and where that is said."""

    number: float
    per: Per | None
    start: int
    end: int


def _calls(text: str) -> list[_Calls]:
    """Calls of every kind; those of so many users are multiplied."""
    found: list[_Calls] = []
    for match in _CALLS.finditer(text):
        many, per = number(match["calls"]), period(match["per"])
        if found and _OF_EACH.fullmatch(text, found[-1].end, match.start()):
            before = found.pop()
            both = before.number * many
            found.append(_Calls(both, per or before.per, before.start, match.end()))
        else:
            found.append(_Calls(many, per, *match.span()))
    return found


def _volume(match: re.Match[str], calls: _Calls | None = None) -> Volume:
    """What a body says, of so many calls where they were said."""
    said = match.groupdict()
    into, out = (said[f"{side}1"] or said[f"{side}2"] for side in ("in", "out"))
    per = period(said["per"]) or (calls.per if calls else None) or period(said["short"])
    many = calls.number if calls else None
    if into:
        return Volume(number(into), number(out), per, many)
    if said["both"]:
        return Volume(number(said["both"]), None, per, many)
    one_sided = number(said["in3"] or "0"), number(said["out3"] or "0")
    return Volume(*one_sided, per, many)


def spoken(context: Context) -> Iterator[Mention[Volume]]:
    """Volumes with a word for tokens, of calls where these are said."""
    text = context.said.text
    calls = _calls(text)
    for body in _BODY.finditer(text):
        of = next((c for c in calls if _of_calls(c, body, context)), None)
        value = _volume(body, of)
        if of is None and _of_a_price(value, body):
            continue
        yield Mention(value, *_span(body, of, text))
    for model in context.once(find_models):
        after, before = _NAMED_BETWEEN.match(text, model.end), _BEFORE.search(text, 0, model.start)
        if after and before:
            value = Volume(number(before["both"]), per=period(after["per"]))
            if value.per or value.tokens not in _OF_PRICES:
                yield Mention(value, before.start(), before.end() - 1)


def calls_alone(context: Context) -> Iterator[Mention[Volume]]:
    """Calls without a word on their tokens, which are asked for."""
    for match in _CALLS_ALONE.finditer(context.said.text):
        many, per = number(match["calls"]), period(match["per"])
        yield Mention(Volume(0.0, None, per, many), *match.span())


def whole(text: str) -> Volume | None:
    """A text that is nothing but a volume."""
    match = _BODY.fullmatch(text)
    return _volume(match) if match else None


def _of_a_price(value: Volume, body: re.Match[str]) -> bool:
    """Whether it is only what a price is for; a command may begin with as many."""
    if value.per or not body.start():
        return False
    unit = value.output is None and value.tokens in _OF_PRICES
    return unit or bool(_PER_BEFORE.search(body.string, 0, body.start()))


def _of_calls(calls: _Calls, body: re.Match[str], context: Context) -> bool:
    """Whether the tokens are those of each call: said so, or right beside them."""
    text = context.said.text
    if calls.end > body.start() and calls.start < body.end():
        return False
    if body["each"]:
        return True
    if body["per"] and calls.per:
        return False  # so many tokens a day, in so many calls a day
    between = text[calls.end : body.start()]
    for model in context.once(find_models):
        if calls.end <= model.start and model.end <= body.start():
            between = between.replace(text[model.start : model.end], "").replace("  ", " ")
    return bool(_LINK.fullmatch(between)) and calls.end <= body.start()


def _span(body: re.Match[str], calls: _Calls | None, text: str) -> tuple[int, int]:
    """From first to last word, where no other word is between: then that of the longer part."""
    if calls is None:
        return body.span()
    parts = (calls.start, calls.end), body.span()
    (start, left), (right, end) = sorted(parts)
    if _LINK.fullmatch(text, left, right):
        return start, end
    return max(parts, key=lambda span: span[1] - span[0])
