"""References to copy: BibTeX that any program reads, and never a citation without its standing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot import bibtex
from bot.answer import Answer, Code, Line, Quote
from bot.markup import parse
from bot.questions.cite import Cite
from bot.questions.references import as_cited, finding, real_work
from bot.render import MAX_TEXT, Told, render, units
from knowledge.errors import NumberError

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study

NUMBERS = range(1, 18)
FOUND = {2: "hooker2021hardware", 3: "tay2022efficient", 10: "frankle2019lottery"}
FOUND |= {12: "kaplan2020scaling", 15: "patterson2022carbon"}
COMMANDS = r"\\(?:textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum)\{\}"
FIELD = re.compile(r"  ([a-z]+) = (?:\{(.*)\}|([a-z]{3}))(,?)")


def study(kb: KnowledgeBase, number: int) -> Study:
    """One of the post's studies."""
    found = kb.study(number)
    assert found
    return found


def codes(answer: Answer) -> list[str]:
    """The blocks to copy."""
    return [block.text for block in answer.blocks if isinstance(block, Code)]


def headings(answer: Answer) -> list[str]:
    """The lines that say what the next block is."""
    lines = [b.parts[0] for b in answer.blocks if isinstance(b, Line)]
    return [said for said in lines if isinstance(said, str) and said.endswith(":")]


def fields(entry: str) -> dict[str, str]:
    """An entry's fields, read strictly: AssertionError where its form is wrong."""
    first, *lines, last = entry.split("\n")
    assert re.fullmatch(r"@(article|inproceedings|misc)\{[a-z]+\d{4}[a-z]+\d*,", first)
    assert last == "}"
    read = [FIELD.fullmatch(said) for said in lines]
    assert all(read), entry
    found = [match for match in read if match]
    assert [m[4] for m in found] == [","] * (len(found) - 1) + [""], "commas between, none behind"
    for match in found:
        assert balanced(match[2] or "")
    assert len({m[1] for m in found}) == len(found), "no field twice"
    return {m[1]: m[2] or m[3] for m in found}


def balanced(value: str) -> bool:
    """Whether BibTeX, which counts every brace, takes the value to end where it does."""
    depth = 0
    for character in value:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("number", NUMBERS)
def test_every_entry_is_well_formed(number: int, kb: KnowledgeBase) -> None:
    """Type, key, fields, commas and braces are as BibTeX wants them; a title and year are there."""
    for entry in codes(Cite(study=number).answer(kb)):
        read = fields(entry)
        assert read["title"]
        assert re.fullmatch(r"\d{4}", read["year"])
        kind = entry[1 : entry.index("{")]
        venue = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}
        assert read[venue[kind]]


def test_keys_are_unique(kb: KnowledgeBase) -> None:
    """All entries fit into one file: no key stands for two works."""
    keys = [
        e[e.index("{") : e.index(",")] for n in NUMBERS for e in codes(Cite(study=n).answer(kb))
    ]
    assert len(keys) == len(NUMBERS) + len(FOUND)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_two_references_are_told_apart(number: int, kb: KnowledgeBase) -> None:
    """The post's citation stands under its own heading, the real work under another."""
    answer = Cite(study=number).answer(kb)
    said = headings(answer)
    assert said[0] == f"As the post cites it — {finding(study(kb, number))}:"
    assert len(codes(answer)) == len(said) == (2 if number in FOUND else 1)
    if number in FOUND:
        probable = study(kb, number).citation.probable
        assert said[1] == ("Probably the real work:" if probable else "The real work:")
        assert FOUND[number] in codes(answer)[1]
        assert ("probably" in answer.headline) == ("not certain" in str(answer.blocks)) == probable


@pytest.mark.parametrize("number", NUMBERS)
def test_a_citation_as_the_post_has_it_never_travels_alone(number: int, kb: KnowledgeBase) -> None:
    """Plain text and BibTeX say, wherever they are pasted, who cites it so and what was found."""
    asked, post = study(kb, number), kb.source("post")
    answer = Cite(study=number).answer(kb)
    (plain,) = [block.text for block in answer.blocks if isinstance(block, Quote)]
    for said in (plain, fields(codes(answer)[0])["note"]):
        assert post.url in said
        assert "4 November 2024" in said
        assert "checked 22 November 2026" in said
        assert finding(asked) in said
    assert fields(codes(answer)[0])["author"] == "{[author not given]}", "the post names none"


@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_not_found_is_not_to_be_cited_as_fact(number: int, kb: KnowledgeBase) -> None:
    """The answer says so first and last; it never says that a work does not exist."""
    answer = Cite(study=number).answer(kb)
    warned = "cite it as fact" in answer.headline and "cite it as fact" in str(answer.blocks[-1])
    assert warned == (number not in FOUND)
    assert ("not found where cited" in answer.headline) == (number not in FOUND)
    assert "exist" not in str(answer)


def test_fields_of_a_journal_article(kb: KnowledgeBase) -> None:
    """Volume, issue, pages and month come out of the venue, identifiers out of their list."""
    entry = str(real_work(study(kb, 2), kb))
    assert entry.startswith("@article{")
    assert fields(entry) == {
        "author": "Sara Hooker",
        "title": "The Hardware Lottery",
        "journal": "Communications of the ACM",
        "volume": "64",
        "number": "12",
        "pages": "58--65",
        "month": "dec",
        "year": "2021",
        "doi": "10.1145/3467017",
        "eprint": "2009.06489",
        "archiveprefix": "arXiv",
    }


