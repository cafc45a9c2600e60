"""A review of a snapshot in words, for whoever keeps the price table."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from knowledge.market.records import ModelPrice
    from knowledge.market.refresh import Change, Review
    from knowledge.market.snapshot import Snapshot

WIDTH = 100


def tell(review: Review, as_of: date, snapshot: Snapshot) -> str:
    """What changed first, then what was refused, what is not in our table, what did not match."""
    return "\n".join(_lines(review, as_of, snapshot))


def _lines(review: Review, as_of: date, snapshot: Snapshot) -> Iterator[str]:
    yield f"{snapshot.source} against our prices of {as_of}, US dollars per million tokens in/out"
    yield f"{review.same} prices in force are the same in both."
    if review.changes:
        yield f"\nNew ({len(review.changes)}):"
        yield from (f"  {_change(change)}" for change in review.changes)
    else:
        yield "No changes."
    if review.refusals:
        yield f"\nRefused ({len(review.refusals)}):"
        ours_first = sorted(review.refusals, key=lambda refusal: refusal.change.before is None)
        yield from (f"  {_change(refusal.change)}: {refusal.why}" for refusal in ours_first)
    if review.needless:
        yield f"\nNothing waited for --confirm {' '.join(review.needless)}"
    if review.waiting:
        yield (
            f"\nNew to our table ({len(review.waiting)}), because they are new or because it "
            "leaves them out;\nadd one with --apply --confirm provider/model:"
        )
        offers = ((c.after.provider, f"{c.after.model} {_price(c.after)}") for c in review.waiting)
        yield from _grouped(offers)
    yield "\nNot matched, because names must be equal:"
    yield from _listed("several prices there", review.unclear)
    yield from _listed("in force here, not found there", review.unseen)
    yield from _listed("ended here, still listed there", review.ended)
    yield from _strange(review)


def _change(change: Change) -> str:
    before, after = change.before, change.after
    was = f"{_price(before)} -> " if before else "new, "
    how = after.start_known
    return f"{after.provider}/{after.model}: {was}{_price(after)} from {after.valid_from} ({how})"


def _price(price: ModelPrice) -> str:
    return f"{price.input:g}/{price.output:g}"


def _listed(title: str, offers: Iterable[tuple[str, str]]) -> Iterator[str]:
    names = [f"{provider}/{model}" for provider, model in offers]
    if names:
        yield f" {title} ({len(names)}):"
        yield _wrapped(", ".join(names))


def _grouped(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """One paragraph a provider."""
    groups: dict[str, list[str]] = {}
    for provider, name in entries:
        groups.setdefault(provider, []).append(name)
    for provider, names in groups.items():
        yield _wrapped(f"{provider}: {', '.join(names)}")


def _strange(review: Review) -> Iterator[str]:
    """Providers that are not ours only by number, the others with each model."""
    if review.strange:
        yield (
            " listed there without a name, on its way out, or not sold by text tokens "
            f"({len(review.strange)}):"
        )
        yield from _grouped((quote.provider, quote.model) for quote in review.strange)
    if review.elsewhere:
        counts = Counter(quote.provider for quote in review.elsewhere)
        yield f" of providers that we do not have ({len(review.elsewhere)}):"
        yield _wrapped(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
