"""Published estimates: their rates, what is said of them, how they are found and compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.answer import Answer, Link, Table
from bot.charts.model import Ranges
from bot.measures import GROUPS
from bot.pictures import picture
from bot.questions.base import MAX_COMMAND_BYTES
from bot.questions.cite import Cite
from bot.questions.citing import annual_rate
from bot.questions.compare import Compare
from bot.questions.levels import LATELY
from bot.questions.section import ITSELF, MARKET
from bot.questions.studies import Studies
from bot.questions.study import Study
from bot.render import MAX_CAPTION, MAX_TEXT, Told, render, units
from bot.vocabulary import bare
from knowledge.rates import annualise
from tests.conftest import NOW
from tests.talk import command, say, shown
from tests.test_cite import codes, fields

if TYPE_CHECKING:
    from bot.conversation import Conversation
    from knowledge.base import KnowledgeBase
    from knowledge.records import Study as StudyRecord
    from tests.conftest import ChatDriver

NUMBERS = range(18, 59)
RISES = {24, 41, 42, 43, 54}
SECOND_HAND = {25, 27, 28, 30, 34, 36, 37, 54}
# Decline a year: low, central, high, as the table gives them that the estimates were taken from,
# to four digits; None where it has no such end.
ANNUAL: dict[int, tuple[float | None, float | None, float | None]] = {
    18: (0.8889, 0.9800, 0.9989),  # epoch-llm-price-2025
    19: (None, 0.9750, None),  # epoch-gpqa-gpt4-2025
    20: (None, 0.9000, None),  # a16z-llmflation-2024
    21: (None, 0.9155, None),  # a16z-mmlu83-2024
    22: (0.9469, 0.9469, 0.9766),  # ai-index-2025-gpt35
    23: (0.8000, None, 0.9000),  # price-of-progress-2025
    24: (-17.0000, None, -2.0000),  # price-of-progress-frontier-rise-2026
    25: (None, 0.9000, None),  # altman-three-observations-2025
    26: (0.9701, 0.9847, 0.9931),  # lesswrong-coding-2025
    27: (None, 0.9974, None),  # arc-prize-390x-2025
    28: (None, 0.7800, None),  # gemini-serving-cost-2025
    29: (None, 0.9697, None),  # google-prompt-energy-2025
    30: (0.3690, None, None),  # gartner-2030-forecast
    31: (None, 0.5180, None),  # zhu-quality-adjusted-2026
    32: (None, 0.0950, None),  # zhu-matched-models-2026
    33: (None, 0.5656, None),  # ipw-local-2025
    34: (None, 0.9000, None),  # ark-resnet-2020
    35: (None, 0.7000, None),  # ark-gpt3-2023
    36: (None, 0.7500, None),  # ark-2024-forecast
    37: (None, 0.7412, None),  # ai-index-2022-imagenet
    38: (None, 0.5990, None),  # karpathy-gpt2-2026
    39: (None, 0.7500, None),  # amodei-4x-2025
    40: (0.5355, None, 0.6168),  # mlperf-training-2021
    41: (-1.9000, -1.4000, -1.0000),  # cottier-frontier-cost-2024
    42: (None, -3.0000, None),  # sevilla-three-eras-2022
    43: (None, -10.5467, None),  # openai-ai-and-compute-2018
    44: (0.4480, 0.6464, 0.8105),  # ho-algorithmic-lm-2024
    45: (None, 0.4054, None),  # hernandez-brown-2020
    46: (0.2830, 0.6031, 0.8750),  # erdil-besiroglu-2022
    47: (None, 0.6667, None),  # price-of-progress-algorithms-2025
    48: (0.3421, 0.5524, 0.5971),  # gundlach-origin-2025
    49: (0.9375, None, 0.9833),  # scher-catchup-2025
    50: (None, 0.9071, None),  # densing-law-2025
    51: (0.2094, 0.2456, 0.2846),  # hobbhahn-gpu-2022
    52: (0.2310, 0.3000, None),  # epoch-ml-hardware-2024
    53: (0.2857, 0.2857, 0.3333),  # ai-index-2025-energy
    54: (None, -1.1604, None),  # h100-rental-rise-2026
    55: (None, 0.2402, None),  # google-tpu-cci-2025
    56: (0.2500, None, 0.4500),  # nordhaus-2007
    57: (0.3620, 0.3930, 0.4400),  # farmer-lafond-chips-2016
    58: (0.1342, None, 0.2057),  # ai-impacts-2017
}


def study(kb: KnowledgeBase, number: int) -> StudyRecord:
    """One of the published estimates."""
    found = kb.study(number)
    assert found
    return found


def _rated(answer: Answer, kb: KnowledgeBase) -> list[tuple[int, float]]:
    """The studies of an answer with the middle of their rates a year, where they have one."""
    found = ((n, annual_rate(s)) for n in answer.studies if (s := kb.study(n)))
    return [(n, rate.middle) for n, rate in found if rate]


def words(answer: Answer) -> str:
    """An answer as it is read, without its tables."""
    blocks = [b for b in (*answer.blocks, answer.source) if b and not isinstance(b, Table)]
    parts = [part for b in blocks for part in getattr(b, "parts", (getattr(b, "text", ""),))]
    said = [part.text if isinstance(part, Link) else part for part in parts]
    return "\n".join([answer.headline, *said])


# ----------------------------------------------------------------------------- the data


def test_they_are_a_collection_of_their_own(kb: KnowledgeBase) -> None:
    """41 estimates go on from the post's 17, and no number stands for two studies."""
    everything = kb.studies(collection=None)
    assert [s.number for s in everything] == list(range(1, 59))
    assert [s.number for s in kb.studies()] == list(range(1, 18))
    assert [s.number for s in kb.studies(collection="published")] == list(NUMBERS)
    assert {s.group for s in everything} == {None, *GROUPS}
    assert {s.workload for s in everything} == {"inference", "training", "algorithms", "hardware"}
    quoted = {s.number for s in everything if s.publication and s.publication.second_hand}
    assert quoted == SECOND_HAND


