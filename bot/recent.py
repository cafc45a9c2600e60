"""Recent: what was last asked by each person in each place, for a while and in memory only."""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.questions.base import Asked

Place = tuple[int, int | None, int | None]  # chat, topic, person
KEPT = timedelta(minutes=10)
MOST = 10_000  # places; the ones longest unused go first


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
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)
