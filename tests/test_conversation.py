"""Whole conversations: what one turn leaves for the next, and what to do with what is unclear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.choices import Choices
from bot.conversation import Conversation
from bot.menu import COMMANDS
from bot.questions import QUESTIONS
from bot.questions.base import Question, Unfinished
from tests.talk import command, say, shown

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("/cost 2021", "and in 2022?", "/cost 2022"),
        ("/cost 2021", "2019", "/cost 2019"),
        ("what did it cost in 2021?", "what about 2023", "/cost 2023"),
        ("/cost 2021", "how about 2020 to 2022?", "/cost 2020-2022"),
        ("/cost 2021", "and for a million calls?", "/cost 2021 1000000 calls"),
        ("1M calls in 2024", "and in 2020", "/cost 2020 1000000 calls"),
        ("/cost 2023", "and in 2030?", "/project 2030"),
        ("/project 2030", "and in 2023?", "/cost 2023"),
        ("/project 2030", "with the headline rate", "/project 2030 headline"),
        ("/project 2030 headline", "and 2035?", "/project 2035 headline"),
        ("/project 2030 headline", "level 95", "/project 2030 level 95"),
        ("/project 2030 level 95", "what about 25% a year?", "/project 2030 25%"),
        ("/project 2030", "using study 5", "/project 2030 study 5"),
        ("/when $0.001", "and $0.0001?", "/when $0.0001"),
        ("/when $0.001", "what about at 30%?", "/when $0.001 30%"),
        ("/budget $100 2021", "and in 2023?", "/budget $100 2023"),
        ("/budget $100 2021", "what about $5?", "/budget $5 2021"),
        ("/decline 2021", "and 2023?", "/decline 2023"),
        ("/studies pruning", "and on quantization?", "/studies quantization"),
        ("/study 5", "and study 6?", "/study 6"),
        ("/compare inference", "and training?", "/compare training"),
        ("/halving", "and at 20%?", "/halving 20%"),
    ],
)
def test_follow_ups(first: str, then: str, wanted: str, talk: Conversation) -> None:
    """A text that opens like one, or a bare value, is the last question with other values."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("/project 2030 headline", "what did it cost in 2021?", "/cost 2021"),
        ("/cost 2021", "how much did it fall in 2023?", "/decline 2023"),
        ("/decline 2021", "/cost", "/cost"),
        ("/budget $100 2021", "/when $0.001", "/when $0.001"),
        ("/studies pruning", "tell me about study 12", "/study 12"),
        ("/cost 2021 1000 calls", "cost in 2022", "/cost 2022"),
        ("/study 3", "hello", "/start"),
        ("/cost 2021", "/help", "/help"),
    ],
)
def test_a_whole_question_starts_anew(
    first: str, then: str, wanted: str, talk: Conversation
) -> None:
    """A message that is a question by itself takes nothing from the one before."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("/price gpt-4 2023", "cheapest model", "/price cheapest"),
        ("/price gpt-4 2023", "which model is cheapest", "/price cheapest"),
        ("/price gpt-4 2023", "so what's the priciest llm?", "/price dearest"),
        ("/price cheapest 2023", "show me the dearest models", "/price dearest"),
        ("/cost 2023", "which ai model is currently the cheapest", "/price cheapest"),
        ("/price gpt-4 2023", "and the cheapest model?", "/price cheapest 2023"),
        ("/price gpt-4 2023", "and the cheapest?", "/price cheapest 2023"),
        ("/price gpt-4 2023", "the cheapest then?", "/price cheapest 2023"),
        ("/price gpt-4 2023", "which model was cheapest?", "/price cheapest 2023"),
        ("/price gpt-4 2023-06", "the dearest llm that month", "/price dearest 2023-06"),
        ("/cost 2023", "and the cheapest model?", "/price cheapest 2023"),
        ("/decline 2021", "which model was the most expensive then", "/price dearest 2021"),
    ],
)
def test_what_is_asked_in_full_is_about_now(
    first: str, then: str, wanted: str, talk: Conversation
) -> None:
    """Only what opens like a follow-up, or points at that time, is about the year before."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize(
    "then", ["and?", "and the weather?", "what about my cat", "why is that so"]
)
def test_what_is_no_follow_up(then: str, talk: Conversation) -> None:
    """Without a value that the last question knows, nothing is repeated as if it answered."""
    assert command(say(talk, "/cost 2021", then)) != "/cost 2021"


