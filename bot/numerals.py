"""Numerals: numbers that are spelled out, in digits: twenty thirty, a tenth of a cent."""

from __future__ import annotations

import re

_ONES = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {"oh": 0, "dozen": 12, "couple": 2}
_TENS = {
    name: value * 10
    for value, name in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_NAMES = {**_ONES, **_TENS, **_SCALES}
_NAME = "|".join(_NAMES)
_RUN = re.compile(
    rf"\b(?:(?:half[ -](?:an? )?|a )(?=hundred|thousand|million|billion|dozen|couple))?"
    rf"(?:{_NAME})(?:(?:[ -]|(?<=undred|ousand) and )(?:{_NAME}))*\b"
)
# 'one' is more often a pronoun: it is a number only before one of these
_COUNTED = re.compile(
    r" (?:us )?(?:cents?|penny|dollars?|bucks?|calls?|inferences?|requests?|quer|percent"
    r"|years?|months?|day)|% ?"
)
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "hundredth": 100}
_PARTS["thousandth"] = 1000
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth"
).split()
_ORDINAL = re.compile(rf"\b({'|'.join(_ORDINALS)})( (?:study|paper|one|entry)\b)")
_FRACTION = re.compile(
    rf"\b(?:(a|an|1|one|\d{{1,2}})[ -])?({'|'.join(_PARTS)})s?"
    r" (?:(?:of )?(?:a|an|one|1) )(?=(?:us )?(?:cent|penny|dollar|buck)\b)"
)


def in_digits(text: str) -> str:
    """Cardinals as digits, and ordinals where studies are counted: 'the fifth one' → '5th one'."""
    text = _ORDINAL.sub(lambda m: f"{_ORDINALS.index(m[1]) + 1}th{m[2]}", text)
    return _RUN.sub(lambda m: _run_in_digits(m, text), text)


def _run_in_digits(match: re.Match[str], text: str) -> str:
    names = match[0].replace("-", " ").replace(" and ", " ").split()
    if names == ["one"] and not _COUNTED.match(text, match.end()):
        return match[0]
    if names[0] == "oh":
        return match[0]
    halved = names[0] == "half"
    names = [n for n in names if n in _NAMES]
    said = []
    while names:
        value, used = _year_name(names) or _cardinal(names)
        said.append(value)
        names = names[used:]
    return " ".join(f"{v // 2 if halved else v}" for v in said)


def _year_name(names: list[str]) -> tuple[int, int] | None:
    """'twenty twenty five' → 2025: a century, then a number from ten up (or 'oh eight')."""
    if names[0] not in ("nineteen", "twenty") or len(names) < 2:
        return None
    century, second = 1900 if names[0] == "nineteen" else 2000, names[1]
    third = _ONES.get(names[2], 0) if len(names) > 2 else 0
    if second in _TENS:
        return (
            (century + _TENS[second] + third, 3)
            if 1 <= third <= 9
            else (century + _TENS[second], 2)
        )
    if second == "oh" and third:
        return century + third, 3
    return (century + _ONES[second], 2) if 10 <= _ONES.get(second, 0) <= 19 else None


def _cardinal(names: list[str]) -> tuple[int, int]:
    """The value of the longest cardinal at the start, and how many words it took."""
    total = group = 0
    last = 10**12
    for used, name in enumerate(names):
        if name in _SCALES:
            scale = _SCALES[name]
            if scale == 100:
                group = (group or 1) * 100
            else:
                total, group = total + (group or 1) * scale, 0
            last = scale
        else:
            value = _NAMES[name]
            if used and (value >= last or (group % 100 and not _fits(group, value))):
                return total + group, used
            group, last = group + value, value
    return total + group, len(names)


def _fits(group: int, value: int) -> bool:
    """Whether a unit may follow: 'twenty five', but not 'five five' or 'twelve five'."""
    return value < 10 and group % 100 >= 20 and group % 10 == 0


def fractions(text: str) -> str:
    """'half a cent' and 'a tenth of a cent' → '0.5 cent', '0.1 cent'."""

    def value(match: re.Match[str]) -> str:
        count = int(match[1]) if (match[1] or "").isdigit() else 1
        return f"{count / _PARTS[match[2]]:.6g} "

    return _FRACTION.sub(value, text)
