"""Pressed: a message that says no more than a button of the answer before is that button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.lexicon import NEUTRAL, STOP
from bot.words import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answer import Choice
    from bot.words import Said

MOST_WORDS = 6  # more is rather a question of its own


def pressed(said: Said, choices: Sequence[Choice]) -> str | None:
    """The command of the choice whose label is all that is said, beside words that say nothing."""
    stems = [word.stem for word in said.words]
    if len(stems) > MOST_WORDS:
        return None
    for choice in choices:
        label = [word.stem for word in read(choice.label).words]
        left = [stem for stem in stems if stem in label or not (stem in STOP or stem in NEUTRAL)]
        if label and left == label:
            return choice.command
    return None
