"""List prices: which model, day and seller is meant, and what is said of them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import links
from bot.changes import changes, figures
from bot.charts.model import Curve
from bot.conversation import Conversation
from bot.offers import Offers
from bot.pictures import picture
from bot.questions.base import MAX_COMMAND_BYTES
from bot.questions.price import Price
from bot.questions.settle import settle
from bot.receipts import receipt
from bot.render import MAX_DATA_BYTES, Told, render
from bot.values import Day, Models, Named
from knowledge.base import KnowledgeBase
from knowledge.build import DATA, build_memory
from knowledge.market.load import load
from tests.conftest import NOW
from tests.talk import TODAY, command, say, shown

if TYPE_CHECKING:
    from bot.answer import Answer
    from tests.conftest import Asker, ChatDriver

MARKET = load(DATA)
MODELS = st.sampled_from([model.id for model in MARKET.models])
DAYS = st.one_of(
    st.builds(Day, st.integers(2018, 2027)),
    st.builds(Day, st.integers(2018, 2027), st.integers(1, 12)),
    st.dates(date(2018, 1, 1), date(2027, 12, 31)).map(lambda d: Day(d.year, d.month, d.day)),
)


def price(*ids: str, on: Day | None = None) -> Price:
    """The question for models that are sure."""
    return Price(what=Models(tuple(Named.of(id, id) for id in ids)), on=on)  # noqa: A001  # as in the data


def words(answer: Answer) -> str:
    """All that is said."""
    return re.sub(r"<[^>]+>", "", "\n".join(render([Told(answer)], None).texts))


# --------------------------------------------------------------------------- one model


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("what did gpt-4 cost in 2023?", "GPT-4 in 2023: $30 in, $60 out per million tokens"),
        ("gpt4o price", "GPT-4o: $2.50 in, $10 out per million tokens"),
        ("how much is o3", "o3: $2 in, $8 out per million tokens"),
        (
            "o3 price on 9 june 2025",
            "o3 on 9 June 2025: $10 in, $40 out per million tokens",
        ),
        (
            "claude 2 in oct 2023",
            "Claude 2 in October 2023: $11.02 in, $32.68 out per million tokens",
        ),
        ("gpt-4o 2024", "GPT-4o at the end of 2024: $2.50 in, $10 out per million tokens"),
        (
            "llama 3.1 8b on groq in jan 2025",
            "Llama 3.1 8B Instruct at Groq in January 2025: $0.05 in, $0.08 out per million tokens",
        ),
    ],
)
def test_the_price_then_and_there(text: str, headline: str, ask: Asker) -> None:
    """Input and output as listed, for the day, month or year, at the maker or the host asked."""
    assert ask(text).headline == headline


def test_all_of_an_answer(ask: Asker) -> None:
    """Blend, what it was before, who shows the price, as of when, and that it is no cost."""
    answer = ask("/price gpt-4o")
    said = words(answer)
    assert "Blended, three parts input to one output: $4.375." in said
    assert "before that $5 in, $15 out" in said
    assert "tokencost@6578d42 (2024-09-06), also in genai-prices, litellm" in said
    assert "list prices as of 22 November 2026" in said
    assert "A list price is not a cost" in said
    assert answer.figure("blended.2024-08-06") == 4.375


def test_a_start_that_is_not_exact_says_so(ask: Asker) -> None:
    """Where a snapshot first showed a price, the change may have come earlier."""
    assert "first seen on 1 October 2025" in words(ask("/price qwen-max"))
    assert "first seen" not in words(ask("/price gpt-4"))


def test_what_was_not_sold_yet_or_any_more_says_so(ask: Asker) -> None:
    """The nearest price is given with its days, and never taken for the one asked."""
    early = ask("gpt-4 price in 2021")
    assert "was not out yet in 2021" in early.headline
    assert "14 March 2023" in early.headline
    late = ask("/price claude-2 2026-06")
    assert "was not sold any more in June 2026" in late.headline
    assert "retired from 23 October 2026 on" in words(ask("/price gpt-4"))
    assert "replaced by Jamba 1.6" in words(ask("/price jamba-1.5-mini"))


def test_list_prices_are_not_projected(ask: Asker) -> None:
    """A future day gets no price, but what can be asked instead."""
    for text in ("gpt-4o in 2030", "/price cheapest 2031", "/price gpt-4o vs o3 2029"):
        answer = ask(text)
        assert answer.headline == "List prices are not projected"
        assert answer.outcome == "refused"
        assert not answer.figures
        assert "$" not in words(answer)
        assert answer.choices


def test_a_host_that_never_sold_it(ask: Asker) -> None:
    """It says who did, and gives no other's price for that host's."""
    answer = ask("/price gpt-4o at groq")
    assert answer.outcome == "refused"
    assert "Listed at OpenAI." in words(answer)


def test_prices_over_time(ask: Asker) -> None:
    """Every period with its first day, and how far it fell."""
    said = words(ask("gpt-3.5-turbo price over time"))
    assert "$2 to $0.75 blended per million tokens, 2.67× cheaper" in said
    assert re.findall(r"^(\d{4}-\d\d-\d\d)", said, re.M) == [
        "2023-03-01", "2023-06-13", "2023-11-06", "2024-01-25",
    ]  # fmt: skip


@given(model=MODELS, on=st.none() | DAYS)
def test_any_model_on_any_day(kb: KnowledgeBase, model: str, on: Day | None) -> None:
    """There is an answer, and every price in it is a row of the data for that model."""
    answer = settle(price(model, on=on), kb).answer(kb)
    rows = {v for p in kb.market.periods(model) for v in (p.input, p.output, p.blended)}
    assert {figure.value for figure in answer.figures} <= rows
    assert answer.outcome == "refused" or answer.figures
    assert len(answer.headline) <= 200
    assert "as of 22 November 2026" in words(answer)


# ------------------------------------------------------------------------ several, the cheapest


def test_models_beside_each_other(ask: Asker) -> None:
    """By their blends, the cheapest first; what was not sold then is marked."""
    answer = ask("gpt-4o vs claude 3.5 sonnet in 2025-03")
    assert answer.headline == (
        "GPT-4o $4.375, Claude 3.5 Sonnet $6 blended per million tokens in March 2025: 1.37× apart"
    )
    assert answer.figure("blended.claude-3.5-sonnet") == 6
    later = words(ask("/price gpt-4o vs claude-3.5-sonnet"))
    assert "* Claude 3.5 Sonnet: not sold then; its price until 28 October 2025." in later


def test_the_cheapest(ask: Asker, kb: KnowledgeBase) -> None:
    """It is the market's own cheapest, of a day and of a provider; no offer is below it."""
    answer = ask("cheapest model in 2024")
    (best,) = kb.market.cheapest(date(2024, 12, 31))
    assert answer.headline.endswith(
        f"{best.name} at Mistral, $0.04 in, $0.04 out per million tokens"
    )
    assert "At GPT-4 level (MMLU at least 86): DeepSeek V3 at DeepSeek, $0.175" in words(answer)
    assert "at Groq" in ask("cheapest at groq").headline
    dearest = ask("most expensive model").figures[2].value
    assert dearest == max(o.blended for o in kb.market.cheapest(kb.market.as_of, limit=9999))


