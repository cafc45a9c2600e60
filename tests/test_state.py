"""State: what is remembered between starts, whose file it is, and who can read it."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import tables
from bot.config import SettingError
from bot.database import StateError
from bot.state import DAYS, State
from bot.tables import MIGRATIONS, Edition, Letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TODAY = date(2026, 11, 22)
NEW = itertools.count(1)
BOT = 7_654_321_098  # ids of newer bots exceed 32 bits


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state shall be, in a folder that is not there yet."""
    return tmp_path / "new" / "state.sqlite3"


def reopened(path: Path) -> State:
    """The state as the next start finds it."""
    return State.open(f"sqlite:///{path}")


@pytest.fixture
def opened(path: Path) -> Iterator[State]:
    """A state in a file."""
    with closing(reopened(path)) as state:
        yield state


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_picture_outlives_the_process(state_url: str) -> None:
    """What Telegram called a picture is known at the next start."""
    with closing(State.open(state_url)) as state:
        state.keep_picture("chart", BOT, "AgAC-1", TODAY)
    with closing(State.open(state_url)) as state:
        assert state.picture("chart", BOT) == "AgAC-1"


def test_an_id_belongs_to_one_bot(state: State) -> None:
    """A file's id means nothing to another bot; two bots on one state do not disturb each other."""
    state.keep_picture("chart", BOT, "mine", TODAY)
    assert state.picture("chart", BOT + 1) is None
    state.keep_picture("chart", BOT + 1, "theirs", TODAY)
    state.forget_picture("chart", BOT + 1)
    assert (state.picture("chart", BOT), state.picture("chart", BOT + 1)) == ("mine", None)


# a key and an id have no character 0, which PostgreSQL does not take
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)


