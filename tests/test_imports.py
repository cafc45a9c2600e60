"""The shape of the code: who may import whom, and how long things may get."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 250
LONGEST_FUNCTION = 50

# Who speaks to Telegram. Everything else in `bot` works without it.
SPEAKERS = {
    *("bot.actions", "bot.addressing", "bot.announcer", "bot.app", "bot.attempts", "bot.chores"),
    *("bot.delivery", "bot.desk", "bot.guest", "bot.inline", "bot.local_api", "bot.membership"),
    *("bot.inbox", "bot.keyboard", "bot.network", "bot.pace", "bot.placed", "bot.polling"),
    *("bot.retries", "bot.serve", "bot.status", "bot.terminal", "bot.wire"),
}
# Pure: text in, plain data out. Not even through others may they reach Telegram.
PURE = {
    "bot.answer",
    "bot.changes",
    "bot.charts",
    "bot.choices",
    "bot.pictures",
    "bot.receipts",
    "bot.views",
    "bot.conversation",
    "bot.current",
    "bot.markup",
    "bot.models",
    "bot.offers",
    "bot.panel",
    "bot.questions",
    "bot.render",
    "bot.slots",
    "bot.understand",
    "bot.wording",
    "bot.words",
}


def modules(*packages: str) -> dict[str, Path]:
    """Every module of the packages, by its dotted name."""
    paths = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


CODE = modules("bot", "knowledge")


@cache
def imports(path: Path) -> frozenset[str]:
    """All that a module imports, wherever in it, under full names."""
    return frozenset(_imported(ast.parse(path.read_text())))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full here"
            assert node.module is not None
            yield node.module
            # `from bot import markup` imports a module, `from bot.markup import ansi` does not.
            yield from (f"{node.module}.{name.name}" for name in node.names)


def of_package(names: frozenset[str], *packages: str) -> set[str]:
    """Those names that lie in the packages."""
    return {name for name in names if name.partition(".")[0] in packages}


@pytest.mark.parametrize("name", [name for name in CODE if name.startswith("knowledge")])
def test_knowledge_knows_nothing_of_the_bot(name: str) -> None:
    """The knowledge base is usable alone: it never imports the bot or Telegram."""
    assert of_package(imports(CODE[name]), "bot", "telegram") == set()


@pytest.mark.parametrize("name", [name for name in CODE if name.startswith("bot")])
def test_only_those_who_speak_to_telegram_import_it(name: str) -> None:
    """Telegram stays at the edge, so that all between text and reply is testable without it."""
    if name not in SPEAKERS:
        assert of_package(imports(CODE[name]), "telegram") == set()


@pytest.mark.parametrize("name", sorted(SPEAKERS))
def test_the_list_of_speakers_is_true(name: str) -> None:
    """A module that no longer needs Telegram leaves the list."""
    assert of_package(imports(CODE[name]), "telegram")


@pytest.mark.parametrize("name", sorted(PURE))
def test_the_pure_middle_reaches_no_edge(name: str) -> None:
    """From text to reply no module leads to Telegram, however many imports away."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in CODE and current not in seen:
            seen.add(current)
            # Importing a module runs the packages that it lies in.
            waiting += [current.rpartition(".")[0], *imports(CODE[current])]
    assert seen & SPEAKERS == set()


@pytest.mark.parametrize("name", sorted(CODE))
def test_modules_and_functions_stay_short(name: str) -> None:
    """No module over 250 lines, no function over 50: what grows longer has a second noun."""
    source = CODE[name].read_text()
    assert len(source.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("name", sorted(CODE))
def test_a_module_says_what_it_is(name: str) -> None:
    """Each module begins with its noun in a sentence, and is not called after a mixed bag."""
    text = ast.get_docstring(ast.parse(CODE[name].read_text()))
    if CODE[name].stat().st_size:
        assert text
        assert text.splitlines()[0].endswith(".")
    assert name.rpartition(".")[2] not in {"utils", "helpers", "common", "manager", "const"}


def test_imports_inside_functions_are_seen() -> None:
    """The walk finds what is imported late or under a type check, so nothing can hide there."""
    source = "def f():\n    import telegram.ext\nif True:\n    from telegram import Bot\n"
    assert set(_imported(ast.parse(source))) == {"telegram.ext", "telegram", "telegram.Bot"}
