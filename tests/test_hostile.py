"""Hostile input: whatever is sent to the webhook or handed over as an update, the bot goes on."""

from __future__ import annotations

import asyncio
import copy
import json
import socket
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tornado.httpclient import AsyncHTTPClient

from bot.app import build_application
from bot.config import Secret, Settings
from bot.inbox import Inbox
from bot.listener import LARGEST
from bot.local_api import LocalBotApi
from bot.local_api.chats import GROUP, Person
from bot.state import State
from bot.terminal import Sketches
from bot.webhook import SECRET, Webhook
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.base import KnowledgeBase

TOKEN = "1:test"  # noqa: S105  # opens nothing
LAST = Person(999, "Last")  # who asks after all the rest, and is answered
ANSWER = "2023: $0.08 per inference"
FAST = settings(
    max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


class World:
    """A bot behind its webhook, in this process."""

    def __init__(self, kb: KnowledgeBase) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hook"
        self.settings = Settings(
            token=Secret(TOKEN),
            webhook_url="https://bot.example/hook",
            webhook_port=port,
            answers_per_minute=0,
        )
        self.api = LocalBotApi(lambda: NOW)
        self.application = build_application(
            self.settings, kb, request=self.api, easel=Sketches(), clock=lambda: NOW
        )
        self.inbox = Inbox(self.application, State.memory(), lambda: NOW)

    async def call(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of one call."""
        answer = await AsyncHTTPClient().fetch(
            self.url, method="POST", body=body, headers=headers, raise_error=False
        )
        return answer.code

    async def called(self, calls: list[tuple[bytes, dict[str, str]]]) -> list[int]:
        """The statuses of calls, after which a good one is answered."""
        async with self.application:
            await self.inbox.start()
            webhook = Webhook(self.inbox, self.settings)
            webhook.open()
            try:
                statuses = [await self.call(*call) for call in calls]
                good = self.api.incoming.message("/cost 2023", user=LAST)
                good["update_id"] += 10**9  # no mutant has taken it
                assert await self.call(json.dumps(good).encode(), self.known) == 200
                await self.answered()
            finally:
                await webhook.close()
                await self.inbox.close(1)
        return statuses

    async def handed(self, updates: list[Any]) -> None:
        """Updates as polling hands them over, after which a good one is answered."""
        async with self.application:
            await self.inbox.start()
            good = self.api.incoming.message("/cost 2023", user=LAST)
            good["update_id"] += 10**9
            await self.inbox.receive([*updates, good])
            await self.answered()
            await self.inbox.close(1)

    async def answered(self) -> None:
        """Wait until nothing is in hand; the last one has the answer then."""
        async with asyncio.timeout(10):
            while len(self.inbox):
                await asyncio.sleep(0)
        mine = [m for (chat, _), m in self.api.chats.messages.items() if chat == LAST.id]
        assert mine[-1]["text"].startswith(ANSWER)

    @property
    def known(self) -> dict[str, str]:
        """The headers of one who knows the secret."""
        return {SECRET: self.settings.secret_token.reveal()}


def real() -> list[dict[str, Any]]:
    """One real update of every kind that is asked for."""
    incoming = (api := LocalBotApi(lambda: NOW)).incoming
    asked = incoming.message("@costcurve_bot cost 2023", chat=GROUP)
    message = asked["message"]
    member = {"user": message["from"], "status": "member"}
    change = {"old_chat_member": {**member, "status": "left"}, "new_chat_member": member}
    joined = {"chat": message["chat"], "from": message["from"], "date": message["date"], **change}
    reply = incoming.message("and in 2030?", chat=GROUP, reply_to=message)
    return [
        *(asked, reply, incoming.edited(message, "/cost 2022"), incoming.press(message, "/cost")),
        *(incoming.inline_query("2030"), api.outside.summon("@costcurve_bot 2030")),
        incoming.update("my_chat_member", joined),
        incoming.update("channel_post", message),
        incoming.update("message", {**message, "migrate_to_chat_id": -5}),
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every field in an update."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in inner:
        yield (*path, key)
        if isinstance(below, dict | list):
            yield from places(below, (*path, key))


DEEP: Any = json.loads("[" * 400 + "]" * 400)
NUMBERS = [0, -1, 2**31, 2**63, -(2**63), 10**30, 1e308, float("nan")]
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, *NUMBERS, "", "0", "\ud800", "\0", "9" * 400, "x" * 5000, [], {}, [[]], [None]]
) | st.sampled_from([{"id": 2**70}, {"id": "1"}, DEEP])
REAL = real()
SPOTS = [(number, place) for number, update in enumerate(REAL) for place in places(update)]


def changed(spot: tuple[int, tuple[Any, ...]], odd: Any, gone: bool) -> dict[str, Any]:
    """A real update with one field another, or not there."""
    update = copy.deepcopy(REAL[spot[0]])
    *way, last = spot[1]
    inner: Any = update
    for key in way:
        inner = inner[key]
    if gone:
        del inner[last]
    else:
        inner[last] = odd
    return update


MUTANT = st.builds(changed, st.sampled_from(SPOTS), ODD, st.booleans())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)
BODY = st.one_of(
    MUTANT.map(lambda update: json.dumps(update).encode()),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=99),
    st.sampled_from([b"[" * 10**5, b'{"update_id":' + b"9" * 9999 + b"}", b'{"update_id":1e999}']),
    st.integers(1, 3000).map(lambda n: b'{"update_id":5,"message":' + b"[" * n + b"]" * n + b"}"),
)


@FAST
@given(st.lists(BODY, min_size=10, max_size=20))
def test_any_body_is_taken_or_refused(kb: KnowledgeBase, bodies: list[bytes]) -> None:
    """Who knows the secret may send anything: 200 or 400, and what comes next is answered."""
    world = World(kb)
    statuses = asyncio.run(world.called([(body, world.known) for body in bodies]))
    assert set(statuses) <= {200, 400}


@FAST
@given(st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=99)))
def test_any_header_that_is_not_the_secret_is_refused(kb: KnowledgeBase, said: list[str]) -> None:
    """Whatever else stands there, bytes beyond ASCII too."""
    calls = [(b"{}", {SECRET: text, "Content-Type": text}) for text in said]
    statuses = asyncio.run(World(kb).called(calls))
    assert set(statuses) <= {400, 403}  # 400: no header at all may hold such bytes


async def test_a_body_too_large_is_not_read(kb: KnowledgeBase) -> None:
    """Far more than Telegram ever sends ends the call, not the bot."""
    world = World(kb)
    assert await world.called([(b" " * (LARGEST + 1), world.known)]) != [200]


@settings(FAST, max_examples=30)
@given(st.lists(MUTANT | JSON, min_size=10, max_size=20))
def test_any_update_is_dealt_with(kb: KnowledgeBase, updates: list[Any]) -> None:
    """A wrong type in any field of a real update stops nothing, nor does what is no update."""
    asyncio.run(World(kb).handed(updates))


async def test_no_field_is_needed(kb: KnowledgeBase) -> None:
    """Every single field of every kind of update may be missing."""
    await World(kb).handed([changed(spot, None, gone=True) for spot in SPOTS])
