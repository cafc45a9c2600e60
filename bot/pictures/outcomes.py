"""Pictured outcomes: what was said a year, and the yearly rates that came at every level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.charts.model import Claim, Ranges, Reference
from bot.pictures.curves import credit
from bot.questions.levels import full
from bot.questions.published import label
from bot.questions.verdicts import by_trend, everything, last_year_over, of_study
from knowledge.trend import DEFAULT_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.questions.scorecard import Scorecard
    from bot.questions.verdicts import Said
    from knowledge.base import KnowledgeBase


def scorecard(asked: Scorecard, kb: KnowledgeBase) -> Ranges:
    """All that was said with what came, or one estimate over the levels it is judged at."""
    answer = asked.answer(kb)
    source = credit(answer.source, kb) if answer.source else ""
    if asked.study is None:
        return Ranges(
            answer.headline,
            "Decline a year, said → came since; a bar is what was said, a mark the list price of"
            " one level of capability: different things",
            source,
            tuple(_card(kb)),
            factors=True,
        )
    study = kb.study(asked.study)
    said = of_study(study, kb) if study else None
    if study is None or said is None:  # the answer says so
        raise LookupError(f"study {asked.study} is not judged")
    reference = Reference(
        said.said.low, said.said.high, f"{wording.rate(said.said)}: {label(study)}"
    )
    rows = tuple(
        Claim(full(o.level), f"Since {said.start:%B %Y}", (o.annual, o.annual, o.annual))
        for o in said.outcomes
    )
    subtitle = "Decline a year at list prices, on a scale of factors; what was said is marked"
    return Ranges(answer.headline, subtitle, source, rows, (reference,), factors=True)


def _card(kb: KnowledgeBase) -> Iterator[Claim]:
    """Forecasts, what was found before, and what the default projection would have said."""
    post, row, *studies = everything(kb)
    said = f"Said by the post, {post.start:%B %Y}"
    yield from (_row(wording.initial(e.called), e, said) for e in (post, row))
    yield from (_row(e.name, e, "Found before by published estimates") for e in studies)
    level = wording.percent(DEFAULT_LEVEL)
    group = f"By the table's trend at a year's end, for {last_year_over(kb)}, {level} interval"
    yield from (_row(e.name, e, group) for e in by_trend(kb))


def _row(name: str, entry: Said, group: str) -> Claim:
    came = entry.came
    return Claim(
        name,
        group,
        (came.low, came.middle, came.high),
        tuple((outcome.level.id, outcome.annual) for outcome in entry.outcomes),
        (entry.said.low, entry.said.high),
    )
