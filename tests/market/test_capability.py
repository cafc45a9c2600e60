"""The price of a fixed capability, against a computation that was made apart from ours."""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from knowledge.build import DATA
from knowledge.errors import NumberError
from knowledge.market.capability import Fall, Floor, Stretch, follow
from knowledge.market.load import load

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.market.records import Level, ModelPrice

KNOWN = load(DATA)
# Computed by other people from the same prices and scores, before this code was written: a row
# for each change of the cheapest offer. It is a check, never a source.
with (Path(__file__).parent / "fixed_capability.csv").open(encoding="utf-8", newline="") as file:
    CHECK = list(csv.DictReader(file))
BY_LEVEL = {level.id: level for level in KNOWN.levels}


def fall_of(level: Level) -> Fall:
    return follow(level, KNOWN.prices, KNOWN.scores, KNOWN.as_of)


def as_the_check_saw_it(price: ModelPrice) -> ModelPrice:
    """Where two blends are equal, the check took the one that binary fractions make smaller.

    That is one tie: 0.05 in and 0.08 out blend to 0.0575 as 0.03 and 0.14 do, and came earlier.
    """
    if (price.provider, price.model) == ("deepinfra", "mistral-small-3"):
        return replace(price, input=price.input + 1e-8)
    return price


@pytest.mark.parametrize("level", KNOWN.levels, ids=lambda level: level.id)
def test_every_row_of_the_check(level: Level) -> None:
    """All columns of all 80 rows, to the digits that the check gives."""
    rows = [
        row
        for row in CHECK
        if row["benchmark"] == level.benchmark and float(row["threshold"]) == level.threshold
    ]
    prices = [as_the_check_saw_it(price) for price in KNOWN.prices]
    fall = follow(level, prices, KNOWN.scores, KNOWN.as_of)
    assert len(fall.changes) == len(rows)
    for floor, row in zip(fall.changes, rows, strict=True):
        so_far = Stretch(fall.floors[0], floor)
        assert level.title == row["level"]
        assert f"{floor.day:%Y-%m}" == row["date"]
        assert (floor.price.provider, floor.price.model) == (row["provider"], row["model"])
        assert floor.score == float(row["score"])
        assert floor.price.input == pytest.approx(float(row["input_usd_per_mtok"]))
        assert floor.price.output == float(row["output_usd_per_mtok"])
        assert floor.blended == pytest.approx(float(row["blended_usd_per_mtok"]), rel=5e-4)
        assert so_far.fold == pytest.approx(float(row["fold_since_start"]), rel=5e-4)
        assert f"{so_far.years:.2f}" == row["years_since_start"]
        given = row["decline_per_year_to_date"]
        assert (so_far.annual is None) == (given == "")
        assert so_far.annual is None or f"{so_far.annual:.3f}" == given
        assert fall.trend() == pytest.approx(float(row["trend_decline_per_year"]), abs=6e-4)
        assert 1 / (1 - fall.trend()) == pytest.approx(float(row["trend_fold_per_year"]), abs=6e-3)


def test_a_tie_of_decimals_is_a_tie() -> None:
    """The earlier of two offers at $0.0575 stays the cheapest, as the definition has it."""
    last = fall_of(BY_LEVEL["gpt-4-gpqa"]).floors[-1]
    assert (last.price.model, last.blended) == ("mistral-small-3", 0.0575)
    rival = next(p for p in KNOWN.prices if p.model == "gpt-oss-20b" and p.blended == 0.0575)
    assert rival.in_force(last.day)
    assert rival.valid_from > last.price.valid_from


def test_the_check_is_whole() -> None:
    """All 80 rows belong to one of our eight levels, so that none goes unlooked at."""
    levels = {(level.benchmark, level.threshold) for level in KNOWN.levels}
    assert len(CHECK) == 80
    assert {(row["benchmark"], float(row["threshold"])) for row in CHECK} == levels
    assert len(levels) == len(KNOWN.levels) == 8


@pytest.mark.parametrize(
    ("level", "fold", "a_year"),
    [  # the price's fold and its fall a year, end to end, as published beside the tables
        ("gpt-3", 3000, 0.73),
        ("gpt-3.5-2022", 800, 0.81),
        ("gpt-3.5", 80, 0.70),
        ("gpt-4-a16z", 652, 0.83),
        ("gpt-4", 534, 0.82),
        ("gpt-4-gpqa", 652, 0.83),
        ("gpt-4o", 104, 0.85),
        ("o1", 374, 0.95),
    ],
)
def test_end_to_end(level: str, fold: float, a_year: float) -> None:
    """From the first month to the state of the data."""
    whole = fall_of(BY_LEVEL[level]).whole
    assert whole.fold == pytest.approx(fold, abs=0.5)
    assert whole.annual == pytest.approx(a_year, abs=0.005)


