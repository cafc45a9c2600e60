"""Charts in plain characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.charts.model import Band, Curve, Trace
from bot.charts.plot import text
from tests.charts.samples import SAMPLES, claims, declines, fan
from tests.charts.test_drawing import bars, curves, ranged

if TYPE_CHECKING:
    from bot.charts.model import Chart


@settings(max_examples=40, deadline=None)
@given(st.one_of(curves, bars, ranged), st.integers(40, 120))
def test_any_chart_fits_the_terminal(chart: Chart, width: int) -> None:
    """No line is longer than asked, and nothing in it can steer the terminal."""
    for line in text(chart, width).split("\n"):
        assert len(line) <= width
        assert line.isprintable()


@pytest.mark.parametrize("name", list(SAMPLES))
def test_the_plot_says_title_and_source(name: str) -> None:
    """A plot that is copied says what it shows and where it is from."""
    said = " ".join(text(SAMPLES[name]).split())
    assert " ".join(SAMPLES[name].title.split()) in said
    assert SAMPLES[name].source in said


def test_a_curve_names_its_lines_with_their_ends() -> None:
    """What a picture writes at the end of a line stands in the key."""
    said = text(fan(True))
    assert "A Trend, 2030: $0.0012" in said
    assert "○ Post's forecast, 2025: $0.02" in said
    assert "$0.001 ┤" in said


def test_bars_and_claims_say_their_numbers() -> None:
    """Each row ends with its figure; what is forecast or has no rate says so."""
    assert "▒ 50% forecast" in text(declines())
    assert "29.3–50%" in text(claims(17))
    assert "no annual rate" in text(claims(17))


def test_a_line_that_ends_within_a_year_says_in_which_month() -> None:
    """Nobody reads 2029.89 as a date; what held until a year began ended in the one before."""
    now = 2026.8904  # 22 November
    curve = Curve(
        "Title",
        "Subtitle",
        "Source",
        (
            Trace("Listed", ((2024.5, 3.0), (now, 2.0)), "steps"),
            Trace("Ended", ((2024.5, 3.0), (2025.0, 2.0)), "steps"),
            Trace("Rate", ((now, 2.0), (now + 3, 1.0)), "projection"),
        ),
        (Band(None, ((now, 2.0, 2.0), (now + 3, 0.5, 1.5)), "Rate"),),
    )
    said = text(curve)
    assert "Listed, November 2026: $2" in said
    assert "Ended, December 2024: $2" in said
    assert "Rate, November 2029: $1" in said
    assert "Rate, in November 2029 $0.50 to $1.5" in said
