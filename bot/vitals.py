"""Vitals: since when and how the bot runs, and what it has done since; counts, and of nobody."""

from __future__ import annotations

import logging
import time
from bisect import bisect_left
from collections import Counter, deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answering import Turn

Outcome = Literal[
    "answered",
    "refused",  # told that it is not understood, not possible, or for admins only
    "limited",  # more than a person, or a chat, gets in a minute
    "noted",  # needs no answer
    "ignored",  # not for this bot
    "passed over",  # too late: nobody waits for it any more
    "unread",  # of a Bot API that is newer than this program
    "closed",  # the chat is closed to the bot
    "failed",  # a defect
    "set aside",  # the network did not carry the answer, however often tried
    "left",  # for the next start
]
LAST = 1000  # latencies that the percentiles are of
BOUNDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


class Handling(Struct):
    """One update that is being dealt with: what was asked, by its command's name, and the end."""

    began: float
    kind: str | None = None
    outcome: Outcome = "ignored"


_logger = logging.getLogger(__name__)
_handling: ContextVar[Handling | None] = ContextVar("handling", default=None)


def asked_for(turn: Turn, *, granted: bool = True) -> None:
    """Say what was asked in the update being dealt with, and whether there is an answer to it."""
    outcome: Outcome = "answered" if turn.understood else "refused"
    note(outcome if granted else "limited", turn.kind)


def note(outcome: Outcome, kind: str | None = None) -> None:
    """Say of the update being dealt with what comes of it, and what was asked if that is known."""
    if handling := _handling.get():
        handling.outcome = outcome
        handling.kind = kind or handling.kind


def report(update: int, handling: Handling, latency: float) -> None:
    """One line of what came of an update, without what it says or whose it is."""
    kind, outcome, ms = handling.kind, handling.outcome, round(1000 * latency, 1)
    level = logging.DEBUG if outcome == "ignored" else logging.INFO
    if _logger.isEnabledFor(level):
        facts = {"update": update, "kind": kind, "outcome": outcome, "ms": ms}
        said = f"Update %d: {outcome}, %s, %s ms"
        _logger.log(level, said, update, kind or "-", ms, extra={"facts": facts})


class Vitals:
    """Counts, kept by plain additions, since some are made for every update.

    `timer` counts seconds. A latency is the time from when an update's turn came to its end, the
    tries included.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._began = timer()
        self._heard: float | None = None
        self._latencies: deque[float] = deque(maxlen=LAST)
        self.mode = "terminal"
        self.waiting: Callable[[], int] = int  # how many updates are in hand
        self.received = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.kinds: Counter[str] = Counter()
        self.within = [0] * (len(BOUNDS) + 1)  # handled within each bound but not the one before
        self.seconds = 0.0  # of all latencies
        self.refused = 0  # calls that Telegram answered with "too many requests"
        self.repeated = 0  # calls that were made again
        self.pictures = 0  # drawn
        self.broadcasts = 0  # sent to subscribers

    def begin(self) -> Handling:
        """From here on `note` is about this update, in this task and those it starts."""
        handling = Handling(self._timer())
        _handling.set(handling)
        return handling

    def end(self, handling: Handling) -> float:
        """Count an update that is dealt with; its latency."""
        latency = self._timer() - handling.began
        self.outcomes[handling.outcome] += 1
        if handling.kind:
            self.kinds[handling.kind] += 1
        self.within[bisect_left(BOUNDS, latency)] += 1
        self.seconds += latency
        self._latencies.append(latency)
        return latency

    def heard(self) -> None:
        """Note that Telegram has answered a poll."""
        self._heard = self._timer()

    @property
    def silence(self) -> float | None:
        """Seconds since the last successful poll; None before the first."""
        return None if self._heard is None else self._timer() - self._heard

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return self._timer() - self._began

    def percentile(self, share: float) -> float | None:
        """The latency that such a share of the last thousand stayed within; None when none was."""
        ordered = sorted(self._latencies)
        return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else None
