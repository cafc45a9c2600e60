"""The chat in the terminal: what is typed reaches the bot, what the bot shows is printed."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from bot.app import build_application
from bot.config import Secret, Settings
from bot.local_api import LocalBotApi
from bot.terminal import Session, Sketches, chat
from tests.test_local_api import png

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.terminal import AnyApplication
    from knowledge.base import KnowledgeBase

ROOT = Path(__file__).parents[1]
PATIENCE = 15.0
READY = "\x1b[0m>"  # the prompt, as prompt_toolkit draws it


@pytest.fixture
def talk(application: AnyApplication, api: LocalBotApi, tmp_path: Path) -> Session:
    """A terminal's conversation with the real bot."""
    return Session(application, api, tmp_path)


async def test_an_answer_is_printed_with_numbered_buttons(talk: Session) -> None:
    """The answer, its links to elsewhere written out, and below it the numbered buttons."""
    shown = await talk.turn("/cost 2023")
    assert shown.startswith("2023: $0.08 per inference\n")
    assert "(https://ipcarrier.blogspot.com/" in shown
    assert "t.me/" not in shown
    assert shown.splitlines()[-3].startswith("[1] 2022  [2] 2024")


async def test_a_number_presses_the_button_and_shows_the_new_version(talk: Session) -> None:
    """A press edits the message, and the edited message with its own buttons is printed."""
    await talk.turn("/cost 2023")
    assert (await talk.turn("1")).startswith("2022: $0.15 per inference\n")
    assert (await talk.turn("#1")).startswith("2021: $0.30 per inference\n")


async def test_a_number_without_such_a_button_is_a_message(talk: Session, api: LocalBotApi) -> None:
    """Where no button has that number, the number is said; with # it is a mistake."""
    await talk.turn("7")
    assert api.chats.messages[1000, 1]["text"] == "7"
    before = len(api.calls)
    assert await talk.turn("#7") == "There is no button 7."
    assert len(api.calls) == before


@pytest.fixture
async def gallery(tmp_path: Path) -> AsyncIterator[Session]:
    """A conversation with a small bot that shows what the terminal must be able to show."""
    row = [
        InlineKeyboardButton("Site", url="https://x.org/"),
        InlineKeyboardButton("Draw", callback_data="draw"),
    ]

    async def on_message(update: Update, context: Any) -> None:
        assert update.message is not None
        await update.message.reply_text("wait ...")
        sent = await update.message.reply_html(
            "<b>two</b>", reply_markup=InlineKeyboardMarkup([row])
        )
        await sent.edit_text("<i>three</i>", "HTML", reply_markup=InlineKeyboardMarkup([row]))

    async def on_press(update: Update, context: Any) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("drawing")
        await update.callback_query.edit_message_media(InputMediaPhoto(png(), caption="a line"))

    api = LocalBotApi()
    application = ApplicationBuilder().token("1:x").request(api).get_updates_request(api).build()
    application.add_handler(MessageHandler(filters.TEXT, on_message))
    application.add_handler(CallbackQueryHandler(on_press))
    async with application:
        yield Session(application, api, tmp_path / "pictures", colour=True)


async def test_a_message_edited_in_the_same_turn_is_printed_once(gallery: Session) -> None:
    """Only what finally stands in the chat is printed, with colour where it is on."""
    assert await gallery.turn("hi") == "wait ...\n\n\x1b[3mthree\x1b[0m\n[1] Site  [2] Draw"


async def test_a_link_button_shows_its_address(gallery: Session) -> None:
    """A terminal opens no browser by itself; it says where the button leads."""
    await gallery.turn("hi")
    assert await gallery.turn("1") == "https://x.org/"


async def test_a_picture_is_saved_and_a_toast_shown(gallery: Session, tmp_path: Path) -> None:
    """The picture's path is printed above its caption, the passing notice in brackets."""
    await gallery.turn("hi")
    toast, _, shown = (await gallery.turn("2")).partition("\n\n")
    label, _, path = shown.splitlines()[0].partition(": ")
    assert (toast, label, shown.splitlines()[1:]) == ("[drawing]", "Picture", ["a line"])
    assert Path(path).read_bytes() == png()
    assert Path(path).parent == tmp_path / "pictures"


async def said(kb: KnowledgeBase, typed: bytes) -> str:
    """What the chat prints for piped input."""
    stdout = io.StringIO()
    settings = Settings(token=Secret("1:x"))
    await chat(
        lambda api, easel: build_application(settings, kb, request=api, easel=easel),
        {},
        io.TextIOWrapper(io.BytesIO(typed)),
        stdout,
    )
    return stdout.getvalue()


