"""The allowance: how much anybody is answered in a minute, and what they hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.allowance import MINUTE, MOST, PICTURES, Allowance
from bot.app import build_application
from bot.config import Secret, Settings
from bot.desk import TOO_MUCH
from bot.local_api.chats import ANN, BEN, GROUP
from bot.terminal import Sketches
from tests.conftest import NOW, ChatDriver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.local_api import LocalBotApi
    from knowledge.base import KnowledgeBase


class Talk(ChatDriver):
    """A chat in which time can pass."""

    now = NOW


@pytest.fixture
async def talk(api: LocalBotApi, kb: KnowledgeBase) -> AsyncIterator[Talk]:
    """The bot as it is shipped, with its limits."""
    application = build_application(
        Settings(token=Secret("1:test")),
        kb,
        request=api,
        easel=Sketches(),
        clock=lambda: one.now,
    )
    one = Talk(application, api)
    async with application:
        yield one


async def test_who_asks_too_much_is_told_once_and_then_waits(talk: Talk) -> None:
    """Twenty answers, one polite notice, silence; a minute later it goes on."""
    shown = [await talk("/cost 2023") for _ in range(25)]
    assert sum("$0.08" in text for text in shown) == 20
    assert shown[20] == TOO_MUCH
    assert shown[21:] == [""] * 4
    assert "$0.08" in await talk("/cost 2023", user=BEN)
    talk.now += timedelta(minutes=1)
    assert "$0.08" in await talk("/cost 2023")


async def test_a_flood_of_presses_stops_the_buttons_only(talk: Talk) -> None:
    """A press beyond the limit gets a notice over the chat, and changes nothing."""
    await talk("/cost 2021")
    for number in range(25):
        shown = await talk.press(0)
        assert (shown == TOO_MUCH) is (number >= 19)


async def test_pictures_have_a_limit_of_their_own(talk: Talk) -> None:
    """Three a minute; texts go on."""
    shown = [await talk(f"/chart project {year}") for year in range(2026, 2031)]
    assert [text == TOO_MUCH for text in shown] == [*[False] * PICTURES, True, False]
    assert shown[4] == ""
    assert "$0.08" in await talk("/cost 2023")


async def test_many_people_share_what_their_group_gets(talk: Talk, api: LocalBotApi) -> None:
    """A group is answered so often in all, whoever asks; its members are answered elsewhere."""
    api.chats.join(GROUP, ANN, BEN)
    people = [ANN, BEN] * 11
    shown = [await talk("/cost 2023", group=True, user=person) for person in people]
    assert sum("$0.08" in text for text in shown) == 20
    assert "$0.08" in await talk("/cost 2023", user=ANN)


@given(st.lists(st.tuples(st.floats(0, 10), st.booleans()), max_size=200), st.integers(1, 30))
def test_never_more_than_twice_the_limit_in_a_minute(
    asked: list[tuple[float, bool]], limit: int
) -> None:
    """A full bucket and what flows into it in that minute are all that is granted."""
    allowance, now = Allowance(limit), 0.0
    granted: list[float] = []
    for pause, picture in asked:
        now += pause
        if allowance.ask((1, -5), now, picture=picture) == "granted":
            granted.append(now)
        assert len([at for at in granted if now - at < MINUTE]) <= 2 * limit


def test_no_limit_and_no_endless_memory() -> None:
    """Zero is no limit; a crowd is remembered up to a number of buckets."""
    assert {Allowance(0).ask((1,), 0.0) for _ in range(100)} == {"granted"}
    allowance = Allowance(1)
    for number in range(2 * MOST):
        assert allowance.ask((number,), 0.0) == "granted"
    assert allowance.ask((2 * MOST - 1,), 0.0) == "refused"
    assert allowance.ask((0,), 0.0) == "granted"  # forgotten, so as good as new
