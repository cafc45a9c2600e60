"""Values that people mention: each kind reads from text, and says what it reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.basis import BASIS
from bot.billed import BILLABLE, BY, LIMIT, MIX, USED
from bot.calendar import FUTURE, SPAN, YEARS
from bot.capabilities import CAPABILITY, FIXED, STRETCH
from bot.claims import CLAIM
from bot.days import ON, OVER_TIME
from bot.manner import ABOVE, ASPECT, BOLDEST, CHEAPEST, EACH, ELSEWHERE, FOREIGN, REALITY, STEEPEST
from bot.measures import COLLECTION, GROUP, GROUPS, PERIOD, SCOPE
from bot.names import AUTHOR, STATUS, TOPIC, TRAINING, VENUE, WORKLOAD, WORKLOADS
from bot.own import SERIES
from bot.questions import QUESTIONS
from bot.questions.budget import AMOUNT
from bot.questions.chat import CHARTS, LENGTH, RESET, TOPIC_SCOPE, TOPICS
from bot.selling import MODEL, PROVIDER, WHAT
from bot.slots import COUNT, LEVEL, MONEY, PAGE
from bot.titles import STUDIES, STUDY
from bot.values import (
    HEADLINE,
    LATEST,
    TREND,
    Basis,
    Claim,
    Count,
    Day,
    Days,
    Mix,
    Models,
    Named,
    Spend,
    Volume,
    Years,
)
from bot.vocabulary import Context, Vocabulary
from bot.words import read
from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.slots import Slot
    from knowledge.base import KnowledgeBase


def models(*ids: str) -> Models:
    """Models that are sure."""
    return Models(tuple(Named.of(id, id) for id in ids))  # noqa: A001  # as in the data


NAMES: dict[Slot[Any], tuple[Any, ...]] = {
    WORKLOAD: ("inference", "training"),
    WORKLOADS: ("inference", "training", "both"),
    TRAINING: ("training",),
    CHEAPEST: ("highest", "lowest"),
    STEEPEST: ("highest", "lowest"),
    BOLDEST: ("highest", "lowest"),
    STATUS: ("found", "found_elsewhere", "not_found", "second_hand"),
    COLLECTION: ("post", "published"),
    SCOPE: ("post", "published", "all"),
    GROUP: GROUPS,
    CLAIM: (Claim(0.3, 0.3), Claim(0.2, 0.3), Claim(0.9, 0.9, total=True)),
    EACH: ("each",),
    ABOVE: ("above",),
    ASPECT: ("author", "forecast", "headline", "method", "prices", "findings"),
    ELSEWHERE: ("share price", "translate"),
    FOREIGN: ("€500", "20 quid"),
    MODEL: (Named.of("gpt-4", "gpt-4"),),
    WHAT: (models("gpt-4"), models("o3", "gpt-4.1-mini"), "cheapest", "dearest", "models"),
    BILLABLE: (
        Volume(2e6, per="day"),
        Volume(1.5e6, 5e5, "hour"),
        Volume(2e3, per="month", calls=1e4),
        Volume(1.5e3, 500, calls=25),
        Volume(1e9),
        Volume(0, None, "day", 2e4),
        Spend(500, "month"),
        Spend(0.25),
    ),
    MIX: (Mix(3, 1), Mix(80, 20), Mix(1, 0)),
    USED: (models("gpt-4"), models("o3", "gpt-4.1-mini"), "gpt-4", "gpt-4-gpqa"),
    LIMIT: (Spend(500, "month"), Spend(0.25)),
    BY: ("second", "hour", "day", "week", "month", "year"),
    PROVIDER: ("groq", "together"),
    ON: (Day(2024), Day(2024, 8), Day(2024, 8, 6)),
    OVER_TIME: ("over time",),
    BASIS: (TREND, HEADLINE, LATEST, Basis("study", study=12)),
    STUDY: tuple(range(1, 59)),
    LENGTH: ("short", "full"),
    CHARTS: ("on", "off"),
    TOPICS: ("any topic", "this topic", "not this topic"),
    TOPIC_SCOPE: ("for this topic",),
    RESET: ("reset",),
    CAPABILITY: (
        "gpt-3",
        "gpt-3.5",
        "gpt-3.5-2022",
        "gpt-4",
        "gpt-4-a16z",
        "gpt-4-gpqa",
        "gpt-4o",
        "o1",
    ),
    FIXED: ("fixed",),
    SERIES: ("gpu-hour", "answers"),
    REALITY: ("reality",),
    STRETCH: (
        Days(Day(2024)),
        Days(Day(2024, 12)),
        Days(Day(2023), Day(2024)),
        Days(Day(2023, 3), Day(2024, 12)),
        Days(Day(2023), Day(2025)),
    ),
}


@pytest.fixture(scope="module")
def vocabulary(own_kb: KnowledgeBase) -> Vocabulary:
    """The names of the real data, and of somebody's own."""
    return Vocabulary.of(own_kb)


