"""Text to question: the best reading, and one spelling that reads back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import links
from bot.basis import BASIS
from bot.billed import BILLABLE, BY, LIMIT, MIX, USED
from bot.calendar import FUTURE, SPAN, YEARS
from bot.capabilities import CAPABILITY, FIXED, STRETCH
from bot.claims import CLAIM
from bot.conversation import Conversation
from bot.days import ON, OVER_TIME
from bot.hearing import Heard, hear
from bot.manner import ABOVE, ASPECT, BOLDEST, CHEAPEST, EACH, ELSEWHERE, FOREIGN, REALITY, STEEPEST
from bot.measures import COLLECTION, GROUP, GROUPS, PERIOD, SCOPE
from bot.models import ModelNames
from bot.names import AUTHOR, STATUS, TOPIC, TRAINING, VENUE, WORKLOAD, WORKLOADS
from bot.own import SERIES
from bot.questions import BY_COMMAND, QUESTIONS
from bot.questions.base import MAX_COMMAND_BYTES, Question, slot
from bot.questions.budget import AMOUNT
from bot.questions.chat import CHARTS, LENGTH, RESET, TOPIC_SCOPE, TOPICS, ChatAction
from bot.questions.cost import Cost
from bot.questions.price import Price
from bot.questions.project import Project
from bot.questions.settle import settle
from bot.questions.studies import Studies
from bot.selling import MODEL, PROVIDER, WHAT
from bot.slots import COUNT, LEVEL, MONEY, PAGE
from bot.titles import STUDIES, STUDY
from bot.understand import plausible, readings
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
from knowledge.build import DATA
from knowledge.load import load
from knowledge.market.load import load as load_market
from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.slots import Slot
    from knowledge.base import KnowledgeBase

TODAY = NOW.date()
RECORDS = load(DATA)
EXAMPLES = [(kind, example) for kind in QUESTIONS for example in kind.examples]


@pytest.fixture(scope="module")
def own_talk(own_kb: KnowledgeBase) -> Conversation:
    """A conversation with somebody who has series of their own."""
    return Conversation(own_kb)


def heard(text: str, kb: KnowledgeBase) -> Heard:
    """A message with everything found in it."""
    return hear(Context(read(text), Vocabulary.of(kb), TODAY))


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_is_its_kind(
    kind: type[Question], example: str, talk: Conversation, kb: KnowledgeBase
) -> None:
    """What a kind gives as an example is understood as that kind (or what that comes to)."""
    asked = talk.turn(example, TODAY).question
    assert isinstance(asked, Question)
    if type(asked) is not kind:  # 'cost in 2030' is a projection: settled, and only that way
        assert {type(asked), kind} == {Cost, Project}
        assert settle(asked, kb) == asked


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_an_example_has_one_spelling(
    kind: type[Question], example: str, talk: Conversation
) -> None:
    """The command of an example's question is the same question, short, and its permalink too."""
    asked = talk.turn(example, TODAY).question
    assert asked is not None
    command = asked.as_command()
    assert talk.turn(command, TODAY).question == asked
    assert len(command.encode()) <= MAX_COMMAND_BYTES == 48
    link = links.permalink("costcurve_bot", command)
    assert link is not None
    assert links.command_of(link) == command
    payload = link.partition("start=")[2]
    # nobody's settings are changed by a link that somebody else made
    expected = None if isinstance(asked, ChatAction) else asked
    assert talk.turn(f"/start {payload}", TODAY).question == expected
    assert len(payload) <= 64


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_kind_is_described(kind: type[Question]) -> None:
    """Each kind has examples, a summary, a command that Telegram takes, and its fields as slots."""
    assert kind.examples
    assert 1 <= len(kind.summary) <= 256
    assert kind.command == kind.command.lower()
    assert kind.command.isidentifier()
    assert len(kind.command) <= 32
    assert set(kind.bare) <= {slot_.name for _, slot_ in kind.slots} | {n for n, _ in kind.slots}
    assert set(kind.required) <= {name for name, _ in kind.slots}


