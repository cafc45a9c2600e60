"""Inside: what an update costs in the process alone, without a network and without the inbox."""

from __future__ import annotations

import gc
import itertools
import json
import random
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters
from telegram.request import BaseRequest

from bot.app import build_application
from bot.config import Secret, Settings
from bot.state import State
from bot.tables import Letter
from knowledge.base import KnowledgeBase
from tests.bench.echo import echo
from tests.bench.figures import Figure, against, percentile, ratio
from tests.bench.loopback import ME, asked
from tests.bench.process import TOKEN
from tests.corpus import cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from telegram.ext import Application

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]

EACH = 300  # updates of a kind in one round
ORDINARY = range(20, 46)  # characters of a typed question
FEW = 100  # questions, in the many wordings in which people ask them
KEPT = 500  # updates that are kept and done with in one round


class Instant(BaseRequest):
    """A Bot API that has its answers ready, so that no side pays for making them."""

    def __init__(self) -> None:
        chat = {"id": 1, "type": "private", "first_name": "P"}
        sent = {"message_id": 1, "date": 1_700_000_000, "from": ME, "chat": chat, "text": "x" * 300}
        self._me, self._sent = _answer(ME), _answer(sent)

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Part of BaseRequest; there is nothing to open."""

    async def shutdown(self) -> None:
        """Part of BaseRequest; there is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: Any = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """The answer; what is asked is made into what would be sent."""
        if request_data is not None:
            _ = request_data.json_parameters
        return 200, self._me if url.endswith("getMe") else self._sent


def _answer(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def questions() -> list[str]:
    """Typed questions of ordinary length from the corpus, in a fixed random order."""
    texts = {
        case.text
        for case in cases()
        if len(case.text) in ORDINARY and case.text[0] != "/" and case.accepted[0][0] == "/"
        if " >> " not in case.text  # that is a whole conversation
    }
    return random.Random(1).sample(sorted(texts), len(texts))  # noqa: S311  # no secret


async def inside(knowledge: Path, rounds: int) -> list[Figure]:
    """What commands and typed questions cost, against an echo of the same text."""
    ours, echoes = _ours(knowledge), _echo()
    typed, people = questions(), itertools.count(1001)
    few, fresh = typed[:FEW], itertools.cycle(typed)
    rows: dict[str, tuple[float | None, Callable[[], Iterable[str]]]] = {
        "in-process: /cost": (0.8, lambda: ["/cost 2023"]),
        "in-process: /study": (0.8, lambda: ["/study 2"]),
        "in-process: /project": (0.8, lambda: ["/project 2030"]),
        "in-process: a typed question that others ask as well": (5, lambda: few),
        "in-process: a typed question, all different": (None, lambda: islice(fresh, EACH)),
    }
    times: dict[str, tuple[list[float], list[float]]] = {what: ([], []) for what in rows}
    async with ours, echoes:
        gc.collect()
        gc.freeze()  # as the bot does after its start
        for number in range(-1, rounds):
            for what, (_, said) in rows.items():
                texts = list(said())
                pair = [await _block(a, texts, people) for a in (ours, echoes)]
                if number >= 0:  # the first round warms up
                    times[what][0].append(pair[0])
                    times[what][1].append(pair[1])
    return [
        Figure(what, ratio(*times[what]), goal, seen=against(*times[what], 1e6, "µs"))
        for what, (goal, _) in rows.items()
    ]


def _ours(knowledge: Path) -> AnyApplication:
    settings = Settings(token=Secret(TOKEN), answers_per_minute=0)
    return build_application(settings, KnowledgeBase.open(knowledge), request=Instant())


def _echo() -> AnyApplication:
    builder = ApplicationBuilder().token(TOKEN).updater(None).job_queue(None)
    application = builder.request(Instant()).get_updates_request(Instant()).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


async def _block(application: AnyApplication, texts: list[str], people: Iterator[int]) -> float:
    """The median of the seconds that updates take, one by one, each of another person.

    What is asked several times has been asked once before: its answer is known.
    """
    found = []
    once = len(texts) if len(texts) < EACH else 0
    for number, text in enumerate(islice(itertools.cycle(texts), once + EACH)):
        update = Update.de_json(asked(text, next(people)), application.bot)
        before = time.perf_counter()
        await application.process_update(update)
        if number >= once:
            found.append(time.perf_counter() - before)
    return median(found)


async def kept(_: Path, rounds: int) -> list[Figure]:
    """What it costs to keep an update on the disk, and to be done with it."""
    found = []
    with tempfile.TemporaryDirectory(prefix="costcurve-bench-") as folder:
        state = State.open(str(Path(folder) / "state.sqlite3"))
        for number in range(1, KEPT * rounds):
            body = json.dumps(asked("what did a call cost in 2023?", number))
            before = time.perf_counter()
            letter = Letter(1, number, number, int(time.time()), 0, body)
            state.receive([letter])
            state.done(letter)
            found.append(time.perf_counter() - before)
        state.close()
    seen = f"p99 {percentile(found, 0.99) * 1e3:.2g} ms"
    return [Figure("an update kept and done with", median(found) * 1e3, 0.2, "ms", seen=seen)]
