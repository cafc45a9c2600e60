"""Model names in what people type: which model is meant, or which it may be."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import lexicon, ordinary
from bot.models import ModelNames
from bot.words import MAX_CHARACTERS, read
from knowledge.build import DATA
from knowledge.market.load import load

if TYPE_CHECKING:
    from knowledge.market.records import Model

KNOWN = load(DATA)
NAMES = ModelNames(KNOWN.models, KNOWN.families, KNOWN.providers)
# Words with other lives: a model only in answer to a question for one, or in company.
WEAK = {"ada", "babbage", "command", "command-a", "curie"}
MODELS = st.sampled_from(KNOWN.models)


def found(text: str) -> list[tuple[str, ...]]:
    return [mention.value for mention in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("gpt4o", "gpt-4o"),
        ("GPT-4o", "gpt-4o"),
        ("gpt 4 o mini", "gpt-4o-mini"),
        ("4o mini", "gpt-4o-mini"),
        ("gpt4", "gpt-4"),
        ("gpt 4 turbo", "gpt-4-turbo"),
        ("gpt-35-turbo", "gpt-3.5-turbo"),
        ("gpt 3.5", "gpt-3.5-turbo"),
        ("gpt-3", "davinci"),
        ("gpt-4 32k", "gpt-4-32k"),
        ("davinci 003", "text-davinci-003"),
        ("sonnet 3.5", "claude-3.5-sonnet"),
        ("3.5 sonnet", "claude-3.5-sonnet"),
        ("claude-3-5-sonnet-20241022", "claude-3.5-sonnet"),
        ("anthropic/claude-sonnet-4-5", "claude-sonnet-4.5"),
        ("claude v2", "claude-2"),
        ("opus 4.1", "claude-opus-4.1"),
        ("claude instant", "claude-instant-1"),
        ("flash 2.0", "gemini-2.0-flash"),
        ("gemini 2.5 flash lite", "gemini-2.5-flash-lite"),
        ("llama 405b", "llama-3.1-405b-instruct"),
        ("llama3 8b", "llama-3-8b-instruct"),
        ("llama 3.3", "llama-3.3-70b-instruct"),
        ("meta-llama/Llama-3-70b-instruct", "llama-3-70b-instruct"),
        ("deepseek v3", "deepseek-v3"),
        ("deepseekv3", "deepseek-v3"),
        ("r1", "deepseek-r1"),
        ("mistral large 2", "mistral-large-2407"),
        ("command r+", "command-r-plus"),
        ("cohere command", "command"),
        ("amazon nova pro", "nova-pro"),
        ("o1", "o1"),
        ("openai o3 mini", "o3-mini"),
        ("gpt oss 120b", "gpt-oss-120b"),
    ],
)
def test_what_people_type(text: str, model: str) -> None:
    """Alone, in a sentence and in the normal form of a message it is that model, and sure."""
    assert found(text) == [(model,)]
    assert NAMES.named(text) == (model,)
    assert found(f"what did {text} cost in June 2024?") == [(model,)]
    assert found(read(f"price of {text} for 3 million tokens").text) == [(model,)]


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("claude 3.5", ["claude-3.5-haiku", "claude-3.5-sonnet"]),
        (
            "llama 70b",
            [
                "llama-3.3-70b-instruct",
                "llama-3.1-70b-instruct",
                "llama-3-70b-instruct",
                "llama-2-70b-chat",
            ],
        ),
        ("mixtral", ["mixtral-8x22b", "mixtral-8x7b"]),
        ("qwen3 235b", ["qwen3-235b-a22b-2507", "qwen3-235b-a22b"]),
        ("gemini 1.5", ["gemini-1.5-flash-8b", "gemini-1.5-pro", "gemini-1.5-flash"]),
    ],
)
def test_what_may_be_several_is_all_of_them(text: str, models: list[str]) -> None:
    """The newest first; never a guess."""
    assert found(f"price of {text}") == [tuple(models)]


def test_a_family_is_its_models_the_newest_first() -> None:
    """All of them: which were sold on a day is for the question to know."""
    for word in ("deepseek", "claude", "gpt", "llama", "gemini"):
        (models,) = found(f"how much is {word}?")
        assert len(models) > 6
        first = {model.id: model.first_priced for model in KNOWN.models}
        assert [first[m] for m in models] == sorted((first[m] for m in models), reverse=True)


def test_two_names_are_two_mentions_where_they_stand() -> None:
    """What stands between them belongs to neither."""
    text = "GPT-5 vs claude opus 4.1 and o3, or haiku 3"
    mentions = list(NAMES.find(text))
    said = [text[m.start : m.end] for m in mentions]
    assert said == ["GPT-5", "claude opus 4.1", "o3", "haiku 3"]
    models = ("gpt-5", "claude-opus-4.1", "o3", "claude-3-haiku")
    assert [m.value for m in mentions] == [(model,) for model in models]


@pytest.mark.parametrize(
    "text",
    [
        "write a haiku about prices",
        "what a command",
        "at 4 o'clock",
        "a flash sale, 2 for 1",
        "plus 5% in 3 years",
        "the magnum opus",
        "in the palm of my hand",
        "what is the cost in 2030",
        "70b",
        "3.5",
        "study 4",
    ],
)
def test_other_uses_of_the_words_are_left_alone(text: str) -> None:
    """A sentence without a model names none."""
    assert found(text) == []


@pytest.mark.parametrize("text", ["claude 2 years ago", "claude, 3 million tokens", "claude $3"])
def test_a_number_that_counts_is_no_version(text: str) -> None:
    """It is about Claude, and about no version of it."""
    (models,) = found(text)
    assert {"claude-2", "claude-3-opus"} < set(models)


ORDINARY = sorted(
    {
        word
        for words in (
            ordinary.NEUTRAL_WORDS,
            ordinary.PLAIN_WORDS,
            ordinary.THINGS_WORDS,
            lexicon.STOP_WORDS,
            lexicon.DOMAIN_WORDS,
            lexicon.ANCHORS_WORDS,
            lexicon.COMMON_WORDS,
            lexicon.ASKED_WORDS,
        )
        for word in words
    }
)


def test_ordinary_words_name_no_model() -> None:
    """Not even where a name was asked for, and not by their spelling."""
    assert [word for word in ORDINARY if found(word) or NAMES.named(word)] == []


@given(st.lists(st.sampled_from(ORDINARY), max_size=12))
def test_nor_do_sentences_of_them(words: list[str]) -> None:
    """However they meet."""
    assert found(" ".join(words)) == []


@given(model=MODELS, data=st.data())
def test_every_name_is_its_model(model: Model, data: st.DataObject) -> None:
    """Id, name and aliases, in any case, spaced or hyphenated or glued."""
    name = data.draw(st.sampled_from((model.id, model.name, *model.aliases)))
    assert NAMES.named(name) == (model.id,)
    assert NAMES.named(name.upper()) == (model.id,)
    assert NAMES.named(name.replace("-", " ")) == (model.id,)
    assert NAMES.named(name.replace(" ", "-")) == (model.id,)
    assert NAMES.named(read(name).text) == (model.id,)
    if model.id not in WEAK:
        assert found(f"what is {name} per million?") == [(model.id,)]
        assert found(read(f"is {name} cheaper than in 2023?").text) == [(model.id,)]


def test_every_id_and_name_once_more_without_chance() -> None:
    """All of them; the weak ones are the only ones that need to be asked for."""
    for model in KNOWN.models:
        for name in (model.id, model.name, *model.aliases):
            assert NAMES.named(name) == (model.id,), name
    unsure = {m.id for m in KNOWN.models if found(f"price of {m.id}") != [(m.id,)]}
    assert unsure == WEAK


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("cluade 3 opus", "claude-3-opus"),
        ("gemni 1.5 pro", "gemini-1.5-pro"),
        ("deepsek v3", "deepseek-v3"),
        ("lama 405b", "llama-3.1-405b-instruct"),
        ("mistrall large 2", "mistral-large-2407"),
    ],
)
def test_a_mistyped_name_that_was_asked_for(text: str, model: str) -> None:
    """One edit, two in long words."""
    assert NAMES.named(text) == (model,)


def test_a_line_alone_in_answer_to_a_question() -> None:
    """'Which model?' 'sonnet': the newest of them."""
    assert NAMES.named("sonnet")[0].startswith("claude-sonnet-5")
    assert NAMES.named("the opus one")[0].startswith("claude-opus-5")
    assert NAMES.named("nothing like it") == ()
    assert NAMES.named("") == ()


@given(st.text(max_size=200))
def test_anything_may_be_typed(text: str) -> None:
    """No text breaks it, and mentions lie within the text, apart and in order."""
    last = 0
    for mention in NAMES.find(text):
        assert last <= mention.start < mention.end <= len(text)
        assert mention.value
        last = mention.end
    NAMES.named(text)


def test_it_is_fast() -> None:
    """A message takes well below a millisecond, the longest one a few; bounds are for busy days."""
    message = "how much cheaper was gpt 4o mini than llama 70b in june 2024?"
    assert best_of(message) < 0.001
    assert best_of((message + " ") * (MAX_CHARACTERS // len(message))) < 0.03


def best_of(text: str) -> float:
    """Seconds, of the fastest of ten runs."""
    times = []
    for _ in range(10):
        start = perf_counter()
        list(NAMES.find(text))
        times.append(perf_counter() - start)
    return min(times)
