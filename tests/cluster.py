"""Cluster: a PostgreSQL server for a while, in a folder of its own, reached by a socket there."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = ("initdb", "pg_ctl")
DEBIAN = Path("/usr/lib/postgresql")  # whose versions' programs are on no path
WITHOUT = (
    "there is no PostgreSQL server here: initdb and pg_ctl are neither on the PATH nor below "
    f"{DEBIAN} (apt-get install postgresql)"
)
PASSWORD = "pass-w0rd"  # noqa: S105  # of nobody but these servers
UNSAFE = "-c fsync=off -c full_page_writes=off"  # quick; only a crash of the machine would tell


def programs() -> Path | None:
    """The folder with a server's programs, the newest; None where there is none."""
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    found += sorted(DEBIAN.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((f for f in found if all((f / name).exists() for name in PROGRAMS)), None)


class Cluster:
    """The server and its databases; it can be stopped and started again."""

    def __init__(self, programs: Path, folder: Path, options: str) -> None:
        self._programs = programs
        self._folder = folder
        self._options = options
        self._numbers = itertools.count(1)
        # the server refuses to be run by root
        self._user = _nobody() if os.getuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user, -1)

    def make(self) -> None:
        """Make an empty cluster, and start it."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)  # the folder is private
        self._run(
            *("initdb", "--pgdata", self._data, "--username", "costcurve", "--encoding", "UTF8"),
            *("--auth", "scram-sha-256", "--pwfile", str(password), "--no-locale", "--no-sync"),
        )
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"{self._options} -c listen_addresses='' -k {self._folder}"
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", "-D", self._data, "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it and end all connections; "immediate" is what a crash would leave."""
        self._run("pg_ctl", "stop", "--wait", "-D", self._data, "-m", mode)

    def database(self) -> str:
        """The address of a new, empty database."""
        import psycopg  # here, because only these tests need it

        name = f"state{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://costcurve:{PASSWORD}@/{name}?host={self._folder}"

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        user: dict[str, Any] = {} if self._user is None else {"user": self._user}
        done = subprocess.run(  # noqa: S603  # our own words
            [self._programs / program, *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **user,
        )
        assert done.returncode == 0, done.stderr.decode()


def _nobody() -> int:
    """Somebody without rights: whom Debian's package makes, or whom every system has."""
    import pwd  # here, because not every system has it

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise LookupError("neither a user postgres nor nobody")


@contextmanager
def running(found: Path, options: str = UNSAFE) -> Iterator[Cluster]:
    """A server until the end of the block."""
    # not in pytest's folder, which only its owner may enter; and sockets have short names
    folder = Path(tempfile.mkdtemp(prefix="costcurve-pg-"))
    cluster = Cluster(found, folder, options)
    try:
        cluster.make()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder)
