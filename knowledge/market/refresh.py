"""What is new in a snapshot against our prices: which rows may follow, and why others may not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.errors import DataError
from knowledge.market import sanity
from knowledge.market.matching import match
from knowledge.market.records import ModelPrice
from knowledge.market.snapshot import PACKAGE
from knowledge.strict import Place

if TYPE_CHECKING:
    from collections.abc import Collection

    from knowledge.market.load import MarketData
    from knowledge.market.matching import Offer
    from knowledge.market.snapshot import Quote, Snapshot

SLIPS = (10, 100, 1000, 1_000_000)  # a comma, or another number of tokens that a price is for
NEAR = 0.005  # how near to such a factor a change looks like a slip; real cuts hit 10 exactly too
FARTHEST = 100  # times
FIRST_SEEN = "first day a snapshot showed it"


class Change(Struct, frozen=True):
    """The row that would follow ours; `before` is None where there is none of this offer."""

    before: ModelPrice | None
    after: ModelPrice

    @property
    def offer(self) -> str:
        """As --confirm names it."""
        return f"{self.after.provider}/{self.after.model}"

    @property
    def end_known(self) -> str:
        """How the end of the row before is known."""
        seen = self.after.start_known == FIRST_SEEN
        return "first day a snapshot showed another price" if seen else f"dated by {PACKAGE}"


class Refusal(Struct, frozen=True):
    """A row that is not added: why, and what to do."""

    change: Change
    why: str


class Review(Struct, frozen=True):
    """A snapshot set against our prices.

    `changes` are good to be added; `waiting` are offers that we do not have, good but not asked
    for. `same` counts the prices in force that both show. `ended` offers are over here and still
    listed there, `unseen` ones in force here and not found there; `unclear`, `strange` and
    `elsewhere` are as in Matching. `needless` are confirmations that nothing waited for.
    """

    changes: tuple[Change, ...]
    waiting: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    same: int
    ended: tuple[Offer, ...]
    unseen: tuple[Offer, ...]
    unclear: tuple[Offer, ...]
    strange: tuple[Quote, ...]
    elsewhere: tuple[Quote, ...]
    needless: tuple[str, ...]


def review(data: MarketData, snapshot: Snapshot, confirmed: Collection[str] = ()) -> Review:
    """Match, compare and judge. `confirmed` are offers such as "openai/gpt-5".

    An offer that we do not have is added only if confirmed: no snapshot tells what came to the
    market from what the table leaves out on purpose, such as fine-tunes, images and speech.
    """
    matching = match(data, snapshot.quotes)
    current = {(p.provider, p.model): p for p in data.prices if p.valid_to is None}
    names = {model.id: model.name for model in data.models}
    same = [o for o, quote in matching.ours.items() if o in current and _same(current[o], quote)]
    changes, waiting, refusals = [], [], []
    for offer, quote in sorted([*matching.ours.items(), *matching.new.items()], key=_by_offer):
        before = current.get(offer)
        if offer in same or (before is None and offer in matching.ours):
            continue
        after = _row(offer, names.get(offer[1]) or quote.name or offer[1], quote, before, snapshot)
        change = Change(before, after)
        why = _fault(change, data, snapshot) or (
            None if change.offer in confirmed else _doubt(change, data)
        )
        if why:
            refusals.append(Refusal(change, why))
        elif before or change.offer in confirmed:
            changes.append(change)
        else:
            waiting.append(change)
    used = {change.offer for change in (*changes, *(r.change for r in refusals))}
    known = {*matching.ours, *matching.unclear}
    return Review(
        tuple(changes),
        tuple(waiting),
        tuple(refusals),
        len(same),
        tuple(sorted(offer for offer in matching.ours if offer not in current)),
        tuple(sorted(offer for offer in current if offer not in known)),
        tuple(sorted(matching.unclear)),
        matching.strange,
        matching.elsewhere,
        tuple(sorted(set(confirmed) - used)),
    )


def _by_offer(entry: tuple[Offer, Quote]) -> Offer:
    return entry[0]


def _same(price: ModelPrice, quote: Quote) -> bool:
    return math.isclose(price.input, quote.input or 0) and math.isclose(
        price.output, quote.output or 0
    )


def _row(
    offer: Offer, name: str, quote: Quote, before: ModelPrice | None, snapshot: Snapshot
) -> ModelPrice:
    """The row as the table writes it.

    An offer's first row begins with the snapshot even if the package dates its price: what stood
    before that day is not known here.
    """
    dated = quote.since if before else None
    return ModelPrice(
        provider=offer[0],
        model=offer[1],
        name=name,
        released=before.released if before else None,
        valid_from=dated or snapshot.day,
        valid_to=None,
        input=quote.input or 0,
        output=quote.output or 0,
        source=snapshot.source,
        licence="MIT",
        witnesses=(PACKAGE,),
        start_known=f"dated by {PACKAGE}; first snapshot showing it {snapshot.day}"
        if dated
        else FIRST_SEEN,
        note=f"prompts up to {round(quote.up_to / 1000)}K tokens" if quote.up_to else None,
    )


def _fault(change: Change, data: MarketData, snapshot: Snapshot) -> str | None:
    """What makes a row impossible, whoever confirms it, with the remedy."""
    before, after = change.before, change.after
    if after.input == 0 or after.output == 0:
        return "is free; a free tier is no list price, leave it out"
    if after.valid_from < data.as_of:
        return (
            f"starts before {data.as_of}, the day that our table shows; take a newer snapshot, "
            "or look the day up and write the row by hand"
        )
    if before and after.valid_from <= before.valid_from:
        return f"would not start after our row of {before.valid_from}; run it again another day"
    try:
        place = Place("prices.csv", change.offer)
        sanity.check_price(after, max(data.as_of, snapshot.day), place)
    except DataError as error:
        remedy = "leave it out, or look the price up and write the row by hand"
        return f"{error.problem.partition(';')[0]}; {remedy}"
    return None


def _doubt(change: Change, data: MarketData) -> str | None:
    """What somebody has to look at before a row is added."""
    if change.before is None:
        return None
    after = change.after
    confirm = f"compare with the provider's page, then --confirm {change.offer}"
    for column in ("input", "output"):
        was, now = getattr(change.before, column), getattr(after, column)
        times = max(was / now, now / was)
        if any(math.isclose(times, slip, rel_tol=NEAR) for slip in SLIPS):
            return f"'{column}' is {times:.7g} times off, which looks like a slip; {confirm}"
        if times > FARTHEST:
            return f"'{column}' is {times:.7g} times off; {confirm}"
    for price in data.prices:
        same_offer = (price.provider, price.model) == (after.provider, after.model)
        if same_offer and (price.input, price.output) == (after.input, after.output):
            return f"is what it cost until {price.valid_to}, so the snapshot may be old; {confirm}"
    if PACKAGE not in change.before.witnesses and not change.before.source.startswith(PACKAGE):
        return f"{PACKAGE} never showed the price before, so this may not be a change; {confirm}"
    return None