def test_a_chain_of_follow_ups(talk: Conversation) -> None:
    """Each turn rests on the one before, not on the first."""
    said = ["/project 2030", "with 25%", "and 2035?", "and for 1M calls?", "what about the trend?"]
    assert command(say(talk, *said)) == "/project 2035 trend 1000000 calls"


def test_what_was_not_understood_keeps_the_context(talk: Conversation) -> None:
    """An unclear message in between leaves the last question to follow up."""
    assert command(say(talk, "/cost 2021", "asdf qwer", "and 2022?")) == "/cost 2022"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (
            "What did it cost in 2021? And what will it cost in 2030?",
            ["2021: $0.30", "2030: about"],
        ),
        ("cost in 2019; how much did it fall in 2022?", ["2019: $0.80", "2022: down 50%"]),
        ("what was it in 2020 and when will it be under $0.001?", ["2020: $0.50", "2031"]),
        ("Cost in 2021? What about 2022?", ["2021: $0.30", "2022: $0.15"]),
    ],
)
def test_two_questions_in_one_message(text: str, answers: list[str], talk: Conversation) -> None:
    """Both are answered, in order, in one reply."""
    reply = shown(say(talk, text))
    assert len(re.findall("<b>", reply)) >= len(answers)
    places = [reply.find(answer) for answer in answers]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cost in 2023, not a projection", "/cost 2023"),
        ("what did it cost in 2021, I don't need the forecast", "/cost 2021"),
        ("compare the inference studies, without training", "/compare inference"),
        ("2030 without the headline rate", "/project 2030"),
    ],
)
def test_negation(text: str, wanted: str, talk: Conversation) -> None:
    """What somebody does not want is not what they asked for."""
    assert command(say(talk, text)) == wanted


@pytest.mark.parametrize(
    ("first", "then", "number"),
    [
        ("/studies pruning", "tell me about the second one", 10),
        ("/studies pruning", "the first one", 3),
        ("/studies pruning", "and the last one?", 14),
        ("/studies pruning", "what does the third paper claim?", 14),
        ("/studies carbon", "more about the 1st one", 15),
        ("/compare 2 9", "tell me about the second study", 9),
    ],
)
def test_ordinals(first: str, then: str, number: int, talk: Conversation) -> None:
    """'The second one' is the second study of the answer before."""
    assert command(say(talk, first, then)) == f"/study {number}"


def test_an_ordinal_too_many_is_refused(talk: Conversation) -> None:
    """There is no fifth of three; nothing else is shown in its place."""
    turn = say(talk, "/studies pruning", "tell me about the fifth one")
    assert turn.question is None
    assert "3 studies" in shown(turn)


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("/cost 2021", "and the year after?", "/cost 2022"),
        ("/decline 2021", "and the previous year", "/decline 2020"),
        ("/when $0.01", "and under half of that?", "/when $0.005"),
        ("/cost 2024 10000 calls", "per day?", "/cost 2024 10000 calls/day"),
        ("/study 2", "compare it with 5", "/compare studies 2,5"),
        ("/study 10", "is it real?", "/study 10"),
        ("/study 2", "cite that", "/cite 2"),
        ("/study 2", "bibtex please", "/cite 2"),
        ("/studies carbon", "does that paper really exist?", "/study 15"),
        ("/study 9", "next one", "/study 10"),
        ("/compare 2 6", "add 5", "/compare studies 2,5,6"),
        ("/studies training", "which of them is the boldest?", "/compare studies 8-17 highest"),
        ("/check 60% a year", "and 45?", "/check 45% a year"),
        ("/cost 2023", "no, i mean how much it fell", "/decline 2023"),
        ("/project 2028", "a million calls", "/project 2028 1000000 calls"),
        ("/studies", "more", "/studies page 2"),
        ("/halving headline", "in months", "/halving headline"),
        ("/cost 2021", "sorry, I meant 2022", "/cost 2022"),
        ("/when $0.001", "if it only falls 20% a year tho", "/when $0.001 20%"),
    ],
)
def test_references(first: str, then: str, wanted: str, talk: Conversation) -> None:
    """What points at the answer before means what stands there."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("/cost 2023 1000000 calls", "half that", "/cost 2023 500000 calls"),
        ("/cost 2023 1000 calls/day", "times ten", "/cost 2023 10000 calls/day"),
        ("/cost 2023 1000 calls/day", "multiply that by 20", "/cost 2023 20000 calls/day"),
        ("/project 2030 1000 calls", "and if we doubled that?", "/project 2030 2000 calls"),
        ("/budget $100 2023", "x10", "/budget $1000 2023"),
        ("/budget $0.30 2023", "three times that", "/budget $0.90 2023"),
        ("/when $0.01", "times ten", "/when $0.10"),
        ("/chart cost 2023 1000 calls", "double that", "/chart cost 2023 2000 calls"),
        ("/bill 2M tokens/day gpt-4o", "times three", "/bill 6M tokens/day gpt-4o"),
    ],
)
def test_so_many_times_as_much(first: str, then: str, wanted: str, talk: Conversation) -> None:
    """Of calls, tokens or money that were asked of."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        (
            "/bill 2M tokens/day gpt-4o",
            "how much is that per year",
            "2M tokens/day per year gpt-4o",
        ),
        ("/bill 2M tokens/day gpt-4o", "and a month?", "2M tokens/day per month gpt-4o"),
        ("/bill 2M tokens/day gpt-4o", "What's the annual bill?", "2M tokens/day per year gpt-4o"),
        ("/bill 2M tokens/day o3", "how much per week is that", "2M tokens/day per week o3"),
        ("/bill 2M tokens/day o3", "so how does it work out per hour", "2M tokens/day per hour o3"),
        ("/bill $500/month gpt-4o", "how many do we get a day", "$500/month per day gpt-4o"),
    ],
)
def test_a_bill_told_by_another_period(
    first: str, then: str, wanted: str, talk: Conversation
) -> None:
    """Asked for in any small words, as long as they are all there is."""
    assert command(say(talk, first, then)) == f"/bill {wanted}"


