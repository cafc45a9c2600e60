"""Numbers as people read them: exact where they are recorded, rounded where projected."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from knowledge.rates import Rate

AMOUNTS = st.floats(1e-6, 1e12)


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        (1, "$1"),
        (0.3, "$0.30"),
        (0.1 + 0.2, "$0.30"),
        (40_000, "$40,000"),
        (1234.5, "$1,234.50"),
        (0.01, "$0.01"),
        (0.0012231, "$0.0012"),
        (0.00999, "$0.010"),
        (0.0000012, "$0.0000012"),
        (1.5e-10, "$1.5e-10"),
        (0, "$0"),
    ],
)
def test_money(dollars: float, said: str) -> None:
    """Cents exactly from one cent up, two significant digits below."""
    assert wording.money(dollars) == said


@given(st.integers(1, 10**11))
def test_whole_cents_are_exact(cents: int) -> None:
    """Any amount of whole cents is said to the cent, whole dollars without cents."""
    whole, rest = divmod(cents, 100)
    assert wording.money(cents / 100) == f"${whole:,}" + (f".{rest:02}" if rest else "")


@given(st.integers(1, 10**6), st.sampled_from((100, 80, 50, 30, 15, 8, 4, 2)))
def test_volumes_of_recorded_costs_are_exact(number: int, cents: int) -> None:
    """So many calls at a recorded cost come to whole cents, whatever floats make of it."""
    whole, rest = divmod(number * cents, 100)
    said = wording.money(number * (cents / 100))
    assert said == f"${whole:,}" + (f".{rest:02}" if rest else "")


@given(AMOUNTS)
def test_money_is_never_nothing_nor_an_exponent(dollars: float) -> None:
    """Above a millionth of a dollar there is neither '$0.00' nor an exponent."""
    for said in (wording.money(dollars), wording.about(dollars), wording.price(dollars)):
        assert re.fullmatch(r"\$[\d,]+(\.\d+)?", said)
        assert re.search("[1-9]", said)


@given(AMOUNTS, st.sampled_from((2, 4)))
def test_projections_keep_their_digits(dollars: float, digits: int) -> None:
    """Two significant digits (four on receipts) are no further off than half the last one."""
    said = float(wording.about(dollars, digits).strip("$").replace(",", ""))
    assert said == pytest.approx(dollars, rel=0.5000001 * 10 ** (1 - digits))
    assert len(re.sub(r"[^\d]", "", f"{said:e}".partition("e")[0]).rstrip("0")) <= digits


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(7 / 15, "46.7%"), (0.2, "20%"), (0, "0%"), (1, "100%"), (0.9996, "99.96%"), (-0.05, "-5%")],
)
def test_percent(fraction: float, said: str) -> None:
    """One decimal, none where it is zero, and never 100% of what is less."""
    assert wording.percent(fraction) == said


@given(st.floats(0, 1, exclude_max=True))
def test_less_than_all_is_never_all(fraction: float) -> None:
    """A decline below 100% is never said to be 100%: nothing becomes free."""
    assert wording.percent(fraction) != "100%"


@pytest.mark.parametrize(
    ("rate", "said"), [(Rate(0.2, 0.3), "20–30%"), (Rate(0.428, 0.428), "42.8%")]
)
def test_rate(rate: Rate, said: str) -> None:
    """A range shows both ends with one sign."""
    assert wording.rate(rate) == said


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (wording.factor(50), "50×"),
        (wording.factor(6.25), "6.25×"),
        (wording.factor(1500), "1,500×"),
        (wording.duration(1.2416), "14.9 months (1.24 years)"),
        (wording.duration(3.106), "3.11 years (37 months)"),
        (wording.count(1, "inference"), "1 inference"),
        (wording.count(1250, "inference"), "1,250 inferences"),
        (wording.count(0, "study"), "0 studies"),
        (wording.years(2020, 2020), "2020"),
        (wording.years(2018, 2025), "2018–2025"),
        (wording.listed([]), ""),
        (wording.listed(["a"]), "a"),
        (wording.listed(["a", "b", "c"]), "a, b and c"),
        (wording.listed(["a", "b"], "or"), "a or b"),
        (wording.numbers([3, 1, 2, 5, 7, 8]), "1-3,5,7,8"),
        (wording.plain(1e15), "1000000000000000"),
        (wording.plain(0.0000001), "0.0000001"),
    ],
)
def test_said_plainly(said: str, wanted: str) -> None:
    """Factors, spans, counts and lists have one way of being said."""
    assert said == wanted


@given(st.sets(st.integers(1, 99), min_size=1))
def test_numbers_lose_nothing(values: set[int]) -> None:
    """Compact ranges name exactly the numbers given."""
    named: set[int] = set()
    for part in wording.numbers(values).split(","):
        first, _, last = part.partition("-")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == values


@given(st.floats(1e-9, 1e14))
def test_prices_lose_nothing(dollars: float) -> None:
    """An amount somebody gave is said back to twelve digits."""
    said = float(wording.price(dollars).strip("$").replace(",", ""))
    assert said == pytest.approx(dollars, rel=1e-5 if dollars < 1e-8 else 1e-9)
