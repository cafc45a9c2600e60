"""Manners: what is said around questions, thanks and a change of mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer, line
from bot.questions.about import STARTERS, TRY
from bot.questions.base import Question

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


class Thanks(Question):
    command = "thanks"
    summary = "you're welcome"
    listed = False
    chatter = True
    cues = (
        """
        thanks, thank you, thx, ty, tysm, thank u, tks, merci, gracias, danke, obrigado, obrigada,
        grazie, arigato, cheers, much appreciated, bye, goodbye, obliged, that helped, awesome,
        well done, good job, good bot
        """,
    )
    examples = ("thanks!", "thx")

    def answer(self, kb: KnowledgeBase) -> Answer:
        return Answer("You're welcome", (line(TRY),))


class NeverMind(Question):
    """Lets go of what was asked before: nothing can follow this up."""

    command = "nevermind"
    summary = "forget what I asked"
    listed = False
    chatter = True
    cues = (
        """
        never mind, nevermind, nvm, forget it, forget that, forget about it, cancel, cancel that,
        scratch that, start over, start again, stop, reset
        """,
    )
    examples = ("/nevermind", "never mind", "forget it")

    def answer(self, kb: KnowledgeBase) -> Answer:
        return Answer("All right, we start over", (line(TRY),), choices=STARTERS)