@pytest.mark.parametrize(
    "then",
    ["what does it cost a year from now", "what was it a year ago", "what will it be in a year"],
)
def test_another_year_is_no_period(then: str, talk: Conversation) -> None:
    """'A year' may be a time to come or gone by."""
    assert "per year" not in command(say(talk, "/bill 2M tokens/day gpt-4o", then))


@pytest.mark.parametrize(
    "first", ["/cost 2023", "/decline 2023", "/cost 2023 2 calls", "/price gpt-4o", "/study 5"]
)
def test_there_is_no_half_of_what_is_no_amount(first: str, talk: Conversation) -> None:
    """Nor of two calls, as one call has no number: it is what every price here is of."""
    assert say(talk, first, "half of that").question is None


def test_never_mind_starts_over(talk: Conversation) -> None:
    """After it, what would have been a follow-up is a question of its own again."""
    assert command(say(talk, "/decline 2021", "never mind", "2022")) == "/cost 2022"
    assert command(say(talk, "/decline 2021", "2022")) == "/decline 2022"


@pytest.mark.parametrize(
    ("text", "wanted", "headline"),
    [
        ("was it above 10 cents in 2022", "/when above $0.10 2022", "Yes, above it"),
        ("is it above 1 cent in 2024", "/when above $0.01 2024", "Yes, above it"),
        ("does it stay over 1 cent in 2030", "/when above $0.01 2030", "No, at or below it"),
        ("will it be below a cent in 2028?", "/when $0.01 2028", "Yes, at or below it"),
        ("is a call under 5 cents in 2023", "/when $0.05 2023", "No, above it"),
        ("under 0.5 cents in 2027 by the headline?", "/when $0.005 2027 headline", "No, above"),
        ("when is it 1/10 of a cent", "/when $0.001", "2031"),
        ("when is it 3/4 of a dollar", "/when $0.75", "2020"),
        ("is it true that it gets 10x cheaper in 2 years?", "/check 68.3772% a year", "68.4%"),
        ("/check 60% a year 2020-2023", "/check 60% a year 2020-2023", "45.7%, 2020 to 2023"),
        ("is it true that training falls 50% a year", "/check 50% a year training", "training"),
        ("costs halve every 18 months", "/check 37.0039% a year", "below"),
        ("cost in 3000", "/project 3000", "too far"),
        ("studies between 2019 and 2021", "/studies 2019-2021", "2019–2021"),
        ("which study is most reliable", "/studies found", "2 training studies"),
    ],
)
def test_what_was_once_misread(text: str, wanted: str, headline: str, talk: Conversation) -> None:
    """Directions, fractions, periods and spans are read as they were meant, and answered so."""
    turn = say(talk, text)
    assert command(turn) == wanted
    assert headline in turn.reply.texts[0].splitlines()[0]


def test_a_rise_is_no_fall(talk: Conversation) -> None:
    """The table only falls: a rise is its opposite, never taken for a fall of that size."""
    turn = say(talk, "prices went up 30% a year")
    assert "opposite" in shown(turn)
    assert say(talk, command(turn)).question == turn.question
    assert "projected to fall" in shown(say(talk, "what will it cost in 2030 with a rise of 30%"))


