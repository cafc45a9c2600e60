"""A user's own series in answers: its unit, its source and its years, never those of the post."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.choices import Choices
from bot.conversation import Conversation
from bot.pictures import picture
from bot.questions import QUESTIONS
from bot.questions.base import Question
from bot.questions.project import Project
from bot.receipts import receipt
from bot.values import HEADLINE, Count, Years
from bot.views import CHARTED
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory
from knowledge.errors import DataError
from knowledge.intake import About, examine, template
from knowledge.trend import fit, project
from tests.conftest import NOW
from tests.talk import command, say, shown

if TYPE_CHECKING:
    from pathlib import Path

SERIES_KINDS = [kind for kind in QUESTIONS if "series" in dict(kind.slots)]
ASKED = [
    ("our gpu price in 2023", "/cost 2023 series gpu-hour"),
    ("our gpu price", "/cost series gpu-hour"),
    ("what our cluster paid per gpu hour, 2022", "/cost 2022 series gpu-hour"),
    ("how much did our GPU price fall in 2023?", "/decline 2023 series gpu-hour"),
    ("how much cheaper is our gpu hour since 2020", "/decline 2020-2024 series gpu-hour"),
    ("what will our gpu hour cost in 2030?", "/project 2030 series gpu-hour"),
    ("our gpu price 2025", "/project 2025 series gpu-hour"),
    ("when will our gpu price fall below $1", "/when $1 series gpu-hour"),
    ("how long until our gpu price halves", "/halving series gpu-hour"),
    ("/budget $1000 series gpu-hour", "/budget $1000 2024 series gpu-hour"),
    ("backtest our gpu price", "/backtest series gpu-hour"),
    ("is it true that our gpu price fell 30% a year", "/check 30% a year series gpu-hour"),
    ("chart our gpu price", "/chart cost series gpu-hour"),
    ("our answers in 2026", "/cost 2026 series answers"),
    ("cost in 2023", "/cost 2023"),
    ("inference cost 2030", "/project 2030"),
    ("the cost table", "/cost"),
]
SAID = [
    "/cost 2023 series gpu-hour",
    "/cost series gpu-hour",
    "/cost 2021 2028 series gpu-hour",
    "/cost 2024 1000 calls series gpu-hour",
    "most expensive our gpu price",
    "/decline series gpu-hour",
    "/decline 2021 series gpu-hour",
    "/decline 2020 2022 series gpu-hour",
    "biggest drop of our gpu price",
    "/halving series gpu-hour",
    "/halving 2022-2024 series gpu-hour",
    "/halving 25% series gpu-hour",
    "/when $1 series gpu-hour",
    "/when $3 series gpu-hour",
    "/when above $3 series gpu-hour",
    "/when $1 2040 series gpu-hour",
    "/budget $1000 2023 series gpu-hour",
    "/project 2030 series gpu-hour",
    "/project 2030 25% series gpu-hour",
    "/project 2030 latest series gpu-hour",
    "/backtest series gpu-hour",
    "/check 30% a year series gpu-hour",
    "/check rise of 10% a year 2020-2022 series gpu-hour",
    "/check 50% in total series gpu-hour",
]
OF_THE_POST = re.compile(r"the post|per inference|inferences|AI inference|illustrative|blogspot")


@pytest.fixture(scope="module")
def talk(own_kb: KnowledgeBase) -> Conversation:
    """A conversation with somebody who has series of their own."""
    return Conversation(own_kb)


def question(talk: Conversation, text: str) -> Question:
    asked = talk.turn(text, NOW.date()).question
    assert isinstance(asked, Question), text
    return asked


@pytest.mark.parametrize(("text", "wanted"), ASKED)
def test_a_series_is_asked_about_by_name(text: str, wanted: str, talk: Conversation) -> None:
    """By title, alias or id; who names none asks about the post's table."""
    assert command(say(talk, text)) == wanted


def test_every_kind_that_reads_a_series_can_name_one() -> None:
    """These compute with the table, so with any series."""
    commands = {kind.command for kind in SERIES_KINDS}
    assert commands == {
        "cost",
        "decline",
        "halving",
        "when",
        "budget",
        "project",
        "backtest",
        "check",
    }


@pytest.mark.parametrize("text", SAID)
def test_nothing_of_the_post_is_said_of_it(
    text: str, talk: Conversation, own_kb: KnowledgeBase
) -> None:
    """Answer, receipt, picture and buttons speak of its own unit, source and years."""
    turn = say(talk, text)
    asked = question(talk, text)
    said = shown(turn) + shown(say(talk, f"/why {asked.as_command().removeprefix('/')}"))
    assert not OF_THE_POST.search(said), said
    assert "Cluster bills 2018 to 2024" in said
    assert "https://example.com/cluster-bills" in said
    assert "forecast" not in said  # all its rows were observed
    for choice in (*asked.answer(own_kb).choices, *receipt(asked, own_kb).choices):
        assert choice.command.startswith("/sources") or choice.command.endswith("series gpu-hour")
        assert command(say(talk, choice.command)) == choice.command
    if asked.command in CHARTED and asked.pictured:
        chart = picture(asked, own_kb)
        assert chart is not None
        assert not OF_THE_POST.search(str(chart))
        assert "Cluster bills" in chart.source