@given(steps=st.lists(st.tuples(st.sampled_from("kf"), WORDS, WORDS)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_remembers_as_a_dictionary_does(state: State, steps: list[tuple[str, str, str]]) -> None:
    """Whatever is kept and forgotten, in any order, the last word counts."""
    known: dict[str, str] = {}
    bot = next(NEW)  # who knows nothing yet
    for step, key, file_id in steps:
        if step == "k":
            state.keep_picture(key, bot, file_id, TODAY)
            known[key] = file_id
        else:
            state.forget_picture(key, bot)
            known.pop(key, None)
        assert state.picture(key, bot) == known.get(key)


def test_a_year_later_it_is_forgotten(state: State) -> None:
    """What was not drawn for a year goes when the next picture is kept; a new one starts anew."""
    for day, key in ((0, "old"), (1, "young"), (0, "again"), (DAYS - 1, "again"), (DAYS, "x")):
        state.keep_picture(key, BOT, "id", TODAY + timedelta(days=day))
    kept = [key for key in ("old", "young", "again", "x") if state.picture(key, BOT)]
    assert kept == ["young", "again", "x"]


def test_the_last_choice_counts(state: State) -> None:
    """Of a chat and of each of its topics; others' choices are theirs."""
    for chat, topic, said in ((1, 0, "a"), (1, 7, "b"), (2, 0, "c"), (1, 0, "d"), (1, 7, None)):
        state.choose(chat, topic, said)
    assert (state.choices(1), state.choices(2), state.choices(3)) == ({0: "d"}, {0: "c"}, {})


def test_what_a_group_chose_moves_along(state: State) -> None:
    """To its new id, where what was chosen already stays; of the old one nothing is left."""
    state.publish(Edition(1, "", "{}"))
    state.choose(-1, 0, "old")
    state.choose(-1, 7, "topic")
    state.choose(-2, 0, "new")
    state.subscribe(-1, 7)
    state.move(-1, -2)
    assert (state.choices(-2), state.subscription(-2)) == ({0: "new", 7: "topic"}, 7)
    assert state.forget(-1) == (0, False)
    assert state.forget(-2) == (2, True)


def test_each_subscriber_is_told_once(state: State) -> None:
    """Of those who wait for an edition everybody is claimed by one; editions nobody needs go."""
    state.publish(Edition(1, "", "{}"))
    for chat in (-1_000_000_000_001, 5):
        state.subscribe(chat, 0)
    state.publish(Edition(2, "2026-11-22", "{2}"))
    waiting = state.waiting(2, 100)
    assert [w.chat for w in waiting] == [-1_000_000_000_001, 5]
    assert [state.claim(w, 2, 100) for w in (waiting[0], waiting[0], waiting[1])] == [1, 0, 1]
    assert state.waiting(2, 100) == []
    state.publish(Edition(3, "2026-11-23", "{3}"))
    assert [w.chat for w in state.waiting(3, 100)] == [-1_000_000_000_001, 5]
    assert state.waiting(3, 99) == []  # both were told today
    assert (state.edition(1), state.edition()) == (None, Edition(3, "2026-11-23", "{3}"))


def letter(number: int, chat: int, received: int = 0) -> Letter:
    """An update that was never tried."""
    return Letter(BOT, number, chat, received, 0, f'{{"update_id": {number}}}')


def test_updates_are_kept_until_they_are_dealt_with(state: State) -> None:
    """Each once, in order, by bot and by chat; tries are counted and taken back."""
    letters = [letter(3, 8), letter(1, 8), letter(2, 9)]
    assert state.receive(letters) == letters
    assert state.receive([*letters, letter(4, 9)]) == [letter(4, 9)]
    assert [x.id for x in state.left(BOT)] == [1, 2, 3, 4]
    assert state.left(BOT + 1) == []
    state.try_again(letters[0])
    state.try_again(letters[0])
    state.try_again(letters[1])
    state.survived(letters[1])
    assert [x.tries for x in state.left(BOT)] == [0, 0, 2, 0]
    state.done(letters[1])
    assert (state.chats_left(BOT, 5), state.chats_left(BOT, 1)) == ([9, 8], [9])
    assert state.next(BOT, 8) == letters[0]._replace(tries=2)
    assert (state.next(BOT, 9), state.next(BOT, 9, after=2)) == (letter(2, 9), letter(4, 9))
    assert state.receive(letters) == []  # also what was dealt with is known
    assert state.next(BOT, 7) is None


def test_updates_are_forgotten(state: State) -> None:
    """What came before a time, and whether anything can be kept is no update."""
    state.receive([letter(1, 8, received=10), letter(2, 8, received=20)])
    state.check()
    assert state.forget_received(20) == 1
    assert [x.id for x in state.left(BOT)] == [2]


def test_its_size_is_known(state: State) -> None:
    """In bytes, and as how many use it."""
    state.choose(1, 0, "a")
    state.choose(1, 7, "b")
    state.subscribe(2, 0)
    sizes = state.sizes()
    assert (sizes.bytes > 4096, sizes.subscriptions, sizes.chats) == (True, 1, 1)


def test_all_of_a_batch_is_kept_or_nothing(state: State) -> None:
    """Where one of several updates cannot be kept, none is, so that all are handed over again."""
    wrong = letter(2, 8)._replace(chat=cast("int", None))
    with pytest.raises(StateError):
        state.receive([letter(1, 8), wrong])
    assert state.left(BOT) == []
    assert state.receive([letter(1, 8)]) == [letter(1, 8)]


def test_only_the_owner_can_read_it(opened: State, path: Path) -> None:
    """The folder and every file in it, SQLite's own beside the database too, are private."""
    opened.keep_picture("chart", BOT, "AgAC-1", TODAY)
    assert mode(path.parent) == 0o700
    files = {file.name: mode(file) for file in path.parent.iterdir()}
    assert files == dict.fromkeys((f"{path.name}{end}" for end in ("", "-shm", "-wal")), 0o600)


def test_it_is_private_under_any_umask(path: Path) -> None:
    """A umask that lets others read does not let them read this; it is never widened after."""
    before = os.umask(0)
    try:
        with closing(reopened(path)):
            assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    finally:
        os.umask(before)


def test_an_empty_file_that_others_could_read_is_closed(path: Path) -> None:
    """Who made the file beforehand need not think of its mode."""
    path.parent.mkdir()
    path.touch(mode=0o644)
    with closing(reopened(path)):
        assert mode(path) == 0o600


@pytest.mark.parametrize("spelled", ["sqlite:///{}", "sqlite://{}", "{}"])
def test_an_address_or_a_path(path: Path, spelled: str) -> None:
    """An absolute path may follow two slashes or three, or stand alone."""
    with closing(State.open(spelled.format(path))):
        assert path.is_file()


def test_without_an_address_it_is_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default is costcurve's own folder where the user's data are."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with closing(State.open()):
        assert [file.name for file in tmp_path.rglob("*.sqlite3")] == ["state.sqlite3"]


def test_readers_and_writers_do_not_wait(opened: State, path: Path) -> None:
    """The journal is a write-ahead log, so that a copy can be taken while the bot runs."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.execute("BEGIN")
        assert connection.execute("SELECT count(*) FROM pictures").fetchone() == (0,)
        opened.keep_picture("chart", BOT, "AgAC-1", TODAY)
        assert connection.execute("SELECT count(*) FROM pictures").fetchone() == (0,)


def another(path: Path) -> None:
    """Some other program's database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pictures (key TEXT)")


def newer(path: Path) -> None:
    """A state that a later version has written."""
    State.open(str(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.execute("PRAGMA journal_mode = DELETE")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a text": (lambda path: path.write_text("not a database, but somebody's\n" * 99), "not a data"),
    "a short text": (lambda path: path.write_text("hello"), "not a database"),
    "another program's": (another, "another program's"),
    "a newer version's": (newer, "newer version"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_ours_is_left_alone(tmp_path: Path, kind: str) -> None:
    """It is refused in a sentence that names the setting and the file, and stays as it was."""
    path = tmp_path / "file"
    make, reason = REFUSED[kind]
    make(path)
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(SettingError, match=f"^STATE_URL: {path} .*{reason}.*[.]$"):
        State.open(str(path))
    assert (path.read_bytes(), mode(path)) == (before, 0o644)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("wrong", ["file/below", "folder"])
def test_a_path_that_cannot_be_is_named(tmp_path: Path, wrong: str) -> None:
    """A place where no file can be is refused in the same words."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingError, match=f"^STATE_URL: {tmp_path / wrong} cannot be used"):
        State.open(str(tmp_path / wrong))


def test_an_older_file_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each migration runs once; what was remembered before is still there."""
    with closing(reopened(path)) as state:
        state.keep_picture("chart", BOT, "AgAC-1", TODAY)
    more = (*MIGRATIONS, ("CREATE TABLE later (x BIGINT)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(tables, "MIGRATIONS", more)
    for _ in range(2):
        with closing(reopened(path)) as state:
            assert state.picture("chart", BOT) == "AgAC-1"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (1,)


def test_a_failed_migration_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them or none: the version before still opens the file."""
    reopened(path).close()
    with monkeypatch.context() as patched:
        patched.setattr(tables, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE x (y)", "nonsense")))
        with pytest.raises(SettingError, match="syntax error"):
            reopened(path)
    reopened(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert ("x",) not in connection.execute("SELECT name FROM sqlite_master").fetchall()


def keep_some(path: Path, name: str) -> None:
    """One of several processes that start at the same time."""
    with closing(reopened(path)) as state:
        for number in range(20):
            state.keep_picture(f"{name}{number}", BOT, "id", TODAY)


def test_processes_that_start_together(path: Path) -> None:
    """One makes the schema, the others find it; nothing that any of them keeps is lost."""
    spawn = multiprocessing.get_context("spawn")
    started = [spawn.Process(target=keep_some, args=(path, name)) for name in "abc"]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * len(started)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM pictures").fetchone() == (60,)


def test_a_failing_disk_costs_only_the_memory(
    opened: State, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A state that can't be used any more knows no pictures; the log says why."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE pictures")
    opened.keep_picture("chart", BOT, "AgAC-1", TODAY)
    assert opened.picture("chart", BOT) is None
    assert "STATE_URL: a picture is not remembered (no such table: pictures)" in caplog.text


def test_it_loads_nothing_heavy() -> None:
    """Who remembers pays for SQLite alone."""
    code = "import sys, bot.state; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603  # our own words
    heavy = {"telegram", "httpx", "sqlite_utils", "pandas", "numpy", "platformdirs", "asyncio"}
    assert heavy & set(loaded.stdout.decode().split()) == set()