def test_calls_a_day_are_more_a_month(talk: Conversation) -> None:
    """Asked per month, so many a day are so many more."""
    assert "$2,433,333" in shown(say(talk, "1M requests a day in 2023", "and per month?"))
    assert "a year" in shown(say(talk, "1M requests a day in 2026"))


# --------------------------------------------------------------------------- topics


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("storing numbers with fewer digits", "quantization"),
        ("making networks sparse", "pruning"),
        ("green AI", "carbon"),
        ("on phones", "edge"),
        ("several GPUs", "multi-gpu"),
    ],
)
def test_topics_by_meaning(words: str, topic: str, talk: Conversation) -> None:
    """Other words for a topic lead to it, from a sentence and from a command alike."""
    assert command(say(talk, f"any studies about {words}?")) == f"/studies {topic}"
    assert command(say(talk, f"/studies {words}")) == f"/studies {topic}"


def test_other_readings_are_a_tap_away(talk: Conversation) -> None:
    """Where words were left aside, what else might have been meant is on buttons."""
    turn = say(talk, "any papers about renting big servers from amazon?")
    assert "Read as" in shown(turn)
    assert turn.reply.buttons[0][0].label.startswith("Or: ")
    assert not any(
        b.label.startswith("Or:") for row in say(talk, "/studies").reply.buttons for b in row
    )


# --------------------------------------------------------------------------- asking back


@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("project at 30%", "2030", "/project 2030 30%"),
        ("/project headline", "in 2031 please", "/project 2031 headline"),
        ("/when 30%", "a tenth of a cent", "/when $0.001 30%"),
        ("/when", "0.005", "/when $0.005"),
        ("/budget in 2023", "$50", "/budget $50 2023"),
        ("/project at 30%", "what did it cost in 2020?", "/cost 2020"),
    ],
)
def test_an_asked_for_value_completes_the_question(
    first: str, then: str, wanted: str, talk: Conversation
) -> None:
    """What was given before is kept; a question of its own is still one."""
    assert command(say(talk, first, then)) == wanted


@pytest.mark.parametrize("first", ["project at 30%", "/when headline", "/when 30% 5000 calls"])
def test_what_was_asked_back_can_be_replied_to(first: str, talk: Conversation) -> None:
    """Its permalink says what was given so far, and asks for the same value again."""
    asked = say(talk, first).question
    assert isinstance(asked, Unfinished)
    assert say(talk, asked.as_command()).question == asked


@pytest.mark.parametrize(
    "text",
    [
        "/project",
        "/project headline",
        "/when",
        "/when 30%",
        "/budget",
        "/budget in 2023",
        "/study",
        "when will it be cheaper than",
        "how many calls can I buy",
    ],
)
def test_a_missing_value_is_asked_for(text: str, talk: Conversation) -> None:
    """The question asks for what is missing; its buttons complete it and keep what was given."""
    turn = say(talk, text)
    assert isinstance(turn.question, Unfinished)
    assert not turn.understood
    assert "?" in turn.reply.texts[0].splitlines()[0]
    assert "for example /" in shown(turn)
    buttons = [button for row in turn.reply.buttons for button in row]
    assert buttons
    for button in buttons:
        answered = say(talk, button.command)
        assert isinstance(answered.question, Question)
        assert answered.question.answer(talk.kb).outcome == "answered"
        for word in ("headline", "30%", "2023"):
            assert (word in text) <= (word in command(answered))


@pytest.mark.parametrize(
    "kind", [k for k in QUESTIONS if k.listed and k.command not in ("ask", "studies", "start")]
)
@pytest.mark.parametrize(
    "nonsense", ["blah", "2023 wibble", "12q", "; SELECT <wibble> --", "😀 x7"]
)
def test_what_a_command_cannot_read(
    kind: type[Question], nonsense: str, talk: Conversation
) -> None:
    """One line says what is wrong or missing, and shows an example that works."""
    turn = say(talk, f"/{kind.command} {nonsense}")
    assert not isinstance(turn.question, Question), command(turn)
    assert not turn.understood
    example = next((e for e in kind.examples if e.startswith("/")), f"/{kind.command}")
    assert f"for example {example}" in shown(turn)
    assert say(talk, example).understood
    assert [say(talk, b.command).understood for row in turn.reply.buttons for b in row]


def test_a_foreign_deep_link_still_greets(talk: Conversation) -> None:
    """A start payload that no permalink of ours made is no mistake of the person's."""
    assert command(say(talk, "/start ref-2026-campaign")) == "/start"


