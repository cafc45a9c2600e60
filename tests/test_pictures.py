"""Pictures of answers: each can be drawn, and shows the numbers that the answer says."""

from __future__ import annotations

import csv
import io
import itertools
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts.model import Bars, Chart, Curve, Ranges
from bot.charts.picture import svg
from bot.conversation import Conversation
from bot.pictures import picture
from bot.questions import QUESTIONS
from bot.questions.base import Question
from bot.questions.cost import Cost
from bot.questions.decline import Decline
from bot.questions.halving import Halving
from bot.questions.project import Project
from bot.questions.settle import settle
from bot.questions.study import Study
from bot.questions.when import When
from bot.values import HEADLINE, LATEST, TREND, Basis, Count, Years
from knowledge.errors import NumberError
from tests.charts.test_drawing import outside, parsed, texts
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Figure
    from knowledge.base import KnowledgeBase

    Ask = Callable[[str], Question]

EXAMPLES = [(kind.command, said) for kind in QUESTIONS for said in kind.examples]
PICTURED = {
    "cost", "decline", "project", "when", "halving", "backtest",
    "compare", "studies", "study", "check", "capability", "price", "scorecard", "bill",
}  # fmt: skip
WITH = [said for command, said in EXAMPLES if command in PICTURED]
WITHOUT = [said for command, said in EXAMPLES if command not in PICTURED]


@pytest.fixture(scope="module")
def ask(kb: KnowledgeBase) -> Ask:
    """The question that a message comes to."""
    talk = Conversation(kb)

    def asked(text: str) -> Question:
        question = talk.turn(text, NOW.date()).question
        assert isinstance(question, Question), f"not understood: {text}"
        return settle(question, kb)

    return asked


def drawn(question: Question, kb: KnowledgeBase, **how: bool) -> Chart:
    chart = picture(question, kb, **how)
    assert chart is not None
    return chart


def curve(question: Question, kb: KnowledgeBase, **how: bool) -> Curve:
    chart = drawn(question, kb, **how)
    assert isinstance(chart, Curve)
    return chart


def bars(question: Question, kb: KnowledgeBase) -> Bars:
    chart = drawn(question, kb)
    assert isinstance(chart, Bars)
    return chart


def ranges(question: Question, kb: KnowledgeBase) -> Ranges:
    chart = drawn(question, kb)
    assert isinstance(chart, Ranges)
    return chart


def numbers(chart: Chart) -> list[float]:
    """All numbers in the file of a picture's data."""
    cells = itertools.chain(*csv.reader(io.StringIO(chart.csv())))
    bare = ((cell, cell.replace(".", "").replace("e-", "").removeprefix("-")) for cell in cells)
    return [float(cell) for cell, digits in bare if digits.isdigit()]


def at(chart: Curve, year: float) -> list[float]:
    """The amounts of all lines in a year."""
    return [dollars for t in chart.lines for y, dollars in t.points if y == year]


@pytest.mark.parametrize("said", WITH)
def test_every_example_is_drawn(said: str, ask: Ask, kb: KnowledgeBase) -> None:
    """On both scales the picture is well-formed, whole, without words on words, and has a source.

    Only a study without an annual rate has no picture, a ranking of prices, and what money buys.
    """
    for linear in (False, True):
        chart = picture(ask(said), kb, linear=linear)
        if chart is None:
            asked = ask(said)
            assert not asked.pictured or all(f.unit != "fraction" for f in asked.answer(kb).figures)
            continue
        assert chart.title
        assert chart.subtitle
        assert (
            kb.source("post").publisher in chart.source
            or "list prices" in chart.source
            or any(
                kb.study(n).publication  # type: ignore[union-attr]  # answers show what there is
                for n in ask(said).answer(kb).studies
            )
        )
        assert kb.version in chart.source
        root = parsed(svg(chart))
        assert outside(root) == []
        for (one, a), (other, b) in itertools.combinations(texts(root), 2):
            assert a.overlap(b) == 0, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("said", WITHOUT)
def test_other_kinds_have_no_picture(said: str, ask: Ask, kb: KnowledgeBase) -> None:
    """What is no series, projection or scale of claims is not drawn."""
    assert picture(ask(said), kb) is None


@pytest.mark.parametrize(
    "question",
    [
        Cost(training="training"),
        Decline(training="training"),
        Project(years=Years((2030,)), training="training"),
        Study(study=4),
    ],
)
def test_what_has_no_figures_has_no_picture(question: Question, kb: KnowledgeBase) -> None:
    """Training has no dollars and study 4 no annual rate."""
    assert picture(question, kb) is None


