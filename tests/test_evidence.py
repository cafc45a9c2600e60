"""Evidence beside the post: answers to people who doubt, looked up once more in the files."""

from __future__ import annotations

import html
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import pytest

from bot.charts.model import Curve
from bot.pictures import picture
from bot.questions.capability import Capability
from bot.questions.check import Check
from bot.questions.indices import indices
from bot.values import Claim
from knowledge.errors import NumberError
from tests.conftest import NOW
from tests.talk import command, say, shown
from tests.test_capability import LEVELS, PRICES, cheapest

if TYPE_CHECKING:
    from bot.answer import Answer
    from bot.conversation import Conversation
    from bot.questions.base import Question
    from knowledge.base import KnowledgeBase


def answered(text: str, talk: Conversation, kb: KnowledgeBase) -> Answer:
    asked: Question | None = talk.turn(text, NOW.date()).question  # type: ignore[assignment]  # all say what they ask
    assert asked is not None, text
    return asked.answer(kb)


# ----------------------------------------------------------------------------- below a price


@pytest.mark.parametrize("price", [20.0, 1.0, 0.1])
@pytest.mark.parametrize("level", LEVELS)
def test_the_first_month_below_a_price(level: str, price: float, kb: KnowledgeBase) -> None:
    """No month before it was that cheap, and it is: by one loop over the files."""
    answer = Capability(level=level, below=price).answer(kb)
    months = [floor.day for floor in kb.market.fall(kb.market.level(level)).floors]
    costs = {day: cheapest(level, day.isoformat()) for day in months}
    first = next(day for day in months if costs[day] <= price + 1e-12)
    assert (answer.figure("year"), answer.figure("month")) == (first.year, first.month)
    assert answer.figure("price") == pytest.approx(costs[first])
    assert ("never above it" in shown_of(answer)) == (first == months[0])
    again = any(costs[day] > price + 1e-12 for day in months if day > first)
    assert ("above it again" in shown_of(answer)) == again


def shown_of(answer: Answer) -> str:
    return " ".join(str(block) for block in answer.blocks)


def test_a_price_that_was_never_reached_is_no_forecast(
    talk: Conversation, kb: KnowledgeBase
) -> None:
    """It says what was the lowest, and that nothing is projected."""
    said = shown(say(talk, "when did gpt-4 level get below 5 cents"))
    lowest = min(
        cheapest("gpt-4", floor.day.isoformat())
        for floor in kb.market.fall(kb.market.level("gpt-4")).floors
    )
    assert "has not been at or below $0.05" in said
    assert f"${lowest:g}" in said
    assert "not projected" in said
    with pytest.raises(NumberError, match="above zero"):
        Capability(level="gpt-4", below=0.0).answer(kb)


def test_every_level_below_a_price(talk: Conversation) -> None:
    """Without a level all of them are told, with the month of each."""
    said = shown(say(talk, "/capability $1"))
    assert all(level in said for level in LEVELS)
    assert "07/2024" in said


def test_a_price_is_drawn_as_a_line(kb: KnowledgeBase) -> None:
    """The threshold and the month that answers the question are in the picture."""
    chart = picture(Capability(level="gpt-4", below=1.0), kb)
    assert isinstance(chart, Curve)
    assert chart.threshold
    assert chart.threshold.dollars == 1.0
    assert any(mark.label == "July 2024" for mark in chart.marks)


def test_a_price_follows_and_is_followed(talk: Conversation) -> None:
    """A day takes the place of a price, and the other way round."""
    assert command(say(talk, "/capability gpt-4 level 2024", "and below $1?")) == (
        "/capability gpt-4 level $1"
    )
    assert command(say(talk, "/capability gpt-4 level $1", "and in 2024?")) == (
        "/capability gpt-4 level 2024"
    )


# ----------------------------------------------------------------------------- raised prices


