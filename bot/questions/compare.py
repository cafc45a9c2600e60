"""All claims on one annual scale: sorted, with range and median, beside headline and table."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, line
from bot.manner import BOLDEST, Extreme
from bot.names import WORKLOADS, Workloads
from bot.questions.base import Question, question, slot
from bot.questions.citing import (
    annual_rate,
    claim,
    rates_in_short,
    standing_word,
    table_rate,
    the_studies,
)
from bot.titles import STUDIES
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.rates import Rate
    from knowledge.records import Study


@dataclass(frozen=True, slots=True)
class Ranked:
    """A study with its claim per year."""

    study: Study
    rate: Rate


@question
class Compare(Question):
    command = "compare"
    usage = "[n m ...] [inference | training]"
    summary = "the studies' claims on one annual scale"
    cues = (
        """
        compare, compared, comparing, comparison, versus, vs, side by side, next to each other,
        rank, ranking, agree, disagree, all claims, range of claims, range of the claims,
        difference, differ, faster than, slower than, more than, quicker than, against
        """,
        """
        which one, which of them, which study, which studies, which paper, who, claim, claims,
        claiming, promise, promises, study, studies, paper, papers, research, author, authors,
        estimate, estimates, says, predicts, believes
        """,
    )
    bare = ("studies", "workloads")
    along = ("boldest",)
    examples = (
        "/compare",
        "/compare 1 5 7",
        "compare studies 2 and 6",
        "which paper claims the fastest drop",
        "who is the most pessimistic",
        "training vs inference",
        "/compare training lowest",
        "the hardware lottery against the carbon footprint paper",
    )

    studies: tuple[int, ...] | None = slot(STUDIES, default=None)
    workloads: Workloads | None = slot(WORKLOADS, default=None)
    boldest: Extreme | None = slot(BOLDEST, default=None)

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """Inference alone is every question's subject, not a comparison."""
        return super().alone(values) and values.get("workloads") != "inference"

    def answer(self, kb: KnowledgeBase) -> Answer:
        chosen = self._chosen(kb)
        if self.boldest and ranked(chosen):
            return _extreme(kb, self.boldest, chosen, whole=not self.studies)
        if self.workloads == "both" and not self.studies:
            return _by_workload(kb)
        return _scale(kb, chosen, whole=not self.studies)

    def caption(self, kb: KnowledgeBase) -> Answer:
        answer = self.answer(kb)
        return replace(answer, blocks=(*rates_in_short(self._chosen(kb)), _yardsticks(kb)))

    def _chosen(self, kb: KnowledgeBase) -> tuple[Study, ...]:
        if not self.studies:
            return kb.studies(workload=None if self.workloads == "both" else self.workloads)
        chosen = [kb.study(n) for n in self.studies]
        absent = [n for n, study in zip(self.studies, chosen, strict=True) if study is None]
        if absent:
            raise NumberError(
                f"there is no study {wording.listed([str(n) for n in absent], 'or')}:"
                f" they are numbered 1 to {len(kb.studies())}"
            )
        return tuple(study for study in chosen if study)


def ranked(studies: Sequence[Study]) -> list[Ranked]:
    """Those with an annual rate, the largest first by its middle; ties by number."""
    found = [Ranked(s, r) for s in studies if (r := annual_rate(s))]
    return sorted(found, key=lambda x: (-round(x.rate.middle, 9), x.study.number))


def _scale(kb: KnowledgeBase, studies: Sequence[Study], *, whole: bool) -> Answer:
    order = ranked(studies)
    without = [s for s in studies if annual_rate(s) is None]
    blocks: list[Block] = [_entry(r) for r in order]
    if without:
        said = "; ".join(f"{s.number}. {s.title}: {claim(s.estimates[0])}" for s in without)
        blocks.append(line(f"No annual rate, as they state no period: {said}."))
    blocks.append(_yardsticks(kb))
    headline, figures = _summary(order)
    choices = [Choice(f"Study {r.study.number}", f"/study {r.study.number}") for r in order[:4]]
    if whole:
        choices = [
            Choice("Inference", "/compare inference"),
            Choice("Training", "/compare training"),
        ]
    return Answer(
        headline,
        tuple(blocks),
        the_studies(kb),
        figures,
        tuple(choices),
        (*(r.study.number for r in order), *(s.number for s in without)),
    )


