"""Changes: the figures of the knowledge base as they can be kept, and what became of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from bot import wording
from bot.answer import Answer, Choice, Line, Link, line
from bot.links import permalink
from bot.questions.citing import claim, standing_word
from bot.questions.cost import Cost
from bot.questions.listed import PER, in_out
from bot.questions.price import Price
from bot.questions.sources import Sources
from bot.questions.study import Study
from bot.values import Models, Named, Years

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.base import KnowledgeBase

FORM = 2  # of what is kept; a new one is compared with nothing
MOST = 8  # changes told one by one


class Figure(Struct, frozen=True):
    """A figure as it is said, and the bare values by which it is told from another."""

    said: str
    values: str


Figures = dict[str, Figure]  # by the command that asks for them


def figures(kb: KnowledgeBase) -> Figures:
    """Every figure that somebody typed into the data; what is computed from them follows them."""
    return dict(_figures(kb))


def _figures(kb: KnowledgeBase) -> Iterator[tuple[str, Figure]]:
    for point in kb.series().points:
        said = f"{wording.money(point.value)} per inference"
        command = Cost(years=Years((point.year,))).as_command()
        yield command, Figure(said, f"{point.value:.12g}")
    headline = kb.headline
    said = f"headline {wording.rate(headline)} a year"
    yield Sources().as_command(), Figure(said, f"{headline.low:.12g} {headline.high:.12g}")
    for study in kb.studies(collection=None):
        claims = "; ".join(claim(estimate) for estimate in study.estimates)
        values = [
            (e.form, e.low, e.central, e.high, e.years_low, e.years_high, e.direction)
            for e in study.estimates
        ]
        found = study.standing
        checked = (found.status, found.claim_check) if found else ()
        kind = standing_word(study) if found else "published estimate"
        yield (
            Study(study=study.number).as_command(),
            Figure(f"{study.title}: {claims} ({kind})", json.dumps([values, checked])),
        )
    yield from _prices(kb)


def _prices(kb: KnowledgeBase) -> Iterator[tuple[str, Figure]]:
    """One figure for each model on sale: what all its sellers ask, the cheapest first."""
    market = kb.market
    for model in market.models():
        offers = market.offers(model.id, market.as_of)
        if not offers:
            continue
        told = market.price(model.id, market.as_of) or offers[0]
        said = f"{model.name}: {in_out(told)} {PER} at {market.provider(told.provider).name}"
        if len(offers) > 1:
            said += f" and {len(offers) - 1} more"
        values = [(o.provider, o.input, o.output) for o in sorted(offers, key=lambda o: o.provider)]
        command = Price(what=Models((Named.of(model.id, model.id),))).as_command()
        yield command, Figure(said, json.dumps(values))


def kept(known: Figures) -> str:
    """The figures as text to keep."""
    said = {command: [figure.said, figure.values] for command, figure in known.items()}
    return json.dumps({"form": FORM, "figures": said}, ensure_ascii=False)


def known(text: str) -> Figures | None:
    """What `kept` wrote; None when another version of it did."""
    said = json.loads(text)
    if said["form"] != FORM:
        return None
    return {command: Figure(*values) for command, values in said["figures"].items()}


def changes(before: Figures, after: Figures) -> tuple[str, ...]:
    """The commands of the figures that are not what they were, in the order of the data."""
    return tuple(
        command
        for command in {**after, **before}
        if command not in before
        or command not in after
        or before[command].values != after[command].values
    )


def announcement(before: Figures, after: Figures, username: str, version: str) -> Answer:
    """What changed, from what to what, each with its permalink."""
    changed = changes(before, after)
    new = sum(command not in before for command in changed)
    gone = sum(command not in after for command in changed)
    kinds = ((len(changed) - new - gone, "corrected"), (new, "new"), (gone, "withdrawn"))
    said = wording.listed([f"{number} {kind}" for number, kind in kinds if number])
    lines = [_line(c, before.get(c), after.get(c), username) for c in changed[:MOST]]
    if len(changed) > MOST:
        lines.append(line(f"And {len(changed) - MOST} more."))
    return Answer(
        f"The data changed: {said}",
        (*lines, line(f"Data version {version}. You get one such message a day at most.")),
        choices=(Choice("Stop these messages", "/unsubscribe"), Choice("Settings", "/settings")),
    )


def _line(command: str, before: Figure | None, after: Figure | None, username: str) -> Line:
    link = permalink(username, command)
    asked = Link(command, link) if link else command
    if after is None:
        return line(asked, f": withdrawn; it was {before.said if before else ''}")
    if before is None:
        return line(asked, f": {after.said} (new)")
    if before.said == after.said:  # a difference too small to be said, or in what is not shown
        return line(asked, f": {after.said} (corrected)")
    return line(asked, f": {after.said}; it was {before.said}")
