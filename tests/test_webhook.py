"""The webhook as anybody on the network finds it: whatever is sent, it answers little and lives."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import listener
from bot.app import build_application
from bot.config import Secret, Settings
from bot.inbox import Inbox
from bot.local_api import LocalBotApi
from bot.state import State
from bot.terminal import Sketches
from bot.webhook import SECRET, Webhook
from tests.conftest import NOW
from tests.test_modes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.base import KnowledgeBase

PATH = "/hook.v1"
WORD = "s3cret_Word-1"
PATIENCE = 15.0


class Door:
    """A webhook with a real inbox and bot behind it, which lives while somebody speaks to it."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.port = free_port()
        self.api = LocalBotApi(lambda: NOW)
        self._settings = Settings(
            token=Secret("1:test"),
            webhook_url=f"https://bot.example{PATH}",
            webhook_secret=Secret(WORD),
            webhook_port=self.port,
            answers_per_minute=0,
        )
        self._kb = kb

    @contextmanager
    def open(self) -> Iterator[Door]:
        """The door while it is open."""
        with asyncio.Runner() as runner, closing(State.memory()) as state:
            application = build_application(
                self._settings,
                self._kb,
                request=self.api,
                state=state,
                easel=Sketches(),
                clock=lambda: NOW,
            )
            runner.run(application.initialize())
            inbox = Inbox(application, state, lambda: NOW)
            webhook = Webhook(inbox, self._settings)
            self._run = runner.run
            self._run(self._opened(webhook))
            yield self
            self._run(webhook.close())
            self._run(inbox.close(5))
            self._run(application.shutdown())

    async def _opened(self, webhook: Webhook) -> None:
        webhook.open()

    def said(self, sent: bytes, *, last: bool = False, some: bool = False) -> bytes:
        """What comes back for some bytes until the door is closed; no more come if `last`.

        With `some`, only until anything does.
        """
        return self._run(self._said(sent, last, some))

    async def _said(self, sent: bytes, last: bool, some: bool) -> bytes:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            heard = b""
            try:
                writer.write(sent)
                if last:
                    writer.write_eof()
                heard = await reader.read(65536) if some else await reader.read()
            except ConnectionError:  # it has heard enough
                pass
            finally:
                writer.close()
        return heard

    def post(self, body: bytes, secret: bytes = WORD.encode(), path: bytes = PATH.encode()) -> int:
        """Call it as Telegram does; the status, 0 where it hangs up without a word."""
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s: %s\r\n"
        size = b"Content-Length: %d\r\n\r\n" % len(body)
        sent = head % (path, SECRET.encode(), secret) + size + body
        heard = self.said(sent)
        assert_bare(heard)
        return status(heard)


def status(heard: bytes) -> int:
    """The status of an answer."""
    return int(heard.split(b" ", 2)[1]) if heard else 0


def assert_bare(heard: bytes) -> None:
    """It names no program and shows no page."""
    head, _, body = heard.partition(b"\r\n\r\n")
    assert b"\r\nserver:" not in head.lower()
    assert b"tornado" not in heard.lower()
    assert body == b""


@pytest.fixture(scope="module")
def door(kb: KnowledgeBase) -> Iterator[Door]:
    """One for all tests, which is a test as well: what one sends must not harm the next."""
    with Door(kb).open() as door:
        yield door


def test_an_update_of_telegram_is_taken(door: Door) -> None:
    """200 says that it is kept."""
    update = door.api.incoming.message("/cost 2023")
    assert door.post(json.dumps(update).encode()) == 200


@pytest.mark.parametrize(
    "secret", [b"", b"x", WORD[:-1].encode(), WORD.encode() + b"x", b"\xff\xfe", b"s" * 5000]
)
def test_without_the_secret_nothing_is_read(door: Door, secret: bytes) -> None:
    """Any other one is refused alike, before the body is looked at."""
    assert door.post(b"{", secret) == 403


@pytest.mark.parametrize(
    "path", ["/", "/hook", "/hook.v1/", "/hook.v1x", "/hookxv1", "/HOOK.V1", "//hook.v1", "/%68ook"]
)
def test_no_other_path_exists(door: Door, path: str) -> None:
    """Exactly the address that Telegram was told; everything else is not found."""
    assert door.post(b"{}", path=path.encode()) == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_it_is_only_posted_to(door: Door, method: str) -> None:
    """Another method gets no page and no hint."""
    heard = door.said(f"{method} {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert_bare(heard)
    assert status(heard) == 405


NO_UPDATES = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"7",
    b'"update_id"',
    b'{"update_id": null}',
    b'{"update_id": true}',
    b'{"update_id": 1.0}',
    b'{"update_id": "1"}',
    b'{"update_id": 99999999999999999999999999}',
    b'{"update_id": ' + b"9" * 5000 + b"}",
    b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"update_id": 1, "message": ' + b"[" * 985 + b"]" * 985 + b"}",
    b"\xff\xfe\x00",
    b'{"update_id": 1',
]


@pytest.mark.parametrize("body", NO_UPDATES)
def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    """Not even who knows the secret can break it: 400, or 200 for what is odd but has a number."""
    assert door.post(body) in {200, 400}


def test_a_large_body_is_not_read(door: Door) -> None:
    """Beyond a megabyte the connection is closed, whether the length is announced or not."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET}: {WORD}\r\n"
    whole = listener.LARGEST + 1
    announced = door.said(f"{head}Content-Length: {whole}\r\n\r\n".encode() + b"x" * whole)
    chunks = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    chunked = door.said(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks * 20)
    for heard in (announced, chunked):
        assert status(heard) in {0, 400, 413}


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Content-Length", "Transfer-Encoding", "Host", SECRET, "Expect", "Connection", "X"]
        )
        | st.text(max_size=12),
        st.sampled_from(["0", "5", "-1", "1e9", "chunked", "gzip", "100-continue", WORD])
        | st.text(max_size=12),
    ),
    max_size=5,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "chat", "from", "message", "date", "text", "type"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
FIELDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "x")


@settings(max_examples=150)
@given(
    st.sampled_from(["POST", "GET", "post", "", "P\x00"]) | st.text(max_size=6),
    st.sampled_from([PATH, "/", PATH + "?a=b", "*", "http://x/hook.v1"]) | st.text(max_size=20),
    HEADERS,
    st.binary(max_size=200),
)
def test_no_bytes_break_it(
    door: Door, method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    """Whatever stands in the request, there is no error of ours (5xx) and no page."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    heard = door.said("\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + body, last=True)
    assert status(heard) < 500
    assert b"Traceback" not in heard


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3), st.integers() | JSON)
def test_no_update_breaks_it(door: Door, content: dict[str, Any], number: Any) -> None:
    """Whatever an update holds, it is kept or refused, and the next one is answered."""
    body = json.dumps({**content, "update_id": number}).encode()
    assert door.post(body) in {200, 400}


def test_who_is_slow_is_not_waited_for(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head, or a body, that does not come to its end is given up."""
    monkeypatch.setattr(listener, "IDLE", 0.2)
    monkeypatch.setattr(listener, "SLOW", 0.2)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET}: {WORD}\r\n"
    beginnings = (b"", b"POST", head.encode(), f"{head}Content-Length: 9\r\n\r\n{{".encode())
    with Door(kb).open() as door:
        for begun in beginnings:
            assert status(door.said(begun, some=True)) in {0, 408}
