"""Letters: which ones the shipped font has, how wide text in it is, and where it breaks."""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FILES = {False: FONTS / "Inter-Medium.ttf", True: FONTS / "Inter-Bold.ttf"}  # by: is it bold
FAMILY = "Inter"
CAP = 0.727  # height of a capital or a digit, in sizes
DESCENT = 0.21  # how far a "g" goes below the line, in sizes
UNKNOWN = "?"
LONGEST = 400  # characters that are looked at; more than any picture has room for


@cache
def _advances(bold: bool) -> dict[int, float]:
    """How far each character moves the pen, in sizes, from the font's own tables."""
    data = FILES[bold].read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {
        data[at : at + 4]: struct.unpack_from(">L", data, at + 8)[0]
        for at in range(12, 12 + 16 * count, 16)
    }
    units = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    full = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]  # glyphs after it repeat
    metrics = struct.unpack_from(f">{full * 2}H", data, tables[b"hmtx"])[::2]
    glyphs = _characters(data, tables[b"cmap"])
    return {code: metrics[min(glyph, full - 1)] / units for code, glyph in glyphs.items()}


def _characters(data: bytes, cmap: int) -> dict[int, int]:
    """Glyph by character, from the first subtable, which is of format 4."""
    start = cmap + struct.unpack_from(">L", data, cmap + 8)[0]
    form, _, _, twice = struct.unpack_from(">4H", data, start)
    if form != 4:
        raise ValueError(f"cmap format {form}: subset the font for the basic plane only")
    n = twice // 2
    ends = struct.unpack_from(f">{n}H", data, start + 14)
    starts = struct.unpack_from(f">{n}H", data, start + 16 + twice)
    deltas = struct.unpack_from(f">{n}H", data, start + 16 + 2 * twice)
    offsets_at = start + 16 + 3 * twice
    offsets = struct.unpack_from(f">{n}H", data, offsets_at)
    found = {}
    for i in range(n):
        for code in range(starts[i], min(ends[i], 0xFFFE) + 1):
            if offsets[i]:
                at = offsets_at + 2 * i + offsets[i] + 2 * (code - starts[i])
                glyph = struct.unpack_from(">H", data, at)[0]
                glyph = glyph and (glyph + deltas[i]) & 0xFFFF
            else:
                glyph = (code + deltas[i]) & 0xFFFF
            if glyph:
                found[code] = glyph
    return found


def readable(text: str) -> str:
    """The text in characters the font has: plainer ones for some, "?" for the rest."""
    known = _advances(False)
    plain = " ".join(unicodedata.normalize("NFC", text[:LONGEST]).split())
    if all(ord(c) in known for c in plain):
        return plain
    return "".join(c if ord(c) in known else _plainer(c) for c in plain)


def _plainer(character: str) -> str:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:  # what only changes others
        return ""
    parts = unicodedata.normalize("NFKD", character)
    return "".join(c for c in parts if ord(c) in _advances(False)) or UNKNOWN


def width(text: str, size: float, bold: bool = False) -> float:
    """Pixels that readable text takes, without kerning (which only brings letters closer)."""
    advances = _advances(bold)
    wide = advances[ord(UNKNOWN)]
    return size * sum(advances.get(ord(c), wide) for c in text)


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Lines no wider than the room, broken at spaces, a longer word where the room ends."""
    lines: list[str] = []
    held = ""
    for word in text.split(" "):
        joined = f"{held} {word}" if held else word
        if width(joined, size, bold) <= room:
            held = joined
            continue
        if held:
            lines.append(held)
        held = word
        while width(held, size, bold) > room and len(held) > 1:
            head = _head(held, size, room, bold)
            lines.append(held[:head])
            held = held[head:]
    return [*lines, held] if held else lines


def _head(word: str, size: float, room: float, bold: bool) -> int:
    return next((n for n in range(len(word), 1, -1) if width(word[:n], size, bold) <= room), 1)


def cut(text: str, size: float, room: float, bold: bool = False) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width(text, size, bold) <= room:
        return text
    lengths = range(len(text) - 1, 0, -1)
    tries = (text[:n].rstrip() + "…" for n in lengths)
    return next((t for t in tries if width(t, size, bold) <= room), "…")


def fitted(
    text: str, tries: tuple[tuple[float, int], ...], room: float, bold: bool = False
) -> tuple[float, list[str]]:
    """The first (size, most lines) that the text fits into, in lines of about one length.

    What doesn't fit the last try is cut.
    """
    for size, most in tries:
        lines = wrap(text, size, room, bold)
        if len(lines) <= most:
            return size, _balanced(text, size, room, bold, lines)
    rest = " ".join(lines[most - 1 :])
    return size, [*lines[: most - 1], cut(rest, size, room, bold)]


def _balanced(text: str, size: float, room: float, bold: bool, lines: list[str]) -> list[str]:
    """As many lines, made as narrow as they can be: no word is left alone on the last one."""
    step = room / 25
    while len(lines) > 1 and room > step:
        room -= step
        narrower = wrap(text, size, room, bold)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines
