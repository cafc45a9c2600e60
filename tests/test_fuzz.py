"""Any text at all: never an exception, always a reply that Telegram takes, and soon."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markup import parse, units
from bot.questions import QUESTIONS
from bot.questions.base import Unfinished
from bot.words import MAX_CHARACTERS
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answering import Turn
    from bot.conversation import Conversation

TODAY = NOW.date()

FRAGMENTS = (
    *(f"/{kind.command}" for kind in QUESTIONS),
    *(example for kind in QUESTIONS for example in kind.examples),
    *"0 1 2 -1 1990 2018 2023 2025 2030 2050 2051 99999 1e9 1e99 0.0 .5 1,000 1,00 1.0.0".split(),
    *"% $ ¢ # @ ? ! ; : , - – to and or vs not / ' \" ( ) [ ] { } * _ ~ ` \\ | < > & = +".split(),
    *"study studies paper papers cost price decline when below above under per day month".split(),
    *"trend headline latest level half halves every a year cent dollars calls 1M 20k grand".split(),
    *"twenty thirty hundred and million oh one dozen quarter tenth of a".split(),
    *"inference training pruning carbon ICML NeurIPS lottery ticket scaling laws gpt-4".split(),
    *"and what about how about the second one the last one without the forecast".split(),
    "the hardware lottery",
    "in 3 years",
    "'23",
    "FY24",
    "٢٠٢٣",
    "２０２３",
    "½",
    "²",
    "\u202e",
    "\u0000",
    "\n",
    "\t",
    "👍🏽",
    "<b>",
    "</pre>",
    "&lt;",
    "&#x110000;",
    "<a href='x'>",
    "'; DROP TABLE study; --",
    '" OR 1=1',
    "title:*",
    "NEAR(",
    "AND NOT",
    "^cost*",
    "nan",
    "inf",
    "-0",
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(" ".join),
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=10).map("".join),
    st.tuples(
        st.sampled_from([f"/{kind.command} " for kind in QUESTIONS]),
        st.text(max_size=60) | st.lists(st.sampled_from(FRAGMENTS), max_size=6).map(" ".join),
    ).map("".join),
)


def _late(*_: object) -> None:
    raise TimeoutError("reading a message took longer than five seconds")


@contextmanager
def bounded() -> Iterator[None]:
    """Fail instead of hanging: an expression that backtracks without end is broken off."""
    before = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def check(turn: Turn) -> None:
    """What every reply must be, whatever was said."""
    assert turn.reply.texts
    for text in turn.reply.texts:
        assert 1 <= units(parse(text).text) <= MAX_CHARACTERS
    buttons = [button for row in turn.reply.buttons for button in row]
    assert len(buttons) <= 100
    for button in buttons:
        assert 1 <= len(button.command.encode()) <= 64
        assert button.label.strip()
    assert turn.question is not None or not turn.understood


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_is_answered(talk: Conversation, text: str) -> None:
    """No text raises; each gets at least one message of valid HTML within the limits."""
    with bounded():
        turn = talk.turn(text, TODAY, None, "costcurve_bot")
    check(turn)


@settings(max_examples=150)
@given(st.sampled_from([e for kind in QUESTIONS for e in kind.examples]), TEXTS)
def test_any_follow_up_is_answered(talk: Conversation, first: str, text: str) -> None:
    """The same after any question before."""
    previous = talk.turn(first, TODAY).question
    assert previous is not None
    with bounded():
        turn = talk.turn(text, TODAY, previous, "costcurve_bot")
    check(turn)


@settings(max_examples=150)
@example("/studies a00000000:weakness:ad:a00")  # cut to what fits a command it names a topic
@given(TEXTS)
def test_whatever_was_asked_can_be_asked_again(talk: Conversation, text: str) -> None:
    """However odd the message, the question read from it has one spelling that reads back."""
    turn = talk.turn(text, TODAY, None, "costcurve_bot")
    asked = turn.question
    if asked is not None:
        again = talk.turn(asked.as_command(), TODAY).question == asked
        # what lacks a value may read back otherwise; then no link offers it
        unoffered = isinstance(asked, Unfinished) and "?start=" not in turn.reply.texts[-1]
        assert again or unoffered


@settings(max_examples=150)
@given(TEXTS)
@example("EPR MILLIN TOKE 2000 CHEAER SINE2010")  # what is only near is offered in its one spelling
def test_every_button_offered_is_understood(talk: Conversation, text: str) -> None:
    """Whatever was said, the buttons under the reply work."""
    for row in talk.turn(text, TODAY, None, "costcurve_bot").reply.buttons:
        for button in (b for b in row if not b.share):
            assert talk.turn(button.command, TODAY).question is not None


def filled(pattern: str) -> str:
    """The pattern, repeated to the full length of a message."""
    return (pattern * (MAX_CHARACTERS // len(pattern) + 1))[:MAX_CHARACTERS]


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "a ",
        "/chart ",
        "/cite ",
        "chart that ",
        "why? ",
        "1",
        "1 ",
        "1,",
        "1,000 ",
        "9.9.",
        "$",
        "$1 ",
        "2018 ",
        "2018 to ",
        "2018-2019, ",
        "study 1, ",
        "#1 #",
        "cost in 2023. ",
        "what did it cost in 2023? and what about 2022? ",
        "twenty ",
        "one hundred and ",
        "half a ",
        "20 to 30 percent a year ",
        "2x every ",
        "halves every year ",
        "scaling neural hardware training learning ",
        "pruning ",
        "/cost 2023 ",
        "<b",
        "<b>",
        "&amp;",
        "<>\"'&",
        "'",
        "\n",
        "?\n",
        "k. ",
        "not the ",
        "😀",
        "é",
        "real estimate measured forecast ",
        "table headline but ",
        "how did ",
        "optimistic pessimistic ",
        "per token ",
    ],
)
@pytest.mark.parametrize("start", ["", "/studies ", "/cost ", "/compare ", "and "])
def test_a_full_message_is_read_in_bounded_time(
    start: str, pattern: str, talk: Conversation
) -> None:
    """4,096 characters of anything take well under a second, however often they repeat."""
    text = filled(pattern)
    text = (start + text)[:MAX_CHARACTERS]
    previous = talk.turn("/studies pruning", TODAY).question
    began = time.perf_counter()
    with bounded():
        turn = talk.turn(text, TODAY, previous, "costcurve_bot")
    assert time.perf_counter() - began < 1
    check(turn)
