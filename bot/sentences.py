"""Sentences: a message cut into what it may ask, without what it says it does not want."""

from __future__ import annotations

from bot.words import MAX_CHARACTERS, pattern

MAX_SENTENCE, MOST_SENTENCES = 400, 60  # characters, and sentences of one message, that are read
_SENTENCE = pattern(r"""
    (?i:(?<=[?!.;:])\s+|\n+
    |,? and (?:also |then )?(?=(?:what|how|when|which|who|where|why|is|are|does|do|did|can|compare
    |project|show|give me|tell me|list)\b)
    |,? (?=(?:what|how) about\b))
""")
_NEGATED = pattern(r"""
    (?i:\b(?:not|no|without|skip|ignore|forget|leave|nothing on|nothing about|never mind
    |(?:don'?t|do not|dont) (?:need|want|care about|show|give)(?: me)?
    |instead of|rather than|except|excluding|other than)
    (?: (?:the|a|an|any|your|for|about|just|to))*(?: )
    (?:projections?|forecasts?|predictions?|estimates?|training|inference|headline|trend|charts?
    |future|interval)
    (?: (?:ones?|studies|papers|figures?|projections?|rates?|scenarios?|prices?|costs?))?\b
    (?: out of (?:it|this))?
    |\b(?:no,? )?not (?:in |for )?(?:(?:19|20)\d\d|study \d+)(?=[,;.]))
""")


def wanted(text: str) -> str:
    """The text without what it names only to leave it out: 'not the projection'."""
    return _NEGATED.sub(" ", text)


def sentences(text: str) -> list[str]:
    """The sentences with something to read in them, each cut to the length of a question."""
    parts = [part[:MAX_SENTENCE] for part in _SENTENCE.split(text[:MAX_CHARACTERS])]
    return list(dict.fromkeys(p for p in parts if p and p.strip()))[:MOST_SENTENCES]
