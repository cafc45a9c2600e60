"""Provenance: where list prices were read, how sure that is, and as of when."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Choice, Figure, line
from bot.questions.listed import NOT_DATED, dated

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


def of_prices(kb: KnowledgeBase) -> Answer:
    """In how many tables prices were seen, how their first days are known, what to doubt."""
    market = kb.market
    prices = [p for model in market.models() for p in market.periods(model.id)]
    several = sum(any(not market.origin(p).id.startswith(w) for w in p.witnesses) for p in prices)
    late = sum((p.start_known or "").startswith(NOT_DATED) for p in prices)
    read = Counter(market.origin(p).id for p in prices)
    names = [origin.title.partition(",")[0] for origin in market.origins() if read[origin.id]]
    doubts = ("list-price", "reasoning", "late-starts", "not-all-hosts")
    return Answer(
        f"List prices are as of {dated(market.as_of)}; {several} of {len(prices)} were seen in more"
        " than one table",
        (
            line(f"Each was read in a public table: {wording.listed(names)}; its answer names it."),
            line(f"The first day of {late} is not exact: an earlier change is possible."),
            *(line(market.doubt(doubt).says) for doubt in doubts),
            line("The post's own table is another matter: it names no source. /sources"),
        ),
        line(f"Source: public price tables, as of {dated(market.as_of)}"),
        (
            Figure("prices", len(prices), "count"),
            Figure("several", several, "count"),
            Figure("late", late, "count"),
        ),
        (
            Choice("GPT-4o", "/price gpt-4o"),
            Choice("A fixed capability", "/capability"),
            Choice("All sources", "/sources"),
        ),
    )
