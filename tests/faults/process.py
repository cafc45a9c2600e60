"""Process: the bot as people run it, killed, stopped and started again."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.server import FaultyServer

ROOT = Path(__file__).parents[2]
TOKEN = "123456:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"  # noqa: S105  # shaped like one, opens nothing
PATIENCE = 20.0  # seconds until a process that was told to end is killed


class Process:
    """One bot, or one of several, in a folder where its log is a file."""

    def __init__(
        self, folder: Path, server: FaultyServer, *mode: str, name: str = "bot", **environ: str
    ) -> None:
        self.folder = folder
        self._log = folder / f"{name}.log"
        self.mode = mode or ("polling",)
        self.state = folder / "state.sqlite3"
        self.knowledge = folder / "knowledge.sqlite3"
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "COSTCURVE_KNOWLEDGE": str(self.knowledge),
            "STATE_URL": str(self.state),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": server.root,
            "ANSWERS_PER_MINUTE": "0",
            **environ,
        }
        self.starts = 0
        self.stops: list[float] = []  # seconds that each orderly stop took
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """All that it has said."""
        return self._log.read_text() if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """Of the process that runs, or ran last."""
        return self._process.pid if self._process else 0

    @property
    def runs(self) -> bool:
        """Whether there is one."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it, unless it runs."""
        if self.runs:
            return
        self.starts += 1
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *self.mode),
                stderr=log,
                cwd=self.folder,
                env=self.environ,
                start_new_session=True,
            )

    async def kill(self) -> None:
        """End it as a lack of memory does: at once, in the middle of anything."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> None:
        """Ask it to stop, as service managers do."""
        before = time.monotonic()
        await self._end(signal.SIGTERM)
        self.stops.append(time.monotonic() - before)

    def freeze(self, *, frozen: bool) -> None:
        """Stop it as a debugger does, and let it go on; its connections stand meanwhile."""
        os.kill(self.pid, signal.SIGSTOP if frozen else signal.SIGCONT)

    async def _end(self, number: signal.Signals) -> None:
        if self._process is None or not self.runs:
            return
        self._process.send_signal(number)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def ended(self, patience: float) -> int | None:
        """The exit status, None if it still runs after so many seconds."""
        if self._process is None:
            return None
        try:
            async with asyncio.timeout(patience):
                return await self._process.wait()
        except TimeoutError:
            return None

    def limit(self, bytes_: int) -> None:
        """Let no file grow beyond this, as on a full disk; below 0 is no limit."""
        limit = resource.RLIM_INFINITY if bytes_ < 0 else bytes_
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def memory(self) -> float:
        """MiB that it holds in memory."""
        return resident(str(self.pid))


def resident(process: str) -> float:
    """MiB that a process, by its number or "self", holds in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