def raised(year: int | None = None) -> tuple[int, int]:
    """Rises and changes of a blend, of one model at one provider, from the file alone."""
    order = sorted(PRICES, key=lambda p: (p["provider"], p["model"], p["valid_from"]))
    changes = []
    for _, of_one in groupby(order, key=lambda p: (p["provider"], p["model"])):
        for old, new in pairwise(of_one):
            before, after = (3 * float(p["input"]) + float(p["output"]) for p in (old, new))
            if abs(before - after) > 1e-9 and str(year or "") in new["valid_from"][:4]:
                changes.append(after > before)
    return sum(changes), len(changes)


@pytest.mark.parametrize("year", [None, 2024, 2025])
def test_raised_prices_are_counted(year: int | None, talk: Conversation, kb: KnowledgeBase) -> None:
    """How many of all changes were rises, in all or in a year."""
    answer = answered(f"/price raised {year or ''}", talk, kb)
    assert (answer.figure("rises"), answer.figure("changes")) == raised(year)


def test_a_year_without_a_rise(talk: Conversation, kb: KnowledgeBase) -> None:
    """None is an answer as well."""
    answer = answered("/price raised 2021", talk, kb)
    assert answer.figure("rises") == 0
    assert answer.source


def test_a_single_rise_is_one(talk: Conversation, kb: KnowledgeBase) -> None:
    """One is not said in the plural."""
    assert raised(2024)[0] == 1
    assert answered("/price raised 2024", talk, kb).headline.endswith(" in 2024 was a rise")


@pytest.mark.parametrize("year", [2019, 2030])
def test_a_year_without_a_change(year: int, talk: Conversation, kb: KnowledgeBase) -> None:
    """Where nothing is known to have changed, the answer says which time is known."""
    answer = answered(f"/price raised {year}", talk, kb)
    assert answer.headline == f"No change of a list price in {year} is known"
    assert "Those that are known are from " in shown_of(answer)


# ----------------------------------------------------------------------------- claims, sources


@pytest.mark.parametrize("decline", [0.1, 0.25, 0.35, 0.6, 0.9, 0.999])
def test_a_claim_is_set_against_what_others_measured(decline: float, kb: KnowledgeBase) -> None:
    """Published estimates of a fixed capability's price, and what list prices did lately."""
    said = shown_of(Check(claim=Claim(decline, decline)).answer(kb))
    (recent,) = [[s for s in indices(kb) if s.since]]
    low = min(rate.low for s in recent for rate in s.rates)
    high = max(rate.high for s in recent for rate in s.rates)
    (line,) = [b for b in said.split("Line(") if "List prices" in b]
    inside = low - 0.001 <= decline <= high + 0.001
    assert ("is inside it" in line) == inside
    assert ("below it" in line) == (decline < low - 0.001)
    assert "9 published estimates" in said


def test_where_prices_come_from(talk: Conversation, kb: KnowledgeBase) -> None:
    """How many there are, how many tables show them, and as of when."""
    answer = answered("how sure are you about these prices", talk, kb)
    assert answer.figure("prices") == len(PRICES)
    known = ("first day", "public record")
    late = sum(p["start_known"].startswith(known) for p in PRICES)
    assert answer.figure("late") == late
    assert f"{kb.market.as_of:%B %Y}" in answer.headline


def test_what_the_check_finds_is_cited(talk: Conversation, kb: KnowledgeBase) -> None:
    """The bot says what its own check says: nothing is known only to whoever runs it."""
    said = html.unescape(shown(say(talk, "what are the weaknesses of your data")))
    assert kb.findings()
    for finding in kb.findings():
        assert finding.says[1:] in said
    assert "280x is said to be 18 months, its dates span 23" in said


def test_rises_are_told_beside_falls(talk: Conversation) -> None:
    """Training at a fixed quality gets cheaper, the frontier's does not: both are said."""
    said = shown(say(talk, "is training getting cheaper or more expensive"))
    assert "training cost at fixed quality" in said
    assert "frontier training, which rises" in said


def test_a_status_is_told_with_all_others(talk: Conversation) -> None:
    """Two found is half a truth: how many were not is said as well."""
    said = shown(say(talk, "how many of the post's sources actually exist"))
    assert "Of all 17 citations of the post: 12 not found, 3 found elsewhere, 2 found." in said