def test_all_models_of_a_year(ask: Asker) -> None:
    """'Per token' without a model is the market's, and says that it depends on the model."""
    said = words(ask("cost per million tokens in 2023"))
    assert "At GPT-4 level (MMLU at least 86): GPT-4 Turbo" not in said
    assert "$37.50 blended" in said
    assert "The price depends on the model" in said


# --------------------------------------------------------------------------- which model


async def test_an_unsure_name_is_asked_for(chat: ChatDriver) -> None:
    """'Which one?' with the few that it may be; a press and a typed name both answer it."""
    assert "Which one?" in await chat("llama 70b on groq")
    assert len(chat.buttons) == 4
    assert "Llama 3.3 70B Instruct at Groq" in await chat.press("Llama 3.3 70B Instruct")
    assert "Which one?" in await chat("deepseek price in march 2025")
    assert "DeepSeek R1 in March 2025" in await chat("r1")


async def test_only_what_was_sold_then_is_offered(chat: ChatDriver) -> None:
    """Of a family the models of the day, so that nobody chooses what did not exist."""
    await chat("how much was claude in 2023?")
    offered = [label for label in chat.buttons if label.startswith("Claude")]
    first = {model.name: model.first_priced for model in MARKET.models}
    assert len(offered) == 4
    assert all(first[name].year <= 2023 for name in offered)


async def test_follow_ups(chat: ChatDriver) -> None:
    """Another year, another model, one beside it, another host, and over time."""
    assert "GPT-4o: $2.50 in" in await chat("gpt4o price")
    assert "GPT-4o at the end of 2024" in await chat("and in 2024?")
    assert "Which one?" in await chat("what about sonnet")
    assert "Claude 3.5 Sonnet in 2024" in await chat("3.5 sonnet")
    assert "DeepSeek V3 $0.175, Claude 3.5 Sonnet $6" in await chat("vs deepseek v3")
    await chat("gpt-3.5-turbo price")
    assert "2.67× cheaper" in await chat("over time?")
    await chat("llama 3.3 70b price")
    assert "at Groq" in await chat("on groq?")


