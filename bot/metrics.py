"""Metrics: the vitals in the families that Prometheus reads, made when it asks for them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.registry import Collector

from bot.health import version
from bot.vitals import BOUNDS, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from bot.health import Health
    from bot.vitals import Vitals


class Metrics(Collector):
    """Counts while the bot runs are plain additions; only a scrape pays for families and labels."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Everything as it is now, in Prometheus's text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The families."""
        vitals = self._health.vitals
        yield from _updates(vitals)
        yield _latency(vitals)
        counted = {
            "telegram_refusals": ("Calls that Telegram answered with 429.", vitals.refused),
            "telegram_retries": ("Calls to Telegram that were made again.", vitals.repeated),
            "allowance_refusals": (
                "Questions beyond ANSWERS_PER_MINUTE.",
                vitals.outcomes["limited"],
            ),
            "pictures": ("Pictures drawn.", vitals.pictures),
            "broadcasts": ("Messages about changes sent to subscribers.", vitals.broadcasts),
        }
        for name, (said, number) in counted.items():
            yield CounterMetricFamily(f"costcurve_{name}", said, number)
        yield GaugeMetricFamily("costcurve_inbox", "Updates in hand.", vitals.waiting())
        if (silence := vitals.silence) is not None:
            said = "Seconds since the last successful poll."
            yield GaugeMetricFamily("costcurve_poll_age_seconds", said, silence)
        knowledge, day = self._health.knowledge
        facts = {"version": version(), "mode": vitals.mode, "knowledge": knowledge}
        said = "What runs, and which knowledge base it serves."
        yield InfoMetricFamily("costcurve", said, {**facts, "as_of": day.isoformat()})


def _updates(vitals: Vitals) -> Iterator[Metric]:
    yield CounterMetricFamily("costcurve_updates_received", "Updates kept.", vitals.received)
    updates = CounterMetricFamily(
        "costcurve_updates", "Updates dealt with, by what came of them.", labels=["outcome"]
    )
    for outcome in get_args(Outcome):
        updates.add_metric([outcome.replace(" ", "_")], vitals.outcomes[outcome])
    yield updates
    kinds = CounterMetricFamily("costcurve_questions", "Questions by kind.", labels=["kind"])
    for kind, number in sorted(vitals.kinds.items()):
        kinds.add_metric([kind], number)
    yield kinds


def _latency(vitals: Vitals) -> Metric:
    bounds = [*map(str, BOUNDS), "+Inf"]
    return HistogramMetricFamily(
        "costcurve_latency_seconds",
        "From an update's turn to its end, tries included.",
        buckets=list(zip(bounds, accumulate(vitals.within), strict=True)),
        sum_value=vitals.seconds,
    )
