"""Bills and budgets by model: what tokens come to, what money buys, and what may come of either."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts.model import Curve
from bot.pictures import picture
from bot.questions.base import MAX_COMMAND_BYTES
from bot.questions.bill import Bill
from bot.questions.settle import settle
from bot.receipts import receipt
from bot.render import Told, render
from bot.values import Day, Mix, Models, Named, Spend, Volume
from bot.volumes import short
from knowledge.build import DATA
from knowledge.errors import NumberError
from knowledge.load import load
from knowledge.market.bill import Usage, bought, later, split
from knowledge.market.load import load as load_market
from knowledge.rates import Rate, annualise
from tests.talk import TODAY, command, say, shown
from tests.test_receipts import CLOSE, equations, off

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.conversation import Conversation
    from bot.values import Per
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice
    from tests.conftest import Asker, ChatDriver

MARKET = load_market(DATA)
AS_OF = MARKET.as_of
NOW = [p for p in MARKET.prices if p.in_force(AS_OF)]
# models that their maker sells now: there is one price that a bill is by
MAKERS = {p.id for p in MARKET.providers if not p.host}
SOLD = {p.model: p for p in NOW if p.provider in MAKERS}
A_YEAR = {
    "second": 31_536_000,
    "minute": 525_600,
    "hour": 8_760,
    "day": 365,
    "month": 12,
    "year": 1,
}
MODELS = st.sampled_from(sorted(SOLD))
PERIODS: st.SearchStrategy[Per] = st.sampled_from(sorted(A_YEAR))
MIXES = st.builds(Mix, st.integers(1, 20).map(float), st.integers(0, 20).map(float))
TOKENS = st.integers(1, 999).flatmap(
    lambda n: st.sampled_from([float(n), n * 1e3, n * 1e6, n * 1e9])
)


def of(model: str, amount: Volume | Spend, mix: Mix | None = None, on: Day | None = None) -> Bill:
    """The bill of an amount with one model that is sure."""
    return Bill(amount=amount, mix=mix, used=Models((Named.of(model, model),)), on=on)


def words(answer: Answer) -> str:
    """All that is said."""
    return re.sub(r"<[^>]+>", "", "\n".join(render([Told(answer)], None).texts))


def each(price: ModelPrice, mix: Mix) -> float:
    """US dollars per token in a mix, computed apart."""
    whole = mix.input + mix.output
    return (mix.input * price.input + mix.output * price.output) / whole / 1e6


def reaches(price: ModelPrice, benchmark: str, threshold: float) -> bool:
    """Whether a model's highest score that counts by now is at the bar."""
    return any(
        s.model == price.model
        and s.benchmark == benchmark
        and s.score >= threshold
        and (s.counts_from is None or s.counts_from <= AS_OF)
        for s in MARKET.scores
    )


# --------------------------------------------------------------------------- bills


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (
            "what would 2 million tokens a day cost with gpt-4o?",
            "2 million tokens a day on GPT-4o: $8.75 a day, $266 a month, $3,194 a year",
        ),
        (
            "monthly cost of 2M tokens a day with gpt-4o",
            "2 million tokens a day on GPT-4o: $266 a month, $8.75 a day, $3,194 a year",
        ),
        (
            "10k calls a day of 2k tokens on o3",
            "10,000 calls a day of 2,000 tokens on o3: $70 a day, $2,129 a month, $25,550 a year",
        ),
        (
            "1.5M in 500k out on o1 at 1:1",
            "1.5 million tokens in and 500,000 out on o1: $52.50",
        ),
        (
            "730M tokens a year on o1, yearly bill",
            "730 million tokens a year on o1: $19,163 a year, $52.50 a day, $1,597 a month",
        ),
        ("1 billion tokens on deepseek r1", "1 billion tokens on DeepSeek R1: $960"),
        (
            "what did 2M tokens a day cost on gpt-4 in 2023",
            "2 million tokens a day on GPT-4 in 2023: $75 a day, $2,281 a month, $27,375 a year",
        ),
        (
            "$500 a month on gpt-4o, how many tokens?",
            "$500 a month on GPT-4o buys 114 million tokens a month, 3.76 million a day",
        ),
        ("what does $20 buy on claude opus 4.1", "$20 on Claude Opus 4.1 buys 667,000 tokens"),
        (
            "1bn tokens at gpt-4 level",
            "1 billion tokens on GPT-4 level (MMLU 86), gpt-oss-120b at DeepInfra: $70.25",
        ),
    ],
)
def test_what_it_comes_to(text: str, headline: str, ask: Asker) -> None:
    """By day, month and year, the asked one first; once where it is used once."""
    assert ask(text).headline == headline


