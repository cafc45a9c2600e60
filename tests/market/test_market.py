"""Reads of prices and scores: what a model cost where and when, and who was cheapest."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from knowledge.build import DATA, build_memory
from knowledge.market.base import Market
from knowledge.market.load import load

if TYPE_CHECKING:
    import sqlite3

    from knowledge.base import KnowledgeBase
    from knowledge.market.records import ModelPrice

KNOWN = load(DATA)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))

# Well-known list prices, typed in from the providers' announcements: dollars per million tokens
# in and out, with the day before and the day of a change where there was one.
SPOT = """
    openai     davinci                 2021-06-01  60     60
    openai     davinci                 2022-08-31  60     60
    openai     davinci                 2022-09-01  20     20
    openai     text-davinci-003        2023-01-15  20     20
    openai     gpt-3.5-turbo           2023-03-01  2      2
    openai     gpt-3.5-turbo           2023-06-13  1.5    2
    openai     gpt-3.5-turbo           2024-06-01  0.5    1.5
    openai     gpt-4                   2023-03-14  30     60
    openai     gpt-4                   2026-10-22  30     60
    openai     gpt-4-turbo             2023-11-06  10     30
    openai     gpt-4o                  2024-08-05  5      15
    openai     gpt-4o                  2024-08-06  2.5    10
    openai     gpt-4o-mini             2024-07-18  0.15   0.6
    openai     gpt-4.1                 2025-04-14  2      8
    openai     o1                      2024-12-17  15     60
    openai     o3                      2025-06-09  10     40
    openai     o3                      2025-06-10  2      8
    openai     gpt-5                   2025-08-07  1.25   10
    openai     gpt-5.5                 2026-04-30  5      30
    openai     gpt-6-astra             2026-11-22  10     50
    anthropic  claude-2                2023-11-20  11.02  32.68
    anthropic  claude-2                2023-11-21  8      24
    anthropic  claude-instant-1        2023-06-01  1.63   5.51
    anthropic  claude-3-opus           2024-03-04  15     75
    anthropic  claude-3-haiku          2024-12-31  0.25   1.25
    anthropic  claude-3.5-sonnet       2024-06-20  3      15
    anthropic  claude-3.5-haiku        2024-12-04  1      5
    anthropic  claude-3.5-haiku        2024-12-05  0.8    4
    anthropic  claude-haiku-5.5        2026-11-22  0.1    0.5
    google     gemini-1.5-pro          2024-09-30  3.5    10.5
    google     gemini-1.5-pro          2024-10-01  1.25   5
    google     gemini-1.5-flash        2024-08-12  0.075  0.3
    google     gemini-2.0-flash        2025-03-01  0.1    0.4
    google     gemini-2.5-pro          2025-12-31  1.25   10
    mistral    mistral-large-2402      2024-02-26  8      24
    mistral    mistral-large-2407      2024-12-31  2      6
    deepseek   deepseek-v2             2024-05-06  0.14   0.28
    deepseek   deepseek-v3             2025-02-07  0.14   0.28
    deepseek   deepseek-v3             2025-02-08  0.27   1.1
    deepseek   deepseek-r1             2025-01-20  0.55   2.19
    cohere     command-r-plus          2024-04-04  3      15
    xai        grok-4                  2025-07-09  3      15
    xai        grok-3-mini             2025-05-01  0.3    0.5
    amazon     nova-micro              2024-12-03  0.035  0.14
    moonshot   kimi-k2                 2025-07-11  0.6    2.5
    zai        glm-5                   2026-02-11  1      3.2
    minimax    minimax-m2              2025-10-27  0.3    1.2
    ai21       jamba-1.5-large         2024-08-22  2      8
    groq       llama-3.1-70b-instruct  2024-07-31  0.59   0.79
    groq       llama-3.1-8b-instruct   2025-01-01  0.05   0.08
    together   llama-3.1-405b-instruct 2025-06-01  3.5    3.5
    bedrock    llama-3-70b-instruct    2024-06-01  2.65   3.5
    replicate  llama-3-8b-instruct     2024-07-01  0.05   0.25
    deepinfra  gpt-oss-120b            2026-11-22  0.037  0.17
