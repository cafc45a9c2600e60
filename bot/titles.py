"""Studies as people name them: by number, by title, or by some of its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import wording
from bot.capabilities import CAPABILITY
from bot.lexicon import STOP
from bot.likeness import COMMON, match_title, title_parts
from bot.slots import Mention, Slot, find_all
from bot.words import pattern, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context

_JOINT = r"(?:-|to|through|thru|,|and|&|\+|vs\.?|versus|with|or|, and)"
_NOUN = r"(?:stud(?:y|ies) |papers? |numbers? |no\.? ?|#)"
_NUMBERS = rf"#?\d{{1,4}}(?: ?{_JOINT} ?{_NOUN}?#?\d{{1,4}}\b){{0,40}}"
_NUMBERED = pattern(rf"""
    \bcompare (?:studies |papers )?({_NUMBERS}(?: {_NUMBERS})+)(?![\w%])(?!\.\d)
    |(?:\b(?:stud(?:y|ies)|papers?|numbers?|no\.?|nr\.?|entry|entries|nos\.?)
    (?: (?:numbers?|no\.?|nr\.?))? ?
    |\b(?:compare|cite|put|compared? (?:to|with|against)|versus|vs\.?) |(?=\#\d))
    ({_NUMBERS})(?![\w%])(?!\.\d)
    |\b(\d{{1,2}})(?:st|nd|rd|th) (?:study|paper|one|entry)\b
    |^({_NUMBERS})$
""")
_RANGE = re.compile(r"(\d{1,4}) ?(?:-|to|through|thru) ?(?:#)?(\d{1,4})")
_BARE = re.compile(rf"{_NUMBERS}(?: +{_NUMBERS})*")
MOST_NUMBERS = 40  # of studies in one comparison


def _numbers(text: str) -> tuple[int, ...] | None:
    found: set[int] = set()
    for low, high in _RANGE.findall(text):
        found.update(range(int(low), min(int(high), int(low) + MOST_NUMBERS) + 1))
    found.update(map(int, re.findall(r"\d+", text)))
    if any(1900 <= n < 2200 for n in found):
        return None
    return tuple(sorted(found)) or None


def _numbered(match: re.Match[str]) -> tuple[int, ...] | None:
    numbers = _numbers(next(filter(None, match.groups())))
    if match[4] and (numbers is None or len(numbers) < 2):
        return None  # a lone number is no study
    if numbers and len(numbers) > 1 and 0 in numbers:
        return None  # nor is 0 one of several
    return numbers


def find_studies(context: Context) -> Iterator[Mention[tuple[int, ...]]]:
    """Studies by number ('study 5', 'papers 1, 3 and 5', '#2') and by title or part of one."""
    text = context.said.text
    found = [*find_all(_NUMBERED, _numbered, text), *_titles(context)]
    found.sort(key=lambda m: m.start)
    merged: list[Mention[tuple[int, ...]]] = []
    for mention in found:
        if merged and _AND.fullmatch(text[merged[-1].end : mention.start]):
            both = tuple(dict.fromkeys((*merged[-1].value, *mention.value)))
            merged[-1] = Mention(both, merged[-1].start, mention.end)
        elif not merged or mention.start >= merged[-1].end:
            merged.append(mention)
    return iter(merged)


_AND = pattern(r"""
    (?: (?:paper|study|one))?(?:,? ?)
    (?:and|vs\.?|v\.?|versus|with|to|against|or|&|,|compared (?:to|with))?(?: ?)
    (?:the |study |paper )*
""")


def _titles(context: Context) -> Iterator[Mention[tuple[int, ...]]]:
    words = context.said.words
    telling = [w.text for w in words if w.stem not in STOP and w.stem not in COMMON]
    if not any(word.isalpha() for word in telling):
        return
    best: list[tuple[float, int, Mention[tuple[int, ...]]]] = []
    for study in context.vocabulary.titled(telling):
        matched = match_title(study, context.said.stems)
        if matched:
            score, first, last = matched
            number: tuple[int, ...] = (study.number,)
            mention = Mention(number, words[first].start, words[last].end)
            if not _of_level(mention, context):
                best.append((score, -study.number, mention))
    taken: list[Mention[tuple[int, ...]]] = []
    for _, _, mention in sorted(best, key=lambda b: b[:2], reverse=True):
        if not any(mention.overlaps(other) for other in taken):
            taken.append(mention)
            yield mention


def _of_level(mention: Mention[tuple[int, ...]], context: Context) -> bool:
    """Whether it rests on the name of a level, as 'gpt-4 level' alone names no study."""
    words = context.said.between(mention.start, mention.end)
    return any(
        mention.overlaps(level)
        and sum(not level.start <= w.start < level.end for w in words if w.stem not in STOP)
        < 2 + len([w for w in words if w.stem in COMMON])
        for level in context.once(CAPABILITY.find)
    )


def _bare_studies(text: str, context: Context) -> tuple[int, ...] | None:
    return _numbers(text) if _BARE.fullmatch(text.strip()) else None


def _bare_study(text: str, context: Context) -> int | None:
    """A number, or the study whose title has most of the words given."""
    if (numbers := _bare_studies(text, context)) and len(numbers) == 1:
        return numbers[0]
    words = [stem(w) for w in text.split()]
    for study in context.vocabulary.titled(text.split()):
        title = set(title_parts(study.title)[0].stems)
        telling = [w for w in words if w not in STOP]
        if telling and sum(w in title for w in telling) * 2 > len(telling):
            return study.number
    return None


STUDIES: Slot[tuple[int, ...]] = Slot(
    "studies",
    find_studies,
    lambda v: f"{'study' if len(v) == 1 else 'studies'} {wording.numbers(v)}",
    "Which studies?",
    _bare_studies,
)
STUDY: Slot[int] = Slot(
    "study",
    lambda c: (
        Mention(m.value[0], m.start, m.end) for m in c.once(find_studies) if len(m.value) == 1
    ),
    str,
    "Which study, by number or title?",
    _bare_study,
    suggest=("2", "10", "12"),
)
