"""Did it come true: what was said of falling costs, against what prices did since then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Quote, Table, line
from bot.manner import REALITY, Reality
from bot.questions.base import Question, slot
from bot.questions.citing import annual_words, claim, no_study
from bot.questions.levels import LIST_PRICES, as_of, falling, list_prices, spread
from bot.questions.published import label, the_work
from bot.questions.verdicts import (
    DIFFERENT,
    Said,
    by_market,
    by_trend,
    counted,
    everything,
    from_later,
    judged,
    last_year_over,
    not_judged,
    of_study,
)
from bot.titles import STUDY
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from knowledge.base import KnowledgeBase
    from knowledge.market.outcomes import Verdict
    from knowledge.records import Study


VERDICTS: dict[Verdict, str] = {
    "faster": "Prices fell faster than was said",
    "slower": "Prices fell slower than was said",
    "within": "Prices fell within what was said",
}


class Scorecard(Question):
    command = "scorecard"
    usage = "[study]"
    summary = "what was forecast or found before, and what prices did since"
    cues = (
        """
        scorecard, score card, report card, it come true, this come true, that come true, they come
        true, forecast come true, forecasts come true, prediction come true, predictions come true,
        claims come true, year come true, headline come true, anything come true, post
        prediction, post forecast, blog prediction, blog forecast, headline prediction, headline
        come out, were the forecasts right, were the predictions right, was the forecast right, was
        the prediction right, was the post right, was the blog right, was the headline right, did
        the post get it right, forecasts hold up, predictions hold up, forecast hold up, prediction
        hold up, post hold up, headline hold up, claims hold up, forecasts held up, predictions
        held up, pan out, panned out, who was right, who got it right, who was wrong, which
        forecast was right, which forecasts were right, what became of, forecasts come
        out, predictions come out, how wrong were the, how wrong was the, how far off were the, how
        far off was the
        """,
        "come true, came true, right, wrong, hold up, held up, turn out, since then",
    )
    bare = ("reality",)
    charted = True
    along = ("study",)
    examples = (
        "/scorecard",
        "how does the post compare to real prices",
        "did it come true?",
        "were the forecasts right",
        "how did the post's prediction do",
        "/scorecard 20",
        "did study 25 come true",
    )

    study: int | None = slot(STUDY, default=None)
    reality: Reality | None = slot(REALITY, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        if self.study is None:
            return _card(kb)
        study = kb.study(self.study)
        if study is None:
            raise no_study(kb, (self.study,))
        return _one(kb, study)

    def caption(self, kb: KnowledgeBase) -> Answer:
        """Under the whole card's picture: all that was said and came, an entry a part of a line."""
        answer = self.answer(kb)
        if self.study is not None:
            return replace(
                answer, blocks=tuple(b for b in answer.blocks if not isinstance(b, Quote))
            )
        post, row, *studies = everything(kb)
        return replace(
            answer,
            blocks=(
                line(f"Said, and came: {_in_short((post, row))}."),
                line(f"Found before: {_in_short(studies)}."),
                line(
                    f"The table's trend for {last_year_over(kb)}, 80%: {_in_short(by_trend(kb))}."
                ),
            ),
        )


def _in_short(entries: Iterable[Said]) -> str:
    return "; ".join(f"{e.name} {wording.rate(e.said)} → {spread(e.came)}" for e in entries)


def _card(kb: KnowledgeBase) -> Answer:
    """Forecasts first, then what was found before, in the order in which it was said."""
    post, row, *studies = everything(kb)
    head = (
        f"The post said {wording.rate(post.said)} a year; since then list prices of"
        f" {len(post.outcomes)} fixed capabilities fell {spread(post.came)}"
    )
    entries = (post, row, *studies)
    return Answer(
        head,
        (
            Table(("said by", "a year", "since"), tuple(_row(e) for e in entries)),
            *_verdicts(entries),
            line(from_later(post, kb)),
            line(DIFFERENT),
            _per_level(post),
            *_trends(kb),
            *_left_out(kb),
        ),
        _source(kb),
        tuple(f for e in entries for f in _figures(e)),
        (
            *(Choice(f"Study {e.study.number}", _command(e)) for e in studies[:5] if e.study),
            Choice("All levels", "/capability"),
        ),
        tuple(e.study.number for e in studies if e.study),
    )