"""


@pytest.fixture(scope="module")
def market(kb: KnowledgeBase) -> Market:
    return kb.market


@pytest.mark.parametrize("row", SPOT.strip().splitlines(), ids=str.strip)
def test_well_known_prices_by_date(market: Market, row: str) -> None:
    """What everybody remembers is what the table says, to the day of the change."""
    provider, model, day, cost_in, cost_out = row.split()
    price = market.price(model, date.fromisoformat(day), provider)
    assert price is not None
    assert (price.input, price.output) == (float(cost_in), float(cost_out))


def test_a_price_ends_on_the_day_it_is_valid_to(market: Market) -> None:
    """GPT-4 never got cheaper; it was sold up to the day before its end, and not on it."""
    periods = market.periods("gpt-4")
    assert [(p.valid_from, p.valid_to) for p in periods] == [
        (date(2023, 3, 14), date(2026, 10, 23))
    ]
    assert market.price("gpt-4", date(2023, 3, 13)) is None
    assert market.price("gpt-4", date(2026, 10, 22)) == periods[0]
    assert market.price("gpt-4", date(2026, 10, 23)) is None


def test_without_a_provider_the_maker_speaks_else_the_cheapest_host(market: Market) -> None:
    """DeepSeek's own price goes before a dearer or cheaper host's; Llama has hosts only."""
    own = market.price("deepseek-v3", date(2025, 8, 1))
    assert own is not None
    assert own.provider == "deepseek"
    hosted = market.price("llama-3.3-70b-instruct", date(2025, 9, 1))
    assert hosted is not None
    assert (hosted.provider, hosted.blended) == ("deepinfra", 0.0585)
    assert market.price("deepseek-v3", date(2025, 9, 1), "deepseek") is None
    later = market.price("deepseek-v3", date(2025, 9, 1))
    assert later is not None
    assert later.provider == "deepinfra"


def test_records_come_back_as_they_were_loaded(market: Market) -> None:
    """Days, witnesses, notes and missing values survive the way through SQLite."""
    found = [price for model in market.models() for price in market.periods(model.id)]
    assert sorted(found, key=_key) == sorted(KNOWN.prices, key=_key)
    assert [s for m in market.models() for s in market.scores(m.id)] == sorted(
        KNOWN.scores, key=lambda s: (s.model, s.benchmark, -s.score)
    )
    assert market.models() == KNOWN.models
    assert market.providers() == KNOWN.providers
    assert market.families() == KNOWN.families
    assert market.levels() == KNOWN.levels
    assert market.origins() == KNOWN.origins
    assert market.doubts() == KNOWN.doubts
    assert market.as_of == KNOWN.as_of == date(2026, 11, 22)


def _key(price: ModelPrice) -> tuple[str, str, date]:
    return price.model, price.provider, price.valid_from


def test_names_and_origins(market: Market) -> None:
    """Ids lead to names; a price leads to the page or table it was read in."""
    assert market.model("gpt-4o").name == "GPT-4o"
    assert market.model("mistral-small-2402").replaced_by == "mistral-small-2409"
    assert market.provider("bedrock").host
    assert not market.provider("amazon").host
    assert market.level("gpt-4").threshold == 86
    assert "list price is not a cost" in market.doubt("list-price").says
    first = market.periods("davinci")[0]
    assert market.origin(first).url == "https://megalodon.jp/ref/2022-0703-1551-40"
    for unknown in (market.model, market.provider, market.level, market.doubt):
        with pytest.raises(KeyError):
            unknown("nothing-like-it")


@given(day=DAYS)
def test_the_cheapest_of_a_day(market: Market, day: date) -> None:
    """As a walk over all rows finds them, with the same order of ties."""
    current = [price for price in KNOWN.prices if price.in_force(day)]
    current.sort(key=lambda p: (p.blended, p.valid_from, p.provider, p.model))
    assert list(market.cheapest(day, limit=400)) == current
    assert list(market.cheapest(day)) == current[:1]
    groq = [price for price in current if price.provider == "groq"]
    assert list(market.cheapest(day, provider="groq", limit=400)) == groq


@given(day=DAYS, level=st.sampled_from(KNOWN.levels))
def test_the_cheapest_of_a_day_at_a_level(market: Market, day: date, level: object) -> None:
    """Only models that had reached the level by then, the same ones that `reaching` names."""
    wanted = next(known for known in KNOWN.levels if known == level)
    first = {model.id: model.first_priced for model in KNOWN.models}
    counting = [
        score
        for score in KNOWN.scores
        if score.benchmark == wanted.benchmark
        and (score.counts_from or first[score.model]) <= day
        and first[score.model] <= day
    ]
    reached = {score.model for score in counting if score.score >= wanted.threshold}
    offers = market.cheapest(day, wanted, limit=400)
    assert {offer.model for offer in offers} == {
        price.model for price in KNOWN.prices if price.in_force(day) and price.model in reached
    }
    assert [offer.blended for offer in offers] == sorted(offer.blended for offer in offers)
    best = market.reaching(wanted, day)
    assert {score.model for score in best} == reached
    for score in best:
        assert score.score == max(s.score for s in counting if s.model == score.model)


def test_blends_are_exact_enough_to_tie() -> None:
    """Two prices with the same blend tie, whatever binary fractions make of their parts."""
    price = KNOWN.prices[0]
    assert replace(price, input=0.14, output=0.28).blended == 0.175
    assert replace(price, input=0.1, output=0.4).blended == 0.175


def test_a_later_version_does_not_count_before_it_was_out(market: Market) -> None:
    """GPT-4o reached GPQA 50 with its version of August 2024, not in May."""
    level = market.level("gpt-4o")
    assert "gpt-4o" not in {s.model for s in market.reaching(level, date(2024, 7, 31))}
    assert "gpt-4o" in {s.model for s in market.reaching(level, date(2024, 8, 6))}


def test_look_ups_use_an_index() -> None:
    """None of the common look-ups walks all prices or scores."""
    with closing(build_memory()) as db:
        seen = _plans(db)
    assert seen
    for plan in seen:
        assert "SCAN prices USING INDEX" in plan or not plan.startswith("SCAN prices"), plan
        assert not plan.startswith("SCAN scores"), plan


def _plans(db: sqlite3.Connection) -> list[str]:
    """How SQLite goes about every query of a few reads."""
    queries: list[str] = []
    db.set_trace_callback(queries.append)
    market = Market(db)
    day, level = date(2025, 6, 1), market.level("gpt-4")
    market.price("gpt-4o", day, "openai")
    market.offers("gpt-4o", day)
    market.periods("gpt-4o")
    market.scores("gpt-4o")
    market.cheapest(day)
    market.cheapest(day, provider="groq")
    market.cheapest(day, level)
    market.reaching(level, day)
    market.fall(level)
    db.set_trace_callback(None)
    asked = [query for query in queries if "prices" in query or "scores" in query]
    return [row[3] for query in asked for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]


def test_days_before_and_after_the_table(market: Market) -> None:
    """Nothing was sold before the first price; what is open-ended is still in force."""
    assert market.cheapest(date(2020, 9, 30)) == ()
    assert market.cheapest(market.as_of + timedelta(days=30)) != ()
    assert market.offers("no-such-model", market.as_of) == ()