def test_commands_are_not_shared() -> None:
    """Two kinds cannot answer to one command."""
    assert len(BY_COMMAND) == len(QUESTIONS)


def test_a_field_without_a_slot_fails_with_the_class() -> None:
    """The mistake shows when the class is made, and the error names the field and the remedy."""
    with pytest.raises(TypeError, match=r"Broken\.year has no slot: declare it with slot"):

        class Broken(Question):
            command = "broken"
            summary = "a kind with a field that nothing reads"

            year: int = 2020


def test_a_slot_without_a_type_fails_with_the_class() -> None:
    """Else it would be no field, and be missed in a chat."""
    with pytest.raises(TypeError, match=r"Broken\.year is no field: say its type"):

        class Broken(Question):
            command = "broken"
            summary = "a kind with a slot that is no field"

            year = slot(YEARS)


def test_a_kind_of_a_kind_has_the_slots_of_both() -> None:
    """What is declared anew takes the place of what was declared before."""

    class Dated(Question):
        command = "dated"
        summary = "a kind with a year that must be said"

        years: Years = slot(YEARS)

    class Counted(Dated):
        years: Years = slot(SPAN, default=Years((2020,)))
        count: Count = slot(COUNT)

    assert Counted.slots == (("years", SPAN), ("count", COUNT))
    assert (Dated.required, Counted.required) == (("years",), ("count",))
    assert Counted.reads == {SPAN, COUNT}
    assert Counted(count=Count(5)).years == Years((2020,))


# --------------------------------------------------------------------------- questions of any kind

_year = st.integers(2000, 2099)
_span = st.sets(_year, min_size=2, max_size=2).map(
    lambda ends: Years((min(ends), max(ends)), span=True)
)
_one = _year.map(lambda year: Years((year,)))
_rate = st.integers(0, 1200).map(lambda tenths: float(f"{tenths / 10:g}") / 100)
_basis = st.one_of(
    st.sampled_from((TREND, HEADLINE, LATEST)),
    st.integers(1, 17).map(lambda number: Basis("study", study=number)),
    _rate.map(lambda rate: Basis("rate", rate, rate)),
    st.tuples(_rate, _rate).map(lambda ends: Basis("rate", min(ends), max(ends))),
)
_money = st.builds(lambda n, d: float(f"{n}e-{d}"), st.integers(1, 10**6), st.integers(0, 6))
_count = st.builds(
    Count,
    st.integers(2, 999).flatmap(lambda n: st.sampled_from([float(n), n * 1e3, n * 1e6, n * 1e9])),
    st.sampled_from((None, "hour", "day", "week", "month", "year")),
)
_day = st.builds(Day, st.integers(2020, 2027), st.none() | st.integers(1, 12))


def _apart(days: tuple[Day, Day]) -> bool:
    """In order, and both are years or both months: people don't mix them."""
    return days[0].last < days[1].first and (days[0].month is None) == (days[1].month is None)


def _days(ends: tuple[Day, Day]) -> Days:
    return Days(*ends)


