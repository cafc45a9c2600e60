"""Studies: lists by topic, year, venue, workload, collection, and by what they measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Choice, Figure, Line, line
from bot.calendar import YEARS
from bot.measures import COLLECTION, GROUP, PERIOD, Collection
from bot.names import AUTHOR, STATUS, TOPIC, VENUE, WORKLOAD, Found
from bot.questions.base import Question, slot
from bot.questions.citing import annual_words, citations, rates_in_short, statuses
from bot.questions.published import PUBLISHED, beside_the_post, button, sources, summary, when, who
from bot.slots import PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.values import Years
    from knowledge.base import KnowledgeBase
    from knowledge.records import Group, Study, Workload

ON_A_PAGE = 10  # studies, two screens of a phone
FOUND_BY_WORDS = 4  # studies shown for words that are no topic of the data


class Studies(Question):
    command = "studies"
    usage = "[published | post] [topic | measure | year | venue | author | not found]"
    summary = "the post's studies and published estimates, by subject, year or author"
    cues = (
        """
        study, studies, paper, papers, research, literature, publication, publications, article,
        articles, work on, works on, written about, published, which estimates
        """,
        """
        anything on, anything about, anything from, what do you have, do you have, talk about, say
        about, look into
        """,
    )
    bare = ("collection", "group", "topic", "period", "venue", "author", "status")
    along = ("years", "workload")
    charted = True
    examples = (
        "/studies pruning",
        "studies on carbon",
        "any papers about edge devices?",
        "which research is from ICML",
        "papers of 2019",
        "/studies training",
        "training studies from 2020",
        "which studies were not found",
        "/studies published hardware",
        "/studies hardware price-performance",
        "what do real studies say about gpu prices",
        "published estimates for inference",
        "is there any real evidence",
        "estimates for 2022 to 2024",
        "which estimates are second hand",
        "what does epoch say",
        "a16z",
        "studies by gundlach",
        "the post's studies on pruning",
    )

    collection: Collection | None = slot(COLLECTION, default=None)
    group: Group | None = slot(GROUP, default=None)
    topic: str | None = slot(TOPIC, default=None)
    years: Years | None = slot(YEARS, default=None)
    period: Years | None = slot(PERIOD, default=None)
    venue: str | None = slot(VENUE, default=None)
    author: str | None = slot(AUTHOR, default=None)
    workload: Workload | None = slot(WORKLOAD, default=None)
    status: Found | None = slot(STATUS, default=None)
    page: int | None = slot(PAGE, default=None)

    def caption(self, kb: KnowledgeBase) -> Answer:
        return replace(self.answer(kb), blocks=rates_in_short(self.found(kb)))

    def answer(self, kb: KnowledgeBase) -> Answer:
        found, others = self.found(kb), self._beside(kb)
        if not found:
            return self._nothing(kb)
        pages = -(-len(found) // ON_A_PAGE)
        page = min(max(1, self.page or 1), pages)
        shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        lines = tuple(study_line(s) for s in shown)
        if self.group and len(found) == 1:  # all there is on what was asked: what it says
            lines += tuple(summary(found[0]))[1:]
        if self.status and self.only == "post":
            lines += (statuses(kb),)
        lines += (*citations(found), *beside_the_post(others, self.topic or self.workload or ""))
        if pages > 1:
            lines += (line(f"Page {page} of {pages}."),)
        published = replace(self, collection="published", page=None).as_command()
        return Answer(
            self._headline(found, kb),
            lines,
            sources(found, kb),
            (Figure("studies", len(found), "count"),),
            (
                *self._turned(page, pages),
                *_opened(shown[: 6 if pages == 1 else 3]),
                *button(others, published),
            ),
            tuple(s.number for s in shown),
        )

    def _headline(self, found: Sequence[Study], kb: KnowledgeBase) -> str:
        kinds = list(dict.fromkeys(s.workload for s in found))
        cited = [s for s in found if not s.publication]
        said = f"{kinds[0]} study" if len(kinds) == 1 else "study"
        if not cited:
            said = "published estimate"
            if len(kinds) == 1 and not self.group:
                said = f"published {kinds[0]} estimate"
        headline = f"{wording.count(len(found), said)}{self._words(kb)}"
        if self.topic and not self._topic(kb):
            headline = f"Nearest to “{self.topic}”: {wording.count(len(found), said)}"
        elif len(kinds) > 1:
            headline += ": " + wording.listed(
                [f"{sum(s.workload == w for s in found)} {w}" for w in kinds]
            )
        if not cited and not (self.collection or self.only):
            headline += "; the post cites none"
        return headline

    def _turned(self, page: int, pages: int) -> tuple[Choice, ...]:
        """The pages to either side."""
        beside = ((page - 1, "Back"), (page + 1, "More"))
        return tuple(
            Choice(label, replace(self, page=p if p > 1 else None).as_command())
            for p, label in beside
            if 1 <= p <= pages
        )

    @property
    def only(self) -> Collection | None:
        """The collection that alone has what is asked for."""
        if self.group or self.period or self.author or self.status == "second_hand":
            return PUBLISHED
        return "post" if self.status else None

    def found(self, kb: KnowledgeBase) -> Sequence[Study]:
        """All that fit, whatever the page: of the post, or where that has none, published."""
        if chosen := self.collection or self.only:
            return self._of(kb, chosen)
        found = self._of(kb, "post")
        if found or (self.topic and not self._topic(kb)):
            return found  # words that no topic knows are looked for where they are expected
        return self._of(kb, PUBLISHED)

    def _beside(self, kb: KnowledgeBase) -> Sequence[Study]:
        """The published estimates on the same subject, where the post's studies are shown."""
        if self.collection or self.only or self._topic(kb) != self.topic:
            return ()
        return self._of(kb, PUBLISHED) if self._of(kb, "post") else ()

    def _of(self, kb: KnowledgeBase, collection: str | None) -> Sequence[Study]:
        """All of a collection that fit."""
        topic = self._topic(kb)
        found: Sequence[Study] = kb.studies(
            workload=self.workload, venue=self.venue, topic=topic, collection=collection
        )
        if self.group:
            found = [s for s in found if s.group == self.group]
        if self.period:
            found = [s for s in found if _covers(s, self.period)]
        if self.author:
            found = [s for s in found if self.author in s.authors]
        if self.status:
            found = [s for s in found if _has(s, self.status)]
        if self.years:
            wanted = set(self.years.all())
            found = [s for s in found if s.year in wanted]
        if self.topic and not topic:
            hits = kb.search(self.topic.split(), FOUND_BY_WORDS, collection)
            found = [s for s, _ in hits if s in found]
        return found

    def _topic(self, kb: KnowledgeBase) -> str | None:
        """The topic of the data that was asked for; None for words to search by."""
        return self.topic if self.topic in {t.id for t in kb.topics()} else None

    def _words(self, kb: KnowledgeBase) -> str:
        names = {t.id: t.name for t in kb.topics()}
        said = [f" of {self.group}" if self.group else ""]
        said.append(f" on {names.get(self.topic, self.topic)}" if self.topic else "")
        said.append(f" from {self.venue}" if self.venue else "")
        said.append(f" by {self.author}" if self.author else "")
        if self.years:
            listed = wording.listed([str(y) for y in self.years.listed])
            span = wording.years(self.years.first, self.years.last)
            said.append(f" of {span if self.years.span else listed}")
        if self.period:
            said.append(f" that cover {wording.years(self.period.first, self.period.last)}")
        if self.status == "second_hand":
            said.append(", only seen quoted")
        elif self.status:
            said.append(f", {self.status.replace('_', ' ')} where cited")
        return "".join(said)

    def _nothing(self, kb: KnowledgeBase) -> Answer:
        nearest = kb.search((self.topic or self.venue or "").split(), 3, None)
        names = wording.listed([t.name for t in kb.topics()][:8], "or")
        return Answer(
            f"No study{self._words(kb)}",
            (line(f"Topics there are: {names}, and more."),),
            sources((), kb),
            choices=tuple(Choice(f"Study {s.number}", f"/study {s.number}") for s, _ in nearest),
            outcome="refused",
        )


def _covers(study: Study, asked: Years) -> bool:
    """Whether a claim's own period has any of the years; one without a start is its end."""
    for claim in study.estimates:
        if claim.period_end:
            end = int(claim.period_end[:4])
            start = int((claim.period_start or claim.period_end)[:4])
            if start <= asked.last and asked.first <= end:
                return True
    return False


def _has(study: Study, status: Found) -> bool:
    if study.publication:
        return status == "second_hand" and study.publication.second_hand
    return study.citation.status == status


def _opened(studies: Sequence[Study]) -> tuple[Choice, ...]:
    return tuple(Choice(f"Study {s.number}", f"/study {s.number}") for s in studies)


def study_line(study: Study) -> Line:
    """One study in one line: number, title, who and when, its claim per year."""
    where = f"{study.venue} {study.year}"
    if study.publication:
        quoted = ", second-hand" if study.publication.second_hand else ""
        where = f"{who(study)}, {when(study)}{quoted}"
    return line(f"{study.number}. {study.title} ({where}): {annual_words(study)}")
