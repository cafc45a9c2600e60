"""Replies: everything escaped, within Telegram's limits, and nothing lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import links
from bot.answer import Answer, Choice, Line, Link, Quote, Table, line
from bot.conversation import Conversation
from bot.markup import MarkupError, parse, units
from bot.questions import QUESTIONS
from bot.render import MAX_TEXT, Told, render
from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.markup import Marked
    from bot.questions.base import Question
    from bot.render import Reply
    from knowledge.base import KnowledgeBase

NASTY = '<b>&amp; "quoted" \'x\' </b></pre><a href="javascript:x">& < > &lt;'


def told(answer: Answer, command: str | None = "/cost 2023", *, literal: bool = True) -> Reply:
    """An answer as the only one of a reply."""
    return render([Told(answer, command, literal)], "costcurve_bot")


def parsed(reply: Reply) -> list[Marked]:
    """Every text as Telegram reads it; MarkupError where it would refuse."""
    return [parse(text) for text in reply.texts]


def squeezed(text: str) -> str:
    """Without white space, which may be a place to split."""
    return "".join(text.split())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(NASTY),
        Answer("x", (line(NASTY),)),
        Answer("x", (line(Link(NASTY, 'https://example.org/?a=1&b=<2>&c="3"\'')),)),
        Answer("x", (Quote(NASTY),)),
        Answer("x", (Table((NASTY, "y"), ((NASTY, NASTY),)),)),
        Answer("x", source=line(NASTY)),
    ],
)
def test_everything_is_escaped(answer: Answer) -> None:
    """Mark-up in any part is shown as it was written, wherever it stands."""
    (marked,) = parsed(told(answer))
    assert squeezed(NASTY) in squeezed(marked.text)
    for entity in marked.entities:
        assert "javascript" not in entity.url


def test_a_command_is_escaped() -> None:
    """What was asked may hold mark-up as well; with no permalink it stands as plain words."""
    (marked,) = parsed(told(Answer("x"), "/studies <b>&" + "y" * 60))
    assert "/studies <b>&" in marked.text


def test_an_address_survives() -> None:
    """Quotes and ampersands in an address reach Telegram as they were."""
    url = 'https://example.org/?a=1&b=2&q="it\'s"'
    (marked,) = parsed(told(Answer("x", (line(Link("here", url)),)), None))
    assert [entity.url for entity in marked.entities if entity.url] == [url]


def test_the_order_of_a_reply() -> None:
    """The headline in bold first, then the blocks, last the source and the permalink in italics."""
    answer = Answer(
        "Head", (line("one"), Quote("two"), Table(("h", "i"), (("a", "b"),))), line("S")
    )
    (marked,) = parsed(told(answer))
    lines = marked.text.splitlines()
    assert lines[0] == "Head"
    assert lines[1:3] == ["one", "two"]
    assert lines[-1] == "S · /cost 2023"
    kinds = [entity.type for entity in marked.entities]
    assert kinds[0] == "bold"
    assert {"blockquote", "pre", "italic", "text_link"} <= set(kinds)
    link = next(entity.url for entity in marked.entities if entity.type == "text_link")
    assert links.command_of(link) == "/cost 2023"


def test_a_guess_is_marked() -> None:
    """A reading that is not literal says so before the command."""
    (marked,) = parsed(told(Answer("x"), literal=False))
    assert "Read as: /cost 2023" in marked.text


def test_without_a_name_there_is_no_link() -> None:
    """Outside Telegram the command stands as text."""
    reply = render([Told(Answer("x"), "/cost 2023")], None)
    assert "<a" not in reply.texts[0]
    assert "/cost 2023" in reply.texts[0]


def test_two_answers_are_one_reply() -> None:
    """Both are shown in order, with their buttons below."""
    one = Told(Answer("One", choices=(Choice("a", "/a"),)), "/cost 2021")
    two = Told(Answer("Two", choices=(Choice("b", "/b"), Choice("a2", "/a"))), "/cost 2022")
    reply = render([one, two], "costcurve_bot")
    assert re.findall("<b>(.*?)</b>", reply.texts[0]) == ["One", "Two"]
    assert sorted(b.command for row in reply.buttons for b in row) == ["/a", "/b"]


def test_a_table_is_aligned() -> None:
    """First column left, the others right, all rows equally wide."""
    table = Table(("year", "USD"), (("2018", "$1"), ("2025 forecast", "$0.02")))
    (marked,) = parsed(told(Answer("x", (table,)), None))
    assert marked.text.splitlines()[1:] == [
        "year             USD",
        "2018              $1",
        "2025 forecast  $0.02",
    ]


# --------------------------------------------------------------------------- limits

_words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
_long = st.builds(
    lambda word, times, joint: joint.join([word] * times),
    _words,
    st.integers(1, 900),
    st.sampled_from((" ", " & ", " <b>", "😀 ")),
)
_text = (_words | _long).filter(lambda text: bool(text.strip()))
_part = _text | st.builds(Link, _text, st.just("https://example.org/?a=1&b=2"))
_row = st.tuples(_words, _words)
_block = st.one_of(
    st.lists(_part, min_size=1, max_size=3).map(lambda parts: Line(tuple(parts))),
    st.builds(Quote, _text),
    st.builds(Table, _row, st.lists(_row, max_size=200).map(tuple)),
)
_choice = st.builds(Choice, _words, st.text(min_size=1, max_size=70).map(lambda t: "/" + t))
ANSWERS = st.builds(
    lambda **values: Answer(**values),  # noqa: PLW0108  # it would ask the class for its types
    headline=_text,
    blocks=st.lists(_block, max_size=4).map(tuple),
    source=st.none() | st.builds(line, _words),
    choices=st.lists(_choice, max_size=8).map(tuple),
)


@settings(max_examples=60)
@given(ANSWERS, st.sampled_from((None, "/cost 2023", "/studies " + "x" * 60)), st.booleans())
def test_any_answer_fits_telegram(answer: Answer, command: str | None, literal: bool) -> None:
    """Whatever is said: at least one text, each valid HTML and at most 4,096 characters shown."""
    reply = told(answer, command, literal=literal)
    assert reply.texts
    for marked in parsed(reply):
        assert units(marked.text) <= MAX_TEXT
    assert all(text.strip() for text in reply.texts)
    for row in reply.buttons:
        assert row
        for button in row:
            assert 1 <= len(button.command.encode()) <= 64
            assert button.label


@given(st.lists(_words.filter(lambda w: bool(w.strip())), min_size=1, max_size=400), st.data())
def test_splitting_loses_nothing(words: list[str], data: st.DataObject) -> None:
    """However long, all lines are shown, in order, over as many messages as it takes."""
    blocks = tuple(line(word, " ", data.draw(st.sampled_from(words))) for word in words)
    texts = [marked.text for marked in parsed(told(Answer("x", blocks), None))]
    wanted = "x" + "".join("".join(map(str, block.parts)) for block in blocks)
    assert squeezed("".join(texts)) == squeezed(wanted)


def test_a_long_answer_is_split_between_lines() -> None:
    """Lines stay whole when they fit, and buttons come once, with the reply."""
    lines = tuple(line(f"{n} " + "x" * 90) for n in range(120))
    reply = told(Answer("Head", lines, choices=(Choice("a", "/a"),)))
    assert len(reply.texts) > 1
    for marked in parsed(reply)[1:]:
        assert re.match(r"\d+ x{90}$", marked.text.splitlines()[0])


def test_a_long_table_is_split_between_rows() -> None:
    """Every part is preformatted, and every row is there once."""
    table = Table(("a", "b"), tuple((f"row{n}", "&<>" * 10) for n in range(400)))
    texts = parsed(told(Answer("x", (table,)), None))
    assert len(texts) > 1
    shown = "\n".join(marked.text for marked in texts)
    assert [int(n) for n in re.findall(r"^row(\d+) +(?:&<>){10}$", shown, re.M)] == list(range(400))
    assert all(any(e.type == "pre" for e in marked.entities) for marked in texts)


def test_buttons_keep_to_their_limits() -> None:
    """A command is offered once, and not at all when it is too long for a button."""
    choices = (
        Choice("a", "/cost 2021"),
        Choice("again", "/cost 2021"),
        Choice("too long", "/" + "é" * 32),
        Choice("fits", "/" + "x" * 63),
    )
    commands = [b.command for row in told(Answer("x", choices=choices)).buttons for b in row]
    assert commands == ["/cost 2021", "/" + "x" * 63]


def test_rows_of_buttons_fit_a_phone() -> None:
    """Labels share a row only while a phone can show them side by side."""
    choices = tuple(Choice("label" * n, f"/cost {2000 + n}") for n in range(1, 8))
    rows = told(Answer("x", choices=choices)).buttons
    assert [b.command for row in rows for b in row] == [c.command for c in choices]
    assert all(len(row) == 1 or sum(len(b.label) for b in row) <= 34 for row in rows)


@pytest.mark.parametrize("broken", ["<b>x", "<h1>x</h1>", "<b><i>x</b></i>"])
def test_the_oracle_refuses_what_telegram_refuses(broken: str) -> None:
    """The parser these tests rest on tells broken HTML from valid."""
    with pytest.raises(MarkupError):
        parse(broken)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_kind_fits_one_message(kind: type[Question], kb: KnowledgeBase) -> None:
    """Real answers need no second message: a button's answer takes the place of one."""
    talk = Conversation(kb)
    for example in kind.examples:
        reply = talk.turn(example, NOW.date(), None, "costcurve_bot").reply
        assert len(parsed(reply)) == 1
