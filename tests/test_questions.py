"""Answers: their figures against the definitions, computed here once more and apart."""

from __future__ import annotations

import itertools
import math
import statistics
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.answer import Answer, Code, Line, Quote, Table
from bot.questions import QUESTIONS
from bot.questions.base import Question
from knowledge.errors import NumberError
from tests.conftest import NOW

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from knowledge.base import KnowledgeBase
    from tests.conftest import Asker

TODAY = NOW.date()
C = dict(zip(range(2018, 2026), (1, 0.8, 0.5, 0.3, 0.15, 0.08, 0.04, 0.02), strict=True))
EXAMPLES = [example for kind in QUESTIONS for example in kind.examples]
PAIRS = list(itertools.combinations(C, 2))
THETA = 0.63
# DESIGN 6, claim by claim: what each study says as a decline per year
CLAIMS = {
    1: (0.2, 0.3),
    2: (1 - 2 ** (-1 / 2), 0.5),
    3: (1 - 0.7**0.5, 1 - 0.5**0.5),
    5: (0.5, 0.5),
    6: (1 - 2 ** (-1 / 2), 0.5),
    7: (0.5, 0.5),
    8: (0.5, 0.5),
    9: (0.4, 0.4),
    12: (0.3, 0.3),
    13: (1 - 0.5 ** (1 / 3),) * 2,
    15: (0.35, 0.35),
    16: (0.5, 0.5),
}
TRAINING = range(8, 18)
WITHOUT = sorted(set(range(1, 18)) - set(CLAIMS))


def middle(low: float, high: float) -> float:
    """The geometric middle of a range of declines."""
    return 1 - math.sqrt((1 - low) * (1 - high))


def text_of(answer: Answer) -> str:
    """All words of an answer, apart from its source."""
    return "\n".join([answer.headline, *filter(None, map(_block_text, answer.blocks))])


def _block_text(block: Line | Table | Quote | Code) -> str:
    if isinstance(block, Table):
        return "\n".join("  ".join(row) for row in (block.header, *block.rows))
    if isinstance(block, Quote | Code):
        return block.text
    return "".join(part if isinstance(part, str) else part.text for part in block.parts)


def source_of(answer: Answer) -> str:
    """The source line as it reads."""
    return _block_text(answer.source) if answer.source else ""


# --------------------------------------------------------------------------- the table


@pytest.mark.parametrize("year", C)
def test_the_cost_of_a_year(year: int, ask: Asker) -> None:
    """c(y) is the row of the post's table, said to the cent."""
    answer = ask(f"/cost {year}")
    assert answer.figure(f"cost.{year}") == C[year]
    assert f"${C[year]:.2f}".replace(".00", "") in answer.headline
    assert "illustrative" in source_of(answer)
    assert ("forecast" in text_of(answer)) == (year == 2025)


def test_the_whole_table(ask: Asker) -> None:
    """Without a year all rows are shown, and the forecast one is marked."""
    answer = ask("/cost")
    assert {f.name: f.value for f in answer.figures} == {f"cost.{y}": c for y, c in C.items()}
    rows = next(block for block in answer.blocks if isinstance(block, Table)).rows
    assert len(rows) == 8
    assert [row[0] for row in rows if "forecast" in row[0]] == ["2025 forecast"]


@pytest.mark.parametrize("year", C)
@pytest.mark.parametrize("number", [2, 1000, 1_000_000])
def test_a_volume(year: int, number: int, ask: Asker) -> None:
    """A volume is n × c(y)."""
    answer = ask(f"/cost {number} calls in {year}")
    assert answer.figure("total") == pytest.approx(number * C[year], rel=1e-12)
    assert f"{number:,} inferences" in answer.headline


def test_a_volume_every_month(ask: Asker) -> None:
    """So many a month cost so much a month, and twelve times that a year."""
    answer = ask("what did 1000 calls a month cost in 2021?")
    assert answer.figure("total") == pytest.approx(300)
    assert "$300 a month" in answer.headline
    assert "$3,600 a year" in text_of(answer)


