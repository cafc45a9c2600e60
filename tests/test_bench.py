"""The benchmark's own arithmetic, and that what it measures is what it says; no times in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.conversation import Conversation
from tests.bench.__main__ import PARTS, main
from tests.bench.figures import Figure, percentile, ratio, table
from tests.bench.grown import of_prices, of_studies
from tests.bench.inside import ORDINARY, questions
from tests.corpus import TODAY
from tests.talk import say, shown

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


def test_a_ratio_is_of_the_same_round() -> None:
    """A round on a slow machine counts like any other, since both halves were slow."""
    assert ratio([2, 40, 3], [1, 20, 1]) == 2


def test_a_share_of_values_stays_within_its_percentile() -> None:
    """The 99th of a hundred, however they are ordered."""
    assert percentile(range(100, 0, -1), 0.99) == 100
    assert percentile([5], 0.99) == 5


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("a", 1.1, 1.1), True),
        (Figure("a", 1.2, 1.1), False),
        (Figure("a", 1.2, 0.9, least=True), True),
        (Figure("a", 0.8, 0.9, least=True), False),
        (Figure("a", 9), None),
    ],
)
def test_a_goal_is_a_ceiling_or_a_floor(figure: Figure, met: bool | None) -> None:
    """What has no goal is only told; the table says of the others whether they are met."""
    assert figure.met is met
    said = table([figure]).splitlines()[1]
    assert (" met" in said, " missed" in said) == (met is True, met is False)


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """With all that there are."""
    with pytest.raises(SystemExit) as ended:
        main(["inside", "outsize"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "outsize" in said
    assert all(part in said for part in PARTS)


def test_questions_are_typed_of_ordinary_length_and_all_different() -> None:
    """Whatever the corpus grows to."""
    asked = questions()
    assert len(asked) == len(set(asked)) >= 300
    assert all(len(text) in ORDINARY and text[0] != "/" for text in asked)


def test_studies_made_up_are_found_by_topic(kb: KnowledgeBase) -> None:
    """A grown knowledge base is one: they are searched, counted and rated like the shipped."""
    grown = of_studies(60)
    assert len(grown.studies(collection=None)) == len(kb.studies(collection=None)) + 60
    made = grown.studies(collection="published")[-1]
    assert made.estimates
    talk = Conversation(grown)
    assert shown(say(talk, f"/study {made.number}")).startswith(f"<b>{made.number}. {made.title}")
    assert "published estimates on this" in shown(say(talk, "studies about pruning"))


def test_prices_made_up_are_looked_up() -> None:
    """Each model has a price after its first day, from either of its sellers."""
    kb = of_prices(40)
    made = [model for model in kb.market.models() if model.id.startswith("made-")]
    assert len(made) == 10
    assert all(kb.market.price(model.id, TODAY) for model in made)
