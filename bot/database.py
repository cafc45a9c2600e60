"""Database: what the state asks of the one it is kept in, whichever that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bot.locks import Locks

    Row = tuple[Any, ...]
    Value = str | int | None


class StateError(Exception):
    """The database did not do what it was asked; a driver's error, or why it was not asked."""


class Database(Protocol):
    """Runs the statements of `tables`, with values by name; all of it may raise StateError."""

    @property
    def place(self) -> str:
        """Where it is, for people to read; no secrets."""

    @property
    def locks(self) -> Locks | None:
        """Which share of the work is this process's; None where it is alone."""

    def rows(self, statement: str, **values: Value) -> list[Row]:
        """What a statement finds."""

    def changed(self, statement: str, **values: Value) -> int:
        """How many rows a statement changed."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, also within another."""

    def bytes(self) -> int:
        """How large everything kept is."""

    def close(self) -> None:
        """Let go of it."""
