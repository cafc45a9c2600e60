"""The price of a level of capability: answers, pictures and conversations over the real prices."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from bot.charts.model import Curve
from bot.pictures import picture
from bot.questions.base import MAX_COMMAND_BYTES
from bot.questions.capability import Capability
from bot.values import Day, Days
from knowledge.build import DATA
from knowledge.errors import NumberError
from tests.conftest import NOW
from tests.talk import command, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from bot.conversation import Conversation
    from knowledge.base import KnowledgeBase
    from tests.conftest import ChatDriver

    Ask = Callable[[str], Answer]

LEVELS = ("gpt-3", "gpt-3.5", "gpt-3.5-2022", "gpt-4", "gpt-4-a16z", "gpt-4-gpqa", "gpt-4o", "o1")
THRESHOLDS = {
    "gpt-3": ("MMLU", 43),
    "gpt-3.5": ("MMLU", 70),
    "gpt-3.5-2022": ("MMLU", 64.8),
    "gpt-4": ("MMLU", 86),
    "gpt-4-a16z": ("MMLU", 83),
    "gpt-4-gpqa": ("GPQA Diamond", 35),
    "gpt-4o": ("GPQA Diamond", 50),
    "o1": ("GPQA Diamond", 75),
}


@pytest.fixture(scope="module")
def ask(talk: Conversation, kb: KnowledgeBase) -> Ask:
    """The answer to a message, as data."""

    def answered(text: str) -> Answer:
        question = talk.turn(text, NOW.date()).question
        assert isinstance(question, Capability), text
        return question.answer(kb)

    return answered


def rows(name: str) -> list[dict[str, str]]:
    """A file of the market as it lies there, read by nothing of ours."""
    with (DATA / "market" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PRICES, SCORES = rows("prices.csv"), rows("scores.csv")


def cheapest(level: str, day: str) -> float:
    """The lowest blend of a day among models that had reached a level: one loop over the files."""
    benchmark, threshold = THRESHOLDS[level]
    reached = {
        score["model"]
        for score in SCORES
        if score["benchmark"] == benchmark
        and float(score["score"]) >= threshold
        and score["counts_from"] <= day
    }
    return min(
        (3 * float(price["input"]) + float(price["output"])) / 4
        for price in PRICES
        if price["model"] in reached
        and price["valid_from"] <= day
        and (price["valid_to"] == "" or day < price["valid_to"])
    )


# --------------------------------------------------------------------------- numbers


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("month", ["2024-12-31", "2025-08-31", "2026-06-30"])
def test_a_price_is_the_lowest_of_the_files(level: str, month: str, ask: Ask) -> None:
    """The floor of a month is what one loop over the prices and scores finds as well."""
    answer = ask(f"/capability {level} level {month[:7]}")
    assert answer.figure("price") == pytest.approx(cheapest(level, month))


@pytest.mark.parametrize("level", LEVELS)
def test_folds_and_rates_follow_from_the_two_ends(level: str, ask: Ask, kb: KnowledgeBase) -> None:
    """From the first month to the last: the fold, and the compound decline a year."""
    answer = ask(f"/capability {level} level")
    first = kb.market.fall(kb.market.level(level)).floors[0].day
    years = (2026 - first.year) + (11 - first.month) / 12
    start, end = cheapest(level, str(first)), cheapest(level, "2026-11-22")
    assert answer.figure("start") == pytest.approx(start)
    assert answer.figure("end") == pytest.approx(end)
    assert answer.figure("fold") == pytest.approx(start / end)
    assert answer.figure("annual") == pytest.approx(1 - (end / start) ** (1 / years))


def test_the_slowing_is_seen(ask: Ask) -> None:
    """GPT-4 level: by calendar year and since December 2024, beside the whole."""
    answer = ask("/capability gpt-4 level")
    ends = {y: cheapest("gpt-4", f"{y}-12-31") for y in (2023, 2024, 2025)}
    ends[2026] = cheapest("gpt-4", "2026-11-22")
    assert answer.figure("year.2023") == 0
    for year in (2024, 2025, 2026):
        assert answer.figure(f"year.{year}") == pytest.approx(1 - ends[year] / ends[year - 1])
    lately = 1 - (ends[2026] / ends[2024]) ** (12 / 23)
    assert answer.figure("annual.since.2024-12") == pytest.approx(lately)
    assert lately < answer.figure("annual") < answer.figure("trend")


def test_every_level_stands_beside_every_other(ask: Ask) -> None:
    """Without a level: all of them with price, fold and both rates, and nothing averaged."""
    answer = ask("/capability")
    for level in LEVELS:
        one = ask(f"/capability {level} level")
        for name in ("end", "fold", "annual"):
            assert answer.figure(f"{name}.{level}") == one.figure(name)
    assert {f.name.partition(".")[2] for f in answer.figures} == set(LEVELS)
    assert not {"mean", "average", "median"} & {f.name for f in answer.figures}


def test_a_stretch_begins_where_the_level_does(ask: Ask) -> None:
    """What is asked from before a level was reached counts from then on, and says so."""
    since = ask("/capability gpt-4 level since 2020")
    assert since.figures == ask("/capability gpt-4 level").figures
    assert "March 2023" in since.headline
    part = ask("/capability gpt-4 level 2023 to 2024")
    assert part.figure("end") == pytest.approx(cheapest("gpt-4", "2024-12-31"))
    assert [f.name for f in part.figures if f.name.startswith("year")] == ["year.2023", "year.2024"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/capability o1 level 2023", "before December 2024"),
        ("/capability gpt-4 level 2030", "nothing later is projected"),
        ("/capability gpt-4 level since 2026-11", "two months"),
        ("/capability 2015", "before October 2020"),
        ("/capability since 2027", "prices are known up to"),
    ],
)
def test_there_is_no_price_outside_the_data(text: str, why: str, ask: Ask) -> None:
    """Neither before a level was reached nor after the data's day, and the answer says which."""
    with pytest.raises(NumberError, match=why):
        ask(text)