@pytest.mark.parametrize("said", WITH)
def test_the_numbers_of_the_answer_are_in_the_picture(
    said: str, ask: Ask, kb: KnowledgeBase
) -> None:
    """Amounts, rates and years that the answer says are in the data of its picture, unrounded."""
    question = ask(said)
    chart = picture(question, kb)
    if chart is None:
        return
    found = numbers(chart)
    count = getattr(question, "count", None)
    for figure in question.answer(kb).figures:
        value = figure.value
        if figure.name.startswith("cost.") and count:
            value *= count.number
        if not summary(figure, chart):
            assert any(number == pytest.approx(value, rel=1e-8) for number in found), figure
    years = getattr(question, "years", None)
    if years and isinstance(chart, Curve):
        assert {years.first, years.last} <= set(found)


def summary(figure: Figure, chart: Chart) -> bool:
    """Is it a figure that no single point shows? Tests of their own look at those."""
    if isinstance(chart, Curve) and all(t.style == "steps" for t in chart.lines):
        return figure.name not in {"start", "end", "price"}
    if isinstance(chart, Curve) and any(t.style == "steps" for t in chart.lines):
        return True  # a bill, by one period of several: tests/test_bill.py
    if figure.unit == "fraction":
        return figure.name.startswith("error.") or figure.name.endswith(("median", "total"))
    if figure.name == "median":  # a range is drawn by its ends
        return any(b.level is None for b in getattr(chart, "bands", ()))
    return figure.unit not in {"USD", "year"} or figure.name == "price"


def test_the_record_and_the_forecast_are_apart(kb: KnowledgeBase) -> None:
    """The table is whole; its last row, the post's own forecast, is dashed, marked and shaded."""
    chart, series = curve(Cost(), kb), kb.series()
    record, forecast = chart.lines
    assert dict(record.points) | dict(forecast.points) == {p.year: p.value for p in series.points}
    assert (record.style, forecast.style) == ("record", "forecast")
    assert max(year for year, _ in record.points) == series.observed_until
    assert [m.year for m in chart.marks] == [series.last_year]
    assert chart.forecast_from == series.observed_until + 1
    assert chart.forecast_word == "the post's forecast"


def test_asked_years_are_marked(kb: KnowledgeBase) -> None:
    """What was asked is told from what stands beside it."""
    chart = curve(Cost(years=Years((2019, 2021))), kb)
    assert [m.label for m in chart.marks][:2] == ["2019: $0.80", "2021: $0.30"]


def test_a_count_multiplies_everything(kb: KnowledgeBase) -> None:
    """Amounts are for as many inferences as were asked for, and the subtitle says so."""
    million = Count(1e6, "month")
    one = curve(Project(years=Years((2030,))), kb)
    many = curve(Project(years=Years((2030,)), count=million), kb)
    assert "1,000,000 AI inferences a month" in many.subtitle
    assert many.dollars() == pytest.approx([1e6 * amount for amount in one.dollars()])


def test_the_fan_is_the_projection(kb: KnowledgeBase) -> None:
    """Each band ends at the interval that the answer gives for its level, an asked one too."""
    asked = Project(years=Years((2030,)), level=0.9)
    bands = {b.level: b.points[-1] for b in curve(asked, kb).bands}
    assert sorted(filter(None, bands)) == [0.5, 0.8, 0.9, 0.95]
    for level, (year, low, high) in bands.items():
        answer = replace(asked, level=level).answer(kb)
        assert (year, low, high) == (2030, answer.figure("low"), answer.figure("high"))
    assert bands[0.95][1:] == pytest.approx((0.0002443, 0.006124), rel=1e-3)


def test_a_range_is_drawn_by_its_ends(kb: KnowledgeBase) -> None:
    """A range of rates is an area without a probability, with a named line at each end."""
    asked = Project(years=Years((2032,)), basis=HEADLINE)
    chart, answer = curve(asked, kb), asked.answer(kb)
    assert [b.level for b in chart.bands] == [None]
    ends = {t.name: t.points[-1][1] for t in chart.lines if t.style == "projection"}
    assert ends == {"At 20%": answer.figure("high"), "At 30%": answer.figure("low")}


