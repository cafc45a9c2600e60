"""Pressed: a message that says no more than a button of the answer before is that button."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.words import read, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Choice
    from bot.words import Said

MOST_WORDS = 6  # more is rather a question of its own
# what is said around a label; not every word that says nothing: 'when cheapest' is no 'cheapest'
_AROUND = frozenset(
    map(
        stem,
        "and ok so or then but what how about with for at in the a one ones me it that show see"
        " give use press just only instead please pls plz thanks".split(),
    )
)


def pressed(said: Said, choices: Sequence[Choice]) -> str | None:
    """The command of the choice whose label is all that is said, with words around it."""
    if len(said.words) > MOST_WORDS:
        return None
    for choice in choices:
        label = _stems(choice.label)
        left = tuple(s for s in said.stems if s in label or s not in _AROUND)
        if label and left == label:
            return choice.command
    return None


@lru_cache(maxsize=512)
def _stems(label: str) -> tuple[str, ...]:
    return read(label).stems