def test_a_volume_later_is_a_projection(ask: Asker) -> None:
    """After the last row a volume is n × the projection, and says so."""
    answer = ask("1M calls in 2030")
    assert answer.figure("median") == pytest.approx(1e6 * 0.00122315, rel=1e-5)
    assert "projection" in answer.headline


def test_the_extremes_of_the_table(ask: Asker) -> None:
    """The cheapest year is a forecast, so the cheapest of the others is named as well."""
    cheapest = ask("in which year was it cheapest?")
    assert cheapest.figure("cost.2025") == 0.02
    assert "forecast" in text_of(cheapest)
    assert "2024" in text_of(cheapest)
    assert ask("in which year was it most expensive?").figure("cost.2018") == 1


@pytest.mark.parametrize("year", list(C)[1:])
def test_the_decline_of_a_year(year: int, ask: Asker) -> None:
    """1 − c(y)/c(y−1), computed: 46.7% for 2023, where the post prints 47%."""
    answer = ask(f"/decline {year}")
    wanted = 1 - C[year] / C[year - 1]
    assert answer.figure(f"decline.{year}") == pytest.approx(wanted)
    assert f"{100 * wanted:.1f}".removesuffix(".0") + "%" in answer.headline
    assert ("forecast" in text_of(answer)) == (year == 2025)


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_the_decline_between_years(start: int, end: int, ask: Asker) -> None:
    """Total, factor, compound annual decline and halving time, for every pair of rows."""
    answer = ask(f"/decline {start} {end}")
    if end == start + 1 and not any(f.name == "total" for f in answer.figures):
        pytest.fail("two years given are two years answered")
    annual = 1 - (C[end] / C[start]) ** (1 / (end - start))
    assert answer.figure("total") == pytest.approx(1 - C[end] / C[start])
    assert answer.figure("factor") == pytest.approx(C[start] / C[end])
    assert answer.figure("annual") == pytest.approx(annual)
    assert answer.figure("halving") == pytest.approx(math.log(2) / -math.log(1 - annual))
    assert ("forecast" in text_of(answer)) == (end == 2025)


def test_all_declines(ask: Asker) -> None:
    """The table falls 42.8% a year on average, 98% and 50× in all."""
    answer = ask("/decline")
    assert answer.figure("annual") == pytest.approx(1 - 0.02 ** (1 / 7))
    for year in list(C)[1:]:
        assert answer.figure(f"decline.{year}") == pytest.approx(1 - C[year] / C[year - 1])
    for said in ("42.8%", "98%", "50×", "46.7%", "forecast"):
        assert said in text_of(answer)


def test_declines_of_a_stretch(ask: Asker) -> None:
    """Year by year within a stretch names the years of that stretch and no others."""
    answer = ask("declines year by year from 2020 to 2023")
    named = {int(f.name.partition(".")[2]) for f in answer.figures if f.name.startswith("decline.")}
    assert {2021, 2022, 2023} <= named <= {2020, 2021, 2022, 2023}


def test_the_largest_drop(ask: Asker) -> None:
    """Ties are named together: 2022, 2024 and 2025 halved."""
    answer = ask("which year had the biggest drop?")
    assert {f.name for f in answer.figures} == {f"decline.{y}" for y in (2022, 2024, 2025)}
    assert {f.value for f in answer.figures} == {0.5}
    assert ask("which year had the smallest drop?").figure("decline.2019") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("/halving", [1 - 0.02 ** (1 / 7)]),
        ("/halving 25%", [0.25]),
        ("/halving headline", [0.3, 0.2]),
        ("/halving latest", [0.5]),
        ("/halving study 9", [0.4]),
        ("/halving study 2", [0.5, 1 - 0.5**0.5]),
        ("/halving 2018-2022", [1 - 0.15 ** (1 / 4)]),
    ],
)
def test_halving(text: str, rates: list[float], ask: Asker) -> None:
    """ln 2 / −ln(1 − d) for the rate or for both ends of a range."""
    figures = [f for f in ask(text).figures if f.unit == "years"]
    assert [f.value for f in figures] == pytest.approx(
        [math.log(2) / -math.log1p(-d) for d in rates]
    )


