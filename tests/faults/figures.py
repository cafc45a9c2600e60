"""Figures: what a run came to, as lines to print and as numbers to check."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from math import nan
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.faults.crowd import Asked, Crowd

UNEXPLAINED = "no reason, which is a defect"
REACH = 0.2  # seconds that a request may be under way when the bot is killed


class Figures(Struct, frozen=True):
    """How many questions were asked and answered, and how well."""

    asked: int
    answered: int
    lost: int
    twice: Counter[str]  # answers too many, by their reason
    disorder: int
    delays: Sequence[float]  # seconds from a question to its first answer
    recoveries: Sequence[float]  # seconds from a fault to the next answer
    memory: tuple[float, float] = (0.0, 0.0)  # MiB before and after
    notes: Sequence[str] = field(default_factory=list)
    ended: bool = False  # by itself

    @property
    def good(self) -> bool:
        """Whether nothing was lost, out of order, or twice without a reason; the bot went on."""
        return not (self.lost or self.disorder or self.twice[UNEXPLAINED] or self.ended)

    def lines(self) -> list[str]:
        """As text."""
        twice = "; ".join(f"{count} {reason}" for reason, count in self.twice.most_common())
        before, after = self.memory
        return [
            f"asked {self.asked}, answered {self.answered}, lost {self.lost}",
            f"answers too many {self.twice.total()}" + (f" ({twice})" if twice else ""),
            f"out of order {self.disorder}",
            f"delay {spread(self.delays)}",
            *([f"recovery {spread(self.recoveries)}"] if self.recoveries else []),
            f"memory {before:.1f} MiB before, {after:.1f} MiB after",
            *(["the process ended by itself"] if self.ended else []),
            *self.notes,
        ]


def figures(
    crowd: Crowd, marks: Sequence[float], memory: tuple[float, float], notes: Sequence[str]
) -> Figures:
    """What became of the questions; `marks` says when faults began, in seconds."""
    questions = [q for q in crowd.asked.values() if q.number not in crowd.excused]
    return Figures(
        asked=len(questions),
        answered=sum(bool(q.answers) for q in questions),
        lost=len(crowd.open()),
        twice=Counter(reason for q in questions for reason in _reasons(q, marks)),
        disorder=crowd.out_of_order(),
        delays=[q.answers[0].at - q.at for q in questions if q.answers],
        recoveries=recovered(crowd, marks),
        memory=memory,
        notes=notes,
    )


def recovered(crowd: Crowd, marks: Iterable[float]) -> list[float]:
    """Seconds from faults to the next answer that anybody got; of the last there may be none."""
    times = sorted(sent.at for question in crowd.asked.values() for sent in question.answers)
    places = ((mark, bisect_right(times, mark)) for mark in marks)
    return [times[place] - mark for mark, place in places if place < len(times)]


def _reasons(question: Asked, marks: Iterable[float]) -> list[str]:
    """Why it was answered again, for each answer after the first."""
    reasons = []
    for before, after in zip(question.answers, question.answers[1:], strict=False):
        if before.unheard:
            reasons.append(f"not heard of: {before.unheard}")
        elif any(before.at - REACH < mark < after.at for mark in marks):
            reasons.append("ended before it was noted")
        else:
            reasons.append(UNEXPLAINED)
    return reasons


def spread(seconds: Sequence[float]) -> str:
    """Of so many, the middle one, the longest but one in a hundred, and the longest."""
    if not seconds:
        return "of none"
    p50, p99, most = quantile(seconds, 0.5), quantile(seconds, 0.99), max(seconds)
    return f"of {len(seconds)}: p50 {p50:.3f} s, p99 {p99:.3f} s, max {most:.3f} s"


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed; of none it is none."""
    ordered = sorted(values)
    if not ordered:
        return nan
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
