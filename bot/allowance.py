"""Allowance: how many answers a person, and a chat, get in a minute; who asks more waits."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["granted", "refused", "silence"]  # refused once with a notice, then in silence

MINUTE = 60.0  # seconds
PICTURES = 3  # of them in a minute; each takes a process some time to draw
MOST = 10_000  # people and chats that are remembered; the ones longest unseen go first


@dataclass(slots=True)
class _Bucket:
    """Answers that are left, as of a time; they come back evenly over a minute."""

    left: float
    at: float
    told: bool = False


class Allowance:
    """Token buckets by person and by chat; `answers` a minute, 0 for no limit."""

    def __init__(self, answers: int) -> None:
        self._limits = {"answer": answers, "picture": min(PICTURES, answers)}
        self._buckets: OrderedDict[tuple[str, int], _Bucket] = OrderedDict()

    def ask(self, who: tuple[int, ...], now: float, *, picture: bool = False) -> Verdict:
        """Whether these may have one more answer, `now` in seconds; only a grant counts."""
        if not self._limits["answer"]:
            return "granted"
        kinds = ("answer", "picture") if picture else ("answer",)
        # a person's private chat has the person's own number: one bucket
        wanted = [
            self._bucket(kind, number, now) for kind in kinds for number in dict.fromkeys(who)
        ]
        empty = [bucket for bucket in wanted if bucket.left < 1]
        if not empty:
            for bucket in wanted:
                bucket.left -= 1
                bucket.told = False
            return "granted"
        told = all(bucket.told for bucket in empty)
        for bucket in empty:
            bucket.told = True
        return "silence" if told else "refused"

    def _bucket(self, kind: str, number: int, now: float) -> _Bucket:
        limit = self._limits[kind]
        bucket = self._buckets.setdefault((kind, number), _Bucket(limit, now))
        self._buckets.move_to_end((kind, number))
        bucket.left = min(limit, bucket.left + (now - bucket.at) * limit / MINUTE)
        bucket.at = now
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return bucket