# --------------------------------------------------------------------------- projections


def trend(rows: dict[int, float], year: int, level: float) -> tuple[float, float, float]:
    """Median and interval as DESIGN 6 defines them, with scipy's t and plain sums."""
    years = sorted(rows)
    m, last = len(years) - 1, years[-1]
    changes = [math.log(rows[y] / rows[y - 1]) for y in years[1:]]
    drift = statistics.fmean(changes)
    spread = statistics.stdev(changes)
    tau = year - last
    a = -2 * THETA + (1 + 2 * (m - 1) * THETA / m + THETA**2) * (tau + tau**2 / m)
    half = stats.t.ppf(0.5 + level / 2, m - 1) * spread * math.sqrt(a / (1 + THETA**2))
    centre = math.log(rows[last]) + drift * tau
    return math.exp(centre), math.exp(centre - half), math.exp(centre + half)


@pytest.mark.parametrize(
    ("text", "median", "low", "high"),
    [
        ("/project 2026", 0.0114372, 0.008768, 0.01492),
        ("/project 2026 level 95", 0.0114372, 0.007280, 0.01797),
        ("/project 2030", 0.00122315, 0.0004741, 0.003156),
        ("/project 2030 level 95", 0.00122315, 0.0002443, 0.006124),
    ],
)
def test_projection_pins(text: str, median: float, low: float, high: float, ask: Asker) -> None:
    """The pins of DESIGN 6: a changed method must change them knowingly."""
    answer = ask(text)
    assert answer.figure("median") == pytest.approx(median, rel=1e-5)
    assert answer.figure("low") == pytest.approx(low, rel=4e-4)
    assert answer.figure("high") == pytest.approx(high, rel=4e-4)


@pytest.mark.parametrize("year", [2026, 2027, 2033, 2050])
@pytest.mark.parametrize("percent", [50, 80, 95, 99])
def test_projections_on_the_trend(year: int, percent: int, ask: Asker) -> None:
    """Any year and level within the horizon, against the definition computed apart."""
    answer = ask(f"/project {year} level {percent}")
    wanted = trend(C, year, percent / 100)
    assert [answer.figure(n) for n in ("median", "low", "high")] == pytest.approx(wanted, rel=1e-7)
    assert f"{percent}% interval" in text_of(answer)


@pytest.mark.parametrize(
    ("basis", "low", "high"),
    [
        ("headline", 0.2, 0.3),
        ("latest", 0.5, 0.5),
        ("30%", 0.3, 0.3),
        ("10-15.5%", 0.1, 0.155),
        ("0%", 0, 0),
        *((f"study {n}", *ends) for n, ends in CLAIMS.items()),
    ],
)
def test_projections_on_other_bases(basis: str, low: float, high: float, ask: Asker) -> None:
    """c(2025)·(1 − rate)^τ for both ends, and no probability claimed."""
    answer = ask(f"/project 2032 {basis}")
    assert answer.figure("low") == pytest.approx(0.02 * (1 - high) ** 7)
    assert answer.figure("high") == pytest.approx(0.02 * (1 - low) ** 7)
    assert answer.figure("median") == pytest.approx(0.02 * (1 - middle(low, high)) ** 7)
    assert "% interval" not in text_of(answer)


@pytest.mark.parametrize(
    "text", ["/project 2030", "/project 2050 headline", "/project 2031 study 6"]
)
def test_a_projection_is_short_and_honest(text: str, talk: Conversation, ask: Asker) -> None:
    """At most six short lines: figure, range, basis, the other bases, the 2025 row, the source."""
    answer = ask(text)
    reply = talk.turn(text, TODAY)
    assert len(reply.reply.texts) == 1
    assert len(reply.reply.texts[0].splitlines()) <= 6
    assert all(len(_block_text(b)) <= 160 for b in answer.blocks)
    assert "projection" in answer.headline
    assert "forecast" in text_of(answer)
    for other in ("trend", "headline", "latest"):
        assert other in text_of(answer)


