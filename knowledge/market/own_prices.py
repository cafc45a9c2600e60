"""Own prices: a user's rows beside the product's, with the origins and providers they bring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge import own as own_data
from knowledge.market import cells, sanity
from knowledge.market.records import ModelPrice, Origin, Provider
from knowledge.sanity import check_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from knowledge.strict import Place

    Prices = list[tuple[Place, ModelPrice]]

_LINK = re.compile(r"https://\S+")


def read(
    own: Path | None, product: Prices, as_of: date, origins: Mapping[str, Origin]
) -> tuple[Prices, dict[str, Origin]]:
    """The rows of all own files, each checked, and the origins that only they have.

    An offer of the product's is not to be continued: a later product would contradict it.
    """
    sold = {(price.provider, price.model) for _, price in product}
    found: Prices = []
    brought: dict[str, Origin] = {}
    for path in own_data.files(own, "prices"):
        for place, price in cells.read(path, None, ModelPrice):
            sanity.check_price(price, as_of, place)
            if (price.provider, price.model) in sold:
                raise place.wrong(
                    f"{price.provider} has prices of {price.model} already; give your own another "
                    f"'provider', such as {price.provider}-own"
                )
            if not any(price.source.startswith(origin) for origin in origins):
                _bring(price, brought, place)
            sanity.check_origin(price, {**origins, **brought}, place)
            found.append((place, price))
    return found, brought


def _bring(price: ModelPrice, brought: dict[str, Origin], place: Place) -> None:
    """Make an origin of a source that names itself: words, and a link to where it can be read."""
    link = _LINK.search(price.source)
    title = price.source.replace(link[0], "").strip(" ,;:()") if link else ""
    if link is None or not title:
        raise place.wrong(
            f"'source' is '{price.source}'; write who says so and a link, "
            "such as Our contract, https://example.com/contract"
        )
    check_url(link[0].rstrip(",;)"), place)
    origin = Origin(price.source, title, link[0].rstrip(",;)"), price.licence)
    brought.setdefault(price.source, origin)


def sellers(prices: Prices, known: Iterable[Provider]) -> tuple[Provider, ...]:
    """The providers that only own prices have. They count as hosts: the maker's price stays its."""
    words = {w.casefold(): p.id for p in known for w in (p.id, p.name, *p.aliases)}
    found: dict[str, Provider] = {}
    for place, price in prices:
        owner = words.setdefault(price.provider.casefold(), price.provider)
        if owner != price.provider:
            raise place.wrong(f"'provider' is '{price.provider}'; write '{owner}'")
        found[price.provider] = Provider(price.provider, price.provider, host=True)
    ids = {provider.id for provider in known}
    return tuple(provider for provider in found.values() if provider.id not in ids)


def check_models(prices: Prices, aliases: Mapping[str, str]) -> None:
    """Refuse a model called what another one is called; `aliases` are word -> model."""
    for place, price in prices:
        for column, word in (("model", price.model), ("name", price.name)):
            owner = aliases.get(word.casefold(), price.model)
            if owner != price.model:
                raise place.wrong(f"'{column}' is '{word}', a name of '{owner}'; choose another")
