"""The README is true: its transcript is replayed, its settings are the settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.questions import QUESTIONS

if TYPE_CHECKING:
    from tests.conftest import ChatDriver

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


async def test_the_transcript_is_what_the_bot_says(chat: ChatDriver) -> None:
    """A stranger who types the README's messages gets the README's answers, word for word."""
    transcript = re.search(r"```text\n(.*?)```", README, re.S)
    assert transcript
    turns = re.findall(r"> (.*)\n((?:(?!> ).*\n)*)", transcript[1])
    assert len(turns) > 3
    for said, answer in turns:
        assert (await chat(said)).strip() == answer.strip()


def test_the_settings_table_names_every_variable() -> None:
    """README and .env.example name the same variables."""
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", README)) - {"QUESTIONS"}
    levels = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert named - levels == set(re.findall(r"^([A-Z_]+)=", example, re.M))


async def test_help_names_every_listed_command(chat: ChatDriver) -> None:
    """Help derives from the kinds: no command is missing from it."""
    shown = await chat("/help")
    assert all(f"/{kind.command}" in shown for kind in QUESTIONS if kind.listed)
