"""As a service: from an installation that nobody may change, as nobody in particular."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.local_api import LocalBotApi
from tests.bot_api_server import PATIENCE, serving
from tests.conftest import ROOT
from tests.test_modes import TOKEN, answers, started
from tests.test_readme import README

if TYPE_CHECKING:
    from pathlib import Path

# Root passes over every mode of a file, unless it gives up what lets it.
POWERLESS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
PYTHON = (*POWERLESS, sys.executable)

pytestmark = pytest.mark.skipif(
    bool(POWERLESS) and shutil.which("setpriv") is None,
    reason="run by root without setpriv, nothing is read-only here",
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Of a service: the program read-only, one folder of its own, and no home."""
    for package in ("bot", "knowledge"):
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / "app" / package, ignore=left_out)
    for place in [*(tmp_path / "app").rglob("*"), tmp_path / "app"]:
        place.chmod(0o555 if place.is_dir() else 0o444)
    (tmp_path / "own").mkdir(mode=0o700)
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(tmp_path / "app"),
        "COSTCURVE_KNOWLEDGE": str(tmp_path / "own" / "knowledge.sqlite3"),
        "STATE_URL": str(tmp_path / "own" / "state.sqlite3"),
    }


def ended(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, from the root folder or its home."""
    return subprocess.run(  # noqa: S603  # our own program
        [*PYTHON, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        cwd=environ.get("HOME", "/"),
        env=environ,
        timeout=4 * PATIENCE,
    )


async def test_it_serves_without_a_home(environ: dict[str, str], tmp_path: Path) -> None:
    """Answers and pictures come, and all that is written lies in the folder of its own, private."""
    api = LocalBotApi(token=TOKEN)
    async with serving(api) as server, started(environ, server, python=PYTHON) as bot:
        await bot.until("is listening")
        api.deliver(api.incoming.message("/cost 2023"))
        api.deliver(api.incoming.message("/chart cost"))
        await server.until(lambda: any(call.method == "sendPhoto" for call in api.calls))
        assert "$0.08" in answers(api)[0]
        private = {file.stat().st_mode & 0o077 for file in (tmp_path / "own").glob("state*")}
        assert private == {0}
        assert await bot.terminate() == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["app", "own"]
    assert not list((tmp_path / "app").rglob("__pycache__"))


NOWHERE: list[tuple[tuple[str, ...], dict[str, str], str]] = [
    (("ask", "cost 2023"), {"COSTCURVE_KNOWLEDGE": ""}, "set COSTCURVE_KNOWLEDGE to a file that"),
    (("ask", "cost 2023"), {"COSTCURVE_KNOWLEDGE": "{app}/k"}, "set COSTCURVE_KNOWLEDGE to a file"),
    (("polling",), {"STATE_URL": "", "TELEGRAM_BOT_TOKEN": TOKEN}, "STATE_URL: "),
    (("polling",), {"STATE_URL": "{app}/state", "TELEGRAM_BOT_TOKEN": TOKEN}, "STATE_URL: "),
    (("backup", "{app}/copy"), {}, "is not there yet"),
    (("restore", "{app}/copy"), {}, "No such file"),
]


@pytest.mark.parametrize(("arguments", "changed", "sentence"), NOWHERE)
def test_what_cannot_be_written_is_one_sentence(
    environ: dict[str, str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    changed: dict[str, str],
    sentence: str,
) -> None:
    """With a home that cannot be written either, the last line says which setting helps."""
    app = str(tmp_path / "app")
    environ |= {name: value.format(app=app) for name, value in changed.items()}
    run = ended(environ | {"HOME": app}, *(argument.format(app=app) for argument in arguments))
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-1].startswith("costcurve: ")
    assert sentence in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


def test_a_file_of_settings_that_is_closed_is_named(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """An .env that belongs to somebody else stops the start: what it says may matter."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".env").write_text("LOG_LEVEL=DEBUG\n")
    for closed, mode in ((home / ".env", 0o000), (home, 0o600)):
        closed.chmod(mode)
        python = subprocess.run(  # noqa: S603  # our own program
            [*PYTHON, "-c", STARTED_IN, str(home)], env=environ, capture_output=True, text=True
        )
        assert python.returncode == 2
        assert re.fullmatch(r"costcurve: .*\.env cannot be read.*\n", python.stderr)
        closed.chmod(0o700)


# a process cannot be started in a folder that is closed to it, but a folder can be closed later
STARTED_IN = """
import os, sys
from pathlib import Path
from bot import __main__ as program
program.Path = lambda name: Path(sys.argv[1]) / name
sys.exit(program.main(["ask", "cost 2023"]))
"""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The README's unit, with a program that is there."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not on this machine, so nobody can say if the unit is good")
    (text,) = re.findall(r"```ini\n(\[Unit\]\n.*?)```", README, re.S)
    path = tmp_path / "costcurve.service"
    path.write_text(text.replace("/opt/costcurve/bin/costcurve", sys.executable))
    return path


@pytest.mark.parametrize(
    "check", [("verify",), ("security", "--offline=true", "--threshold=20", "--no-pager")]
)
def test_the_unit_is_sound_and_hardened(unit: Path, check: tuple[str, ...]) -> None:
    """systemd reads every line of it, and finds little that the service could do beyond its work.

    The threshold is an exposure of 2.0 of 10.
    """
    found = subprocess.run(  # noqa: S603  # systemd's own check
        ["systemd-analyze", *check, str(unit)],  # noqa: S607  # from wherever it lies
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout[-600:] + found.stderr
    assert "costcurve" not in found.stderr
