"""Claims: what people repeat, set against the post's table, headline and studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.local_api.chats import GROUP, Person
from bot.questions.check import Check
from bot.values import Claim, Years

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from tests.conftest import ChatDriver


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("is it true that inference gets 10x cheaper every year?", "/check 90% a year"),
        ("he says costs fall 20% a year", "/check 20% a year"),
        ("i heard it halves every 18 months", "/check 37.0039% a year"),
        ("they say it got 25x cheaper since 2020", "/check 96% in total 2020-2025"),
        ("is it true that it fell 40% in 2021", "/check 40% in total 2021"),
        ("is it true that prices drop by 20 to 30 percent a year", "/check 20-30% a year"),
    ],
)
async def test_a_claim_is_read_as_one(chat: ChatDriver, said: str, command: str) -> None:
    """A claim in any form comes to a decline a year or in total."""
    assert command in await chat(said)


def test_a_yearly_claim_is_placed(kb: KnowledgeBase) -> None:
    """Below, inside or above, and by how many percentage points."""
    answer = Check(claim=Claim(0.9, 0.9)).answer(kb)
    table = 1 - 0.02 ** (1 / 7)
    assert answer.figure("table") == pytest.approx(table)
    assert f"{100 * (0.9 - table):.1f} points above" in answer.headline
    assert "points below" in Check(claim=Claim(0.1, 0.1)).answer(kb).headline
    assert "includes the table" in Check(claim=Claim(0.3, 0.5)).answer(kb).headline
    assert "agrees" in Check(claim=Claim(table, table)).answer(kb).headline


@pytest.mark.parametrize(
    ("decline", "years", "verdict"),
    [
        (0.9, (2019, 2023), "that is right"),
        (0.99, (2019, 2023), "10× what the table says"),
        (0.5, (2019, 2023), "the table says more, 5× the claim"),
        (0.4, (2021,), "that is right"),
    ],
)
def test_a_total_claim_is_set_against_the_years_it_names(
    kb: KnowledgeBase, decline: float, years: tuple[int, ...], verdict: str
) -> None:
    """The table's own factor over the same years decides; one year is on the year before."""
    claim = Claim(decline, decline, total=True)
    assert (
        verdict in Check(claim=claim, years=Years(years, span=len(years) > 1)).answer(kb).headline
    )


def test_a_range_in_total_is_judged_by_its_nearest_part(kb: KnowledgeBase) -> None:
    """20 to 30 percent is below the 40% of 2021; 30 to 50 percent holds it."""
    year = Years((2021,))
    below = Check(claim=Claim(0.2, 0.3, total=True), years=year).answer(kb)
    assert below.figure("claimed") == pytest.approx(1 / 0.7)
    assert "table says more" in below.headline
    holding = Check(claim=Claim(0.3, 0.5, total=True), years=year).answer(kb)
    assert "that is right" in holding.headline


async def test_a_reply_with_check_takes_the_other_message(chat: ChatDriver) -> None:
    """/check in reply to somebody's message is about what that message claims."""
    await chat("inference gets 10x cheaper every year, trust me", chat=GROUP, user=Person(7, "Bea"))
    other = chat.said
    assert "/check 90% a year" in await chat("/check", chat=GROUP, reply_to=other)


async def test_an_impossible_claim_gets_a_sentence(chat: ChatDriver) -> None:
    """Nothing falls by 100% or more."""
    assert "below 100%" in await chat("/check 120% a year")
