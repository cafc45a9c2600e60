"""PostgreSQL under the state: its tables, its locks, and what happens while it is away."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, cast

import psycopg
import pytest

from bot import locks as locks_module
from bot import postgres as module
from bot import tables
from bot.config import SettingError
from bot.database import StateError
from bot.locks import GRACE, Locks, key_of
from bot.postgres import Postgres
from bot.state import State
from bot.tables import MIGRATIONS
from tests.cluster import PASSWORD
from tests.faults.process import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster import Cluster

TODAY = date(2026, 11, 22)
PATIENCE = 20.0  # seconds


@contextmanager
def admin(address: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody else's connection to the same database."""
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def database(postgres: str) -> Iterator[Postgres]:
    """An open database."""
    with closing(Postgres.open(postgres)) as database:
        yield database


def until(happened: Callable[[], object]) -> None:
    """Wait until another thread has made this true."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def cut(address: str) -> None:
    """End the bot's connections to a database."""
    with admin(address) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name = 'costcurve' AND datname = current_database()"
        )


def writable(state: State) -> bool:
    """Whether the state can be written."""
    try:
        state.check()
    except StateError:
        return False
    return True


# --------------------------------------------------------------------------- the tables


def keep_some(address: str, name: str) -> None:
    """One of several processes that start at the same time."""
    with closing(State.open(address)) as state:
        for number in range(20):
            state.keep_picture(f"{name}{number}", 1, "id", TODAY)


def test_processes_that_start_together(postgres: str) -> None:
    """One makes the tables, the others find them; nothing that any of them keeps is lost."""
    spawn = multiprocessing.get_context("spawn")
    started = [spawn.Process(target=keep_some, args=(postgres, name)) for name in "abc"]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * len(started)
    with admin(postgres) as other:
        assert other.execute("SELECT count(*) FROM costcurve.pictures").fetchone() == (60,)


