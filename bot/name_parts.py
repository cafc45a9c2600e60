"""Name parts: a text cut into the words, and the parts of words, that names of models have."""

from __future__ import annotations

import re
from itertools import islice
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 8  # words of a name
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)  # as long as before, unlike casefold()
_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+[a-z]*)*(?:\+(?![a-z0-9]))?")
_PART = re.compile(r"[a-z]{2,}(?=\d)|(?<=[a-z]{2})\d[a-z0-9.]*|[a-z0-9.]+")
_BETWEEN = re.compile(r"[ \-_/:(]{1,2}")
_VERSION = re.compile(r"v(?=\d)")
# a number that counts something is no version: "claude 2 years ago"
_COUNTED = pattern(r"""
    (?<=\$)\d+|(?<![\w.])\d+(?:\.\d+)?(?= ?(?:%|percent|years?|months?|weeks?|days?|hours?|times
    |x\b|thousand|million|billion|tokens?|dollars?|cents?|requests?|queries)(?![a-z0-9]))
""")


class NameWord(Struct, frozen=True):
    """A word of a text, the parts that names would have of it, and where it stands.

    `joined` is whether only a blank, a hyphen or the like parts it from the word before.
    """

    text: str
    parts: tuple[str, ...]
    start: int
    end: int
    joined: bool


def name_words(text: str) -> list[NameWord]:
    """The words of a text; a number that counts something is left out."""
    text = text.translate(_LOWER)
    counted = {match.start() for match in _COUNTED.finditer(text)}
    words: list[NameWord] = []
    end = 0
    for match in _WORD.finditer(text):
        joined = bool(words and _BETWEEN.fullmatch(text, end, match.start()))
        end = match.end()
        if match.start() in counted:
            end = -1  # what follows it is not joined to what stands before
            continue
        words.append(NameWord(*_parted(match[0]), match.start(), match.end(), joined))
    return words


def _parted(word: str) -> tuple[str, tuple[str, ...]]:
    """A word as names have it, and its parts."""
    if word.isalpha():
        return word, (word,)
    plain = word.replace("+", "plus")
    return plain, tuple(_VERSION.sub("", part) for part in _PART.findall(plain))


def spellings(glued: str) -> set[str]:
    """A glued name with and without dots and the v of a version, and with 32k as 32000."""
    found = {glued, re.sub(r"(?<=\d)k$", "000", glued)}
    found |= {_VERSION.sub("", name) for name in found}
    return found | {name.replace(".", "") for name in found}


def run(words: Sequence[NameWord], at: int) -> Iterator[NameWord]:
    """The words from one on that only blanks and hyphens part."""
    for word in islice(words, at, at + LONGEST):
        if word is not words[at] and not word.joined:
            return
        yield word
