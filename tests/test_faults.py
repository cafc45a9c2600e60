"""The harness of faults: a few seconds of it, to see that it still works."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.faults import weather
from tests.faults.__main__ import main
from tests.faults.world import run

if TYPE_CHECKING:
    from tests.faults.world import World


async def test_a_kill_in_bad_weather_loses_nothing() -> None:
    """The process is killed once while requests fail: every question has its answer."""

    async def trouble(world: World, seconds: float) -> None:
        world.weather.set(0.2, *weather.SERVER[:3], *weather.CUT)
        await asyncio.sleep(seconds / 2)
        world.mark()
        await world.bot.kill()
        await world.bot.start()
        await asyncio.sleep(seconds / 2)

    found = await run(trouble, seconds=2.0, seed=1, a_second=10.0)
    assert found.asked > 10
    assert found.answered == found.asked
    assert found.good, "\n".join(found.lines())


def test_an_unknown_scenario_is_told_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing runs, and the names are listed."""
    with pytest.raises(SystemExit):
        main(["calm", "storm"])
    assert "there is no scenario storm; there are calm, kill" in capsys.readouterr().err
