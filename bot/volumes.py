"""Volumes of tokens as people say them: 2M tokens a day, 1.5M in 500k out, 10k calls of 2k tokens.

A million or a thousand tokens and nothing more is what prices are given for, not a volume.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.capabilities import find_levels
from bot.periods import UNIT, period
from bot.selling import find_models
from bot.slots import Mention
from bot.values import Volume
from bot.words import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.vocabulary import Context

# --------------------------------------------------------------------------- reading

# '7b' is a model's size unless tokens follow; what is no possible number is read to be refused
NUMBER = r"-?\d{1,30}(?:\.\d{1,9})?(?:e\d{1,2}(?!\w))?(?: ?b(?=[ /+]))?"
# as commands say it where words would not fit: 2M/day, 1.5M+500k/day, 10k x 2k/day
_BRIEF = pattern(rf"""
    (?<![\w.$€£¥₹#:-])(?:(?P<calls>{NUMBER}) ?x ?)?(?P<both>{NUMBER})(?:\+(?P<out>{NUMBER}))?
    (?P<per>/(?:{UNIT})\b)?(?![\w.%$])
""")

MOST = 1e19  # far above what is ever answered: what is more is refused all the same


def number(said: str) -> float:
    return min(MOST, float(said.rstrip("b ")) * (1e9 if said.endswith("b") else 1))


def find_volumes(context: Context) -> Iterator[Mention[Volume]]:
    """Every volume of tokens; what is only a price's unit is none."""
    text = context.said.text
    if "tok" in text or " tp" in text or " out" in text:
        from bot.counting import spoken  # here, because few messages count tokens

        yield from spoken(context)
    if ("/" in text or "+" in text or " x " in text) and not text.startswith("http"):
        for match in _BRIEF.finditer(text):
            several = match["calls"] or match["out"]
            # a command begins with it, whatever the model is called
            if match["per"] or (several and (match.start() == 0 or _names(context))):
                yield Mention(_briefly(match), match.start(), match.end())


def _names(context: Context) -> bool:
    return bool(context.once(find_models) or context.once(find_levels))


def _briefly(match: re.Match[str]) -> Volume:
    out, calls = match["out"], match["calls"]
    return Volume(
        number(match["both"]),
        number(out) if out else None,
        period(match["per"]),
        number(calls) if calls else None,
    )


def bare_volume(text: str) -> Volume | None:
    """What a command was given, or a follow-up: a plain number is one of tokens."""
    from bot.counting import whole  # here, because few messages count tokens

    match = _BRIEF.fullmatch(text)
    return _briefly(match) if match else whole(text)


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
    body = f"{short(v.tokens)} token{'s' if v.tokens != 1 else ''}"
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
