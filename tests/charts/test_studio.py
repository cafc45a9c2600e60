"""The drawing process: one, low, replaced when it dies, and never waited for too long."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from msgspec.structs import force_setattr, replace

from bot.charts.picture import png
from bot.charts.studio import Busy, DrawingError, Studio
from tests.charts.samples import declines, fan, series

DIES = (sys.executable, "-c", "pass")
HANGS = (sys.executable, "-c", "import sys; sys.stdin.read()")


async def test_it_draws_what_png_draws() -> None:
    """The picture from the process is the picture, whichever process drew it."""
    studio = Studio()
    try:
        assert studio.pid is None
        assert await studio.draw(series(True)) == png(series(True))
        assert studio.pid not in (None, os.getpid())
    finally:
        await studio.close()
    assert studio.pid is None


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no nice values")
async def test_the_process_is_low_and_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing yields to answering, and the process has none of this program's environment."""
    monkeypatch.setenv("COSTCURVE_TEST_SECRET", "hidden")
    studio = Studio()
    try:
        await studio.draw(series(True))
        assert studio.pid is not None
        assert os.getpriority(os.PRIO_PROCESS, studio.pid) >= 10
        environment = Path(f"/proc/{studio.pid}/environ")
        if environment.exists():
            assert b"hidden" not in environment.read_bytes()
    finally:
        await studio.close()


async def test_one_picture_asked_twice_is_drawn_once() -> None:
    """Whoever asks while it is being drawn gets the same bytes, and takes no place in the queue."""
    studio = Studio(waiting=1)
    try:
        one, other = await asyncio.gather(studio.draw(fan(True)), studio.draw(fan(True)))
        assert one is other
    finally:
        await studio.close()


async def test_beyond_the_bound_it_is_busy() -> None:
    """A flood of different pictures is refused at once instead of piling up."""
    studio = Studio(waiting=2)
    charts = [replace(series(True), title=str(i)) for i in range(4)]
    try:
        said = await asyncio.gather(*map(studio.draw, charts), return_exceptions=True)
        assert [type(s) for s in said] == [bytes, bytes, Busy, Busy]
        assert struct.unpack(">II", (await studio.draw(charts[3]))[16:24]) == (1200, 800)
    finally:
        await studio.close()


async def test_a_killed_process_is_replaced() -> None:
    """The picture after a crash comes from a new process."""
    studio = Studio()
    try:
        await studio.draw(series(True))
        before = studio.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        assert await studio.draw(declines()) == png(declines())
        assert studio.pid != before
    finally:
        await studio.close()


async def test_a_process_that_keeps_dying_is_an_error() -> None:
    """It is replaced once a picture, not for ever."""
    studio = Studio(command=DIES)
    with pytest.raises(DrawingError, match="died twice"):
        await studio.draw(series(True))
    assert studio.pid is None
    await studio.close()


async def test_a_picture_that_takes_too_long_is_given_up() -> None:
    """The process is killed with it, and the next picture doesn't wait for it."""
    studio = Studio(command=HANGS, patience=0.2)
    with pytest.raises(DrawingError, match=r"within 0\.2 s"):
        await studio.draw(series(True))
    assert studio.pid is None
    await studio.close()


async def test_a_chart_that_fails_leaves_the_process_alive() -> None:
    """An error in one drawing comes back as its reason, and the same process draws the next."""
    studio = Studio()
    broken = replace(declines())
    force_setattr(broken, "bars", ())  # what its constructor refuses
    try:
        with pytest.raises(DrawingError, match="Error"):
            await studio.draw(broken)
        before = studio.pid
        assert await studio.draw(declines())
        assert studio.pid == before
    finally:
        await studio.close()


async def test_closing_gives_up_what_is_being_drawn() -> None:
    """Shutting down doesn't wait for pictures."""
    studio = Studio(command=HANGS)
    asked = asyncio.create_task(studio.draw(series(True)))
    while studio.pid is None:
        await asyncio.sleep(0)
    await studio.close()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert studio.pid is None


async def test_an_idle_process_is_let_go() -> None:
    """Memory is given back when nobody wants pictures, and the next one starts it again."""
    studio = Studio(idle=0.0)
    try:
        await studio.draw(series(True))
        while studio.pid is not None:
            await asyncio.sleep(0)
        assert await studio.draw(series(True))
    finally:
        await studio.close()


async def test_the_process_ends_with_the_program() -> None:
    """However the main program ends, the process sees its input end and goes."""
    code = (
        "import asyncio, os\n"
        "from bot.charts.studio import Studio\n"
        "from tests.charts.samples import series\n"
        "async def main():\n"
        "    studio = Studio()\n"
        "    await studio.draw(series(True))\n"
        "    print(studio.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    # The drawing process holds the error pipe too: reading to its end waits for both.
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(10):
        said, _ = await program.communicate()
    assert int(said) > 0
