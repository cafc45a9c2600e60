"""Base: what all charts have in common: title and source, a key to keep them by, rows of data."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from abc import ABCMeta, abstractmethod
from typing import TYPE_CHECKING

from msgspec import Struct, StructMeta, to_builtins

if TYPE_CHECKING:
    from collections.abc import Iterator

# Part of every key: raise it when the same data are to look different.
DRAWING = 3
Cell = str | float | None


class Drawable(StructMeta, ABCMeta):
    """Of records that may leave a method to their subclasses, and are none until they have it."""


class Picture(Struct, metaclass=Drawable, frozen=True):
    """What all charts say and can do: a title, a line on what is drawn, one on where it is from."""

    title: str
    subtitle: str
    source: str

    def key(self) -> str:
        """The same for the same data drawn the same way, on any machine: 16 hex digits."""
        said = json.dumps([DRAWING, type(self).__name__, to_builtins(self)])
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @abstractmethod
    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """The header, then the data, unrounded."""

    def csv(self) -> str:
        """The data as comma-separated values, numbers in full, lines ended as RFC 4180 says."""
        out = io.StringIO()
        csv.writer(out).writerows(self.rows())
        return out.getvalue()


def require_finite(title: str, numbers: list[float]) -> None:
    if not numbers or not all(map(math.isfinite, numbers)):
        raise ValueError(f"{title!r}: there must be numbers, all of them finite")