@given(model=MODELS, tokens=TOKENS, per=PERIODS, mix=MIXES)
def test_any_bill(kb: KnowledgeBase, model: str, tokens: float, per: Per, mix: Mix) -> None:
    """Input and output at their prices; a month is 365/12 days and a year 365."""
    assume(tokens * A_YEAR[per] <= 1e18)
    answer = of(model, Volume(tokens, per=per), mix).answer(kb)
    a_year = tokens * each(SOLD[model], mix) * A_YEAR[per]
    for name in ("day", "month", "year"):
        assert answer.figure(f"cost.{name}") == pytest.approx(a_year / A_YEAR[name], rel=1e-9)


@given(model=MODELS, calls=TOKENS, into=TOKENS, out=TOKENS)
def test_calls_are_many_times_their_tokens(
    kb: KnowledgeBase, model: str, calls: float, into: float, out: float
) -> None:
    """Calls × tokens; input and output apart need no mix."""
    assume(calls * (into + out) <= 1e16)
    price = SOLD[model]
    answer = of(model, Volume(into, out, "month", calls)).answer(kb)
    expected = calls * (into * price.input + out * price.output) / 1e6
    assert answer.figure("cost.month") == pytest.approx(expected, rel=1e-9)
    assert "assumed" not in words(answer)


@given(model=MODELS, dollars=st.integers(1, 10**7), mix=MIXES)
def test_what_money_buys_costs_that_money(
    kb: KnowledgeBase, model: str, dollars: int, mix: Mix
) -> None:
    """A budget is a bill the other way round."""
    asked = of(model, Spend(float(dollars), "month"), mix)
    tokens = asked.answer(kb).figure("tokens.month")
    bill = of(model, Volume(tokens, per="month"), mix).answer(kb)
    assert bill.figure("cost.month") == pytest.approx(dollars, rel=1e-9)


def test_all_of_an_answer(ask: Asker) -> None:
    """The default mix, whose price it is, as of when, what a month is, and that it is no cost."""
    said = words(ask("/bill 2M tokens/day gpt-4o"))
    assert "A day: 1.5 million tokens in at $2.50 and 500,000 out at $10 a million." in said
    assert "3:1 of input to output is assumed; say another mix" in said
    assert "list prices as of 22 November 2026" in said
    assert "a list price is not a cost" in said
    assert "A month is 365/12 days, a year 365." in said
    assert "GPT-4o's own list price is the same since 6 August 2024" in said
    assert "80:20 of input to output." in words(ask("50M tokens a month, 80% input, gpt-4.1"))


# --------------------------------------------------------------------------- as capable


@pytest.mark.parametrize(
    ("model", "level"),
    [
        ("gpt-3.5-turbo", "gpt-3.5"),
        ("gpt-4", "gpt-4"),
        ("gpt-4o", "gpt-4o"),
        ("deepseek-v3.2", "gpt-4"),  # it has no GPQA score here
        ("llama-4-maverick", "gpt-4o"),
        ("gpt-5", "o1"),
        ("claude-opus-5.5", None),
    ],
)
def test_the_level_that_a_model_stands_at(model: str, level: str | None, kb: KnowledgeBase) -> None:
    """The last reached of those that its highest published scores reach; without scores none."""
    standing = kb.market.standing(model, AS_OF)
    assert (standing.id if standing else None) == level


def test_it_stands_where_it_stood_then(kb: KnowledgeBase) -> None:
    """A score counts from its day on, and not before."""
    levels = [kb.market.standing("deepseek-r1", date(2025, month, 27)) for month in (5, 6)]
    assert [level and level.id for level in levels] == ["gpt-4o", "o1"]


@given(model=MODELS, mix=MIXES, tokens=TOKENS)
def test_nothing_as_capable_is_cheaper(
    kb: KnowledgeBase, model: str, mix: Mix, tokens: float
) -> None:
    """The cheapest of the level is that of all offers now, in the mix asked for."""
    answer = of(model, Volume(tokens, per="month"), mix).answer(kb)
    standing = kb.market.standing(model, AS_OF)
    if standing is None:
        assert "No published score here" in words(answer)
        return
    offers = [p for p in NOW if reaches(p, standing.benchmark, standing.threshold)]
    least = tokens * min(each(p, mix) for p in offers)
    own = tokens * each(SOLD[model], mix)
    found = {f.name: f.value for f in answer.figures}.get("cheapest.cost.month", own)
    assert found == pytest.approx(least, rel=1e-9)


