"""Scale: everything here that gives a yearly rate, section by section, for one annual scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Line, Table, line
from bot.questions import indices
from bot.questions.citing import annual_rate, annual_words, in_a_year, the_studies
from bot.questions.levels import as_of
from bot.questions.published import (
    PUBLISHED,
    grouped,
    label,
    range_words,
    sources,
    why_they_differ,
)
from bot.questions.section import ESTIMATES, ITSELF, MARKET, POST, Entry, Section
from bot.questions.table import table_rate
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.records import Study, Workload


def everything(kb: KnowledgeBase, workload: Workload | None = None) -> tuple[Section, ...]:
    """All sections of the scale, in order. Whatever else gives yearly rates joins here."""
    estimates = kb.studies(workload=workload, collection=PUBLISHED)
    market = indices.indices(kb) if workload in (None, "inference") else ()
    return (*the_post(kb, workload), *published(estimates), *market)


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
                f"{s.number} {wording.initials(s.venue)} {s.year}", annual_rate(s), annual_words(s)
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
        name = wording.initial(group)
        yield Section(ESTIMATES, name, entries, range_words(members), tuple(members))


def by_section(
    kb: KnowledgeBase, sections: Sequence[Section], studies: Sequence[Study], what: str
) -> Answer:
    """Many rates on one scale, group by group, as tables; rises said, nothing averaged."""
    post, measured, market = (_of(part, sections) for part in (POST, ESTIMATES, MARKET))
    headline = (
        f"{wording.count(len([s for s in studies if s.publication]), 'published estimate')}{what},"
        f" {wording.count(len(measured), 'measure')}"
    )
    if post:
        beside = "the post, list prices and" if market else "the post and"
        headline = f"On one scale{what}: {beside} {headline}"
    blocks: list[Block] = [*_post_table(post), *(s.table() for s in measured)]
    if market:
        said = "Market: the cheapest list price at a fixed score, since that was first reached."
        blocks += [line(said), *indices.tables(market)]
    if any(rate.high < 0 for s in sections for rate in s.rates):
        blocks.append(line("“Dearer” and “more” are rises, below zero on this scale."))
    return Answer(
        headline,
        (why_they_differ(grouped(studies)), *blocks),
        source_of(sections, studies, kb),
        tuple(f for s in sections for f in s.figures()),
        tuple(Choice(s.name, f"/compare {s.name.lower()}") for s in measured[:8])
        if what
        else (
            Choice("Hardware", "/compare hardware"),
            Choice("Inference", "/compare published inference"),
            Choice("Training", "/compare published training"),
            Choice("Algorithms", "/compare algorithms"),
            *([Choice("The post's studies", "/compare")] if post else []),
        ),
        tuple(s.number for s in studies),
    )


def _of(part: str, sections: Sequence[Section]) -> list[Section]:
    return [section for section in sections if section.part == part]


def _post_table(sections: Sequence[Section]) -> Iterator[Table]:
    """The post's own rates one by one, those of its studies as their range."""
    rows: list[tuple[str, str]] = []
    for section in sections:
        single = [(entry.name, entry.words) for entry in section.entries]
        rows += single if section.name == ITSELF else [(section.title, section.words)]
    if rows:
        yield Table((POST, "a year"), tuple((n, w.removesuffix(" a year")) for n, w in rows))


def in_short(sections: Sequence[Section]) -> tuple[Line, ...]:
    """A line for each section, the market in one; "a year" is said in the first one only."""
    said = [f"{s.title}: {s.words}" for s in sections if s.part != MARKET]
    if market := _of(MARKET, sections):
        said.append(indices.in_short(market))
    return (line(said[0]), *(line(words.removesuffix(" a year")) for words in said[1:]))


def source_of(sections: Sequence[Section], studies: Sequence[Study], kb: KnowledgeBase) -> Line:
    """The source line of everything on the scale, the market's own where it is on it."""
    if _of(MARKET, sections):
        rest = f"; published estimates; list prices as of {as_of(kb)}"
        return line(*the_studies(kb).parts, rest)
    return sources(studies, kb)
