"""/status: told to admins in private; to everybody else there is no such command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.app import build_application
from bot.config import Secret, Settings
from bot.health import Health
from bot.inbox import Inbox
from bot.local_api.chats import ANN, BEN, GROUP
from bot.state import State
from bot.terminal import Sketches
from bot.vitals import Vitals
from tests.conftest import NOW, ChatDriver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.local_api import LocalBotApi
    from knowledge.base import KnowledgeBase


@pytest.fixture
async def talk(api: LocalBotApi, kb: KnowledgeBase) -> AsyncIterator[ChatDriver]:
    """A chat with a bot that Ann runs, and that polls."""
    settings = Settings(token=Secret("1:test"), answers_per_minute=0, admins=frozenset({ANN.id}))
    state = State.memory()
    application = build_application(
        settings, kb, request=api, state=state, easel=Sketches(), clock=lambda: NOW
    )
    api.chats.join(GROUP, ANN, BEN)
    async with application:
        inbox = Inbox(application, state, lambda: NOW)
        inbox.vitals.mode = "polling"
        inbox.vitals.heard()
        yield ChatDriver(application, api)


async def test_an_admin_is_told(talk: ChatDriver, kb: KnowledgeBase) -> None:
    """What runs since when and how fast, what is kept of how many, and nothing of whom."""
    await talk("/settings headline", user=BEN)
    await talk("/subscribe", user=BEN)
    vitals = talk.application.bot_data[Vitals]
    vitals.end(vitals.begin())
    shown = await talk("/status")
    assert shown.startswith("All is well\nVersion 0.1.0, polling, up 0:00:0")
    assert "Updates: 1 handled, 0 failed, 0 set aside and 0 waiting." in shown
    assert re.search(r"Latency of the last 1,000: p50 \S+ ms, p99 \S+ ms\.", shown)
    assert f"Knowledge base {kb.version}, as of {kb.as_of.day} " in shown
    assert "KiB, 1 subscription, 1 chat with settings." in shown
    assert str(BEN.id) not in shown
    assert str(ANN.id) not in shown


async def test_for_others_there_is_no_such_command(talk: ChatDriver) -> None:
    """In private they are told that, like after any other unknown word, and in groups nothing."""
    unknown = (await talk("/nonesuch", user=BEN)).replace("nonesuch", "status")
    assert await talk("/status", user=BEN) == unknown
    assert unknown.startswith("There is no command /status")
    assert await talk("/status", user=BEN, group=True) == ""


async def test_in_a_group_not_even_an_admin_is_told(talk: ChatDriver) -> None:
    """Everybody there would read it."""
    assert await talk("/status", group=True) == ""


async def test_without_admins_there_is_no_such_command(chat: ChatDriver) -> None:
    """By default nobody is one; and no menu or help names it."""
    assert (await chat("/status")).startswith("There is no command /status")
    assert "/status" not in await chat("/help")


async def test_a_bot_in_trouble_says_so(talk: ChatDriver) -> None:
    """What is wrong comes first, and the rest is told as far as it is known."""
    health = talk.application.bot_data[Health]
    health.state.database.changed("DROP TABLE choices")
    health.state.database.changed("DROP TABLE inbox")
    shown = await talk("/status")
    assert shown.startswith("In trouble: the state cannot be written: no such table: inbox\n")
    assert "The state cannot be read (no such table: choices)." in shown
    assert "Latency of the last 1,000: no update yet." in shown
