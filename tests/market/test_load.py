"""The market's files: what they must say, and how each kind of mistake is told."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import pytest

from knowledge.build import DATA
from knowledge.errors import DataError
from knowledge.market.load import load
from knowledge.market.records import ModelPrice, Score

KNOWN = load(DATA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data, to be spoiled."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


GPT_4 = "openai,gpt-4,GPT-4,2023-03-14,2023-03-14,2026-10-23,30,60,"
GPT_4O = "openai,gpt-4o,GPT-4o,2024-05-13,2024-05-13,2024-08-06,5,15,"
NEXT_4O = "openai,gpt-4o,GPT-4o,2024-05-13,2024-08-06,,2.5,10,"
O1 = "openai,o1,o1,2024-12-17,2024-12-17,2026-10-23,15,60,litellm"
CLAUDE_2 = "GPQA Diamond,claude-2,34.7,,"
NOBODY = '[[provider]]\nid = "aaa"\nname = "Nobody"\nhost = true\n\n[[provider]]'
PRICES, SCORES = "prices.csv", "scores.csv"
MARKET, NAMES = "market.toml", "names.toml"
MISTAKES = [
    # file, words, what they become, entry, problem, remedy
    (PRICES, "provider,model", "provider,modell", "first line", "unknown column 'modell'", "'mo"),
    (PRICES, "provider,model", "provider,zzz", "first line", "unknown column 'zzz'", "remove it"),
    (PRICES, "provider,model", "model,provider", "first line", "out of order", "write provider"),
    (PRICES, "witnesses,", "", "first line", "'witnesses' is missing", "add it to every line"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ","), "openai gpt-4", "has 13 cells", "write 14"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ",,"), "openai gpt-4", "'input' is ''", "a number"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ",3e1,"), "openai gpt-4", "'input' is '3e1'", "number"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ",-30,"), "openai gpt-4", "'input' is '-30'", "number"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ",nan,"), "openai gpt-4", "'input' is 'nan'", "number"),
    (PRICES, GPT_4, GPT_4.replace(",30,", ",0,"), "openai gpt-4", "'input' is 0", "0.001 to 700"),
    (PRICES, GPT_4, GPT_4.replace(",60,", ",701,"), "openai gpt-4", "'output' is 701", "to 700"),
    (PRICES, GPT_4, GPT_4.replace(",60,", ",600,"), "openai gpt-4", "20 times 'input'", "correct"),
    (PRICES, GPT_4, GPT_4.replace(",60,", ",20,"), "openai gpt-4", "0.667 times", "correct"),
    (PRICES, GPT_4, GPT_4.replace("GPT-4", " GPT-4"), "openai gpt-4", "'name' is", "blanks"),
    (PRICES, GPT_4, GPT_4.replace("2026-10-23", "20261023"), "gpt-4", "'valid_to' is", "a date"),
    (PRICES, GPT_4, GPT_4.replace("2026-10-23", "2026-13-01"), "gpt-4", "'valid_to' is", "a date"),
    (PRICES, GPT_4, GPT_4.replace("2026-10-23", "2026-12-01"), "gpt-4", "after 2026-11", "as_of"),
    (PRICES, GPT_4, GPT_4.replace("2026-10-23", "2023-03-14"), "gpt-4", "not after", "correct one"),
    (PRICES, GPT_4, GPT_4.replace("03-14,2023-03", "03-15,2023-03"), "gpt-4", "before", "correct"),
    (PRICES, GPT_4, f"openai,zzz{GPT_4[12:]}", "gpt-4-32k", "out of order", "move it before"),
    (PRICES, GPT_4O, GPT_4O.replace("08-06", "08-05"), "gpt-4o", "leaves a gap after 2024-08-05",
     "correct one"),
    (PRICES, GPT_4O, GPT_4O.replace("08-06", "08-07"), "gpt-4o", "leaves an overlap", "correct"),
    (PRICES, GPT_4O, GPT_4O.replace("2024-08-06", ""), "gpt-4o", "'valid_to' is empty though",
     "write 2024-08-06"),
    (PRICES, NEXT_4O, NEXT_4O.replace("2024-08-06", "2024-05-13"), "gpt-4o", "twice", "remove"),
    (PRICES, NEXT_4O, NEXT_4O.replace("GPT-4o", "GPT4o"), "gpt-4o", "'name' is 'GPT4o'",
     "write 'GPT-4o'"),
    (PRICES, GPT_4, GPT_4.replace("GPT-4", "o1"), "openai o1", "belongs to 'gpt-4'", "give"),
    (PRICES, "zai,glm-5.3-flash", "zzai,glm-5.3-flash", "zzai glm", "unknown provider", "names"),
    (PRICES, O1, O1.replace("litellm", "a rumour"), "openai o1", "'source' is 'a rumour",
     "begin it with an origin"),
    (PRICES, O1, O1.replace("litellm", "OpenAI pricing page"), "o1", "'licence' is 'MIT'",
     "write 'public page (facts only)'"),
    (PRICES, ',"litellm, models.dev",', ',"models.dev, litellm",', "qwen-max", "'witnesses' is",
     "by the alphabet"),
    (PRICES, ',"litellm, models.dev",', ',"hearsay, litellm",', "qwen-max",
     "unknown witness 'hearsay'", "add it as an origin"),
    (PRICES, '"litellm, models.dev"', '"litellm"x', "the file", "not valid CSV", "mend it"),
    (SCORES, CLAUDE_2, "GPQA,claude-2,34.7,,", "claude-2", "'benchmark' is 'GPQA'", "one of"),
    (SCORES, CLAUDE_2, CLAUDE_2.replace("34.7", "134.7"), "claude-2", "'score' is 134.7",
     "percent"),
    (SCORES, CLAUDE_2, CLAUDE_2.replace("34.7,,", "34.7,2027-01-01,"), "claude-2", "'counts_from'",
     "correct"),
    (SCORES, CLAUDE_2, CLAUDE_2.replace("claude-2", "claude-0"), "claude-0", "unknown model",
     "prices.csv"),
    (SCORES, "https://epoch.ai", "epoch.ai", "claude-2", "'url' is", "full link"),
    (SCORES, "gemini-1.5-flash,47.3", "gemini-1.5-flash,40.3", "gemini-1.5-flash", "out of order",
     "falling score"),
    (MARKET, "as_of =", "asof =", "the file", "unknown key 'asof'", "'as_of'?"),
    (MARKET, "threshold = 43", 'threshold = "43"', "level gpt-3", "'threshold' is '43'", "number"),
    (MARKET, 'benchmark = "MMLU"', 'benchmark = "MMMU"', "level gpt-3", "'MMMU'", "one of"),
    (MARKET, '"mmlu 43"', '"mmlu 86"', "level gpt-4", "already belongs to level gpt-3", "one"),
    (MARKET, "https://api-docs", "api-docs", "origin DeepSeek", "'url' is", "full link"),
    (NAMES, 'id = "chatgpt-4o-latest"', 'id = "chatgpt-4"', "model chatgpt-4", "unknown model",
     "prices.csv"),
    (NAMES, '"4o", ', '"4o", "gpt-4", ', "model gpt-4o", "is the name of 'gpt-4'", "remove it"),
    (NAMES, '"4o mini"', '"4o"', "model gpt-4o-mini", "already belongs to model gpt-4o", "one"),
    (NAMES, 'words = ["jamba"]', 'words = ["llama"]', "family Llama", "already belongs", "one"),
    (NAMES, '["deep infra"]', '["fireworks ai"]', "provider fireworks", "already belongs", "one"),
    (NAMES, "[[provider]]", NOBODY, "provider aaa", "has no price", "remove the provider"),
    (NAMES, "[[family]]", "x = 1\n[[family]]", "the file", "unknown key 'x'", "remove it"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "entry", "problem", "remedy"), MISTAKES)
def test_a_mistake_is_told_with_file_line_column_and_remedy(
    data: Path, file: str, old: str, new: str, entry: str, problem: str, remedy: str
) -> None:
    """Whoever edits the data reads where it is wrong, what is, and what to write instead."""
    path = data / "market" / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}: choose another place to spoil"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError) as caught:
        load(data)
    assert caught.value.file == f"market/{caught.value.file.rpartition('/')[2]}"
    assert entry in caught.value.entry
    assert problem in caught.value.problem
    assert remedy in caught.value.problem


@pytest.mark.parametrize("file", [PRICES, SCORES, MARKET, NAMES])
def test_a_missing_or_empty_file_is_told(data: Path, file: str) -> None:
    """Each of the four files must be there, and hold something."""
    (data / "market" / file).unlink()
    with pytest.raises(DataError, match=rf"market/{file}: the file: is missing"):
        load(data)
    (data / "market" / file).write_text("")
    with pytest.raises(DataError):
        load(data)


def test_a_line_is_named_by_its_number(data: Path) -> None:
    """The number is the one that an editor shows."""
    path = data / "market" / PRICES
    lines = path.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines, start=1) if line.startswith(GPT_4))
    path.write_text("\n".join(lines).replace(GPT_4, GPT_4.replace(",30,", ",x,")), "utf-8")
    with pytest.raises(DataError) as caught:
        load(data)
    assert caught.value.entry == f"line {at} (openai gpt-4)"


def test_how_much_there_is() -> None:
    """A lost file or a skipped line would show here; update the pins when the data grow."""
    assert len(KNOWN.prices) == 388
    assert len({(price.provider, price.model) for price in KNOWN.prices}) == 300
    assert len(KNOWN.models) == 223
    assert len(KNOWN.providers) == 22
    assert len(KNOWN.scores) == 295
    assert len({score.model for score in KNOWN.scores}) == 103
    assert [level.threshold for level in KNOWN.levels] == [43, 70, 64.8, 86, 83, 35, 50, 75]
    witnesses = Counter(min(len(price.witnesses), 2) for price in KNOWN.prices)
    assert (witnesses[2], witnesses[0]) == (239, 7)


def test_every_cell_is_read_as_it_stands() -> None:
    """Nothing is lost between a line of the file and its record."""
    with (DATA / "market" / PRICES).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    for line, price in zip(lines, KNOWN.prices, strict=True):
        assert (price.provider, price.model, price.name) == (
            line["provider"],
            line["model"],
            line["name"],
        )
        assert [str(day or "") for day in (price.released, price.valid_from, price.valid_to)] == [
            line["released"],
            line["valid_from"],
            line["valid_to"],
        ]
        assert (price.input, price.output) == (float(line["input"]), float(line["output"]))
        assert ", ".join(price.witnesses) == line["witnesses"]
        for column in ("source", "licence", "start_known", "end_known", "note"):
            assert (getattr(price, column) or "") == line[column]


def test_what_a_level_says_of_scores_is_in_the_scores() -> None:
    """The note of the softest level names two results; both are in the table."""
    note = next(level.note for level in KNOWN.levels if level.id == "o1")
    scores = [s for s in KNOWN.scores if s.model == "gpt-oss-120b" and s.benchmark != "MMLU"]
    assert note
    assert {80.1, 70.8} <= {score.score for score in scores}
    assert all(f"{number}" in note for number in (80.1, 70.8))


@pytest.mark.parametrize(("file", "record"), [(PRICES, ModelPrice), (SCORES, Score)])
def test_the_table_schema_is_the_loaders(file: str, record: type[ModelPrice | Score]) -> None:
    """The data package describes each column as we read it: order, type, whether it is due."""
    package = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    resource = next(r for r in package["resources"] if r["path"] == f"market/{file}")
    columns = resource["schema"]["fields"]
    hints = get_type_hints(record, localns={"date": date})
    assert [column["name"] for column in columns] == list(hints)
    for column, hint in zip(columns, hints.values(), strict=True):
        kinds = {hint, *get_args(hint)}
        plain = "date" if date in kinds else "number" if float in kinds else "string"
        assert column["type"] == plain
        may_be_empty = type(None) in kinds or get_origin(hint) is tuple
        assert column.get("constraints", {}).get("required", False) is not may_be_empty
