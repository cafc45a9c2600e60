"""Copies of the state: taken while the bot runs, private, whole, and put back only where safe."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.backup import backup, restore
from bot.config import SettingError
from bot.local_api import LocalBotApi
from bot.state import State
from bot.tables import MIGRATIONS, Letter
from tests.bot_api_server import serving
from tests.test_modes import answers, run, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHAT = -1_000_000_000_123
LETTER = Letter(1, 7, CHAT, 1_700_000_000, 0, '{"update_id": 7, "text": "private words"}')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state that somebody has used, and nobody has open."""
    path = tmp_path / "data" / "state.sqlite3"
    with closing(State.open(str(path))) as state:
        state.choose(CHAT, 0, "basis headline")
        state.subscribe(CHAT, 5)
    return path


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "copy.sqlite3"
    backup(str(path), copy)
    return copy


def chosen(path: Path) -> tuple[dict[int, str], int | None]:
    """What a state keeps of the chat."""
    with closing(State.open(str(path))) as state:
        return state.choices(CHAT), state.subscription(CHAT)


def files(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("spelled", ["sqlite:///{}", "{}"])
def test_a_copy_is_one_private_file(path: Path, tmp_path: Path, spelled: str) -> None:
    """It holds what the state does, only its owner can read it, and nothing else is left behind."""
    backup(spelled.format(path), tmp_path / "copy")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert files(tmp_path) == {"copy", "data"}
    assert chosen(tmp_path / "copy") == ({0: "basis headline"}, 5)


CHANGING = """
import sys
from itertools import count
from bot.state import State
state = State.open(sys.argv[1])
for number in count():
    with state.database.transaction():
        state.choose(1, 0, str(number))
        state.choose(2, 0, str(number))
    if number == 10:
        print("changing", flush=True)
"""


def test_a_copy_can_be_taken_while_the_state_changes(path: Path, tmp_path: Path) -> None:
    """All of a change is in the copy or none of it, and whoever changes the state never waits."""
    command = [sys.executable, "-c", CHANGING, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as changing:  # noqa: S603  # our own
        assert changing.stdout is not None
        assert changing.stdout.readline() == b"changing\n"
        for number in range(8):
            backup(str(path), tmp_path / f"copy{number}")
        assert changing.poll() is None
        changing.kill()
    seen = set()
    for number in range(8):
        with closing(State.open(str(tmp_path / f"copy{number}"))) as copied:
            assert copied.choices(1) == copied.choices(2)
            seen.add(copied.choices(1)[0])
    assert len(seen) > 1


def test_a_copy_holds_no_message(path: Path, tmp_path: Path) -> None:
    """Words that wait for an answer, or that were answered, are not kept longer by a copy."""
    with closing(State.open(str(path))) as state:
        state.receive([LETTER, LETTER._replace(id=8)])
        state.done(LETTER)
        backup(str(path), tmp_path / "copy")
        assert len(state.left(1)) == 1
    assert b"private words" not in (tmp_path / "copy").read_bytes()
    with closing(State.open(str(tmp_path / "copy"))) as copied:
        assert copied.left(1) == []
        assert copied.receive([LETTER]) == []  # so it is not answered again


def test_a_file_that_is_there_stays(path: Path, copy: Path, tmp_path: Path) -> None:
    """Only --force replaces it, and not even that the state itself."""
    before = copy.read_bytes()
    with closing(State.open(str(path))) as state:
        state.choose(CHAT, 9, "full answers")
    with pytest.raises(SettingError, match="is there already"):
        backup(str(path), copy)
    assert copy.read_bytes() == before
    backup(str(path), copy, force=True)
    assert chosen(copy)[0][9] == "full answers"
    for other in (path, tmp_path):
        with pytest.raises(SettingError, match="is there already"):
            backup(str(path), other, force=True)


def test_a_copy_that_cannot_be_written_is_told(path: Path, tmp_path: Path) -> None:
    """The reason in one sentence; and where there is no state, none is made for it."""
    with pytest.raises(SettingError, match=r"cannot be copied to .*No such file"):
        backup(str(path), tmp_path / "nowhere" / "copy")
    with pytest.raises(SettingError, match="is not there yet"):
        backup(str(tmp_path / "none"), tmp_path / "copy")
    assert files(tmp_path) == {"data"}


def test_what_was_copied_comes_back(path: Path, copy: Path) -> None:
    """Settings and subscriptions are as they were; what was there meanwhile is kept aside."""
    with closing(State.open(str(path))) as state:
        state.forget(CHAT)
    kept = restore(str(path), copy)
    assert kept is not None
    assert chosen(path) == ({0: "basis headline"}, 5)
    assert chosen(kept) == ({}, None)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, kept)} == {0o600}
    again = restore(str(path), kept)
    assert again not in {None, kept}
    assert chosen(path) == ({}, None)


