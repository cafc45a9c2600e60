"""Misses: what was not understood, kept for a while in a file of its own if the owner wants it."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import threading
import unicodedata
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.config import SettingError
from bot.questions.about import STARTERS, Outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from bot.conversation import Conversation
    from bot.render import Told

DAYS = 30  # that a text is kept
MAX_TEXT = 300  # characters
MOST = 10_000  # different texts in a file; more than that is somebody filling the disk
# Keys, tokens and addresses are long, unbroken, and mix letters with digits.
_TOKEN = re.compile(r"(?<!\S)(?=\S*[0-9])(?=\S*[A-Za-z])\S{20,}")
_ESCAPES = {"\\": "\\\\", "\t": "\\t"}
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS miss (
        text TEXT NOT NULL, day TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (text, day)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS miss_day ON miss (day);
"""
_KEEP = f"""
    INSERT INTO miss (text, day) SELECT :text, :day WHERE (SELECT count(*) FROM miss) < {MOST}
        OR EXISTS (SELECT 1 FROM miss WHERE text = :text AND day = :day)
    ON CONFLICT DO UPDATE SET times = times + 1
"""  # noqa: S608  # the number is ours

_logger = logging.getLogger(__name__)


class Misses:
    """The file, for writing. A disk that fails costs the texts, never an answer: it is logged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Opening the file below releases the locks that SQLite holds on it in other threads.
        self._alone = threading.Lock()
        self._failing = False

    def forget(self, today: date) -> None:
        """Delete what is too old, in a file that is made if there is none."""
        self._write(None, today)

    def keep(self, text: str, today: date) -> None:
        """Keep a text, or count it once more, and delete what is too old."""
        self._write(cleaned(text), today)

    def _write(self, text: str | None, today: date) -> None:
        with self._alone:
            try:
                with closing(self._open()) as connection, connection:
                    connection.execute("DELETE FROM miss WHERE day <= ?", (_ended(today),))
                    if text:
                        connection.execute(_KEEP, {"text": text, "day": today.isoformat()})
                self._failing = False
            except (OSError, sqlite3.Error) as error:
                if not self._failing:
                    _logger.warning(
                        "KEEP_MISSES: %s cannot be written (%s); until it can, nothing is kept",
                        self._path,
                        error,
                    )
                self._failing = True

    def _open(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self._path)
        try:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if any(name != "miss" for (name,) in tables):
                raise sqlite3.DatabaseError("it is another program's database")
            connection.execute("PRAGMA secure_delete = ON")  # deleted is gone from the disk, too
            connection.executescript(_SCHEMA)
            self._path.chmod(0o600)  # somebody else may have made the empty file
        except (OSError, sqlite3.Error):
            connection.close()
            raise
        return connection


def _ended(today: date) -> str:
    """The last day whose texts are gone: only days are known, so none stays longer than said."""
    return (today - timedelta(days=DAYS)).isoformat()


def cleaned(text: str) -> str:
    """What is kept of a message: no control characters, nothing like a token, not too much."""
    text = text.encode(errors="replace").decode()  # half an emoji cannot be stored
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return _TOKEN.sub("…", text).strip()[:MAX_TEXT].rstrip()


def read(path: Path, today: date) -> list[str]:
    """The kept texts, those written most often first."""
    if not path.is_file():
        raise SettingError(f"KEEP_MISSES names {path}, which is not there: nothing was kept yet.")
    query = "SELECT text FROM miss WHERE day > ? GROUP BY text ORDER BY sum(times) DESC, text"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return [text for (text,) in connection.execute(query, (_ended(today),))]
    except sqlite3.Error as error:
        raise SettingError(
            f"KEEP_MISSES names {path}, which cannot be read ({error}); give the file "
            "that the bot has made."
        ) from error


def corpus_lines(texts: Iterable[str], conversation: Conversation, today: date) -> Iterator[str]:
    """Lines for a file of the corpus: the text, what it comes to, and what was offered instead."""
    for text in texts:
        told = conversation.understood(text, today)
        line = f"{_escaped(text)}\t{' + '.join(map(came_to, told))}"
        near = _nearest(told)
        yield f"{line}\t# {near}" if near else line


def came_to(told: Told) -> str:
    """The command that was answered; `ask` where a value is missing, `refuse` where all is."""
    if told.answer.outcome == "asked":
        return "ask"
    outside = told.command is None or told.command.startswith(f"/{Outside.command}")
    return "refuse" if outside else str(told.command)


def _nearest(told: Sequence[Told]) -> str | None:
    """The first question offered in place of the one that was not understood."""
    missed = (t for t in told if t.answer.outcome != "answered")
    offered = (choice for t in missed for choice in t.answer.choices)
    return next((choice.command for choice in offered if choice not in STARTERS), None)


def _escaped(text: str) -> str:
    """In one line, which no comment begins."""
    line = "\\n".join("".join(_ESCAPES.get(c, c) for c in line) for line in text.splitlines())
    return f"\\{line}" if line.startswith("#") else line
