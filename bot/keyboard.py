"""Keyboard: the buttons under a message, as Telegram wants them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

if TYPE_CHECKING:
    from bot.render import Button


@lru_cache(maxsize=1024)
def keyboard(
    rows: tuple[tuple[Button, ...], ...], shares: bool = True
) -> InlineKeyboardMarkup | None:
    """The buttons under a reply; one that shares opens the choice of another chat.

    A bot without inline mode may not send that one.
    """
    kept = [[_button(b) for b in row if shares or not b.share] for row in rows]
    return _Keyboard([row for row in kept if row]) if any(kept) else None


class _Keyboard(InlineKeyboardMarkup):
    """Buttons that are put under many messages, and so put into JSON's shape once."""

    def __init__(self, rows: list[list[InlineKeyboardButton]]) -> None:
        super().__init__(rows)
        self._shape: dict[str, Any] = super().to_dict()

    def to_dict(self, recursive: bool = True) -> dict[str, Any]:
        """What the library asks for at each sending; nobody changes it."""
        return self._shape


def _button(button: Button) -> InlineKeyboardButton:
    if button.share:
        return InlineKeyboardButton(button.label, switch_inline_query=button.command)
    return InlineKeyboardButton(button.label, callback_data=button.command)
