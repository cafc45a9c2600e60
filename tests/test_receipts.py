"""Receipts: what they print is put into a calculator, and must come out as printed."""

from __future__ import annotations

import html
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.questions import QUESTIONS
from bot.questions.base import Question
from bot.questions.budget import Budget
from bot.questions.halving import Halving
from bot.questions.project import Project
from bot.questions.settle import settle
from bot.questions.when import When
from bot.receipts import receipt
from bot.render import Told, render
from bot.values import Basis, Count, Years
from knowledge.errors import NumberError
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.answer import Answer
    from knowledge.base import KnowledgeBase

    Receipts = Callable[[str], str]

EXAMPLES = [example for kind in QUESTIONS for example in kind.examples]
# no example says these, but people do
MORE = [
    "/cost 2020-2030 1000 calls",
    "/cost 2028-2031",
    "/cost 2021 1000.5 calls/week",
    "/cost training",
    "/decline 2020 2030",
    "/decline 2028",
    "/decline 2019-2022 each",
    "/project 2030 headline 500 calls",
    "/project 2050",
    "/project 2030 0%",
    "/when $0.003 2030 headline",
    "/when $0.00000001 0-30%",
    "/check 3x cheaper",
    "/check 100x cheaper",
    "/budget $100 2035",
    "/halving study 2",
    "/halving latest",
    "/study 4",
    "/compare 4 10",
    "/backtest 2024",
]
CLOSE = 2  # units of the last digit: what rounded steps may come to
KEYS = {"×": "*", "−": "-", "^": "**", ",": "", "√": "sqrt"}
_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:e[−-]\d+)?"
# "= formula = result"; where the first two are the same, as in K², both pairs are looked at
_EQUATION = re.compile(rf"=(?= ([^=;:]+) = (−?\$?{_NUMBER})(%?))")
_CLAIM = re.compile(rf"(?:: |; |, )(1 − [^=;:]+) = ({_NUMBER})(%)")


def calculated(formula: str) -> float:
    """What a calculator with ln, √ and e^ shows for a formula as printed."""
    for key, typed in KEYS.items():
        formula = formula.replace(key, typed)
    assert re.fullmatch(r"(?:[\d.()+*/ -]|ln|sqrt|e\*\*|e-\d+)+", formula), formula
    names = {"ln": math.log, "sqrt": math.sqrt, "e": math.e}
    return float(eval(formula, {"__builtins__": {}}, names))  # noqa: S307  # keys, checked above


def off(formula: str, printed: str, unit: str) -> float:
    """How far a calculator is from the printed result, in units of its last digit (the fourth

    where zeros at the end of a whole number hide it).
    """
    bare = printed.replace(",", "").replace("$", "").replace("−", "-")
    said = float(bare)
    digits = bare.lstrip("-0.").partition("e")[0].replace(".", "")
    last = max(4, len(digits if "." in bare else digits.rstrip("0")))
    got = calculated(formula) * (100 if unit else 1)
    return abs(got - said) / 10.0 ** (math.floor(math.log10(abs(said))) - last + 1)


def equations(text: str) -> list[tuple[str, str, str]]:
    """Each formula with its printed result and unit."""
    return [
        (formula.strip(), result, unit)
        for line in text.splitlines()
        for found in (_EQUATION, _CLAIM)
        for formula, result, unit in found.findall(line)
        if "Σ" not in formula
    ]


def shown(answer: Answer) -> str:
    """The one message, without markup."""
    (text,) = render([Told(answer)], "costcurve_bot").texts
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def printed(name: str, text: str) -> str:
    """The result beside a name, as printed."""
    (line,) = (said for said in text.splitlines() if said.startswith(f"{name} = "))
    return line.split(" = ")[-1].split(", shown")[0].split(";")[0].split(" ")[0]


@pytest.fixture(scope="module")
def asked(kb: KnowledgeBase) -> Callable[[str], Question]:
    """A message's question as it is answered."""
    talk = Conversation(kb)

    def understood(text: str) -> Question:
        question = talk.turn(text, NOW.date()).question
        assert isinstance(question, Question), f"not understood: {text}"
        return settle(question, kb)

    return understood


@pytest.fixture(scope="module")
def receipts(kb: KnowledgeBase, asked: Callable[[str], Question]) -> Receipts:
    """A message's receipt, as it reads."""
    return lambda text: shown(receipt(asked(text), kb))


@pytest.mark.parametrize("text", EXAMPLES + MORE)
def test_every_kind_has_a_receipt(
    text: str, kb: KnowledgeBase, asked: Callable[[str], Question]
) -> None:
    """A receipt is one message with the data version, the answer's figures and a way back."""
    question = asked(text)
    answer, found = question.answer(kb), receipt(question, kb)
    assert f"Data version {kb.version}." in shown(found)
    assert (found.figures, found.source) == (answer.figures, answer.source)
    assert found.outcome == "answered"
    assert found.choices[0].command == question.as_command()


