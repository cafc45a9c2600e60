"""Health: whether the bot can do its work, and what it works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.current import Current
    from bot.state import State
    from bot.vitals import Vitals

SILENCE = 90.0  # seconds; a poll takes 40 at most, and after failures another 30 pass


class Health:
    """What is said of the running bot, in its pulse and in what it keeps and knows."""

    def __init__(self, vitals: Vitals, state: State, current: Current) -> None:
        self.vitals = vitals
        self.state = state
        self._current = current

    def trouble(self) -> str | None:
        """Why the bot cannot do its work, in one line; None where it can."""
        if self.vitals.mode == "polling":
            silence = self.vitals.silence
            if silence is None:
                return "not polling yet"
            if silence > SILENCE:
                return f"the last successful poll was {silence:.0f} s ago"
        elif self.vitals.mode != "webhook":
            return "not listening yet"
        for what, check in (
            ("the state cannot be written", self.state.check),
            ("the knowledge base cannot be read", self._current.kb.check),
        ):
            try:
                check()
            except Exception as error:  # whatever it is, it is the answer
                return f"{what}: {' '.join(str(error).split())}"
        return None

    @property
    def knowledge(self) -> tuple[str, date]:
        """The version of the knowledge base, and the day as of which it is."""
        kb = self._current.kb
        return kb.version, kb.as_of


def version() -> str:
    """The installed version of this program."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("costcurve")
    except PackageNotFoundError:
        return "not installed"