_PER = st.sampled_from((None, "second", "minute", "hour", "day", "week", "month", "year"))
_tokens = st.integers(10, 9999).flatmap(
    lambda n: st.sampled_from([float(n), n * 1e3, n * 1e6, n * 1e9])
)
MARKET = load_market(DATA)
_NAMES = ModelNames(MARKET.models, MARKET.families, MARKET.providers)
_named = st.one_of(
    st.sampled_from([Named.of(model.id, model.id) for model in MARKET.models]),
    st.sampled_from(("claude", "llama 70b", "gemini 1.5", "mixtral")).map(
        lambda said: Named.of(said, *_NAMES.named(said))
    ),
)
VALUES: dict[Slot[Any], st.SearchStrategy[Any]] = {
    YEARS: st.one_of(
        _one,
        _span,
        st.sets(_year, min_size=2, max_size=5).map(lambda years: Years(tuple(sorted(years)))),
    ),
    SPAN: st.one_of(_one, _span),
    FUTURE: st.one_of(_one, _span),
    **dict.fromkeys((MONEY, AMOUNT), _money),
    COUNT: _count,
    PAGE: st.integers(2, 99),
    LEVEL: st.integers(1, 99).map(lambda percent: float(f"{percent}") / 100),
    BASIS: _basis,
    STUDIES: st.sets(st.integers(1, 58), min_size=1, max_size=10).map(lambda n: tuple(sorted(n))),
    STUDY: st.integers(1, 58),
    COLLECTION: st.sampled_from(("post", "published")),
    SCOPE: st.sampled_from(("post", "published", "all")),
    GROUP: st.sampled_from(GROUPS),
    PERIOD: st.one_of(_one, _span),
    AUTHOR: st.sampled_from(
        sorted(
            {name for study in RECORDS.studies for name in study.authors}
            - {venue.name for venue in RECORDS.venues}
        )
    ),
    VENUE: st.sampled_from([venue.name for venue in RECORDS.venues]),
    TOPIC: st.sampled_from([topic.id for topic in RECORDS.topics]),
    WORKLOAD: st.sampled_from(("inference", "training")),
    WORKLOADS: st.sampled_from(("inference", "training", "both", "hardware", "algorithms")),
    TRAINING: st.just("training"),
    CHEAPEST: st.sampled_from(("highest", "lowest")),
    STEEPEST: st.sampled_from(("highest", "lowest")),
    BOLDEST: st.sampled_from(("highest", "lowest")),
    STATUS: st.sampled_from(("found", "found_elsewhere", "not_found", "second_hand")),
    CLAIM: st.builds(
        lambda low, high, total: Claim(low / 100, (low if total else high) / 100, total=total),
        st.integers(1, 40),
        st.integers(40, 99),
        st.booleans(),
    ),
    EACH: st.just("each"),
    ABOVE: st.just("above"),
    ASPECT: st.sampled_from(("author", "forecast", "headline", "method", "prices", "findings")),
    ELSEWHERE: st.sampled_from(("share price", "translate")),
    FOREIGN: st.sampled_from(("€500", "20 quid")),
    MODEL: _named,
    WHAT: st.one_of(
        st.sampled_from(("cheapest", "dearest", "models")),
        st.lists(_named, min_size=1, max_size=4, unique=True).map(lambda n: Models(tuple(n))),
    ),
    BILLABLE: st.one_of(
        st.builds(Volume, _tokens, st.none() | _tokens, _PER, st.none() | _tokens),
        st.builds(Spend, _money, _PER),
    ),
    MIX: st.builds(Mix, st.integers(1, 100).map(float), st.integers(0, 100).map(float)),
    USED: st.one_of(
        st.lists(_named, min_size=1, max_size=4, unique=True).map(lambda n: Models(tuple(n))),
        st.sampled_from([level.id for level in MARKET.levels]),
    ),
    LIMIT: st.builds(Spend, _money, _PER),
    BY: _PER.filter(bool),
    PROVIDER: st.sampled_from([provider.id for provider in MARKET.providers]),
    ON: st.one_of(
        st.builds(Day, st.integers(2018, 2030)),
        st.builds(Day, st.integers(2018, 2030), st.integers(1, 12)),
        st.dates(date(2018, 1, 1), date(2030, 12, 31)).map(lambda d: Day(d.year, d.month, d.day)),
    ),
    OVER_TIME: st.just("over time"),
    LENGTH: st.sampled_from(("short", "full")),
    CHARTS: st.sampled_from(("on", "off")),
    TOPICS: st.sampled_from(("any topic", "this topic", "not this topic")),
    TOPIC_SCOPE: st.just("for this topic"),
    RESET: st.just("reset"),
    CAPABILITY: st.sampled_from([level.id for level in load_market(DATA).levels]),
    FIXED: st.just("fixed"),
    REALITY: st.just("reality"),
    SERIES: st.sampled_from(("gpu-hour", "answers")),
    STRETCH: st.one_of(_day.map(Days), st.tuples(_day, _day).filter(_apart).map(_days)),
}


