"""Studies: lists by topic, year, venue or workload, and one study's summary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Quote, line
from bot.calendar import YEARS
from bot.names import STATUS, TOPIC, VENUE, WORKLOAD
from bot.questions.base import Question, question, slot
from bot.questions.citing import (
    annual_rate,
    annual_words,
    citations,
    claim_sentence,
    rates_in_short,
    standing,
    the_studies,
)
from bot.slots import PAGE
from bot.titles import STUDY
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.values import Years
    from knowledge.base import KnowledgeBase
    from knowledge.records import Status, Workload
    from knowledge.records import Study as StudyRecord

ON_A_PAGE = 10  # studies, two screens of a phone
FOUND_BY_WORDS = 4  # studies shown for words that are no topic of the data


@question
class Studies(Question):
    command = "studies"
    usage = "[topic | year | venue | inference | training | found | not found]"
    summary = "the studies, by topic, year, venue or workload"
    cues = (
        """
        study, studies, paper, papers, research, literature, publication, publications, article,
        articles, work on, works on, written about, published
        """,
        """
        anything on, anything about, anything from, what do you have, do you have, talk about, say
        about, look into
        """,
    )
    bare = ("topic", "venue", "status")
    along = ("years", "workload")
    examples = (
        "/studies pruning",
        "studies on carbon",
        "any papers about edge devices?",
        "which research is from ICML",
        "papers of 2019",
        "/studies training",
        "training studies from 2020",
        "which studies were not found",
    )

    topic: str | None = slot(TOPIC, default=None)
    years: Years | None = slot(YEARS, default=None)
    venue: str | None = slot(VENUE, default=None)
    workload: Workload | None = slot(WORKLOAD, default=None)
    status: Status | None = slot(STATUS, default=None)
    page: int | None = slot(PAGE, default=None)

    def caption(self, kb: KnowledgeBase) -> Answer:
        return replace(self.answer(kb), blocks=rates_in_short(self.found(kb)))

    def answer(self, kb: KnowledgeBase) -> Answer:
        found = self.found(kb)
        if not found:
            return self._nothing(kb)
        pages = -(-len(found) // ON_A_PAGE)
        page = min(max(1, self.page or 1), pages)
        shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        kinds = [w for w in ("inference", "training") if any(s.workload == w for s in found)]
        said = f"{kinds[0]} study" if len(kinds) == 1 else "study"
        headline = f"{wording.count(len(found), said)}{self._words(kb)}"
        if len(kinds) > 1:
            headline += ": " + wording.listed(
                [f"{sum(s.workload == w for s in found)} {w}" for w in kinds]
            )
        if self.topic and not self._topic(kb):
            headline = f"Nearest to “{self.topic}”: {wording.count(len(found), said)}"
        lines = tuple(study_line(s) for s in shown)
        lines += tuple(citations(found))
        if pages > 1:
            lines += (line(f"Page {page} of {pages}."),)
        return Answer(
            headline,
            lines,
            the_studies(kb),
            (Figure("studies", len(found), "count"),),
            (*self._turned(page, pages), *_opened(shown[: 6 if pages == 1 else 3])),
            tuple(s.number for s in shown),
        )

    def _turned(self, page: int, pages: int) -> tuple[Choice, ...]:
        """The pages to either side."""
        beside = ((page - 1, "Back"), (page + 1, "More"))
        return tuple(
            Choice(label, replace(self, page=p if p > 1 else None).as_command())
            for p, label in beside
            if 1 <= p <= pages
        )

    def found(self, kb: KnowledgeBase) -> Sequence[StudyRecord]:
        """All that fit, whatever the page."""
        topic = self._topic(kb)
        found: Sequence[StudyRecord] = kb.studies(
            workload=self.workload, venue=self.venue, topic=topic
        )
        if self.status:
            found = [s for s in found if s.standing.status == self.status]
        if self.years:
            wanted = set(self.years.all())
            found = [s for s in found if s.year in wanted]
        if self.topic and not topic:
            hits = [s for s, _ in kb.search(self.topic.split(), FOUND_BY_WORDS)]
            found = [s for s in hits if s in found]
        return found

    def _topic(self, kb: KnowledgeBase) -> str | None:
        """The topic of the data that was asked for; None for words to search by."""
        return self.topic if self.topic in {t.id for t in kb.topics()} else None

    def _words(self, kb: KnowledgeBase) -> str:
        names = {t.id: t.name for t in kb.topics()}
        said = [f" on {names.get(self.topic, self.topic)}" if self.topic else ""]
        said.append(f" from {self.venue}" if self.venue else "")
        if self.years:
            listed = wording.listed([str(y) for y in self.years.listed])
            span = wording.years(self.years.first, self.years.last)
            said.append(f" of {span if self.years.span else listed}")
        if self.status:
            said.append(f", {self.status.replace('_', ' ')} where cited")
        return "".join(said)

    def _nothing(self, kb: KnowledgeBase) -> Answer:
        nearest = kb.search((self.topic or self.venue or "").split(), 3)
        names = wording.listed([t.name for t in kb.topics()][:8], "or")
        return Answer(
            f"No study{self._words(kb)}",
            (line(f"Topics there are: {names}, and more."),),
            the_studies(kb),
            choices=tuple(Choice(f"Study {s.number}", f"/study {s.number}") for s, _ in nearest),
            outcome="refused",
        )


def _opened(studies: Sequence[StudyRecord]) -> tuple[Choice, ...]:
    return tuple(Choice(f"Study {s.number}", f"/study {s.number}") for s in studies)


def study_line(study: StudyRecord) -> Line:
    """One study in one line: number, title, venue and year, its claim per year."""
    return line(
        f"{study.number}. {study.title} ({study.venue} {study.year}): {annual_words(study)}"
    )


@question
class Study(Question):
    command = "study"
    usage = "<number | title>"
    summary = "one study: its claim, its annual rate, the truth about its citation"
    cues = (
        """
        tell me about, tell me more, more about, details, detail, summary, summarize, summarise,
        explain
        """,
        """
        find, found, claim, claims, claimed, say, says, said, conclude, concludes, conclusion, what
        is, what does, what did, show, annual rate, per year, read, open, legit, real, exist,
        exists, fake, genuine, citation
        """,
    )
    bare = ("study",)
    examples = (
        "/study 5",
        "/study the hardware lottery",
        "tell me about study 12",
        "what does the lottery ticket paper claim",
        "summary of number 7",
        "scaling laws for neural language models",
    )

    study: int = slot(STUDY)

    def answer(self, kb: KnowledgeBase) -> Answer:
        study = kb.study(self.study)
        if study is None:
            raise NumberError(
                f"there is no study {self.study}: they are numbered 1 to {len(kb.studies())}"
            )
        rate = annual_rate(study)
        blocks: list[Block] = [
            line(f"{study.venue}, {study.year}; {study.workload}"),
            *(line(claim_sentence(e)) for e in study.estimates),
            Quote(study.conclusion),
            Line(standing(study)),
        ]
        figures = (
            (Figure("low", rate.low, "fraction"), Figure("high", rate.high, "fraction"))
            if rate
            else ()
        )
        return Answer(
            f"{study.number}. {study.title}",
            tuple(blocks),
            the_studies(kb),
            figures,
            self._choices(kb, study),
            (study.number,),
        )

    def _choices(self, kb: KnowledgeBase, study: StudyRecord) -> tuple[Choice, ...]:
        choices = [
            Choice(f"Study {s.number}: {_short(s.title)}", f"/study {s.number}")
            for s in related(kb, study)
        ]
        if annual_rate(study) and study.workload == "inference":
            choices.append(Choice("Project 2030 with it", f"/project 2030 study {study.number}"))
        return tuple(choices)


def related(kb: KnowledgeBase, study: StudyRecord, limit: int = 2) -> tuple[StudyRecord, ...]:
    """The studies that share most topics with one, its own workload first."""
    shared = {
        s.number: (len(set(s.topics) & set(study.topics)), s.workload == study.workload)
        for s in kb.studies()
        if s.number != study.number
    }
    best = sorted(shared, key=lambda n: (shared[n], -n), reverse=True)[:limit]
    return tuple(s for n in best if shared[n][0] and (s := kb.study(n)))


def _short(title: str, limit: int = 30) -> str:
    head = title.split(":")[0]
    return head if len(head) <= limit else head[:limit].rpartition(" ")[0] + "…"
