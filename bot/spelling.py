"""Spelling: mistyped words put right, towards the words that questions are made of.

Only a word that means nothing here is touched, and only when a known word is close by: few edits
for its length, the same first letter, and in short words no letter merely exchanged (a `coat` is
no `cost`). The distance is Damerau and Levenshtein's, optimal string alignment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.lexicon import (
    ANCHORS_WORDS,
    COMMON_WORDS,
    DOMAIN_WORDS,
    STOP_WORDS,
)
from bot.ordinary import NEUTRAL_WORDS, PLAIN_WORDS, THINGS_WORDS
from bot.words import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.models import ModelNames
    from bot.words import Said

# words that only slots read
VALUE_WORDS = """
    percent annually yearly halving halves headline latest trend interval confidence level
    half quarter third tenth cent cents penny dollar dollars bucks hundred thousand million
    billion twenty thirty forty fifty sixty eighty ninety eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen seven eight three cheapest expensive
    optimistic pessimistic conservative bullish smallest biggest largest lowest highest
    fastest slowest steepest daily monthly weekly decade between since until before after
    next current previous scenario aggressive ahead ambitious band basis bear beginning
    behind bold boldest building bull careful cautious certainty charts chat complete
    costliest dearest dime entry exceed except excluding extreme fifth final forget formula
    forward grand greater higher historical history ignore later least leave method mind
    modest moment nickel nowadays onwards optimist pace period pessimist present priciest
    prior range rather recent series serving skip span speed start title wrote tokens hundredth
    thousandth inference training above below under over calls requests queries prompts short
    full answers replies topic reset min max
""".split()

MOST_WORDS = 400  # different ones in a message that are looked at
_WORD = re.compile(r"(?<![\w'])[a-z]{3,24}(?![\w'])")


class Spelling:
    """Corrections towards the given words, those of the lexicon, and names of models.

    `spared` are words as well. What models are called is only looked up for a word that is none
    of the others.
    """

    def __init__(
        self,
        names: Iterable[str],
        models: Callable[[], ModelNames],
        spared: Iterable[str] = (),
    ) -> None:
        self._models = models
        words = [*DOMAIN_WORDS, *ANCHORS_WORDS, *COMMON_WORDS, *VALUE_WORDS, *names, *STOP_WORDS]
        parts = [p for word in words for p in re.findall(r"[a-z]+", word.casefold())]
        known = [p for word in spared for p in re.findall(r"[a-z]+", word.casefold())]
        known += [*PLAIN_WORDS, *NEUTRAL_WORDS, *THINGS_WORDS]
        self._stems = {stem(p) for p in (*parts, *known)}
        self._choices = list(dict.fromkeys(p for p in parts if len(p) > 3))
        self._short = {"".join(sorted(p)): p for p in parts if len(p) == 3}

    def corrected(self, said: Said) -> str:
        """The normal form of a message with its mistyped words put right."""
        if not any(map(str.isalpha, set(said.stems) - self._stems)):  # as most
            return said.text
        right: dict[str, str] = {}

        def word(match: re.Match[str]) -> str:
            said = match[0]
            if said not in right:
                right[said] = self._word(said) if len(right) < MOST_WORDS else said
            return right[said]

        return _WORD.sub(word, said.text)

    def _word(self, word: str) -> str:
        if stem(word) in self._stems or word in self._models().parts:
            return word
        if len(word) == 3:
            letters = "".join(sorted(word))
            return self._short.get(letters) or self._models().swapped.get(letters, word)
        return self._nearest(word) or word

    def _nearest(self, word: str) -> str | None:
        # imported here: most messages have no unknown word, and a start should not wait for it
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 1 if len(word) < 7 else 2
        models = self._models().words
        choices = (*self._choices, *models)
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=8)
        for choice, distance, _ in sorted(near, key=lambda n: n[1]):
            exchanged = len(choice) == len(word) and sorted(choice) != sorted(word)
            # a `clause` is no Claude
            if len(word) < 6 + (choice in models) and (exchanged or distance > 1):
                continue
            if choice[0] == word[0] or sorted(choice[:2]) == sorted(word[:2]):
                return str(choice)
        return None