def context(text: str, vocabulary: Vocabulary) -> Context:
    """A message on the day on which all tests run."""
    return Context(read(text), vocabulary, NOW.date())


def first(slot: Slot[Any], text: str, vocabulary: Vocabulary) -> Any:
    """The first value that a slot reads from a message, None when there is none."""
    return next((m.value for m in slot.find(context(text, vocabulary))), None)


def again(slot: Slot[Any], value: Any, vocabulary: Vocabulary, after: str = "") -> Any:
    """The value as a command says it, read as commands are read: found, or else taken bare."""
    said = slot.say(value)
    found = first(slot, after + said, vocabulary)
    return slot.bare(said, context(said, vocabulary)) if found is None else found


@pytest.mark.parametrize(
    ("slot", "value"), [(slot, value) for slot, values in NAMES.items() for value in values]
)
def test_a_name_reads_back(slot: Slot[Any], value: object, vocabulary: Vocabulary) -> None:
    """What a slot of closed names says, it reads as the same value."""
    after = "$1 " if slot is ABOVE else ""
    said = f"{slot.say(value)} {after}".strip()
    read_again = first(slot, said, vocabulary)
    assert value == (read_again or slot.bare(said, context(said, vocabulary)))


@pytest.mark.parametrize("slot", [VENUE, TOPIC])
def test_names_from_the_data_read_back(
    slot: Slot[str], kb: KnowledgeBase, vocabulary: Vocabulary
) -> None:
    """Every venue and every topic of the data is understood as a command says it."""
    names = [v.name for v in kb.venues()] if slot is VENUE else [t.id for t in kb.topics()]
    assert names
    assert [again(slot, name, vocabulary) for name in names] == names


def test_other_names_of_the_data_are_read(kb: KnowledgeBase, vocabulary: Vocabulary) -> None:
    """Aliases of venues and synonyms of topics lead to what they stand for."""
    for venue in kb.venues():
        for alias in venue.aliases:
            assert first(VENUE, f"papers from {alias}", vocabulary) == venue.name
    for topic in kb.topics():
        for synonym in topic.synonyms:
            assert topic.id in [m.value for m in TOPIC.find(context(synonym, vocabulary))]


def test_every_slot_of_a_kind_is_tested_here() -> None:
    """A new kind of value comes with its round trip."""
    tested = {*NAMES, YEARS, SPAN, FUTURE, MONEY, AMOUNT, COUNT, LEVEL, PAGE, STUDIES, VENUE, TOPIC}
    tested |= {PERIOD, AUTHOR}  # with all other values, in test_understand.py
    assert {slot for kind in QUESTIONS for _, slot in kind.slots} <= tested


SINGLE = st.integers(1990, 2150)


@given(SINGLE)
def test_a_year_reads_back(vocabulary: Vocabulary, year: int) -> None:
    """Any year of four digits, alone or in a sentence."""
    for slot in (YEARS, SPAN, FUTURE):
        assert again(slot, Years((year,)), vocabulary) == Years((year,))
    assert first(YEARS, f"what did it cost in {year}?", vocabulary) == Years((year,))


@given(st.sets(SINGLE, min_size=2, max_size=5))
def test_years_read_back(vocabulary: Vocabulary, years: set[int]) -> None:
    """Lists stay lists and spans stay spans."""
    listed = Years(tuple(sorted(years)))
    assert again(YEARS, listed, vocabulary) == listed
    span = Years((min(years), max(years)), span=True)
    assert again(YEARS, span, vocabulary) == span
    assert again(SPAN, span, vocabulary) == span