def test_its_numbers_are_those_of_the_same_method(own_kb: KnowledgeBase) -> None:
    """The projection is the random walk on its own rows."""
    asked = Project(years=Years((2030,)), series="gpu-hour")
    expected = project(fit(own_kb.series("gpu-hour")), 2030)
    answer = asked.answer(own_kb)
    assert answer.figure("median") == pytest.approx(expected.median)
    assert (answer.figure("low"), answer.figure("high")) == (expected.low, expected.high)
    assert answer.headline == "2030: about $1.0 per GPU hour (projection)"


def test_rises_are_said_as_such(talk: Conversation) -> None:
    """No negative decline, and nothing cheaper that got dearer."""
    assert "2021: up 6.9% on 2020" in shown(say(talk, "/decline 2021 series gpu-hour"))
    both = shown(say(talk, "/decline 2020 2022 series gpu-hour"))
    assert "up 13.8%, 1.14× dearer" in both
    assert "half every" not in both
    assert "6.9% more than in 2020" in shown(say(talk, "/cost 2021 series gpu-hour"))
    assert "-" not in shown(say(talk, "/decline series gpu-hour")).split("<i>")[0].replace("–", "")


def test_its_forecasts_are_its_own(talk: Conversation) -> None:
    """Rows after the last observed year are marked, with when they were said."""
    said = shown(say(talk, "/cost series answers"))
    assert "2025 forecast" in said
    assert "Its figures for 2025–2026 were forecasts, published in February 2025." in said
    assert "forecasts" not in shown(say(talk, "/cost 2023 series answers"))


def test_follow_ups_stay_with_it(talk: Conversation) -> None:
    """What is asked next is about the same series, until another is asked for in full."""
    first = "our gpu price in 2022"
    assert command(say(talk, first, "and in 2023?")) == "/cost 2023 series gpu-hour"
    assert command(say(talk, "cost in 2023", "what about our answers?")) == (
        "/cost 2023 series answers"
    )
    assert command(say(talk, first, "and since 2020?")) == "/cost 2020-2024 series gpu-hour"
    assert command(say(talk, first, "what did an inference cost in 2023?")) == "/cost 2023"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/cost 2010 series gpu-hour", "What our cluster paid per GPU hour” starts in 2018"),
        ("/backtest series answers", "a backtest needs 5 years that were observed"),
        ("/halving 2020-2022 series gpu-hour", "a cost halves only at a yearly decline above 0%"),
    ],
)
def test_what_it_cannot_answer_is_said(text: str, reason: str, talk: Conversation) -> None:
    """Too few rows, or none, is a sentence about this series."""
    said = shown(say(talk, text))
    assert reason.lower() in said.lower()
    series = text.rpartition(" ")[2]
    assert f"For example /cost series {series}" in said  # and not what the post's table has


@pytest.mark.parametrize(
    "asked", ["cost", "decline", "halving", "when $1", "budget $1000", "project 2030", "backtest"]
)
def test_all_that_is_promised_can_be_asked_of_the_template(asked: str, tmp_path: Path) -> None:
    """Whoever tries out the example gets an answer to everything, a trend and a backtest too."""
    (tmp_path / "series").mkdir()
    file = tmp_path / "series" / "example-gpu-hour.toml"
    file.write_text(template("series"), "utf-8")
    with closing(KnowledgeBase(build_memory(own=tmp_path))) as own:
        said = shown(say(Conversation(own), f"/{asked} series example-gpu-hour"))
    assert "For example" not in said
    assert "Source: “What our cluster paid per GPU hour”" in said


@pytest.mark.parametrize("message", ["and in 2023?", "as a chart", "why?"])
def test_a_series_that_was_taken_away_is_told(
    message: str, talk: Conversation, kb: KnowledgeBase
) -> None:
    """Who goes on about it after that hears so; nothing else is answered in its place."""
    asked = talk.turn("our gpu price in 2022", NOW.date()).question
    said = shown(Conversation(kb).turn(message, NOW.date(), asked))
    assert "The series gpu-hour is not here any more" in said
    assert "$" not in said.split("For example")[0]


def test_all_series_are_listed(talk: Conversation) -> None:
    """With their units, years and the question for each."""
    said = shown(say(talk, "/series"))
    assert said.startswith("<b>5 series")
    assert "US dollars per GPU hour, 2018 to 2024, 7 rows. /cost series gpu-hour" in said
    assert "“our gpu price”" in said


def test_what_a_chat_has_chosen_is_for_the_post(own_kb: KnowledgeBase) -> None:
    """A chat's usual number of inferences multiplies no GPU hours."""
    chosen = Choices(basis=HEADLINE, count=Count(1000.0))
    own = Project(years=Years((2030,)), series="gpu-hour")
    assert chosen.written_into(own, own_kb) == own
    assert chosen.written_into(Project(years=Years((2030,))), own_kb) != Project(
        years=Years((2030,))
    )


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ('"USD per GPU hour"', '"EUR per GPU hour"', "give amounts in US dollars"),
        ('"example-gpu-hour"', '"example-of-a-gpu-hour"', "shorten it"),
        ('"What our cluster paid per GPU hour"', '"the cost table"', "already belongs to"),
    ],
)
def test_what_answers_could_not_say_is_refused(
    old: str, new: str, remedy: str, tmp_path: Path
) -> None:
    """Another currency, an id too long for a button, a name that means another series."""
    file = tmp_path / f"{'example-of-a-gpu-hour' if 'of-a' in new else 'example-gpu-hour'}.toml"
    file.write_text(template("series").replace(old, new), "utf-8")
    with pytest.raises(DataError, match=remedy):
        examine(file, tmp_path / "mine", About(), NOW.date())
