"""Workings of comparisons: claims one by one, or what stands on one scale section by section."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Block, Line, line
from bot.questions.citing import annual_rate
from bot.questions.ranking import Ranked, ranked
from bot.questions.table import table_rate
from bot.receipts.claims import annual
from bot.receipts.levels import a_year
from bot.receipts.workings import Working, equation, percent, step, table_average

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.compare import Compare
    from bot.questions.section import Section
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study as StudyRecord


def of_compare(asked: Compare, kb: KnowledgeBase) -> Working:
    studies = asked.chosen(kb)
    if sections := asked.sections(kb):
        return _of_sections(sections, studies)
    order = ranked(studies)
    without = [s for s in studies if annual_rate(s) is None]
    blocks: list[Block] = [
        line(f"Study {r.study.number}: {annual(r.study, middle=True)}") for r in order
    ]
    if without:
        numbers = wording.listed([str(s.number) for s in without])
        blocks.append(line(f"No period named, so no annual rate: {numbers}."))
    if asked.boldest and order:
        blocks.append(line(f"The answer is the {asked.boldest} end of these."))
    elif asked.workloads == "both" and not asked.studies:
        for workload in ("inference", "training"):
            part = [r for r in order if r.study.workload == workload]
            blocks.append(_median(part, f"Median of {workload}"))
    elif len(order) > 1 and not any(s.publication for s in studies):
        blocks.append(_median(order, "Median"))
    if not all(s.publication for s in studies):
        blocks.append(table_average(kb.series(), table_rate(kb).middle))
    return Working(tuple(blocks), studies=studies)


def _of_sections(sections: Sequence[Section], studies: Sequence[StudyRecord]) -> Working:
    """Of claims the lowest and highest of each section, all others have receipts of their own."""
    blocks: list[Block] = []
    for section in sections:
        blocks += (
            a_year(f"{section.title}, {entry.name}", entry.stretch)
            for entry in section.entries
            if entry.stretch
        )
        if not section.members:
            continue
        low = min(section.members, key=lambda s: _ends(s)[0])
        high = max(section.members, key=lambda s: _ends(s)[1])
        said = [f"lowest, study {low.number}: {annual(low)}"] if low != high else []
        said.append(f"{'highest, ' if said else ''}study {high.number}: {annual(high)}")
        blocks.append(line(f"{section.name}: {'; '.join(said)}"))
    return Working(tuple(blocks), studies=tuple(studies))


def _ends(study: StudyRecord) -> tuple[float, float]:
    rate = annual_rate(study)
    return (rate.low, rate.high) if rate else (math.inf, -math.inf)


def _median(order: Sequence[Ranked], name: str) -> Line:
    """The median of the middles: the one in the middle, or the mean of the two."""
    middles = sorted(r.rate.middle for r in order)
    median, half = statistics.median(middles), len(middles) // 2
    shown = wording.percent(median)
    if len(middles) % 2:
        said = f"{name}: middle {half + 1} of {len(middles)} in order, {percent(median)}"
        return line(f"{said}, shown as {shown}")
    formula = f"({step(middles[half - 1])} + {step(middles[half])})/2"
    return equation(f"{name}, {len(middles)} middles", formula, percent(median), shown)
