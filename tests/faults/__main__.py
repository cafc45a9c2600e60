"""The command line: python -m tests.faults [SCENARIO ...] [--minutes N] [--seed N]."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("PTB_TIMEDELTA", "1")

from tests.cluster import WITHOUT, programs
from tests.faults import memory
from tests.faults.scenarios import SCENARIOS
from tests.faults.world import run

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMORY = "memory"  # the one scenario that takes updates, not minutes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run scenarios; the status is 1 when one of them lost, reordered or doubled an answer."""
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument(
        "scenario", nargs="*", metavar="SCENARIO", help=", ".join([*SCENARIOS, MEMORY])
    )
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--updates", type=int, default=memory.MANY, help="of the memory scenario")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for logs and databases, kept")
    asked = parser.parse_args(arguments)
    known = [*SCENARIOS, MEMORY]
    if unknown := set(asked.scenario) - set(known):
        there = ", ".join(known)
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}; there are {there}")
    good = True
    for name in asked.scenario or known:
        if name == MEMORY:
            print(
                "\n".join(
                    [f"== {name}: {memory.__doc__}", *memory.report(asked.seed, many=asked.updates)]
                )
            )
            continue
        scenario, before = SCENARIOS[name], time.monotonic()
        print(f"== {name}: {scenario.sentence}", flush=True)
        if scenario.mode == "replicas" and programs() is None:
            print(f"   not run: {WITHOUT}")
            continue
        found = asyncio.run(
            run(
                scenario.trouble,
                seconds=60 * asked.minutes,
                seed=asked.seed,
                a_second=scenario.a_second,
                mode=scenario.mode,
                kept=asked.keep and asked.keep / name,
                environ=scenario.environ,
            )
        )
        print("\n".join(f"   {line}" for line in found.lines()))
        print(
            f"   {'good' if found.good else 'BAD'}, {time.monotonic() - before:.0f} s", flush=True
        )
        good = good and found.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
