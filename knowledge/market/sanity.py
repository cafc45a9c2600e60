"""What prices and scores can be true: the rules that go beyond the types of single cells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from knowledge.sanity import check_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from knowledge.market.records import ModelPrice, Origin, Provider, Score
    from knowledge.strict import Place

    Prices = Sequence[tuple[Place, ModelPrice]]

USD = (0.001, 700)  # per million tokens: what no offer was below or above so far
RATIO = (0.9, 13)  # of output to input
PERCENT = (0, 100)


def check_price(price: ModelPrice, as_of: date, place: Place) -> None:
    """One period alone: its days in order, its dollars of a believable size."""
    for column, value in (("input", price.input), ("output", price.output)):
        if not USD[0] <= value <= USD[1]:
            raise place.wrong(
                f"'{column}' is {value:g}; write dollars per million tokens, {USD[0]} to {USD[1]}"
            )
    if not RATIO[0] <= price.output / price.input <= RATIO[1]:
        raise place.wrong(
            f"'output' is {price.output / price.input:.3g} times 'input'; correct one of the two"
        )
    if price.released and price.valid_from < price.released:
        raise place.wrong(f"'valid_from' is before 'released', {price.released}; correct one")
    if price.valid_to and price.valid_to <= price.valid_from:
        raise place.wrong("'valid_to' is not after 'valid_from'; correct one of the dates")
    for column, day in (("valid_from", price.valid_from), ("valid_to", price.valid_to)):
        if day and day > as_of:
            raise place.wrong(f"'{column}' is after {as_of}; correct it, or 'as_of' of the market")


def check_offers(prices: Prices) -> None:
    """The periods of an offer follow each other without gap or overlap."""
    for (earlier, before), (place, price) in pairwise(prices):
        if (before.provider, before.model) != (price.provider, price.model):
            continue
        if before.valid_to is None:
            raise earlier.wrong(
                f"'valid_to' is empty though a price follows; write {price.valid_from}"
            )
        if before.valid_to != price.valid_from:
            gap = "a gap" if before.valid_to < price.valid_from else "an overlap"
            raise place.wrong(
                f"'valid_from' leaves {gap} after {before.valid_to}, the end of the price before; "
                "correct one of the two"
            )


def check_names(prices: Prices) -> None:
    """A model has one name, a name one model."""
    names: dict[str, str] = {}
    models: dict[str, str] = {}
    for place, price in prices:
        name = names.setdefault(price.model, price.name)
        if name != price.name:
            raise place.wrong(f"'name' is '{price.name}'; write '{name}' as in the other lines")
        model = models.setdefault(price.name.casefold(), price.model)
        if model != price.model:
            raise place.wrong(f"'name' already belongs to '{model}'; give '{price.model}' another")


def check_origin(price: ModelPrice, origins: Mapping[str, Origin], place: Place) -> None:
    """Each price comes from a table or page that is described, under its licence."""
    origin = next((o for o in origins.values() if price.source.startswith(o.id)), None)
    if origin is None:
        raise place.wrong(f"'source' is '{price.source}'; begin it with an origin of market.toml")
    if price.licence != origin.licence:
        raise place.wrong(f"'licence' is '{price.licence}'; write '{origin.licence}'")
    for witness in price.witnesses:
        if witness not in origins:
            raise place.wrong(f"unknown witness '{witness}'; add it as an origin to market.toml")


def check_score(score: Score, as_of: date, place: Place) -> None:
    if not PERCENT[0] <= score.score <= PERCENT[1]:
        raise place.wrong(f"'score' is {score.score:g}; write percent, 0 to 100")
    if score.counts_from and score.counts_from > as_of:
        raise place.wrong(f"'counts_from' is after {as_of}; correct it")
    check_url(score.url, place)


def check_known(kind: str, name: str, known: Iterable[str], file: str, place: Place) -> None:
    if name not in known:
        raise place.wrong(f"unknown {kind} '{name}'; add it to {file} or correct it")


def check_sellers(providers: Iterable[tuple[Place, Provider]], sellers: set[str]) -> None:
    for place, provider in providers:
        if provider.id not in sellers:
            raise place.wrong("has no price in prices.csv; add one or remove the provider")


def check_aliases(
    model: str, aliases: Iterable[str], taken: Mapping[str, str], place: Place
) -> None:
    """An alias must not be another model's id or name."""
    for alias in aliases:
        owner = taken.get(alias.casefold(), model)
        if owner != model:
            raise place.wrong(f"the alias '{alias}' is the name of '{owner}'; remove it here")
