"""Indices: the market's own yearly rates, the list price of a fixed capability level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Table
from bot.questions.levels import LATELY, falling, lately, spread
from bot.questions.section import MARKET, Entry, Section
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.market.capability import Stretch
    from knowledge.market.records import Level


def indices(kb: KnowledgeBase) -> Iterator[Section]:
    """The levels of each benchmark since each was reached; those known before also lately."""
    falls = [kb.market.fall(level) for level in kb.market.levels()]
    for benchmark in dict.fromkeys(fall.level.benchmark for fall in falls):
        of = [fall for fall in falls if fall.level.benchmark == benchmark]
        name = f"{benchmark.split()[0]} levels"
        yield _index(name, [(fall.level, fall.whole) for fall in of])
        recent = [(fall.level, stretch) for fall in of if (stretch := lately(fall))]
        if recent:
            yield _index(name, recent, f"since {LATELY:%m/%Y}")


def _index(name: str, stretches: Sequence[tuple[Level, Stretch]], since: str = "") -> Section:
    entries = tuple(
        Entry(f"{level.id} ({level.threshold:g})", Rate(annual, annual), falling(annual), stretch)
        for level, stretch in stretches
        if (annual := stretch.annual) is not None
    )
    rates = [entry.rate for entry in entries if entry.rate]
    ends = Rate(min(r.low for r in rates), max(r.high for r in rates))
    return Section(MARKET, name, entries, f"{spread(ends)} a year", since=since)


def by_benchmark(sections: Sequence[Section]) -> Iterator[tuple[Section, ...]]:
    """The sections of the market that are of one benchmark, the whole time first."""
    for name in dict.fromkeys(section.name for section in sections):
        yield tuple(section for section in sections if section.name == name)


def tables(sections: Sequence[Section]) -> Iterator[Table]:
    """A table for each benchmark: a level a row, a time a column."""
    for whole, *later in by_benchmark(sections):
        rows = tuple(
            (entry.name, entry.words, *(_in(section, entry.name) for section in later))
            for entry in whole.entries
        )
        yield Table((whole.name, "a year", *(section.since for section in later)), rows)


def _in(section: Section, name: str) -> str:
    return next((entry.words for entry in section.entries if entry.name == name), "–")


def in_short(sections: Sequence[Section]) -> str:
    """'Market: MMLU levels 69.7–82.9%, since 12/2024 30.3–44%; GPQA levels ...'."""
    said = (
        ", ".join([f"{whole.name} {whole.words}", *(f"{s.since} {s.words}" for s in later)])
        for whole, *later in by_benchmark(sections)
    )
    return f"Market: {'; '.join(said).replace(' a year', '')}"
