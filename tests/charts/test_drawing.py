"""What is drawn: well-formed, inside the canvas, without words on words."""

from __future__ import annotations

import hashlib
import itertools
import re
import struct
import xml.etree.ElementTree as ET
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts import look, ranges
from bot.charts.base import DRAWING
from bot.charts.letters import FILES, cut, fitted, readable, width, wrap
from bot.charts.model import (
    Band,
    Bar,
    Bars,
    Chart,
    Claim,
    Curve,
    Mark,
    Ranges,
    Reference,
    Threshold,
    Trace,
)
from bot.charts.picture import png, svg
from bot.charts.places import spread
from bot.charts.scales import axis_money, linear_ticks, log_ticks, year_ticks
from bot.charts.sheet import Anchor, Box, text_box
from bot.wording import percent
from tests.charts.samples import (
    FORECAST,
    RECORD,
    SAMPLES,
    bases,
    basis,
    claims,
    crossing,
    fan,
    projected_declines,
    series,
)

NS = "{http://www.w3.org/2000/svg}"
words = st.text(max_size=60) | st.integers(0, 60).map("W".__mul__)
years = st.integers(1990, 2060)
dollars = st.floats(1e-12, 1e9)
rates = st.floats(-2, 1)
references = st.lists(
    st.builds(lambda a, b, t: Reference(min(a, b), max(a, b), t), rates, rates, words), max_size=3
).map(tuple)
traces = st.builds(
    lambda name, points, style: Trace(name, tuple(sorted(points.items())), style),
    words,
    st.dictionaries(years, dollars, min_size=1, max_size=12),
    st.sampled_from(["record", "forecast", "projection", "origin"]),
)
points_of_bands = st.dictionaries(years, st.tuples(dollars, dollars), min_size=1, max_size=8)
bands = st.builds(
    lambda level, ends: Band(level, tuple((y, *sorted(e)) for y, e in sorted(ends.items()))),
    st.sampled_from([0.5, 0.8, 0.95, None]),
    points_of_bands,
)
curves = st.builds(
    Curve,
    words,
    words,
    words,
    st.lists(traces, min_size=1, max_size=7).map(tuple),
    st.lists(bands, max_size=3).map(tuple),
    st.lists(st.builds(Mark, years, dollars, words), max_size=2).map(tuple),
    st.none() | st.builds(Threshold, dollars, words),
    st.booleans(),
    st.none() | years,
    words,
)
bars = st.builds(
    Bars,
    words,
    words,
    words,
    st.lists(st.builds(Bar, words, rates, st.booleans()), min_size=1, max_size=30).map(tuple),
    references,
)


def scaled(some: st.SearchStrategy[float], *, factors: bool) -> st.SearchStrategy[Ranges]:
    """Ranges of some rates, on a scale of rates or of factors."""
    spans = st.lists(some, min_size=3, max_size=3).map(sorted).map(tuple)
    ends = st.lists(some, min_size=2, max_size=2).map(sorted).map(tuple)
    marks = st.lists(st.tuples(words, some), max_size=4).map(tuple)
    groups = st.sampled_from("abcdefg")
    judged = st.builds(Claim, words, groups, spans, marks, ends)
    claimed = st.builds(Claim, words, groups, st.none() | spans) | judged
    beside = st.builds(lambda a, b, t: Reference(min(a, b), max(a, b), t), some, some, words)
    return st.builds(
        Ranges,
        words,
        words,
        words,
        st.lists(claimed, min_size=1, max_size=12).map(tuple),
        st.lists(beside, max_size=3).map(tuple),
        st.just(factors),
    )


ranged = scaled(rates, factors=False) | scaled(st.floats(-50, 0.9999), factors=True)


