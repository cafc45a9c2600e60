"""What tokens come to a day, a month and a year with a model, or how many of them money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot.billed import BILLABLE, BY, LIMIT, MIX, USED, Amount, Used
from bot.days import ON
from bot.questions.base import Question, slot
from bot.selling import MOST_MODELS, PROVIDER
from bot.values import Models, Named, Spend, Volume
from bot.volumes import MOST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Self

    from bot.answer import Answer
    from bot.values import Day, Mix, Per
    from knowledge.base import KnowledgeBase

OFFERED = 6  # models of one seller to choose from


class Bill(Question):
    command = "bill"
    usage = "<tokens/day | calls/day x tokens | $X/month> [in:out] <model> [year] [within $X/month]"
    summary = "what tokens cost a month with a model, or how many money buys"
    cues = (
        """
        token bill, tokens bill, token budget, tokens budget, token spend, llm bill, llm budget,
        llm spend, api bill, api budget, api spend
        """,
        """
        tokens, bill, budget, spend, afford, buy, get, run, burn, process, invoice, volume, save,
        cheaper, cost, summarise, translate, classify, generate
        """,
        "how many, how far",
    )
    bare = ("amount", "used")
    market = True
    charted = True
    along = ("mix", "provider", "on", "by", "limit")
    examples = (
        "/bill 2M tokens/day gpt-4o",
        "/bill $500/month gpt-4o",
        "/bill 1.5M in 500k out/day gpt-4o",
        "what would 2 million tokens a day cost with gpt-4o?",
        "10k calls a day of 2k tokens on claude sonnet 4.5",
        "$500 a month on gpt-4o, how many tokens?",
        "how many tokens can I get for $10 with deepseek v3.2",
        "monthly bill for 5M tokens daily at gpt-4 level",
        "50M tokens a month, 4:1 input to output, gpt-4.1 vs gemini 2.5 pro",
        "what will 2M tokens a day cost on gpt-5 in 2028",
        "we use 300k input tokens and 20k output tokens per hour with gpt-5 mini",
    )

    amount: Amount = slot(BILLABLE)
    mix: Mix | None = slot(MIX, default=None)
    by: Per | None = slot(BY, default=None)  # before a name: 'claude a month' is a subscription
    used: Used = slot(USED)
    provider: str | None = slot(PROVIDER, default=None)
    on: Day | None = slot(ON, default=None)
    limit: Spend | None = slot(LIMIT, default=None)

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> bool:
        """Every question may name a model."""
        return "amount" in values

    @classmethod
    def plain(cls, values: Mapping[str, Any]) -> bool:
        """So many tokens are a bill, whatever they are used for."""
        return isinstance(values.get("amount"), Volume)

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """Tokens or money of a model, or of who sells some; either alone may mean much else."""
        named = "used" in values or "provider" in values
        return super().alone(values) and "amount" in values and named

    @classmethod
    def check(cls, values: Mapping[str, Any]) -> None:
        """No tokens, or more than there are, need no model to be refused."""
        from bot.questions.reckoning import usage_of  # here, because few ask for bills

        amount = values.get("amount")
        if isinstance(amount, Volume) and not amount.asks:
            usage_of(amount, values.get("mix"))

    @classmethod
    def offered(cls, missing: str, values: Mapping[str, Any], kb: KnowledgeBase) -> dict[str, Any]:
        """The newest models of the seller that was named."""
        seller = values.get("provider")
        if missing != "used" or seller is None:
            return {}
        from bot.questions.listed import newest  # here, because few ask for bills

        ids = [offer.model for offer in newest(kb.market, seller, kb.market.as_of)[:OFFERED]]
        return {each: Models((Named.of(each, each),)) for each in ids}

    @property
    def wants(self) -> str | None:
        """Calls have no price: the tokens of one are asked for."""
        return "amount" if isinstance(self.amount, Volume) and self.amount.asks else None

    @property
    def pictured(self) -> bool:
        """Dollars over years are drawn: those of tokens, with one model or level."""
        one = isinstance(self.used, str) or len(self.used.listed) == 1
        return one and isinstance(self.amount, Volume) and not self.wants

    def ahead(self, kb: KnowledgeBase) -> bool:
        """Whether the year that is asked for is still to come."""
        return self.on is not None and self.on.first > kb.market.as_of

    def day(self, kb: KnowledgeBase) -> date:
        """Whose prices count: the last day of the time asked for, or the newest."""
        return min(self.on.last, kb.market.as_of) if self.on else kb.market.as_of

    def followed(self, values: Mapping[str, Any]) -> Self:
        """'and 5M?' is as often as before; 'vs o3' adds a model; another model has other hosts."""
        given = dict(values)
        if self.limit and values.keys() == {"amount"} and isinstance(values["amount"], Spend):
            limit: Spend = given.pop("amount")  # '$200' after 'is $300 a month enough?'
            given["limit"] = replace(limit, per=limit.per or self.limit.per)
        amount, used = given.get("amount"), given.get("used")
        if isinstance(amount, (Volume, Spend)):
            given["amount"] = self._changed(amount)
        if isinstance(used, Models) and used.added and isinstance(self.used, Models):
            together = dict.fromkeys((*self.used.listed, *used.listed))
            given["used"] = Models(tuple(together)[-MOST_MODELS:])
        if used is not None:
            given.setdefault("provider", None)
        if amount is not None and used is not None:  # another bill, said in full
            given = {"mix": None, "by": None, "on": None, "limit": None, **given}
        return super().followed(given)

    def times(self, number: float) -> Self:
        """So many times as much, in whole tokens or cents; of calls it is their number."""
        amount = self.amount
        if isinstance(amount, Spend):
            return replace(self, amount=replace(amount, dollars=round(amount.dollars * number, 2)))
        if amount.calls is not None:
            return replace(self, amount=replace(amount, calls=_whole(amount.calls * number)))
        output = None if amount.output is None else _whole(amount.output * number)
        into = _whole(amount.tokens * number)
        return replace(self, amount=replace(amount, tokens=into, output=output))

    def _changed(self, amount: Amount) -> Amount:
        """As often as before; tokens alone are those of a call, and calls alone have those."""
        if not isinstance(amount, type(self.amount)):
            return amount
        amount = replace(amount, per=amount.per or self.amount.per)
        if isinstance(amount, Volume) and isinstance(self.amount, Volume):
            if self.amount.asks and amount.calls is None:
                return replace(amount, calls=self.amount.calls)
            if amount.asks and self.amount.calls is not None:
                return replace(amount, tokens=self.amount.tokens, output=self.amount.output)
        return amount

    def answer(self, kb: KnowledgeBase) -> Answer:
        from bot.questions import billing, side_by_side  # here, because few ask for bills

        if isinstance(self.amount, Volume) and self.wants:
            return billing.ask_for_tokens(self, self.amount)
        if isinstance(self.used, Models) and len(self.used.listed) > 1:
            return side_by_side.answer(self, self.used, kb)
        return billing.answer(self, kb)


def _whole(number: float) -> float:
    return float(round(min(number, MOST)))