@given(SINGLE, SINGLE, st.sampled_from(("from {} to {}", "between {} and {}", "{} - {}", "{}–{}")))
def test_spans_come_in_order(vocabulary: Vocabulary, one: int, other: int, form: str) -> None:
    """A reversed range is the same range; a range of one year is that year."""
    low, high = sorted((one, other))
    wanted = Years((low, high), span=True) if low < high else Years((low,))
    assert first(YEARS, form.format(one, other), vocabulary) == wanted


@given(st.integers(1, 10**9), st.integers(0, 9))
def test_money_reads_back(vocabulary: Vocabulary, digits: int, decimals: int) -> None:
    """Any amount in plain decimals, however small."""
    value = float(f"{digits}e-{decimals}")
    assert again(MONEY, value, vocabulary) == pytest.approx(value, rel=1e-12)
    assert first(MONEY, f"under ${value:.9f}?", vocabulary) == pytest.approx(value, rel=1e-12)
    assert MONEY.bare(f"{value:.9f}", context("", vocabulary)) == pytest.approx(value, rel=1e-12)


@given(
    st.integers(2, 10**14),
    st.sampled_from((None, "hour", "day", "week", "month", "year")),
)
def test_counts_read_back(vocabulary: Vocabulary, number: int, per: Any) -> None:
    """So many calls, perhaps every day or month; twelve digits are kept."""
    value = Count(float(f"{number:.12g}"), per)
    assert again(COUNT, value, vocabulary) == value


@given(st.integers(1, 999))
def test_pages_read_back(vocabulary: Vocabulary, page: int) -> None:
    """Page 2 of a list."""
    assert again(PAGE, page, vocabulary) == page


@given(st.integers(1, 999))
def test_levels_read_back(vocabulary: Vocabulary, tenths: int) -> None:
    """Levels in percent with a decimal."""
    level = tenths / 10 / 100
    assert again(LEVEL, level, vocabulary) == pytest.approx(level, rel=1e-12)


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_rates_read_back(vocabulary: Vocabulary, one: int, other: int) -> None:
    """A yearly decline or a range of them, even an impossible one: the answer refuses it."""
    low, high = sorted((one / 10 / 100, other / 10 / 100))
    for value in (Basis("rate", low, low), Basis("rate", low, high)):
        found = again(BASIS, value, vocabulary)
        assert (found.kind, found.low, found.high) == (
            "rate",
            pytest.approx(value.low),
            pytest.approx(value.high),
        )


@given(st.sets(st.integers(1, 99), min_size=1, max_size=17))
def test_studies_read_back(vocabulary: Vocabulary, numbers: set[int]) -> None:
    """Any choice of studies, written as ranges."""
    value = tuple(sorted(numbers))
    assert again(STUDIES, value, vocabulary) == value


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("in '23", (2023,)),
        ("FY24 costs", (2024,)),
        ("last year", (2025,)),
        ("the year before last", (2024,)),
        ("next year", (2027,)),
        ("in five years", (2031,)),
        ("3 years ago", (2023,)),
        ("5y", (2031,)),
        ("end of the decade", (2030,)),
        ("2021 vs 2024", (2021, 2024)),
        ("2019, 2021 and 2023", (2019, 2021, 2023)),
        ("since 2020", (2020, 2025)),
        ("2022 onwards", (2022, 2025)),
        ("until 2021", (2018, 2021)),
        ("from 2020 to now", (2020, 2025)),
        ("all the years", (2018, 2025)),
        ("over the next 4 years", (2030,)),
        ("from 19 to 23", (2019, 2023)),
    ],
)
def test_years_as_people_say_them(
    text: str, years: tuple[int, ...], vocabulary: Vocabulary
) -> None:
    """Relative and open years count from the day of the message or end with the table."""
    assert first(YEARS, text, vocabulary) is not None
    assert years in [m.value.listed for m in YEARS.find(context(text, vocabulary))]