def parsed(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - we wrote it


def texts(root: ET.Element) -> list[tuple[str, Box]]:
    """The words in a picture with the boxes they take."""
    found = []
    for e in root.iter(f"{NS}text"):
        x, y, size = (float(e.attrib[name]) for name in ("x", "y", "font-size"))
        anchor = cast("Anchor", e.get("text-anchor", "start"))
        said = e.text or ""
        box = text_box(x, y, said, size, anchor, e.get("font-weight") == "700")
        if e.get("transform"):  # a quarter turn to the left around where it begins
            left, right = x + box.top - y, x + box.bottom - y
            box = Box(left, y - box.right + x, right, y - box.left + x)
        found.append((said, box))
    return found


def outside(root: ET.Element) -> list[str]:
    """What reaches over the canvas."""
    canvas = Box(0, 0, float(root.attrib["width"]), float(root.attrib["height"]))
    wrong = [text for text, box in texts(root) if not canvas.holds(box)]
    for e in root.iter():
        said = e.get("points") or e.get("d")
        if said:
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", said)]
            for x, y in zip(numbers[::2], numbers[1::2], strict=True):
                if not canvas.holds(Box(x, y, x, y)):
                    wrong.append(f"{e.tag} {x} {y}")
        elif e.tag == f"{NS}circle":
            x, y, r = (float(e.attrib[name]) for name in ("cx", "cy", "r"))
            if not canvas.holds(Box(x - r, y - r, x + r, y + r)):
                wrong.append(f"circle {x} {y}")
    return wrong


@pytest.mark.parametrize("name", list(SAMPLES))
def test_no_words_on_words(name: str) -> None:
    """In the pictures that the bot draws no text covers another, and nothing is cut off."""
    root = parsed(svg(SAMPLES[name]))
    boxes = texts(root)
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert a.overlap(b) == 0, f"{one!r} covers {other!r}"
    assert outside(root) == []


@settings(max_examples=40, deadline=None)
@given(st.one_of(curves, bars, ranged))
def test_any_chart_is_well_formed_and_inside(chart: Chart) -> None:
    """Whatever the words and numbers, the SVG parses and nothing leaves the canvas."""
    root = parsed(svg(chart))
    assert outside(root) == []


def test_the_same_chart_is_the_same_picture() -> None:
    """Placing labels is deterministic."""
    assert svg(fan(True)) == svg(fan(True))


def test_the_drawing_number_is_raised_with_the_look() -> None:
    """Kept pictures are found by a key with DRAWING in it: a new look needs a new number.

    When this fails because the look was changed on purpose, raise DRAWING and pin the new digest.
    """
    said = "".join(svg(SAMPLES[name]) for name in sorted(SAMPLES))
    assert (DRAWING, hashlib.sha256(said.encode()).hexdigest()[:12]) == (3, "cfa30e223cc0")


@pytest.mark.parametrize("last", [2025, 2027, 2030])
def test_every_bar_says_its_number(last: int) -> None:
    """However narrow: turned then, inside the bar, and so off the lines that run behind it."""
    chart = projected_declines(last)
    root = parsed(svg(chart))
    numbers = [percent(bar.fraction) for bar in chart.bars]
    said = [(text, box) for text, box in texts(root) if text in numbers]
    assert [text for text, _ in said] == numbers
    rects = [
        Box(x, y, x + wide, y + high)
        for x, y, wide, high in (
            [float(e.attrib[name]) for name in ("x", "y", "width", "height")]
            for e in root.iter(f"{NS}rect")
        )
        if wide < look.WIDTH / 5
    ]
    assert all(any(rect.holds(box) for rect in rects) for _, box in said)


def test_lines_on_each_other_are_both_seen() -> None:
    """Of equal projections the dashes take turns; each has its own color, end and label."""
    ends = {"Latest 50%": look.BLUE, "Study 5: 50%": look.PALETTE[1]}
    chart = Curve("t", "s", "w", (RECORD, FORECAST, *(basis(name, 0.5) for name in ends)))
    root = parsed(svg(chart))
    dashed = {e.get("stroke"): e for e in root.iter(f"{NS}path") if e.get("stroke-dasharray")}
    lines = [dashed[color] for color in ends.values()]
    assert len({line.attrib["d"] for line in lines}) == 1
    offsets = [float(line.attrib["stroke-dashoffset"]) for line in lines]
    dash, gap = (float(n) for n in lines[0].attrib["stroke-dasharray"].split())
    assert abs(offsets[0] - offsets[1]) >= dash
    assert abs(offsets[0] - offsets[1]) + dash <= dash + gap
    radii = [
        float(e.attrib["r"])
        for color in ends.values()
        for e in root.iter(f"{NS}circle")
        if e.get("fill") == color
    ]
    assert radii == sorted(set(radii), reverse=True)
    assert set(ends) <= {text for text, _ in texts(root)}


def test_what_is_projected_is_said_rounded() -> None:
    """At the edge stand two digits, as in answers: more would claim to know more."""
    million = Trace("Trend", ((2025, 20_000.0), (2030, 1223.4)), "projection")
    record = Trace("Table", ((2024, 40_123.0), (2025, 20_000.0)))
    marks = (Mark(2030, 1223.4, "2030"),)
    said = [text for text, _ in texts(parsed(svg(Curve("", "", "", (record, million), (), marks))))]
    assert "2030: $1,200" in said
    assert "$40,123" in said
    assert not any("1,223" in text for text in said)


def test_no_color_of_a_line_is_that_of_marks() -> None:
    """A ring or a threshold is never in the color of a projection."""
    chart = replace(bases(True), marks=crossing(True).marks, threshold=crossing(True).threshold)
    root = parsed(svg(chart))
    rings = {e.get("stroke") for e in root.iter(f"{NS}circle") if e.get("fill") == "none"}
    assert rings == {look.INK}
    assert look.INK not in look.PALETTE


def test_words_are_escaped() -> None:
    """Markup in what a person typed is shown, not obeyed."""
    title = "<script>&\"'</script>]]>"
    root = parsed(svg(Bars(title, "", "", (Bar("&lt;", 0.5),))))
    assert [text for text, _ in texts(root)][:1] == [title]
    assert any(text == "&lt;" for text, _ in texts(root))


def test_characters_without_letters_are_replaced() -> None:
    """What the font lacks is made plainer or a question mark; controls vanish."""
    assert readable("Épaule  ½\tœuvre") == "Épaule ½ œuvre"
    assert readable("①\u200d🙂\x00") == "1?"
    assert not any(readable(chr(code)) for code in range(32))
    assert readable("a\ud800") == "a?"


@pytest.mark.parametrize("wide", [1200, 600])
def test_png_has_the_size_asked_for(wide: int) -> None:
    """A curve is 3 by 2."""
    data = png(series(True), wide)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (wide, wide * 2 // 3)


def test_many_claims_stay_within_what_telegram_takes() -> None:
    """Width and height together are at most 10000; what is left out is counted."""
    root = parsed(svg(claims(400)))
    assert float(root.attrib["width"]) + float(root.attrib["height"]) <= 10000
    assert f"and {400 - ranges.MOST} more" in [text for text, _ in texts(root)]


def test_a_forecast_says_so_in_words_and_dashes() -> None:
    """Color is never the only sign of what has not happened yet."""
    said = svg(series(True))
    assert ">forecast<" in said
    assert "stroke-dasharray" in said
    assert look.SHADE in said


def test_long_titles_shrink_or_wrap_but_stay_whole() -> None:
    """A title is cut only where three lines don't hold it."""
    room = look.WIDTH - 2 * look.MARGIN
    title = "What an inference costs in 2030 depends a lot on the basis that is chosen for it"
    size, lines = fitted(title, ((48, 1), (46, 2)), room, bold=True)
    assert " ".join(lines) == title
    assert size >= 44
    assert max(width(line, size, True) for line in lines) <= room


@given(words, st.floats(40, 400))
def test_wrapping_loses_nothing(text: str, room: float) -> None:
    """Lines hold every character but the spaces at breaks, and are no wider than the room."""
    lines = wrap(readable(text), 30, room)
    assert "".join(lines).replace(" ", "") == readable(text).replace(" ", "")
    assert all(width(line, 30) <= room or len(line) == 1 for line in lines)
    assert width(cut(readable(text), 30, room), 30) <= room


def test_both_faces_have_the_same_letters() -> None:
    """What is readable in one weight is in the other."""
    from bot.charts.letters import _advances

    assert set(_advances(True)) == set(_advances(False))
    assert all(path.exists() for path in FILES.values())
    assert next(iter(FILES.values())).with_name("OFL.txt").exists()


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(10, 60)), max_size=8))
def test_spread_labels_never_overlap(wanted: list[tuple[float, float]]) -> None:
    """Along an edge labels keep their order and their distance."""
    ordered = sorted(wanted)
    heights = [high for _, high in ordered]
    centers = spread([at for at, _ in ordered], heights, 0, 500)
    tops = [c - h / 2 for c, h in zip(centers, heights, strict=True)]
    for top, high, below in zip(tops, heights, tops[1:], strict=False):
        assert top + high <= below + 1e-6
    assert all(top >= -1e-6 for top in tops)


def test_axes_have_plain_ticks() -> None:
    """Powers of ten and round numbers, in plain dollars."""
    assert [axis_money(t) for t in log_ticks(0.0005, 2)] == ["$0.001", "$0.01", "$0.10", "$1"]
    assert [axis_money(t) for t in log_ticks(0.015, 1.2)][:3] == ["$0.02", "$0.05", "$0.10"]
    assert [axis_money(t) for t in linear_ticks(0, 1)] == [
        "$0", "$0.20", "$0.40", "$0.60", "$0.80", "$1",
    ]  # fmt: skip
    assert axis_money(1e-8) == "$10⁻⁸"
    assert axis_money(2e8) == "$200M"
    assert year_ticks(2018, 2030, 700, 98) == list(range(2018, 2031, 2))