def test_the_fall_slowed_at_the_end_of_2024() -> None:
    """Since December 2024 every level but o1's fell by 30% to 44% a year, far less than before."""
    for level in KNOWN.levels:
        fall = fall_of(level)
        recent = fall.since(date(2024, 12, 1)).annual
        assert recent is not None
        if level.id == "o1":  # it begins in that month
            assert fall.since(date(2024, 12, 1)) == fall.whole
        else:
            assert 0.295 < recent < 0.445
            assert fall.whole.annual is not None
            assert recent < fall.whole.annual
            assert fall.trend(date(2024, 12, 1)) < fall.trend()


def test_calendar_years_of_gpt_4() -> None:
    """2024 fell 214-fold, 2025 hardly; the years together are the whole."""
    fall = fall_of(BY_LEVEL["gpt-4"])
    years = fall.by_year()
    assert [year.end.day.year for year in years] == [2023, 2024, 2025, 2026]
    assert [round(year.fold, 3) for year in years] == [1.0, 214.286, 1.207, 2.064]
    assert math.prod(year.fold for year in years) == pytest.approx(fall.whole.fold)
    assert years[-1].years == pytest.approx(11 / 12)
    assert years[-1].end.day == date(2026, 11, 22)


def test_the_markets_figure_of_a_calendar_year(kb: KnowledgeBase) -> None:
    """GPT-4's level at a year's end; as of the data's state in the year that is not over."""
    figures = {year: kb.market.year_end(year) for year in range(2018, 2028)}
    assert {year: floor.blended for year, floor in figures.items() if floor} == {
        2023: 37.5,
        2024: 0.175,
        2025: 0.145,
        2026: 0.07025,
    }
    assert [str(floor.day) for floor in figures.values() if floor] == [
        "2023-12-31",
        "2024-12-31",
        "2025-12-31",
        "2026-11-22",
    ]


def test_the_reads_give_the_same_as_the_files(kb: KnowledgeBase) -> None:
    """What the tables of the built file give is what the files give, and is computed once."""
    for level in KNOWN.levels:
        assert kb.market.fall(level) == fall_of(level)
        assert kb.market.fall(level) is kb.market.fall(level)


def test_each_month_has_one_floor_on_its_last_day() -> None:
    """Without gaps, from the first month a model reached the level to the state of the data."""
    for level in KNOWN.levels:
        days = [floor.day for floor in fall_of(level).floors]
        months = [day.year * 12 + day.month for day in days]
        assert months == list(range(months[0], months[0] + len(months)))
        assert days[-1] == KNOWN.as_of
        assert all((date.fromordinal(day.toordinal() + 1)).day == 1 for day in days[:-1])


@given(level=st.sampled_from(KNOWN.levels), data=st.data())
def test_a_floor_is_the_cheapest_that_reaches(level: Level, data: st.DataObject) -> None:
    """A walk over all offers of a day finds nothing cheaper that had reached the level."""
    floor = data.draw(st.sampled_from(fall_of(level).floors))
    first = {model.id: model.first_priced for model in KNOWN.models}
    best: dict[str, float] = {}
    for score in KNOWN.scores:
        counts = score.counts_from or first[score.model]
        if score.benchmark == level.benchmark and counts <= floor.day:
            best[score.model] = max(score.score, best.get(score.model, 0))
    offers = [
        price
        for price in KNOWN.prices
        if price.in_force(floor.day) and best.get(price.model, 0) >= level.threshold
    ]
    assert floor.price == min(offers, key=lambda p: (p.blended, p.valid_from, p.provider))
    assert floor.score == best[floor.price.model]


def test_ties_go_to_the_earlier_offer_then_to_the_name() -> None:
    """Two offers at one blend: the order in which they came in does not matter."""
    level = BY_LEVEL["gpt-4"]
    price = next(p for p in KNOWN.prices if p.model == "gpt-4")
    twin = replace(price, provider="amazon")
    older = replace(price, valid_from=date(2023, 3, 1))
    for offers, first in (
        ((price, twin), twin),
        ((twin, price), twin),
        ((twin, older), older),
        ((older, twin), older),
    ):
        floors = follow(level, offers, KNOWN.scores, KNOWN.as_of).floors
        assert floors[0].price == first


def test_what_cannot_be_computed_is_told() -> None:
    """One clear sentence each, for the person who asked."""
    with pytest.raises(NumberError, match="no model in the table reaches MMLU 99"):
        fall_of(replace(BY_LEVEL["gpt-4"], threshold=99.0))
    fall = fall_of(BY_LEVEL["o1"])
    with pytest.raises(NumberError, match="has a price from 2024-12 on"):
        fall.since(date(2023, 1, 1))
    with pytest.raises(NumberError, match="at least two months"):
        fall.trend(KNOWN.as_of)


def test_a_level_that_nobody_sells_any_more_has_no_figure_of_the_year() -> None:
    """A year whose December is empty is not answered with a month before it."""
    floors = fall_of(BY_LEVEL["gpt-4"]).floors
    cut = Fall(BY_LEVEL["gpt-4"], tuple(f for f in floors if f.day != date(2024, 12, 31)))
    assert cut.year_end(2024) is None
    assert isinstance(cut.year_end(2023), Floor)
