"""Viewing: whether a message asks for a picture, a computation or a file, and of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.lexicon import NEUTRAL, STOP
from bot.questions.base import Question
from bot.views import Chart, Data, View, Why
from bot.words import at_word, pattern, read

if TYPE_CHECKING:
    from collections.abc import Mapping

_KIND = r"(?:chart|graph|plot|diagram|picture|visuali[sz]ation|infographic)s?"
_PICTURE = at_word(rf"""
    (?i:^\W*(?:(?:please|pls|can you|could you|now|and) )*(?:chart|plot|graph|draw|visuali[sz]e)\b
    (?: me\b)?
    |\b(?:draw|plot|chart|graph|visuali[sz]e)(?= (?:me|it|that|this|the|all|cost|costs|price|prices
    |how|20\d\d)\b)(?: me\b)?
    |\b(?:(?:in|as|on|with|for|of) )?(?:a|the|your|another|one) (?:(?:nice|quick|simple|line|bar) )*
    {_KIND}\b(?: (?:of|for|with|showing)\b)?
    |\b(?:as|in) {_KIND}\b|\b{_KIND} (?:of|for)\b|\b{_KIND}\W*$)
""")
_SHOWN = pattern(r"(?i:\W*(?:ok(?:ay)? |so |and |now |please )*show (?:me|it|that|this)\W*)")
_SCALE = pattern(r"""
    (?i:\W*(?:and |now |please |but )*(?:make it |on |in |with |use )?(?:an? |the )?
    (?:(?P<linear>linear)|log(?:arithmic)?)(?: (?:scale|axis))?(?: please)?\W*)
""")
_WHY = pattern(r"""
    (?i:\W*(?:but |and |ok |so )*(?:why(?: (?:is|was) (?:that|this|it)(?: so)?)?|how come
    |(?:show|explain) (?:me )?(?:your|the|that|this|how) ?(?:work(?:ing)?|math|maths|calculation
    |computation|formula)?
    |how (?:do|did|does|is|was|were) (?:you|u|it|that|this|they|these|those)
    (?: (?:number|figure|result)s?)?
    (?: (?:get|got|come|came|arrive|know|comput\w*|calculat\w*|work\w*|deriv\w*|made))
    (?: (?:up with|at|to|out|by))?(?: (?:that|this|it|these|those)(?: (?:number|figure|result)s?)?)?
    |receipts?|prove it|says who)(?: please)?\W*)
""")
_FILE = pattern(r"""
    (?i:\W*(?:(?:and|please|can i (?:have|get)|give me|as|the|that|this|it|data|numbers|in|to|a|an
    |download|export) )*(?:csv|excel|spreadsheet|raw data|data file)(?: file| please| format)*\W*)
""")


USUAL = ("log",)  # what people say though it is so anyway


class Viewing(Struct, frozen=True):
    """The view asked for, its switches, and the words left that say of what ("" for none)."""

    kind: type[View]
    rest: str = ""
    switches: Mapping[str, bool] = field(default_factory=dict)


def viewing(text: str, previous: object) -> Viewing | None:
    """The view that a message asks for; one that says of nothing needs something before it."""
    if previous is not None:
        if _WHY.fullmatch(text):
            return Viewing(Why)
        if _FILE.fullmatch(text):
            return Viewing(Data, "", {"bases": isinstance(previous, Chart) and previous.bases})
        if _SHOWN.fullmatch(text):
            return Viewing(Chart)
        if isinstance(previous, Question) and (scale := _SCALE.fullmatch(text)):
            return Viewing(Chart, "", {"linear": bool(scale["linear"])})
    rest, pictures = _PICTURE.subn(" ", text)
    if not pictures:
        return None
    return Viewing(Chart, "" if _empty(rest) else rest.strip())


def _empty(text: str) -> bool:
    """Whether nothing is left but small words: 'show me that please'."""
    return all(w.stem in STOP or w.stem in NEUTRAL for w in read(text).words)


def switched(kind: type[View], rest: str) -> Viewing:
    """What a view's command was given: its switches, then what it is to show."""
    words, switches = rest.split(), {}
    while words and words[0].lower() in (*kind.words, *USUAL):
        if (word := words.pop(0).lower()) in kind.words:
            switches[word] = True
    return Viewing(kind, _PICTURE.sub(" ", " ".join(words)).strip(), switches)
