"""Keyboard: the buttons under a message, as Telegram wants them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

if TYPE_CHECKING:
    from bot.render import Button


def keyboard(
    rows: tuple[tuple[Button, ...], ...], shares: bool = True
) -> InlineKeyboardMarkup | None:
    """The buttons under a reply; one that shares opens the choice of another chat.

    A bot without inline mode may not send that one.
    """
    kept = [[_button(b) for b in row if shares or not b.share] for row in rows]
    return InlineKeyboardMarkup([row for row in kept if row]) if any(kept) else None


@lru_cache(maxsize=1024)
def under(rows: tuple[tuple[Button, ...], ...], shares: bool = True) -> dict[str, str]:
    """The same as the Bot API's own parameter; answers repeat, and nobody changes it.

    Made into JSON by the library each time, six buttons cost more than finding their answer.
    """
    made = keyboard(rows, shares)
    return {"reply_markup": made.to_json()} if made else {}


def _button(button: Button) -> InlineKeyboardButton:
    if button.share:
        return InlineKeyboardButton(button.label, switch_inline_query=button.command)
    return InlineKeyboardButton(button.label, callback_data=button.command)