@pytest.mark.parametrize(
    "text", ["/capability", "/capability o1", "/capability gpt-4 level 2024", "/capability 2024"]
)
def test_doubts_and_the_day_are_said(text: str, talk: Conversation) -> None:
    """Every answer names what matters most to doubt, the unit, and the day of its data."""
    said = " ".join(talk.turn(text, NOW.date()).reply.texts)
    for words in ("highest published score", "more tokens", "not a cost", "22 November 2026"):
        assert words in said
    assert "million tokens" in said


# --------------------------------------------------------------------------- understanding


@pytest.mark.parametrize("level", LEVELS)
def test_aliases_of_the_data_are_read(level: str, kb: KnowledgeBase, talk: Conversation) -> None:
    """Every name that the data give a level leads to it, in a sentence and as an argument."""
    for alias in kb.market.level(level).aliases:
        assert command(say(talk, f"price of {alias} over time")) == f"/capability {level} level"
        assert command(say(talk, f"/capability {alias}")) == f"/capability {level} level"


@pytest.mark.parametrize(
    "text", ["gpt-4 price", "how much is gpt-4o", "gpt 3.5 turbo", "o1 cost", "price of claude"]
)
def test_a_models_name_is_no_level(text: str, talk: Conversation) -> None:
    """What one model costs is another question."""
    assert not isinstance(say(talk, text).question, Capability)


@pytest.mark.parametrize("text", ["2030 level 80", "/project 2030 level 95", "80% level for 2030"])
def test_the_level_of_an_interval_is_no_capability(text: str, talk: Conversation) -> None:
    """A level of confidence stays one."""
    assert command(say(talk, text)).startswith("/project 2030")


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (["how much cheaper did GPT-4-level get?", "and gpt-3.5?"], "gpt-3.5 level"),
        (["gpt-4 level", "since 2024"], "gpt-4 level since 2024"),
        (["gpt-4 level 2024", "since 2024-12"], "gpt-4 level since 2024-12"),
        (["gpt-4 level since 2024", "in july 2024"], "gpt-4 level 2024-07"),
        (["cheapest gpt-4 level model in 2024", "and 2025?"], "gpt-4 level 2025"),
        (["cheapest gpt-4 level model in 2024", "what about o1 level"], "o1 level 2024"),
        (["how fast do token prices fall", "and gpt-4 level?"], "gpt-4 level"),
    ],
)
def test_follow_ups(messages: list[str], wanted: str, talk: Conversation) -> None:
    """Another level, a day or a stretch changes what was asked before."""
    assert command(say(talk, *messages)) == f"/capability {wanted}"


async def test_a_whole_conversation(chat: ChatDriver) -> None:
    """Ask, follow up, see it, and see how it was computed."""
    assert "534×" in await chat("how much cheaper did GPT-4-level get?")
    assert "80×" in await chat("and gpt-3.5?")
    assert "January 2024" in await chat("since 2024")
    await chat("chart it")
    assert chat.last is not None
    assert "(12/34)" in await chat("/why capability gpt-3.5 level since 2024")


@pytest.mark.parametrize("level", [None, *LEVELS])
@pytest.mark.parametrize("days", [None, Days(Day(2024, 12)), Days(Day(2023, 3), Day(2024, 12))])
def test_permalinks_fit(level: str | None, days: Days | None, talk: Conversation) -> None:
    """The longest spelling fits a link and reads back."""
    asked = Capability(level=level, since=days)
    assert len(asked.as_command().encode()) <= MAX_COMMAND_BYTES
    assert talk.turn(asked.as_command(), NOW.date()).question == asked


# --------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("level", LEVELS)
def test_steps_are_the_offers(level: str, kb: KnowledgeBase) -> None:
    """A picture's points are the months in which the cheapest offer changed, and the last."""
    chart = picture(Capability(level=level), kb)
    assert isinstance(chart, Curve)
    (line,) = chart.lines
    fall = kb.market.fall(kb.market.level(level))
    wanted = [f.blended for f in fall.changes]
    wanted += [wanted[-1]] if fall.changes[-1] != fall.floors[-1] else []
    assert [dollars for _, dollars in line.points] == wanted
    assert line.style == "steps"
    names = {floor.price.name for floor in fall.floors}
    for mark in chart.marks:
        said = re.sub(r" \$\S+$", "", mark.label)
        assert any(name.startswith(said) for name in names)


def test_levels_are_told_apart_without_color(kb: KnowledgeBase) -> None:
    """Several levels in one picture: each with dashes and a label of its own."""
    from bot.charts.curve import STEPS, curve_svg

    chart = picture(Capability(), kb)
    assert isinstance(chart, Curve)
    drawn = curve_svg(chart)
    dashes = [pattern for pattern in STEPS[: len(chart.lines)] if pattern]
    assert len(set(dashes)) == len(chart.lines) - 1
    for pattern in dashes:
        assert drawn.count(f'stroke-dasharray="{pattern}"') == 2  # the line, and beside its name
    for trace in chart.lines:
        assert trace.name in drawn


def test_the_file_of_a_picture(kb: KnowledgeBase) -> None:
    """The data to take away: a row for each change."""
    chart = picture(Capability(level="gpt-4"), kb)
    assert isinstance(chart, Curve)
    said = [row for row in csv.DictReader(io.StringIO(chart.csv())) if row["what"] == "steps"]
    assert (said[0]["dollars"], said[-1]["dollars"]) == ("37.5", "0.07025")
