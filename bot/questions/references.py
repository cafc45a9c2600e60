"""References: a study in BibTeX and in a plain line, as it is cited and as the work itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import bibtex, wording
from bot.answer import Line, Link, line
from bot.questions.citing import POST

if TYPE_CHECKING:
    from datetime import date

    from bot.answer import Part
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study

NOT_FOUND = "not found where cited"
CLAIM = {
    "supported": "the claim is in it",
    "differs": "its findings differ from the claim",
    "not_in_source": "the claimed figure is not in it",
    "unverifiable": "whether it makes the claim could not be checked",
}
NO_AUTHOR = "{[author not given]}"  # without that field many styles refuse an article
# of a venue as the check writes it: what else is known of the work, and volume, issue and pages
_ASIDE = re.compile(r"\s+\([^()]*\b(?:preprint|oral|poster|spotlight)\b[^()]*\)$|;.*$")
_ISSUE = re.compile(r"(?P<name>.+?) (?P<volume>\d+)\((?P<number>\d+)\)")
_PAGES = re.compile(r"\bpp\. (\d+)[-–](\d+)")
_MONTH = re.compile(r"\), (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}")


class Work(Struct, frozen=True):
    """A work that is there: as a check found it, or where a published estimate stands."""

    title: str
    authors: tuple[str, ...]
    year: int
    venue: str
    url: str
    identifier: str
    month: str = ""
    bodies: tuple[str, ...] = ()  # authors that are no persons
    note: str = ""

    @property
    def key(self) -> str:
        return bibtex.key(next(iter(self.authors), ""), self.year, self.title)


def the_work(study: Study) -> Work | None:
    """The work behind a study; None where a check found none."""
    if work := study.publication:
        month = wording.month(f"0-{work.month}")[:3].lower() if work.month else ""
        bodies = [
            name
            for name in work.authors
            if name == work.organisation or study.venue.startswith(name)
        ]
        note = "The estimate was only seen quoted, not in the original" if work.second_hand else ""
        return Work(
            work.work or study.title,
            work.authors,
            study.year,
            study.venue,
            work.url,
            work.identifier or "",
            month,
            tuple(bodies),
            note,
        )
    check = study.citation
    if check.status == "not_found":
        return None
    where = check.actual_venue or study.venue
    found = _MONTH.search(where)
    return Work(
        check.actual_title or study.title,
        check.actual_authors,
        check.actual_year or study.year,
        _ASIDE.sub("", where),
        check.url or "",
        check.identifier or "",
        found[1].lower() if found else "",
    )


def as_cited(study: Study, kb: KnowledgeBase) -> bibtex.Entry:
    """The entry with the post's own words, and a note that says so. The post names no authors."""
    kind = bibtex.kind_of(study.venue)
    fields = (
        ("author", NO_AUTHOR),
        ("title", bibtex.title(study.title)),
        bibtex.place(kind, study.venue),
        ("year", str(study.year)),
        ("note", bibtex.escaped(note(study, kb))),
    )
    key = bibtex.key("ascited", study.year, study.title)
    before = [s for s in kb.studies() if s.number < study.number]
    taken = {bibtex.key("ascited", s.year, s.title) for s in before}
    return bibtex.Entry(kind, f"{key}{study.number}" if key in taken else key, fields)


def real_work(study: Study, kb: KnowledgeBase) -> bibtex.Entry | None:
    """The entry of the work itself; None where none was found."""
    work = the_work(study)
    if work is None:
        return None
    issue, pages = _ISSUE.match(work.venue), _PAGES.search(work.venue)
    kind = "article" if issue else bibtex.kind_of(work.venue)
    ids = _identifiers(work)
    names = [f"{{{bibtex.escaped(n)}}}" if n in work.bodies else n for n in work.authors]
    fields = (
        ("author", bibtex.people(names)),
        ("title", bibtex.title(work.title)),
        bibtex.place(kind, issue["name"] if issue else work.venue),
        ("volume", issue["volume"] if issue else ""),
        ("number", issue["number"] if issue else ""),
        ("pages", f"{pages[1]}--{pages[2]}" if pages else ""),
        ("month", work.month),
        ("year", str(work.year)),
        ("doi", bibtex.verbatim(ids.get("doi", ""))),
        ("eprint", bibtex.verbatim(ids.get("arxiv", ""))),
        ("archiveprefix", "arXiv" if "arxiv" in ids else ""),
        ("url", "" if "doi" in ids and ids["doi"] in work.url else bibtex.verbatim(work.url)),
        ("note", bibtex.escaped(work.note)),
    )
    return bibtex.Entry(kind, _key(study, work, kb), fields)


def _key(study: Study, work: Work, kb: KnowledgeBase) -> str:
    """The entry's key; with the study's number where another work before it has the same."""
    before = [s for s in kb.studies(collection=None) if s.number < study.number]
    others = (w for s in before if (w := the_work(s)) and w.title != work.title)
    return f"{work.key}{study.number}" if work.key in {w.key for w in others} else work.key


def finding(study: Study) -> str:
    """What the check found of the citation, in a few words, with what is cited differently."""
    check = study.citation
    if check.status == "not_found":
        return NOT_FOUND
    if check.status == "found":
        return "found as cited"
    venue = (check.actual_venue or study.venue).casefold()
    differs = {
        "title": (check.actual_title or study.title).casefold() != study.title.casefold(),
        "venue": not venue.startswith(study.venue.casefold()),
        "year": (check.actual_year or study.year) != study.year,
    }
    parts = wording.listed([name for name, is_so in differs.items() if is_so])
    probably = "probably " if check.probable else ""
    return f"{probably}found elsewhere" + (f", with another {parts}" if parts else "")


def note(study: Study, kb: KnowledgeBase) -> str:
    """Who cites it so, where and when, and what a check of that found."""
    post, check = kb.source(POST), study.citation
    claim = "" if check.status == "not_found" else f"; {CLAIM[check.claim_check]}"
    return (
        f"As cited by {post.publisher}, {post.url}, {_day(post.published)};"
        f" checked {_day(check.checked)}: {finding(study)}{claim}."
    )


def plain_as_cited(study: Study) -> str:
    return f"“{study.title}”, {study.venue}, {study.year}."


def plain_work(work: Work) -> Line:
    """The work in one line, as a reference list has it."""
    names = wording.listed(work.authors)
    if work.authors[-1:] == ("others",):
        names = f"{work.authors[0]} et al."
    said: list[Part] = [
        f"{names} ({work.year}). " if names else f"({work.year}). ",
        f"{work.title}. {work.venue}.",
    ]
    if work.url:
        said += [" ", Link(work.url, work.url)]
    return line(*said)


def _identifiers(work: Work) -> dict[str, str]:
    """The work's identifiers by their kind in small letters: doi, arxiv."""
    pairs = (part.strip().partition(":") for part in work.identifier.split(";"))
    return {kind.lower(): value.strip() for kind, _, value in pairs if value}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