@pytest.mark.parametrize("text", ["/frobnicate", "/x", "/cost_2023_all_of_it", "/123 4"])
def test_an_unknown_command(text: str, talk: Conversation) -> None:
    """Says that there is no such command and offers questions that work."""
    turn = say(talk, text)
    assert not turn.understood
    assert "There is no command" in shown(turn)
    for row in turn.reply.buttons:
        for button in row:
            assert say(talk, button.command).understood


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/cots 2023", "/cost 2023"),
        ("/projct 2030", "/project 2030"),
        ("/studis pruning", "/studies pruning"),
        ("/Cost 2023", "/cost 2023"),
        ("/COST@costcurve_bot 2023", "/cost 2023"),
    ],
)
def test_a_misspelt_command(text: str, wanted: str, talk: Conversation) -> None:
    """The nearest command answers; where letters were wrong, what was read is shown."""
    turn = say(talk, text)
    assert command(turn) == wanted
    misspelt = text.split()[0].lower().partition("@")[0] != wanted.split()[0]
    assert ("Read as" in shown(turn)) == misspelt


@pytest.mark.parametrize(
    "text",
    [
        "what's the weather in Paris?",
        "how much was bread in 2019",
        "price of bitcoin in 2021",
        "cost of living in 2023",
        "who won the world cup in 2022",
        "write me a poem",
        "asdf",
        "?",
        "...",
        "😀",
        "SELECT * FROM study",
        "what is gpt-4 good at",
        "chatgpt plus subscription price",
        "how much is a gallon of milk",
        "my rent is $2000",
    ],
)
def test_off_topic_is_refused(text: str, talk: Conversation) -> None:
    """No number is made up for another subject, and there is something to try instead."""
    turn = say(talk, text)
    assert "Source:" not in shown(turn)
    assert not re.search(r"\$\d", re.sub(r"<i>.*</i>", "", turn.reply.texts[0]).partition("\n")[0])
    assert turn.reply.buttons


@pytest.mark.parametrize("text", ["thanks!", "thank you", "hi", "/start", "/help", "/about"])
def test_manners_are_answered(text: str, talk: Conversation) -> None:
    """Greetings, thanks and help get a friendly answer, not a refusal."""
    assert say(talk, text).understood


def test_what_was_guessed_is_echoed(talk: Conversation) -> None:
    """A reading that leaves words aside says what was read; a literal one does not."""
    assert "Read as" in shown(say(talk, "so my boss Bernd wonders what inference cost in 2023"))
    assert "Read as" not in shown(say(talk, "/cost 2023"))


def test_a_story_has_its_question_found(talk: Conversation) -> None:
    """Of a long story the fullest question is answered, and said to be what was read."""
    story = "We run a small shop and last week the team had a long discussion. " * 6
    turn = say(talk, story + "What would 20k queries have cost in 2021? " + story)
    assert command(turn) == "/cost 2021 20000 calls"
    assert "Read as" in shown(turn)


def test_ask_takes_a_question_in_words(talk: Conversation) -> None:
    """/ask is free text behind a command, for groups; alone it invites to ask."""
    assert command(say(talk, "/ask what did it cost in 2021?")) == "/cost 2021"
    assert command(say(talk, "/cost 2021", "/ask and 2022?")) == "/cost 2022"
    assert "Ask away" in shown(say(talk, "/ask"))


def test_every_command_in_the_help_is_one(talk: Conversation) -> None:
    """Help lists every kind of the menu, and no other command."""
    named = set(re.findall(r"^/(\w+)", shown(say(talk, "/help")), re.M))
    assert named == {kind.command for kind in COMMANDS.values() if kind.listed}


def test_the_same_turn_gives_the_same_reply(kb: KnowledgeBase, talk: Conversation) -> None:
    """A conversation keeps nothing: a fresh one answers alike, and order does not matter."""
    texts = ["/cost 2023", "2030?", "/studies pruning", "compare", "/nonsense", "hi"]
    assert [say(Conversation(kb), t) for t in texts] == [say(talk, t) for t in texts]
    assert [say(talk, t) for t in reversed(texts)][::-1] == [say(talk, t) for t in texts]


def test_choices_share_what_is_read_from_the_knowledge_base(kb: KnowledgeBase) -> None:
    """However many chats want their answers otherwise, the vocabulary is in memory once."""
    usual = Conversation(kb)
    short = usual.under(Choices(length="short"))
    assert short._vocabulary is usual._vocabulary
    assert short._spelling is usual._spelling
