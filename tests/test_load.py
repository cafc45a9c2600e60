"""The data files: what they must say, and how each kind of mistake is told."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.build import DATA
from knowledge.errors import DataError
from knowledge.load import Knowledge, load
from knowledge.rates import annualise

if TYPE_CHECKING:
    from knowledge.records import Study

KNOWN = load(DATA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data, to be spoiled."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} no longer holds {old!r}: choose another place to spoil"
    path.write_text(text.replace(old, new, 1), "utf-8")


TOPIC = '[[topic]]\nid = "algorithms"'
POINT = "{ year = 2019, value = 0.80 }"
ICML = 'venue = "ICML"'
QUOTE = 'quote = "a 50% reduction in inference costs per year"'
FIFTH = "study 5, estimate at position 1"
STUDIES, SERIES = "studies/post.toml", "series/post-inference.toml"
PUBLISHED = "studies/published.toml"
MISTAKES = [
    # file, words, what they become, entry, problem, remedy
    ("sources.toml", "title =", "tittle =", "source post", "unknown key 'tittle'", "'title'?"),
    ("sources.toml", "licence =", "zzz =", "source post", "unknown key 'zzz'", "remove it"),
    ("sources.toml", "[[source]]", "x = 1\n[[source]]", "the file", "unknown key 'x'", "remove"),
    ("sources.toml", "[[source]]", "[source]", "the file", "a list of tables", "[[source]]"),
    ("sources.toml", "[[source]]", "[[source]", "the file", "not valid TOML", "line 3"),
    ("sources.toml", "publisher =", "# ", "source post", "'publisher' is missing", "add a text"),
    ("sources.toml", 'id = "post"', "", "source at position 1", "'id' is missing", "add"),
    ("sources.toml", "= 2024-11-04", '= "4.11."', "source post", "'published' is '4.11.'", "date"),
    ("sources.toml", "= 2024-11-04", "= 2027-01-01", "source post", "before", "correct one"),
    ("sources.toml", "https://", "ip", "source post", "'url' is", "full link"),
    ("sources.toml", '"IP Carrier', '" IP Carrier', "source post", "'publisher' holds", "blanks"),
    ("sources.toml", 'id = "post"', 'id = "blog"', "studies/post.toml", "source 'post'", "add"),
    ("topics.toml", TOPIC, TOPIC.replace("alg", "zal"), "topic batch", "out of order", "move it"),
    ("topics.toml", TOPIC, TOPIC.replace("algorithms", "carbon"), "topic batch", "order", "move"),
    ("topics.toml", 'id = "carbon"', 'id = "batch-normalization"', "topic batch", "twice",
     "remove"),
    ("topics.toml", '"ram", ', "7, ", "topic memory", "'synonyms' holds 7", "list of texts"),
    ("topics.toml", '"memory", "ram"', '"ram", "memory"', "topic memory", "order", "before 'ram'"),
    ("topics.toml", '"memory", "ram"', '"ram", "ram"', "topic memory", "twice", "remove one"),
    ("topics.toml", '"vram"', '"weights", "wnn", "Sparse"', "topic memory", "order", "'Sparse'"),
    ("topics.toml", '"sparse",', '"shared memory",', "topic pruning", "already belongs", "keep it"),
    ("topics.toml", 'id = "edge"', 'id = "edgy"', "study 7", "unknown topic 'edge'", "topics.toml"),
    ("venues.toml", '"nips"', '"icml"', "venue NeurIPS", "out of order", "move 'icml'"),
    ("venues.toml", '"jmlr"', '"ICML"', "venue Journal", "already belongs to venue ICML", "keep"),
    ("venues.toml", 'name = "ACL"', 'name = "ACL"\nid = 1', "venue 1", "unknown key 'id'",
     "remove"),
    (SERIES, f"{POINT},\n", "", "2019 has no row", "gap", "add"),
    (SERIES, "0.80", "0", "series post", "must be above zero", "2019"),
    (SERIES, "0.80", "-1", "series post", "-1.0", "above zero"),
    (SERIES, "0.80", "nan", "points at position 2", "nan", "finite"),
    (SERIES, "0.80", "true", "points at position 2", "True", "a number"),
    (SERIES, "year = 2019", "year = 2018", "position 2", "twice", "remove"),
    (SERIES, "year = 2018", "year = 2020", "position 2", "order", "before"),
    (SERIES, "year = 2018", "year = 1018", "series post", "1018", "correct"),
    (SERIES, "until = 2024", "until = 2030", "series post", "2030", "a row"),
    (SERIES, '"post-inf', '"inf', "series inf", "stands in", "inference.toml"),
    (SERIES, '"USD per', '"', "series post", "'unit' holds", "one line"),
    (SERIES, '= "inference"', '= "x"', "series", "is 'x'", '"inference", "tra'),
    (STUDIES, 'collection = "post"', 'collection = "p"', "the file", "stands", "p.toml"),
    (STUDIES, "number = 2", "number = 1", "study 1", "twice", "another number"),
    (STUDIES, "number = 2", "number = 9", "study 3", "out of order", "before study 9"),
    (STUDIES, "number = 1\n", "number = 0\n", "study 0", "1 or more", "next free"),
    (STUDIES, "number = 1\n", 'number = "1"\n', "study 1", "is '1'", "whole number"),
    (STUDIES, "year = 2019", "year = 2025", "study 1", "after its source", "correct"),
    (STUDIES, "year = 2019", "year = 2019.5", "study 1", "2019.5", "whole number"),
    (STUDIES, '"inference"', '"serving"', "study 1", "'workload' is 'serving'", "one of"),
    (STUDIES, ICML, 'venue = "icml"', "study 5", "'venue' is 'icml'", "write 'ICML'"),
    (STUDIES, '"NeurIPS"', '"nips"', "study 1", "'venue' is 'nips'", "write 'NeurIPS'"),
    (STUDIES, "Efficient Transformers: A Survey", "The Hardware Lottery", "study 3",
     "already belongs to study 2", "keep it in one"),
    (STUDIES, QUOTE, 'quote = "50% less"', "study 5", "'50% less' is not in", "copy"),
    (STUDIES, QUOTE, "", FIFTH, "'quote' is missing", "add a text"),
    (STUDIES, QUOTE, QUOTE + "\nyears_low = 1", FIFTH, "belong together", "both"),
    (STUDIES, QUOTE, QUOTE + "\nyears_low = 1\nyears_high = 1", FIFTH, "needs no", "remo"),
    (STUDIES, QUOTE, QUOTE + "\nperiod_start = 2021", FIFTH, "needs a 'period_end'", "both"),
    (STUDIES, "period_start = 2018", "period_start = 2022", "study 13", "after", "swap"),
    (STUDIES, "period_start = 2018", 'period_start = "2018-13"', "study 13", "month", "2022-11"),
    (STUDIES, "years_high = 3", "years_high = 1", "study 13", "in order", "swap"),
    (STUDIES, "low = 0.2", "low = 20", "study 1, estimate", "in this order", "swap"),
    (STUDIES, "low = 0.2\nhigh = 0.3", "low = 20\nhigh = 30", "study 1, estimate", "100%",
     "write 30% as 0.3"),
    (STUDIES, "low = 2\n", "low = 0.5\n", "study 2, estimate", "is a rise", "cheaper"),
    (STUDIES, '"annual_decline"', '"yearly"', "study 1, estimate", "is 'yearly'", "one of"),
    (STUDIES, "[study.standing]", "[study.stand]", "study 1", "no standing", "add"),
    (STUDIES, '"not_found"', '"found"', "study 1", "has a 'url'", "only then"),
    (STUDIES, '"not_found"', '"lost"', "study 1, standing", "is 'lost'", "one of"),
    (STUDIES, "https://doi.org", "doi.org", "study 2", "'url' is 'doi.org", "full link"),
    (PUBLISHED, "number = 18\n", "number = 17\n", "study 17", "studies/post.toml has", "another"),
    (PUBLISHED, 'group = "price index"', 'group = "prices"', "study 31", "'group'", "one of"),
    (PUBLISHED, 'group = "price index"\n', "", "study 31", "has a 'group'", "only that"),
    (PUBLISHED, "central = 50\n", "central = 5\n", "study 18", "'central'", "correct"),
    (PUBLISHED, "at_least = true\n", "at_least = 1\n", "study 30", "'at_least'", "true or false"),
    (PUBLISHED, "month = 3\n", "month = 13\n", "study 18", "'month' is 13", "1 to 12"),
    (PUBLISHED, "[study.publication]", "[study.publisher]", "study 18", "no publication", "add"),
    (PUBLISHED, 'direction = "rise"', 'direction = "up"', "study 24", "'direction'", "one of"),
    (PUBLISHED, 'confidence = "high"', 'confidence = "sure"', "study 18", "'confidence'", "one of"),
    ("statements.toml", '"headline"', '"a"', "statement a", "out of order", "before statement con"),
    ("statements.toml", "20% to 30% Per Year\"\nm", 'a fifth"\nm', "statement headline", "not in",
     "copy"),
    ("statements.toml", "[statement.estimate]", "[[statement.estimate]]", "statement headline",
     "'estimate' is no table", "under [statement.estimate]"),
    ("statements.toml", "high = 0.3", "high = 1.3", "statement headline", "100%", "0.3"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "entry", "problem", "remedy"),
    MISTAKES,
    ids=[f"{mistake[0]}: {mistake[4]}" for mistake in MISTAKES],
)
def test_a_mistake_is_told_with_file_entry_and_remedy(  # one row of the table
    data: Path, file: str, old: str, new: str, entry: str, problem: str, remedy: str
) -> None:
    """Whoever edits the data reads where the mistake is, what it is, and what to do."""
    edit(data / file, old, new)
    with pytest.raises(DataError) as caught:
        load(data)
    said = str(caught.value)
    assert all(part in said for part in (entry, problem, remedy)), said
    assert said.startswith(caught.value.file)
    assert (data / caught.value.file).is_file()


def test_a_missing_file_is_told(data: Path) -> None:
    """A file that is gone is named."""
    (data / "venues.toml").unlink()
    with pytest.raises(DataError, match=r"venues\.toml: the file: is missing; restore it"):
        load(data)


def test_adding_a_study_is_one_entry(data: Path) -> None:
    """A new study, even from a venue nobody cited before, edits one file."""
    with (data / "studies/post.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[study]]\nnumber = 59\ntitle = "Cheaper Still"\nyear = 2024\n'
            'venue = "A New Place"\n'
            'workload = "inference"\nconclusion = "Costs fall by 10% a year."\ntopics = ["edge"]\n'
            '[study.standing]\nstatus = "not_found"\nclaim_check = "unverifiable"\n'
            'says = "Nothing."\nsearched = "Here."\nchecked = 2026-11-22\n'
        )
    found = load(data)
    assert [s.title for s in found.studies if s.number == 59] == ["Cheaper Still"]
    assert ("A New Place", ()) in [(venue.name, venue.aliases) for venue in found.venues]


def test_adding_a_series_is_adding_a_file(data: Path) -> None:
    """Every file in series/ is read; an alias that another series has is refused."""
    text = (data / "series/post-inference.toml").read_text("utf-8").replace("post-inf", "zz-inf")
    (data / "series/zz-inference.toml").write_text(text, "utf-8")
    with pytest.raises(DataError, match="already belongs to series post-inference"):
        load(data)
    head, _, rest = text.partition("aliases")
    rows = rest[rest.index("points") :]
    head = head.replace("The post's illustrative", "Another")
    (data / "series/zz-inference.toml").write_text(f'{head}aliases = ["zz"]\n{rows}', "utf-8")
    assert [series.id for series in load(data).series] == ["post-inference", "zz-inference"]


def study(number: int, known: Knowledge = KNOWN) -> Study:
    (found,) = (study for study in known.studies if study.number == number)
    return found


def test_the_post_is_all_there() -> None:
    """Seventeen studies, seven on inference and ten on training, in the post's order."""
    studies = [found for found in KNOWN.studies if found.collection == "post"]
    assert [found.number for found in studies] == list(range(1, 18))
    assert [found.workload for found in studies] == ["inference"] * 7 + ["training"] * 10
    assert study(6).title == "Beyond Moore’s Law: AI-Specific Hardware Innovations"
    assert [(point.year, point.value) for point in KNOWN.series[0].points] == [
        (2018, 1), (2019, 0.8), (2020, 0.5), (2021, 0.3),
        (2022, 0.15), (2023, 0.08), (2024, 0.04), (2025, 0.02),
    ]  # fmt: skip
    (source,) = KNOWN.sources
    assert (source.publisher, str(source.published)) == ("IP Carrier (blog)", "2024-11-04")
    assert source.author is None
    assert {said.id for said in KNOWN.statements} >= {
        "headline", "larger-models", "training-declines", "capital-intensity", "continues",
    }  # fmt: skip


