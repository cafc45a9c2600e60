"""The command line: python -m bot [chat | ask QUESTION | polling | webhook | backup FILE | ...]."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import SettingError, Settings
from bot.secret import Blotter
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.base import KnowledgeBase

# Loaded only where they are found: httpx's own command line, and the library's webhook, whose place
# ours takes. Together a sixth of the start.
UNUSED = ("httpx._main", "telegram.ext._utils.webhookhandler")
HELP = """With no mode: on Telegram when TELEGRAM_BOT_TOKEN is set (by webhook when WEBHOOK_URL
is set, else by polling), and otherwise a chat in this terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a mode; gives the exit status: 2 for a wrong setting, 1 for a question not understood."""
    gc.disable()  # loading makes no garbage worth looking for
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a dash must not stop an old code page
    asked = _parser().parse_args(arguments)
    settings = Settings()
    try:
        settings = Settings.load(os.environ, Path(".env"))
        mode = asked.mode or _usual_mode(settings)
        if mode in {"polling", "webhook"}:
            return _serve(settings, mode)
        if mode == "ask":
            question = " ".join(asked.question)
            return _ask(_knowledge(settings), f"/why {question}" if asked.why else question)
        if mode == "misses":
            return _misses(settings)
        if mode == "backup":
            return _backup(settings, asked.file, force=asked.force)
        if mode == "restore":
            return _restore(settings, asked.file)
        return _chat(settings)
    except (SettingError, KnowledgeError) as error:
        print(f"costcurve: {Blotter(settings.secrets)(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has had enough; the exit must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    name = "python -m bot"  # said twice, or its help would be made to find it out
    parser = argparse.ArgumentParser(name, description=__doc__, epilog=HELP)
    modes = parser.add_subparsers(dest="mode", metavar="MODE", prog=name)
    modes.add_parser("chat", help="talk to the bot here; reads standard input")
    ask = modes.add_parser("ask", help="print one answer; exit status 1 when it is none")
    ask.add_argument("--why", action="store_true", help="show how the answer was computed")
    ask.add_argument("question", nargs="+", metavar="QUESTION")
    modes.add_parser("polling", help="serve on Telegram, fetching updates")
    modes.add_parser("webhook", help="serve on Telegram, receiving updates at WEBHOOK_URL")
    backup = modes.add_parser("backup", help="copy the state to a file, also while the bot runs")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = modes.add_parser("restore", help="put such a copy back while no bot runs")
    restore.add_argument("file", type=Path, metavar="FILE")
    modes.add_parser("misses", help="print what was not understood, where KEEP_MISSES keeps it")
    return parser


def _usual_mode(settings: Settings) -> str:
    if settings.token is None:
        return "chat"
    return "polling" if settings.webhook_url is None else "webhook"


def _configure_log(settings: Settings, level: str) -> None:
    from bot import log

    log.configure(settings.log_level or level, settings.secrets, form=settings.log_format)


def _path(settings: Settings) -> Path:
    from knowledge.build import default_path

    return settings.knowledge or default_path(os.environ)


def _knowledge(settings: Settings) -> KnowledgeBase:
    from knowledge import own
    from knowledge.base import KnowledgeBase
    from knowledge.build import DATA, ensure

    path = _path(settings)
    mine = settings.data or own.folder(os.environ)
    ensure(path, lambda line: print(line, file=sys.stderr), DATA, mine)
    return KnowledgeBase.open(path)


def _ask(kb: KnowledgeBase, question: str) -> int:
    from bot import markup
    from bot.conversation import Conversation

    outcome = Conversation(kb).turn(question, datetime.now(UTC).date())
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    shown = [markup.ansi(markup.parse(text), colour) for text in outcome.reply.texts]
    if picture := outcome.reply.picture:
        from bot.charts.plot import text as plot

        shown.insert(0, plot(picture.chart))
    if document := outcome.reply.document:
        shown = [document.text.rstrip()]
    print("\n\n".join(shown))
    sys.stdout.flush()
    return 0 if outcome.understood else 1


def _misses(settings: Settings) -> int:
    from bot import misses
    from bot.conversation import Conversation

    today = datetime.now(UTC).date()
    texts = misses.read(settings.require_keep_misses(), today)
    for line in misses.corpus_lines(texts, Conversation(_knowledge(settings)), today):
        print(line)
    sys.stdout.flush()
    return 0


def _state_url(settings: Settings) -> str | None:
    return settings.state_url.reveal() if settings.state_url else None


def _backup(settings: Settings, file: Path, *, force: bool) -> int:
    from bot.backup import backup

    backup(_state_url(settings), file, force=force)
    print(f"The state is in {file}.")
    return 0


def _restore(settings: Settings, file: Path) -> int:
    from bot.backup import restore

    kept = restore(_state_url(settings), file)
    print(f"The state is as in {file}." + (f" What was there is in {kept}." if kept else ""))
    return 0


def _prepare_telegram() -> None:
    """Settle what is read when python-telegram-bot and its HTTP library are imported."""
    # It warns about waits as bare numbers until it is told to give timedeltas.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # None is "not there"
    # httpcore asks for it five times a request, and each time Python would look for it on disk
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]


def _chat(settings: Settings) -> int:
    _prepare_telegram()
    import asyncio

    from msgspec.structs import replace

    from bot import terminal
    from bot.app import build_application
    from bot.config import Secret

    _configure_log(settings, "WARNING")
    kb = _knowledge(settings)
    # one person talks here, or a script
    here = replace(settings, token=Secret(terminal.NOBODYS), answers_per_minute=0)
    gc.freeze()
    gc.enable()
    asyncio.run(
        terminal.chat(
            lambda api, easel: build_application(
                here, kb, request=api, easel=easel, announces=False
            ),
            os.environ,
        )
    )
    return 0


def _serve(settings: Settings, mode: str) -> int:
    settings.require_token()
    if mode == "webhook":
        settings.require_webhook_url()
    _configure_log(settings, "INFO")
    _prepare_telegram()
    import asyncio

    from bot.app import ALLOWED_UPDATES, build_application
    from bot.inbox import Inbox
    from bot.serve import serve
    from bot.state import State

    state = State.open(_state_url(settings))
    path = _path(settings)
    application = build_application(settings, _knowledge(settings), state=state, watched=path)
    if state.database.locks is None:
        inbox = Inbox(application, state, lambda: datetime.now(UTC))
    else:
        from bot.replica import Replica

        inbox = Replica(application, state, lambda: datetime.now(UTC))
    asyncio.run(serve(application, settings, inbox, mode, ALLOWED_UPDATES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
