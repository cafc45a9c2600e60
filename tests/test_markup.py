"""Telegram's HTML: what it accepts, what it refuses, and how it looks in a terminal."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import Entity, Marked, MarkupError, ansi, parse, units

ALIASES = [
    ("b", "bold"),
    ("strong", "bold"),
    ("i", "italic"),
    ("em", "italic"),
    ("u", "underline"),
    ("ins", "underline"),
    ("s", "strikethrough"),
    ("strike", "strikethrough"),
    ("del", "strikethrough"),
    ("code", "code"),
    ("pre", "pre"),
    ("blockquote", "blockquote"),
    ("tg-spoiler", "spoiler"),
]


@pytest.mark.parametrize(("tag", "kind"), ALIASES)
def test_every_tag_becomes_its_entity(tag: str, kind: str) -> None:
    """Each spelling that Telegram knows gives the entity that Telegram sends back."""
    assert parse(f"a <{tag}>b</{tag}>") == Marked("a b", (Entity(kind, 2, 1),))


def test_links_and_expandable_quotes_keep_their_attributes() -> None:
    """A link keeps its address, unescaped once; an expandable quote is a kind of its own."""
    link = parse('<a href="https://x.org/?a=1&amp;copy=2">x</a>')
    assert link.entities == (Entity("text_link", 0, 1, "https://x.org/?a=1&copy=2"),)
    assert parse("<blockquote expandable>q</blockquote>").entities == (
        Entity("expandable_blockquote", 0, 1),
    )


def test_offsets_count_utf_16_code_units() -> None:
    """A character outside the basic plane counts twice, as in Telegram."""
    assert parse("😀 <b>é😀</b>").entities == (Entity("bold", 3, 3),)


def test_the_outer_entity_comes_first() -> None:
    """Nested stretches are listed from the outside in, in the order of the text."""
    kinds = [entity.type for entity in parse("<b><i>x</i>y</b><u>z</u>").entities]
    assert kinds == ["bold", "italic", "underline"]


def test_white_space_at_the_ends_is_dropped_with_its_formatting() -> None:
    """Telegram trims messages, so offsets count from the first visible character."""
    assert parse(" \n<b> a </b><i> </i>\n") == Marked("a", (Entity("bold", 0, 1),))


def test_a_bare_ampersand_and_bracket_are_text() -> None:
    """Telegram takes only < to begin something; other characters may stand as they are."""
    assert parse("AT&T > &copy; &#65;&#x42;").text == "AT&T > &copy; AB"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x <b>y", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <x>y</x>", 'Unsupported start tag "x" at byte offset 3'),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("x</b>", 'Unexpected end tag "b" at byte offset 1'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ('<b class="x">y</b>', 'Unsupported attribute "class" of tag "b" at byte offset 0'),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            'Nested start tag "blockquote" at byte offset 13',
        ),
    ],
)
def test_what_telegram_refuses_is_refused_with_the_place(source: str, message: str) -> None:
    """Broken HTML raises with what is wrong and where, so that no answer of ours can hold any."""
    with pytest.raises(MarkupError) as caught:
        parse(source)
    assert str(caught.value) == message


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    """Escaping and parsing are inverse for any text, apart from the trimmed ends."""
    assert parse(html.escape(text)) == Marked(text.strip())
    inside = parse(f"<i>{html.escape(text)}</i>")
    assert [entity.length for entity in inside.entities] == (
        [units(text.strip())] if text.strip() else []
    )


def test_colour_marks_formatting_and_ends_it() -> None:
    """With colour, styles are SGR codes that never leak into the text behind them."""
    assert ansi(parse("<b>a<i>b</i></b>c"), colour=True) == "\x1b[1ma\x1b[0m\x1b[1;3mb\x1b[0mc"


def test_without_colour_there_are_no_codes() -> None:
    """Piped output is plain text."""
    assert ansi(parse("<b>a</b> <code>b</code>"), colour=False) == "a b"


def test_links_are_written_out_once() -> None:
    """A terminal cannot be clicked, so the address follows the words, unless it is the words."""
    assert ansi(parse('<a href="https://x.org/">x</a>, y'), colour=False) == "x (https://x.org/), y"
    bare = '<a href="https://x.org/">https://x.org/</a>'
    assert ansi(parse(bare), colour=False) == "https://x.org/"


def test_tables_stay_aligned() -> None:
    """The lines of a table come out character for character."""
    table = "year  cost\n2023  $0.08\n2024  $0.04"
    assert ansi(parse(f"<b>Costs</b>\n<pre>{table}</pre>"), colour=False) == f"Costs\n{table}"


def test_quotes_are_marked_on_every_line() -> None:
    """A quotation can be told from the bot's own words without colour."""
    shown = ansi(parse("said:\n<blockquote>one\n<b>two</b></blockquote>\nend"), colour=False)
    assert shown == "said:\n│ one\n│ two\nend"


def test_text_cannot_command_the_terminal() -> None:
    """Control characters in echoed text are not passed on to the terminal."""
    assert ansi(Marked("a\x1b[2Jb\x07\x9b1m\tc\nd"), colour=True) == "a[2Jb1m\tc\nd"
