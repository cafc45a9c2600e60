"""Model names as people type them: "gpt4o", "sonnet 3.5", "llama 70b" become the models meant.

A name in full, however spaced and punctuated, is that model. Parts of one ("llama 70b") are all
models that have these parts, the newest first. Words that mean other things as well ("command",
"opus") need company, unless the name was asked for.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.lexicon import KNOWN, Phrases, plain_stems
from bot.name_parts import name_words, run, spellings
from bot.ordinary import THINGS_WORDS
from bot.slots import Mention
from bot.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.name_parts import NameWord
    from bot.words import Said
    from knowledge.market.records import Family, Model, Provider

    Models = tuple[str, ...]  # ids, the likeliest first
    Found = tuple[int, Models]  # how many words, and what they may mean

YEAR = 4  # digits, which are no version unless something else names a model


class ModelNames:
    """The names of all models; built once for a knowledge base."""

    def __init__(
        self, models: Iterable[Model], families: Iterable[Family], providers: Iterable[Provider]
    ) -> None:
        newest = sorted(models, key=lambda m: (m.first_priced, m.id), reverse=True)
        self._ranks = {model.id: rank for rank, model in enumerate(newest)}
        self._families: set[str] = set()
        self._lines: set[str] = set()
        for family in families:
            self._families.update(family.words)
            self._lines.update(family.lines)
        named = [(word, p.id) for p in providers for word in (p.id, p.name, *p.aliases)]
        self.sellers = Phrases(named)
        self.seller_words = {word.casefold() for word, _ in named}
        self._whole: dict[str, list[str]] = {}  # models by a name without blanks and hyphens
        self._having: dict[str, set[tuple[str, str]]] = {}  # by a part: names, and their models
        self._parts: dict[str, frozenset[str]] = {}  # of a name, without its family's word
        for model in newest:
            for name in (model.id, short(model.id), model.name, *model.aliases):
                self._add(name, model.id)
        self._telling = self._families | self._lines
        self._starts = {whole[:2] for whole in self._whole}
        # words that are spelled as meant, and those of them that others may be a slip for
        self.parts = frozenset(filter(str.isalpha, (*self._having, *self.seller_words)))
        telling = {*self._families, *self._lines, *self.seller_words} & self.parts
        self.words = tuple(sorted(word for word in telling if len(word) > 3))
        self.swapped = {"".join(sorted(word)): word for word in telling if len(word) == 3}

    def _add(self, name: str, model: str) -> None:
        words = name_words(name)
        for whole in spellings("".join(word.text for word in words)):
            found = self._whole.setdefault(whole, [])
            if model not in found:
                found.append(model)
        parts = {part for word in words for part in word.parts}
        self._parts[name] = frozenset(parts - self._families)
        for word in words:
            for part in (*word.parts, *spellings(word.text)):
                self._having.setdefault(part, set()).add((name, model))

    def find(self, text: str) -> Iterator[Mention[Models]]:
        """The models that a sentence names: for each mention the one meant, or those it may be."""
        words = name_words(text)
        at = 0
        while at < len(words):
            size, models = max(self._in_full(words, at), self._in_part(words, at), key=_size)
            if models:
                yield Mention(models, words[at].start, words[at + size - 1].end)
            at += max(size, 1)

    def promised(self, said: Said) -> bool:
        """Whether a message has a word that may be of a name: most are seen through here."""
        return any(
            word.text in self._telling if _is_plain(word.text) else not _is_year(word.text)
            for word in said.words
        )

    def full(self, text: str) -> Models:
        """The models that a text is the whole name of, whatever else it may mean."""
        return tuple(self._whole.get("".join(word.text for word in name_words(text)), ()))

    def named(self, text: str) -> Models:
        """The models that a text may mean which was asked for as a name; it may be mistyped."""
        return self._bare(text) or self._bare(self.corrected(text))

    def _bare(self, text: str) -> Models:
        if whole := self.full(text):
            return whole
        words = name_words(text)
        if mentions := [mention.value for mention in self.find(text)]:
            return min(mentions, key=len)
        told = [part for word in words for part in word.parts if part in self._having]
        if self._lines.isdisjoint(told):
            return ()
        names = self._having[next(part for part in told if part in self._lines)]
        for part in told:
            names = names & self._having[part] or names
        return self._ranked(names, told)

    def _in_full(self, words: Sequence[NameWord], at: int) -> Found:
        """The longest whole name that begins with a word."""
        found: Found = (0, ())
        glued = ""
        if words[at].text[:2] in self._starts:
            for size, word in enumerate(run(words, at), start=1):
                glued += word.text
                if glued in self._whole and self._surely(words, at, size, glued):
                    found = size, tuple(self._whole[glued])
        return found

    def _in_part(self, words: Sequence[NameWord], at: int) -> Found:
        """The most words from one on that a name has together."""
        found: Found = (0, ())
        if words[at].text.isdigit():
            return found
        names: set[tuple[str, str]] | None = None
        for size, word in enumerate(run(words, at), start=1):
            for part in word.parts:
                having = self._having.get(part, set())
                names = having if names is None else names & having
            if not names:
                break
            if self._surely(words, at, size):
                told = [part for word in words[at : at + size] for part in word.parts]
                found = size, self._ranked(names, told)
        return found

    def _ranked(self, names: set[tuple[str, str]], told: Iterable[str]) -> Models:
        """The models with such names; only the one of which nothing but its family is untold."""
        telling = frozenset(told) - self._families
        complete = {model for name, model in names if self._parts[name] == telling}
        models = complete if len(complete) == 1 else {model for _, model in names}
        return tuple(sorted(models, key=self._ranks.__getitem__))

    def _surely(self, words: Sequence[NameWord], at: int, size: int, whole: str = "") -> bool:
        """Whether words that may be a name are one in any sentence."""
        parts = {part for word in words[at : at + size] for part in word.parts}
        if not self._families.isdisjoint(parts):
            return True
        if not self._lines.isdisjoint(parts):
            after_seller = at > 0 and words[at].joined and words[at - 1].text in self.seller_words
            return after_seller or len(parts - {"a"}) > 1
        # 'o1' and '4o mini', but neither 'ada' nor the '4 o' of a clock
        return bool(re.search(r"[a-z]", whole) and re.search(r"\d", whole)) and (
            len(words[at].text) > 1
        )

    def corrected(self, text: str) -> str:
        """The text with words that are nearly a part of some name spelled as that part is."""
        from rapidfuzz import process  # here, because few names are mistyped
        from rapidfuzz.distance import OSA

        choices = [part for part in self._having if len(part) > 3]

        def right(match: re.Match[str]) -> str:
            word = match[0]
            if word in self._having or stem(word) in _ordinary():
                return word
            most = 1 if len(word) < 7 else 2
            near = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=most)
            return str(near[0]) if near and near[0][0] == word[0] else word

        return re.sub(r"[a-z]{4,24}", right, text.casefold())


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha()  # other letters end a name: "gpt的"


def _is_year(word: str) -> bool:
    return len(word) == YEAR and word.isdigit()


def short(id: str) -> str:  # noqa: A002  # as in the data
    """A model's id in fewer letters, for where it would not fit; a name of the same model."""
    return id.replace("-instruct", "-it")


@cache
def _ordinary() -> frozenset[str]:
    """Stems of words that are spelled as meant."""
    return KNOWN | plain_stems() | frozenset(map(stem, THINGS_WORDS))


def _size(found: Found) -> int:
    return found[0]
