"""The export: tables that others can read, described field by field."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from knowledge.build import DATA
from knowledge.errors import KnowledgeError
from knowledge.export import FORMATS, Format, export
from knowledge.load import load

if TYPE_CHECKING:
    from pathlib import Path

ENDS = ("annual_low", "annual_high")


@pytest.fixture(scope="module", params=FORMATS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Format]:
    target = tmp_path_factory.mktemp(request.param) / "new" / "folder"
    export(target, request.param)
    return target, request.param


def package(exported: tuple[Path, Format]) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((exported[0] / "datapackage.json").read_text("utf-8"))
    return described


def table(exported: tuple[Path, Format], name: str) -> pd.DataFrame:
    target, form = exported
    path = target / f"{name}.{form}"
    if form == "csv":
        return pd.read_csv(path)
    return pd.DataFrame(json.loads(path.read_text("utf-8")))


def test_the_description_fits_the_files(exported: tuple[Path, Format]) -> None:
    """Every file is described, every column is a field, every reference leads to a field."""
    described = package(exported)
    resources = {resource["name"]: resource for resource in described["resources"]}
    files = {path.name for path in exported[0].iterdir()} - {"datapackage.json"}
    assert {resource["path"] for resource in resources.values()} == files
    ours = json.loads((DATA / "datapackage.json").read_text("utf-8"))["licenses"]
    assert described["licenses"][: len(ours)] == ours
    for name, resource in resources.items():
        schema = resource["schema"]
        fields = [field["name"] for field in schema["fields"]]
        assert list(table(exported, name).columns) == fields
        assert set(schema["primaryKey"]) <= set(fields)
        for link in schema["foreignKeys"]:
            there = table(exported, link["reference"]["resource"])[link["reference"]["fields"][0]]
            here = table(exported, name)[link["fields"][0]].dropna()
            assert set(here) <= set(there)


NAME = re.compile(r"[A-Za-z0-9._-]+")
TYPES = {"string", "integer", "number", "date", "boolean"}


def test_the_description_is_a_data_package(exported: tuple[Path, Format]) -> None:
    """What a validator of tabular data packages asks for, so that others' tools can read it."""
    described = package(exported)
    assert described["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[a-z0-9._-]+", described["name"])
    for part in (described, *described["resources"]):
        assert all(source["title"] and source["path"] for source in part.get("sources", ()))
        licences = part.get("licenses", ())
        assert all(NAME.fullmatch(licence["name"]) for licence in licences)
        assert len({licence["name"] for licence in licences}) == len(licences)
    for resource in described["resources"]:
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
        assert resource["profile"] == "tabular-data-resource"
        for field in resource["schema"]["fields"]:
            assert field["type"] in TYPES
        keys = table(exported, resource["name"])[resource["schema"]["primaryKey"]]
        assert not keys.duplicated().any()


def test_figures_come_with_sources_and_licences(exported: tuple[Path, Format]) -> None:
    """Each table of figures names what it rests on, and the package names all of that."""
    described = package(exported)
    resources = {resource["name"]: resource for resource in described["resources"]}
    everything = {source["path"] for source in described["sources"]}
    for name in ("points", "statements", "studies", "estimates", "prices", "scores", "origins"):
        there = {source["path"] for source in resources[name]["sources"]}
        assert there
        assert there <= everything
        assert resources[name]["licenses"]
    for name, column in (("origins", "url"), ("scores", "url"), ("publications", "url")):
        links = set(table(exported, name)[column])
        assert {source["path"] for source in resources[name]["sources"]} == links
    for name in ("origins", "scores", "sources"):
        licences = {licence["title"] for licence in resources[name]["licenses"]}
        assert licences == set(table(exported, name)["licence"])


def test_required_fields_are_full(exported: tuple[Path, Format]) -> None:
    """Where the description says that a field is required, no row leaves it out."""
    for resource in package(exported)["resources"]:
        frame = table(exported, resource["name"])
        for field in resource["schema"]["fields"]:
            if field.get("constraints", {}).get("required"):
                assert frame[field["name"]].notna().all(), (resource["name"], field["name"])


def test_claims_come_with_their_annual_rates(exported: tuple[Path, Format]) -> None:
    """Low and high per year, computed; empty where the claim names no period."""
    claims = table(exported, "estimates").dropna(subset="study_id")
    low, high = (dict(zip(claims["study_id"], claims[end], strict=True)) for end in ENDS)
    assert (low[2], high[2]) == pytest.approx((0.292893, 0.5), abs=1e-6)
    assert (low[3], high[3]) == pytest.approx((0.163340, 0.292893), abs=1e-6)
    for end in ENDS:
        assert claims["study_id"][claims[end].isna()].tolist() == [4, 10, 11, 14, 17]


def test_values_survive(exported: tuple[Path, Format]) -> None:
    """Rows, years without fractions, words with commas and quotes: as in the data."""
    known = load(DATA)
    points = table(exported, "points")
    assert points[["year", "value"]].to_numpy().tolist() == [
        [point.year, point.value] for point in known.series[0].points
    ]
    studies = table(exported, "studies")
    assert studies["conclusion"].tolist() == [study.conclusion for study in known.studies]
    standings = table(exported, "standings")
    checks = [study.standing for study in known.studies if study.standing]
    assert standings["searched"].tolist() == [check.searched for check in checks]
    assert standings["probable"].tolist() == [check.probable for check in checks]
    works = [study.publication for study in known.studies if study.publication]
    quoted = table(exported, "publications")["second_hand"].tolist()
    assert quoted == [work.second_hand for work in works]
    text = (exported[0] / f"standings.{exported[1]}").read_text("utf-8")
    assert "2021.0" not in text
    assert "Urs Hölzle" in text


def test_a_target_that_is_no_folder(tmp_path: Path) -> None:
    """The sentence names what is in the way and the option that names another."""
    file = tmp_path / "taken"
    file.write_text("in the way")
    with pytest.raises(KnowledgeError, match=r"taken cannot be a folder .* --to"):
        export(file, "csv")