@pytest.mark.parametrize("basis", [None, TREND, Basis("study", study=5), Basis("rate", 0.1, 0.1)])
def test_all_bases_together(basis: Basis | None, kb: KnowledgeBase) -> None:
    """The standing bases are always there, and the asked one once; each ends as its answer says."""
    asked = Project(years=Years((2030,)), basis=basis)
    chart = curve(asked, kb, bases=True)
    ends = [t.points[-1][1] for t in chart.lines if t.style == "projection"]
    bases = dict.fromkeys((TREND, HEADLINE, LATEST, basis or TREND))
    expected = [replace(asked, basis=b).answer(kb).figure("median") for b in bases]
    assert ends == pytest.approx(expected)
    assert len({t.name for t in chart.lines}) == len(chart.lines)


def test_amounts_are_said_as_in_the_answer(kb: KnowledgeBase) -> None:
    """A projected amount has the answer's two digits, and a range of rates both of its ends."""
    million = Project(years=Years((2030,)), count=Count(1e6, "month"))
    said = [text for text, _ in texts(parsed(svg(curve(million, kb))))]
    assert "2030: $1,200" in said
    assert "$1,200" in million.answer(kb).headline
    every = curve(Project(years=Years((2030,))), kb, bases=True)
    assert "$0.0034–$0.0066" in [text for text, _ in texts(parsed(svg(every)))]


def test_the_crossing_is_marked(kb: KnowledgeBase) -> None:
    """The year of the answer has a mark below the line of the price, and the year before none."""
    chart = curve(When(money=0.001), kb)
    assert chart.threshold
    assert chart.threshold.dollars == 0.001
    mark = chart.marks[0]
    assert (mark.year, mark.dollars) == (2031, at(chart, 2031)[-1])
    assert at(chart, 2030)[-1] > 0.001 >= mark.dollars
    assert max(chart.years()) > mark.year


def test_both_crossings_of_a_range_are_marked(kb: KnowledgeBase) -> None:
    """The soonest year by the fast end and the latest by the slow one."""
    asked = When(money=0.002, basis=HEADLINE)
    years = [f.value for f in asked.answer(kb).figures]
    chart = curve(asked, kb)
    assert [m.year for m in chart.marks[:2]] == years
    assert all(m.dollars in at(chart, m.year) and m.dollars <= 0.002 for m in chart.marks[:2])


def test_what_is_not_reached_is_shown_so(kb: KnowledgeBase) -> None:
    """A price beyond all projections is a line that nothing crosses."""
    chart = curve(When(money=1e-9), kb)
    assert min(d for t in chart.lines for _, d in t.points) > 1e-9
    assert "Not by 2050" in chart.title


@pytest.mark.parametrize(
    "asked", [Halving(), Halving(basis=LATEST), Halving(years=Years((2019, 2023)))]
)
def test_halvings_are_marked(asked: Halving, kb: KnowledgeBase) -> None:
    """Each mark is half the one before, the answer's time later, and on the line."""
    chart, time = curve(asked, kb), asked.answer(kb).figure("halving.0")
    start = asked.years.first if asked.years else kb.series().last_year
    amount = kb.series().at(start) or 0.0
    marks = [m for m in chart.marks if m.year != kb.series().last_year]
    assert marks
    for i, mark in enumerate(marks, 1):
        assert (mark.year, mark.dollars) == pytest.approx((start + i * time, amount / 2**i))
        assert mark.dollars in at(chart, mark.year)


def test_declines_as_bars(kb: KnowledgeBase) -> None:
    """All years with the forecast flagged, the span's average and the headline beside them."""
    asked = Decline(years=Years((2020, 2025)))
    chart = bars(asked, kb)
    assert [b.label for b in chart.bars] == ["2021", "2022", "2023", "2024", "2025"]
    assert [b.label for b in chart.bars if b.forecast] == ["2025"]
    references = [(r.low, r.high) for r in chart.references]
    assert references[0] == (kb.headline.low, kb.headline.high)
    assert references[1][0] == asked.answer(kb).figure("annual")


def test_one_year_is_seen_among_all(kb: KnowledgeBase) -> None:
    """A single bar would compare with nothing."""
    chart = bars(Decline(years=Years((2023,))), kb)
    assert len(chart.bars) == len(kb.series().points) - 1
    assert chart.references[-1].low == pytest.approx(1 - 0.08 / 0.15)