def test_older_tables_are_brought_up_to_date(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each migration runs once; what was remembered before is still there."""
    with closing(State.open(postgres)) as state:
        state.keep_picture("chart", 1, "AgAC-1", TODAY)
    more = (*MIGRATIONS, ("CREATE TABLE later (x BIGINT)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(tables, "MIGRATIONS", more)
    for _ in range(2):
        with closing(State.open(postgres)) as state:
            assert state.picture("chart", 1) == "AgAC-1"
    with admin(postgres) as other:
        assert other.execute("SELECT count(*) FROM costcurve.later").fetchone() == (1,)


def test_a_failed_migration_changes_nothing(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them or none: the version before still opens the database."""
    with monkeypatch.context() as patched:
        patched.setattr(tables, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE x (y INT)", "nonsense")))
        with pytest.raises(SettingError, match=r"^STATE_URL: .*syntax error"):
            State.open(postgres)
    State.open(postgres).close()
    with admin(postgres) as other:
        assert other.execute("SELECT to_regclass('costcurve.x')").fetchone() == (None,)


def test_a_newer_versions_tables_are_left_alone(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused in a sentence that names the setting."""
    State.open(postgres).close()
    monkeypatch.setattr(tables, "MIGRATIONS", MIGRATIONS[:-1])
    with pytest.raises(SettingError, match=r"^STATE_URL: a newer version"):
        State.open(postgres)


def test_other_tables_in_the_database_are_not_touched(postgres: str) -> None:
    """The bot's tables are in a schema of its own, so that names of others' do not matter."""
    with admin(postgres) as other:
        other.execute("CREATE TABLE public.pictures (id INT)")
        with closing(State.open(postgres)) as state:
            state.keep_picture("chart", 1, "AgAC-1", TODAY)
        assert other.execute("SELECT count(*) FROM public.pictures").fetchone() == (0,)


def test_who_may_not_make_a_schema_is_told(postgres: str) -> None:
    """A database in which the bot has no rights is refused in a sentence."""
    with admin(postgres) as other:
        other.execute(f"CREATE ROLE visitor_{other.info.dbname} LOGIN PASSWORD '{PASSWORD}'")
        name = f"visitor_{other.info.dbname}"
    address = postgres.replace("//costcurve:", f"//{name}:")
    with pytest.raises(SettingError, match=r"^STATE_URL: .*permission denied.*[.]$") as told:
        State.open(address)
    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize("wrong", ["[half", "db.example/x?nonsense=1"])
def test_what_is_no_address_is_refused(wrong: str) -> None:
    """In a sentence that does not repeat it, since a password may stand in it."""
    with pytest.raises(SettingError, match=r"^STATE_URL is no address") as told:
        State.open(f"postgresql://me:{PASSWORD}@{wrong}")
    assert PASSWORD not in str(told.value)
    assert told.value.__suppress_context__


# --------------------------------------------------------------------------- who does not want it


def run(code: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603  # our own words
    return done.stdout.decode()


def test_the_usual_state_does_not_load_it() -> None:
    """Who keeps the state in a file pays nothing for this one."""
    loaded = run(
        "import sys, bot.app, bot.serve, bot.inbox; from bot.state import State;"
        "State.memory(); print(*sys.modules)"
    ).split()
    assert not {"psycopg", "bot.postgres", "bot.replica", "bot.calls"} & set(loaded)


def test_without_the_package_it_says_what_to_install() -> None:
    """The address alone is not enough; the sentence has the command."""
    said = run(
        "import sys; sys.modules['psycopg'] = None\n"
        "from bot.state import State\n"
        "try: State.open('postgresql://db.example/costcurve')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    assert said.startswith("SettingError STATE_URL needs a package")
    assert "pip install 'costcurve[postgres]'" in said


# --------------------------------------------------------------------------- while it is away


def test_a_connection_that_ends_is_made_again(postgres: str, database: Postgres) -> None:
    """A statement that finds it ended does not notice, when the server is there."""
    state = State(database)
    state.choose(1, 0, "a")
    cut(postgres)
    assert (state.choices(1), database.session) == ({0: "a"}, 2)


def test_a_server_that_is_away_costs_no_time(cluster: Cluster, database: Postgres) -> None:
    """As long as it is away every statement fails at once; afterwards it is found again."""
    state = State(database)
    cluster.stop()
    try:
        with pytest.raises(StateError):
            state.check()
        began = time.monotonic()
        for _ in range(100):
            with pytest.raises(StateError, match="PostgreSQL is not there"):
                state.choices(1)
        assert time.monotonic() - began < 1
    finally:
        cluster.start()
    until(lambda: writable(state))


def test_a_server_that_hangs_is_given_up(
    postgres: str, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that takes a statement and says nothing more does not stop the bot for long."""
    monkeypatch.setattr(module, "LONGEST", 0.6)
    with admin(postgres) as other:
        row = other.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'costcurve' AND datname = current_database()"
        ).fetchone()
    assert row
    pid = cast("int", row[0])
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(StateError):
            State(database).choices(1)
        assert time.monotonic() - began < 5
    finally:
        os.kill(pid, signal.SIGCONT)
    until(lambda: writable(State(database)))


def test_a_server_that_is_not_there_yet_is_waited_for(
    cluster: Cluster, environ: dict[str, str]
) -> None:
    """It may be started after the bot; why the bot waits is said, and the password is not."""
    environ |= {
        "STATE_URL": cluster.address("later"),
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",  # where nobody answers
    }
    command = [sys.executable, "-m", "bot", "polling"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as bot:  # noqa: S603  # our own words
        try:
            assert bot.stderr
            lines = iter(bot.stderr.readline, "")
            first = next(line for line in lines if "STATE_URL" in line)
            with admin(cluster.address("postgres")) as other:
                other.execute("CREATE DATABASE later")
            then = next(line for line in lines if "STATE_URL" not in line)
        finally:
            bot.kill()
    assert 'database "later" does not exist); trying again in 1 s' in first
    assert "The Bot API at http://127.0.0.1:9 cannot be reached" in then
    assert PASSWORD not in first + then


def test_an_older_process_goes_on_beside_a_newer_one(
    postgres: str, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While replicas are brought up to date one by one, those still to come find tables too new."""
    with monkeypatch.context() as newer:
        newer.setattr(tables, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE later (x BIGINT)",)))
        State.open(postgres).close()
    cut(postgres)
    state = State(database)
    until(lambda: writable(state))
    state.choose(1, 0, "a")
    assert state.choices(1) == {0: "a"}


def test_half_of_a_change_is_none(postgres: str, database: Postgres) -> None:
    """A connection that ends within a change takes all of it back."""
    state = State(database)

    def change() -> None:
        with database.transaction():
            state.choose(1, 0, "a")
            cut(postgres)
            state.choose(1, 7, "b")

    with pytest.raises(StateError):
        change()
    until(lambda: writable(state))
    assert state.choices(1) == {}


def test_a_server_that_only_reads_is_left(database: Postgres) -> None:
    """After a failover the connection may lead to a standby: another one is made."""
    state = State(database)
    database.changed("SET default_transaction_read_only = on")
    state.choose(1, 0, "a")
    assert (state.choices(1), database.session) == ({0: "a"}, 2)


# --------------------------------------------------------------------------- locks


class Two:
    """Two processes' locks on one database, and a time that can pass."""

    def __init__(self, one: Postgres, other: Postgres) -> None:
        self.now = 1000.0
        self.databases = one, other
        self.mine = Locks(one, lambda: self.now)
        self.theirs = Locks(other, lambda: self.now)


@pytest.fixture
def two(postgres: str) -> Iterator[Two]:
    """Neither of them holds a lock."""
    with closing(Postgres.open(postgres)) as one, closing(Postgres.open(postgres)) as other:
        yield Two(one, other)


def test_a_lock_has_one_holder(two: Two) -> None:
    """Who has it keeps it, however often it is taken, and lets go of it once."""
    assert two.mine.take(["1 a", "1 b"]) == {"1 a", "1 b"}
    assert two.mine.take(["1 a"]) == {"1 a"}
    assert two.theirs.take(["1 a", "1 b", "1 c"]) == {"1 c"}
    two.now += 100
    two.mine.take(["1 b"])
    two.mine.tidy(100, ())
    assert two.theirs.take(["1 a", "1 b"]) == {"1 a"}
    two.mine.let_all_go()
    assert two.theirs.take(["1 b"]) == {"1 b"}


def test_only_so_many_are_taken(two: Two) -> None:
    """The rest is for others."""
    assert len(two.mine.take(["1", "2", "3"], most=2)) == 2
    assert len(two.theirs.take(["1", "2", "3"])) == 1


def test_only_so_many_are_kept(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ones unused for longest go first, and none that is in use."""
    monkeypatch.setattr(locks_module, "MOST", 2)
    for name in ("busy", "old", "young", "new"):
        two.mine.take([name])
        two.now += 1
    two.mine.tidy(100, {"busy"})
    assert two.theirs.take(["busy", "old", "young", "new"]) == {"old", "young"}


def test_locks_end_with_their_holder(two: Two) -> None:
    """Nobody has to be told: the next one gets them."""
    two.mine.take(["a"])
    two.databases[0].close()
    until(lambda: two.theirs.take(["a"]))


def test_who_hangs_loses_its_locks(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose connection stands, but that is not heard of, does not keep its chats."""
    monkeypatch.setattr(locks_module, "IDLE", 300)
    two.mine.take(["a"])
    until(lambda: two.theirs.take(["a"]))
    State(two.databases[0]).check()  # it is back, and finds its connection ended
    assert two.mine.take(["a"]) == set()


def test_after_a_cut_everybody_takes_back_what_they_had(two: Two, postgres: str) -> None:
    """For a moment nobody takes anything else, so that who is at work on it is not disturbed."""
    two.mine.take(["mine"])
    two.theirs.take(["theirs"])
    cut(postgres)
    until(lambda: all(writable(State(database)) for database in two.databases))
    assert two.theirs.take(["mine", "theirs"]) == {"theirs"}
    assert two.mine.take(["mine", "theirs", "new"]) == {"mine"}
    two.now += GRACE
    assert two.mine.take(["theirs", "new"]) == {"new"}


def test_a_lock_has_its_own_number() -> None:
    """The same in every process and on every machine, and another one for every name."""
    assert key_of("1 2") == key_of("1 2") == 7927335138509883959
    numbers = {key_of(f"{bot} {chat}") for bot in range(10) for chat in range(-500, 500)}
    assert len(numbers) == 10_000
    assert all(abs(number) < 2**63 for number in numbers)