def of_kind(kind: type[Question]) -> st.SearchStrategy[Question]:
    """Questions of a kind, with any of its fields."""
    fields = {
        name: VALUES[slot] if name in kind.required else st.none() | VALUES[slot]
        for name, slot in kind.slots
    }
    return st.builds(
        lambda **values: kind(**values),  # noqa: PLW0108  # it would ask the class for its types
        **fields,
    )


@pytest.mark.parametrize("kind", [kind for kind in QUESTIONS if kind.slots])
@given(data=st.data())
def test_any_question_reads_back(
    kind: type[Question], own_talk: Conversation, own_kb: KnowledgeBase, data: st.DataObject
) -> None:
    """Whatever a question's values are, its command asks the same."""
    asked = settle(data.draw(of_kind(kind)), own_kb)
    assert own_talk.turn(asked.as_command(), TODAY).question == asked


@pytest.mark.parametrize("kind", [kind for kind in QUESTIONS if kind.slots])
@given(data=st.data())
def test_any_question_fits_a_link(
    kind: type[Question], own_kb: KnowledgeBase, data: st.DataObject
) -> None:
    """A command fits a button and, encoded, a deep link; a rare pile of values has no link."""
    asked = settle(data.draw(of_kind(kind)), own_kb)
    command = asked.as_command()
    link = links.permalink("costcurve_bot", command)
    given = [name for name, _ in asked.slots if getattr(asked, name) is not None]
    if isinstance(asked, Price) and isinstance(asked.what, Models):
        given += asked.what.ids[1:]
    assert len(command.encode()) <= MAX_COMMAND_BYTES or len(given) > 1
    assert (link is None) == (len(command.encode()) > MAX_COMMAND_BYTES + len("/"))
    assert link is None or links.command_of(link) == command


# --------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    "payload", ["", "a", "!!!", "hello world", "_w", "x" * 65, "aGk=", "é", "\n"]
)
def test_a_foreign_payload_is_no_command(payload: str) -> None:
    """What no permalink of ours carries is not read as one."""
    assert links.command_in(payload) is None


@pytest.mark.parametrize(
    "url",
    ["https://t.me/costcurve_bot", "https://example.org/?start=Y29zdA", "t.me/x?start=Y29zdA", ""],
)
def test_a_foreign_address_is_no_permalink(url: str) -> None:
    """Only https://t.me links with a payload are permalinks."""
    assert links.command_of(url) is None


@given(st.text(min_size=1, max_size=48).filter(lambda text: len(text.encode()) <= 47))
def test_links_carry_any_command(text: str) -> None:
    """The encoding keeps every character, and the payload Telegram's alphabet and length."""
    link = links.permalink("costcurve_bot", "/" + text)
    assert link is not None
    assert links.command_of(link) == "/" + text


def test_too_long_a_command_has_no_link() -> None:
    """Rather none than one that asks something else."""
    assert links.permalink("costcurve_bot", "/" + "x" * 49) is None


# --------------------------------------------------------------------------- choosing the kind