ANNUAL = {  # percent a year; None where the post names no period
    1: (20, 30), 2: (29.3, 50), 3: (16.3, 29.3), 4: None, 5: (50, 50), 6: (29.3, 50),
    7: (50, 50), 8: (50, 50), 9: (40, 40), 10: None, 11: None, 12: (30, 30),
    13: (20.6, 20.6), 14: None, 15: (35, 35), 16: (50, 50), 17: None,
}  # fmt: skip


@pytest.mark.parametrize("number", ANNUAL)
def test_every_claim_on_the_annual_scale(number: int) -> None:
    """Each study makes one claim, and this is what it comes to in a year."""
    (claim,) = study(number).estimates
    rate = annualise(claim)
    found = None if rate is None else (round(100 * rate.low, 1), round(100 * rate.high, 1))
    assert found == ANNUAL[number]


def test_the_standing_of_the_citations() -> None:
    """Two found as cited, three elsewhere, twelve not found; no claim supported; 15 is probable."""
    standings = {found.number: found.citation for found in KNOWN.studies if found.standing}
    assert Counter(each.status for each in standings.values()) == {
        "found": 2, "found_elsewhere": 3, "not_found": 12,
    }  # fmt: skip
    checks = {number: each.claim_check for number, each in standings.items() if each.url}
    assert checks == {
        2: "not_in_source", 3: "not_in_source", 10: "differs", 12: "not_in_source",
        15: "unverifiable",
    }  # fmt: skip
    assert all(each.claim_check != "supported" for each in standings.values())
    assert [number for number, each in standings.items() if each.probable] == [15]
    assert standings[12].actual_authors[:2] == ("Jared Kaplan", "Sam McCandlish")
    assert standings[2].identifier == "doi:10.1145/3467017; arXiv:2009.06489"


@pytest.mark.parametrize(
    ("topic", "numbers"),
    [
        ("pruning", [3, 10, 14]),
        ("quantization", [3, 11, 14]),
        ("carbon", [15]),
        ("edge", [7]),
        ("multi-gpu", [16]),
        ("transformers", [3, 4, 11]),
        ("scaling-laws", [12]),
        ("moores-law", [6]),
        ("parallelism", [9, 16]),
        ("custom-chips", [2, 5, 6, 8, 13, 16]),
    ],
)
def test_topics_are_honest(topic: str, numbers: list[int]) -> None:
    """A study is filed under what its title or conclusion names."""
    filed = [found.number for found in KNOWN.studies if topic in found.topics]
    assert [number for number in filed if number <= 17] == numbers
