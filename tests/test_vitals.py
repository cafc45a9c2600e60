"""Vitals and health: what came of updates is counted and logged, and what is wrong is said."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from telegram.ext import TypeHandler

from bot.addressing import LATE
from bot.current import Current
from bot.health import SILENCE, Health
from bot.inbox import ENDS, UNSURE
from bot.local_api.chats import ANN, GROUP
from bot.local_api.rules import ApiError
from bot.metrics import Metrics
from bot.state import State
from bot.tables import Letter
from bot.vitals import LAST, Vitals, note
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory
from tests.conftest import NOW
from tests.test_inbox import inbox_bot
from tests.test_inbox import world as world  # a fixture, by its own name

if TYPE_CHECKING:
    from pathlib import Path

    from telegram import Update

    from tests.test_inbox import World


def facts(caplog: pytest.LogCaptureFixture) -> list[tuple[str | None, str]]:
    """Kind and outcome of each update, as a machine reads them in the log."""
    said = [record.facts for record in caplog.records if hasattr(record, "facts")]
    return [(fact["kind"], fact["outcome"]) for fact in said]


async def test_each_update_is_one_line(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Its number, the command's name, what came of it and how long it took; no word of anybody."""
    caplog.set_level(logging.INFO, "bot.vitals")
    incoming = world.api.incoming
    world.api.chats.join(GROUP, ANN)
    late = incoming.message("/cost 2019", chat=GROUP)
    late["message"]["date"] -= LATE + 1
    updates = [
        incoming.message("what did my secret project cost in 2021?"),
        incoming.message("/chart cost"),
        incoming.message("xyzzy plugh"),
        incoming.message("/study"),
        incoming.inline_query("2030"),
        incoming.message("nothing for a bot", chat=GROUP),
        late,
        {"update_id": 99, "message": {"text": 5}},
    ]
    async with world.bot() as inbox:
        for update in updates:  # one after the other, so that the lines come in this order
            await inbox.receive([update])
            while len(inbox):
                await asyncio.sleep(0)
    assert facts(caplog) == [
        ("cost", "answered"),
        ("chart", "answered"),
        (None, "refused"),
        ("study", "refused"),
        ("project", "answered"),
        (None, "passed over"),
        (None, "unread"),
    ]
    lines = [record.getMessage() for record in caplog.records if hasattr(record, "facts")]
    assert lines[0].startswith(f"Update {updates[0]['update_id']}: answered, cost, ")
    assert not [
        line for line in lines if "2021" in line or "secret" in line or ANN.first_name in line
    ]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ApiError(403, "Forbidden: bot was blocked by the user"), "closed"),
        (ApiError(400, "Bad Request: something is wrong"), "failed"),
        (ApiError(504, "Gateway Timeout"), "set aside"),
    ],
)
async def test_what_fails_is_told_apart(
    error: ApiError, outcome: str, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Chats that are closed, defects, and what the network did not carry have their own names."""
    caplog.set_level(logging.INFO, "bot.vitals")
    for _ in range(UNSURE):
        world.api.refuse("sendMessage", error)
    async with world.bot() as inbox:
        await inbox.receive([world.api.incoming.message("/cost 2021")])
    assert facts(caplog) == [("cost", outcome)]
    assert inbox.vitals.outcomes == {outcome: 1}


async def test_what_a_stop_leaves_is_said(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that is given up for a stop is left for the next start, and counted as that."""
    caplog.set_level(logging.INFO, "bot.vitals")

    async def endless(update: Update, _: object) -> None:
        await asyncio.Event().wait()

    async with world.bot() as inbox:
        inbox._application.add_handler(TypeHandler(object, endless), group=-1)
        await inbox.receive([world.api.incoming.message("/cost 2021")])
        await asyncio.sleep(0)
        await inbox.close(0)
    assert facts(caplog) == [(None, "left")]


async def test_what_is_refused_is_told_apart(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Who may not change a group, by word or by button, and a button that is unknown."""
    caplog.set_level(logging.INFO, "bot")
    incoming = world.api.incoming
    world.api.chats.join(GROUP, ANN)
    panel = incoming.message("a panel", chat=GROUP)["message"]
    updates = [
        incoming.message("/settings headline", chat=GROUP),
        incoming.press(panel, "/settings headline"),
        incoming.press(panel, "nothing known"),
    ]
    async with world.bot() as inbox:
        for update in updates:
            await inbox.receive([update])
            while len(inbox):
                await asyncio.sleep(0)
    assert facts(caplog) == [("settings", "refused"), ("settings", "refused"), (None, "refused")]


async def test_what_ended_the_process_is_counted(world: World) -> None:
    """What is given up at the start was never answered."""
    async with world.bot():
        pass
    letter = Letter(inbox_bot(world), 7, ANN.id, int(NOW.timestamp()), 0, "{}")
    world.state.receive([letter])
    for _ in range(ENDS):
        world.state.try_again(letter)
    async with world.bot() as inbox:
        while len(inbox):
            await asyncio.sleep(0)
        assert inbox.vitals.outcomes == {"set aside": 1}


def test_outside_of_an_update_a_note_is_nobodys() -> None:
    """The terminal has no inbox; what is noted there is lost without harm."""
    note("answered", "cost")


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=60))
def test_percentiles_and_buckets_agree_with_the_latencies(latencies: list[int]) -> None:
    """As many latencies are counted as there were, and half of them are within p50."""
    now = 0.0
    vitals = Vitals(lambda: now)
    for latency in latencies:
        handling = vitals.begin()
        now += latency / 1000
        vitals.end(handling)
    assert sum(vitals.within) == len(latencies)
    assert vitals.seconds == pytest.approx(sum(latencies) / 1000)
    middle, most = vitals.percentile(0.5), vitals.percentile(1.0)
    assert middle is not None
    assert 2 * sum(latency / 1000 <= middle + 1e-6 for latency in latencies) >= len(latencies)
    assert most == pytest.approx(max(latencies) / 1000)


def test_only_the_last_latencies_count() -> None:
    """A bad hour is not in the percentiles for ever."""
    ticks = count()
    vitals = Vitals(lambda: float(next(ticks)))
    assert vitals.percentile(0.5) is None
    for number in range(LAST + 1):
        handling = vitals.begin()
        if number == 0:
            handling.began -= 1000
        vitals.end(handling)
    assert vitals.percentile(1.0) == 1


# --------------------------------------------------------------------------- health


class Patient:
    """A bot whose time, state and knowledge base can be had to fail."""

    def __init__(self, path: Path) -> None:
        self.now = 1000.0
        self.path = path
        self.state = State.open(str(path))
        self.kb = KnowledgeBase(build_memory())
        self.vitals = Vitals(lambda: self.now)
        self.vitals.mode = "polling"
        self.vitals.heard()
        self.health = Health(self.vitals, self.state, Current(self.kb))


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    """One that is well."""
    return Patient(tmp_path / "state.sqlite3")


def test_a_bot_is_well_while_it_hears_of_telegram(patient: Patient) -> None:
    """A poll may take its time; after a minute and a half without one something is wrong."""
    assert patient.health.trouble() is None
    patient.now += SILENCE
    assert patient.health.trouble() is None
    patient.now += 1
    assert patient.health.trouble() == "the last successful poll was 91 s ago"
    patient.vitals.heard()
    assert patient.health.trouble() is None


def test_a_bot_that_starts_is_not_well_yet(patient: Patient) -> None:
    """Before the first poll, and before it listens at all, nothing is said to work."""
    fresh = Vitals()
    health = Health(fresh, patient.state, Current(patient.kb))
    assert health.trouble() == "not listening yet"
    fresh.mode = "polling"
    assert health.trouble() == "not polling yet"
    fresh.mode = "webhook"
    assert health.trouble() is None


def test_a_state_that_cannot_be_written_is_trouble(patient: Patient) -> None:
    """Whether it can is tried by writing, since reading often still works; nothing stays."""
    patient.health.trouble()
    with closing(sqlite3.connect(patient.path)) as connection:
        assert connection.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        connection.execute("DROP TABLE inbox")
    assert patient.health.trouble() == "the state cannot be written: no such table: inbox"


def test_a_knowledge_base_that_cannot_be_read_is_trouble(patient: Patient) -> None:
    """It is read, not only open."""
    patient.kb.close()
    trouble = patient.health.trouble()
    assert trouble is not None
    assert trouble.startswith("the knowledge base cannot be read: ")
    assert "\n" not in trouble


# --------------------------------------------------------------------------- metrics


def samples(text: bytes) -> dict[str, float]:
    """What Prometheus reads: each sample with its labels."""
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


async def test_metrics_count_what_happened(world: World) -> None:
    """Each count is where Prometheus finds it, under names that stay."""
    async with world.bot() as inbox:
        updates = [
            world.api.incoming.message(text) for text in ("/cost 2021", "/chart cost", "hm?")
        ]
        await inbox.receive(updates)
        while len(inbox):
            await asyncio.sleep(0)
        found = samples(Metrics(inbox._application.bot_data[Health]).text())
    assert found["costcurve_updates_received_total{}"] == 3
    assert found['costcurve_updates_total{"outcome": "answered"}'] == 2
    assert found['costcurve_updates_total{"outcome": "refused"}'] == 1
    assert found['costcurve_updates_total{"outcome": "set_aside"}'] == 0
    assert found['costcurve_questions_total{"kind": "cost"}'] == 1
    assert found['costcurve_questions_total{"kind": "chart"}'] == 1
    assert found["costcurve_telegram_refusals_total{}"] == 0
    assert found["costcurve_telegram_retries_total{}"] == 0
    assert found["costcurve_pictures_total{}"] == 1
    assert found["costcurve_inbox{}"] == 0
    assert found["costcurve_latency_seconds_count{}"] == 3
    assert found['costcurve_latency_seconds_bucket{"le": "+Inf"}'] == 3
    assert found["costcurve_broadcasts_total{}"] == 0
    assert found["costcurve_allowance_refusals_total{}"] == 0
    assert "costcurve_poll_age_seconds{}" not in found  # nothing was polled


def test_metrics_say_what_runs(patient: Patient) -> None:
    """What runs and what it serves are labels, the age of the last poll is a value."""
    patient.now += 7
    found = samples(Metrics(patient.health).text())
    (info,) = [name for name in found if name.startswith("costcurve_info")]
    assert json.loads(info.removeprefix("costcurve_info")) == {
        "as_of": patient.kb.as_of.isoformat(),
        "knowledge": patient.kb.version,
        "mode": "polling",
        "version": "0.1.0",
    }
    assert found["costcurve_poll_age_seconds{}"] == 7