@pytest.mark.parametrize("basis", ["", " headline", " latest", " 35%", " study 2"])
@pytest.mark.parametrize("dollars", [0.019, 0.01, 0.005, 0.001, 0.0005, 0.0001])
def test_when_below(basis: str, dollars: float, ask: Asker) -> None:
    """The first calendar year whose median is at or below the price, for both ends of a range."""
    rates = {
        "": [1 - 0.02 ** (1 / 7)],
        " headline": [0.3, 0.2],
        " latest": [0.5],
        " 35%": [0.35],
        " study 2": [0.5, 1 - 2**-0.5],
    }[basis]
    wanted = [
        next(
            (y for y in range(2026, 2051) if 0.02 * (1 - d) ** (y - 2025) <= dollars * (1 + 1e-9)),
            None,
        )
        for d in rates
    ]
    answer = ask(f"/when ${dollars}{basis}")
    found = [f.value for f in answer.figures if f.unit == "year"]
    assert found == list(dict.fromkeys(y for y in wanted if y))
    assert "projection" in text_of(answer)
    assert "forecast" in text_of(answer)


@pytest.mark.parametrize(
    ("dollars", "year"),
    [(2, 2018), (1, 2018), (0.99, 2019), (0.3, 2021), (0.1, 2023), (0.02, 2025)],
)
def test_when_the_table_crosses_itself(dollars: float, year: int, ask: Asker) -> None:
    """A price that a row is at or below is answered by that row, not by a projection."""
    answer = ask(f"/when ${dollars}")
    assert answer.figure("year") == year
    assert "projection" not in answer.headline
    assert ("forecast" in text_of(answer)) == (year == 2025)


@pytest.mark.parametrize(("years", "wanted"), [("2018", 10), ("2023", 125), ("2024", 250)])
def test_budget(years: str, wanted: float, ask: Asker) -> None:
    """Money / c(y)."""
    answer = ask(f"/budget $10 {years}")
    assert answer.figure("inferences") == pytest.approx(wanted)
    assert f"{wanted:,.0f} inferences" in answer.headline


def test_a_budget_later_is_a_projection(ask: Asker) -> None:
    """After the last row the number rests on the projection's median, and says so."""
    answer = ask("/budget $100 2030")
    assert answer.figure("inferences") == pytest.approx(100 / 0.00122315, rel=1e-5)
    assert "projection" in text_of(answer)


def test_backtest(ask: Asker) -> None:
    """Origins 2021 to 2023 against what came up to 2024, by the definition computed apart."""
    answer = ask("/backtest")
    held = 0
    cases = [(o, y) for o in (2021, 2022, 2023) for y in range(o + 1, 2025)]
    for origin, year in cases:
        median, low, high = trend({y: c for y, c in C.items() if y <= origin}, year, 0.8)
        held += low <= C[year] <= high
        assert answer.figure(f"error.{origin}.{year}") == pytest.approx(median / C[year] - 1)
    assert (answer.figure("tests"), answer.figure("held")) == (len(cases), held)
    assert "2025" in text_of(answer)
    assert "not scored" in text_of(answer)


# --------------------------------------------------------------------------- studies


@pytest.mark.parametrize("number", range(1, 18))
def test_a_study(number: int, ask: Asker, kb: KnowledgeBase) -> None:
    """Title, venue, year, workload, the claim, its rate or that it has none, and its standing."""
    answer, study = ask(f"/study {number}"), kb.study(number)
    assert study is not None
    said = text_of(answer)
    for part in (str(number), study.title, study.venue, str(study.year), study.workload):
        assert part in said
    assert study.conclusion in said
    if number in CLAIMS:
        low, high = CLAIMS[number]
        assert (answer.figure("low"), answer.figure("high")) == pytest.approx((low, high))
        assert f"{100 * high:.1f}".removesuffix(".0") + "% a year" in said
    else:
        assert not answer.figures
        assert "no period" in said
        assert "no annual rate" in said
    assert ("not found" in said) == (study.citation.status == "not_found")
    if study.citation.status != "not_found":
        links = [
            p
            for b in answer.blocks
            if isinstance(b, Line)
            for p in b.parts
            if not isinstance(p, str)
        ]
        assert study.citation.url in [getattr(link, "url", None) for link in links]


