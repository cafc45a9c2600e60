"""The chat prompt: the same Application as on Telegram, with a person at the keyboard."""

from __future__ import annotations

import hashlib
import os
import sys
from typing import IO, TYPE_CHECKING, Any, TextIO

from telegram import Update

from bot import markup
from bot.local_api import LocalBotApi
from bot.local_api.chats import BOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from prompt_toolkit import PromptSession
    from telegram.ext import Application

    from bot.charts.model import Chart

    AnyApplication = Application[Any, Any, Any, Any, Any, Any]
    Message = dict[str, Any]
    Button = dict[str, Any]

# python-telegram-bot wants a token even where nobody looks at it.
NOBODYS = "0:terminal"
LEAVE = {"/quit", "/exit", "quit", "exit"}
PROMPT = "> "
# The bot of this terminal has no address on Telegram; a permalink's words say what to type.
PERMALINKS = f"https://t.me/{BOT.username}?start="


class Session:
    """One person's private chat with the bot: lines in, what the chat then shows out."""

    def __init__(
        self,
        application: AnyApplication,
        api: LocalBotApi,
        folder: Path,
        sketches: Sketches | None = None,
        colour: bool = False,
    ) -> None:
        self._application = application
        self._api = api
        self._folder = folder
        self._sketches = sketches
        self._colour = colour
        self._offered: list[Button] = []
        self._under: Message = {}

    async def turn(self, line: str) -> str:
        """Say a line, or press the button it numbers; what is new in the chat."""
        number = self._pressed(line)
        if number is None:
            return await self._tell(self._api.incoming.message(line))
        if not 1 <= number <= len(self._offered):
            return f"There is no button {number}."
        button = self._offered[number - 1]
        if "callback_data" not in button:
            return " ".join(str(value) for name, value in button.items() if name != "text")
        return await self._tell(self._api.incoming.press(self._under, button["callback_data"]))

    def _pressed(self, line: str) -> int | None:
        """The button's number; a bare number is a message unless such a button is on offer."""
        digits = line.removeprefix("#")
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 4):
            return None
        number = int(digits)
        return number if line.startswith("#") or 1 <= number <= len(self._offered) else None

    async def _tell(self, update: dict[str, Any]) -> str:
        since = len(self._api.calls)
        await self._application.process_update(Update.de_json(update, self._application.bot))
        changed = self._api.changed(since)
        for message in changed:
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            self._offered, self._under = [button for row in rows for button in row], message
        shown = [self._shown(message, last=message is changed[-1]) for message in changed]
        return "\n\n".join([*(f"[{toast}]" for toast in self._api.toasts(since)), *shown])

    def _shown(self, message: Message, last: bool) -> str:
        lines = []
        if "photo" in message:
            data = self._api.files[message["photo"][-1]["file_id"]]
            if self._sketches and (sketch := self._sketches.of(data)):
                lines.append(sketch)
            lines.append(f"Picture: {self._saved(data, f'{_digest(data)}.png')}")
        if "document" in message:
            file = message["document"]
            data = self._api.files[file["file_id"]]
            lines.append(f"File: {self._saved(data, file['file_name'])}")
        body = markup.Marked(
            message.get("text") or message.get("caption", ""),
            tuple(
                markup.Entity(**entity)
                for entity in message.get("entities") or message.get("caption_entities", ())
                if not entity.get("url", "").startswith(PERMALINKS)
            ),
        )
        lines.append(markup.ansi(body, self._colour))
        rows = message.get("reply_markup", {}).get("inline_keyboard", []) if last else []
        numbers = iter(range(1, len(self._offered) + 1))
        lines += ["  ".join(f"[{next(numbers)}] {b['text']}" for b in row) for row in rows]
        return "\n".join(line for line in lines if line)

    def _saved(self, data: bytes, name: str) -> str:
        """Where the file lies, or why it could not be saved; the same picture lies in one place."""
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            return f"cannot be saved in {self._folder} ({error.strerror})"
        return str(path)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


class Sketches:
    """Draws pictures here and now, since nobody else waits, and keeps each in characters too."""

    def __init__(self, width: int = 72) -> None:
        self._width = width
        self._drawn: dict[str, str] = {}

    async def draw(self, chart: Chart) -> bytes:
        from bot.charts.picture import png  # only who asks for a picture pays for loading it
        from bot.charts.plot import text

        data = png(chart)
        self._drawn[_digest(data)] = text(chart, self._width)
        return data

    async def close(self) -> None:
        """Nothing is kept running."""

    def of(self, picture: bytes) -> str | None:
        """The picture in characters, if it was drawn here."""
        return self._drawn.get(_digest(picture))


async def chat(
    build: Callable[[LocalBotApi, Sketches], AnyApplication],
    environ: Mapping[str, str],
    stdin: TextIO = sys.stdin,
    stdout: TextIO = sys.stdout,
) -> None:
    """Talk until the input ends: at a prompt on a terminal, else a message a line."""
    api = LocalBotApi()
    sketches = Sketches()
    application = build(api, sketches)
    screen = stdin.isatty() and stdout.isatty()
    colour = stdout.isatty() and "NO_COLOR" not in environ and environ.get("TERM") != "dumb"
    async with application:
        if application.post_init is not None:
            await application.post_init(application)
        talk = Session(application, api, _cache() / "pictures", sketches, colour)
        if screen:
            print(await talk.turn("/start"), "", sep="\n", file=stdout)
        gap = ""
        async for line in _prompted(api) if screen else _piped(stdin.buffer):
            if line.lower() in LEAVE:
                return
            if shown := await talk.turn(line):
                print(gap + shown, file=stdout, flush=True)
                gap = "\n"


async def _piped(stream: IO[bytes]) -> AsyncIterator[str]:
    # Nothing else waits while nobody has asked, so reading may hold up the loop.
    for raw in stream:
        line = raw.decode("utf-8", "replace").strip()
        if line:
            yield line


async def _prompted(api: LocalBotApi) -> AsyncIterator[str]:
    session = _session(api)
    while True:
        try:
            line = (await session.prompt_async(PROMPT)).strip()
        except KeyboardInterrupt:
            continue  # Ctrl-C drops the line, as in a shell
        except EOFError:
            return
        if line:
            yield line


def _session(api: LocalBotApi) -> PromptSession[str]:
    from prompt_toolkit import PromptSession  # only a terminal pays for loading it
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, InMemoryHistory
    from prompt_toolkit.shortcuts import CompleteStyle

    menu = [f"/{item['command']}" for listed in api.commands.values() for item in listed]
    completer = WordCompleter(sorted({*menu, "/quit"}), sentence=True)
    path = _history_file()
    history = FileHistory(str(path)) if path else InMemoryHistory()
    return PromptSession(
        history=history,
        completer=completer,
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,
        reserve_space_for_menu=0,
    )


def _history_file() -> Path | None:
    """The file for typed lines, readable by its owner alone; none where none can be made."""
    import platformdirs

    folder = platformdirs.user_state_path("costcurve", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "history"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        path.chmod(0o600)
    except OSError:
        return None  # a read-only home only costs the history
    return path


def _cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("costcurve", appauthor=False)