async def test_pictures_files_and_receipts_are_a_press_away(chat: ChatDriver) -> None:
    """As for every other answer with figures."""
    await chat("gpt-4o price")
    assert {"Over time", "GPT-4o mini", "Chart", "Why?"} <= set(chat.buttons)
    await chat.press("Chart")
    assert chat.last["photo"]
    assert "CSV" in chat.buttons
    await chat("/why price gpt-4o")
    assert "(3 × 2.5 + 10)/4 = $4.375" in chat.last["text"]
    assert "Which one?" in await chat("/chart price llama 70b")
    assert all(data.startswith("/chart price ") for data in chat.buttons.values())


def test_other_questions_on_models_get_no_price(talk: Conversation) -> None:
    """Who is smarter, a subscription, a company: nothing is made up, and prices are offered."""
    turn = say(talk, "gpt-4 vs claude which is smarter")
    assert "$" not in shown(turn)
    assert any(b.command.startswith("/price gpt-4") for row in turn.reply.buttons for b in row)
    for text in ("how much is chatgpt plus a month", "how much does openai make"):
        assert "$" not in shown(say(talk, text)).split("Source")[0]


def test_typed_in_another_chat(talk: Conversation) -> None:
    """An inline query offers the price; of an unsure name each model that it may be."""
    (offer, *_) = Offers(talk).offered("gpt4o price", TODAY, "costcurve_bot")
    assert offer.command == "/price gpt-4o"
    assert "$2.50 in, $10 out" in offer.reply.texts[0]
    offers = Offers(talk).offered("llama 70b on groq", TODAY, "costcurve_bot")
    assert len(offers) == 4
    assert all(o.command.endswith("at groq") for o in offers)


# --------------------------------------------------------------------------- one spelling


@given(model=MODELS, on=st.none() | DAYS)
def test_any_model_has_a_link(talk: Conversation, model: str, on: Day | None) -> None:
    """A model's price on any day fits a permalink, and the link asks the same."""
    asked = price(model, on=on)
    assert len(asked.as_command().encode()) <= MAX_COMMAND_BYTES
    link = links.permalink("costcurve_bot", asked.as_command())
    assert link is not None
    assert talk.turn(f"/start {link.partition('start=')[2]}", TODAY).question == asked


@given(models=st.lists(MODELS, min_size=2, max_size=2, unique=True))
def test_any_two_models_fit_a_button(talk: Conversation, models: list[str]) -> None:
    """Long names are written in fewer letters; they are read as the same models."""
    asked = price(*models)
    assert len(f"/chart {asked.as_command()}".encode()) <= MAX_DATA_BYTES
    assert talk.turn(asked.as_command(), TODAY).question == asked


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("gpt-4o price march 2025", "/price gpt-4o 2025-03"),
        ("gpt-4o price on 6 August 2024", "/price gpt-4o 2024-08-06"),
        ("gpt-4o price Aug 6, 2024", "/price gpt-4o 2024-08-06"),
        ("gpt-4o price 2024/08/06", "/price gpt-4o 2024-08-06"),
        ("gpt-4o price sept '25", "/price gpt-4o 2025-09"),
        ("gpt-4o price 31 june 2025", "/price gpt-4o 2025"),
        ("gpt-4o price last year", "/price gpt-4o 2025"),
        ("gpt-4o at openai", "/price gpt-4o"),
        ("/price sonet 4.5", "/price claude-sonnet-4.5"),
        ("/price ada vs gpt-4", "/price ada vs gpt-4"),
        ("how much is chatgtp 4", "/price gpt-4"),
    ],
)
def test_days_and_names_as_people_say_them(text: str, spelled: str, talk: Conversation) -> None:
    """They come to one spelling."""
    assert command(say(talk, text)) == spelled


# --------------------------------------------------------------------------- views


def test_a_picture_has_the_prices_by_their_days(kb: KnowledgeBase) -> None:
    """Each price holds from its first day to the next one's; the last to its end or to now."""
    chart = picture(price("gpt-4o"), kb)
    assert isinstance(chart, Curve)
    assert [line.name for line in chart.lines] == ["3:1 blend", "Input", "Output"]
    assert chart.lines[1].style == "steps"
    years = [2024 + 133 / 366, 2024 + 218 / 366, 2026 + 325 / 365]
    assert [amount for _, amount in chart.lines[1].points] == [5, 2.5, 2.5]
    assert [year for year, _ in chart.lines[1].points] == pytest.approx(years, abs=1e-4)
    assert "2024.5956,2.5" in chart.csv()


