"""Misses: nothing is kept unless the owner wants it, and then little, not for long, and openly."""

from __future__ import annotations

import gc
import logging
import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.app import build_application
from bot.config import Secret, SettingError, Settings
from bot.conversation import Conversation
from bot.local_api import LocalBotApi
from bot.local_api.chats import ANN, GROUP, Person
from bot.misses import DAYS, MAX_TEXT, MOST, Misses, cleaned, corpus_lines, read
from bot.render import Reply
from tests.conftest import NOW, ChatDriver
from tests.corpus import cases, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from knowledge.base import KnowledgeBase

TODAY = NOW.date()
JOKE = "tell me a joke about penguins"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the owner wants them."""
    return tmp_path / "misses.sqlite3"


@asynccontextmanager
async def keeping(kb: KnowledgeBase, path: Path | None) -> AsyncIterator[ChatDriver]:
    """A bot that keeps its misses there."""
    settings = Settings(token=Secret("1:test"), keep_misses=path)
    api = LocalBotApi(lambda: NOW)
    async with build_application(settings, kb, request=api, clock=lambda: NOW) as application:
        yield ChatDriver(application, api)


def rows(path: Path) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM miss ORDER BY text, day").fetchall()


async def test_nothing_is_kept_by_default(kb: KnowledgeBase, tmp_path: Path) -> None:
    """Without the setting no file is written, and /privacy says that nothing is stored."""
    async with keeping(kb, None) as chat:
        await chat(JOKE)
        shown = await chat("/privacy")
    assert list(tmp_path.iterdir()) == []
    assert shown.startswith("Nothing you write is kept once it is answered")
    assert str(DAYS) not in shown


def test_what_is_not_understood_stays_in_no_memory(kb: KnowledgeBase) -> None:
    """Replies are kept ready for who asks the same; one that repeats somebody's words is not."""
    talk = Conversation(kb)
    said = "/cost zebras, of which we have kept several in our garden, for two years"
    assert "zebras" in talk.turn(said, TODAY).reply.texts[0]
    talk.turn("/cost 2021", TODAY)
    gc.collect()
    ready = [text for o in gc.get_objects() if isinstance(o, Reply) for text in o.texts]
    assert any("2021" in text for text in ready)
    assert not any("zebras" in text for text in ready)


@pytest.mark.parametrize("asked", ["/privacy", "do you store my messages?"])
async def test_privacy_says_what_is_kept(kb: KnowledgeBase, path: Path, asked: str) -> None:
    """With the setting whoever asks is told what is kept, how long, and without what."""
    async with keeping(kb, path) as chat:
        shown = await chat(asked)
    assert shown.startswith("Only what I don't understand is stored, for 30 days")
    assert "without your name or chat" in shown
    assert "ten minutes" in shown


async def test_only_misses_are_kept_and_counted(kb: KnowledgeBase, path: Path) -> None:
    """What was understood is not kept; the same text twice is one row. No person, chat or hour."""
    async with keeping(kb, path) as chat:
        await chat("what did it cost in 2021?")
        await chat("and 2022?")
        for _ in range(2):
            assert "can't answer" in await chat(JOKE, user=Person(4242, "Zoe", "zoe_example"))
    assert rows(path) == [(JOKE, TODAY.isoformat(), 2)]
    assert path.stat().st_mode & 0o777 == 0o600
    stored = path.read_bytes()
    assert not [name for name in (b"4242", b"Zoe", b"zoe_example", b"2021") if name in stored]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


async def test_of_groups_only_what_was_said_to_the_bot(kb: KnowledgeBase, path: Path) -> None:
    """What people say among themselves is not kept, not even when a reply has it checked."""
    async with keeping(kb, path) as chat:
        await chat(JOKE, chat=GROUP)
        theirs = chat.said
        assert await chat("/check", chat=GROUP, user=ANN, reply_to=theirs)
        await chat(f"@costcurve_bot {JOKE}!", chat=GROUP)
    assert [text for text, *_ in rows(path)] == ["/check", f"{JOKE}!"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/token 123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678", "/token …"),
        ("my key is sk-ant-0123456789abcdef0123, ok?", "my key is … ok?"),
        ("a\x1b[31mb\x00\r\nc\td", "a[31mb\nc\td"),
        ("half \ud83d an emoji", "half ? an emoji"),
        ("  x" * 4096, ("x  " * MAX_TEXT)[:MAX_TEXT].rstrip()),
        ("\x00", ""),
    ],
)
def test_little_of_a_text_is_kept(text: str, kept: str) -> None:
    """No token, nothing that steers a terminal or cannot be stored, and not too much."""
    assert cleaned(text) == kept
    assert len(kept) <= MAX_TEXT


