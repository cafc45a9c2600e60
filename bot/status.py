"""Status: how the running bot is, for those who run it; counts, and nothing of people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.answer import Answer, Line, line
from bot.health import version
from bot.render import Told, render
from bot.vitals import LAST, note
from bot.wording import count, listed

if TYPE_CHECKING:
    from telegram import Update
    from telegram.ext import ContextTypes

    from bot.delivery import Delivery
    from bot.health import Health
    from bot.vitals import Vitals

NOT_YET = "no update yet"


class Status:
    """Answers /status."""

    command = "status"

    def __init__(self, health: Health, delivery: Delivery) -> None:
        self._health = health
        self._delivery = delivery

    async def on_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Tell an admin; who is one, and where they may ask, is for the application to say."""
        if update.message is not None:
            note("answered", self.command)
            reply = render([Told(status(self._health))], None)
            await self._delivery.send(update.message, reply)


def status(health: Health) -> Answer:
    """All of it as it is now."""
    vitals, trouble = health.vitals, health.trouble()
    knowledge, day = health.knowledge
    return Answer(
        f"In trouble: {trouble}" if trouble else "All is well",
        (
            line(f"Version {version()}, {vitals.mode}, up {_span(vitals.uptime)}."),
            line(f"Updates: {_updates(vitals)}."),
            line(f"Latency of the last {LAST:,}: {_latency(vitals)}."),
            line(f"Knowledge base {knowledge}, as of {day.day} {day:%B %Y}."),
            _state(health),
        ),
    )


def _updates(vitals: Vitals) -> str:
    handled, failed = vitals.outcomes.total(), vitals.outcomes["failed"]
    set_aside = vitals.outcomes["set aside"]
    return listed(
        [
            f"{handled:,} handled",
            f"{failed:,} failed",
            f"{set_aside:,} set aside",
            f"{vitals.waiting():,} waiting",
        ]
    )


def _latency(vitals: Vitals) -> str:
    middle, worst = vitals.percentile(0.5), vitals.percentile(0.99)
    if middle is None or worst is None:
        return NOT_YET
    return f"p50 {1000 * middle:,.3g} ms, p99 {1000 * worst:,.3g} ms"


def _state(health: Health) -> Line:
    try:
        sizes = health.state.sizes()
    except Exception as error:  # the headline says what is wrong; the rest is still told
        return line(f"The state cannot be read ({error}).")
    return line(
        f"State: {sizes.bytes / 1024:,.0f} KiB, {count(sizes.subscriptions, 'subscription')},"
        f" {count(sizes.chats, 'chat')} with settings."
    )


def _span(seconds: float) -> str:
    """3 days, 4:05:06 as `timedelta` says it, without fractions."""
    return str(timedelta(seconds=int(seconds)))
