"""Views: pictures, computations and files of an answer, asked for in words and by command."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from bot.links import command_in, permalink
from bot.pictures import picture
from bot.questions import QUESTIONS
from bot.questions.base import Question
from bot.render import MAX_CAPTION, MAX_DATA_BYTES, units
from bot.views import CHARTED, VIEWS, View
from tests.talk import command, say, shown

if TYPE_CHECKING:
    from bot.conversation import Conversation

EXAMPLES = [e for kind in QUESTIONS for e in kind.examples]


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (["/chart cost"], "/chart cost"),
        (["/chart"], "/chart cost"),
        (["/chart what will it cost in 2030?"], "/chart project 2030"),
        (["/chart linear cost 2020-2024"], "/chart linear cost 2020-2024"),
        (["plot the cost over time"], "/chart cost"),
        (["can i see a graph of the projection to 2030"], "/chart project 2030"),
        (["visualize the declines year by year"], "/chart decline"),
        (["what will it cost in 2030?", "chart that"], "/chart project 2030"),
        (["what will it cost in 2030?", "show me"], "/chart project 2030"),
        (["/chart project 2030", "and 2035?"], "/chart project 2035"),
        (["/chart project 2030", "linear please"], "/chart linear project 2030"),
        (["/chart linear project 2030", "log scale"], "/chart project 2030"),
        (["/chart project 2030", "what did it cost in 2021?"], "/cost 2021"),
        (["/project 2030", "why?"], "/why project 2030"),
        (["/project 2030", "how did you get this?"], "/why project 2030"),
        (["/decline 2020 2024", "show your work"], "/why decline 2020-2024"),
        (["/csv bases project 2030"], "/csv bases project 2030"),
        (["/why project 2030", "and 2031?"], "/project 2031"),
        (["/why what did it cost in 2023?"], "/why cost 2023"),
        (["/project 2030", "as csv please"], "/csv project 2030"),
        (["/chart bases project 2030", "csv"], "/csv bases project 2030"),
        (["/chart cost", "why?"], "/why cost"),
        (["how are the projections calculated"], "/sources method"),
        (["cost in 2023, no chart please"], "/cost 2023"),
        (["/chrat cost"], "/chart cost"),
    ],
)
def test_views_are_understood(messages: list[str], wanted: str, talk: Conversation) -> None:
    """A picture, a computation or a file, of what is named or of what was said before."""
    assert command(say(talk, *messages)) == wanted


@pytest.mark.parametrize("text", ["who tops the charts this week?", "draw me a horse", "/why"])
def test_there_is_not_a_picture_of_everything(text: str, talk: Conversation) -> None:
    """What is no question here is refused as it is without a picture."""
    turn = say(talk, text)
    assert turn.reply.picture is None
    assert not turn.understood


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("view", VIEWS.values())
def test_every_view_of_every_question(view: type[View], example: str, talk: Conversation) -> None:
    """Each has one spelling that reads back, fits a button, and an answer within the limits."""
    asked = say(talk, example).question
    assert isinstance(asked, Question)
    if asked.command in ("ask", "start"):  # these lead elsewhere
        return
    seen = view(of=asked)
    spelled = seen.as_command()
    assert len(spelled.encode()) <= MAX_DATA_BYTES
    turn = say(talk, spelled)
    assert turn.question == seen
    if turn.reply.picture:
        assert asked.command in CHARTED
        assert 0 < units(turn.reply.picture.caption) <= MAX_CAPTION
    link = permalink("costcurve_bot", spelled)
    assert link is None or command_in(link.partition("start=")[2]) == spelled
    for row in turn.reply.buttons:
        for button in row:
            if not button.share:
                assert say(talk, button.command).question is not None


@pytest.mark.parametrize("text", ["/chart bill 2M tokens/day foo 2036", "/csv cost 2023 foo"])
def test_a_slip_in_a_command_is_told(text: str, talk: Conversation) -> None:
    """Nothing else is drawn in its place: a view says of it what the command says."""
    of = text.split(" ", 1)[1]
    assert shown(say(talk, text)) == shown(say(talk, f"/{of}"))
    assert "foo” in /" in shown(say(talk, text))


@pytest.mark.parametrize("kind", sorted(CHARTED))
def test_charted_answers_offer_their_picture(kind: str, talk: Conversation) -> None:
    """One tap away: the picture and the computation."""
    example = next(k.examples[0] for k in QUESTIONS if k.command == kind)
    commands = [b.command for row in say(talk, example).reply.buttons for b in row]
    spelled = command(say(talk, example)).removeprefix("/")
    assert {f"/chart {spelled}", f"/why {spelled}"} <= set(commands)


def test_a_picture_says_what_its_caption_says(talk: Conversation) -> None:
    """The numbers of the picture stand in the words under it, and in the file."""
    turn = say(talk, "/chart project 2030")
    assert turn.reply.picture is not None
    for amount in ("$0.0012", "$0.00047", "$0.0032"):
        assert amount in turn.reply.picture.caption
    file = say(talk, "/csv project 2030").reply.document
    assert file is not None
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert any(r["year"] and float(r["year"]) == 2030 for r in rows)
    assert file.name == "costcurve-project-2030.csv"


def test_the_file_of_all_bases_has_all_bases(talk: Conversation) -> None:
    """The CSV button under a picture gives that picture's numbers, within a button's bytes."""
    buttons = [b for row in say(talk, "/chart bases project 2030").reply.buttons for b in row]
    commands = [b.command for b in buttons if not b.share]
    assert "/csv bases project 2030" in commands
    assert all(len(c.encode()) <= MAX_DATA_BYTES for c in commands)
    one, every = (say(talk, f"/csv {w}project 2030").reply.document for w in ("", "bases "))
    assert one is not None
    assert every is not None
    assert every.name == "costcurve-bases-project-2030.csv"
    ends = [
        [r["name"] for r in csv.DictReader(io.StringIO(f.text))
         if (r["what"], r["year"]) == ("projection", "2030")]
        for f in (one, every)
    ]  # fmt: skip
    assert [len(names) for names in ends] == [1, 3]


def test_a_picture_stays_a_picture(talk: Conversation) -> None:
    """The buttons under it lead to other pictures: Telegram never turns one back into text."""
    turn = say(talk, "/chart project 2030")
    commands = [b.command for row in turn.reply.buttons for b in row if not b.share]
    assert {"/chart project 2029", "/chart project 2031", "/chart linear project 2030"} <= set(
        commands
    )
    assert {"/chart bases project 2030", "/csv project 2030"} <= set(commands)
    assert all(c.startswith(("/chart ", "/csv ", "/why ")) for c in commands)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/chart chart cost", "/chart cost"),
        ("/chart show me a chart of 2030", "/chart project 2030"),
    ],
)
def test_views_of_views_do_not_pile_up(text: str, wanted: str, talk: Conversation) -> None:
    """A view is of a question, never of a view, however often it is said."""
    assert command(say(talk, text)) == wanted


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_kind_says_whether_it_is_charted(kind: type[Question]) -> None:
    """It says so itself, so that what draws is only loaded for a picture."""
    assert kind.charted == (kind in picture.registry)
