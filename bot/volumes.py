"""Volumes of tokens as people say them: 2M tokens a day, 1.5M in 500k out, 10k calls of 2k tokens.

A million or a thousand tokens and nothing more is what prices are given for, not a volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import wording
from bot.capabilities import find_levels
from bot.periods import PERIOD, UNIT, period
from bot.selling import find_models
from bot.slots import THING, Mention
from bot.values import Volume
from bot.words import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.values import Per
    from bot.vocabulary import Context

# --------------------------------------------------------------------------- tokens

_N = r"\d{1,15}(?:\.\d{1,9})?(?: ?b(?=[ /+]))?"  # '7b' is a model's size unless tokens follow
_TOK = r"(?:tokens?|toks?|tkns?)"
_IN, _OUT = r"(?:input|in|prompt|context)s?", r"(?:output|out|completion|generated|response)s?"
_AND = r"(?: ?[,/+&;]| and| plus| with| for)* ?"


def _side(name: str, side: str) -> str:
    """So many tokens of one side: '500k out', '500k output tokens', '500k tokens of output'."""
    return rf"(?P<{name}>{_N}) ?(?:{_TOK} )?(?:of )?{side}\b(?: {_TOK}\b)?"


_BODY = pattern(rf"""
    (?<![\w.$#:-])(?:{_side("in1", _IN)}{_AND}{_side("out1", _OUT)}
    |{_side("out2", _OUT)}{_AND}{_side("in2", _IN)}
    |(?P<in3>{_N}) ?(?:{_IN} {_TOK}|{_TOK} (?:of )?input)\b
    |(?P<out3>{_N}) ?(?:{_OUT} {_TOK}|{_TOK} (?:of )?output)\b
    |(?P<both>{_N}) ?(?:(?:total|combined|ai|llm|api|more) ){{0,2}}
    (?:{_TOK}\b(?: in total| total| altogether)?|(?P<short>tps|tpm|tpd)\b))
    (?P<each>(?: each| apiece)\b| ?(?:/|per|a|an|for each|for every|each|every) ?{THING})?
    (?P<per>{PERIOD})?
""")
_NAMED_BETWEEN = pattern(rf"(?: )?(?:api )?{_TOK}\b(?P<per>{PERIOD})?")  # 2M gpt-4o tokens a day
_BEFORE = pattern(rf"(?<![\w.$#:-])(?P<both>{_N}) $")
_NO_CALLS = r"(?:tokens?|toks|tkns|dollars|cents|bucks|times|hours|days|weeks|months|years)\b"
_CALLS = pattern(rf"""
    (?<![\w.$#:-])(?P<calls>{_N}) ?(?!{_NO_CALLS})(?:{THING}
    |(?:(?!{_NO_CALLS})[a-z]{{2,16}} )?(?!{_NO_CALLS})[a-z]{{3,20}}s\b)(?P<per>{PERIOD})?
""")
_CALLS_ALONE = pattern(rf"""
    (?<![\w.$#:-])(?P<calls>{_N}) ?(?:(?:api|llm|ai|model|chat|user|support) ){{0,2}}{THING}
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
# as commands say it where words would not fit: 2M/day, 1.5M+500k/day, 10k x 2k/day
_BRIEF = pattern(rf"""
    (?<![\w.$#:-])(?:(?P<calls>{_N}) ?x ?)?(?P<both>{_N})(?:\+(?P<out>{_N}))?
    (?P<per>/(?:{UNIT})\b)?(?![\w.%$])
""")


def _number(said: str) -> float:
    return float(said.rstrip("b ")) * (1e9 if said.endswith("b") else 1)


@dataclass(frozen=True, slots=True)
class _Calls:
    """So many calls, perhaps every day, and where that is said."""

    number: float
    per: Per | None
    start: int
    end: int


def _calls(text: str) -> list[_Calls]:
    """Calls of every kind; those of so many users are multiplied."""
    found: list[_Calls] = []
    for match in _CALLS.finditer(text):
        number, per = _number(match["calls"]), period(match["per"])
        if found and _OF_EACH.fullmatch(text, found[-1].end, match.start()):
            before = found.pop()
            both = before.number * number
            found.append(_Calls(both, per or before.per, before.start, match.end()))
        else:
            found.append(_Calls(number, per, *match.span()))
    return found


def _volume(match: re.Match[str], calls: _Calls | None = None) -> Volume:
    """What a body says, of so many calls where they were said."""
    said = match.groupdict()
    into, out = (said[f"{side}1"] or said[f"{side}2"] for side in ("in", "out"))
    per = period(said["per"]) or (calls.per if calls else None) or period(said["short"])
    number = calls.number if calls else None
    if into:
        return Volume(_number(into), _number(out), per, number)
    if said["both"]:
        return Volume(_number(said["both"]), None, per, number)
    one_sided = _number(said["in3"] or "0"), _number(said["out3"] or "0")
    return Volume(*one_sided, per, number)


def find_volumes(context: Context) -> Iterator[Mention[Volume]]:
    """Every volume of tokens; what is only a price's unit is none."""
    text = context.said.text
    if "tok" in text or " tp" in text or " out" in text:
        yield from _spoken(context)
    if ("/" in text or "+" in text or " x " in text) and not text.startswith("http"):
        for match in _BRIEF.finditer(text):
            several = match["calls"] or match["out"]
            # a command begins with it, whatever the model is called
            if match["per"] or (several and (match.start() == 0 or _names(context))):
                yield Mention(_briefly(match), match.start(), match.end())


def _names(context: Context) -> bool:
    return bool(context.once(find_models) or context.once(find_levels))


def _spoken(context: Context) -> Iterator[Mention[Volume]]:
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
            value = Volume(_number(before["both"]), per=period(after["per"]))
            if value.per or value.tokens not in _OF_PRICES:
                yield Mention(value, before.start(), before.end() - 1)


def calls_alone(context: Context) -> Iterator[Mention[Volume]]:
    """Calls without a word on their tokens, which are asked for."""
    for match in _CALLS_ALONE.finditer(context.said.text):
        number, per = _number(match["calls"]), period(match["per"])
        yield Mention(Volume(0.0, None, per, number), *match.span())


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


def _briefly(match: re.Match[str]) -> Volume:
    out, calls = match["out"], match["calls"]
    return Volume(
        _number(match["both"]),
        _number(out) if out else None,
        period(match["per"]),
        _number(calls) if calls else None,
    )


def bare_volume(text: str) -> Volume | None:
    """What a command was given, or a follow-up: a plain number is one of tokens."""
    if match := _BODY.fullmatch(text):
        return _volume(match)
    match = _BRIEF.fullmatch(text)
    return _briefly(match) if match else None


# --------------------------------------------------------------------------- saying

_MAGNITUDES = (("tn", 1e12), ("bn", 1e9), ("M", 1e6), ("k", 1e3))


def short(number: float) -> str:
    """A number in few letters, nothing rounded away: 2M, 1.5k, 123."""
    for name, size in _MAGNITUDES:
        said = wording.plain(number / size)
        if number >= size and len(said) < len(wording.plain(number)):
            return f"{said}{name}"
    return wording.plain(number)


def say_volume(v: Volume) -> str:
    per = f"/{v.per}" if v.per else ""
    calls = "" if v.calls is None else f"{short(v.calls)} call{'s' if v.calls != 1 else ''}{per}"
    if v.asks:
        return calls
    body = f"{short(v.tokens)} tokens"
    if v.output is not None:
        body = f"{short(v.tokens)} in {short(v.output)} out"
    return f"{calls} x {body}" if calls else f"{body}{per}"


def brief_volume(v: Volume) -> str:
    if v.asks:
        return say_volume(v)
    calls = "" if v.calls is None else f"{short(v.calls)} x "
    output = "" if v.output is None else f"+{short(v.output)}"
    alone = not (calls or output or v.per)  # a number alone would be read as nothing
    per = f"/{v.per}" if v.per else " tok" if alone else ""
    return f"{calls}{short(v.tokens)}{output}{per}"
