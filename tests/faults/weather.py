"""Weather: what goes wrong with requests to the Bot API, and how often."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

HOLD = 30.0  # seconds; longer than the bot waits for an answer
SLOW = 2.0  # seconds; shorter than that


class Fault(Struct, frozen=True):
    """One way in which a request fails; without a body it is answered as usual, if late."""

    name: str
    done: bool = False  # whether the request is carried out all the same
    status: int = 200
    body: bytes | None = None
    hold: float = 0.0  # seconds before anything is answered
    cut: bool = False  # nothing is, the connection ends

    @property
    def unheard(self) -> bool:
        """Whether something was done of which the bot cannot know."""
        return self.done and (self.cut or self.body is not None or self.hold >= HOLD)


def refused(status: int, description: str, *, done: bool = False, **parameters: int) -> Fault:
    """A refusal in the Bot API's own words."""
    body = {"ok": False, "error_code": status, "description": description}
    body |= {"parameters": parameters} if parameters else {}
    return Fault(f"{status} {description}", done, status, json.dumps(body).encode())


HTML = b"<html><head><title>Sorry</title></head><body>Please log in</body></html>"
SERVER = (
    refused(500, "Internal Server Error"),
    Fault("502 of a gateway", status=502, body=HTML),
    refused(503, "Service Unavailable"),
    refused(504, "Gateway Timeout", done=True),
)
HELD = (Fault("held, not done", hold=HOLD, cut=True), Fault("held, done", True, hold=HOLD))
CUT = (Fault("cut before", cut=True), Fault("cut after", done=True, cut=True))
MALFORMED = (
    Fault("a page of a proxy", body=HTML),
    Fault("a forbidding page", status=403, body=HTML),
    Fault("a page not found", status=404, body=HTML),
    Fault("half an answer", True, body=b'{"ok":true,"result":{"message_id":'),
    Fault("JSON of another kind", body=b"[1]"),
    Fault("no result", True, body=b'{"ok":true}'),
)
LATE = (Fault("slow", True, hold=SLOW),)
FLOOD = (refused(429, "Too Many Requests: retry after 1", retry_after=1),)
MIX = (*SERVER, *HELD, *CUT, *MALFORMED, *LATE, *FLOOD)


class Weather:
    """Draws a fault for a share of the requests, the same ones for the same seed."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._kinds: tuple[Fault, ...] = ()
        self._share = 0.0
        self._always: list[Callable[[str, Mapping[str, str]], Fault | None]] = []
        self.drawn: dict[str, list[float]] = {}  # when each kind was, in seconds

    def set(self, share: float, *kinds: Fault) -> None:
        """From now on this share of requests meets one of these."""
        self._share, self._kinds = share, kinds

    def clear(self) -> None:
        """Fair again."""
        self._share = 0.0
        self._always.clear()

    def rule(self, decide: Callable[[str, Mapping[str, str]], Fault | None]) -> None:
        """Let a fault be decided by what is asked: method and parameters."""
        self._always.append(decide)

    def draw(self, method: str, said: Mapping[str, str]) -> Fault | None:
        """What goes wrong with this request, if anything does."""
        fault = next((f for decide in self._always if (f := decide(method, said))), None)
        if fault is None and self._kinds and self._random.random() < self._share:
            fault = self._random.choice(self._kinds)
        if fault:
            self.drawn.setdefault(fault.name, []).append(time.monotonic())
        return fault
