"""Gate: which updates are turned away as they come, since there will be no answer to them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from bot.allowance import MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.allowance import Allowance
    from bot.vitals import Vitals

LONGEST = 200  # updates of one chat that may wait, ten times what it is answered in a minute
ASKING = ("message", "edited_message", "channel_post", "edited_channel_post", "callback_query")
SAYING = ("text", "caption", "data")

_logger = logging.getLogger(__name__)


class Gate:
    """Looks at updates as Telegram hands them over; one that it cannot read may pass.

    Whoever floods costs a few microseconds an update here, and a hundred times that further on.
    """

    def __init__(self, allowance: Allowance, clock: Callable[[], datetime], vitals: Vitals) -> None:
        self._allowance = allowance
        self._clock = clock
        self._vitals = vitals
        self._warned = 0.0

    def shut(self, update: dict[str, Any], waiting: int = 0) -> bool:
        """Whether it asks something of which nothing will come; that is counted.

        Its asker has been told that it is too much, or so many updates of its chat are `waiting`
        that others would wait for it as well.
        """
        kind = next((kind for kind in ASKING if kind in update), None)
        content = update[kind] if kind else None
        if not isinstance(content, dict) or not any(content.get(part) for part in SAYING):
            return False
        now = self._clock().timestamp()
        silent = kind != "callback_query" and self._allowance.silent(_who(content), now)
        if not silent and waiting < LONGEST:
            return False
        if not silent and now - self._warned > MINUTE:
            self._warned = now
            _logger.warning("Of one chat %d updates wait; more are passed over", waiting)
        self._vitals.outcomes["limited"] += 1
        return True


def _who(message: dict[str, Any]) -> tuple[int, ...]:
    """Whose allowance counts: who is taken for the asker, and the chat."""
    kinds = ("sender_chat" if message.get("sender_chat") else "from", "chat")
    ids = (part.get("id") for kind in kinds if isinstance(part := message.get(kind), dict))
    return tuple(number for number in ids if isinstance(number, int))
