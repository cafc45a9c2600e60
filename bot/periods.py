"""Periods: how often something is, as people say it: a day, /month, weekly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.values import Per

_UNITS: dict[str, Per] = {
    **dict.fromkeys(("second", "seconds", "sec", "secs", "s"), "second"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h", "hourly"), "hour"),
    **dict.fromkeys(("day", "days", "d", "daily"), "day"),
    **dict.fromkeys(("week", "weeks", "wk", "weekly"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mth", "monthly"), "month"),
    **dict.fromkeys(("year", "years", "yr", "annum", "yearly", "annual", "annually"), "year"),
    "tps": "second",
    "tpm": "minute",
    "tpd": "day",
}
UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
PERIOD = (
    rf"(?: ?/ ?(?:{UNIT})\b| (?:in )?(?:an?|per|each|every)(?: single)? (?:{UNIT})\b"
    r"| (?:hourly|daily|weekly|monthly|yearly|annual|annually|per annum)\b)"
)


def period(said: str | None) -> Per | None:
    """The period that words end with: ' a day', '/month', 'weekly'."""
    return _UNITS[said.replace("/", " ").split()[-1]] if said else None
