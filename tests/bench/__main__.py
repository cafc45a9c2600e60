"""python -m tests.bench [PART ...]: how fast it is, beside a stock echo bot, and what is aimed at.

Every figure is the median of rounds in which both sides took turns, so that ratios hold on a busy
machine. State is fresh each time, and answers are not limited. Exit status 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot warns until it is told

from knowledge.build import build
from tests.bench.broadcast import broadcasts
from tests.bench.figures import Figure, table
from tests.bench.inside import inside, kept
from tests.bench.memory import memory
from tests.bench.outside import cold, lives, pictures, rates
from tests.bench.scale import scale

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any

    Part = Callable[[Path, int], Coroutine[Any, Any, list[Figure]]]


PARTS: dict[str, Part] = {
    "cold": cold,
    "inside": inside,
    "kept": kept,
    "lives": lives,
    "rates": rates,
    "pictures": pictures,
    "scale": scale,
    "broadcasts": broadcasts,
    "memory": memory,
}
LONG = {"memory"}  # minutes; measured when it is named


def main(arguments: Sequence[str]) -> int:
    """Measure the parts that are named, or all but the long ones."""
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join(PARTS)}; without any all but {', '.join(LONG)}",
    )
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {asked.rounds} rounds,"
        " each with fresh state and no limit on answers"
    )
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="costcurve-bench-") as folder:
        knowledge = Path(folder) / "knowledge.sqlite3"
        build(knowledge)
        for name in asked.parts or [name for name in PARTS if name not in LONG]:
            print(f"{name} ...", file=sys.stderr)
            found += asyncio.run(PARTS[name](knowledge, asked.rounds))
    print(table(found))
    return 1 if any(figure.met is False for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
