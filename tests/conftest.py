"""What tests share: the knowledge base, the bot over an in-process Bot API, and a chat with it."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from telegram import Update

from bot.app import build_application
from bot.config import Secret, Settings
from bot.conversation import Conversation
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, FORUM, GROUP, Chat, Person
from bot.questions.base import Question
from bot.questions.settle import settle
from bot.state import State
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from knowledge.build import build, build_memory
from tests.cluster import WITHOUT, programs, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from telegram.ext import Application

    from bot.answer import Answer
    from tests.cluster import Cluster

    Asker = Callable[[str], Answer]
    AnyApplication = Application[Any, Any, Any, Any, Any, Any]
    Message = dict[str, Any]

# python-telegram-bot warns about waits as bare numbers until it is told to give timedeltas.
os.environ["PTB_TIMEDELTA"] = "1"
# a developer's own data are no part of what is tested
os.environ["COSTCURVE_DATA"] = str(Path(__file__).parent / "no own data")
# a busy machine is no bug of the code: time is bounded where a test says so
settings.register_profile("unhurried", deadline=None)
if "CI" not in os.environ:  # there hypothesis has a profile of its own, the same every time
    settings.load_profile("unhurried")
ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def kb() -> Iterator[KnowledgeBase]:
    """The real knowledge base, built in memory."""
    base = KnowledgeBase(build_memory())
    yield base
    base.close()


@pytest.fixture(scope="session")
def own_kb() -> Iterator[KnowledgeBase]:
    """The same with two series of a user's own."""
    base = KnowledgeBase(build_memory(own=Path(__file__).parent / "own"))
    yield base
    base.close()


@pytest.fixture(scope="module")
def talk(kb: KnowledgeBase) -> Conversation:
    """A conversation over the real data."""
    return Conversation(kb)


@pytest.fixture(scope="module")
def ask(talk: Conversation, kb: KnowledgeBase) -> Asker:
    """A message's answer as data; NumberError where there is no such number."""

    def answered(text: str) -> Answer:
        asked = talk.turn(text, NOW.date()).question
        assert isinstance(asked, Question), f"not understood: {text}"
        return settle(asked, kb).answer(kb)

    return answered


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file, for programs that run as processes of their own."""
    path = tmp_path_factory.mktemp("knowledge") / "knowledge.sqlite3"
    build(path)
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once why many tests were skipped."""
    if programs() is None:
        terminalreporter.write_line(f"Tests of PostgreSQL are skipped: {WITHOUT}")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; tests that want one are skipped where none is installed."""
    found = programs()
    if found is None:
        pytest.skip(WITHOUT)
    with running(found) as cluster:
        yield cluster


@pytest.fixture
def postgres(cluster: Cluster) -> str:
    """The address of a database of one's own there."""
    return cluster.database()


@pytest.fixture(params=["sqlite", "postgres"])
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a state may be kept that is not there yet, in one database and in the other."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path}/new/state.sqlite3"


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    """A new state, in one database and in the other."""
    with closing(State.open(state_url)) as state:
        yield state


@pytest.fixture
def environ(knowledge: Path, tmp_path: Path) -> dict[str, str]:
    """Of a process: nothing set but where things are; none of the developer's settings gets in."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "COSTCURVE_KNOWLEDGE": str(knowledge),
    }


@pytest.fixture
def today() -> date:
    """The day on which all tests run."""
    return NOW.date()


@pytest.fixture
def api() -> LocalBotApi:
    """A Bot API that nobody has used yet, at noon of that day."""
    return LocalBotApi(lambda: NOW)


@pytest.fixture
async def application(api: LocalBotApi, kb: KnowledgeBase) -> AsyncIterator[AnyApplication]:
    """The bot's own application over that Bot API, as it is just after its start."""
    settings = Settings(token=Secret("1:test"), answers_per_minute=0)
    made = build_application(settings, kb, request=api, easel=Sketches(), clock=lambda: NOW)
    async with made as application:
        if application.post_init is not None:
            await application.post_init(application)
        yield application


@pytest.fixture
def chat(application: AnyApplication, api: LocalBotApi) -> ChatDriver:
    """Talk to the bot: `await chat("cost 2023")` gives what it answers."""
    return ChatDriver(application, api)


class ChatDriver:
    """People who write to the bot, and everything they then see from it."""

    def __init__(self, application: AnyApplication, api: LocalBotApi) -> None:
        self.application = application
        self.api = api
        self.said: Message = {}
        self.last: Message = {}

    async def __call__(
        self,
        text: str,
        *,
        group: bool = False,
        chat: Chat | None = None,
        user: Person = ANN,
        reply_to: Message | None = None,
        thread: int | None = None,
        edited: bool = False,
    ) -> str:
        """Write a message, or with `edited` change the last one; what the bot shows in answer.

        `said` is then the message as written, and `last` the newest message of the bot's.
        """
        if edited:
            update = self.api.incoming.edited(self.said, text)
            self.said = update["edited_message"]
        else:
            place = chat or (FORUM if thread else GROUP if group else None)
            update = self.api.incoming.message(
                text, chat=place, user=user, reply_to=reply_to, thread=thread
            )
            self.said = update["message"]
        return await self.tell(update)

    async def press(self, button: str | int, *, user: Person = ANN) -> str:
        """Press a button under the last message, by its label or its place (from 0)."""
        buttons = self.buttons
        label = list(buttons)[button] if isinstance(button, int) else button
        return await self.tell(self.api.incoming.press(self.last, buttons[label], user=user))

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons under the last message: label and data."""
        rows = self.last.get("reply_markup", {}).get("inline_keyboard", [])
        return {b["text"]: b["callback_data"] for row in rows for b in row if "callback_data" in b}

    async def tell(self, update: dict[str, Any]) -> str:
        """Let the bot handle an update; the text of all that is new in the chat, "" for silence."""
        since = len(self.api.calls)
        await self.application.process_update(Update.de_json(update, self.application.bot))
        changed = self.api.changed(since)
        self.last = changed[-1] if changed else self.last
        shown = [message.get("text") or message.get("caption", "") for message in changed]
        return "\n".join([*self.api.toasts(since), *shown])
