"""Own: a series of the user's by name, to be asked about in place of the post's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slots import Mention, Slot
from bot.vocabulary import find_series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context


def _named(context: Context) -> Iterator[Mention[str]]:
    words = context.said.words
    for hit in context.once(find_series):
        yield Mention(hit.value.id, words[hit.first].start, words[hit.last].end)


SERIES: Slot[str] = Slot("series", _named, lambda id: f"series {id}", "Which series?")  # noqa: A006  # as in the data