def test_one_token_is_one_token(ask: Asker) -> None:
    """A single token or call is not said in the plural."""
    answer = ask("/bill 1 token/day 1:0 gpt-4o")
    assert answer.headline.startswith("1 token a day on GPT-4o: ")
    assert "A day: 1 token in at $2.50 a million." in words(answer)
    assert ask("/bill 1 call/day x 1 token gpt-4o").headline.startswith("1 call a day of 1 token ")


# --------------------------------------------------------------------------- years to come


@given(model=MODELS, tokens=TOKENS, year=st.integers(AS_OF.year + 1, AS_OF.year + 10))
def test_each_rate_is_applied_for_whole_years(
    kb: KnowledgeBase, model: str, tokens: float, year: int
) -> None:
    """Each end of each rate on its own; a level's rate only on the cheapest of the level."""
    answer = of(model, Volume(tokens, per="month"), on=Day(year)).answer(kb)
    figures = {f.name: f.value for f in answer.figures}
    own = figures["cost.month"]
    found = [
        annualise(e)
        for s in load(DATA).studies
        if s.group == "hardware price-performance"
        for e in s.estimates
    ]
    hardware = [rate for rate in found if rate]
    rates = {
        "hardware": (min(r.low for r in hardware), max(r.high for r in hardware)),
        "headline": (0.2, 0.3),
        "table": (1 - 0.02 ** (1 / 7),) * 2,
    }
    for name, (slow, fast) in rates.items():
        low, high = (figures[f"{year}.own.{name}.{end}"] for end in ("low", "high"))
        assert low == pytest.approx(own * (1 - fast) ** (year - AS_OF.year), rel=1e-9)
        assert high == pytest.approx(own * (1 - slow) ** (year - AS_OF.year), rel=1e-9)
    if "cheapest.cost.month" in figures:
        assert f"{year}.own.level.low" not in figures
        assert f"{year}.cheapest.level.low" in figures


def test_the_levels_own_rate_is_what_capability_says(ask: Asker) -> None:
    """Since December 2024, end to end and by trend: a range of one thing."""
    recent = ask("/capability gpt-4o level").figure("annual.since.2024-12")
    bill = ask("/bill 2M tokens/day gpt-4o 2027")
    now = bill.figure("cheapest.cost.month")
    ends = [1 - bill.figure(f"2027.cheapest.level.{end}") / now for end in ("low", "high")]
    assert any(end == pytest.approx(recent, rel=1e-9) for end in ends)


def test_a_scenario_says_what_it_is(ask: Asker) -> None:
    """A range, its rates named, what is assumed, and no forecast; money buys more and more."""
    said = words(ask("/bill 2M tokens/day gpt-5 2028"))
    assert "2028: $63–160 a month with GPT-5" in said
    assert "4 rates that measure different things. A scenario, no forecast." in said
    assert "2 years of that rate" in said
    assert "5 published estimates of hardware price-performance" in said
    budget = ask("/bill $500/month gpt-4o 2028")
    assert budget.figure("2028.own.headline.low") == pytest.approx(
        budget.figure("tokens.month") / 0.8**2
    )


def test_what_is_not_sold_any_more_gets_no_cheaper(ask: Asker) -> None:
    """Its last price, said to be that; only the cheapest of its level is projected."""
    answer = ask("/bill 2M tokens/day gpt-4")
    said = words(answer)
    assert "Not sold any more from 23 October 2026 on; this is its last price." in said
    assert not [f for f in answer.figures if ".own." in f.name]
    assert [f for f in answer.figures if ".cheapest.level." in f.name]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/bill 2M tokens/day gpt-4o 2060", "2060 is too far ahead"),
        ("/bill 2M tokens/day gpt-5 2020", "GPT-5 was not sold in 2020"),
        ("/bill 0 tokens gpt-4o", "must be above zero"),
        ("/bill 1tn tokens/second gpt-4o", "at most a quintillion"),
        ("9999999999999999999 tokens a day on gpt-4o", "at most a quintillion"),
        ("-5 tokens a day on gpt-4o", "must be above zero"),
        ("5M tokens in -1M out a day on gpt-4o", "must be above zero"),
        ("1e30 tokens a day on gpt-4o", "at most a quintillion"),
        ("/bill $0 gpt-4o", "must be above zero"),
        ("/bill 2M tokens/day gpt-4o within $0/month", "must be above zero"),
        ("/bill 2M tokens/day gpt-4o at groq", "Groq never listed GPT-4o"),
        ("/bill 2M tokens/day o1 level at mistral", "no model that reaches o1 level"),
    ],
)
def test_impossible_bills(text: str, reason: str, ask: Asker) -> None:
    """They say why there is none."""
    with pytest.raises(NumberError, match=reason):
        ask(text)


