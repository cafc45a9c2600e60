"""Comparisons on one annual scale: the post's claims, published estimates, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot.manner import BOLDEST, Extreme
from bot.measures import GROUP, SCOPE, Scope
from bot.names import WORKLOADS, Workloads
from bot.questions.base import Question, slot
from bot.questions.citing import no_study, rates_in_short
from bot.questions.published import PUBLISHED
from bot.questions.ranking import (
    by_workload,
    estimates,
    extreme,
    on_one_scale,
    ranked,
    yardsticks,
)
from bot.questions.scale import by_section, everything, in_short, published
from bot.titles import STUDIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answer import Answer, Block
    from bot.questions.section import Section
    from knowledge.base import KnowledgeBase
    from knowledge.records import Group, Study, Workload

NOT_OF_THE_POST = ("hardware", "algorithms")
FEW = 6  # blocks that a short answer may have


class Compare(Question):
    command = "compare"
    usage = "[n m ... | published | all | measure] [inference | training | hardware | algorithms]"
    summary = "claims and published estimates on one annual scale"
    cues = (
        """
        compare, compared, comparing, comparison, versus, vs, side by side, next to each other,
        rank, ranking, agree, disagree, all claims, range of claims, range of the claims,
        difference, differ, faster than, slower than, more than, quicker than, against,
        hardware get cheaper, hardware getting cheaper, gpus getting cheaper, gpus get cheaper,
        chips get cheaper, chips getting cheaper, compute getting cheaper, compute get cheaper,
        algorithms get better, algorithms getting better, training get dearer,
        training gets dearer, training getting dearer, training gets more expensive,
        training getting more expensive
        """,
        """
        which one, which of them, which study, which studies, which paper, who, claim, claims,
        claiming, promise, promises, study, studies, paper, papers, research, author, authors,
        estimate, estimates, says, predicts, believes
        """,
    )
    bare = ("studies", "workloads", "scope")
    along = ("boldest", "group")
    charted = True
    examples = (
        "/compare",
        "/compare 1 5 7",
        "compare studies 2 and 6",
        "which paper claims the fastest drop",
        "who is the most pessimistic",
        "training vs inference",
        "/compare training lowest",
        "the hardware lottery against the carbon footprint paper",
        "/compare all",
        "compare all",
        "/compare published inference",
        "/compare hardware price-performance",
        "does hardware get cheaper",
        "who says training gets dearer",
    )

    studies: tuple[int, ...] | None = slot(STUDIES, default=None)
    scope: Scope | None = slot(SCOPE, default=None)
    group: Group | None = slot(GROUP, default=None)
    workloads: Workloads | None = slot(WORKLOADS, default=None)
    boldest: Extreme | None = slot(BOLDEST, default=None)

    @classmethod
    def alone(cls, values: Mapping[str, Any]) -> bool:
        """Inference alone is every question's subject, not a comparison; hardware is a topic."""
        if values.get("scope") in ("post", "published"):  # a list is meant, unless compared
            return False
        return super().alone(values) and values.get("workloads") in (None, "training", "both")

    def answer(self, kb: KnowledgeBase) -> Answer:
        chosen = self.chosen(kb)
        if self.boldest and ranked(chosen):
            return extreme(kb, self.boldest, chosen, whole=not self.studies)
        if sections := self.sections(kb):
            what = f" of {self._workload}" if self._workload else ""
            return by_section(kb, sections, chosen, what)
        if any(study.publication for study in chosen):
            return estimates(kb, chosen)
        if self.workloads == "both" and not self.studies:
            return by_workload(kb)
        return on_one_scale(kb, chosen, whole=not self.studies)

    def caption(self, kb: KnowledgeBase) -> Answer:
        answer = self.answer(kb)
        if sections := self.sections(kb):
            return replace(answer, blocks=in_short(sections))
        chosen = self.chosen(kb)
        blocks = rates_in_short(chosen)
        if not all(study.publication for study in chosen):
            blocks += (yardsticks(kb),)
        return replace(answer, blocks=blocks)

    def brief(self, answer: Answer, kb: KnowledgeBase) -> tuple[Block, ...]:
        return self.caption(kb).blocks if len(answer.blocks) > FEW else answer.blocks

    @property
    def _workload(self) -> Workload | None:
        return None if self.workloads == "both" else self.workloads

    @property
    def _scope(self) -> Scope:
        """Only published estimates measure hardware and algorithms, and are grouped."""
        if self.group or self._workload in NOT_OF_THE_POST:
            return PUBLISHED
        return self.scope or "post"

    def sections(self, kb: KnowledgeBase) -> tuple[Section, ...]:
        """What stands on one scale group by group; none where single claims are compared."""
        if self.studies or self.group or self.boldest or self._scope == "post":
            return ()
        if self._scope == "all":
            return everything(kb, self._workload)
        return tuple(published(self.chosen(kb)))

    def chosen(self, kb: KnowledgeBase) -> tuple[Study, ...]:
        """The studies that are compared."""
        if self.studies:
            found = [kb.study(n) for n in self.studies]
            absent = [n for n, s in zip(self.studies, found, strict=True) if s is None]
            if absent:
                raise no_study(kb, absent)
            return tuple(study for study in found if study)
        collection = None if self._scope == "all" else self._scope
        studies = kb.studies(workload=self._workload, collection=collection)
        return tuple(s for s in studies if self.group in (None, s.group))