@pytest.mark.parametrize("number", ANNUAL)
def test_rates_are_computed_from_the_claims_own_form(number: int, kb: KnowledgeBase) -> None:
    """Every annual figure comes out of the claim again, rises below zero, ends in order."""
    (claim,) = study(kb, number).estimates
    rate = annualise(claim)
    assert rate
    low, central, high = ANNUAL[number]
    alone = central if low is None and high is None else None
    wanted = [(rate.low, low if alone is None else alone), (rate.middle, central)]
    for found, expected in [*wanted, (rate.high, high if alone is None else alone)]:
        if expected is not None:
            assert round(found, 4) == pytest.approx(expected, abs=5e-5)
    assert (rate.high < 0) == (number in RISES) == (claim.direction == "rise")


# ----------------------------------------------------------------------------- one estimate


@pytest.mark.parametrize("number", NUMBERS)
def test_a_summary_says_what_is_measured_and_by_whom(number: int, kb: KnowledgeBase) -> None:
    """What is measured, over which period, the claim, who says so, and how sure that is."""
    asked, answer = study(kb, number), Study(study=number).answer(kb)
    said, (claim,) = words(answer), asked.estimates
    assert asked.publication
    assert asked.group
    assert answer.headline == f"{number}. {asked.title}"
    assert "Published estimate" in said
    assert asked.group in said
    assert f"Measured: {claim.measures}" in said
    assert (claim.period_end or "no period is named")[:4] in said
    assert f"Confidence: {asked.publication.confidence}" in said
    assert ("second-hand" in said) == (number in SECOND_HAND)
    assert str(asked.year) in said
    assert ("dearer a year" in said or "more a year" in said) == (number in RISES)
    assert answer.source
    assert [p.url for p in answer.source.parts if isinstance(p, Link)] == [asked.publication.url]
    assert not re.search(r"-\d+(?:\.\d+)?%", said.partition("Measured")[2].partition("\n")[2][:80])


@pytest.mark.parametrize(
    ("number", "claim"),
    [
        (18, "Claim: 50× cheaper a year (9–900×), which is 98% a year (88.9–99.9%)."),
        (35, "Claim: 70% cheaper a year."),
        (52, "Claim: 30% cheaper a year (23.1–30%)."),
        (30, "Claim: over 90% cheaper from 2025 to 2030, which is at least 36.9% a year."),
        (41, "Claim: 2.4× dearer a year (2–2.9×)."),
        (42, "Claim: doubling every 6 months, which is 4× more a year."),
        (44, "Claim: halving every 8 months (5–14), which is 64.6% a year (44.8–81.1%)."),
        (54, "Claim: 1.382× dearer from October 2025 to March 2026, which is 2.16× dearer a year."),
        (55, "Claim: 3× over 4 years, which is 24% a year."),
    ],
)
def test_a_claim_keeps_its_own_form(number: int, claim: str, kb: KnowledgeBase) -> None:
    """The claim stands in its source's form, a rise as a rise, a bound as a bound."""
    assert claim in words(Study(study=number).answer(kb))