def test_arithmetic_of_nothing() -> None:
    """No tokens, no money and no price make no bill."""
    for tokens in (0, float("nan"), 1e19):
        with pytest.raises(NumberError):
            Usage(tokens, 0)
    free = [p for p in NOW if p.input == 0]
    assert not free
    with pytest.raises(NumberError):
        bought(-1, NOW[0], (3, 1))
    assert split(4e6, (3, 1)) == Usage(3e6, 1e6)
    assert later(100, Rate(0.2, 0.5), 2) == pytest.approx((25, 64))


# --------------------------------------------------------------------------- within a budget


@pytest.mark.parametrize(
    ("text", "verdict", "detail"),
    [
        ("is $500 a month enough for 2M tokens a day on gpt-4o", "within $500 a month", "53.2%"),
        (
            "can i afford 2M tokens a day on gpt-4o with $200 a month",
            "over $200 a month",
            "GPT-4o takes 1.33× that, which buys 1.5 million tokens a day",
        ),
        ("/bill 40M tokens gpt-4o within $100", "over $100", "22.9 million tokens"),
        (
            "how long does $100 last at 2M tokens a day on gpt-4o",
            "$100 lasts 11.4 days",
            "with gpt-oss-20b it lasts 2.38 years",
        ),
    ],
)
def test_within_a_budget(text: str, verdict: str, detail: str, ask: Asker) -> None:
    """Whether it is enough, how much of it is taken, or how long it lasts."""
    answer = ask(text)
    assert answer.headline.endswith(f"; {verdict}")
    assert detail in words(answer)


@given(model=MODELS, tokens=TOKENS, dollars=st.integers(1, 10**6), per=PERIODS)
def test_a_share_is_the_bill_over_the_budget(
    kb: KnowledgeBase, model: str, tokens: float, dollars: int, per: Per
) -> None:
    """Within exactly when the bill of the budget's own period is not above it."""
    asked = replace(of(model, Volume(tokens, per="day")), limit=Spend(float(dollars), per))
    answer = asked.answer(kb)
    share = answer.figure("cost.year") / A_YEAR[per] / dollars
    assert answer.figure("share") == pytest.approx(share, rel=1e-9)
    assert ("; within $" in answer.headline) == (share <= 1)


# --------------------------------------------------------------------------- several models


def test_side_by_side(ask: Asker) -> None:
    """The cheapest first, by the same mix; later years are told model by model."""
    answer = ask("50M tokens a month, gpt-4.1 vs gemini 2.5 pro")
    assert answer.headline == (
        "50 million tokens a month: Gemini 2.5 Pro $172, GPT-4.1 $175 a month"
    )
    assert [f.value for f in answer.figures] == [171.875, 175]
    assert "not sold any more" in words(ask("/bill 2M/day gpt-4,o3"))
    assert "model by model" in words(ask("/bill 2M/day gpt-4o,o3 2029"))
    money = ask("/bill $500/month gpt-4o vs claude-haiku-4.5")
    assert [f.value for f in money.figures] == pytest.approx([250e6, 500e6 / 4.375])


# --------------------------------------------------------------------------- as people ask


async def test_what_is_missing_is_asked_for(chat: ChatDriver) -> None:
    """The model or the tokens, with buttons; a press and a typed value both complete it."""
    assert "Which model?" in await chat("what would 2M tokens a day cost")
    assert "GPT-4o: $8.75 a day" in await chat.press("gpt-4o")
    assert "How many tokens, or how much money?" in await chat("/bill gpt-4o")
    assert "$500 a month on GPT-4o buys" in await chat.press("$500/month")
    await chat("/bill gpt-4o")
    assert "5 million tokens a day on GPT-4o" in await chat("5M a day")
    assert "Which one?" in await chat("2M tokens a day on claude sonnet")
    assert "Claude Sonnet 4.5: $12 a day" in await chat.press("Claude Sonnet 4.5")


