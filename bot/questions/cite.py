"""Cite: a study's reference to copy, as the post cites it and, where found, the real work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer, Choice, Code, Line, Quote, line
from bot.questions.base import Question, slot
from bot.questions.citing import no_study, the_studies
from bot.questions.published import the_work as the_source
from bot.questions.published import trust
from bot.questions.references import (
    CLAIM,
    NOT_FOUND,
    as_cited,
    finding,
    note,
    plain_as_cited,
    plain_work,
    real_work,
    the_work,
)
from bot.titles import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.answer import Block
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study


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
        "/cite 50",
        "bibtex for the densing law of llms",
    )

    study: int = slot(STUDY)

    def answer(self, kb: KnowledgeBase) -> Answer:
        study = kb.study(self.study)
        if study is None:
            raise no_study(kb, (self.study,))
        if study.publication:
            return self._published(study, kb)
        blocks: list[Block] = [
            line(f"As the post cites it — {finding(study)}:"),
            Quote(f"{plain_as_cited(study)} {note(study, kb)}"),
            Code(str(as_cited(study, kb)), "bibtex"),
        ]
        if (work := the_work(study)) and (real := real_work(study, kb)):
            probably = "Probably the real work" if study.citation.probable else "The real work"
            blocks += [line(f"{probably}:"), plain_work(work), Code(str(real), "bibtex")]
        return Answer(
            _headline(study),
            (*blocks, _advice(study)),
            the_studies(kb),
            choices=tuple(self._choices(kb, study)),
            studies=(study.number,),
        )

    def _published(self, study: Study, kb: KnowledgeBase) -> Answer:
        """The reference of a published estimate: the work itself is known."""
        work, real = the_work(study), real_work(study, kb)
        entry = (plain_work(work), Code(str(real), "bibtex")) if work and real else ()
        return Answer(
            f"Study {study.number} is a published estimate: cite the work itself",
            (*entry, line(trust(study))),
            the_source(study),
            choices=tuple(self._choices(kb, study)),
            studies=(study.number,),
        )

    def _choices(self, kb: KnowledgeBase, study: Study) -> Iterator[Choice]:
        yield Choice(f"Study {study.number}", f"/study {study.number}")
        after = kb.study(study.number + 1)
        if after and after.collection == study.collection:
            yield Choice(f"Cite study {after.number}", f"/cite {after.number}")


def _headline(study: Study) -> str:
    check = study.citation
    if check.status == "not_found":
        return f"Study {study.number} was {NOT_FOUND}: don’t cite it as fact"
    where = "as cited" if check.status == "found" else "elsewhere"
    if check.probable:
        return f"Study {study.number} was probably found {where}: make sure before you cite it"
    return f"Study {study.number} was found {where}: cite the real work"


def _advice(study: Study) -> Line:
    check = study.citation
    if check.status == "not_found":
        return line(
            "Do not cite it as fact: its claim could not be checked, and the post is the only"
            " source for it here."
        )
    unsure = "The match is probable, not certain. " if check.probable else ""
    return line(f"{unsure}Cite the real work for what it says: {CLAIM[check.claim_check]}.")