def test_compare(ask: Asker) -> None:
    """All claims on one scale, largest first; the others apart; range, median, yardsticks."""
    answer = ask("/compare")
    assert answer.figure("low") == pytest.approx(min(low for low, _ in CLAIMS.values()))
    assert answer.figure("high") == pytest.approx(0.5)
    median = statistics.median(middle(*ends) for ends in CLAIMS.values())
    assert answer.figure("median") == pytest.approx(median)
    order = sorted(CLAIMS, key=lambda n: (-round(middle(*CLAIMS[n]), 9), n))
    assert list(answer.studies) == [*order, *WITHOUT]
    for said in ("20–30%", "42.8%", "no period"):
        assert said in text_of(answer)


@pytest.mark.parametrize("workload", ["inference", "training"])
def test_compare_one_workload(workload: str, ask: Asker) -> None:
    """Only that workload's claims enter the range and the median."""
    ends = [e for n, e in CLAIMS.items() if (n in TRAINING) == (workload == "training")]
    answer = ask(f"/compare {workload}")
    assert answer.figure("median") == pytest.approx(statistics.median(middle(*e) for e in ends))
    assert answer.figure("low") == pytest.approx(min(low for low, _ in ends))
    both = ask("training vs inference")
    assert both.figure(f"{workload}.median") == pytest.approx(answer.figure("median"))


def test_compare_some(ask: Asker) -> None:
    """Chosen studies only, those without a rate still named."""
    answer = ask("/compare 2 4 9")
    assert set(answer.studies) == {2, 4, 9}
    assert answer.figure("median") == pytest.approx(statistics.median([middle(*CLAIMS[2]), 0.4]))


def test_the_boldest_claims(ask: Asker) -> None:
    """The highest claim has its ties named, the lowest its range."""
    assert ask("which study claims the fastest drop?").figure("highest") == pytest.approx(0.5)
    assert ask("who is the most pessimistic?").figure("lowest") == pytest.approx(1 - 0.7**0.5)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("/studies inference", set(range(1, 8))),
        ("/studies training", set(TRAINING)),
        ("/studies 2020", {2, 11, 12}),
        ("/studies ICML", {5, 16}),
        ("/studies pruning", {3, 10, 14}),
        ("/studies training 2020", {11, 12}),
        ("/studies 2019-2020", {1, 2, 9, 10, 11, 12}),
    ],
)
def test_lists_of_studies(text: str, numbers: set[int], ask: Asker) -> None:
    """Filters narrow together, and the count is a figure."""
    answer = ask(text)
    assert set(answer.studies) == numbers
    assert answer.figure("studies") == len(numbers)


def test_long_lists_have_pages(ask: Asker) -> None:
    """Together the pages show every study once; buttons turn them; none is beyond the last."""
    first, second = ask("/studies"), ask("/studies page 2")
    assert (*first.studies, *second.studies) == tuple(range(1, 18))
    assert first.figure("studies") == second.figure("studies") == 17
    assert [c.command for c in first.choices if c.label == "More"] == ["/studies page 2"]
    assert [c.command for c in second.choices if c.label == "Back"] == ["/studies"]
    assert ask("/studies page 99").studies == second.studies


def test_no_study_is_an_answer(ask: Asker) -> None:
    """A search that finds nothing says so; it never shows something else as found."""
    answer = ask("/studies quantum teleportation")
    assert answer.outcome == "refused"
    assert answer.studies == ()