@pytest.mark.parametrize("number", NUMBERS)
def test_its_reference_is_of_the_work_itself(number: int, kb: KnowledgeBase) -> None:
    """One well-formed entry, with the link, and authors as BibTeX has them."""
    asked = study(kb, number)
    assert asked.publication
    answer = Cite(study=number).answer(kb)
    (entry,) = codes(answer)
    read = fields(entry)
    assert read["year"] == str(asked.year)
    assert "et al" not in entry
    assert asked.publication.url in entry or "doi" in read
    assert ("only seen quoted" in read.get("note", "")) == (number in SECOND_HAND)
    assert "the work itself" in answer.headline


def test_estimates_of_one_work_share_its_reference(kb: KnowledgeBase) -> None:
    """Two figures from one page are one entry; another work never has its key."""
    entries = {n: codes(Cite(study=n).answer(kb))[0] for n in NUMBERS}
    assert entries[18] == entries[19]
    titles: dict[str, str] = {}
    for entry in entries.values():
        key = entry[: entry.index(",")]
        assert titles.setdefault(key, fields(entry)["title"]) == fields(entry)["title"]


@pytest.mark.parametrize("number", [22, 41, 54])
def test_a_receipt_has_the_words_and_where_they_were_seen(
    number: int, talk: Conversation, kb: KnowledgeBase
) -> None:
    """Why? shows the quote, where it was seen, and the formula with the numbers in it."""
    said = shown(say(talk, f"/why study {number}"))
    (claim,) = study(kb, number).estimates
    assert claim.seen_at
    assert claim.seen_at.split()[0] in said
    assert claim.quote[:30] in said
    assert "1 − " in said


# ----------------------------------------------------------------------------- finding them


@pytest.mark.parametrize("number", NUMBERS)
def test_any_is_found_by_its_title(number: int, talk: Conversation, kb: KnowledgeBase) -> None:
    """Title searches find both collections; a title that two share leads to the post's."""
    title = study(kb, number).title
    found = command(say(talk, f"tell me about {title}"))
    also = {43: {"/study 13"}, 19: {"/study 18"}, 32: {"/study 31"}, 47: {"/study 23"}}
    assert found in {f"/study {number}", *also.get(number, set())}


def test_any_is_found_by_its_authors(talk: Conversation, kb: KnowledgeBase) -> None:
    """Whoever is named can be asked for, by name."""
    for one in kb.studies(collection="published"):
        for name in one.authors:
            asked = talk.turn(f"studies by {bare(name)}", NOW.date()).question
            assert isinstance(asked, Studies), name
            assert one.number in asked.answer(kb).studies or len(asked.found(kb)) > 10, name


@pytest.mark.parametrize(
    ("message", "numbers"),
    [
        ("/studies hardware price-performance", [51, 52, 56, 57, 58]),
        ("/studies price index", [31, 32]),
        ("/studies second hand", sorted(SECOND_HAND)),
        ("/studies period 2007", [51, 56]),
        ("/studies period 2026", [31, 32, 38, 54, 36, 30]),
        ("/studies published moores-law", [34, 40]),
        ("/studies by Google", [28, 29, 55]),
        ("/studies Epoch AI", [18, 19, 51, 52]),
        ("/studies post moores-law", [6]),
    ],
)
def test_filters(message: str, numbers: list[int], talk: Conversation, kb: KnowledgeBase) -> None:
    """By collection, measure, period, author and venue, nothing else slips in."""
    asked = say(talk, message).question
    assert isinstance(asked, Studies)
    assert [s.number for s in asked.found(kb)] == sorted(numbers)


async def test_the_posts_studies_come_first_then_one_line(chat: ChatDriver) -> None:
    """An unqualified question shows the post's studies and, in a line, what others find."""
    said = await chat("studies on hardware")
    assert said.startswith("9 studies on hardware")
    (line,) = [line for line in said.splitlines() if "published estimates on this" in line]
    assert line == (
        "21 published estimates on this; 5 of them measure hardware price-performance:"
        " 13.4–45% a year."
    )
    assert "51." not in said
    others = await chat.press("Published estimates (21)")
    assert others.startswith("21 published estimates on hardware")
    assert "2. The Hardware Lottery" not in others
    assert "published estimate" not in await chat("the post's studies on hardware")