def test_every_claim_is_on_the_scale(ask: Ask, kb: KnowledgeBase) -> None:
    """All studies, together by standing; those without annual rate are there without one."""
    chart = ranges(ask("/compare"), kb)
    assert {c.label for c in chart.claims} == {f"{s.number}. {s.title}" for s in kb.studies()}
    assert list(chart.groups()) == [
        "found as cited",
        "found elsewhere than cited",
        "not found where cited",
    ]
    assert sum(c.rates is None for c in chart.claims) == 5
    both = ranges(ask("training vs inference"), kb)
    assert {group.partition(",")[0] for group in both.groups()} == {"inference", "training"}


def test_a_claim_stands_first(ask: Ask, kb: KnowledgeBase) -> None:
    """A checked claim, and a single study, are the first row before those they compare with."""
    claim = ranges(ask("/check 30% a year"), kb).claims[0]
    assert claim.group == "the claim"
    assert claim.rates == pytest.approx((0.3, 0.3, 0.3))
    study = ranges(ask("/study 2"), kb).claims
    assert study[0].label == "2. The Hardware Lottery"
    assert sum(c.label == study[0].label for c in study) == 1


def test_a_claimed_total_is_a_line_beside_the_table(ask: Ask, kb: KnowledgeBase) -> None:
    """5x from 2020 to 2023 ends at a fifth; the table's own factor is the record's."""
    asked = ask("i heard it was 5x cheaper from 2020 to 2023")
    chart, answer = curve(asked, kb), asked.answer(kb)
    (_, before), (year, after) = chart.lines[-1].points
    assert before / after == pytest.approx(answer.figure("claimed"))
    assert before / at(chart, year)[0] == pytest.approx(answer.figure("table"))


def test_the_backtest_shows_what_was_said_and_what_came(ask: Ask, kb: KnowledgeBase) -> None:
    """Each origin's line differs from the record by the errors that the answer gives."""
    asked = ask("/backtest")
    chart, answer = curve(asked, kb), asked.answer(kb)
    record = dict(chart.lines[0].points)
    assert max(record) == kb.series().observed_until
    assert chart.forecast_from is None
    for line in chart.lines[1:]:
        origin = line.points[0][0]
        for year, said in line.points[1:]:
            error = answer.figure(f"error.{origin}.{year}")
            assert said / record[year] - 1 == pytest.approx(error)
    held = [lo <= record[y] <= hi for b in chart.bands for y, lo, hi in b.points[1:]]
    assert (sum(held), len(held)) == (answer.figure("held"), answer.figure("tests"))


@pytest.mark.parametrize("said", WITH)
def test_linear_changes_the_scale_alone(said: str, ask: Ask, kb: KnowledgeBase) -> None:
    """The same data on either scale; rates have but one."""
    chart, other = picture(ask(said), kb), picture(ask(said), kb, linear=True)
    if isinstance(chart, Curve):
        assert chart.log
        assert other == replace(chart, log=False)
    else:
        assert other == chart


def test_an_answer_that_is_none_is_no_picture(kb: KnowledgeBase) -> None:
    """What has no number raises as its answer does; what no scale can hold is not drawn."""
    with pytest.raises(NumberError):
        picture(Cost(years=Years((2010,))), kb)
    with pytest.raises(NumberError):
        picture(Project(years=Years((2090,))), kb)
    with pytest.raises(NumberError):
        picture(When(money=0), kb)
    assert picture(Project(years=Years((2030,)), count=Count(1e30)), kb) is None


asked_bases = st.sampled_from([TREND, HEADLINE, LATEST, Basis("study", study=3)]) | st.builds(
    lambda a, b: Basis("rate", min(a, b), max(a, b)), st.floats(0, 0.999), st.floats(0, 0.999)
)


@settings(max_examples=25)
@given(
    st.integers(2026, 2050), asked_bases, st.none() | st.floats(0.01, 0.999), st.floats(1e-3, 1e9)
)
def test_any_projection_can_be_drawn(
    kb: KnowledgeBase, year: int, basis: Basis, level: float | None, count: float
) -> None:
    """Whatever the basis, level and count: a picture or none, and the asked year in its data."""
    asked = Project(years=Years((year,)), basis=basis, level=level, count=Count(count))
    chart: Any = picture(asked, kb)
    if chart is not None:
        assert year in numbers(chart)
        assert outside(parsed(svg(chart))) == []


def test_describing_a_picture_loads_no_drawing() -> None:
    """Answers are ready before anything that draws is loaded."""
    code = "import sys, bot.pictures; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"resvg_py", "bot.charts.picture", "bot.charts.sheet", "bot.charts.curve"}
