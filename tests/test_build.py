"""The built file: when it is built, that it is whole, and what does not load on the way to it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.build import (
    DATA,
    HERE,
    SHAPED_BY,
    build,
    build_memory,
    default_path,
    digest,
    ensure,
    is_current,
)
from knowledge.errors import DataError, KnowledgeError

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "with space, # and ?" / "knowledge.sqlite3"
    build(path)
    return path


def python(code: str, *arguments: object) -> str:
    """What a fresh interpreter prints."""
    return subprocess.run(  # noqa: S603  # our own code in our own interpreter
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_an_up_to_date_file_is_left_alone(built: Path) -> None:
    """No build, no announcement, not a byte changed."""
    before = built.stat()
    ensure(built, pytest.fail)
    assert built.stat().st_mtime_ns == before.st_mtime_ns


def test_builds_are_reproducible(built: Path, tmp_path: Path) -> None:
    """The same data give the same file, byte for byte, and nothing is left lying about."""
    build(tmp_path / "again.sqlite3")
    assert (tmp_path / "again.sqlite3").read_bytes() == built.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.sqlite3"]


def test_a_change_of_the_data_rebuilds(tmp_path: Path) -> None:
    """An edit is in the base at the next start, and the rebuild says so in one line."""
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    path, said = tmp_path / "knowledge.sqlite3", list[str]()
    ensure(path, said.append, data)
    with closing(KnowledgeBase.open(path)) as old:
        series = data / "series/post-inference.toml"
        series.write_text(
            series.read_text("utf-8").replace("value = 0.02", "value = 0.03"), "utf-8"
        )
        ensure(path, said.append, data)
        with closing(KnowledgeBase.open(path)) as new:
            assert (old.series().at(2025), new.series().at(2025)) == (0.02, 0.03)
            assert old.version != new.version
    ensure(path, pytest.fail, data)
    assert len(said) == 2
    assert all(str(path) in line and "\n" not in line for line in said)


def test_another_file_is_left_alone(tmp_path: Path) -> None:
    """A setting that points to some file of the owner's costs an error, never the file."""
    path = tmp_path / "notes.txt"
    path.write_text("not a database")
    with pytest.raises(KnowledgeError, match="no knowledge base"):
        ensure(path, lambda _: None)
    assert path.read_text() == "not a database"


@pytest.mark.parametrize("damage", ["empty", "cut", "holes", "old"])
def test_a_damaged_file_is_rebuilt(built: Path, tmp_path: Path, damage: str) -> None:
    """Whatever happened to the file, the next start mends it."""
    path = tmp_path / "knowledge.sqlite3"
    whole = built.read_bytes()
    spoiled = {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "holes": whole[:-40960] + b"\xff" * 8192 + whole[-32768:],
        "old": whole,
    }
    path.write_bytes(spoiled[damage])
    if damage == "old":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DELETE FROM meta")
    said = list[str]()
    ensure(path, said.append)
    assert len(said) == 1
    assert path.read_bytes() == whole


def test_another_programs_database_is_never_overwritten(tmp_path: Path) -> None:
    """A setting that points to the wrong file costs a sentence, not the file."""
    path = tmp_path / "photos.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    with pytest.raises(KnowledgeError, match="COSTCURVE_KNOWLEDGE"):
        ensure(path, str)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM photos").fetchall() == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The error names the path and the variable that moves it."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnowledgeError, match=r"cannot write .*file.*set COSTCURVE_KNOWLEDGE"):
        ensure(tmp_path / "file" / "knowledge.sqlite3", str)


def test_wrong_data_leave_the_old_file(built: Path, tmp_path: Path) -> None:
    """A mistake in the data stops the build before anything is replaced."""
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    path = Path(shutil.copy(built, tmp_path / "knowledge.sqlite3"))
    (data / "topics.toml").write_text("[[topic]]\nid = 7\n", "utf-8")
    with pytest.raises(DataError):
        ensure(path, str, data)
    assert path.read_bytes() == built.read_bytes()


def test_two_starts_at_once(tmp_path: Path) -> None:
    """Both processes build aside and move into place: both end well, the file is whole."""
    path = tmp_path / "knowledge.sqlite3"
    command = [sys.executable, "-m", "knowledge", "build", "--path", str(path)]
    starts = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603  # our own command
        for _ in range(2)
    ]
    for start in starts:
        said, _ = start.communicate(timeout=60)
        assert (start.returncode, said.decode()) == (0, f"built {path}\n")
    assert is_current(path, digest())


FULL = """
import resource, sys
from pathlib import Path
from knowledge.build import build
from knowledge.errors import KnowledgeError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
try:
    build(Path(sys.argv[1]))
except KnowledgeError as error:
    print(error)
"""


