"""What can be said of training: no dollar figures, but yearly rates that studies claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Choice, line
from bot.questions.citing import annual_rate, citations, the_studies
from bot.questions.published import PUBLISHED, beside_the_post, button

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


def no_training_figure(kb: KnowledgeBase) -> Answer:
    """The refusal, and the nearest thing there is."""
    studies = kb.studies(workload="training")
    rates = [rate for study in studies if (rate := annual_rate(study))]
    estimates = kb.studies(workload="training", collection=PUBLISHED)
    low, high = min(r.low for r in rates), max(r.high for r in rates)
    return Answer(
        "The post gives no dollar figures for training",
        (
            line(
                f"{len(rates)} of its {len(studies)} training studies claim yearly declines:"
                f" {wording.percent(low)} to {wording.percent(high)}."
            ),
            *citations(studies),
            *beside_the_post(estimates, "training cost"),
        ),
        the_studies(kb),
        choices=(
            Choice("Compare their rates", "/compare training"),
            Choice("Training studies", "/studies training"),
            *button(estimates, f"/compare {PUBLISHED} training"),
        ),
        outcome="refused",
    )
