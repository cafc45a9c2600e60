"""Own data: what can be imported, what is refused and how, and where they show up."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from knowledge import own
from knowledge.__main__ import main
from knowledge.base import KnowledgeBase
from knowledge.build import DATA, build, build_memory, digest, ensure, is_current
from knowledge.check import check
from knowledge.errors import DataError, KnowledgeError
from knowledge.export import export
from knowledge.intake import About, Intake, examine, template
from knowledge.load import load
from knowledge.market.load import load as load_market

TODAY = date(2026, 11, 22)
YEARS = About("Our bills", "USD per answer", "Example Ltd", "https://example.com/bills")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The folder of own data, still to be made."""
    return tmp_path / "own data"


def example(kind: own.Kind, folder: Path, name: str = "example") -> Path:
    """A file as the template of its kind prints it."""
    file = folder / f"{name}{own.SUFFIX[kind]}"
    file.write_text(template(kind), "utf-8")
    return file


def filled(mine: Path) -> Path:
    """The folder with one file of each kind."""
    for kind in own.KINDS:
        examine(example(kind, mine.parent), mine, About(), TODAY).store()
    return mine


@pytest.mark.parametrize("kind", own.KINDS)
def test_templates_import_cleanly(
    kind: own.Kind, tmp_path: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `template` prints is itself a file that `import` takes, and that has no loose ends."""
    assert main(["template", kind], {"COSTCURVE_DATA": str(mine)}) == 0
    file = tmp_path / f"printed{own.SUFFIX[kind]}"
    file.write_text(capsys.readouterr().out, "utf-8")
    environ = {"COSTCURVE_DATA": str(mine), "COSTCURVE_KNOWLEDGE": str(tmp_path / "k.sqlite3")}
    assert main(["import", str(file)], environ) == 0
    assert is_current(tmp_path / "k.sqlite3", digest(DATA, mine))
    assert own.files(mine) == own.files(mine, kind)
    assert check(DATA, mine).errors == ()


def test_a_dry_run_changes_nothing(
    tmp_path: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what would be added and where it would lie, and writes neither data nor base."""
    file = example("prices", tmp_path)
    environ = {"COSTCURVE_DATA": str(mine), "COSTCURVE_KNOWLEDGE": str(tmp_path / "k.sqlite3")}
    assert main(["import", str(file), "--dry-run"], environ) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("would add price of Example 7B at example-gateway from 2024-03-01")
    assert said[-1] == f"as {mine / 'prices' / 'example.csv'}; nothing was changed"
    assert sorted(tmp_path.iterdir()) == [file]


def test_where_own_data_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the variable says, else in the user's data folder; never in the installation."""
    environ = {"COSTCURVE_DATA": str(tmp_path)}
    assert main(["path", "--own"], environ) == 0
    assert capsys.readouterr().out == f"{tmp_path}\n"
    usual = own.folder({})
    assert usual == own.folder({"COSTCURVE_DATA": ""})
    assert "costcurve" in usual.parts
    assert not usual.is_relative_to(Path(own.__file__).parent)


def test_own_studies_answer_with_their_own_source(mine: Path) -> None:
    """By number, by title and among the published estimates, with the link that the user gave."""
    with closing(KnowledgeBase(build_memory(DATA, filled(mine)))) as kb:
        talk = Conversation(kb)
        for asked in ("/study 1001", "what a support answer costs us"):
            (said,) = talk.turn(asked, TODAY).reply.texts
            assert "60% a year" in said
            assert "https://example.com/answers.pdf" in said
            assert "Example Ltd" in said
            assert "IP Carrier" not in said
        assert "1001" in "".join(talk.turn("/studies provider cost", TODAY).reply.texts)


def test_own_series_and_prices_are_kept_with_their_sources(mine: Path) -> None:
    """Both are read back as they were given, beside the product's."""
    with closing(KnowledgeBase(build_memory(DATA, filled(mine)))) as kb:
        series = kb.series("example-gpu-hour")
        values = {2019: 4.1, 2020: 3.6, 2021: 3.4, 2022: 3.2, 2023: 2.6, 2024: 1.9}
        assert {p.year: p.value for p in series.points} == values
        assert kb.source(series.source_id).publisher == "Example Ltd"
        assert kb.series().at(2023) == 0.08
        price = kb.market.price("example-7b", TODAY)
        assert price is not None
        assert (price.provider, price.input, price.output) == ("example-gateway", 0.3, 0.9)
        origin = kb.market.origin(price)
        assert (origin.title, origin.url) == (
            "Our gateway's price list",
            "https://example.com/prices",
        )
        assert origin.licence == "internal"


def test_an_own_host_leaves_the_makers_price_alone(tmp_path: Path, mine: Path) -> None:
    """A contract for a known model is one more offer; what its maker asks stays the price."""
    row = 'our-contract,gpt-4o,GPT-4o,,2026-01-01,,0.1,0.3,"Contract, https://example.com/c",'
    file = example("prices", tmp_path)
    header = file.read_text("utf-8").splitlines()[0]
    file.write_text(f"{header}\n{row}internal,,,,\n", "utf-8")
    examine(file, mine, About(), TODAY).store()
    with closing(KnowledgeBase(build_memory(DATA, mine))) as kb:
        price = kb.market.price("gpt-4o", TODAY)
        assert price is not None
        assert price.provider == "openai"
        assert kb.market.offers("gpt-4o", TODAY)[0].provider == "our-contract"


def test_a_table_of_years(tmp_path: Path, mine: Path) -> None:
    """Two columns become a series; years that are still to come count as forecasts."""
    file = tmp_path / "Our bills (all).csv"
    file.write_bytes(b"\xef\xbb\xbfyear,value\r\n2025,2\r\n2026,1.5\r\n2027,0.75\r\n")
    intake = examine(file, mine, YEARS, TODAY)
    assert " ".join(intake.adds) == (
        "series our-bills-all: Our bills, 3 rows, 2025 to 2027, in USD per answer; "
        "source: Our bills, Example Ltd, https://example.com/bills"
    )
    intake.store()
    series = next(s for s in load(DATA, mine).series if s.id == "our-bills-all")
    assert (series.observed_until, series.at(2027)) == (2026, 0.75)
    assert "forecast our-bills-all" in {finding.id for finding in check(DATA, mine).findings}


@given(title=st.text(min_size=1), publisher=st.text(min_size=1))
def test_whatever_a_series_is_called(
    title: str, publisher: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any words come back as they were given, or are refused in one sentence; never broken TOML."""
    folder = tmp_path_factory.mktemp("words")
    (folder / "costs.csv").write_text("year,value\n2024,2\n")
    about = About(title, "USD", publisher, "https://example.com")
    try:
        intake = examine(folder / "costs.csv", folder / "own", about, TODAY)
    except (DataError, UnicodeEncodeError):
        return
    intake.store()
    (source,) = (s for s in load(DATA, folder / "own").sources if s.id == "costs")
    assert (source.title, source.publisher) == (title, publisher)


SERIES, STUDIES, PRICES = "series.toml", "studies.toml", "prices.csv"
MISTAKES = [
    (SERIES, 'title = "What our cluster', 'titel = "What our cluster', "series example-gpu-hour",
     "unknown key 'titel'", "did you mean 'title'"),
    (SERIES, "year = 2023", "year = 2021", "points", "out of order", "move it before"),
    (SERIES, "value = 2.60", "value = -2.60", "series example-gpu-hour", "2023", "above zero"),
    (SERIES, "  { year = 2023, value = 2.60 },\n", "", "series example", "2023 has no row", "add"),
    (SERIES, 'id = "example-gpu-hour"', 'id = "post-inference"', "series post-inference",
     "there is a series of that id", "give yours another"),
    (SERIES, 'id = "example-bills"', 'id = "post"', "source", "there is a source", "another id"),
    (SERIES, 'url = "https://example.com/cluster-bills"\n', "", "source", "'url' is missing",
     "add a text"),
    (SERIES, "[source]", "[sourc]", "series example-gpu-hour", "unknown key 'sourc'", "source"),
    (SERIES, '"our gpu price"', '"the cost table"', "series example-gpu-hour",
     "'the cost table' already belongs to series post-inference", "keep it in one"),
    (SERIES, 'id = "example-gpu-hour"', 'id = "../escape"', "the file", "'id' is '../escape'",
     "small letters"),
    (STUDIES, "number = 1001", "number = 58", "study 58", "'number' is 58", "from 1001 on"),
    (STUDIES, 'topics = ["economics"]', 'topics = ["economy"]', "study 1001",
     "unknown topic 'economy'", "remove it"),
    (STUDIES, "low = 0.6", "low = 60", "study 1001, estimate", "in this order", "swap"),
    (STUDIES, 'confidence = "medium"', 'confidence = "sure"', "study 1001, publication",
     "'confidence' is 'sure'", "write one of"),
    (STUDIES, "[[study]]", 'collection = "post"\n[[study]]', "the file",
     "own studies are published estimates", "remove"),
    (PRICES, "example-gateway,example-7b,Example 7B", "openai,gpt-4o,GPT-4o", "line 2",
     "openai has prices of gpt-4o already", "openai-own"),
    (PRICES, ",2025-01-01,0.4", ",2024-12-01,0.4", "line 3", "leaves a gap", "correct one"),
    (PRICES, ",2025-01-01,0.4", ",,0.4", "line 2", "'valid_to' is empty", "write 2025-01-01"),
    (PRICES, "0.4,1.2", "$0.4,1.2", "line 2", "'input' is '$0.4'", "write a number"),
    (PRICES, "0.4,1.2", "0.4", "line 2", "has 13 cells", "write 14"),
    (PRICES, "witnesses", "witness", "the first line", "'witness'", "did you mean 'witnesses'"),
    (PRICES, "list, https://example.com/prices", "list", "line 2", "'source' is", "a link"),
    (PRICES, "example-gateway", "Open AI", "line 2", "'provider' is 'Open AI'", "write 'openai'"),
    (PRICES, "2025-01-01", "2034-01-01", "line 2", "'valid_to' is after 2026", "correct it"),
    (PRICES, ",Example 7B,2024-03-01,2025", ",Other,2024-03-01,2025", "line 3", "'name' is 'Other'",
     "write 'Example 7B'"),
    (PRICES, "internal,,launch", "MIT,,launch", "line 3", "'licence' is 'internal'", "write 'MIT'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "entry", "problem", "remedy"),
    MISTAKES,
    ids=[f"{mistake[0]}: {mistake[4]}" for mistake in MISTAKES],
)
def test_a_mistake_is_told_with_file_entry_and_remedy(  # one row of the table
    tmp_path: Path, mine: Path, name: str, old: str, new: str, entry: str, problem: str, remedy: str
) -> None:
    """The user reads in which file, row and column the mistake is; nothing is stored."""
    kind = next(kind for kind in own.KINDS if name.startswith(kind))
    file = example(kind, tmp_path)
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DataError) as caught:
        examine(file, mine, About(), TODAY)
    said = str(caught.value)
    assert said.startswith(f"{file}: ")
    assert all(part in said for part in (entry, problem, remedy)), said
    assert not mine.exists()


@pytest.mark.parametrize(
    ("content", "about", "said"),
    [
        ("year,value\n2024,2\n", About("Costs"), "add --unit --publisher --url"),
        ("year,value\n2024,two\n", YEARS, "line 2 (2024 two): 'value' is 'two'; write a number"),
        ("year,value\n24.5,2\n", YEARS, "line 2 (24.5 2): 'year' is '24.5'; write a whole number"),
        ("year,cost\n2024,2\n", YEARS, "unknown column 'cost'"),
        ("year;value\n2024;2\n", YEARS, "the first line: unknown column 'year;value'"),
        ("year,value\n", YEARS, "has no rows"),
        ("", YEARS, "the column 'year' is missing"),
        ("year,value\n2020,2\n2022,1\n", YEARS, "2021 has no row"),
        ("year,value\n2024,2\n", About(*("x",) * 4), "'url' is 'x'; write a full link"),
    ],
)
def test_mistakes_in_a_table_of_years(
    tmp_path: Path, mine: Path, content: str, about: About, said: str
) -> None:
    """Its line and column are named, or what the file does not say of itself."""
    file = tmp_path / "costs.csv"
    file.write_text(content)
    with pytest.raises(DataError) as caught:
        examine(file, mine, about, TODAY)
    assert str(caught.value).startswith(f"{file}: ")
    assert said in str(caught.value)


def test_files_that_are_none(
    tmp_path: Path, mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong path, another format, a broken or empty file: one sentence and status 2."""
    (tmp_path / "data.xlsx").write_bytes(b"PK")
    (tmp_path / "broken.toml").write_text("id = ")
    (tmp_path / "other.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.csv").write_text(template("prices").splitlines()[0] + "\n")
    environ = {"COSTCURVE_DATA": str(mine), "COSTCURVE_KNOWLEDGE": str(tmp_path / "k.sqlite3")}
    for name in ("none.csv", "data.xlsx", "broken.toml", "other.csv", "empty.csv"):
        assert main(["import", str(tmp_path / name)], environ) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith(f"{tmp_path / name}: ")
        assert captured.err.count("\n") == 1
    assert not mine.exists()


def test_what_is_taken_is_refused(tmp_path: Path, mine: Path) -> None:
    """The same file twice, and the same numbers under another name."""
    filled(mine)
    for kind in own.KINDS:
        with pytest.raises(DataError, match="is there already; delete that to replace it"):
            examine(example(kind, tmp_path), mine, About(), TODAY)
    with pytest.raises(DataError, match=r"other.toml: study 1001: .*example.toml has that number"):
        examine(example("studies", tmp_path, "other"), mine, About(), TODAY)
    with pytest.raises(DataError, match=r"other.csv: line 2 .*correct one of the two"):
        examine(example("prices", tmp_path, "other"), mine, About(), TODAY)


def test_the_product_never_takes_an_own_number(tmp_path: Path) -> None:
    """So that no upgrade collides with a study of the user's."""
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    file = data / "studies/published.toml"
    file.write_text(file.read_text("utf-8").replace("number = 58", "number = 1001"), "utf-8")
    with pytest.raises(DataError, match="for own data"):
        load(data)


def test_a_deleted_file_is_gone(mine: Path, tmp_path: Path) -> None:
    """Deleting it is all that removes own data: the next start builds without it."""
    path = tmp_path / "k.sqlite3"
    build(path, DATA, filled(mine))
    for file in own.files(mine):
        file.unlink()
    said = list[str]()
    ensure(path, said.append, DATA, mine)
    assert len(said) == 1
    assert is_current(path, digest())
    with closing(KnowledgeBase.open(path)) as kb:
        assert kb.study(1001) is None


def test_own_data_that_became_wrong_name_their_file(mine: Path, tmp_path: Path) -> None:
    """Edited by hand or contradicted by an upgrade: the sentence has the whole path."""
    file = filled(mine) / "studies" / "example.toml"
    file.write_text(file.read_text("utf-8").replace('"economics"', '"gone"'), "utf-8")
    with pytest.raises(DataError, match="unknown topic 'gone'") as caught:
        build(tmp_path / "k.sqlite3", DATA, mine)
    assert caught.value.file == str(file)
    (mine / "series" / "example-gpu-hour.toml").unlink()
    with pytest.raises(DataError) as again:
        examine(example("series", tmp_path, "new"), mine, About(), TODAY)
    assert again.value.file == str(file)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The sentence names the variable that moves it."""
    (tmp_path / "file").write_text("in the way")
    intake = Intake(tmp_path / "file" / "series" / "x.toml", b"", ("x",))
    with pytest.raises(KnowledgeError, match="set COSTCURVE_DATA to a folder"):
        intake.store()


def test_own_data_are_checked(mine: Path) -> None:
    """A number that its quote does not have is an error, in own data as well."""
    file = filled(mine) / "studies" / "example.toml"
    file.write_text(file.read_text("utf-8").replace("high = 0.6", "high = 0.7"), "utf-8")
    (error,) = check(DATA, mine).errors
    assert error.startswith("published study 1001: 0.7 is not what")
    assert "14 rows" in check(DATA, mine).summary  # eight of the post's and six of the example's


def test_own_data_are_exported_with_their_licence(mine: Path, tmp_path: Path) -> None:
    """Rows, sources and licences of own data stand in the package."""
    export(tmp_path / "out", "csv", DATA, filled(mine))
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    assert "internal" in {licence["name"] for licence in package["licenses"]}
    assert "https://example.com/prices" in {source["path"] for source in package["sources"]}
    assert "example-gateway" in (tmp_path / "out" / "prices.csv").read_text("utf-8")


def test_a_running_bot_takes_them_up(mine: Path, tmp_path: Path) -> None:
    """The rebuilt file has another version and the same shape, which is what the bot looks at."""
    path = tmp_path / "k.sqlite3"
    build(path, DATA, mine)
    before = KnowledgeBase.open(path)
    build(path, DATA, filled(mine))
    after = KnowledgeBase.open(path)
    assert (before.shape, before.study(1001)) == (after.shape, None)
    assert before.version != after.version
    assert after.study(1001) is not None
    before.close()
    after.close()


START = """
import sys
from bot.__main__ import main
main(["ask", "cost 2023"])
slow = "pandas", "tomllib", "platformdirs", "knowledge.intake", "knowledge.load"
print([name for name in slow if name in sys.modules])
"""


def test_own_data_cost_an_answer_nothing(mine: Path, tmp_path: Path) -> None:
    """With own data, too, an answer loads no reader of files; the variables are respected."""
    path = tmp_path / "k.sqlite3"
    build(path, DATA, filled(mine))
    environ = {"COSTCURVE_KNOWLEDGE": str(path), "COSTCURVE_DATA": str(mine)}
    done = subprocess.run(  # noqa: S603  # our own code in our own interpreter
        [sys.executable, "-c", START],
        cwd=Path(__file__).parent.parent,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_order_of_own_rows_does_not_matter(tmp_path: Path, mine: Path) -> None:
    """A spreadsheet's rows may stand in any order; they are read as one list."""
    header, *rows = template("prices").splitlines()
    file = tmp_path / "turned.csv"
    file.write_text("\n".join([header, *reversed(rows)]) + "\n", "utf-8")
    examine(file, mine, About(), TODAY).store()
    prices = [p for p in load_market(DATA, mine).prices if p.provider == "example-gateway"]
    assert [price.valid_from.year for price in prices] == [2024, 2025]
    assert check(DATA, mine).errors == ()