@pytest.mark.parametrize("room", [0, 4096, 100_000])
def test_a_full_disk_leaves_the_old_file(built: Path, tmp_path: Path, room: int) -> None:
    """Where no more bytes can be written, a sentence says so, and nothing half built stays."""
    path = tmp_path / "knowledge.sqlite3"
    assert python(FULL, path, room).startswith(f"cannot write {path} (")
    assert list(tmp_path.iterdir()) == []
    shutil.copy(built, path)
    assert python(FULL, path, room).startswith(f"cannot write {path} (")
    assert path.read_bytes() == built.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


KILLED = """
import os, signal, sys
from pathlib import Path
from knowledge import build
def die(self, target):
    os.kill(os.getpid(), signal.SIGKILL)
Path.replace = die
build.build(Path(sys.argv[1]))
"""


def test_a_kill_in_the_middle_leaves_the_old_file(built: Path, tmp_path: Path) -> None:
    """All is built aside, so that an end at the last moment costs the new file, not the old one."""
    path = Path(shutil.copy(built, tmp_path / "knowledge.sqlite3"))
    with pytest.raises(subprocess.CalledProcessError):
        python(KILLED, path)
    assert path.read_bytes() == built.read_bytes()
    (left,) = [file for file in tmp_path.iterdir() if file != path]
    assert left.name.startswith(".building-")
    build(path)
    assert is_current(path, digest())
    assert left.exists()  # it may be another build's, which goes on
    os.utime(left, (0, 0))
    build(path)
    assert not left.exists()


SLOW = (
    "pandas",
    "numpy",
    "sqlite_utils",
    "tomllib",
    "knowledge.load",
    "knowledge.market",
    "knowledge.schema",
    "tempfile",
)
ANSWER = """
import sys
from pathlib import Path
from knowledge import KnowledgeBase, ensure
ensure(Path(sys.argv[1]), lambda line: sys.exit("built: " + line))
base = KnowledgeBase.open(Path(sys.argv[1]))
assert base.study(2) and base.search(["hardware"]) and base.series() and base.topics()
print([name for name in sys.argv[2:] if name in sys.modules])
"""


def test_what_builds_never_loads_on_the_way_to_an_answer(built: Path) -> None:
    """An up-to-date base opens and answers without pandas, sqlite-utils or the loader."""
    assert python(ANSWER, built, *SLOW) == "[]\n"


SHAPERS = """
import sys
from knowledge.build import build_memory
build_memory().close()
ours = (module for name, module in sys.modules.items() if name.startswith("knowledge."))
print(*(module.__file__ for module in ours))
"""


def test_the_digest_covers_the_code_that_shapes_the_file() -> None:
    """Every module of ours that a build loads is in the digest, but not what only reads it."""
    loaded = {Path(name).relative_to(HERE).as_posix() for name in python(SHAPERS).split()}
    only_read = {"base.py", "errors.py", "market/__init__.py"}
    assert loaded - only_read == set(SHAPED_BY)


def test_a_copy_of_the_data_has_the_same_digest(tmp_path: Path) -> None:
    """The digest is of names and contents, not of places and times."""
    assert digest(Path(shutil.copytree(DATA, tmp_path / "data"))) == digest()


def test_default_path(tmp_path: Path) -> None:
    """The variable decides; without it, a file of the user's cache."""
    assert default_path({"COSTCURVE_KNOWLEDGE": str(tmp_path / "x")}) == tmp_path / "x"
    assert default_path({}) == default_path({"COSTCURVE_KNOWLEDGE": ""})
    assert default_path({}).name == "knowledge.sqlite3"
    assert "costcurve" in default_path({}).parts
    with pytest.raises(KnowledgeError, match="COSTCURVE_KNOWLEDGE is no path"):
        default_path({"COSTCURVE_KNOWLEDGE": "~nobody-has-this-name/x"})


def test_tables_are_strict_and_linked() -> None:
    """SQLite itself refuses values of another type, unknown references and second numbers."""
    with closing(build_memory()) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        strict = dict(db.execute("SELECT name, strict FROM pragma_table_list").fetchall())
        tables = [
            name
            for name in strict
            if not name.startswith(("sqlite_", "study_index", "topic_index"))
        ]
        assert len(tables) == 22
        assert all(strict[name] for name in tables)
        for sql in (
            "INSERT INTO points VALUES ('post-inference', 'soon', 1.0)",
            "INSERT INTO points VALUES ('no-series', 2030, 1.0)",
            "INSERT INTO points VALUES ('post-inference', 2018, 1.0)",
            "UPDATE studies SET number = 1 WHERE number = 2",
            "UPDATE studies SET venue = 'Nowhere' WHERE number = 2",
            "UPDATE studies SET title = NULL WHERE number = 2",
            "UPDATE prices SET provider = 'nobody' WHERE model = 'gpt-4'",
            "UPDATE prices SET input = 'cheap' WHERE model = 'gpt-4'",
            "UPDATE scores SET model = 'no-model' WHERE id = 1",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(sql)