def _one(kb: KnowledgeBase, study: Study) -> Answer:
    """One claim level by level."""
    said = of_study(study, kb)
    if said is None:
        raise NumberError(f"study {study.number} can't be set against list prices: {_why(study)}")
    return Answer(
        f"{label(study)}: {annual_words(study)}; since then {spread(said.came)}",
        (
            line(f"Claim: {claim(study.estimates[0])} ({study.estimates[0].measures})."),
            Quote(study.estimates[0].quote),
            _per_level(said),
            *_verdicts((said,)),
            line(DIFFERENT),
        ),
        line(*the_work(study).parts, f"; {LIST_PRICES}, as of {as_of(kb)}"),
        tuple(_figures(said)),
        (Choice(f"Study {study.number}", f"/study {study.number}"), Choice("All", "/scorecard")),
        (study.number,),
    )


def _why(study: Study) -> str:
    if study.publication is None:
        return "the post does not give the month in which it was said, nor could most be found"
    if study.group != "price at fixed capability":
        return f"it measures {study.group}"
    if study.publication.month is None:
        return "the month in which it was said is not known"
    return "too little time has passed"


def _source(kb: KnowledgeBase) -> Line:
    return line(
        *list_prices(kb).parts, "; the post; published estimates, each summary links its own"
    )


def _row(entry: Said) -> tuple[str, str, str]:
    return entry.name, wording.rate(entry.said), spread(entry.came)


def _command(entry: Said) -> str:
    return f"/scorecard {entry.study.number}" if entry.study else "/scorecard"


def _verdicts(entries: Sequence[Said]) -> Iterator[Line]:
    """Whether prices fell faster or slower than was said, at how many levels; forecasts first."""
    for entry in entries:
        if entry.study is None:
            yield line(f"{VERDICTS[judged(entry)]} by {entry.called} {counted(entry)}.")
    found: dict[str, list[int]] = {}
    for entry in entries:
        if entry.study:
            verdict = VERDICTS[judged(entry)].replace("said", "found")
            said = f"{verdict} before by {{}} {counted(entry)}."
            found.setdefault(said, []).append(entry.study.number)
    for said, numbers in found.items():
        named = "study" if len(numbers) == 1 else "studies"
        yield line(said.format(f"{named} {wording.numbers(numbers)}"))


def _per_level(entry: Said) -> Table:
    """Each level from the claim's month on, and how that compares."""
    first = entry.outcomes[0].stretch
    rows = tuple(
        (
            o.level.id,
            wording.token_price(o.stretch.start.blended),
            wording.token_price(o.stretch.end.blended),
            falling(o.annual),
            o.than(entry.said, at_least=entry.at_least),
        )
        for o in entry.outcomes
    )
    then, now = f"{first.start.day:%m/%y}", f"{first.end.day:%m/%y}"
    return Table(("level", then, now, "a year", "than said"), rows, detail=True)


def _trends(kb: KnowledgeBase) -> Iterator[Block]:
    """What the default projection would have said, of the table and of the market."""
    rows = tuple(
        (e.name, wording.percent(e.said.middle), wording.rate(e.said), spread(e.came))
        for e in by_trend(kb)
    )
    yield line(
        f"The trend of the post's table, said at each year's end for {last_year_over(kb)}, with"
        " its 80% interval, and what the levels that had a price then did:",
        detail=True,
    )
    yield Table(("in", "said", "80%", "came"), rows, detail=True)
    yield line(by_market(kb), detail=True)


def _left_out(kb: KnowledgeBase) -> Iterator[Line]:
    """Forecasts that no list price can judge."""
    said = [f"{label(s)} ({s.group}, to {s.estimates[0].period_end})" for s in not_judged(kb)]
    if said:
        yield line(f"Forecasts that list prices can't judge: {'; '.join(said)}.")


def _figures(entry: Said) -> Iterator[Figure]:
    yield Figure(f"said.low.{entry.key}", entry.said.low, "fraction")
    yield Figure(f"said.high.{entry.key}", entry.said.high, "fraction")
    for o in entry.outcomes:
        yield Figure(f"came.{entry.key}.{o.level.id}", o.annual, "fraction")
