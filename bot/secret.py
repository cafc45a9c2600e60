"""Secret: a value that is used and never shown, and what takes such values out of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOT = "[secret]"
_ID = re.compile(r"[0-9]+:")  # how a bot token begins; what follows is the secret of it


class Secret:
    """A value that can be used but is never shown: not by print, repr, format or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that has to send it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not to be copied out of the process")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self


class Blotter:
    """Blots secrets out of texts: whole, as repr spells them, and a token's second half alone."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        values = {secret.reveal() for secret in secrets}
        values |= {_ID.sub("", value, count=1) for value in values}
        values |= {repr(value)[1:-1] for value in values}
        self._spellings = sorted(values - {""}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without them."""
        for spelling in self._spellings:
            text = text.replace(spelling, BLOT)
        return text


def passwords(url: str) -> list[Secret]:
    """Those in an address, as they are written there and as they are meant."""
    try:
        parts = urlsplit(url)
        meant = [text for name, text in parse_qsl(parts.query) if "password" in name]
    except ValueError:
        return []
    written = parts.netloc.rpartition("@")[0].partition(":")[2]
    return [Secret(text) for text in (written, unquote(written), *meant) if text]
