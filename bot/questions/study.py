"""Study: one study's summary, whether a source cites it or it is a published estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answer import Answer, Block, Choice, Figure, Line, Quote, line
from bot.questions.base import Question, slot
from bot.questions.citing import annual_rate, claim_sentence, no_study, standing, the_studies
from bot.questions.published import summary, the_work
from bot.titles import STUDY

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study as StudyRecord


class Study(Question):
    command = "study"
    usage = "<number | title>"
    summary = "one study or published estimate: its claim, its annual rate, who says so"
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
    charted = True
    examples = (
        "/study 5",
        "/study the hardware lottery",
        "tell me about study 12",
        "what does the lottery ticket paper claim",
        "summary of number 7",
        "scaling laws for neural language models",
        "/study 41",
        "densing law of llms",
        "tell me about study 18",
    )

    study: int = slot(STUDY)

    def answer(self, kb: KnowledgeBase) -> Answer:
        study = kb.study(self.study)
        if study is None:
            raise no_study(kb, (self.study,))
        rate = annual_rate(study)
        figures = (
            (Figure("low", rate.low, "fraction"), Figure("high", rate.high, "fraction"))
            if rate
            else ()
        )
        return Answer(
            f"{study.number}. {study.title}",
            tuple(summary(study) if study.publication else _as_cited(study)),
            the_work(study) if study.publication else the_studies(kb),
            figures,
            self._choices(kb, study),
            (study.number,),
        )

    def _choices(self, kb: KnowledgeBase, study: StudyRecord) -> tuple[Choice, ...]:
        choices = [
            Choice(f"Study {s.number}: {_short(s.title)}", f"/study {s.number}")
            for s in related(kb, study)
        ]
        if study.group:
            choices.append(Choice(f"All of {study.group}", f"/compare {study.group}"))
        elif annual_rate(study) and study.workload == "inference":
            choices.append(Choice("Project 2030 with it", f"/project 2030 study {study.number}"))
        return tuple(choices)


def related(kb: KnowledgeBase, study: StudyRecord, limit: int = 2) -> tuple[StudyRecord, ...]:
    """Those of its collection that measure the same and share most topics with a study."""
    shared = {
        s.number: (
            s.group == study.group,
            len(set(s.topics) & set(study.topics)),
            s.workload == study.workload,
        )
        for s in kb.studies(collection=study.collection)
        if s.number != study.number
    }
    best = sorted(shared, key=lambda n: (shared[n], -n), reverse=True)[:limit]
    return tuple(s for n in best if shared[n][1] and (s := kb.study(n)))


def _as_cited(study: StudyRecord) -> tuple[Block, ...]:
    """What its source says of a study, and the truth about the citation."""
    return (
        line(f"{study.venue}, {study.year}; {study.workload}"),
        *(line(claim_sentence(e)) for e in study.estimates),
        Quote(study.conclusion, detail=True),
        Line(standing(study)),
    )


def _short(title: str, limit: int = 30) -> str:
    head = title.split(":")[0]
    return head if len(head) <= limit else head[:limit].rpartition(" ")[0] + "…"
