"""The scorecard: what was said, against prices that are looked up once more in the files."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.charts.model import Ranges
from bot.charts.picture import svg
from bot.pictures import picture
from bot.questions.scorecard import Scorecard
from bot.questions.verdicts import by_trend, counted, everything, judged
from bot.render import MAX_CAPTION, units
from bot.wording import span
from knowledge.errors import NumberError
from knowledge.market.capability import Floor, Stretch
from knowledge.market.outcomes import Outcome, is_forecast, outcomes, yearly
from knowledge.rates import Rate
from tests.conftest import NOW
from tests.talk import command, say
from tests.test_capability import LEVELS, cheapest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from bot.conversation import Conversation
    from knowledge.base import KnowledgeBase

    Ask = Callable[[str], Answer]

NOW_PRICED = "2026-11-22"


@pytest.fixture(scope="module")
def ask(talk: Conversation, kb: KnowledgeBase) -> Ask:
    """The answer to a message, as data."""

    def answered(text: str) -> Answer:
        question = talk.turn(text, NOW.date()).question
        assert isinstance(question, Scorecard), text
        return question.answer(kb)

    return answered


def fell(level: str, start: str, end: str, months: int) -> float:
    """The decline a year between two days, from the files."""
    return float(1 - (cheapest(level, end) / cheapest(level, start)) ** (12 / months))


def test_the_posts_headline_is_judged_from_its_month_on(ask: Ask) -> None:
    """Every level that had a price in November 2024: all but o1, which begins a month later."""
    answer = ask("/scorecard")
    came = {
        f.name.removeprefix("came.headline."): f.value
        for f in answer.figures
        if f.name.startswith("came.headline.")
    }
    assert set(came) == set(LEVELS) - {"o1"}
    for level, annual in came.items():
        assert annual == pytest.approx(fell(level, "2024-11-30", NOW_PRICED, 24))
    assert (answer.figure("said.low.headline"), answer.figure("said.high.headline")) == (0.2, 0.3)


def test_the_posts_row_is_judged_in_its_year(ask: Ask) -> None:
    """$0.04 to $0.02 in 2025, against the calendar year 2025 at every level."""
    answer = ask("/scorecard")
    assert answer.figure("said.low.row.2025") == pytest.approx(0.5)
    for level in LEVELS:
        wanted = fell(level, "2024-12-31", "2025-12-31", 12)
        assert answer.figure(f"came.row.2025.{level}") == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("study", "said", "month", "months"),
    [
        (20, (0.9, 0.9), "2024-11-30", 24),
        (25, (0.9, 0.9), "2025-02-28", 21),
        (18, (1 - 1 / 9, 1 - 1 / 900), "2025-03-31", 20),
        (23, (0.8, 0.9), "2025-11-30", 12),
    ],
)
def test_an_estimate_is_judged_from_its_month_on(
    study: int, said: tuple[float, float], month: str, months: int, ask: Ask
) -> None:
    """Its own rate or range, against each level since it was published."""
    answer = ask(f"/scorecard {study}")
    low, high = (answer.figure(f"said.{end}.{study}") for end in ("low", "high"))
    assert (low, high) == pytest.approx(said)
    for figure in answer.figures:
        if figure.name.startswith("came."):
            level = figure.name.removeprefix(f"came.{study}.")
            assert figure.value == pytest.approx(fell(level, month, NOW_PRICED, months))
    assert any(f.name.startswith("came.") for f in answer.figures)


def test_what_is_a_forecast_follows_from_its_dates(kb: KnowledgeBase) -> None:
    """Its period ends in a year after it was published; both of these measure something else."""
    forecasts = [s for s in kb.studies(collection="published") if is_forecast(s)]
    assert [s.number for s in forecasts] == [30, 36]
    assert {s.group for s in forecasts} == {"provider cost", "training cost at fixed quality"}


def test_only_what_is_comparable_is_judged(kb: KnowledgeBase) -> None:
    """Price at fixed capability, published in a known month, at least half a year ago."""
    numbers = [said.study.number for said in everything(kb) if said.study]
    assert numbers == [20, 21, 25, 18, 19, 22, 23, 27]
    for number in set(range(18, 59)) - set(numbers):
        with pytest.raises(NumberError, match="can't be set against list prices"):
            Scorecard(study=number).answer(kb)


def outcome(kb: KnowledgeBase, annual: float) -> Outcome:
    floor = kb.market.fall(kb.market.level("o1")).floors[0]
    assert isinstance(floor, Floor)
    return Outcome(kb.market.level("o1"), Stretch(floor, floor), annual)


@pytest.mark.parametrize(
    ("annual", "said", "verdict"),
    [
        (0.31, Rate(0.2, 0.3), "faster"),
        (0.3, Rate(0.2, 0.3), "within"),
        (0.25, Rate(0.2, 0.3), "within"),
        (0.19, Rate(0.2, 0.3), "slower"),
        (0.5004, Rate(0.5, 0.5), "within"),
        (0.501, Rate(0.5, 0.5), "faster"),
        (-0.1, Rate(0.2, 0.3), "slower"),
    ],
)
def test_verdicts(annual: float, said: Rate, verdict: str, kb: KnowledgeBase) -> None:
    """Within means within, and rates that are said alike are the same."""
    assert outcome(kb, annual).than(said) == verdict


def test_at_least_has_no_upper_end(kb: KnowledgeBase) -> None:
    """More than a lower bound is within it."""
    assert outcome(kb, 0.9).than(Rate(0.37, 0.37), at_least=True) == "within"


def test_the_words_follow_from_the_levels(kb: KnowledgeBase) -> None:
    """The verdict is what most levels did, and how many did otherwise is told."""
    post, row, *studies = everything(kb)
    assert (judged(post), counted(post)) == ("faster", "at 6 of 7 levels (1 within)")
    assert (judged(row), counted(row)) == ("faster", "at 6 of 8 levels (1 within, 1 slower)")
    assert {(judged(s), counted(s)) for s in studies} == {("slower", "at every level")}


def test_the_trend_is_said_from_every_origin(kb: KnowledgeBase) -> None:
    """The drift of the table's rows up to each year, with both ends of its interval."""
    trends = list(by_trend(kb))
    assert [t.name for t in trends] == ["2021", "2022", "2023", "2024"]
    costs = {p.year: p.value for p in kb.series().points}
    for trend in trends:
        years = trend.start.year - 2018
        drift = 1 - (costs[trend.start.year] / costs[2018]) ** (1 / years)
        assert trend.said.middle == pytest.approx(drift)
        assert trend.said.low < drift < trend.said.high
        for o in trend.outcomes:
            months = 12 * (2025 - trend.start.year)
            wanted = fell(o.level.id, f"{trend.start.year}-12-31", "2025-12-31", months)
            assert o.annual == pytest.approx(wanted)