@pytest.mark.parametrize(
    "text",
    [
        *("$5 on groq", "what does $5 get me on groq", "how far does 5 dollars go at groq"),
        *("i have $5 at groq, how much do I get", "how many tokens for $5 at groq"),
    ],
)
async def test_money_at_a_seller_is_a_budget(
    text: str, chat: ChatDriver, kb: KnowledgeBase
) -> None:
    """Which model is asked, of those that are sold there, and a press completes the bill."""
    assert "Which model?" in await chat(text)
    sold = {o.model for o in kb.market.cheapest(kb.market.as_of, provider="groq", limit=9999)}
    assert sold >= set(chat.buttons) - {"Share"} != set()
    (one, *_) = sorted(sold & set(chat.buttons))
    name = kb.market.model(one).name
    assert f"$5 on {name} at Groq buys" in await chat.press(one)


async def test_nothing_is_asked_about_what_is_impossible(chat: ChatDriver) -> None:
    """A number of tokens that no model could have is refused before one is asked for."""
    assert "at most a quintillion" in await chat("1e30 tokens")
    assert "must be above zero" in await chat("-5 tokens a day, which model?")


async def test_other_currencies_are_refused(chat: ChatDriver) -> None:
    """Nobody's euros are taken for dollars, for tokens, or passed over."""
    for said in ("€500 a month on gpt-4o", "500 euros a month on gpt-4o", "£20 buys how many?"):
        assert "US dollars only" in await chat(said)
    await chat("2M tokens a day on gpt-4o")
    assert "US dollars only" in await chat("and within 200 euros?")
    assert "I can't read “€500" in await chat("/bill €500/month gpt-4o")


async def test_calls_have_no_price_of_their_own(chat: ChatDriver) -> None:
    """How many tokens one has is asked for, and what is said then completes the bill."""
    assert "How many tokens does a call have?" in await chat("10k calls a day on gpt-4o")
    assert "10,000 calls a day of 2,000 tokens on GPT-4o" in await chat.press("2,000 tokens")
    await chat("10k calls a day on gpt-4o")
    assert "of 1,500 tokens in and 500 out on GPT-4o" in await chat("1.5k in and 500 out")
    assert "20,000 calls a day of 1,500 tokens in" in await chat("and 20k calls?")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("300 articles a day, roughly 1,500 tokens each, gpt-4o", Volume(1500, None, "day", 300)),
        ("1000 users x 20 messages x 500 tokens on gpt-4o", Volume(500, calls=20_000)),
        ("2k tokens per call, 10k calls a day, gpt-4o", Volume(2000, None, "day", 10_000)),
        ("one call of 2k tokens on gpt-4o", Volume(2000, calls=1)),
        ("50k tpm on gpt-4o", Volume(50_000, per="minute")),
        ("gpt-4o at 100 tok/s", Volume(100, per="second")),
        ("half a million tokens a week on gpt-4o", Volume(500_000, per="week")),
        ("2M gpt-4o tokens a day", Volume(2e6, per="day")),
        ("1.5B tokens/yr gpt-4o", Volume(1.5e9, per="year")),
        ("500k tokens out and 1.5M in per hour on gpt-4o", Volume(1.5e6, 5e5, "hour")),
        ("40k output tokens on gpt-4o", Volume(0, 40_000)),
        ("$0.50 a day on gpt-4o", Spend(0.5, "day")),
        ("two hundred dollars a month on gpt-4o", Spend(200, "month")),
    ],
)
def test_amounts_as_people_say_them(text: str, amount: Volume | Spend, talk: Conversation) -> None:
    """Numbers in words and letters, every period, and tokens of each of so many things."""
    asked = talk.turn(text, TODAY).question
    assert isinstance(asked, Bill)
    assert asked.amount == amount


async def test_follow_ups(chat: ChatDriver) -> None:
    """Another model, volume, mix, year, period; and money in its place."""
    await chat("2M tokens a day on gpt-4o")
    assert "2 million tokens a day on DeepSeek R1" in await chat("and with deepseek r1?")
    assert "5 million tokens a day on DeepSeek R1" in await chat("and 5M?")
    assert "DeepSeek R1: $146 a month" in await chat("per month?")
    assert "1:1 of input to output." in await chat("and at 1:1?")
    assert "2028: " in await chat("in 2028?")
    assert "DeepSeek R1 $" in await chat("vs o3")
    await chat("$500 a month on gpt-4o")
    assert "$1,000 a month on GPT-4o" in await chat("and $1000?")