@given(models=st.lists(MODELS, min_size=1, max_size=4, unique=True))
def test_any_models_are_drawn_and_explained(kb: KnowledgeBase, models: list[str]) -> None:
    """A picture with a line for each, or three for one, and a receipt with a formula for each."""
    asked = price(*models)
    chart = picture(asked, kb)
    assert isinstance(chart, Curve)
    assert len(chart.lines) == len(models) or (len(models) == 1 and len(chart.lines) == 3)
    formulas = re.findall(r"= \(3 × (.+) \+ (.+)\)/4 = \$(\S+)", words(receipt(asked, kb)))
    assert len(formulas) == len(models)
    for cost_in, cost_out, blend in formulas:
        low, high, said = (float(n.replace(",", "")) for n in (cost_in, cost_out, blend))
        assert said == pytest.approx((3 * low + high) / 4)


# ------------------------------------------------------------------------ beside the post


def test_the_market_beside_the_post(ask: Asker) -> None:
    """A year's cost is the post's; one detail gives the market's figure, called another measure."""
    answer = ask("/cost 2023")
    assert answer.headline == "2023: $0.08 per inference"
    (line,) = (b for b in answer.blocks if "market" in str(b))
    assert "$37.50 per million tokens at GPT-4 level at the end of 2023" in str(line)
    assert "another measure" in str(line)
    assert line.detail
    assert "market" not in words(ask("/cost 2019"))


def test_which_series_there_are(ask: Asker) -> None:
    """Three, with how much is in each, as of when, and an example of each to press."""
    answer = ask("/series")
    said = words(answer)
    assert f"{len(MARKET.prices)} price periods of {len(MARKET.models)} models" in said
    assert f"{len(MARKET.providers)} providers" in said
    assert "as of 22 November 2026" in said
    assert "2018 to 2025, 8 rows" in said
    assert {c.command for c in answer.choices} >= {"/cost 2023", "/price gpt-4o"}


def test_a_changed_price_is_told_once_a_model(kb: KnowledgeBase) -> None:
    """Subscribers hear of a model once, however many hosts moved, and of nothing else."""
    connection = build_memory()
    connection.execute(
        "UPDATE prices SET input = 9, blended = 9 WHERE model = 'llama-3.3-70b-instruct'"
        " AND valid_to IS NULL"
    )
    before, after = figures(kb), figures(KnowledgeBase(connection))
    assert changes(before, after) == ("/price llama-3.3-70b-instruct",)
    assert "$9 in" in after["/price llama-3.3-70b-instruct"].said
    assert sum(command.startswith("/price") for command in before) <= len(MARKET.models)


# --------------------------------------------------------------------------- speed


def test_ordinary_questions_read_nothing_of_the_market() -> None:
    """What names no model is understood without the market's names, and without its code."""
    connection = build_memory()
    read: list[str] = []
    connection.set_trace_callback(read.append)
    talk = Conversation(KnowledgeBase(connection))
    for text in ("cost 2023", "what did it cost in 2021?", "how much cheaper since 2020"):
        talk.plausible(talk.context(text, NOW.date()))
    assert not [query for query in read if re.search(r"models|prices|families|providers", query)]


def test_ordinary_questions_are_read_fast(talk: Conversation) -> None:
    """Half of the messages that name no model are understood in less than three milliseconds.

    They take half of one; the rest is for a busy machine.
    """
    texts = ["cost 2023", "what did it cost in 2021?", "when below $0.001", "anything on pruning?"]
    times = []
    for text in texts * 25:
        start = perf_counter()
        talk.plausible(talk.context(text, TODAY))
        times.append(perf_counter() - start)
    assert median(times) < 0.003


def test_prices_are_answered_without_what_draws() -> None:
    """An answer of prices loads neither pandas nor numpy, nor what draws."""
    code = (
        "import sys; from bot.conversation import Conversation;"
        "from knowledge.base import KnowledgeBase; from knowledge.build import build_memory;"
        "import datetime; kb = KnowledgeBase(build_memory());"
        "had = set(sys.modules);"
        "Conversation(kb).turn('gpt-4o price', datetime.date(2026, 11, 22));"
        "print(sorted(m for m in set(sys.modules) - had if m in ('pandas', 'numpy', 'PIL')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert done.stdout.strip() == "[]"