def test_too_few_years_are_admitted(talk: Conversation, kb: KnowledgeBase) -> None:
    """GPT-4 level has not the yearly changes that the method needs, and the card says so."""
    assert len(yearly(kb.market.fall(kb.market.level("gpt-4"))).points) == 3
    said = " ".join(talk.turn("/scorecard", NOW.date()).reply.texts)
    assert "needs 3 yearly changes and a year to score; up to 2025 there are 2" in said


def test_less_than_half_a_year_is_no_outcome(kb: KnowledgeBase) -> None:
    """From June 2026 to November there is nothing to say a year."""
    falls = [kb.market.fall(level) for level in kb.market.levels()]
    assert outcomes(falls, date(2026, 6, 1)) == ()
    assert len(outcomes(falls, date(2026, 5, 1))) == len(LEVELS)


def test_the_honest_lines_are_said(talk: Conversation) -> None:
    """That these measure different things, that the start matters, and what is left out."""
    said = " ".join(talk.turn("did it come true?", NOW.date()).reply.texts)
    for words in ("measure different things", "a month later", "Gartner", "as of 22 November 2026"):
        assert words in said


@pytest.mark.parametrize("text", ["were the forecasts right", "how did the post's prediction do"])
def test_it_is_found_in_peoples_words(text: str, talk: Conversation) -> None:
    """Whether it came true is one question, how the bot's method did another."""
    assert command(say(talk, text)) == "/scorecard"
    assert command(say(talk, "how accurate have your predictions been")) == "/backtest"


def test_the_picture_is_the_card(kb: KnowledgeBase) -> None:
    """Every entry a row with what was said, the interval of a trend, and a mark for each level."""
    chart = picture(Scorecard(), kb)
    assert isinstance(chart, Ranges)
    entries = [*everything(kb), *by_trend(kb)]
    for row, entry in zip(chart.claims, entries, strict=True):
        assert row.said == (entry.said.low, entry.said.high)
        assert dict(row.marks) == {o.level.id: o.annual for o in entry.outcomes}
        assert row.rates
        assert row.rates[::2] == (entry.came.low, entry.came.high)
    drawn = {row[1]: row[3:] for row in chart.rows() if row[0] == "said"}
    assert drawn["The post's headline"] == (0.2, None, 0.3)
    told = svg(chart)
    assert "20–30% → " in told
    assert "11.1% up–53.2%" in told


def test_a_picture_of_one_estimate_is_level_by_level(kb: KnowledgeBase) -> None:
    """A row for each level that it is judged at, beside what it said."""
    asked = Scorecard(study=20)
    chart, answer = picture(asked, kb), asked.answer(kb)
    assert isinstance(chart, Ranges)
    came = [f.value for f in answer.figures if f.name.startswith("came.")]
    assert [row.rates and row.rates[1] for row in chart.claims] == came
    assert [(r.low, r.high) for r in chart.references] == [(0.9, 0.9)]


@pytest.mark.parametrize("message", ["/chart scorecard", "/chart scorecard 20"])
def test_the_caption_has_what_is_drawn(message: str, talk: Conversation) -> None:
    """All numbers of the picture stand under it, within Telegram's limit."""
    reply = say(talk, message).reply
    assert reply.picture
    assert isinstance(reply.picture.chart, Ranges)
    assert units(reply.picture.caption) <= MAX_CAPTION
    for row in reply.picture.chart.claims:
        assert row.rates
        for end in (*row.rates[::2], *(row.said or ())):
            assert span(abs(end), abs(end)).removesuffix("%") in reply.picture.caption