async def test_a_group_gets_it_short(chat: ChatDriver) -> None:
    """The bill, the cheapest, the range and what to doubt; the rest behind a button."""
    said = await chat("/bill 2M tokens/day gpt-4o", group=True)
    assert "$266 a month" in said
    assert "gpt-oss-20b at DeepInfra" in said
    assert "A scenario, no forecast." in said
    assert "a list price is not a cost" in said
    assert "hardware 13.4–45%" not in said
    assert "hardware 13.4–45%" in await chat.press("More")


async def test_pictures_data_and_receipts_are_a_press_away(chat: ChatDriver) -> None:
    """Of tokens with one model; what money buys is no picture of dollars."""
    await chat("/bill 2M tokens/day gpt-4o")
    assert {"2028", "2030", "Cheapest", "List price", "Chart", "Why?"} <= set(chat.buttons)
    await chat.press("Chart")
    assert chat.last["photo"]
    assert "CSV" in chat.buttons
    assert len(chat.last["caption"]) <= 1024
    await chat("/bill $500/month gpt-4o")
    assert "Chart" not in chat.buttons


@given(model=MODELS, tokens=TOKENS, calls=st.none() | TOKENS, per=st.none() | PERIODS)
def test_any_bill_has_a_link(
    talk: Conversation, model: str, tokens: float, calls: float | None, per: Per | None
) -> None:
    """Three digits of tokens, and of calls, fit a permalink with any model; it asks the same."""
    asked = of(model, Volume(tokens, None, per, calls))
    assert len(asked.as_command().encode()) <= MAX_COMMAND_BYTES
    assert talk.turn(asked.as_command(), TODAY).question == asked


@given(st.integers(1, 10**12))
def test_short_numbers_lose_nothing(talk: Conversation, number: int) -> None:
    """2M is two million again, whatever the number."""
    text = f"/bill {short(float(number))} tokens/day gpt-4o"
    asked = talk.turn(text, TODAY).question
    assert isinstance(asked, Bill)
    assert asked.amount == Volume(float(number), per="day")


def test_a_price_is_no_volume(talk: Conversation) -> None:
    """What tokens are sold by, and an amount that a price is held against, ask for no bill."""
    for text in ("gpt-4o price per million tokens", "what do 1M tokens of gpt-4o cost"):
        assert command(say(talk, text)) == "/price gpt-4o"
    assert command(say(talk, "when did gpt-4 level drop below $1 per million tokens")).startswith(
        "/capability"
    )
    assert "$" not in shown(say(talk, "how many arcade tokens for $5")).split("Try")[0]


# --------------------------------------------------------------------------- views


def test_the_picture_has_the_bill_so_far_and_to_come(kb: KnowledgeBase, ask: Asker) -> None:
    """The model's own steps and its level's to now, then each rate from there with its range."""
    asked = settle(of("gpt-4o", Volume(2e6, per="day")), kb)
    chart, answer = picture(asked, kb), asked.answer(kb)
    assert isinstance(chart, Curve)
    own, level, *rates = chart.lines
    assert (own.style, level.style) == ("steps", "steps")
    assert own.points[-1][1] == pytest.approx(answer.figure("cost.month"))
    assert level.points[-1][1] == pytest.approx(answer.figure("cheapest.cost.month"))
    assert {r.style for r in rates} == {"projection"}
    drawn = {band.trace.split()[0]: band.points[-1][1:] for band in chart.bands}
    for whose, rate in (("cheapest", "level"), ("own", "hardware"), ("own", "headline")):
        ends = [answer.figure(f"2029.{whose}.{rate}.{end}") for end in ("low", "high")]
        assert list(drawn[rate]) == pytest.approx(ends)
    table = next(r for r in rates if r.name.startswith("table"))
    assert table.points[-1][1] == pytest.approx(answer.figure("2029.own.table.low"))


@given(
    model=MODELS,
    amount=st.one_of(
        st.builds(Volume, TOKENS, st.none() | TOKENS, PERIODS),
        st.builds(Spend, st.integers(1, 100).map(float), PERIODS),
    ),
    mix=st.none() | MIXES,
)
def test_any_receipt_can_be_typed_into_a_calculator(
    kb: KnowledgeBase, model: str, amount: Volume | Spend, mix: Mix | None
) -> None:
    """Every formula comes to what is printed beside it, within the rounding of its steps."""
    if isinstance(amount, Volume):
        assume((amount.tokens + (amount.output or 0)) * A_YEAR[amount.per or "year"] <= 1e18)
    asked = settle(of(model, amount, mix), kb)
    found = equations(words(receipt(asked, kb)))
    assert len(found) > 4
    for formula, printed, unit in found:
        assert off(formula, printed, unit) <= CLOSE, (formula, printed)
