"""Ranking: claims per year, the largest first, and what is said of several of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, line
from bot.questions.citing import annual_rate, annual_words, claim, standing_word, the_studies
from bot.questions.published import (
    PUBLISHED,
    WHY_THEY_DIFFER,
    beside_the_post,
    button,
    grouped,
    range_words,
    sources,
    when,
    who,
)
from bot.questions.table import table_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manner import Extreme
    from knowledge.base import KnowledgeBase
    from knowledge.rates import Rate
    from knowledge.records import Study, Workload


class Ranked(Struct, frozen=True):
    """A study with its claim per year."""

    study: Study
    rate: Rate


def ranked(studies: Sequence[Study]) -> list[Ranked]:
    """Those with an annual rate, the largest first by its middle; ties by number."""
    found = [Ranked(s, r) for s in studies if (r := annual_rate(s))]
    return sorted(found, key=lambda x: (-round(x.rate.middle, 9), x.study.number))


def on_one_scale(kb: KnowledgeBase, studies: Sequence[Study], *, whole: bool) -> Answer:
    order = ranked(studies)
    without = [s for s in studies if annual_rate(s) is None]
    blocks: list[Block] = [_entry(r) for r in order]
    if without:
        said = "; ".join(f"{s.number}. {s.title}: {claim(s.estimates[0])}" for s in without)
        blocks.append(line(f"No annual rate, as they state no period: {said}."))
    blocks.append(yardsticks(kb))
    workloads = {s.workload for s in studies}
    only = next(iter(workloads)) if len(workloads) == 1 else None
    others = kb.studies(workload=only, collection=PUBLISHED) if whole else ()
    blocks += beside_the_post(others, only or "")
    headline, figures = _summary(order)
    choices = [Choice(f"Study {r.study.number}", f"/study {r.study.number}") for r in order[:4]]
    if whole:
        choices = [
            Choice("Inference", "/compare inference"),
            Choice("Training", "/compare training"),
            *button(others, f"/compare {PUBLISHED}" + (f" {only}" if only else "")),
            Choice("All on one scale", "/compare all"),
        ]
    return Answer(
        headline,
        tuple(blocks),
        the_studies(kb),
        figures,
        tuple(choices),
        (*(r.study.number for r in order), *(s.number for s in without)),
    )


def estimates(kb: KnowledgeBase, studies: Sequence[Study]) -> Answer:
    """Published estimates one by one, perhaps beside claims of the post; groups kept apart."""
    order, groups = ranked(studies), grouped(studies)
    blocks: list[Block] = [_entry(r) for r in order]
    without = [f"{s.number}. {s.title}" for s in studies if annual_rate(s) is None]
    if without:
        blocks.append(line(f"No annual rate, as they state no period: {'; '.join(without)}."))
    headline = f"{len(studies)} claims that measure different things"
    if len(groups) == 1 and all(s.publication for s in studies):
        ((group, members),) = groups.items()
        headline = wording.count(len(members), "published estimate")
        headline = f"{wording.initial(group)}: {headline}, {range_words(members)}"
    else:
        blocks.append(line(WHY_THEY_DIFFER))
    ends = [end for r in order for end in (r.rate.low, r.rate.high)]
    figures = [Figure("low", min(ends), "fraction"), Figure("high", max(ends), "fraction")]
    return Answer(
        headline,
        tuple(blocks),
        sources(studies, kb),
        tuple(figures) if len(groups) == 1 else (),
        (
            *(Choice(f"Study {r.study.number}", f"/study {r.study.number}") for r in order[:6]),
            Choice("All on one scale", "/compare all"),
        ),
        tuple(r.study.number for r in order),
    )


def _summary(order: Sequence[Ranked]) -> tuple[str, tuple[Figure, ...]]:
    if not order:
        return "No annual rate can be compared", ()
    low, high = min(r.rate.low for r in order), max(r.rate.high for r in order)
    from statistics import median  # here, because it brings decimals and fractions along

    middle = median(r.rate.middle for r in order)
    figures = (
        Figure("low", low, "fraction"),
        Figure("high", high, "fraction"),
        Figure("median", middle, "fraction"),
    )
    if len(order) == 1:
        return f"{wording.rate(order[0].rate)} a year", figures
    span = f"{wording.percent(low)} to {wording.percent(high)} a year"
    return f"{len(order)} claims, {span}, median {wording.percent(middle)}", figures


def _in_short(entry: Ranked) -> str:
    """A rate without "a year", where that is said of all."""
    published = entry.study.publication
    return annual_words(entry.study) if published else wording.rate(entry.rate)


def _entry(entry: Ranked) -> Line:
    study = entry.study
    if study.publication:
        return line(
            f"{_in_short(entry)}: {study.number}. {study.title}"
            f" ({who(study)}, {when(study)}; {study.group})"
        )
    return line(
        f"{_in_short(entry)}: {study.number}. {study.title}"
        f" ({study.workload}, {standing_word(study)})"
    )


def yardsticks(kb: KnowledgeBase) -> Line:
    return line(
        f"Beside them: the post's headline {wording.rate(kb.headline)}, its table"
        f" {wording.rate(table_rate(kb))} a year."
    )


def extreme(kb: KnowledgeBase, which: Extreme, studies: Sequence[Study], *, whole: bool) -> Answer:
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
                f"The lowest that is one figure, not a range: {_in_short(least)},"
                f" {least.study.number}. {least.study.title}."
            )
        )
    if not all(r.study.publication for r in ties):
        blocks.append(yardsticks(kb))
    return Answer(
        f"The {which} claim{'' if whole else f' of these {len(studies)}'}:"
        f" {wording.percent(best) if best >= 0 else annual_words(ties[0].study)}"
        f"{' a year' if best >= 0 else ''}"
        + (f", made by {len(ties)} studies" if len(ties) > 1 else ""),
        tuple(blocks),
        sources([r.study for r in ties], kb),
        (Figure(which, best, "fraction"),),
        (Choice("Compare all", "/compare all" if ties[0].study.publication else "/compare"),),
        tuple(r.study.number for r in ties),
    )


def by_workload(kb: KnowledgeBase) -> Answer:
    blocks: list[Block] = []
    figures: list[Figure] = []
    medians = {}
    workloads: tuple[Workload, Workload] = ("inference", "training")
    for workload in workloads:
        order = ranked(kb.studies(workload=workload))
        said, found = _summary(order)
        medians[workload] = found[-1].value
        figures += [Figure(f"{workload}.{f.name}", f.value, f.unit) for f in found]
        blocks.append(line(f"{workload.capitalize()}: {said}."))
    blocks.append(yardsticks(kb))
    blocks.append(
        line(
            "The post has a cost table for inference only; both are claims of studies,"
            " most of which could not be found."
        )
    )
    blocks += beside_the_post(
        [s for s in kb.studies(collection=PUBLISHED) if s.workload in medians]
    )
    faster = max(medians, key=lambda w: medians[w])
    slower = min(medians, key=lambda w: medians[w])
    return Answer(
        f"{faster.capitalize()} falls faster by the studies' claims: median"
        f" {wording.percent(medians[faster])} a year against {wording.percent(medians[slower])}",
        tuple(blocks),
        the_studies(kb),
        tuple(figures),
        (
            Choice("Inference", "/compare inference"),
            Choice("Training", "/compare training"),
            Choice("All on one scale", "/compare all"),
        ),
    )
