"""Figures: what was measured, as ratios of rounds that took turns, and the table of them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Unit = Literal["x", "ms"]


class Figure(Struct, frozen=True):
    """One row of the table: a figure, and what it is to be; no goal where it is only told.

    `least` says that the goal is a floor, `seen` what the figure was computed from.
    """

    what: str
    value: float
    goal: float | None = None
    unit: Unit = "x"
    least: bool = False
    seen: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """The median of the rounds' ratios: a machine's mood is in both halves of a round."""
    return median(our / other for our, other in zip(ours, others, strict=True))


def against(ours: Sequence[float], others: Sequence[float], scale: float, unit: str) -> str:
    """Both medians, as they are: '61 against 86 µs'."""
    return f"{median(ours) * scale:.3g} against {median(others) * scale:.3g} {unit}"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that such a share of them stays within."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures with their goals, as text."""
    rows = [("what", "figure", "goal", "", "seen"), *map(_row, figures)]
    what, *widths = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join(
        "  ".join(
            (
                row[0].ljust(what),
                *(cell.rjust(width) for cell, width in zip(row[1:4], widths, strict=False)),
                row[4],
            )
        ).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, str, str, str, str]:
    goal = "" if figure.goal is None else f"{'≥' if figure.least else '≤'} {figure.goal:g}"
    met = {True: "met", False: "missed", None: ""}[figure.met]
    return figure.what, f"{figure.value:.2f} {figure.unit}", goal, met, figure.seen
