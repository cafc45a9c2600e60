"""Schema: what the state's tables lie in on PostgreSQL, made and brought up to date."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from bot import tables
from bot.config import SettingError

if TYPE_CHECKING:
    import psycopg

SCHEMA = "costcurve"
MARK = 0x436F7374  # of the lock under which the tables are made
SIZE = """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = :schema AND c.relkind = 'r'"""


def bring_up_to_date(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Make the tables, or what is new in them; one process after the other, all or nothing."""
    with connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [MARK])
        if connection.execute(f"SELECT to_regclass('{SCHEMA}.version')").fetchone() == (None,):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute("CREATE TABLE version AS SELECT 0::bigint AS number")
        row = connection.execute("SELECT number FROM version").fetchone()
        version = row[0] if row else 0
        if version > len(tables.MIGRATIONS):
            raise SettingError("STATE_URL: a newer version of this program has written the tables.")
        for statement in chain.from_iterable(tables.MIGRATIONS[version:]):
            connection.execute(statement)
        if version < len(tables.MIGRATIONS):
            connection.execute("UPDATE version SET number = %s", [len(tables.MIGRATIONS)])
