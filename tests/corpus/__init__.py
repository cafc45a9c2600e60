"""The corpus: what people write, and the command that each message should come to.

Each .tsv file holds one case a line: text, a tab, and the accepted commands separated by " | ".
`refuse` means that no question may be read from it, `ask` that a value has to be asked for.
" >> " parts the messages of one chat, of which the last is judged.
A second tab begins a comment. In the text \\n and \\t stand for themselves, and a backslash
before anything else for that; `python -m bot misses` writes such lines.
The files in `unseen/` were written apart and are not tuned to; they are run to report.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.misses import came_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.conversation import Conversation

FOLDER = Path(__file__).parent
TODAY = date(2026, 11, 22)


class Case(Struct, frozen=True):
    """A message and the commands that it may come to."""

    file: str
    text: str
    accepted: tuple[str, ...]


class Result(Struct, frozen=True):
    """What a case came to."""

    case: Case
    commands: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return " + ".join(self.commands) in self.case.accepted


def cases(folder: Path = FOLDER) -> Iterator[Case]:
    """The cases of a folder's question files; topic lists have another form."""
    for path in sorted(folder.glob("*.tsv")):
        if path.stem.startswith("topics"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                text, accepted = line.split("\t")[:2]
                commands = tuple(a.strip() for a in accepted.split(" | "))
                yield Case(path.stem, _unescaped(text), commands)


def run(conversation: Conversation, chosen: Iterable[Case]) -> Iterator[Result]:
    for case in chosen:
        # the defaults that the bot writes into a command need not be in the case
        accepted = tuple(_canonical(conversation, command) for command in case.accepted)
        came_to = commands_for(conversation, case.text)
        yield Result(Case(case.file, case.text, accepted), came_to)


def _canonical(conversation: Conversation, commands: str) -> str:
    """Accepted commands, joined by " + ", as the bot spells them."""
    spelled = []
    for command in commands.split(" + "):
        said = " + ".join(commands_for(conversation, command))
        spelled.append(said if command.startswith("/") and said.startswith("/") else command)
    return " + ".join(spelled)


def commands_for(conversation: Conversation, text: str) -> tuple[str, ...]:
    """The commands that the last message of a chat comes to; `ask` or `refuse` when to none."""
    *before, last = text.split(" >> ")
    asked = None
    for message in before:
        asked = conversation.turn(message, TODAY, asked).question or asked
    return tuple(map(came_to, conversation.understood(last, TODAY, asked)))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)
