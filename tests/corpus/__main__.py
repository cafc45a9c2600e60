"""python -m tests.corpus [QUESTIONS.jsonl]: what is understood, and what is not.

Without a file: the repository's own corpus, its tuned part with every miss, and of its unseen part
the rates. With one: whole
conversations with expectations, each through the real application, judged by the `check.py`
that lies beside the file.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bot.app import build_application
from bot.config import Secret, Settings
from bot.conversation import Conversation
from bot.local_api import LocalBotApi
from bot.local_api.chats import GROUP
from bot.terminal import Sketches
from knowledge.base import KnowledgeBase
from knowledge.build import build_memory
from tests.conftest import NOW, ChatDriver
from tests.corpus import FOLDER, Result, cases, run


def main(arguments: list[str]) -> int:
    kb = KnowledgeBase(build_memory())
    if arguments:
        return asyncio.run(judge(Path(arguments[0]), kb))
    conversation = Conversation(kb)
    report(FOLDER.name, list(run(conversation, cases(FOLDER))), misses=True)
    unseen = FOLDER / "unseen"
    report(unseen.name, list(run(conversation, cases(unseen))), misses=False)
    return 0


def report(name: str, results: list[Result], *, misses: bool) -> None:
    """The rate of each file, which kinds were taken for which, and `misses` one by one.

    Those of the unseen part are not shown: what has been read is unseen no longer.
    """
    by_file: dict[str, list[Result]] = defaultdict(list)
    confused: Counter[tuple[str, str]] = Counter()
    for result in results:
        by_file[result.case.file].append(result)
        if not result.passed:
            wanted, got = result.case.accepted[0], " + ".join(result.commands)
            confused[wanted.split()[0], got.split()[0]] += 1
            if misses:
                print(f"{result.case.file}: {result.case.text[:110]!r}\n    {wanted}  got  {got}")
    print(f"\n{name}")
    for file, found in by_file.items():
        print(f"  {file:14} {_rate(found)}")
    print(f"  {'all':14} {_rate(results)}")
    for (wanted, got), times in confused.most_common(12):
        print(f"  {times:3} × {wanted} taken for {got}")


def _rate(results: list[Result]) -> str:
    passed = sum(r.passed for r in results)
    return f"{passed}/{len(results)} {100 * passed / max(1, len(results)):.1f}%"


# --------------------------------------------------------------------------- judged conversations


async def judge(path: Path, kb: KnowledgeBase) -> int:
    """Run every conversation of the file; prints failures and the rate of each category."""
    check = _checker(path.with_name("check.py"))
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        for number, (turn, (text, photos)) in enumerate(await _converse(case, kb), start=1):
            failures = check(turn.get("expect", {}), text, photos)
            tally[case["category"]][0] += not failures
            tally[case["category"]][1] += 1
            for failure in failures:
                print(f"{case['id']} turn {number}: {turn['say'][:80]!r}: {failure}")
    for category, (passed, turns) in sorted(tally.items()):
        print(f"{category:24} {passed}/{turns}")
    passed, turns = (sum(t[i] for t in tally.values()) for i in (0, 1))
    print(f"{'all turns':24} {passed}/{turns} {100 * passed / turns:.1f}%")
    return 0 if passed == turns else 1


def _checker(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("check", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is missing: it judges the replies")
    module = importlib.util.module_from_spec(spec)
    sys.modules["check"] = module
    spec.loader.exec_module(module)
    return module.check


async def _converse(
    case: dict[str, Any], kb: KnowledgeBase
) -> list[tuple[dict[str, Any], tuple[str, int]]]:
    """The turns of one case in a fresh chat, each with the visible reply and its pictures."""
    api = LocalBotApi(lambda: NOW)
    settings = Settings(token=Secret("1:test"))
    said = []
    async with build_application(
        settings, kb, request=api, easel=Sketches(), clock=lambda: NOW
    ) as application:
        chat = ChatDriver(application, api)
        for turn in case["turns"]:
            since = len(api.calls)
            text = await chat(
                turn["say"],
                chat=GROUP if case["chat"] == "group" else None,
                reply_to=chat.last if turn.get("reply_to") == "bot" else None,
            )
            photos = sum(call.method == "sendPhoto" for call in api.calls[since:])
            said.append((turn, (text, photos)))
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
