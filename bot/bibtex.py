"""Entry: one work as BibTeX, valid whatever its fields contain."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

EntryType = Literal["article", "inproceedings", "misc"]

# BibTeX counts braces even behind a backslash, so a lone one must not stand in a field.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "&%_#$"},
    }
)
_VERBATIM = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20"})
_CONFERENCE = re.compile(
    r"\b(?:acl|iclr|icml|neurips|conference|proceedings|symposium|workshop)\b", re.IGNORECASE
)
_JOURNAL = re.compile(
    r"\b(?:communications|journal|letters|magazine|nature|review|spectrum|surveys|transactions)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"([^\W_]+)")
_NAMES = frozenset({"Amdahl", "Bayes", "Moore", "Wright"})  # in titles; capitals tell the others
_SMALL = frozenset(
    "a an and are as at by for from how in is of on or the to up what why with".split()
)


class Entry(Struct, frozen=True):
    """One entry: its type, its key, and its fields as BibTeX writes them between the braces."""

    type: EntryType
    key: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """One field a line, without those that are empty; a month is BibTeX's own word for it."""
        lines = [
            f"  {name} = {value if name == 'month' else f'{{{value}}}'}"
            for name, value in self.fields
            if value
        ]
        return "\n".join([f"@{self.type}{{{self.key},", ",\n".join(lines), "}"])


def escaped(text: str) -> str:
    """Text as a field says it: TeX's special characters escaped, letters of any script kept."""
    return " ".join(text.split()).translate(_ESCAPES)


def verbatim(address: str) -> str:
    """A URL or identifier, which styles take as it is; only what would end the field is encoded."""
    return "".join(address.strip().splitlines()).translate(_VERBATIM)


def title(text: str) -> str:
    """A title whose abbreviations and names keep their capitals in styles that lower the others."""
    pieces = _WORD.split(" ".join(text.split()))
    return "".join(f"{{{p}}}" if _capital(p) else p.translate(_ESCAPES) for p in pieces)


def _capital(word: str) -> bool:
    return word in _NAMES or (word.isalnum() and word[1:] != word[1:].lower())


def people(names: Iterable[str]) -> str:
    """Authors, joined as BibTeX does; a name that it would take apart is braced."""
    return " and ".join(
        f"{{{escaped(name)}}}" if re.search(r",|\band\b", name) else escaped(name) for name in names
    )


def kind_of(venue: str) -> EntryType:
    """What a venue's name tells of the kind of work; misc where it tells nothing."""
    if _CONFERENCE.search(venue):
        return "inproceedings"
    return "article" if _JOURNAL.search(venue) else "misc"


def place(kind: EntryType, venue: str) -> tuple[str, str]:
    """The venue under the field's name that this kind of entry has for it."""
    names = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}
    return names[kind], escaped(venue)


def key(author: str, year: int, of: str) -> str:
    """A key in ASCII: last name, year, first telling word of the title, as in hooker2021hardware.

    It has no digit behind the word, so that a number may be appended.
    """
    last = "".join(re.findall("[a-z]", _ascii(author.split()[-1] if author.split() else "")))
    words = re.findall("[a-z]{2,}", _ascii(of))
    word = next((w for w in words if w not in _SMALL), "work")
    return f"{last or 'anon'}{year}{word}"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
