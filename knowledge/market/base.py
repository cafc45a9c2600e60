"""Market: every read of the price and score tables, returning records."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.market import rows
from knowledge.market.capability import follow

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from knowledge.market.capability import Fall, Floor
    from knowledge.market.records import (
        Benchmark,
        Doubt,
        Family,
        Level,
        Model,
        ModelPrice,
        Origin,
        Provider,
        Score,
    )

POST_LEVEL = "gpt-4"  # the level whose price stands beside the post's table
IN_FORCE = "valid_from <= ? AND (valid_to IS NULL OR valid_to > ?)"
# The model's highest score that counts by the price's day; without a day of its own it counts
# from the model's first price, so whenever there is a price at all.
REACHES = """
EXISTS (
    SELECT 1 FROM scores WHERE scores.model = prices.model AND benchmark = ? AND score >= ?
    AND (counts_from IS NULL OR counts_from <= ?)
)
"""
OF_LEVEL = "WHERE model IN (SELECT model FROM scores WHERE benchmark = ? AND score >= ?)"
REACHED = """
 JOIN models ON models.id = scores.model WHERE benchmark = ? AND score >= ?
AND coalesce(counts_from, first_priced) <= ? AND first_priced <= ? ORDER BY score DESC, model
"""


class Market:
    """What models were sold for and what they can do. Unknown ids raise KeyError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._falls: dict[str, Fall] = {}

    @cached_property
    def as_of(self) -> date:
        """The day that the tables show."""
        return rows.as_of(self._connection)

    def models(self) -> tuple[Model, ...]:
        return tuple(self._models.values())

    def model(self, id: str) -> Model:  # noqa: A002  # as in the data
        return self._models[id]

    def families(self) -> tuple[Family, ...]:
        return tuple(rows.families(self._connection))

    def providers(self) -> tuple[Provider, ...]:
        return tuple(self._providers.values())

    def provider(self, id: str) -> Provider:  # noqa: A002  # as in the data
        return self._providers[id]

    def levels(self) -> tuple[Level, ...]:
        return tuple(self._levels.values())

    def level(self, id: str) -> Level:  # noqa: A002  # as in the data
        return self._levels[id]

    def doubt(self, id: str) -> Doubt:  # noqa: A002  # as in the data
        return self._doubts[id]

    def doubts(self) -> tuple[Doubt, ...]:
        return tuple(self._doubts.values())

    def origins(self) -> tuple[Origin, ...]:
        return self._origins

    def origin(self, price: ModelPrice) -> Origin:
        """The table or page that a price was read in."""
        return next(o for o in self._origins if price.source.startswith(o.id))

    def periods(self, model: str, provider: str | None = None) -> tuple[ModelPrice, ...]:
        """All prices that a model ever had, by provider and day; at one provider if given."""
        rest, values = "WHERE model = ?", [model]
        if provider is not None:
            rest, values = f"{rest} AND provider = ?", [*values, provider]
        return self._prices(f"{rest} ORDER BY provider, valid_from", *values)

    def offers(self, model: str, on: date) -> tuple[ModelPrice, ...]:
        """Who sold a model on a day, cheapest first."""
        rest = f"WHERE model = ? AND {IN_FORCE} ORDER BY blended, valid_from, provider"
        return self._prices(rest, model, on, on)

    def price(self, model: str, on: date, provider: str | None = None) -> ModelPrice | None:
        """What a model cost on a day: at a provider, else from its maker, else at the cheapest."""
        if provider is not None:
            rest = f"WHERE model = ? AND provider = ? AND {IN_FORCE}"
            return next(iter(self._prices(rest, model, provider, on, on)), None)
        offers = self.offers(model, on)
        own = (offer for offer in offers if not self._providers[offer.provider].host)
        return next(own, next(iter(offers), None))

    def cheapest(
        self,
        on: date,
        level: Level | None = None,
        provider: str | None = None,
        limit: int = 1,
    ) -> tuple[ModelPrice, ...]:
        """The offers of a day with the lowest blends, of models that reach a level if given.

        Ties go to the earlier `valid_from`, then by the names of provider and model.
        """
        rest = f"WHERE {IN_FORCE}"
        values: list[object] = [on, on]
        if provider is not None:
            rest, values = f"{rest} AND provider = ?", [*values, provider]
        if level is not None:
            rest = f"{rest} AND {REACHES}"
            values = [*values, level.benchmark, level.threshold, on]
        order = "ORDER BY blended, valid_from, provider, model LIMIT ?"
        return self._prices(f"{rest} {order}", *values, limit)

    def reaching(self, level: Level, on: date) -> tuple[Score, ...]:
        """The models that had reached a level by a day, each by its highest score, best first."""
        values = (level.benchmark, level.threshold, on.isoformat(), on.isoformat())
        best: dict[str, Score] = {}
        for score in rows.scores(self._connection, REACHED, values):
            best.setdefault(score.model, score)
        return tuple(best.values())

    def scores(self, model: str, benchmark: Benchmark | None = None) -> tuple[Score, ...]:
        """What was published of a model, by benchmark, best first."""
        rest = " WHERE model = ? ORDER BY benchmark, score DESC, id"
        found = rows.scores(self._connection, rest, (model,))
        return tuple(score for score in found if benchmark in (None, score.benchmark))

    def standing(self, model: str, on: date) -> Level | None:
        """The highest level that a model had reached by a day: the one that models reached last.

        Of those first reached in one month it is the one that is dearest to reach; a level that
        is called after no model does not count.
        """
        scores = [s for s in self.scores(model) if s.counts_from is None or s.counts_from <= on]
        reached = [
            level
            for level in self.levels()
            if level.reference is not None
            and any(s.benchmark == level.benchmark and s.score >= level.threshold for s in scores)
        ]

        def height(level: Level) -> tuple[date, float]:
            floors = self.fall(level).floors
            return floors[0].day, floors[-1].blended

        return max(reached, key=height, default=None)

    def fall(self, level: Level) -> Fall:
        """The price of a level month by month; computed once."""
        if level.id not in self._falls:
            wanted = (level.benchmark, level.threshold)
            prices = self._prices(OF_LEVEL, *wanted)
            scores = rows.scores(self._connection, " WHERE benchmark = ?", wanted[:1])
            self._falls[level.id] = follow(level, prices, scores, self.as_of)
        return self._falls[level.id]

    def year_end(self, year: int) -> Floor | None:
        """What GPT-4's level cost at a year's end, or as of now if it is not over; None outside."""
        return self.fall(self.level(POST_LEVEL)).year_end(year)

    def _prices(self, rest: str, *values: object) -> tuple[ModelPrice, ...]:
        return tuple(rows.prices(self._connection, rest, tuple(map(_plain, values))))

    @cached_property
    def _models(self) -> dict[str, Model]:
        return {model.id: model for model in rows.models(self._connection)}

    @cached_property
    def _providers(self) -> dict[str, Provider]:
        return {provider.id: provider for provider in rows.providers(self._connection)}

    @cached_property
    def _levels(self) -> dict[str, Level]:
        return {level.id: level for level in rows.levels(self._connection)}

    @cached_property
    def _doubts(self) -> dict[str, Doubt]:
        return {doubt.id: doubt for doubt in rows.doubts(self._connection)}

    @cached_property
    def _origins(self) -> tuple[Origin, ...]:
        return tuple(rows.origins(self._connection))


def _plain(value: object) -> object:
    """Days as the tables keep them."""
    return value if isinstance(value, (str, int, float)) else str(value)