@pytest.mark.parametrize("by", ["start", "write"])
def test_after_thirty_days_it_is_gone(path: Path, by: str) -> None:
    """Each start and each write deletes what is old, from the disk as well; one day less stays."""
    misses = Misses(path)
    misses.keep("an old one", TODAY - timedelta(DAYS))
    misses.keep("a newer one", TODAY - timedelta(DAYS - 1))
    assert read(path, TODAY) == ["a newer one"]
    if by == "start":
        Misses(path).forget(TODAY)
    else:
        misses.keep("today", TODAY)
    assert "an old one" not in [text for text, *_ in rows(path)]
    assert b"an old one" not in path.read_bytes()
    assert b"a newer one" in path.read_bytes()


def test_a_file_that_others_could_read_is_closed(path: Path) -> None:
    """Who made the file beforehand need not think of its mode."""
    path.touch(mode=0o644)
    Misses(path).forget(TODAY)
    assert path.stat().st_mode & 0o777 == 0o600


def test_another_database_is_left_alone(
    path: Path, knowledge: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A setting that points at the knowledge base, say, adds nothing to it."""
    path.write_bytes(knowledge.read_bytes())
    Misses(path).keep(JOKE, TODAY)
    assert path.read_bytes() == knowledge.read_bytes()
    assert "another program's database" in caplog.text


def test_the_disk_cannot_be_filled(path: Path) -> None:
    """A full file takes no new text, but still counts those it has."""
    Misses(path).keep("first", TODAY)
    with closing(sqlite3.connect(path)) as connection, connection:
        many = ((f"text {n}", TODAY.isoformat()) for n in range(1, MOST))
        connection.executemany("INSERT INTO miss (text, day) VALUES (?, ?)", many)
    for text in ("first", "last"):
        Misses(path).keep(text, TODAY)
    assert read(path, TODAY)[0] == "first"
    assert len(read(path, TODAY)) == MOST


async def test_a_failing_disk_costs_no_answer(
    kb: KnowledgeBase, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Everybody is answered; the log says once what is wrong, without anybody's words."""
    async with keeping(kb, path) as chat:
        path.unlink()
        path.mkdir(mode=0o755)
        for _ in range(2):
            assert "can't answer" in await chat(JOKE)
        assert path.stat().st_mode & 0o777 == 0o755
        path.rmdir()
        await chat(JOKE)
    assert [text for text, *_ in rows(path)] == [JOKE]
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert f"KEEP_MISSES: {path} cannot be written" in record.getMessage()
    assert "penguins" not in caplog.text


@pytest.mark.parametrize("wrong", ["file/below", "file"])
async def test_a_wrong_path_stops_no_start(
    kb: KnowledgeBase, tmp_path: Path, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A path that cannot be, or a file of another kind, is logged once and left as it is."""
    (tmp_path / "file").write_text("no database, but somebody's text\n" * 99)
    (tmp_path / "file").chmod(0o644)
    async with keeping(kb, tmp_path / wrong) as chat:
        assert "can't answer" in await chat(JOKE)
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1
    assert (tmp_path / "file").read_text() == "no database, but somebody's text\n" * 99
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o644


def test_the_lines_are_corpus_cases(kb: KnowledgeBase, path: Path, tmp_path: Path) -> None:
    """Texts of any shape come back from the corpus reader as they were, and pass as they stand."""
    awkward = ["# a heading\nand\tmore", "C:\\new\\table | x", "a\u2028b", JOKE, "/study", "hm \\"]
    conversation = Conversation(kb)
    lines = list(corpus_lines(awkward, conversation, TODAY))
    (tmp_path / "new.tsv").write_text("\n".join(lines), encoding="utf-8")
    found = list(cases(tmp_path))
    assert [case.text for case in found] == [text.replace("\u2028", "\n") for text in awkward]
    assert all(result.passed for result in run(conversation, found))


def test_a_line_names_the_nearest_question(kb: KnowledgeBase) -> None:
    """Whoever reviews a miss sees which question it nearly was."""
    near = "price of bread in 2021"
    lines = list(corpus_lines([JOKE, near, "/study"], Conversation(kb), TODAY))
    assert lines == [f"{JOKE}\trefuse", f"{near}\trefuse\t# /cost 2021", "/study\task\t# /study 2"]


def test_what_cannot_be_listed_is_one_sentence(tmp_path: Path) -> None:
    """A file that is missing or of another kind is named, with the variable."""
    (tmp_path / "other").write_text("no database" * 99)
    for name, reason in (("missing", "not there"), ("other", "not a database")):
        with pytest.raises(SettingError, match=f"^KEEP_MISSES names .*{name}.*{reason}"):
            read(tmp_path / name, TODAY)
    assert not (tmp_path / "missing").exists()