async def test_piped_lines_are_answered_one_by_one(kb: KnowledgeBase) -> None:
    """One message a line, a blank line between the answers, nothing before the first or after."""
    first, second = await said(kb, b"/cost 2023\n"), await said(kb, b"/cost 2024")
    assert first.startswith("2023: $0.08 per inference\n")
    assert await said(kb, b"\n/cost 2023\r\n  \n/cost 2024") == f"{first}\n{second}"


async def test_piped_presses_work(kb: KnowledgeBase) -> None:
    """A script can press buttons by their numbers, too."""
    assert "2022: $0.15 per inference" in await said(kb, b"/cost 2023\n1\n")


async def test_any_bytes_are_survived(kb: KnowledgeBase) -> None:
    """What is no UTF-8 is still a message, and the next line is answered as ever."""
    shown = await said(kb, b"\xff\xfe\x00\n/cost 2023\n")
    assert "2023: $0.08 per inference" in shown


@pytest.mark.parametrize("word", [b"/quit", b"exit"])
async def test_words_that_leave(kb: KnowledgeBase, word: bytes) -> None:
    """The usual words end the chat, and nothing behind them is asked."""
    assert await said(kb, word + b"\n/cost 2023\n") == ""


class Prompt:
    """The chat in a process of its own, at a real terminal."""

    def __init__(self, home: Path, knowledge: Path) -> None:
        ours, theirs = pty.openpty()
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_STATE_HOME": str(home / "state"),
            "COSTCURVE_KNOWLEDGE": str(knowledge),
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm",
            # Without it prompt_toolkit waits for an answer that only a real screen gives.
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=home,
            env=environ,
            start_new_session=True,
        )
        os.close(theirs)
        self._screen = ours
        self.shown = ""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._screen, text.encode())

    def until(self, text: str) -> None:
        """Read the screen until this appears, and forget what was before."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            ready = select.select([self._screen], [], [], deadline - time.monotonic())[0]
            assert ready, f"{text!r} did not appear after: {self.shown!r}"
            self.shown += os.read(self._screen, 65536).decode("utf-8", "replace")
        self.shown = self.shown.partition(text)[2]

    def close(self) -> None:
        """Leave nothing running."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        os.close(self._screen)


@pytest.fixture
def prompt(tmp_path: Path, knowledge: Path) -> Iterator[Prompt]:
    """A person at a terminal where the chat has just been started."""
    prompt = Prompt(tmp_path, knowledge)
    yield prompt
    prompt.close()


def test_a_person_at_a_terminal(prompt: Prompt, tmp_path: Path) -> None:
    """Greeting, question, press, a line dropped by Ctrl-C, and Ctrl-D leaves with status 0."""
    prompt.until(READY)
    prompt.type("/cost 2023\r")
    prompt.until("$0.08 per inference")
    prompt.until("[1]")
    prompt.type("1\r")
    prompt.until("$0.15 per inference")
    prompt.until(READY)
    prompt.type("/cost 2019\x03")
    prompt.until(READY)
    prompt.type("/cost 2020\r")
    prompt.until("$0.50 per inference")
    prompt.until(READY)
    prompt.type("\x04")
    assert prompt.process.wait(PATIENCE) == 0
    history = tmp_path / "state" / "costcurve" / "history"
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    typed = [line for line in history.read_text().splitlines() if line.startswith("+")]
    assert typed == ["+/cost 2023", "+1", "+/cost 2020"]


async def test_a_picture_is_drawn_in_characters(kb: KnowledgeBase, tmp_path: Path) -> None:
    """The plot, the place of the PNG, and the numbers; a file is saved under its name."""
    api, sketches = LocalBotApi(), Sketches()
    made = build_application(Settings(token=Secret("1:x")), kb, request=api, easel=sketches)
    async with made as application:
        talk = Session(application, api, tmp_path, sketches)
        shown = await talk.turn("/chart cost")
        saved = re.search(r"^Picture: (.*)$", shown, re.M)
        assert saved
        assert Path(saved[1]).read_bytes().startswith(b"\x89PNG")
        assert "●" in shown
        assert "$0.08" in shown
        assert "costcurve-cost.csv" in await talk.turn("/csv cost")
        assert "2023" in (tmp_path / "costcurve-cost.csv").read_text()
