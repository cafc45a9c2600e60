"""Studio: draws pictures in a process of its own, so that answers don't wait for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.charts.worker import HEAD, LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.charts.model import Chart

WAITING = 32  # pictures that may wait or be drawn at a time
PATIENCE = 10.0  # seconds for one picture
IDLE = 300.0  # seconds without a picture, after which the process is let go
KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")  # of the environment: what an interpreter may need
COMMAND = (sys.executable, "-m", "bot.charts.worker")


class DrawingError(Exception):
    """A picture could not be drawn. For the log; the asker gets the answer as text."""


class Busy(DrawingError):  # noqa: N818 - a state, and what the caller says
    """Too many pictures are waiting. For the asker: try again in a moment."""


class Studio:
    """Draws one picture at a time with low priority. Used from one event loop.

    The process starts with the first picture, without this program's environment and so without
    its secrets. It is no `multiprocessing` pool: that one can't stop a picture that takes too
    long, runs the main module again, and keeps a second process to track its locks.
    """

    def __init__(
        self,
        *,
        waiting: int = WAITING,
        patience: float = PATIENCE,
        idle: float = IDLE,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._most, self._patience, self._idle = waiting, patience, idle
        self._command = command
        self._drawings: dict[str, asyncio.Task[bytes]] = {}
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._leaving: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The drawing process, while there is one."""
        return self._process.pid if self._process else None

    async def draw(self, chart: Chart) -> bytes:
        """The chart as PNG. Who asks for a picture that is being drawn gets the same bytes.

        DrawingError: it could not be drawn, or not in time. Busy: too many are waiting.
        """
        key = chart.key()
        task = self._drawings.get(key)
        if task is None:
            if len(self._drawings) >= self._most:
                raise Busy(f"{len(self._drawings)} pictures are waiting")
            task = asyncio.create_task(self._drawn(pickle.dumps(chart)), name=f"draw {key}")
            self._drawings[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Give up what is being drawn, and end the process."""
        tasks = list(self._drawings.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stop()
        if self._leaving:
            await self._leaving

    def _finished(self, key: str, task: asyncio.Task[bytes]) -> None:
        del self._drawings[key]
        if not task.cancelled():
            task.exception()  # who asked has got it, or has gone

    async def _drawn(self, request: bytes) -> bytes:
        async with self._turn:
            if self._rest:
                self._rest.cancel()
            try:
                async with asyncio.timeout(self._patience):
                    good, reply = await self._asked(request)
            except TimeoutError:
                await self._stop()
                raise DrawingError(f"no picture within {self._patience:g} s") from None
            except (OSError, EOFError):
                await self._stop()
                raise DrawingError("the drawing process died twice") from None
            except asyncio.CancelledError:
                await self._stop()  # it is in the middle of a reply
                raise
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(self._idle, self._let_go)
        if not good:
            raise DrawingError(reply.decode(errors="replace"))
        return reply

    async def _asked(self, request: bytes) -> tuple[bool, bytes]:
        """The process's reply; from a new process when the old one is gone."""
        try:
            return await self._exchanged(request)
        except (OSError, EOFError):
            await self._stop()
            return await self._exchanged(request)

    async def _exchanged(self, request: bytes) -> tuple[bool, bytes]:
        process = self._process = self._process or await self._started()
        assert process.stdin is not None  # noqa: S101 - both are pipes, as _started asks
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(LENGTH.pack(len(request)) + request)
        await process.stdin.drain()
        good, length = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
        return bool(good), await process.stdout.readexactly(length)

    async def _started(self) -> asyncio.subprocess.Process:
        paths = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**kept, "PYTHONPATH": paths},
        )

    def _let_go(self) -> None:
        """End the idle process the kind way: its input ends."""
        process = self._process
        if process is not None and not self._turn.locked():
            self._process = None
            self._leaving = asyncio.create_task(_ended(process))

    async def _stop(self) -> None:
        if self._rest:
            self._rest.cancel()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of a process that is told to; its pipes are closed then."""
    if process.stdin:
        process.stdin.close()
    with contextlib.suppress(OSError):
        await process.communicate()
