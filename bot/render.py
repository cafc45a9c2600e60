"""Reply: what goes to a chat, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says, and the command line it asks (at most 48 bytes)."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Messages in Telegram's HTML, each within its limits, and rows of buttons under the last."""

    texts: tuple[str, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
