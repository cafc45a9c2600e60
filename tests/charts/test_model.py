"""Charts as data: keys, CSV, and what can't be drawn."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import types

import pytest
from msgspec.structs import replace

from bot.charts import base
from bot.charts.model import Bar, Bars, Chart, Claim, Curve, Ranges, Trace
from tests.charts.samples import SAMPLES, declines, fan, series


def in_a_new_process(code: str) -> str:
    run = [sys.executable, "-c", code]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our code


def test_equal_charts_have_one_key() -> None:
    """The key is the content: a chart built again finds the kept picture, also after a restart."""
    assert fan(True).key() == fan(True).key()
    # Pinned: it must not depend on the process, its hash seed or the machine.
    code = "from tests.charts.samples import fan; print(fan(True).key())"
    said = in_a_new_process(code)
    assert said == fan(True).key()


def test_any_change_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Different data, words or scale, or a new way of drawing, are a different picture."""
    chart = series(True)
    others = [
        replace(chart, title="x"),
        replace(chart, log=False),
        replace(chart, marks=()),
        replace(chart, lines=chart.lines[:1]),
        declines(),
    ]
    keys = {chart.key(), *(other.key() for other in others)}
    monkeypatch.setattr(base, "DRAWING", base.DRAWING + 1)
    keys.add(chart.key())
    assert len(keys) == len(others) + 2
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys)


def test_all_samples_have_keys_of_their_own() -> None:
    """No two kinds of chart share a key."""
    assert len({chart.key() for chart in SAMPLES.values()}) == len(SAMPLES)


def test_csv_gives_a_curve_back() -> None:
    """Every point is in the CSV with its full value."""
    chart = fan(True)
    rows = list(csv.DictReader(io.StringIO(chart.csv())))
    for trace in chart.lines:
        points = tuple(
            (float(r["year"]), float(r["dollars"]))
            for r in rows
            if (r["what"], r["name"]) == (trace.style, trace.name)
        )
        assert points == trace.points
    for band in chart.bands:
        ends = tuple(
            (float(r["year"]), float(r["low"]), float(r["high"]))
            for r in rows
            if r["what"] == "range" and r["name"] == f"{band.level:.0%}"
        )
        assert ends == band.points


def test_csv_gives_bars_and_claims_back() -> None:
    """Words with commas, quotes and line ends survive; what has no rate stays empty."""
    name = 'a "b", c\nd'
    bars = Bars("t", "s", "w", (Bar(name, 1 / 3), Bar("2025", -0.5, forecast=True)))
    ranges = Ranges("t", "s", "w", (Claim(name, "g", (0.1, 1 / 3, 0.5)), Claim("x", "g", None)))
    first, second = csv.DictReader(io.StringIO(bars.csv(), newline=""))
    assert (first["what"], first["name"], float(first["low"])) == ("record", name, 1 / 3)
    assert (second["what"], float(second["low"])) == ("forecast", -0.5)
    first, second = csv.DictReader(io.StringIO(ranges.csv(), newline=""))
    assert (first["name"], float(first["middle"])) == (name, 1 / 3)
    assert (second["name"], second["low"]) == ("x", "")


@pytest.mark.parametrize("dollars", [0.0, -1.0, float("nan"), float("inf"), 1e300, 1e-300])
def test_what_cannot_be_drawn_is_refused(dollars: float) -> None:
    """A wrong amount is an error where the chart is made, not an odd picture later."""
    with pytest.raises(ValueError, match="'t'"):
        Curve("t", "s", "w", (Trace("a", ((2020, 1.0), (2021, dollars))),))


def test_a_chart_without_rows_is_none() -> None:
    """Every kind of chart says what its data are; one that does not cannot be made."""
    bare = types.new_class("Bare", (base.Picture,), {"frozen": True})
    with pytest.raises(TypeError, match="rows"):
        bare("title", "subtitle", "source")


def test_empty_charts_are_refused() -> None:
    """A picture shows something."""
    with pytest.raises(ValueError, match="a line with a point"):
        Curve("t", "s", "w", (Trace("a", ()),))
    with pytest.raises(ValueError, match="numbers"):
        Bars("t", "s", "w", ())
    with pytest.raises(ValueError, match="nothing to show"):
        Ranges("t", "s", "w", ())


@pytest.mark.parametrize("chart", SAMPLES.values(), ids=list(SAMPLES))
def test_every_line_of_csv_is_as_wide_as_its_header(chart: Chart) -> None:
    """CSV is one table."""
    assert len({len(row) for row in chart.rows()}) == 1


def test_describing_a_chart_loads_nothing_that_draws() -> None:
    """Questions build charts on the way to every answer: only the standard library may load."""
    code = "import sys, bot.charts.model; print([m for m in sys.modules if m.startswith('bot')])"
    said = in_a_new_process(code)
    assert said == "['bot', 'bot.charts', 'bot.charts.base', 'bot.charts.model']"