def test_a_state_can_begin_as_a_copy(copy: Path, tmp_path: Path) -> None:
    """On a new machine there is nothing to keep aside."""
    assert restore(str(tmp_path / "new" / "state"), copy) is None
    assert chosen(tmp_path / "new" / "state") == ({0: "basis headline"}, 5)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_state_that_is_used_is_not_replaced(path: Path, copy: Path) -> None:
    """Whoever has it open would go on with what it was; so nothing at all is changed."""
    with closing(State.open(str(path))) as state:
        state.forget(CHAT)
        with pytest.raises(SettingError, match=r"a bot is using .*; stop it first\.$"):
            restore(str(path), copy)
        state.subscribe(CHAT, 1)
        assert state.subscription(CHAT) == 1
    assert not [name for name in files(path.parent) if "restore" in name]
    assert restore(str(path), copy)


def foreign(path: Path) -> None:
    """Another program's database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (id)")


def changed(statement: str) -> Callable[[Path], None]:
    """A copy in which something was changed by hand."""

    def change(path: Path) -> None:
        State.open(str(path)).close()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)

    return change


def damaged(path: Path) -> None:
    """A copy of which a page was overwritten."""
    with closing(State.open(str(path))) as state:
        for number in range(2000):
            state.choose(number, 0, "basis headline")
    whole = path.read_bytes()
    path.write_bytes(whole[:20480] + b"\xff" * 4096 + whole[24576:])


NO_COPIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "No such file"),
    "a folder": (lambda path: path.mkdir(), "unable to open|disk I/O"),
    "empty": (lambda path: path.touch(), "no state of this bot"),
    "a text": (lambda path: path.write_text("not a database, but somebody's " * 99), "not a data"),
    "another program's": (foreign, "no state of this bot"),
    "newer": (changed(f"PRAGMA user_version = {len(MIGRATIONS) + 1}"), "newer version"),
    "with a trigger": (
        changed("CREATE TRIGGER t AFTER DELETE ON choices BEGIN SELECT 1; END"),
        "tables are not those",
    ),
    "without a table": (changed("DROP TABLE subscriptions"), "tables are not those"),
    "damaged": (damaged, "damaged|malformed"),
}


@pytest.mark.parametrize("kind", NO_COPIES)
def test_what_is_no_copy_is_refused(path: Path, tmp_path: Path, kind: str) -> None:
    """In one sentence with the file and the reason, and the state stays as it was."""
    make, reason = NO_COPIES[kind]
    make(tmp_path / "wrong")
    with pytest.raises(SettingError, match=f"(?s)^{tmp_path}/wrong cannot.*({reason}).*[.]$"):
        restore(str(path), tmp_path / "wrong")
    assert files(path.parent) == {"state.sqlite3"}
    assert chosen(path) == ({0: "basis headline"}, 5)


def test_an_older_copy_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    """A copy that an earlier version has made is still one."""
    old = tmp_path / "old"
    with closing(sqlite3.connect(old)) as connection, connection:
        for statement in (s for statements in MIGRATIONS[:2] for s in statements):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {0x436F7374}")
        connection.execute("PRAGMA user_version = 2")
        connection.execute("INSERT INTO choices VALUES (?, 0, 'short answers')", (CHAT,))
    restore(str(path), old)
    assert chosen(path) == ({0: "short answers"}, None)
    with closing(State.open(str(path))) as state:
        assert state.receive([LETTER]) == [LETTER]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_server_has_its_own_tools(tmp_path: Path, scheme: str) -> None:
    """Of a PostgreSQL database the sentence names them, and not the password."""
    url = f"{scheme}://me:hunter2@db.example/costcurve"
    for act in (backup, restore):
        with pytest.raises(SettingError, match="pg_dump and pg_restore") as caught:
            act(url, tmp_path / "copy")
        assert "hunter2" not in str(caught.value)


async def test_a_running_bot_is_copied_but_not_overwritten(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """By command: the copy works at any time, putting it back waits for the bot's end."""
    environ["STATE_URL"] = str(tmp_path / "state.sqlite3")
    api = LocalBotApi()
    async with serving(api) as server, started(environ, server) as bot:
        api.deliver(api.incoming.message("/settings headline"))
        await server.until(lambda: answers(api))
        ended = run(environ, "backup", "copy.sqlite3")
        assert (ended.returncode, ended.stdout) == (0, "The state is in copy.sqlite3.\n")
        assert run(environ, "backup", "copy.sqlite3").returncode == 2
        refused = run(environ, "restore", "copy.sqlite3")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.startswith("costcurve: STATE_URL: a bot is using ")
        assert len(refused.stderr.splitlines()) == 1
        assert await bot.terminate() == 0
    ended = run(environ, "restore", "copy.sqlite3")
    assert ended.returncode == 0
    assert "What was there is in " in ended.stdout