def test_sources_say_how_far_to_trust(ask: Asker) -> None:
    """Of 17 studies 2 were found as cited, 3 elsewhere, 12 not; the table names no source."""
    answer = ask("/sources")
    assert {f.name: f.value for f in answer.figures} == {
        "found": 2,
        "found_elsewhere": 3,
        "not_found": 12,
    }
    assert "names no author and no source" in text_of(answer)
    headline = ask("/sources headline")
    assert (headline.figure("headline.low"), headline.figure("headline.high")) == (0.2, 0.3)
    assert headline.figure("table") == pytest.approx(1 - 0.02 ** (1 / 7))


def test_training_has_no_dollars(ask: Asker) -> None:
    """The post gives no dollar figures for training, so neither does the bot."""
    for text in (
        "what does training cost in 2023?",
        "/cost 2024 training",
        "training cost in 2030",
    ):
        answer = ask(text)
        assert answer.outcome == "refused"
        assert "$" not in text_of(answer)


# --------------------------------------------------------------------------- all answers


def _examples_with_answers() -> list[str]:
    return [e for e in EXAMPLES if e != "/ask"]


@pytest.mark.parametrize("text", _examples_with_answers())
def test_every_figure_has_a_source(text: str, ask: Asker, kb: KnowledgeBase) -> None:
    """An answer with figures ends with where they come from; figures are finite."""
    answer = ask(text)
    assert answer.headline
    assert len(answer.headline) <= 200
    for figure in answer.figures:
        assert math.isfinite(figure.value)
        assert figure.unit
    if answer.figures and not text.startswith("/sources"):
        named = source_of(answer) + text_of(answer)
        published = any((s := kb.study(n)) and s.publication for n in answer.studies)
        listed = "as of 22 November 2026" in named
        assert "IP Carrier" in named or listed or (published and "Source: " in named)
    names = [figure.name for figure in answer.figures if figure.name != "year"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", _examples_with_answers())
def test_every_choice_works(text: str, ask: Asker, talk: Conversation) -> None:
    """Each button's command is understood and fits a button; its label is short."""
    for choice in ask(text).choices:
        assert 1 <= len(choice.command.encode()) <= 64
        assert 1 <= len(choice.label) <= 40
        turn = talk.turn(choice.command, TODAY)
        assert turn.question is not None
        assert turn.understood


@pytest.mark.parametrize(
    "text",
    [
        "/decline 2025",
        "/decline 2018 2025",
        "/decline 2030",
        "/halving",
        "/halving latest",
        "/project 2027",
        "/when $0.001",
        "/budget $10 2025",
        "/budget $100 2030",
        "/cost 2025",
        "/cost 2023-2025",
        "1M calls in 2028",
        "cheapest year",
    ],
)
def test_the_forecast_row_is_called_one(text: str, ask: Asker) -> None:
    """Every answer that rests on the 2025 row says that the post forecast it."""
    assert "forecast" in text_of(ask(text))


def test_the_same_question_gets_the_same_answer(ask: Asker) -> None:
    """No chance, no clock and no memory between a question and its numbers."""
    assert [ask(e) for e in _examples_with_answers()] == [ask(e) for e in _examples_with_answers()]


# --------------------------------------------------------------------------- refusals

REFUSED = [
    ("/cost 1990", "starts in 2018"),
    ("/cost 2017", "no figure for 2017"),
    ("/cost 0", "starts in 2018"),
    ("/cost -5", "starts in 2018"),
    ("/cost 2010-2017", "no figure for 2010"),
    ("/cost 2060", "2060 is too far ahead: projections end in 2050"),
    ("/decline 2018", "first row"),
    ("/decline 2017", "2017"),
    ("/decline 2010 2020", "no figure for 2010"),
    ("/decline 2020 2070", "too far ahead"),
    ("/project 2051", "projections end in 2050"),
    ("/project 9999", "too far ahead"),
    ("/project 99999", "too far ahead"),
    ("/project 2030 100%", "below 100%"),
    ("/project 2030 150%", "below 100%"),
    ("/project 2030 study 4", "no annual rate"),
    ("/project 2030 study 99", "no study 99"),
    ("/project 2030 level 0", "between 1% and 99.9%"),
    ("/project 2030 level 100", "between 1% and 99.9%"),
    ("/project 2017", "2017"),
    ("/when $0", "above zero"),
    ("/when -1", "above zero"),
    ("/budget $0", "above zero"),
    ("/budget -5", "above zero"),
    ("/budget $10 1999", "no figure for 1999"),
    ("/halving 0%", "above 0%"),
    ("/halving 100%", "below 100%"),
    ("/halving study 10", "no annual rate"),
    ("/study 0", "no study 0"),
    ("/project 2030 study 51", "measures hardware price-performance"),
    ("/halving study 41", "measures frontier training"),
    ("/study 59", "1 to 58"),
    ("/compare 3 77", "no study 77"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refusals(text: str, reason: str, talk: Conversation) -> None:
    """No such number: one line says why, and a button shows an example that works."""
    turn = talk.turn(text, TODAY)
    shown = "\n".join(turn.reply.texts)
    assert reason in shown
    assert shown.startswith("<b>")
    assert "Traceback" not in shown
    first = turn.reply.buttons[0][0]
    again = talk.turn(first.command, TODAY)
    assert isinstance(again.question, Question)
    again.question.answer(talk.kb)


@pytest.mark.parametrize("text", ["/when $1e-50", "/when $0.000000001 20%"])
def test_never_within_the_horizon(text: str, ask: Asker) -> None:
    """A price that no projection reaches is refused with the year where projections end."""
    answer = ask(text)
    assert answer.outcome == "refused"
    assert "2050" in answer.headline


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/decline 2025 2018", "/decline 2018 2025"),
        ("/cost 2023-2019", "/cost 2019-2023"),
        ("/project 2030 30-20%", "/project 2030 20-30%"),
        ("/decline 2020 2020", "/decline 2020"),
    ],
)
def test_reversed_ranges(one: str, other: str, ask: Asker) -> None:
    """A range the wrong way round is the range."""
    assert ask(one) == ask(other)


@pytest.mark.parametrize(
    "text",
    ["/cost nan", "/when nan", "/budget nan", "/budget inf", "/project nan", "/halving nan%"],
)
def test_not_a_number(text: str, talk: Conversation) -> None:
    """NaN and infinity are words that cannot be read, and never reach a sum."""
    turn = talk.turn(text, TODAY)
    assert turn.question is None
    assert "example" in turn.reply.texts[0]


@pytest.mark.parametrize("text", ["/budget $1e50", "/budget $999999999999999", "/when $1e60"])
def test_huge_amounts(text: str, ask: Asker, talk: Conversation) -> None:
    """Absurd amounts are answered, in a line that fits a screen."""
    assert all(math.isfinite(figure.value) for figure in ask(text).figures)
    assert len(ask(text).headline) <= 200
    assert talk.turn(text, TODAY).understood


@given(st.integers(-10, 999) | st.integers(1900, 2199))
def test_every_year_is_answered_or_refused(
    talk: Conversation, kb: KnowledgeBase, year: int
) -> None:
    """Recorded from 2018, projected to 2050, and refused with a reason beyond."""
    asked = talk.turn(f"/cost {year}", TODAY).question
    assert isinstance(asked, Question)
    year = year + 2000 if 10 <= year <= 60 else year
    if 2018 <= year <= 2050:
        assert asked.answer(kb).figures
    else:
        with pytest.raises(NumberError, match=r"starts in 2018|too far ahead"):
            asked.answer(kb)


def test_a_fraction_of_a_call_is_not_rounded_up(ask: Asker) -> None:
    """What the headline counts and what it costs are the same number."""
    answer = ask("/cost 1.5 calls 2023")
    assert answer.figure("total") == pytest.approx(0.12)
    assert "2 inferences" not in answer.headline
