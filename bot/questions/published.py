"""Published estimates in answers: who says so, what they measure, their rates group by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import wording
from bot.answer import Choice, Line, Link, Part, line
from bot.measures import GROUPS
from bot.questions.citing import (
    annual_rate,
    annual_words,
    claim_sentence,
    dated,
    more_of,
    the_studies,
)
from knowledge.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.records import Group, Study

PUBLISHED: Literal["published"] = "published"
WHY_THEY_DIFFER = (
    "Groups measure different things, so their rates are not comparable and never averaged."
)
_WHY: dict[str, tuple[Group, ...]] = {  # what sets the rates of some groups apart
    "a fixed capability is whichever model is cheapest": ("price at fixed capability",),
    "an index holds models or quality": ("price index",),
    "algorithms need less computing": ("algorithmic efficiency",),
    "hardware computes more for a dollar": ("hardware price-performance",),
    "the frontier rises, as the newest is larger": ("frontier price", "frontier training"),
}


def grouped(studies: Sequence[Study]) -> dict[Group, list[Study]]:
    """The published estimates among some studies by what they measure; empty groups left out."""
    found: dict[Group, list[Study]] = {group: [] for group in GROUPS}
    for study in studies:
        if study.group:
            found[study.group].append(study)
    return {group: members for group, members in found.items() if members}


def why_they_differ(groups: Iterable[Group]) -> Line:
    """Why rates of these groups are not alike, in one line."""
    present = set(groups)
    said = [why for why, of in _WHY.items() if present.intersection(of)]
    return (
        line(f"{WHY_THEY_DIFFER} {wording.initial('; '.join(said))}.")
        if said
        else line(WHY_THEY_DIFFER)
    )


def group_range(members: Sequence[Study]) -> Rate:
    """From the lowest to the highest rate of one group. ValueError: none has a rate."""
    rates = [rate for study in members if (rate := annual_rate(study))]
    return Rate(min(r.low for r in rates), max(r.high for r in rates))


def range_words(members: Sequence[Study]) -> str:
    """The range of one group: '13.4–45% a year', '2–11.5× more a year'."""
    claims = [e for s in members for e in s.estimates]
    if len(members) == 1:
        return annual_words(members[0])
    words = {more_of(e) for e in claims}
    return wording.change(group_range(members), "dearer" if words == {"dearer"} else "more")


def beside_the_post(studies: Sequence[Study], about: str = "") -> Iterator[Line]:
    """What published estimates find, in one line: how many, and one group's range.

    It is the group that is named as the subject they are about, or the largest.
    """
    groups = grouped(studies)
    if groups:
        group = max(groups, key=lambda g: (bool(about) and about in g, len(groups[g])))
        members = groups[group]
        of = "" if len(members) == len(studies) else f"; {len(members)} of them"
        yield line(
            f"{wording.count(len(studies), 'published estimate')} on this{of}"
            f" measure{'s' if len(members) == 1 else ''} {group}: {range_words(members)}."
        )
        yield from _rising({g: some for g, some in groups.items() if g != group})


def _rising(groups: dict[Group, list[Study]]) -> Iterator[Line]:
    """The groups whose estimates are rises, of which a fall beside them tells nothing."""
    for group, members in groups.items():
        if all(e.direction == "rise" for study in members for e in study.estimates):
            which = "measures" if len(members) == 1 else "measure"
            yield line(f"{len(members)} {which} {group}, which rises: {range_words(members)}.")


def button(studies: Sequence[Study], command: str) -> Iterator[Choice]:
    """The way to the published estimates, where there are any."""
    if studies:
        yield Choice(f"Published estimates ({len(studies)})", command)


def label(study: Study) -> str:
    """A study in a few characters: number, who, year."""
    work = study.publication
    name = (work.organisation if work else None) or study.venue
    if work and work.authors and not work.organisation:
        first = work.authors[0]
        name = first if study.venue.startswith(first) else first.split()[-1]
    return f"{study.number} {name} {study.year}"


def authors(study: Study) -> str:
    """Who says so: 'Ben Cottier et al.', 'Erdil and Besiroglu'; "" where nobody is named."""
    names = study.publication.authors if study.publication else ()
    if names[-1:] == ("others",) or len(names) > MOST_AUTHORS:
        return f"{names[0]} et al."
    return wording.listed(names)


MOST_AUTHORS = 3


def when(study: Study) -> str:
    month = study.publication.month if study.publication else None
    return wording.month(f"{study.year}-{month}" if month else str(study.year))


def who(study: Study) -> str:
    """Author, organisation and venue, each once, and who passed it on."""
    work = study.publication
    names = [authors(study), (work and work.organisation) or "", study.venue]
    said = [n for i, n in enumerate(names) if n and not any(n in other for other in names[:i])]
    said = [n for i, n in enumerate(said) if not any(n in other for other in said[i + 1 :])]
    reported = f" ({work.reported})" if work and work.reported else ""
    return ", ".join(said) + reported


def summary(study: Study) -> Iterator[Line]:
    """A published estimate in full, from what is measured to how sure it is."""
    yield line(f"Published estimate ({study.workload}, {study.group})")
    for estimate in study.estimates:
        period = dated(estimate)
        if not period and estimate.period_end:
            period = f"up to {wording.month(estimate.period_end)}"
        said = f"Measured: {estimate.measures}"
        yield line(f"{said}; {period}." if period else f"{said}; no period is named.")
        yield line(claim_sentence(estimate))
    yield line(study.conclusion)
    yield line(f"{who(study)}, {when(study)}. {trust(study)}")


def trust(study: Study) -> str:
    """How sure it is that the source says so."""
    work = study.publication
    if work is None:
        return ""
    said = f"Confidence: {work.confidence}"
    if work.second_hand:
        return f"{said}; second-hand: only seen quoted, not in the original."
    return f"{said}."


def the_work(study: Study) -> Line:
    """The source line of one published estimate."""
    work = study.publication
    if work is None:
        raise LookupError(f"study {study.number} is no published estimate")
    parts: list[Part] = ["Source: ", Link(work.work or study.title, work.url)]
    return line(*parts, f", {when(study)}")


def sources(studies: Sequence[Study], kb: KnowledgeBase) -> Line:
    """The source line of some studies: the post, the works themselves, or both."""
    published = [s for s in studies if s.publication]
    if not published:
        return the_studies(kb)
    if len(studies) == 1:
        return the_work(studies[0])
    said = line("Source: published estimates; each summary links its own")
    if len(published) == len(studies):
        return said
    return line(*the_studies(kb).parts, "; published estimates, each summary links its own")
