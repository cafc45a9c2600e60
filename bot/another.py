"""Another: whether a message names what a kind of question knows nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.billed import BILLABLE
from bot.capabilities import CAPABILITY
from bot.manner import ELSEWHERE, FOREIGN
from bot.measures import GROUP
from bot.selling import MODEL, PROVIDER, WHAT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.hearing import Heard
    from bot.questions.base import Question
    from bot.slots import Mention


def of_another(kind: type[Question], heard: Heard, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether it names a model, tokens to pay, or what is not known here: not for this kind."""
    if FOREIGN in heard.mentions:
        return FOREIGN not in kind.reads
    if kind.market:  # these are counted in tokens, the rest is for nobody here
        rented = any(m.value == "hardware rental" for m in heard.mentions.get(GROUP, ()))
        return (rented and BILLABLE not in heard.mentions) or any(
            m.value != "tokens" for m in heard.mentions.get(ELSEWHERE, ())
        )
    others = [s for s in (CAPABILITY, MODEL, WHAT, BILLABLE, ELSEWHERE) if s not in kind.reads]
    if BILLABLE in heard.mentions and PROVIDER not in kind.reads:
        others.append(PROVIDER)  # what is spent there buys what they sell
    return beyond([m for slot in others for m in heard.mentions.get(slot, ())], spans)


def beyond(mentions: Sequence[Mention[Any]], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether any of the mentions overlaps none of the spans."""
    for m in mentions:
        for start, end in spans:
            if start < m.end and m.start < end:
                break
        else:
            return True
    return False