@pytest.mark.parametrize(
    "text",
    [
        *("2000 calls", "$2020", "2020 dollars", "20%", "2.2021", "120219", "2021%", "room 237"),
        *("1/year 10:0", "1.5k+500 / year 20"),
    ],
)
def test_what_is_no_year(text: str, vocabulary: Vocabulary) -> None:
    """A number with another unit is not taken for a year."""
    assert first(YEARS, text, vocabulary) is None


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("half a cent", 0.005),
        ("a penny", 0.01),
        ("5¢", 0.05),
        ("0.2 cents", 0.002),
        ("US$ 1,000", 1000),
        ("$2k", 2000),
        ("three bucks", 3),
        ("$1.5 million", 1_500_000),
        ("a tenth of a cent", 0.001),
        (".5 dollars", 0.5),
    ],
)
def test_money_as_people_say_it(text: str, dollars: float, vocabulary: Vocabulary) -> None:
    """Dollars and cents, in digits, signs and words."""
    assert first(MONEY, text, vocabulary) == pytest.approx(dollars)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1M calls", Count(1e6)),
        ("20k api requests a day", Count(2e4, "day")),
        ("a thousand inferences", Count(1000)),
        ("3 million queries per month", Count(3e6, "month")),
        ("50000 daily", Count(5e4, "day")),
    ],
)
def test_counts_as_people_say_them(text: str, count: Count, vocabulary: Vocabulary) -> None:
    """Numbers of calls under any of their names, and how often."""
    assert first(COUNT, text, vocabulary) == count


@pytest.mark.parametrize("text", ["in 2023", "1 call", "$5000", "40000 tokens", "2030 level 95"])
def test_what_is_no_count(text: str, vocabulary: Vocabulary) -> None:
    """Years, money and tokens are not numbers of calls."""
    assert first(COUNT, text, vocabulary) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("30% a year", 0.3, 0.3),
        ("20 to 30 percent annually", 0.2, 0.3),
        ("18-25%", 0.18, 0.25),
        ("30 or 20%", 0.2, 0.3),
        ("a third each year", 1 / 3, 1 / 3),
        ("halves every 18 months", 1 - 0.5 ** (12 / 18), 1 - 0.5 ** (12 / 18)),
        ("halving every year", 0.5, 0.5),
        ("2x cheaper every 2 years", 1 - 0.5**0.5, 1 - 0.5**0.5),
        ("10-fold every year", 0.9, 0.9),
        ("120%", 1.2, 1.2),
    ],
)
def test_rates_as_people_say_them(
    text: str, low: float, high: float, vocabulary: Vocabulary
) -> None:
    """A decline in any form becomes a fraction a year (DESIGN 6), a range a range."""
    (rate,) = [m.value for m in BASIS.find(context(text, vocabulary))]
    assert rate.low == pytest.approx(low, abs=1e-6)
    assert rate.high == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("by the post's headline", HEADLINE),
        ("the headline rate of 20-30%", HEADLINE),
        ("at the latest rate", LATEST),
        ("last year's pace", LATEST),
        ("with the historical average", TREND),
        ("using study 5", Basis("study", study=5)),
        ("like the hardware lottery", Basis("study", study=2)),
    ],
)
def test_bases_by_name(text: str, basis: Basis, vocabulary: Vocabulary) -> None:
    """Scenarios and studies are named, not only given as rates."""
    assert first(BASIS, text, vocabulary) == basis


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("study 5", (5,)),
        ("papers 1, 3 and 5", (1, 3, 5)),
        ("#2", (2,)),
        ("studies 2-4", (2, 3, 4)),
        ("study 5 vs study 7", (5, 7)),
        ("the carbon footprint paper", (15,)),
        ("the hardware lottery and the lottery ticket hypothesis", (2, 10)),
        ("scaling laws for neural language models", (12,)),
    ],
)
def test_studies_as_people_name_them(
    text: str, numbers: tuple[int, ...], vocabulary: Vocabulary
) -> None:
    """By number, by range, by title or the telling part of one."""
    assert first(STUDIES, text, vocabulary) == numbers


@pytest.mark.parametrize(
    "text", ["studies of 2019", "a study", "scaling a model", "i won the lottery of life"]
)
def test_what_names_no_study(text: str, vocabulary: Vocabulary) -> None:
    """A year is not a number of a study, and common words are not a title."""
    assert first(STUDIES, text, vocabulary) is None


@given(st.text(max_size=200))
def test_mentions_lie_in_the_message(vocabulary: Vocabulary, text: str) -> None:
    """Whatever is written, no slot fails, and what it finds stands where it says."""
    heard = context(text, vocabulary)
    for slot in {slot for kind in QUESTIONS for _, slot in kind.slots}:
        for mention in slot.find(heard):
            assert 0 <= mention.start < mention.end <= len(heard.said.text)
