"""Locks: what is this process's to do among several on one database, by PostgreSQL's own locks.

A lock lasts as long as its holder's connection: of a process that was killed, or a machine that
vanished, the server lets go by itself; and of a process that hangs, as it is not heard of.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from bot.postgres import Postgres

MOST = 1000  # locks that are kept; all processes share the server's room for some 6,400
GRACE = 2.0  # seconds after another connection in which everybody takes back what they had
IDLE = 10_000  # milliseconds after which a holder that says nothing loses them; one that runs looks

# PostgreSQL knows of that since version 14.
WATCH = """SELECT set_config(name, CAST(:idle AS text), false) FROM pg_settings
    WHERE name = 'idle_session_timeout'"""
TAKE = """SELECT key FROM unnest(CAST(:keys AS bigint[])) AS key
    WHERE pg_try_advisory_lock(key) LIMIT :most"""
LET_GO = "SELECT pg_advisory_unlock(:key)"
LET_ALL_GO = "SELECT pg_advisory_unlock_all()"


class Locks:
    """Those that this process holds, by their names; all of it may raise StateError."""

    def __init__(self, database: Postgres, timer: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._timer = timer
        self._session = database.session
        self._watched = 0  # the session that the server watches
        self._renewed = -GRACE
        self._held: OrderedDict[str, float] = OrderedDict()  # when each was wanted last

    def take(self, names: Collection[str], most: int | None = None) -> set[str]:
        """Those of the names, and `most` new ones, whose locks are held now."""
        self._renew()
        held = {name for name in names if name in self._held}
        others = [name for name in names if name not in held]
        if others and self._timer() - self._renewed >= GRACE:
            held |= self._taken(others, most)
        for name in held:
            self._held[name] = self._timer()
            self._held.move_to_end(name)
        return held

    def tidy(self, idle: float, busy: Collection[str]) -> None:
        """Let go of what nobody wanted for so many seconds, and of what is too much."""
        for name in [name for name in self._held if name not in busy]:
            if self._timer() - self._held[name] < idle and len(self._held) <= MOST:
                return
            self._database.rows(LET_GO, key=key_of(name))
            del self._held[name]

    def let_all_go(self) -> None:
        """Let go of all."""
        self._held.clear()
        self._database.rows(LET_ALL_GO)

    def _taken(self, names: Iterable[str], most: int | None = None) -> set[str]:
        if self._watched != self._database.session:
            self._database.rows(WATCH, idle=IDLE)
            self._watched = self._database.session
        keys = {key_of(name): name for name in names}
        rows = self._database.rows(TAKE, keys=list(keys), most=len(keys) if most is None else most)
        return {keys[key] for (key,) in rows}

    def _renew(self) -> None:
        """Take back, after another connection, what ended with the one before."""
        session = self._database.session
        if session != self._session and self._held:
            taken = self._taken(self._held)
            for name in set(self._held) - taken:
                del self._held[name]
        if session != self._session:
            self._session, self._renewed = session, self._timer()


def key_of(name: str) -> int:
    """The number by which the server knows a lock: of 64 bits, that other programs hardly use."""
    digest = blake2b(name.encode(), digest_size=8, person=b"costcurve").digest()
    return int.from_bytes(digest, signed=True)
