"""What a model costs at list price: on a day, over time, beside others; and the cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, line
from bot.days import ON, OVER_TIME, OverTime
from bot.questions.base import Question, question, slot
from bot.questions.cost import MONEY_WORDS
from bot.selling import PROVIDER, WHAT, What
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from bot.values import Day
    from knowledge.base import KnowledgeBase


@question
class Price(Question):
    command = "price"
    usage = "<model | a vs b | cheapest> [at provider] [date | over time]"
    summary = "list prices of models per million tokens"
    cues = (
        """
        list price, list prices, api price, api prices, api pricing, token price, token prices,
        per token, per tokens, input tokens, output tokens, million tokens, model prices
        """,
        MONEY_WORDS,
    )
    bare = ("what",)
    along = ("provider", "on", "history")
    examples = (
        "/price gpt-4o",
        "what did gpt-4 cost in 2023?",
        "price of claude 3.5 sonnet over time",
        "gpt4o price",
        "how much is o3",
        "gpt-4o vs claude 3.5 sonnet",
        "cheapest model",
        "cheapest model at groq in 2024",
    )

    what: What = slot(WHAT)
    provider: str | None = slot(PROVIDER, default=None)
    on: Day | None = slot(ON, default=None)
    history: OverTime | None = slot(OVER_TIME, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        on = min(self.on.last, kb.market.as_of) if self.on else kb.market.as_of
        if isinstance(self.what, str):
            found = kb.market.cheapest(on, provider=self.provider)
        else:
            prices = (kb.market.price(id, on, self.provider) for id in self.what.ids)  # noqa: A001  # as in the data
            found = tuple(price for price in prices if price)
        if not found:
            raise NumberError(f"no such price was in force on {on}")
        said = (
            f"{p.name} {wording.price(p.input)} in, {wording.price(p.output)} out" for p in found
        )
        return Answer("; ".join(said), (line(f"List prices per million tokens as of {on}."),))
