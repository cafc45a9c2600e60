"""Postgres: the state in a database that several processes share, on another machine maybe.

It is asked on the event loop, as a file is: a statement takes a fraction of a millisecond nearby.
So that a server that is away costs everybody one moment and not one for each statement, a thread
ends what takes too long and connects again, and until then a statement fails at once.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import threading
import time
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import Int8Dumper

from bot.config import SettingError
from bot.database import StateError
from bot.locks import Locks
from bot.schema import SCHEMA, SIZE, bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bot.database import Row, Value

    Connection = psycopg.Connection[Row]
    Cursor = psycopg.Cursor[Row]

LONGEST = 3.0  # seconds that a call may take; the server gives up a statement sooner
TICK = 0.25  # seconds between two looks at whether one does
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds between tries to connect at the start
PROMPT = 0.5  # seconds within which a call fails that only finds its connection ended
PAUSE = 0.5  # seconds between tries later on
USUAL = {
    "connect_timeout": 2,
    "target_session_attrs": "read-write",  # of several servers the one that writes
    "application_name": "costcurve",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
# The server lets go of a machine that vanished as soon as this process would of the server.
SESSION = f"""SET search_path = {SCHEMA}; SET statement_timeout = '2s'; SET lock_timeout = '1s';
    SET idle_in_transaction_session_timeout = '10s'; SET tcp_keepalives_idle = 5;
    SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"""
WRITE = "UPDATE version SET number = number"
# After a failover the connection may lead to a server that only reads.
SICK = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.QueryCanceled)

_logger = logging.getLogger(__name__)


class Postgres:
    """A connection, and another one where that ended."""

    def __init__(self, address: dict[str, Any]) -> None:
        self.address = address  # holds the password
        connection = self._connected(bring_up_to_date)
        self._connection: Connection | None = connection
        self.session = 1  # which connection it is; what the server keeps for one ends with it
        self.locks = Locks(self)
        self.place = f"PostgreSQL, {connection.info.dbname} at {connection.info.host}"
        self._began: float | None = None
        self._connecting = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._attend, name="postgres", daemon=True).start()

    @classmethod
    def open(cls, url: str) -> Postgres:
        """The database at an address, its tables made or brought up to date.

        Waits for a server that cannot be reached. SettingError when the database cannot be used.
        """
        try:
            address = {**USUAL, **conninfo_to_dict(url)}
        except psycopg.ProgrammingError:
            raise SettingError(
                "STATE_URL is no address of a PostgreSQL database, which looks like "
                "postgresql://user:password@host/database."
            ) from None  # the cause quotes it
        pause = FIRST_PAUSE
        while True:
            try:
                return cls(address)
            except psycopg.OperationalError as error:
                _logger.warning(
                    "STATE_URL: PostgreSQL does not let the bot in (%s); trying again in %.0f s",
                    said(error),
                    pause,
                )
            except psycopg.Error as error:
                raise SettingError(
                    f"STATE_URL: the database cannot be used ({said(error)}); "
                    "give the address of one that the bot may make a schema in."
                ) from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    # ----------------------------------------------------------------- statements

    def rows(self, statement: str, **values: Value | list[int]) -> list[Row]:
        """What a statement finds."""
        cursor = self._run(statement, values)
        return cursor.fetchall() if cursor.description else []

    def changed(self, statement: str, **values: Value) -> int:
        """How many rows a statement changed."""
        return self._run(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also within another."""
        if self._began is not None:
            yield
            return
        self._run("BEGIN", {})
        with self._call() as connection:
            try:
                yield
            except BaseException:
                if not connection.closed:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def bytes(self) -> int:
        """How large the tables are, with their indexes."""
        return int(self.rows(SIZE, schema=SCHEMA)[0][0])

    def _run(self, statement: str, values: Mapping[str, Value | list[int]]) -> Cursor:
        """Run a statement, over another connection if it finds that the last one has ended."""
        began, had, alone = time.monotonic(), self._connection is not None, self._began is None
        try:
            with self._call() as connection:
                return connection.execute(_spelled(statement), values)
        except StateError:
            if not (had and alone) or self._connection or time.monotonic() - began > PROMPT:
                raise
            self._connect_again()
        with self._call() as connection:
            return connection.execute(_spelled(statement), values)

    @contextmanager
    def _call(self) -> Iterator[Connection]:
        """The connection for a call of ours, during which it is watched."""
        connection = self._connection
        if connection is None:
            raise StateError("PostgreSQL is not there")
        outermost = self._began is None
        if outermost:
            self._began = time.monotonic()
        try:
            yield connection
        except psycopg.Error as error:
            if connection.closed or isinstance(error, SICK):
                self._lose(connection, error)
            raise StateError(said(error)) from error
        finally:
            if outermost:
                self._began = None

    # ----------------------------------------------------------------- the connection

    def _connected(self, prepare: Callable[[Connection], object]) -> Connection:
        connection = psycopg.connect(**self.address, autocommit=True)
        try:
            connection.adapters.register_dumper(int, Int8Dumper)  # one plan for large and small
            connection.execute(SESSION)
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _lose(self, connection: Connection, error: psycopg.Error) -> None:
        connection.close()
        if self._connection is connection:
            self._connection = None
            _logger.warning("STATE_URL: the connection to PostgreSQL ended (%s)", said(error))

    def _attend(self) -> None:
        """What the thread does: end a call that takes too long, connect where that has ended."""
        while not self._closed.wait(TICK):
            connection, began = self._connection, self._began
            if connection is None:
                self._connect_again() or self._closed.wait(PAUSE)
            elif began is not None and time.monotonic() - began > LONGEST:
                _hang_up(connection)

    def _connect_again(self) -> bool:
        """Whether there is a connection now."""
        with self._connecting:
            if self._connection or self._closed.is_set():
                return True
            try:
                # a server that cannot write must not stop the event loop again and again
                connection = self._connected(lambda connection: connection.execute(WRITE))
            except Exception as error:  # whatever it is, the thread goes on
                _logger.debug("STATE_URL: PostgreSQL is not there (%s)", error)
                return False
            self.session += 1
            self._connection = connection
            _logger.warning("STATE_URL: connected to PostgreSQL again")
            return True

    def close(self) -> None:
        """Let go of the server."""
        self._closed.set()
        with self._connecting:
            if self._connection is not None:
                self._connection.close()


@lru_cache
def _spelled(statement: str) -> str:
    """A statement of ours as the driver wants its values named."""
    return re.sub(r":(\w+)", r"%(\1)s", statement)


def _hang_up(connection: Connection) -> None:
    """End a connection under a call that waits for it in another thread: it fails."""
    with (
        suppress(OSError, psycopg.Error),  # it may have ended just now
        socket.socket(fileno=os.dup(connection.fileno())) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)


def said(error: psycopg.Error) -> str:
    """What went wrong, in one line."""
    return " ".join(str(error).split()) or type(error).__name__
