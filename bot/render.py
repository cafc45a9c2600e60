"""Reply: an answer as Telegram shows it, in its HTML and within its limits; still plain data."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.answer import Answer, Block, Choice, Code, Line, Link, Part, Table
from bot.links import permalink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.charts.model import Chart

MAX_TEXT, MAX_CAPTION = 4096, 1024
MAX_DATA_BYTES = 64
MAX_HEADLINE = 300  # characters; ours are far shorter, but a search repeats what was typed
ROW_CHARACTERS = 34  # of labels that a phone shows side by side


class Button(Struct, frozen=True):
    """One button: what it says, and the command line it asks (at most 64 bytes).

    One to `share` puts what it asks into another chat.
    """

    label: str
    command: str
    share: bool = False


class Pictured(Struct, frozen=True):
    """A picture to draw, and the words under it within Telegram's limit on captions."""

    chart: Chart
    caption: str


class Attached(Struct, frozen=True):
    """A text file, and the words under it."""

    name: str
    text: str
    caption: str


class Reply(Struct, frozen=True):
    """Messages in Telegram's HTML, each within its limits, and rows of buttons under the last.

    The texts say all that a picture or a file does, for where those cannot be shown.
    """

    texts: tuple[str, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    picture: Pictured | None = None
    document: Attached | None = None


class Told(Struct, frozen=True):
    """An answer with what it answers: the command that asks it again, and if it was guessed.

    `instead` are commands that might have been meant as well; `full` is wanted in full length.
    """

    answer: Answer
    command: str | None = None
    literal: bool = True
    instead: tuple[str, ...] = ()
    full: bool = False


def render(told: Sequence[Told], username: str | None) -> Reply:
    """One reply to all that was asked in one message, in order."""
    pieces = [piece for t in told for piece in (*_pieces(t, username), "")][:-1]
    choices = [Choice(f"Or: {c.removeprefix('/')}", c) for t in told for c in t.instead]
    several = len(told) > 1
    choices += [
        Choice(f"{number}. {c.label}", c.command) if several else c
        for number, t in enumerate(told, start=1)
        for c in t.answer.choices
    ]
    texts, buttons = tuple(_packed(pieces)), (*_rows(choices), *_sharing(told))
    answer = told[0].answer
    if several or not (answer.picture or answer.document):
        return Reply(texts, buttons)
    caption = _captioned(list(_pieces(told[0], username)))
    return Reply(
        texts,
        buttons,
        Pictured(answer.picture, caption) if answer.picture else None,
        Attached(answer.document.name, answer.document.text, caption) if answer.document else None,
    )


def _sharing(told: Sequence[Told]) -> Iterator[tuple[Button, ...]]:
    """A button that puts an answer with figures into another chat."""
    command = told[0].command if len(told) == 1 and told[0].answer.figures else None
    if command and len(command.encode()) <= MAX_DATA_BYTES:
        yield (Button("Share", command.removeprefix("/"), share=True),)


def _captioned(pieces: list[str]) -> str:
    """As much as fits under a picture: always the headline and the foot, blocks while they do."""
    head, *blocks, foot = pieces if len(pieces) > 1 else (*pieces, "")
    while blocks and units("\n".join([head, *blocks, foot])) > MAX_CAPTION:
        blocks.pop()
    return "\n".join(filter(None, [head, *blocks, foot]))


def _pieces(told: Told, username: str | None) -> Iterator[str]:
    yield f"<b>{html.escape(_cut(told.answer.headline), quote=False)}</b>"
    for block in told.answer.blocks:
        yield from _block(block)
    foot = [_parts(told.answer.source.parts)] if told.answer.source else []
    if told.command:
        foot.append(("" if told.literal else "Read as: ") + _again(told.command, username))
    if foot:
        yield f"<i>{' · '.join(foot)}</i>"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_HEADLINE else f"{text[: MAX_HEADLINE - 1]}…"


def _again(command: str, username: str | None) -> str:
    link = permalink(username, command) if username else None
    return _part(Link(command, link)) if link else html.escape(command, quote=False)


def _block(block: Block) -> Iterator[str]:
    """The block's mark-up, in as many pieces as the limit needs."""
    if isinstance(block, Table):
        lines = _aligned(block)
        for chunk in _packed([html.escape(line, quote=False) for line in lines], MAX_TEXT - 11):
            yield f"<pre>{chunk}</pre>"
        return
    if isinstance(block, Code):
        tag = f'<pre><code class="language-{html.escape(block.language)}">'
        for chunk in _packed(_copied(block.text), MAX_TEXT - len(tag) - 13):
            yield f"{tag}{chunk}</code></pre>"
        return
    if isinstance(block, Line):
        text = _parts(block.parts)
        if units(text) <= MAX_TEXT:
            yield text
            return
    plain = block.text if not isinstance(block, Line) else _plain(block.parts)
    words = [html.escape(w[: MAX_TEXT // 8], quote=False) for w in plain.split()]
    for chunk in _packed(words, MAX_TEXT - 25, " "):
        yield chunk if isinstance(block, Line) else f"<blockquote>{chunk}</blockquote>"


def _copied(text: str) -> Iterator[str]:
    """The lines as they are; only one that no message holds is broken."""
    for whole in text.splitlines():
        escaped = html.escape(whole, quote=False)
        if units(escaped) <= MAX_TEXT - 100:
            yield escaped
            continue
        for start in range(0, len(whole), MAX_TEXT // 8):
            yield html.escape(whole[start : start + MAX_TEXT // 8], quote=False)


def _aligned(table: Table) -> list[str]:
    rows = [table.header, *table.rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.header))]
    return [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _parts(parts: Iterable[Part]) -> str:
    return "".join(map(_part, parts))


def _part(part: Part) -> str:
    if isinstance(part, Link):
        return f'<a href="{html.escape(part.url)}">{html.escape(part.text, quote=False)}</a>'
    return html.escape(part, quote=False)


def _plain(parts: Iterable[Part]) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def _packed(pieces: Iterable[str], limit: int = MAX_TEXT, joint: str = "\n") -> Iterator[str]:
    """Whole pieces joined into as few texts as fit the limit. No piece is longer than it.

    The limit is Telegram's on visible characters; counting the mark-up too errs on the safe side.
    """
    held = ""
    for piece in pieces:
        joined = f"{held}{joint}{piece}" if held else piece
        if units(joined) > limit:
            yield held.rstrip()
            joined = piece
        held = joined
    if held:
        yield held


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _rows(choices: Iterable[Choice]) -> tuple[tuple[Button, ...], ...]:
    """Buttons side by side while their labels fit; none twice, none too long for Telegram."""
    buttons = {
        c.command: Button(c.label, c.command)
        for c in choices
        if len(c.command.encode()) <= MAX_DATA_BYTES
    }
    rows: list[list[Button]] = []
    for button in buttons.values():
        if rows and sum(len(b.label) + 3 for b in rows[-1]) + len(button.label) <= ROW_CHARACTERS:
            rows[-1].append(button)
        else:
            rows.append([button])
    return tuple(map(tuple, rows))
