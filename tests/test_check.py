"""The check of the data, and the knowledge base's command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.__main__ import main
from knowledge.build import DATA, HERE, digest, is_current
from knowledge.check import check
from knowledge.errors import DataError

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase

UNUSED = """[[origin]]
id = "langbane"
title = "a table that nothing came from"
url = "https://langbane.example"
licence = "MIT"

[[origin]]
id = "langchain"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data, to be spoiled."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_data_are_sound_and_say_what_is_odd() -> None:
    """No errors; the disagreement, the forecast row and the unsupported claims are findings."""
    report = check()
    assert report.errors == ()
    said = [finding.says for finding in report.findings]
    forecast, headline, standings, period, second_hand, unseen, risen = said
    assert "2025 was a forecast" in forecast
    assert "20.0% to 30.0% a year" in headline
    assert "averages 42.8%" in headline
    assert standings == (
        "of 17 cited studies 12 not found, 3 found elsewhere, 2 found; "
        "the claims of 0 were supported"
    )
    assert period == "published study 22: 280x is said to be 18 months, its dates span 23"
    assert second_hand == "of 41 published estimates 8 were only seen quoted, second-hand"
    assert unseen == "of 177 prices in force on 2026-11-22, 11 were last seen before that day"
    assert risen.startswith("4 of 8 levels cost more than at their lowest")
    assert "388 prices of 223 models and 295 scores" in report.summary
    assert report.summary.startswith("checked 67 figures (8 rows, 59 claims, each with a source)")


def test_findings_are_looked_up_by_their_id(kb: KnowledgeBase) -> None:
    """The built file has each finding that a check prints, for answers to cite."""
    assert kb.findings() == check().findings
    assert [finding.id for finding in kb.findings()] == [
        "forecast post-inference",
        "disagreement headline post-inference",
        "standings",
        "period published study 22",
        "second-hand",
        "last-seen",
        "risen-levels",
    ]
    assert kb.finding("period published study 22").says.endswith(
        "280x is said to be 18 months, its dates span 23"
    )
    with pytest.raises(KeyError):
        kb.finding("nothing")


