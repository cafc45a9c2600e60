"""Own data: where a user's series, studies and prices lie, apart from the product's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "COSTCURVE_DATA"
FIRST_NUMBER = 1001  # of own studies; the product's stay below
Kind = Literal["series", "studies", "prices"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SUFFIX: Mapping[Kind, str] = {"series": ".toml", "studies": ".toml", "prices": ".csv"}


def folder(environ: Mapping[str, str]) -> Path:
    """Where own data lie: COSTCURVE_DATA, else in the user's data folder. It need not exist."""
    if chosen := environ.get(VARIABLE):
        return Path(chosen).expanduser()
    import platformdirs  # here, because the variable spares its import

    return Path(platformdirs.user_data_dir("costcurve", appauthor=False)) / "data"


def files(own: Path | None, *kinds: Kind) -> list[Path]:
    """The files of these kinds below `own`, of all if none is named, in a fixed order."""
    if own is None:
        return []
    wanted = ((own / kind, f"*{SUFFIX[kind]}") for kind in kinds or KINDS)
    return [path for place, names in wanted for path in sorted(place.glob(names))]
