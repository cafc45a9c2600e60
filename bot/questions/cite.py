"""Cite: a study's reference to copy, as the post cites it and, where found, the real work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import bibtex, wording
from bot.answer import Answer, Choice, Code, Line, Link, Quote, line
from bot.questions.base import Question, question, slot
from bot.questions.citing import the_studies
from bot.titles import STUDY
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.answer import Block, Part
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study

_NOT_FOUND = "not found where cited"
_CLAIM = {
    "supported": "the claim is in it",
    "differs": "its findings differ from the claim",
    "not_in_source": "the claimed figure is not in it",
    "unverifiable": "whether it makes the claim could not be checked",
}
# of a venue as the check writes it: what else is known of the work, and volume, issue and pages
_ASIDE = re.compile(r"\s+\([^()]*\b(?:preprint|oral|poster|spotlight)\b[^()]*\)$|;.*$")
_ISSUE = re.compile(r"(?P<name>.+?) (?P<volume>\d+)\((?P<number>\d+)\)")
_PAGES = re.compile(r"\bpp\. (\d+)[-–](\d+)")
_MONTH = re.compile(r"\), (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}")


@question
class Cite(Question):
    command = "cite"
    usage = "<number | title>"
    summary = "a study's reference to copy, in plain text and BibTeX"
    cues = (
        """
        cite, citing, bibtex, bib entry, citation for, reference for, reference to, reference entry,
        quote it as
        """,
        """
        how do i cite, how to cite, how should i cite, citation for, bibtex for
        """,
    )
    examples = (
        "/cite 2",
        "/cite the lottery ticket hypothesis",
        "how do i cite study 12?",
        "bibtex for study 15",
        "citation for the hardware lottery",
        "reference for paper 3 please",
    )

    study: int = slot(STUDY)

    def answer(self, kb: KnowledgeBase) -> Answer:
        study = kb.study(self.study)
        if study is None:
            raise NumberError(
                f"there is no study {self.study}: they are numbered 1 to {len(kb.studies())}"
            )
        blocks: list[Block] = [
            line(f"As the post cites it — {finding(study)}:"),
            Quote(f"{_plain_as_cited(study)} {_note(study, kb)}"),
            Code(str(as_cited(study, kb)), "bibtex"),
        ]
        if real := real_work(study, kb):
            probably = "Probably the real work" if study.standing.probable else "The real work"
            blocks += [line(f"{probably}:"), _plain_real(study), Code(str(real), "bibtex")]
        return Answer(
            _headline(study),
            (*blocks, _advice(study)),
            the_studies(kb),
            choices=tuple(self._choices(kb, study)),
            studies=(study.number,),
        )

    def _choices(self, kb: KnowledgeBase, study: Study) -> Iterator[Choice]:
        yield Choice(f"Study {study.number}", f"/study {study.number}")
        if after := kb.study(study.number + 1):
            yield Choice(f"Cite study {after.number}", f"/cite {after.number}")


def _headline(study: Study) -> str:
    check = study.standing
    if check.status == "not_found":
        return f"Study {study.number} was {_NOT_FOUND}: don’t cite it as fact"
    where = "as cited" if check.status == "found" else "elsewhere"
    if check.probable:
        return f"Study {study.number} was probably found {where}: make sure before you cite it"
    return f"Study {study.number} was found {where}: cite the real work"


def _advice(study: Study) -> Line:
    check = study.standing
    if check.status == "not_found":
        return line(
            "Do not cite it as fact: its claim could not be checked, and the post is the only"
            " source for it here."
        )
    unsure = "The match is probable, not certain. " if check.probable else ""
    return line(f"{unsure}Cite the real work for what it says: {_CLAIM[check.claim_check]}.")


def finding(study: Study) -> str:
    """What the check found of the citation, in a few words, with what is cited differently."""
    check = study.standing
    if check.status == "not_found":
        return _NOT_FOUND
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


def as_cited(study: Study, kb: KnowledgeBase) -> bibtex.Entry:
    """The entry with the post's own words, and a note that says so.

    The post names no authors; without that field many styles refuse an article.
    """
    kind = bibtex.kind_of(study.venue)
    fields = (
        ("author", "{[author not given]}"),
        ("title", bibtex.title(study.title)),
        bibtex.place(kind, study.venue),
        ("year", str(study.year)),
        ("note", bibtex.escaped(_note(study, kb))),
    )
    return bibtex.Entry(kind, _key(study, kb, real=False), fields)


def real_work(study: Study, kb: KnowledgeBase) -> bibtex.Entry | None:
    """The entry of the work that was found; None where none was."""
    check = study.standing
    if check.status == "not_found":
        return None
    venue = _venue(study)
    issue = _ISSUE.match(venue)
    kind = "article" if issue else bibtex.kind_of(venue)
    pages, month = _PAGES.search(venue), _MONTH.search(venue)
    ids = _identifiers(study)
    url = check.url or ""
    fields = (
        ("author", bibtex.people(check.actual_authors)),
        ("title", bibtex.title(check.actual_title or study.title)),
        bibtex.place(kind, issue["name"] if issue else venue),
        ("volume", issue["volume"] if issue else ""),
        ("number", issue["number"] if issue else ""),
        ("pages", f"{pages[1]}--{pages[2]}" if pages else ""),
        ("month", month[1].lower() if month else ""),
        ("year", str(check.actual_year or study.year)),
        ("doi", bibtex.verbatim(ids.get("doi", ""))),
        ("eprint", bibtex.verbatim(ids.get("arxiv", ""))),
        ("archiveprefix", "arXiv" if "arxiv" in ids else ""),
        ("url", "" if "doi" in ids and ids["doi"] in url else bibtex.verbatim(url)),
    )
    return bibtex.Entry(kind, _key(study, kb, real=True), fields)


def _key(study: Study, kb: KnowledgeBase, *, real: bool) -> str:
    """The entry's key; it has the study's number where a study before it has the same."""
    key = _bare_key(study, real=real)
    taken = {_bare_key(s, real=real) for s in kb.studies() if s.number < study.number}
    return f"{key}{study.number}" if key in taken else key


def _bare_key(study: Study, *, real: bool) -> str:
    check = study.standing
    if not real:
        return bibtex.key("ascited", study.year, study.title)
    author = check.actual_authors[0] if check.actual_authors else ""
    return bibtex.key(author, check.actual_year or study.year, check.actual_title or study.title)


def _note(study: Study, kb: KnowledgeBase) -> str:
    """Who cites it so, where and when, and what a check of that found."""
    post, check = kb.source(study.source_id), study.standing
    claim = "" if check.status == "not_found" else f"; {_CLAIM[check.claim_check]}"
    return (
        f"As cited by {post.publisher}, {post.url}, {_day(post.published)};"
        f" checked {_day(check.checked)}: {finding(study)}{claim}."
    )


def _plain_as_cited(study: Study) -> str:
    return f"“{study.title}”, {study.venue}, {study.year}."


def _plain_real(study: Study) -> Line:
    check = study.standing
    year = check.actual_year or study.year
    names = wording.listed(check.actual_authors)
    said: list[Part] = [
        f"{names} ({year}). " if names else f"({year}). ",
        f"{check.actual_title or study.title}. {_venue(study)}.",
    ]
    if check.url:
        said += [" ", Link(check.url, check.url)]
    return line(*said)


def _venue(study: Study) -> str:
    """Where the real work appeared, without the check's remarks on it."""
    return _ASIDE.sub("", study.standing.actual_venue or study.venue)


def _identifiers(study: Study) -> dict[str, str]:
    """The work's identifiers by their kind in small letters: doi, arxiv."""
    parts = (study.standing.identifier or "").split(";")
    pairs = (part.strip().partition(":") for part in parts)
    return {kind.lower(): value.strip() for kind, _, value in pairs if value}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