def _summary(order: Sequence[Ranked]) -> tuple[str, tuple[Figure, ...]]:
    if not order:
        return "No annual rate can be compared", ()
    low, high = min(r.rate.low for r in order), max(r.rate.high for r in order)
    middle = statistics.median(r.rate.middle for r in order)
    figures = (
        Figure("low", low, "fraction"),
        Figure("high", high, "fraction"),
        Figure("median", middle, "fraction"),
    )
    if len(order) == 1:
        return f"{wording.rate(order[0].rate)} a year", figures
    span = f"{wording.percent(low)} to {wording.percent(high)} a year"
    return f"{len(order)} claims, {span}, median {wording.percent(middle)}", figures


def _entry(entry: Ranked) -> Line:
    study = entry.study
    return line(
        f"{wording.rate(entry.rate)}: {study.number}. {study.title}"
        f" ({study.workload}, {standing_word(study)})"
    )


def _yardsticks(kb: KnowledgeBase) -> Line:
    return line(
        f"Beside them: the post's headline {wording.rate(kb.headline)}, its table"
        f" {wording.rate(table_rate(kb))} a year."
    )


def _extreme(kb: KnowledgeBase, which: Extreme, studies: Sequence[Study], *, whole: bool) -> Answer:
    order = ranked(studies)
    ends = {
        r.study.number: round(r.rate.high if which == "highest" else r.rate.low, 9) for r in order
    }
    best = (max if which == "highest" else min)(ends.values())
    ties = [r for r in order if ends[r.study.number] == best]
    if which == "highest":
        # a range that only reaches the top is a weaker claim than the top itself
        ties = [r for r in ties if r.rate.single] or ties
    blocks: list[Block] = [_entry(r) for r in ties]
    single = [r for r in order if r.rate.single]
    if which == "lowest" and single and single[-1] not in ties:
        least = single[-1]
        blocks.append(
            line(
                f"The lowest that is one figure, not a range: {wording.rate(least.rate)},"
                f" {least.study.number}. {least.study.title}."
            )
        )
    blocks.append(_yardsticks(kb))
    return Answer(
        f"The {which} claim{'' if whole else f' of these {len(studies)}'}:"
        f" {wording.percent(best)} a year"
        + (f", made by {len(ties)} studies" if len(ties) > 1 else ""),
        tuple(blocks),
        the_studies(kb),
        (Figure(which, best, "fraction"),),
        (Choice("Compare all", "/compare"),),
        tuple(r.study.number for r in ties),
    )


def _by_workload(kb: KnowledgeBase) -> Answer:
    blocks: list[Block] = []
    figures: list[Figure] = []
    medians = {}
    for workload in ("inference", "training"):
        order = ranked(kb.studies(workload=workload))
        said, found = _summary(order)
        medians[workload] = found[-1].value
        figures += [Figure(f"{workload}.{f.name}", f.value, f.unit) for f in found]
        blocks.append(line(f"{workload.capitalize()}: {said}."))
    blocks.append(_yardsticks(kb))
    blocks.append(
        line(
            "The post has a cost table for inference only; both are claims of studies,"
            " most of which could not be found."
        )
    )
    faster = max(medians, key=lambda w: medians[w])
    slower = min(medians, key=lambda w: medians[w])
    return Answer(
        f"{faster.capitalize()} falls faster by the studies' claims: median"
        f" {wording.percent(medians[faster])} a year against {wording.percent(medians[slower])}",
        tuple(blocks),
        the_studies(kb),
        tuple(figures),
        (Choice("Inference", "/compare inference"), Choice("Training", "/compare training")),
    )
