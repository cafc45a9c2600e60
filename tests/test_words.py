"""Messages in normal form: one case, plain signs, digits for what people spell out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import MAX_CHARACTERS, pattern, read, stem

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
ONES += " fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def below_hundred(number: int) -> str:
    """An English numeral, written independently of the reader."""
    if number < 20:
        return ONES.split()[number]
    ten = TENS.split()[number // 10 - 2]
    return ten if number % 10 == 0 else f"{ten}-{ONES.split()[number % 10]}"


def numeral(number: int) -> str:
    """A whole number below a billion in words."""
    for scale, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            said = f"{numeral(number // scale)} {name}"
            if not rest:
                return said
            return f"{said} and {numeral(rest)}" if scale == 100 else f"{said} {numeral(rest)}"
    return below_hundred(number)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("  What   did\nit\tCOST? ", "what did it cost?"),
        ("‘it’s’ “good” 2018–2025", "'it's' \"good\" 2018-2025"),
        ("２０２３", "2023"),
        ("𝐜𝐨𝐬𝐭 ２０23", "cost 2023"),
        ("co\u00adst\u200b 2023", "cost 2023"),
        ("<b>cost</b> 2023 &amp; 2024", "cost 2023 & 2024"),
        ("price < 1 and > 0", "price < 1 and > 0"),
        ("2o23 and 20l9", "2023 and 2019"),
        ("1,000,000 calls", "1000000 calls"),
        ("1'000 and 12 000", "1000 and 12000"),
        ("2018, 2019, 2020", "2018, 2019, 2020"),
        ("0,08 dollars", "0.08 dollars"),
        ("1M calls, 2.5k, 3bn", "1000000 calls, 2500, 3000000000"),
        ("5 million", "5000000"),
        ("two grand", "2000 dollars"),
        ("0.5k", "500"),
        ("2x in 3 months", "2x in 3 months"),
        ("twenty thirty", "2030"),
        ("twenty twenty five", "2025"),
        ("twenty oh eight", "2008"),
        ("nineteen ninety nine", "1999"),
        ("two thousand and five", "2005"),
        ("half a million calls", "500000 calls"),
        ("a hundred calls", "100 calls"),
        ("a tenth of a cent", "0.1 cent"),
        ("half a cent", "0.5 cent"),
        ("two thirds of a dollar", "0.666667 dollar"),
        ("one cent", "1 cent"),
        ("which one", "which one"),
        ("oh no", "oh no"),
        ("someone often tends", "someone often tends"),
    ],
)
def test_the_normal_form(said: str, plain: str) -> None:
    """Case, spaces, signs, mark-up, magnitudes and number words all come to one plain spelling."""
    assert read(said).text == plain


@given(st.integers(2, 999_999_999))
def test_cardinals_in_words_become_digits(number: int) -> None:
    """Any numeral is read as its number, with hyphens and 'and' or as one long run."""
    if numeral(number).split()[0] in ("nineteen", "twenty"):
        number += 10**9  # 'twenty ...' may open a year; a billion in front makes it plain
        said = f"one billion {numeral(number - 10**9)}"
    else:
        said = numeral(number)
    assert read(said).text == str(number)


@given(st.integers(1910, 1999) | st.integers(2010, 2099))
def test_years_in_words_become_digits(year: int) -> None:
    """'nineteen ninety nine' and 'twenty thirty' are years, not two numbers."""
    assert read(f"in {below_hundred(year // 100)} {below_hundred(year % 100)}").text == f"in {year}"


@given(st.text(max_size=300))
def test_words_stand_where_they_say(text: str) -> None:
    """Every word's span is its place in the normal form, in order and without overlap."""
    said = read(text)
    reach = 0
    for word in said.words:
        assert said.text[word.start : word.end] == word.text
        assert word.start >= reach
        reach = word.end
    assert said.text == " ".join(said.text.split())


@given(st.text(max_size=200))
def test_case_does_not_matter(text: str) -> None:
    """ASCII capitals change nothing: people shout, and phones capitalise."""
    ascii_text = text.encode("ascii", "ignore").decode()
    assert read(ascii_text.upper()) == read(ascii_text.lower())


@pytest.mark.parametrize(
    "family",
    ["price prices priced pricing", "study studies", "fall falls falling", "cost cost's costs"],
)
def test_forms_of_a_word_share_a_stem(family: str) -> None:
    """Plural, tense and possessive do not make another word."""
    assert len({stem(word) for word in family.split()}) == 1


@pytest.mark.parametrize("pair", ["less lesson", "train trend", "year yes", "model modest"])
def test_other_words_keep_their_own_stem(pair: str) -> None:
    """The stemmer is weak on purpose: cues must not catch other words."""
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_what_is_over_telegrams_limit_is_not_read() -> None:
    """A message has at most 4,096 characters; what comes after cannot make work."""
    assert read("a " * 5000).text == read("a " * (MAX_CHARACTERS // 2)).text


def test_a_pattern_is_compiled_at_its_first_use_and_once() -> None:
    """A start has eighty of them to load; whoever uses one finds all that a pattern can do."""
    words = pattern(r"""
        \b(?:cat
        |dog)s?\b
    """)
    assert vars(words).keys() == {"_text"}
    assert [m[0] for m in words.finditer("cats and a dog")] == ["cats", "dog"]
    assert words.search("catalogue") is None
    assert words.sub("-", "cat dogs") == "- -"
    assert words.pattern == r"\b(?:cat|dog)s?\b"
    assert words.groups == 0
