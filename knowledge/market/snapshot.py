"""One day's state of the genai-prices package, as plain records."""

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGE = "genai-prices"  # also its id among the origins


class Quote(Struct, frozen=True):
    """What the package says that one provider asks for one model, in its own spelling.

    `input` and `output` are US dollars per million text tokens at the standard tier, for the
    shortest prompts (up to `up_to` tokens; None: of any length) and outside of hours of the day
    that have prices of their own. None: not sold by the token. `since` is the day from which the
    package says that this holds, if it says one.
    """

    provider: str
    provider_name: str
    model: str
    name: str | None
    input: float | None
    output: float | None
    since: date | None = None
    up_to: int | None = None
    deprecated: bool = False


class Snapshot(Struct, frozen=True):
    """All quotes of a state of the package, on a day by which it certainly was public."""

    version: str
    day: date
    quotes: tuple[Quote, ...]

    @property
    def source(self) -> str:
        return f"{PACKAGE}{self.version} ({self.day})"


def take(*, update: bool) -> Snapshot:
    """The installed package's prices, or with `update` those that its own updater fetches now.

    Installed files carry no day of release; the day of their installation is never before it.
    Raises KnowledgeError without the package, or where the update fails.
    """
    try:
        installed = distribution(PACKAGE)
        package = importlib.import_module("genai_prices")
    except (PackageNotFoundError, ImportError):
        raise KnowledgeError(
            f"refresh reads the package {PACKAGE}; install it with: pip install '.[refresh]'"
        ) from None
    if update:
        try:
            fetched = package.UpdatePrices().fetch()
        except Exception as error:  # whatever its HTTP client and its validation raise
            raise KnowledgeError(
                f"{PACKAGE} could not update itself ({error}); try again with a network, "
                "or leave --update out to read the installed version"
            ) from error
        today = datetime.now(UTC).date()
        return Snapshot("@main", today, tuple(quotes(fetched.providers, today)))
    written = Path(str(installed.locate_file("genai_prices/data.py"))).stat().st_mtime
    day = datetime.fromtimestamp(written, UTC).date()
    providers = importlib.import_module("genai_prices.data").providers
    return Snapshot(f" {installed.version}", day, tuple(quotes(providers, day)))


def quotes(providers: Iterable[Any], day: date) -> Iterator[Quote]:
    """The quotes of a day out of the package's own records."""
    for provider in providers:
        for model in provider.models:
            prices, since = _in_force(model.prices, day)
            low, high = _price(prices, "input_mtok"), _price(prices, "output_mtok")
            yield Quote(
                provider.id,
                provider.name,
                model.id,
                model.name,
                low,
                high,
                since,
                min(_tiers(prices), default=None),
                bool(model.deprecated),
            )


def _in_force(prices: Any, day: date) -> tuple[Any, date | None]:
    """The standing price of a day and the day it began; prices of single hours do not count.

    As in the package, later conditions go before earlier ones, and if none holds the first does.
    """
    if not isinstance(prices, list):
        return prices, None
    standing = [price for price in prices if not hasattr(price.constraint, "start_time")]
    for price in reversed(standing):
        if price.constraint is None:
            return price.prices, None
        if price.constraint.start_date <= day:
            return price.prices, price.constraint.start_date
    first = next(iter(standing or prices), None)
    return getattr(first, "prices", None), None


def _price(prices: Any, key: str) -> float | None:
    """The price of the shortest prompts."""
    found = getattr(prices, key, None)
    return None if found is None else float(getattr(found, "base", found))


def _tiers(prices: Any) -> Iterator[int]:
    for key in ("input_mtok", "output_mtok"):
        for tier in getattr(getattr(prices, key, None), "tiers", ()):
            yield tier.start
