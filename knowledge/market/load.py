"""All that the market's files say, as one frozen MarketData; what is wrong stops with an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from knowledge.market import cells, own_prices, sanity
from knowledge.market.records import (
    Doubt,
    Family,
    Level,
    Model,
    ModelPrice,
    Origin,
    Provider,
    Score,
)
from knowledge.sanity import check_url, check_words
from knowledge.strict import Place, nothing_else, ordered, read_file, record, tables

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from knowledge.strict import Table

    Prices = list[tuple[Place, ModelPrice]]


class MarketData(Struct, frozen=True):
    """The content of the market's files, each kind in order; `as_of` is the day they show."""

    as_of: date
    prices: tuple[ModelPrice, ...]
    scores: tuple[Score, ...]
    levels: tuple[Level, ...]
    models: tuple[Model, ...]
    families: tuple[Family, ...]
    providers: tuple[Provider, ...]
    origins: tuple[Origin, ...]
    doubts: tuple[Doubt, ...]


class _Head(Struct, frozen=True):
    """What stands above the entries of market.toml."""

    as_of: date


class _Known(Struct, frozen=True):
    """A model's entry in names.toml."""

    id: str
    aliases: tuple[str, ...] = ()
    replaced_by: str | None = None


def load(root: Path, own: Path | None = None) -> MarketData:
    """Read and check the files in `root`/market, and a user's own prices below `own`."""
    name, content = read_file(root / "market" / "market.toml", root)
    place = Place(name, "the file")
    doubts = [(at, record(Doubt, entry, at)) for at, entry in tables(content, "doubt", place)]
    origins = _origins(tables(content, "origin", place))
    levels = [(at, record(Level, entry, at)) for at, entry in tables(content, "level", place)]
    check_words((at, (level.id, *level.aliases)) for at, level in levels)
    as_of = record(_Head, content, place).as_of
    known = {origin.id: origin for origin in origins}
    product = _prices(root, as_of, known)
    mine, brought = own_prices.read(own, product, as_of, known)
    models, families, providers = _names(root, product, mine)
    prices = _merged(product, mine)
    return MarketData(
        as_of,
        tuple(price for _, price in prices),
        _scores(root, as_of, {model.id for model in models}),
        ordered(levels, lambda level: level.id, "id"),
        models,
        families,
        providers,
        tuple(sorted((*origins, *brought.values()), key=lambda origin: origin.id.casefold())),
        ordered(doubts, lambda doubt: doubt.id, "id"),
    )


def _origins(entries: list[tuple[Place, Table]]) -> tuple[Origin, ...]:
    read = [(at, record(Origin, entry, at)) for at, entry in entries]
    for place, origin in read:
        check_url(origin.url, place)
    return ordered(read, lambda origin: origin.id, "id")


def _prices(root: Path, as_of: date, origins: dict[str, Origin]) -> Prices:
    prices = cells.read(root / "market" / "prices.csv", root, ModelPrice)
    for place, price in prices:
        sanity.check_price(price, as_of, place)
        sanity.check_origin(price, origins, place)
    ordered(prices, _offer, "provider, model, valid_from")
    sanity.check_offers(prices)
    sanity.check_names(prices)
    return prices


def _merged(product: Prices, mine: Prices) -> Prices:
    """All prices in one order. A user's rows may stand in any, and name a model as the others."""
    prices = sorted((*product, *mine), key=lambda row: _offer(row[1]))
    if mine:
        sanity.check_offers(prices)
        sanity.check_names([*product, *mine])
    return prices


def _offer(price: ModelPrice) -> tuple[str, str, date]:
    return price.provider, price.model, price.valid_from


def _scores(root: Path, as_of: date, models: set[str]) -> tuple[Score, ...]:
    scores = cells.read(root / "market" / "scores.csv", root, Score)
    for place, score in scores:
        sanity.check_score(score, as_of, place)
        sanity.check_known("model", score.model, models, "prices.csv", place)
    return ordered(scores, _rank, "benchmark, model, falling score")


def _rank(score: Score) -> tuple[str, str, float, str, str, str]:
    day = str(score.counts_from or "")
    return score.benchmark, score.model, -score.score, day, score.url, score.source


def _names(
    root: Path, prices: Prices, mine: Prices
) -> tuple[tuple[Model, ...], tuple[Family, ...], tuple[Provider, ...]]:
    name, content = read_file(root / "market" / "names.toml", root)
    place = Place(name, "the file")
    families = [(at, record(Family, entry, at)) for at, entry in tables(content, "family", place)]
    check_words((at, (*family.words, *family.lines)) for at, family in families)
    known = [(at, record(_Known, entry, at)) for at, entry in tables(content, "model", place)]
    sellers = [
        (at, record(Provider, entry, at)) for at, entry in tables(content, "provider", place)
    ]
    check_words((at, (p.id, p.name, *p.aliases)) for at, p in sellers)
    nothing_else(content, ["family", "model", "provider"], place)
    providers = ordered(sellers, lambda provider: provider.id, "id")
    ids = {provider.id for provider in providers}
    for at, price in prices:
        sanity.check_known("provider", price.provider, ids, "names.toml", at)
    sanity.check_sellers(sellers, {price.provider for _, price in prices})
    providers += own_prices.sellers(mine, providers)
    own_prices.check_models(
        mine, {w.casefold(): entry.id for _, entry in known for w in entry.aliases}
    )
    models = _models([*prices, *mine], known)
    return models, ordered(families, lambda family: family.name, "name"), providers


def _models(prices: Prices, known: list[tuple[Place, _Known]]) -> tuple[Model, ...]:
    """The models that have prices, with what names.toml adds to them."""
    added = {entry.id: entry for entry in ordered(known, lambda entry: entry.id, "id")}
    first: dict[str, ModelPrice] = {}
    for _, price in prices:
        if price.model not in first or price.valid_from < first[price.model].valid_from:
            first[price.model] = price
    taken = {word.casefold(): p.model for p in first.values() for word in (p.model, p.name)}
    check_words((at, entry.aliases) for at, entry in known)
    for at, entry in known:
        sanity.check_known("model", entry.id, first, "prices.csv", at)
        sanity.check_aliases(entry.id, entry.aliases, taken, at)
    return tuple(
        Model(
            name,
            first[name].name,
            first[name].valid_from,
            added[name].aliases if name in added else (),
            added[name].replaced_by if name in added else None,
        )
        for name in sorted(first)
    )
