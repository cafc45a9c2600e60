"""Current: the conversation over the knowledge base as it stands now."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.choices import USUAL
from bot.conversation import Conversation

if TYPE_CHECKING:
    from bot.choices import Choices
    from knowledge.base import KnowledgeBase

WAYS = 64  # in which chats want their answers, kept ready; the ones longest unused go first


class Current:
    """What everybody asks for at each turn, so that one change of it is everybody's."""

    def __init__(self, kb: KnowledgeBase, miss_days: int = 0) -> None:
        self._miss_days = miss_days
        self.kb = kb
        self._conversation = Conversation(kb, miss_days)
        self._under = lru_cache(maxsize=WAYS)(self._conversation.under)

    def conversation(self, choices: Choices = USUAL) -> Conversation:
        """The conversation as a chat has chosen it."""
        if choices.topics is not None:  # they say where to answer, not how
            choices = replace(choices, topics=None)
        return self._conversation if choices == USUAL else self._under(choices)

    def replace(self, kb: KnowledgeBase) -> None:
        """Go on with another knowledge base, and close the old one: no turn waits in between."""
        conversation = Conversation(kb, self._miss_days)  # before anything is changed
        self._conversation = conversation
        self._under = lru_cache(maxsize=WAYS)(conversation.under)
        before, self.kb = self.kb, kb
        before.close()