def test_where_the_post_has_none_that_is_said(talk: Conversation) -> None:
    """Published estimates answer alone what the post says nothing of, and it is told so."""
    said = shown(say(talk, "what does epoch say"))
    assert "4 published estimates from Epoch AI" in said
    assert "the post cites none" in said


# ----------------------------------------------------------------------------- comparing them


def test_everything_stands_on_one_scale(talk: Conversation, kb: KnowledgeBase) -> None:
    """Headline, table, the post's studies, and every estimate by measure, in one message."""
    turn = say(talk, "compare all")
    assert command(turn) == "/compare all"
    (text,) = turn.reply.texts
    assert units(text) <= MAX_TEXT
    for part in ("Its headline", "Its table", "Its inference studies", "Its training studies"):
        assert part in text
    for group in GROUPS:
        assert group[0].upper() + group[1:] in text
    for number in NUMBERS:
        assert re.search(rf"^{number} |>{number} |\n{number} ", text), number
    assert "not comparable" in text
    assert "2.4× dearer" in text
    assert "rises" in text


@pytest.mark.parametrize(
    "message", ["/compare all", "/compare published", "/compare hardware", "/compare all training"]
)
def test_groups_are_never_averaged(message: str, talk: Conversation, kb: KnowledgeBase) -> None:
    """Across groups there is no middle, in words, figures or picture; a row has its own marks."""
    asked = say(talk, message).question
    assert isinstance(asked, Compare)
    answer = asked.answer(kb)
    assert "median" not in words(answer)
    assert {f.name.rpartition(".")[2] for f in answer.figures} == {"low", "high"}
    chart = picture(asked, kb)
    assert isinstance(chart, Ranges)
    assert chart.factors
    drawn = [s for s in asked.sections(kb) if s.name != ITSELF]
    for claim, section in zip(chart.claims, drawn, strict=True):
        assert claim.label == section.title
        assert len(claim.marks) == len(section.rates)
        assert section.name != "Its training studies" or "(6 of 10)" in claim.label
    rows = [row for row in chart.rows() if row[0] != "reference"]
    assert all(row[4] is None for row in rows if row[0] == "claim")
    marks = {str(row[1]).split()[0]: row[4] for row in rows if row[0] == "mark"}
    assert all(marks[str(number)] == middle for number, middle in _rated(answer, kb))


@pytest.mark.parametrize("message", ["/chart compare all", "/chart compare published"])
def test_the_caption_has_every_group(message: str, talk: Conversation) -> None:
    """Under the picture the same ranges stand as text, within Telegram's limit."""
    reply = say(talk, message).reply
    assert reply.picture
    assert units(reply.picture.caption) <= MAX_CAPTION
    for group in GROUPS:
        assert group[0].upper() + group[1:] in reply.picture.caption


def test_the_markets_own_rates_stand_beside(talk: Conversation, kb: KnowledgeBase) -> None:
    """Levels of each benchmark, as /capability has them, and lately; with their workings."""
    asked = say(talk, "/compare all").question
    assert isinstance(asked, Compare)
    rates = {
        (section.title, entry.name.split()[0]): entry.rate.middle
        for section in asked.sections(kb)
        if section.part == MARKET
        for entry in section.entries
        if entry.rate
    }
    levels = kb.market.levels()
    whole = {level.id: kb.market.fall(level).whole.annual for level in levels}
    ever = {name: rate for (section, name), rate in rates.items() if "since" not in section}
    lately = {name: rate for (section, name), rate in rates.items() if "since" in section}
    assert ever == whole
    assert lately == {
        level.id: kb.market.fall(level).since(LATELY).annual
        for level in levels
        if kb.market.fall(level).whole.start.day < LATELY
    }
    assert all(lately[name] < ever[name] for name in lately)  # that it slowed is to be seen
    for benchmark, name in rates:
        assert (level := kb.market.level(name)).benchmark.startswith(benchmark.split()[0])
        assert f"{name} ({level.threshold:g})" in shown(say(talk, "/compare all"))
    assert "the cheapest list price" in shown(say(talk, "/compare all inference"))
    assert "list price" not in shown(say(talk, "/compare all training"))
    why = shown(say(talk, "/why compare all"))
    assert why.count("MMLU levels") == sum(2 for x in levels if x.benchmark == "MMLU")


