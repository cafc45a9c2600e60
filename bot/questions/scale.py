"""Scale: everything here that gives a yearly rate, section by section, for one annual scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Table, line
from bot.questions.citing import annual_rate, annual_words, in_a_year, table_rate
from bot.questions.published import (
    PUBLISHED,
    WHY_THEY_DIFFER,
    grouped,
    label,
    range_words,
    sentence,
    sources,
)
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.records import Study, Workload


POST, ESTIMATES = "The post", "Published estimates, by what they measure"
ITSELF = "The post itself"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rate of a section; None where a claim has no annual rate."""

    name: str
    rate: Rate | None
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """What measures one thing. `part` is whose figures they are; `words` their range."""

    part: str
    name: str
    entries: tuple[Entry, ...]
    words: str
    members: tuple[Study, ...] = ()

    @property
    def title(self) -> str:
        """Its name, how many claims it holds where they are several, and how many have a rate."""
        of, rated = len(self.entries), len(self.rates)
        if of == 1 or self.name == ITSELF:
            return self.name
        return f"{self.name} ({of})" if rated == of else f"{self.name} ({rated} of {of})"

    @property
    def rates(self) -> tuple[Rate, ...]:
        return tuple(e.rate for e in self.entries if e.rate)

    @property
    def ends(self) -> Rate:
        """From the lowest to the highest; sections are never averaged."""
        return Rate(min(r.low for r in self.rates), max(r.high for r in self.rates))

    def table(self) -> Table:
        rows = ((e.name, e.words.replace(" a year", "")) for e in self.entries)
        return Table((self.name, "a year"), tuple(rows))

    def line(self) -> Line:
        return line(f"{self.title}: {self.words}")

    def figures(self) -> tuple[Figure, Figure]:
        ends = self.ends
        return (
            Figure(f"{self.name}.low", ends.low, "fraction"),
            Figure(f"{self.name}.high", ends.high, "fraction"),
        )


def everything(kb: KnowledgeBase, workload: Workload | None = None) -> tuple[Section, ...]:
    """All sections of the scale, in order. Whatever else gives yearly rates joins here."""
    estimates = kb.studies(workload=workload, collection=PUBLISHED)
    return (*the_post(kb, workload), *published(estimates))


def the_post(kb: KnowledgeBase, only: Workload | None) -> Iterator[Section]:
    """The post's headline and table, which are of inference, and the claims of its studies."""
    headline, table = wording.rate(kb.headline), wording.rate(table_rate(kb))
    itself = (
        Entry("Its headline", kb.headline, headline),
        Entry("Its table", table_rate(kb), table),
    )
    if only in (None, "inference"):
        yield Section(POST, ITSELF, itself, f"headline {headline}, table {table} a year")
    workloads: tuple[Workload, ...] = ("inference", "training")
    for workload in workloads:
        studies = kb.studies(workload=workload)
        if only not in (None, workload):
            continue
        entries = tuple(
            Entry(
                f"{s.number} {wording.initials(s.venue)} {s.year}",
                annual_rate(s),
                annual_words(s) if annual_rate(s) else "no period",
            )
            for s in studies
        )
        rates = [e.rate for e in entries if e.rate]
        ends = Rate(min(r.low for r in rates), max(r.high for r in rates))
        name = f"Its {workload} studies"
        yield Section(POST, name, entries, f"{wording.rate(ends)} a year", studies)


def published(studies: Sequence[Study]) -> Iterator[Section]:
    """Published estimates by what they measure."""
    for group, members in grouped(studies).items():
        entries = tuple(
            Entry(label(s), rate, in_a_year(rate, s.estimates))
            for s in members
            if (rate := annual_rate(s))
        )
        yield Section(ESTIMATES, sentence(group), entries, range_words(members), tuple(members))


def by_section(
    kb: KnowledgeBase, sections: Sequence[Section], studies: Sequence[Study], what: str
) -> Answer:
    """Many rates on one scale, group by group, as tables; rises said, nothing averaged."""
    measured = [s for s in sections if s.part == ESTIMATES]
    headline = (
        f"{wording.count(len([s for s in studies if s.publication]), 'published estimate')}{what},"
        f" {wording.count(len(measured), 'measure')}"
    )
    if len(measured) < len(sections):
        headline = f"On one scale{what}: the post and {headline}"
    blocks: list[Block] = [s.table() for s in sections]
    if any(rate.high < 0 for s in sections for rate in s.rates):
        blocks.append(line("“Dearer” and “more” are rises, below zero on this scale."))
    return Answer(
        headline,
        (line(WHY_THEY_DIFFER), *blocks),
        sources(studies, kb),
        tuple(f for s in sections for f in s.figures()),
        tuple(Choice(s.name, f"/compare {s.name.lower()}") for s in measured[:8])
        if what
        else (
            Choice("Hardware", "/compare hardware"),
            Choice("Inference", "/compare published inference"),
            Choice("Training", "/compare published training"),
            Choice("Algorithms", "/compare algorithms"),
        ),
        tuple(s.number for s in studies),
    )
