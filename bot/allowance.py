"""Allowance: how many answers a person, and a chat, get in a minute; who asks more waits."""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal

from msgspec import Struct

Verdict = Literal["granted", "refused", "silence"]  # refused once with a notice, then in silence

MINUTE = 60.0  # seconds
PICTURES = 3  # of them in a minute; each takes a process some time to draw
MOST = (
    2_000  # people and chats that are remembered: more than Telegram lets a bot answer in a minute
)


class _Bucket(Struct):
    """Answers that are left, as of a time; they come back evenly over a minute."""

    limit: int
    left: float
    at: float
    told: bool = False  # that it is empty; forgotten when it has been half full since

    def fill(self, now: float) -> None:
        """Put in what has come back by now."""
        self.left = min(self.limit, self.left + (now - self.at) * self.limit / MINUTE)
        self.at = now


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
                bucket.told = bucket.told and bucket.left < bucket.limit / 2
                bucket.left -= 1
            return "granted"
        told = all(bucket.told for bucket in empty)
        for bucket in empty:
            bucket.told = True
        return "silence" if told else "refused"

    def give_back(self, who: tuple[int, ...], now: float, *, picture: bool = False) -> None:
        """Take back a grant whose answer was not delivered, and is asked for once more."""
        for kind in ("answer", "picture") if picture else ("answer",):
            for number in dict.fromkeys(who):
                self._bucket(kind, number, now).left += 1

    def silent(self, who: tuple[int, ...], now: float) -> bool:
        """Whether `ask` would say so to these; costs next to nothing, and changes nothing."""
        found = [b for number in dict.fromkeys(who) if (b := self._buckets.get(("answer", number)))]
        for bucket in found:
            bucket.fill(now)
        empty = [bucket for bucket in found if bucket.left < 1]
        return bool(empty) and all(bucket.told for bucket in empty)

    def _bucket(self, kind: str, number: int, now: float) -> _Bucket:
        limit = self._limits[kind]
        bucket = self._buckets.setdefault((kind, number), _Bucket(limit, limit, now))
        self._buckets.move_to_end((kind, number))
        bucket.fill(now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return bucket
