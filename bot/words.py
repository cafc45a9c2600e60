"""What was said, made comparable: one case, plain quotes and spaces, digits for number words."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import cast

from msgspec import Struct

from bot.numerals import fractions, in_digits

MAX_CHARACTERS = 4096  # Telegram's own limit on a message


class Word(Struct, frozen=True):
    """One word or number of a message, with the stem under which it is compared."""

    text: str
    stem: str
    start: int
    end: int


class Said(Struct, frozen=True):
    """A message in normal form; every span that is read from it refers to `text`."""

    text: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]  # of the words

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        return tuple(w for w in self.words if w.start >= start and w.end <= end)


_TAG = re.compile(r"</?[a-z][^<>]{0,99}>", re.I)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("‘’ʼ`´‛＇", "'"),
        **dict.fromkeys("“”„«»‟", '"'),
        "¼": " 0.25",
        "½": " 0.5",
        "¾": " 0.75",
        "⅓": " 0.333333",
        "×": "x",
        "→": " to ",
        "…": "...",
    }
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[%$¢#]")
_ZERO_LIKE = re.compile(r"\b2[0o][0-9ol]{2}\b")
_YEAR_LIKE = re.compile(r"\by(20\d\d)\b|\b(20\d\d)e\b|\b2k([0-4]\d)\b|\b\d\d?\.\d\d?\.(20\d\d)\b")
_GLUED = re.compile(r"(?<=[a-z]{3})(?=20[1-4]\d\b)|(?<=\b20[1-4]\d)(?=(?:to|till?|and)(?:\b|20))")
_DRAWN_OUT = re.compile(r"(?<!\bi)([a-z])\1{2,}")  # not in IEEE
_SLASHED = re.compile(
    r"(?<![\d/.])(\d{1,3})/(\d{1,4})(?:th)?(?: of)?(?: an?)?(?= ?(?:us )?(?:cent|dollar|penny|¢))"
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:[, ']\d{3})+|(?:\.\d{3}){2,})(?![\d]|[.,]\d{3})")
_GROUPED_BY_SIGNS = re.compile(r"(?<![\d.,])\d{1,3}(?:[,']\d{3})+(?![\d]|[.,]\d{3})")
_DECIMAL_COMMA = re.compile(
    r"(?<![\d.,])(0(?=,)|\d{1,3}(?=,\d\d? ?(?:%|[ckm]\b|percent|cent|dollar|mi|bi|th))),(\d+)"
)
_MAGNITUDES = {
    **dict.fromkeys(("k", "thousand", "thousands", "grand"), 3),
    **dict.fromkeys(("m", "mm", "mn", "mln", "mio", "mil", "million", "millions"), 6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 9),
    **dict.fromkeys(("tn", "trillion", "trillions"), 12),
}


class _Later:
    """A regular expression that is compiled at its first use: a start loads eighty, and uses few.

    From then on its methods are those of the compiled one, at no cost.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._text)
        for each in dir(compiled):
            if not each.startswith("_"):
                setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def pattern(text: str) -> re.Pattern[str]:
    """A regular expression written over several lines; breaks and indentation do not count."""
    whole = "".join(line.strip(" ") for line in text.splitlines())
    return cast("re.Pattern[str]", _Later(whole))


def at_word(text: str) -> re.Pattern[str]:
    """A pattern that matches from the beginning of a word on: it is not tried inside of words.

    What may begin with a sign ("$", "/", "#") is none: people write that right after a word.
    """
    return pattern(f"(?<!\\w)(?:{text})")


_MAGNITUDE = pattern(r"""
    (?<![\w.])(\d{1,15}(?:\.\d{1,9})?)
    (?:(k|m|mm|mn|mln|mio|bn|tn|(?<=\$\d)b)
    |[ -]?(k|mil|mln|mio|bn|grand|thousands?|millions?|billions?|trillions?))(?!\w)
""")


def read(text: str, *, grouped: bool = True) -> Said:
    """The normal form of a message; anything at all may be in it.

    In a command `grouped` is false: there '1 100' are two values.
    """
    plain = _with_digits(_plain(text[:MAX_CHARACTERS]), grouped)
    words = tuple(_words(plain))
    return Said(plain, words, tuple(word.stem for word in words))


def _plain(text: str) -> str:
    """Case, signs, spaces and mark-up unified; letters and digits of fancy alphabets made plain."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    return " ".join(text.casefold().split())


def _with_digits(text: str, grouped: bool) -> str:
    text = _DRAWN_OUT.sub(lambda m: m[1], text)
    text = _ZERO_LIKE.sub(lambda m: m[0].replace("o", "0").replace("l", "1"), text)
    text = _YEAR_LIKE.sub(lambda m: m[1] or m[2] or m[4] or f"20{m[3]}", text)
    text = _GLUED.sub(" ", text).replace("couple of", "couple")
    text = _SLASHED.sub(lambda m: f"{int(m[1]) / max(1, int(m[2])):.6g}", text)
    text = _DECIMAL_COMMA.sub(lambda m: f"{m[1]}.{m[2]}", text)
    groups = _GROUPED if grouped else _GROUPED_BY_SIGNS
    text = groups.sub(lambda m: re.sub(r"[, '.]", "", m[0]), text)
    text = _MAGNITUDE.sub(_magnitude, text)
    return fractions(_MAGNITUDE.sub(_magnitude, in_digits(text)))


def _magnitude(match: re.Match[str]) -> str:
    name = match[2] or match[3]
    digits, _, decimals = match[1].partition(".")
    power = _MAGNITUDES[name]
    number = digits + decimals[:power].ljust(power, "0")
    rest = f".{decimals[power:]}" if decimals[power:] else ""
    return number.lstrip("0") + rest + (" dollars" if name == "grand" else "")


def _words(text: str) -> list[Word]:
    return [Word(m[0], stem(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


_SHORTHAND = {"u": "you", "r": "are", "ur": "your", "yr": "year", "yrs": "years", "y": "why"}
_SHORTHAND |= {"wht": "what", "wat": "what", "hw": "how", "mch": "much", "pls": "please"}


ENDINGS = ("ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y")
LAST = frozenset(ending[-1] for ending in ENDINGS)


@lru_cache(maxsize=1024)
def stem(word: str) -> str:
    """A word without the endings of plural, tense and possessive: prices, priced, pricing → pric.

    Far weaker than Porter's, on purpose: cues must not catch other words.
    """
    word = _SHORTHAND.get(word, word).removesuffix("'s").replace("'", "")
    if word[-1:] not in LAST:  # a start knows some four thousand words
        return word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word
