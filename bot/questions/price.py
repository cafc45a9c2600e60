"""What a model costs at list price: on a day, over time, beside others; and the cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.days import ON, OVER_TIME, OverTime
from bot.names import TRAINING
from bot.questions.base import Question, slot
from bot.questions.cost import MONEY_WORDS
from bot.selling import MOST_MODELS, PROVIDER, WHAT, What
from bot.values import Models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Literal, Self

    from bot.answer import Answer
    from bot.values import Day
    from knowledge.base import KnowledgeBase


class Price(Question):
    command = "price"
    usage = "<model | a vs b | cheapest | models | raised> [at provider] [date | over time]"
    summary = "list prices of models per million tokens"
    cues = (
        """
        list price, list prices, api price, api prices, api pricing, token price, token prices,
        per token, per tokens, input tokens, output tokens, million tokens, model prices
        """,
        MONEY_WORDS,
        """
        cheaper, dearer, cheapest, compare, difference, token, tokens, host, hosts, hosted,
        provider, providers, preis, preise, kostet, wieviel, wie viel, combien, prix, coûte, coute,
        cuánto, cuanto, cuesta, precio, quanto, costa, prezzo, preço, sells, sell, offers, which,
        who, any
        """,
    )
    bare = ("what",)
    market = True
    along = ("provider", "on", "history")
    charted = True
    examples = (
        "/price gpt-4o",
        "what did gpt-4 cost in 2023?",
        "price of claude 3.5 sonnet over time",
        "gpt4o price",
        "how much is o3",
        "deepseek v3 price in march 2025",
        "llama 3.1 70b on groq",
        "gpt-4o vs claude 3.5 sonnet",
        "cheapest model",
        "cheapest model at groq in 2025",
        "cost per million tokens in 2024",
        "which models got more expensive",
        "/price raised 2025",
    )

    what: What = slot(WHAT)
    provider: str | None = slot(PROVIDER, default=None)
    on: Day | None = slot(ON, default=None)
    history: OverTime | None = slot(OVER_TIME, default=None)
    training: Literal["training"] | None = slot(TRAINING, default=None)

    @classmethod
    def whole(cls, values: Mapping[str, Any]) -> bool:
        """'Cheapest model' is a question, and about now."""
        return isinstance(values.get("what"), str)

    @property
    def pictured(self) -> bool:
        return not isinstance(self.what, str)

    def day(self, kb: KnowledgeBase) -> date:
        """The day that is asked of, or of a month or year the last; at most the data's."""
        return min(self.on.last, kb.market.as_of) if self.on else kb.market.as_of

    def followed(self, values: Mapping[str, Any]) -> Self:
        """'and in 2024?' asks of that year alone; 'vs o3' adds a model to those asked of."""
        given = dict(values)
        what = given.get("what")
        if isinstance(what, Models) and what.added and isinstance(self.what, Models):
            together = dict.fromkeys((*self.what.listed, *what.listed))
            given["what"] = Models(tuple(together)[-MOST_MODELS:])
        if "on" in given:
            given.setdefault("history", None)
        if "what" in given and "provider" not in given:
            given["provider"] = None
        return super().followed(given)

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.questions import (  # here, because few questions ask of prices
            beside,
            cheapest,
            pricing,
            raised,
        )

        if isinstance(self.what, str):
            if self.what == "raised":
                return raised.answer(self, kb)
            return cheapest.answer(self, self.what, kb)
        if len(self.what.listed) > 1:
            return beside.answer(self, self.what, kb)
        return pricing.alone(self, self.what.listed[0].id, kb)
