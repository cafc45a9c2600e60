"""Pictured claims: studies and published estimates on one scale of yearly declines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.charts.model import Claim, Ranges, Reference
from bot.measures import GROUPS
from bot.pictures.curves import credit
from bot.questions.citing import annual_rate
from bot.questions.published import sources
from bot.questions.ranking import ranked
from bot.questions.scale import published, source_of
from bot.questions.section import ITSELF, POST
from bot.questions.table import table_rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.compare import Compare
    from bot.questions.section import Section
    from bot.questions.studies import Studies
    from bot.questions.study import Study
    from knowledge.base import KnowledgeBase
    from knowledge.rates import Rate
    from knowledge.records import Study as StudyRecord

MOST_ROWS = 20  # of single claims: a taller picture can't be read on a phone
STANDINGS = {  # in the order in which they are drawn
    "found": "found as cited",
    "found_elsewhere": "found elsewhere than cited",
    "not_found": "not found where cited",
}


def headline(kb: KnowledgeBase) -> Reference:
    said = f"{wording.rate(kb.headline)}: the post's headline"
    return Reference(kb.headline.low, kb.headline.high, said)


def compare(asked: Compare, kb: KnowledgeBase) -> Ranges | None:
    """The compared claims, or many of them gathered by what they measure."""
    title = asked.answer(kb).headline
    every = replace(asked, boldest=None)
    if sections := every.sections(kb):
        return gathered(kb, title, sections, every.chosen(kb))
    both = asked.workloads == "both" and not asked.studies
    return scale(kb, title, every.chosen(kb), by_workload=both)


def studies(asked: Studies, kb: KnowledgeBase) -> Ranges | None:
    """The claims of the studies found; many published ones gathered by what they measure."""
    found, title = asked.found(kb), asked.answer(kb).headline
    estimates = [s for s in found if s.publication]
    if len(found) > MOST_ROWS and len(estimates) == len(found):
        return gathered(kb, title, tuple(published(found)), found)
    return scale(kb, title, found)


def study(asked: Study, kb: KnowledgeBase) -> Ranges | None:
    """One study's claim, among those that it can be compared with; None without a rate."""
    answer = asked.answer(kb)
    study = kb.study(asked.study)
    if study is None or (rate := annual_rate(study)) is None:
        return None
    first = Claim(_title(study), f"this one, {_group(study)}", ends(rate))
    others = kb.studies(workload=study.workload, collection=study.collection)
    if study.group:
        others = tuple(s for s in kb.studies(collection=None) if s.group == study.group)
    return scale(kb, answer.headline, [s for s in others if s != study], (first,))


def gathered(
    kb: KnowledgeBase, title: str, sections: Sequence[Section], of: Sequence[StudyRecord]
) -> Ranges:
    """A row for all that measure the same, each of them marked: nothing is averaged."""
    rows = tuple(
        Claim(
            s.title,
            s.part,
            (s.ends.low, s.ends.middle, s.ends.high),
            tuple((e.name, e.rate.middle) for e in s.entries if e.rate),
        )
        for s in sections
        if s.name != ITSELF  # drawn through all rows
    )
    rates = [rate for s in sections for rate in s.rates]
    subtitle = f"{_factors(rates)}; each mark is one rate; rows measure different things"
    of_the_post = any(s.part == POST for s in sections)
    beside = _yardsticks(kb) if of_the_post else ()
    source = credit(source_of(sections, of, kb), kb)
    return Ranges(title, subtitle, source, rows, beside, factors=True)


def scale(
    kb: KnowledgeBase,
    title: str,
    studies: Sequence[StudyRecord],
    first: tuple[Claim, ...] = (),
    *,
    by_workload: bool = False,
) -> Ranges | None:
    """Claims by group, the highest first; None where no claim has an annual rate."""
    order = [r.study for r in ranked(studies)]
    if not order and not first:
        return None
    order += [s for s in studies if s not in order]
    estimates = any(s.publication for s in studies)
    cited = [s for s in studies if not s.publication]
    claims = []
    for study in sorted(order, key=lambda s: _place(s, by_workload)):
        parts = ["the post"] if estimates and not study.publication else []
        parts += [study.workload] if by_workload else []
        rate = annual_rate(study)
        group = ", ".join([*parts, _group(study)])
        claims.append(Claim(_title(study), group, ends(rate) if rate else None))
    subtitle = "Claimed decline of cost a year; a mark is a range's middle"
    if estimates:
        rates = [rate for s in studies if (rate := annual_rate(s))]
        subtitle = f"{_factors(rates)}; a mark is the claim or its middle"
    return Ranges(
        title,
        subtitle,
        credit(sources(studies, kb), kb),
        (*first, *claims),
        _yardsticks(kb) if cited or not estimates else (),
        factors=estimates,
    )


def _factors(rates: Sequence[Rate]) -> str:
    rises = any(rate.low < 0 for rate in rates)
    return f"Decline a year{', rises to the left' if rises else ''}, on a scale of factors"


def _yardsticks(kb: KnowledgeBase) -> tuple[Reference, Reference]:
    mean = table_rate(kb)
    average = Reference(mean.low, mean.high, f"{wording.rate(mean)}: the table's average")
    return headline(kb), average


def _place(study: StudyRecord, by_workload: bool) -> tuple[int, str, int]:
    if study.group:
        return 1, "", GROUPS.index(study.group)
    standing = list(STANDINGS).index(study.citation.status)
    return 0, study.workload if by_workload else "", standing


def _group(study: StudyRecord) -> str:
    return study.group or STANDINGS[study.citation.status]


def _title(study: StudyRecord) -> str:
    return f"{study.number}. {study.title}"


def ends(rate: Rate) -> tuple[float, float, float]:
    return rate.low, rate.middle, rate.high
