"""Recent: what was asked and what answered it, for a while and in memory only."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from bot.questions.base import Asked

Place = tuple[int, int | None, int | None]  # chat, topic, person
KEPT = timedelta(minutes=10)
MOST = 1_000  # places; the ones longest unused go first


class Recent:
    """Questions by place; forgotten after ten minutes."""

    def __init__(self) -> None:
        self._asked: OrderedDict[Place, tuple[Asked, datetime]] = OrderedDict()

    def get(self, place: Place, now: datetime) -> Asked | None:
        """The last question asked there, None when it is too long ago."""
        asked = self._asked.get(place)
        if asked is None:
            return None
        if now - asked[1] > KEPT:
            del self._asked[place]
            return None
        return asked[0]

    def put(self, place: Place, question: Asked, now: datetime) -> None:
        self._asked[place] = (question, now)
        self._asked.move_to_end(place)
        while len(self._asked) > MOST or now - next(iter(self._asked.values()))[1] > KEPT:
            self._asked.popitem(last=False)

    def forget(self, chat: int, person: int | None = None) -> bool:
        """Forget what was asked in a chat, by one person or by all; whether there was any."""
        gone = [p for p in self._asked if p[0] == chat and person in (None, p[2])]
        for place in gone:
            del self._asked[place]
        return bool(gone)


MOST_ANSWERS = 1000  # messages of ours that an edited question can still find
Sent = TypeVar("Sent")


class Answers(Generic[Sent]):
    """Which message of ours answers which of theirs, by chat and message id."""

    def __init__(self) -> None:
        self._sent: OrderedDict[tuple[int, int], Sent] = OrderedDict()

    def get(self, chat: int, message: int) -> Sent | None:
        return self._sent.get((chat, message))

    def put(self, chat: int, message: int, answer: Sent) -> None:
        self._sent[chat, message] = answer
        if len(self._sent) > MOST_ANSWERS:
            self._sent.popitem(last=False)

    def forget(self, chat: int) -> None:
        """Forget what was answered in a chat."""
        for key in [key for key in self._sent if key[0] == chat]:
            del self._sent[key]