@pytest.mark.parametrize(
    ("number", "cited", "real"),
    [
        (1, "inproceedings", None),
        (3, "article", "article"),
        (7, "misc", None),
        (9, "article", None),
        (10, "inproceedings", "inproceedings"),
        (12, "misc", "misc"),
        (15, "article", "article"),
    ],
)
def test_entry_types_follow_the_venue(
    number: int, cited: str, real: str | None, kb: KnowledgeBase
) -> None:
    """A conference, a journal or magazine, and anything else are told apart by the venue's name."""
    asked = study(kb, number)
    assert as_cited(asked, kb).type == cited
    work = real_work(asked, kb)
    assert (work.type if work else None) == real


def test_remarks_of_the_check_are_no_part_of_a_reference(kb: KnowledgeBase) -> None:
    """'not Nature Communications' and the preprint's date are the check's words, not the work's."""
    for number in FOUND:
        answer = str(Cite(study=number).answer(kb).blocks[3:5])
        assert "(preprint" not in answer
        assert "not Nature" not in answer


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "found elsewhere, with another year"),
        (3, "found elsewhere, with another venue and year"),
        (15, "probably found elsewhere, with another title and venue"),
        (10, "found as cited"),
        (5, "not found where cited"),
    ],
)
def test_what_is_cited_differently_is_named(number: int, words: str, kb: KnowledgeBase) -> None:
    """The finding says which of title, venue and year are other than the real work's."""
    assert finding(study(kb, number)) == words


def test_capitals_and_accents_survive() -> None:
    """Abbreviations and names are braced, plain words are not, accents stay as they are."""
    said = "Beyond Moore’s Law: AI-Specific GPUs & the Multi-GPU Hölzle_1"
    assert bibtex.title(said) == (
        r"Beyond {Moore}’s Law: {AI}-Specific {GPUs} \& the Multi-{GPU} Hölzle\_1"
    )
    assert bibtex.key("Urs Hölzle", 2022, "The “Éa” of it") == "holzle2022ea"
    assert bibtex.key("李", 2022, "на") == "anon2022work"
    assert bibtex.people(["A. B", "Barnes and Noble"]) == "A. B and {Barnes and Noble}"


@given(st.text())
def test_any_text_makes_a_valid_field(text: str) -> None:
    """Whatever a title says, its braces balance and no special character of TeX is left bare."""
    for value in (bibtex.escaped(text), bibtex.title(text), bibtex.verbatim(text)):
        assert balanced(value)
        assert "\n" not in value
    bare = re.sub(rf"{COMMANDS}|\\[&%_#$]", "", bibtex.escaped(text))
    assert not set(bare) & set("\\{}&%_#$~^")


@given(st.text(), st.integers(1900, 2100), st.text())
def test_any_key_is_plain(author: str, year: int, title: str) -> None:
    """A key has small ASCII letters and the year, whatever script names and titles are in."""
    assert re.fullmatch(rf"[a-z]+{year}[a-z]+", bibtex.key(author, year, title))


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_shown_as_code_to_copy(number: int, kb: KnowledgeBase) -> None:
    """Telegram gets the entry whole, in one message, as BibTeX, and shows just its text."""
    answer = Cite(study=number).answer(kb)
    (text,) = render([Told(answer, f"/cite {number}")], "costcurve_bot").texts
    assert text.count('<pre><code class="language-bibtex">') == len(codes(answer))
    assert all(code in parse(text).text for code in codes(answer))


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=40))
def test_long_code_is_split_at_its_lines(said: str) -> None:
    """Code of any length is shown whole, escaped, within the limit, and broken at line ends."""
    lines = [f"{number} {said} <&>" for number in range(200)]
    texts = render([Told(Answer("x", (Code("\n".join(lines), "bibtex"),)))], None).texts
    assert all(units(text) <= MAX_TEXT for text in texts)
    shown = "\n".join(parse(text).text for text in texts).split("\n")
    assert [s.strip() for s in shown[1:]] == [s.strip() for s in lines]


@pytest.mark.parametrize("character", "x<&😀")
def test_a_line_longer_than_a_message_is_broken(character: str) -> None:
    """Nothing is lost of a line that no message holds."""
    answer = Answer("h", (Code(character * 9000, "bibtex"),))
    texts = render([Told(answer)], None).texts
    assert all(units(text) <= MAX_TEXT for text in texts)
    assert sum(parse(text).text.count(character) for text in texts) == 9000


@pytest.mark.parametrize("number", NUMBERS)
def test_its_command_and_its_buttons(number: int, kb: KnowledgeBase) -> None:
    """One spelling; the study is a press away, and so is the next one's reference."""
    asked = Cite(study=number)
    assert asked.as_command() == f"/cite {number}"
    answer = asked.answer(kb)
    further = [f"/cite {number + 1}"] if number < max(NUMBERS) else []
    assert [c.command for c in answer.choices] == [f"/study {number}", *further]
    assert answer.studies == (number,)


@pytest.mark.parametrize("number", [0, 59, 999])
def test_a_study_that_there_is_not(number: int, kb: KnowledgeBase) -> None:
    """An unknown number is refused with the numbers there are."""
    with pytest.raises(NumberError, match="numbered 1 to 58"):
        Cite(study=number).answer(kb)


def test_a_work_of_which_little_is_known_is_still_an_entry(kb: KnowledgeBase) -> None:
    """Without authors, venue, identifier and address, the citation's own words stand in."""
    asked = study(kb, 10)
    bare = replace(
        asked.citation,
        actual_title=None,
        actual_authors=(),
        actual_year=None,
        actual_venue=None,
        identifier=None,
        url=None,
    )
    entry = str(real_work(replace(asked, standing=bare), kb))
    assert "anon2019lottery" in entry
    assert fields(entry) == {"title": asked.title, "booktitle": "ICLR", "year": "2019"}