def test_a_group_is_compared_within_itself(kb: KnowledgeBase) -> None:
    """One measure has a range, its estimates one by one, and no yardstick of the post."""
    answer = Compare(group="hardware price-performance").answer(kb)
    assert answer.headline == "Hardware price-performance: 5 published estimates, 13.4–45% a year"
    assert answer.studies == (57, 56, 52, 51, 58)
    assert "headline" not in words(answer)


def test_claims_of_both_collections_are_told_apart(talk: Conversation, kb: KnowledgeBase) -> None:
    """Compared by number they stand side by side without a median, each with what it is."""
    turn = say(talk, "compare 5 and 18")
    assert command(turn) == "/compare studies 5,18"
    said = shown(turn)
    assert "median" not in said
    assert "not found" in said
    assert "Epoch AI, March 2025; price at fixed capability" in said
    assert "not comparable" in said


def test_the_scale_of_factors(kb: KnowledgeBase) -> None:
    """Ten times cheaper and ten times dearer lie as far from no change, to either side."""
    chart = picture(Compare(scope="all"), kb)
    assert isinstance(chart, Ranges)
    assert chart.place(0.9) == pytest.approx(-chart.place(-9.0))
    assert chart.place(0.0) == 0
    assert chart.place(0.99) == pytest.approx(2 * chart.place(0.9))


# ----------------------------------------------------------------------------- commands


@pytest.mark.parametrize(
    "message",
    [
        *("how much does a gpu hour cost", "price of renting an h100", "hourly rate for an a100"),
        *("what does an h100 cost per hour", "how expensive is an hour of gpu time"),
        *("price of an H100 on AWS per hour", "h100 rent per hour"),
        *("how much to rent a gpu", "what's the going rate for a gpu hour", "h100 hourly price"),
    ],
)
def test_what_hardware_rents_for_is_no_inference(message: str, talk: Conversation) -> None:
    """It leads to what was measured of that, not to the post's table; it says of what and when."""
    turn = say(talk, message)
    assert command(turn) == "/studies hardware rental"
    assert "Measured: one-year contract rental price of an H100 GPU per hour" in shown(turn)
    assert "$2.35 an hour (March 2026)" in shown(turn)


@pytest.mark.parametrize(
    "message", ["how many gpu hours does training take", "gpu hours", "tokens per gpu hour"]
)
def test_an_hour_is_no_price(message: str, talk: Conversation) -> None:
    """A GPU's hours are a unit, too: only what one costs is asked of hardware rental."""
    assert "hardware rental" not in command(say(talk, message))


@pytest.mark.parametrize(
    ("message", "spelled"),
    [
        ("published estimates for inference", "/studies published inference"),
        ("the literature on energy", "/studies published carbon"),
        ("the post's studies on pruning", "/studies post pruning"),
        ("estimates for 2022 to 2024", "/studies period 2022-2024"),
        ("/studies published price index", "/studies price index"),
        ("/studies published by Sam Altman", "/studies by Sam Altman"),
        ("/compare published hardware", "/compare hardware"),
        ("/compare post", "/compare"),
        ("/compare published hardware rental", "/compare hardware rental"),
        ("the published literature versus the post's studies", "/compare all"),
    ],
)
def test_one_spelling(message: str, spelled: str, talk: Conversation) -> None:
    """However it is asked there is one command, and what goes without saying is left out."""
    assert command(say(talk, message)) == spelled
    assert command(say(talk, spelled)) == spelled
    assert len(spelled.encode()) <= MAX_COMMAND_BYTES


@pytest.mark.parametrize(
    "message",
    ["what did google make in 2023", "openai revenue", "rounding the bill down", "hi farmer"],
)
def test_a_name_alone_is_no_question(message: str, talk: Conversation) -> None:
    """Companies and words like names are asked for only where they are said to have said."""
    assert "/studies by" not in command(say(talk, message))


def test_every_summary_is_one_message(kb: KnowledgeBase) -> None:
    """However long a summary of ours is, it fits."""
    for number in NUMBERS:
        assert len(render([Told(Study(study=number).answer(kb))], None).texts) == 1