@pytest.mark.parametrize(
    ("file", "old", "new", "error"),
    [
        ("sources.toml", "https://ipcarrier.blogspot.com/", "https://ipcarrier/",
         "source post: 'https://ipcarrier/2024"),
        ("market/scores.csv", "https://epoch.ai/benchmarks", "https://epoch/benchmarks",
         "score of claude-2 on GPQA Diamond: 'https://epoch/benchmarks' leads nowhere"),
        ("market/market.toml", "https://github.com/pydantic/genai-prices", "https://github/",
         "origin genai-prices: 'https://github/' leads nowhere"),
        ("studies/post.toml", "low = 0.35", "low = 0.25", "study 15: 0.25 is not what '35% cost"),
        ("studies/post.toml", "low = 0.2\n", "low = 0.02\n", "study 1: 0.02 is not what"),
        ("studies/post.toml", "high = 4\n", "high = 5\n", "study 6: 5 is not what"),
        ("statements.toml", "high = 0.3", "high = 0.4", "statement headline: 0.4 is not what"),
        ("studies/post.toml", '"batch-normalization", ', '',
         "topic batch-normalization: nothing refers to it"),
        ("studies/published.toml", "central = 50\n", "central = 51\n", "study 18: 51 is not what"),
        ("studies/published.toml", "low = 24.84\n", "low = 11\n", "study 51: 11 is not what"),
        ("studies/published.toml", "low = 1.382\n", "low = 1.2\n", "study 54: 1.2 is not what"),
        ("studies/published.toml", "https://arxiv.org/abs/2405.21015", "https://arxiv.org/abs/9",
         "study 41: its link is 9"),
        ("studies/post.toml", '"Nature Communications"', '"Elsewhere"',
         "venue Nature Communications: nothing refers to it"),
        ("studies/post.toml", "doi.org/10.1145/3467017", "doi.org/10.1145/1",
         "study 2: its link is 10.1145/1"),
        ("studies/post.toml", "https://doi.org/10.1145/3467017", "https://nowhere/",
         "study 2: 'https://nowhere/' leads nowhere"),
        ("market/market.toml", "threshold = 75", "threshold = 99", "level o1: no model reaches it"),
        ("market/market.toml", "reference = 86.4", "reference = 86.45",
         "level gpt-4: no score is its 'reference', 86.45"),
        ("market/names.toml", 'words = ["qwen"]', 'words = ["quen", "qwen"]',
         "family Qwen: no model is called 'quen'"),
        ("market/market.toml", '[[origin]]\nid = "langchain"', UNUSED,
         "origin langbane: no price rests on it"),
        ("datapackage.json", '"path": "market/prices.csv"', '"path": "prices.csv"',
         "market/prices.csv: list every data file"),
        ("datapackage.json", '"path": "topics.toml"', '"path": "topic.toml"', "topics.toml: list"),
    ],
)  # fmt: skip
def test_loose_ends_are_errors(data: Path, file: str, old: str, new: str, error: str) -> None:
    """What loads but cannot be right is an error that names the entry."""
    text = (data / file).read_text("utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), "utf-8")
    assert any(error in wrong for wrong in check(data).errors)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("studies/post.toml", 'quote = "inference cost', 'quote = "inferred cost', "is not in its"),
        ("market/names.toml", "[[model]]",
         '[[model]]\nid = "a-model"\n\n[[model]]', "unknown model"),
        ("market/names.toml", "[[provider]]",
         '[[provider]]\nid = "a-host"\nname = "A host"\nhost = true\n\n[[provider]]', "no price"),
        ("series/post-inference.toml", 'source_id = "post"', 'source_id = "x"', "unknown source"),
    ],
)  # fmt: skip
def test_what_has_no_ground_does_not_load(
    data: Path, file: str, old: str, new: str, said: str
) -> None:
    """A quote that nobody said, a name without prices, a figure without a source."""
    text = (data / file).read_text("utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataError, match=said):
        check(data)


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command says in one plain line what it did, and the variable decides where."""
    path = tmp_path / "knowledge.sqlite3"
    environ = {"COSTCURVE_KNOWLEDGE": str(path), "COSTCURVE_DATA": str(tmp_path / "own")}
    assert main(["path"], environ) == 0
    assert main(["build"], environ) == 0
    assert main(["export", "--to", str(tmp_path / "out")], environ) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(path),
        f"built {path}",
        f"wrote 22 files to {tmp_path / 'out'}",
    ]
    assert is_current(path, digest())
    assert main(["check"], environ) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("0 errors, 7 findings")


def test_a_place_that_cannot_be_written_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence on standard error, no traceback."""
    (tmp_path / "file").write_text("in the way")
    for command in (["build", "--path"], ["export", "--to"]):
        environ = {"COSTCURVE_DATA": str(tmp_path / "own")}
        assert main([*command, str(tmp_path / "file" / "x")], environ) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert str(tmp_path / "file") in captured.err


@pytest.mark.parametrize(
    ("file", "old", "new", "status", "said"),
    [
        ("venues.toml", '"nips"', '"Nips", "nips"', 2, "venues.toml: venue NeurIPS: 'nips' is in"),
        ("studies/post.toml", "low = 0.35", "low = 0.25", 1, "error: post study 15: 0.25 is not"),
    ],
)
def test_bad_data_ends_with_their_sentence(  # one row of the table
    tmp_path: Path, file: str, old: str, new: str, status: int, said: str
) -> None:
    """Status 2 for data that do not load, 1 for data that cannot be right; never a traceback."""
    copy = Path(shutil.copytree(HERE, tmp_path / "knowledge"))
    text = (copy / "data" / file).read_text("utf-8")
    (copy / "data" / file).write_text(text.replace(old, new, 1), "utf-8")
    command = [sys.executable, "-m", "knowledge", "check"]
    done = subprocess.run(  # noqa: S603  # our own command
        command, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == status
    assert (done.stdout + done.stderr).startswith(said)
    assert "Traceback" not in done.stderr
