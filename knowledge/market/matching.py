"""Which of our offers a quote of genai-prices speaks of: by equal names only, never by likeness."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from knowledge.market.load import MarketData
    from knowledge.market.snapshot import Quote

    Offer = tuple[str, str]  # the ids of provider and model

# The end of a name that dates it: a day, or a word for the newest.
DATED = re.compile(r"[-@ (]+(?:20\d\d-?[01]\d-?[0-3]\d|latest)\)?$")
# Ids of sellers that say what they mean only to who knows them; these our rows were read under.
KNOWN = {
    "amazon.titan-text-express-v1": "titan-text-express",
    "amazon.titan-text-lite-v1": "titan-text-lite",
    "meta.llama4-maverick-17b-instruct-v1:0": "llama-4-maverick",
    "meta.llama4-scout-17b-instruct-v1:0": "llama-4-scout",
    "meta-llama/Llama-3-8b-chat-hf": "llama-3-8b-instruct",
    "meta-llama/Llama-3.3-70B-Instruct-Turbo": "llama-3.3-70b-instruct",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": "llama-4-scout",
    "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo": "llama-3.1-70b-instruct",
    "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo": "llama-3.1-8b-instruct",
}
ID = re.compile(r"[a-z0-9][a-z0-9.+-]*")


class Matching(Struct, frozen=True):
    """The quotes by what is known of them.

    `ours` are offers that have a row, `new` offers at our providers that have none, `unclear` are
    quotes of one offer with different prices, `strange` others of our providers, `elsewhere`
    those of providers that we do not have.
    """

    ours: dict[Offer, Quote]
    new: dict[Offer, Quote]
    unclear: dict[Offer, tuple[Quote, ...]]
    strange: tuple[Quote, ...]
    elsewhere: tuple[Quote, ...]


def match(data: MarketData, quotes: Iterable[Quote]) -> Matching:
    """Sort the quotes; of several for one offer the one that names it best counts.

    That is by id before by name, and without a date before with one. A new model takes its id
    from the package's name for it. It stays strange without a name that gives one, if it is on
    its way out, or if its provider is two of ours.
    """
    sellers = _unique((word, p.id) for p in data.providers for word in (p.id, p.name, *p.aliases))
    models = _unique((word, m.id) for m in data.models for word in (m.id, m.name, *m.aliases))
    offers = {(price.provider, price.model) for price in data.prices}
    found: dict[Offer, list[tuple[int, Quote]]] = {}
    strange: list[Quote] = []
    elsewhere: list[Quote] = []
    for quote in quotes:
        keys = (key(quote.provider), key(quote.provider_name))
        providers = {sellers[word] for word in keys if word in sellers}
        rank, model = _model(quote, models)
        offer = _offer(providers, model, offers)
        if offer and quote.input is not None and quote.output is not None:
            found.setdefault(offer, []).append((rank, quote))
        else:
            (strange if providers else elsewhere).append(quote)
    matching = Matching({}, {}, {}, tuple(strange), tuple(elsewhere))
    for offer, ranked in found.items():
        best = [quote for rank, quote in ranked if rank == min(rank for rank, _ in ranked)]
        if len({(quote.input, quote.output) for quote in best}) > 1:
            matching.unclear[offer] = tuple(best)
        else:
            (matching.ours if offer in offers else matching.new)[offer] = best[0]
    return matching


def key(text: str) -> str:
    """A name without case, blanks and punctuation; a plus is part of a name."""
    return "".join(sign for sign in text.casefold() if sign.isalnum() or sign == "+")


def _unique(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each name means; names that mean two things mean none."""
    meanings: dict[str, set[str]] = {}
    for word, meaning in named:
        meanings.setdefault(key(word), set()).add(meaning)
    return {word: min(found) for word, found in meanings.items() if len(found) == 1}


def _model(quote: Quote, models: dict[str, str]) -> tuple[int, str | None]:
    """The model's id and how far its spelling was from ours; a new one's from its name."""
    spellings = list(_spellings(quote))
    for rank, spelling in enumerate(spellings):
        if key(spelling) in models:
            return rank, models[key(spelling)]
    name = "-".join((quote.name or "").casefold().split())
    return len(spellings), name if ID.fullmatch(name) and not quote.deprecated else None


def _spellings(quote: Quote) -> Iterator[str]:
    """The names of a model, the best first; hosts write a maker and a slash before them."""
    tail = quote.model.rpartition("/")[2]
    names = [KNOWN.get(quote.model, tail), *([quote.name] if quote.name else [])]
    yield from names
    yield from (DATED.sub("", name) for name in names)


def _offer(providers: set[str], model: str | None, offers: set[Offer]) -> Offer | None:
    if model is None:
        return None
    selling = {provider for provider in providers if (provider, model) in offers} or providers
    return (min(selling), model) if len(selling) == 1 else None