PHRASES = [
    ("what did a call cost in 2021", "/cost 2021"),
    ("how much was an inference in 2019?", "/cost 2019"),
    ("2023", "/cost 2023"),
    ("prices from 2020 to 2023", "/cost 2020-2023"),
    ("price of a million queries in 2022", "/cost 2022 1000000 calls"),
    ("how much did it drop in 2022", "/decline 2022"),
    ("how much cheaper since 2020", "/decline 2020-2025"),
    ("what will it cost in 2030?", "/project 2030"),
    ("cost in 2030", "/project 2030"),
    ("in 4 years", "/project 2030"),
    ("where will it be in 2032 at 25% a year", "/project 2032 25%"),
    ("when will it be under a tenth of a cent", "/when $0.001"),
    ("how many calls for $100 in 2023", "/budget $100 2023"),
    ("anything on pruning?", "/studies pruning"),
    ("papers from ICML", "/studies ICML"),
    ("/studies post 2018", "/studies post 2018"),
    ("tell me about study 5", "/study 5"),
    ("the hardware lottery", "/study 2"),
    ("compare studies 2 and 6", "/compare studies 2,6"),
    ("training vs inference", "/compare training inference"),
    ("how long until the cost halves", "/halving"),
    ("how reliable were the projections", "/backtest"),
    ("where do the numbers come from", "/sources"),
    ("who are you", "/about"),
    ("what can you do", "/help"),
    ("hello", "/start"),
]


@pytest.mark.parametrize(("text", "command"), PHRASES)
def test_plain_phrasings(text: str, command: str, talk: Conversation) -> None:
    """What people plainly ask is read as the question they mean."""
    asked = talk.turn(text, TODAY).question
    assert asked is not None
    assert asked.as_command() == command


@pytest.mark.parametrize(("text", "command"), PHRASES)
def test_readings_are_ranked(text: str, command: str, kb: KnowledgeBase) -> None:
    """Fewest lacking, fewest unread, most cues, nothing missing, most values, order: the least."""
    found = readings(heard(text, kb))
    assert found
    assert [r.rank for r in found] == sorted(r.rank for r in found)
    assert len({r.kind for r in found}) == len(found)
    for r in found:
        missing = len(set(r.kind.required) - set(r.values))
        # what can be asked without any value lacks one as long as none is given, and small talk
        lacking = missing or int(bool(r.kind.chatter or (r.kind.slots and not r.values)))
        assert r.rank[:5] == (lacking, r.unread, -r.cues, missing, -len(r.values))
        assert r.rank[-1] == QUESTIONS.index(r.kind)


def test_an_unread_value_costs_more_than_a_cue_gives(kb: KnowledgeBase) -> None:
    """A kind that has no use for a value in the message loses to one that has."""
    found = readings(heard("what would it cost in 2030 with the headline rate", kb))
    ranks = {r.kind: r for r in found}
    assert found[0].kind is Project
    assert ranks[Cost].unread > ranks[Project].unread == 0


def test_nothing_here_is_no_reading(kb: KnowledgeBase) -> None:
    """A message without cue or value is no question of any kind."""
    assert readings(heard("the weather is lovely by the sea", kb)) == []


@pytest.mark.parametrize("text", ["how much was bread in 2019", "cost of a flat in Oslo in 2021"])
def test_words_of_another_subject_are_not_plausible(text: str, kb: KnowledgeBase) -> None:
    """A question about something else never gets the price of an inference."""
    found = readings(heard(text, kb))
    assert found
    assert not any(plausible(r) for r in found)


def test_names_come_from_the_data(kb: KnowledgeBase, talk: Conversation) -> None:
    """Every study by its title, every venue and every topic by name reaches its question."""
    for study in kb.studies():
        asked = talk.turn(f"tell me about {study.title}", TODAY).question
        assert asked is not None
        assert asked.as_command() == f"/study {study.number}"
    for venue in kb.venues():
        asked = talk.turn(f"which papers are from {venue.name}?", TODAY).question
        assert isinstance(asked, Studies)
        assert asked.venue == venue.name
    for topic in kb.topics():
        asked = talk.turn(f"any studies on {topic.name}?", TODAY).question
        assert isinstance(asked, Studies)
        assert asked.topic == topic.id


def test_relative_years_are_written_out(talk: Conversation) -> None:
    """A permalink means the same later: 'in 5 years' is spelled as the year it meant."""
    asked = talk.turn("/project 5y", TODAY).question
    assert asked is not None
    assert asked.as_command() == f"/project {TODAY.year + 5}"