@pytest.mark.parametrize("text", EXAMPLES + MORE)
def test_a_calculator_agrees(text: str, receipts: Receipts) -> None:
    """Every formula gives its printed result, but for the rounding of its steps."""
    for formula, result, unit in equations(receipts(text)):
        assert off(formula, result, unit) <= CLOSE, (formula, result)


def test_the_projection_of_2030(receipts: Receipts) -> None:
    """Pins of DESIGN 6: the median and both ends of the 80% interval, by the printed steps."""
    text = receipts("/project 2030")
    assert printed("Median 2030", text) == "$0.001223"
    assert printed("Low end", text) == "$0.0004741"
    assert printed("High end", text) == "$0.003156"
    assert len(equations(text)) == 7  # drift, median, K², A*, half-width, two ends


def test_what_a_person_computes_alone(receipts: Receipts) -> None:
    """From the printed rows, m, θ, τ and t alone the printed interval comes out again."""
    text = receipts("/project 2030")
    values = [float(row.split()[-2 if "−" in row else -1]) for row in text.splitlines()[2:10]]
    changes = [math.log(b / a) for a, b in pairwise(values)]
    m, tau, theta = (float(re.findall(rf"{k} = ([\d.]+)", text)[0]) for k in "mτθ")
    t = float(re.findall(r"^t = ([\d.]+)", text, re.M)[0])
    drift = sum(changes) / m
    squared = sum((change - drift) ** 2 for change in changes) / (m - 1)
    a_star = -2 * theta + (1 + 2 * (m - 1) * theta / m + theta**2) * (tau + tau**2 / m)
    half = t * math.sqrt(squared * a_star / (1 + theta**2))
    for sign, name in ((-1, "Low end"), (1, "High end")):
        end = values[-1] * math.exp(drift * tau + sign * half)
        assert f"${end:.4g}" == printed(name, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/cost 2023", "Rows: 2022 $0.15; 2023 $0.08."),
        ("/cost 2024 1000000 calls", "Total = 1,000,000 × 0.04 = $40,000"),
        ("/decline 2023", "2023 on 2022 = 1 − 0.08/0.15 = 46.67%, shown as 46.7%"),
        ("/decline 2018 2025", "A year = 1 − (0.02/1)^(1/7) = 42.81%, shown as 42.8%"),
        ("/decline 2018 2025", "2025 forecast $0.02"),
        ("/halving", "Halving = ln(2)/(−ln(1 − 0.42814)) = 1.240 years"),
        ("/when $0.001", "= 5.360; up to a whole year: 2025 + 6 = 2031"),
        ("/budget $100 2023", "Inferences = 100/0.08 = 1,250"),
        ("/project 2032 headline", "Low 2032 = 0.02 × (1 − 0.3)^7 = $0.001647"),
        ("/study 3", "1 − (1 − 0.3)^(1/2) = 16.33%; 1 − (1 − 0.5)^(1/2) = 29.29%"),
        ("/study 4", "no period named, so no annual rate"),
        ("/study 5", "Citation: not found where it is cited"),
        ("/compare", "Study 1: 20–30% a year, as stated; middle = "),
        ("/check 30% a year", "From the table = 42.814 − 30 = 12.81 points, shown as 12.8 points"),
        ("/backtest", "Came: 0.15; inside."),
        ("/about", "Nothing in this answer is computed"),
        ("/sources statements", "This answer quotes the data; nothing is computed"),
    ],
)
def test_what_receipts_say(text: str, said: str, receipts: Receipts) -> None:
    """Rows with their years, the formula with its numbers, four digits, what it is shown as."""
    assert said in receipts(text)


def test_what_has_no_answer_has_no_receipt(kb: KnowledgeBase) -> None:
    """A receipt refuses with the answer's own words."""
    for question in (Project(years=Years((2090,))), Halving(basis=Basis("study", study=99))):
        with pytest.raises(NumberError) as refused:
            question.answer(kb)
        with pytest.raises(NumberError, match=re.escape(str(refused.value))):
            receipt(question, kb)


@given(
    year=st.integers(2026, 2050),
    level=st.sampled_from([None, 0.5, 0.9, 0.95, 0.99]),
    n=st.none() | st.integers(1, 10**12),
)
def test_any_projection_checks_out(
    kb: KnowledgeBase, year: int, level: float | None, n: int | None
) -> None:
    """Whatever the year, level and volume, a calculator gives the printed digits."""
    count = Count(n) if n else None
    text = shown(receipt(Project(years=Years((year,)), level=level, count=count), kb))
    for formula, result, unit in equations(text):
        assert off(formula, result, unit) <= CLOSE, (formula, result)


@given(amount=st.integers(1, 10**9), year=st.integers(2018, 2050))
def test_any_budget_and_price_check_out(kb: KnowledgeBase, amount: int, year: int) -> None:
    """Whatever the amount and the year, a calculator gives what is printed."""
    bought = Budget(money=amount, years=Years((year,)))
    for question in (bought, When(money=1 / amount)):
        for formula, result, unit in equations(shown(receipt(question, kb))):
            assert off(formula, result, unit) <= 2.01, (formula, result)
