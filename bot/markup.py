"""Marked: text and, apart from it, its formatting; read from Telegram's HTML, shown as ANSI."""

from __future__ import annotations

import html
import re
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
ATTRIBUTES = {"a": {"href"}, "blockquote": {"expandable"}, "code": {"class"}}
STYLES = {"bold": 1, "italic": 3, "underline": 4, "strikethrough": 9, "code": 36, "text_link": 4}

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)"
    r"(?P<attributes>(?:\s+[a-zA-Z_-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?)*)\s*>"
)
_ATTRIBUTE = re.compile(r"([a-zA-Z_-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
# What a terminal would obey rather than show; tabs and line ends are the text's own.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class MarkupError(ValueError):
    """What Telegram would refuse, where it stands: read by whoever wrote the HTML."""


class Entity(Struct, frozen=True):
    """One stretch of formatting; offset and length count UTF-16 code units, as Telegram does."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        """The offset just behind the stretch."""
        return self.offset + self.length


class Marked(Struct, frozen=True):
    """Plain text and its formatting, in the order of the text, the outer one first."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """How long Telegram finds this text: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(source: str) -> Marked:
    """Read Telegram's HTML; what Telegram refuses raises MarkupError with the place."""
    reader = _Reader()
    position = 0
    while (start := source.find("<", position)) >= 0:
        reader.write(_unescape(source[position:start]))
        tag = _TAG.match(source, start)
        place = len(source[:start].encode())
        if tag is None:
            raise MarkupError(f"Unclosed start tag at byte offset {place}")
        if tag["end"]:
            reader.close(tag["name"].lower(), place)
        else:
            reader.open(tag["name"].lower(), _attributes(tag, place), place)
        position = tag.end()
    reader.write(_unescape(source[position:]))
    return _trimmed(reader.finish())


class _Reader:
    """The text so far and the tags that are open."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.stack: list[tuple[str, Entity]] = []
        self.done: list[Entity] = []

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += units(text)

    def open(self, name: str, attributes: dict[str, str], place: int) -> None:
        kind = TYPES[name]
        if name == "blockquote" and any(tag == "blockquote" for tag, _ in self.stack):
            raise MarkupError(f'Nested start tag "blockquote" at byte offset {place}')
        if "expandable" in attributes:
            kind = "expandable_blockquote"
        url = _unescape(attributes.get("href", ""))
        language = attributes.get("class", "").removeprefix("language-")
        self.stack.append((name, Entity(kind, self.length, 0, url, language)))

    def close(self, name: str, place: int) -> None:
        if not self.stack:
            raise MarkupError(f'Unexpected end tag "{name}" at byte offset {place}')
        expected, entity = self.stack.pop()
        if name != expected:
            raise MarkupError(
                f"Unmatched end tag at byte offset {place}, "
                f'expected "</{expected}>", found "</{name}>"'
            )
        self.done.append(replace(entity, length=self.length - entity.offset))

    def finish(self) -> Marked:
        if self.stack:
            raise MarkupError(
                f'Can\'t find end tag corresponding to start tag "{self.stack[-1][0]}"'
            )
        return Marked("".join(self.pieces), tuple(self.done))


def _attributes(tag: re.Match[str], place: int) -> dict[str, str]:
    name = tag["name"].lower()
    if name not in TYPES:
        raise MarkupError(f'Unsupported start tag "{name}" at byte offset {place}')
    found = {
        key.lower(): quoted or single or bare
        for key, quoted, single, bare in _ATTRIBUTE.findall(tag["attributes"])
    }
    unknown = found.keys() - ATTRIBUTES.get(name, set())
    if unknown:
        raise MarkupError(
            f'Unsupported attribute "{min(unknown)}" of tag "{name}" at byte offset {place}'
        )
    return found


def _unescape(text: str) -> str:
    return _CHARACTER.sub(lambda found: html.unescape(found[0]), text)


def _trimmed(marked: Marked) -> Marked:
    """Without the white space at both ends and without empty entities, which Telegram drops."""
    text = marked.text.strip()
    shift = units(marked.text) - units(marked.text.lstrip())
    end = units(text)
    kept = []
    for entity in marked.entities:
        start, stop = max(entity.offset - shift, 0), min(entity.end - shift, end)
        if stop > start:
            kept.append(replace(entity, offset=start, length=stop - start))
    # Inner tags close first; a stable sort over the reversed list puts the outer one in front.
    kept.reverse()
    kept.sort(key=lambda entity: (entity.offset, -entity.length))
    return Marked(text, tuple(kept))


def ansi(marked: Marked, colour: bool) -> str:
    """The text for a terminal; with `colour` in SGR styles, and with links written out."""
    data = marked.text.encode("utf-16-le", "surrogatepass")
    edges = {0, len(data) // 2}
    for entity in marked.entities:
        edges |= {entity.offset, entity.end}
    pieces = []
    for start, stop in pairwise(sorted(edges)):
        active = [entity for entity in marked.entities if entity.offset <= start < entity.end]
        piece = _CONTROLS.sub("", data[2 * start : 2 * stop].decode("utf-16-le", "replace"))
        pieces.append(_styled(_quoted(piece, active, start), active, colour))
        pieces += [_link(entity, data) for entity in active if entity.end == stop and entity.url]
    return "".join(pieces)


def _styled(piece: str, active: list[Entity], colour: bool) -> str:
    codes = sorted({STYLES[entity.type] for entity in active if entity.type in STYLES})
    if not colour or not codes or not piece.strip():
        return piece
    return f"\x1b[{';'.join(map(str, codes))}m{piece}\x1b[0m"


def _quoted(piece: str, active: list[Entity], start: int) -> str:
    quotes = [entity for entity in active if entity.type.endswith("blockquote")]
    if not quotes:
        return piece
    return ("│ " if quotes[0].offset == start else "") + piece.replace("\n", "\n│ ")


def _link(entity: Entity, data: bytes) -> str:
    text = data[2 * entity.offset : 2 * entity.end].decode("utf-16-le", "replace")
    url = _CONTROLS.sub("", entity.url)
    return "" if url == text else f" ({url})"
