"""Fresh prices: what a newer snapshot may add to the table, what it may not, and what stays."""

from __future__ import annotations

from datetime import UTC, date, time
from types import SimpleNamespace as Shape
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from knowledge.__main__ import main
from knowledge.build import DATA
from knowledge.errors import DataError
from knowledge.market import ledger, news, snapshot
from knowledge.market.load import load
from knowledge.market.matching import KNOWN
from knowledge.market.refresh import Review, review
from knowledge.market.snapshot import Quote, Snapshot, quotes

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 25)
HEADER = (
    "provider,model,name,released,valid_from,valid_to,input,output,source,licence,witnesses,"
    "start_known,end_known,note\n"
)
SOL = "acme,sol-1.5,Sol 1.5,2026-01-01,2026-03-01,,2,8,genai-prices 0.1 (2026-03-01),MIT,,,,\n"
PRICES = (
    HEADER
    + "acme,luna-1,Luna 1,2025-01-01,2025-01-01,2025-06-01,4,8,rumours,MIT,,launch day,,\n"
    + 'acme,luna-1,Luna 1,2025-01-01,2025-06-01,,2,4,rumours,MIT,"genai-prices, rumours",'
    + '"cut, announced",last seen 2026-06-27,\n'
    + "acme,old-1,Old 1,,2024-01-01,2026-01-01,10,30,rumours,MIT,genai-prices,,retired,\n"
    + SOL
    + "host,sol-1.5,Sol 1.5,,2026-03-01,,1,3,rumours,MIT,rumours,,,\n"
)
NAMES = """
[[model]]
id = "luna-1"
aliases = ["moonlight"]

[[provider]]
id = "acme"
name = "Acme"
host = false
aliases = ["acme ai"]

[[provider]]
id = "host"
name = "A Host"
host = true
"""
MARKET = """# what the tables rest on

as_of = 2026-11-22

[[origin]]
id = "genai-prices"
title = "pydantic/genai-prices"
url = "https://github.com/pydantic/genai-prices"
licence = "MIT"

[[origin]]
id = "rumours"
title = "Rumours"
url = "https://example.org"
licence = "MIT"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small market's files."""
    market = tmp_path / "data" / "market"
    market.mkdir(parents=True)
    scores = "benchmark,model,score,counts_from,source,url,licence\n"
    files = {
        "prices.csv": PRICES,
        "names.toml": NAMES,
        "market.toml": MARKET,
        "scores.csv": scores,
    }
    for name, text in files.items():
        (market / name).write_text(text, "utf-8")
    return market.parent


def quote(
    model: str = "luna-1",
    low: float | None = 1.0,
    high: float | None = 3.0,
    *,
    provider: str = "acme",
    name: str | None = None,
    since: date | None = None,
    up_to: int | None = None,
    deprecated: bool = False,
) -> Quote:
    return Quote(provider, provider, model, name, low, high, since, up_to, deprecated)


def judged(data: Path, *found: Quote, confirm: tuple[str, ...] = (), day: date = DAY) -> Review:
    return review(load(data), Snapshot(" 0.3.0", day, found), confirm)


def prices(low: object, high: object) -> Shape:
    """The package's ModelPrice: keys that are not priced are None."""
    return Shape(input_mtok=low, output_mtok=high, cache_read_mtok=None)


def when(prices: Shape, **constraint: object) -> Shape:
    """The package's ConditionalPrice."""
    return Shape(constraint=Shape(**constraint) if constraint else None, prices=prices)


def read(prices: object) -> Quote:
    """What is read of a provider with one model, in the package's shapes."""
    model = Shape(id="m", name="M", deprecated=None, prices=prices)
    (found,) = quotes([Shape(id="p", name="P", models=[model])], DAY)
    return found


def test_a_plain_price_is_read_per_million_tokens() -> None:
    """The package's dollars are per million already, and a price that it lacks is None."""
    assert read(prices(2, 8)) == Quote("p", "P", "m", "M", 2.0, 8.0)
    assert read(prices(2, None)).output is None
    assert read([]).input is None


def test_the_shortest_prompts_count() -> None:
    """Of tiers by the length of the prompt the first is read, with the length it ends at."""
    tiers = [Shape(start=272000, price=10), Shape(start=128000, price=7)]
    found = read(prices(Shape(base=5, tiers=tiers), Shape(base=30, tiers=[])))
    assert (found.input, found.output, found.up_to) == (5.0, 30.0, 128000)


def test_the_price_in_force_is_the_last_that_began() -> None:
    """Announced prices wait for their day; prices of single hours do not stand for the day."""
    night = {"start_time": time(0, tzinfo=UTC), "end_time": time(4, tzinfo=UTC)}
    found = read(
        [
            when(prices(1, 2)),
            when(prices(3, 4), start_date=date(2026, 8, 17)),
            when(prices(5, 6), start_date=date(2026, 11, 26)),
            when(prices(7, 8), **night),
        ]
    )
    assert (found.input, found.output, found.since) == (3.0, 4.0, date(2026, 8, 17))
    only_later = read([when(prices(5, 6), start_date=date(2026, 12, 1))])
    assert (only_later.input, only_later.since) == (5.0, None)


@pytest.mark.parametrize(
    ("provider", "model", "name"),
    [
        ("acme", "luna-1", None),
        ("ACME-AI", "labs/Luna_1", None),
        ("acme", "l-v7", "Luna 1"),
        ("acme", "moonlight", None),
        ("acme", "luna-1-20250101", None),
        ("acme", "luna-1-2025-01-01", None),
        ("acme", "luna-1-latest", None),
        ("acme", "x", "Luna 1 (2025-01-01)"),
    ],
)
def test_spelling_does_not_hide_an_offer(data: Path, provider: str, model: str, name: str) -> None:
    """Ids, names and aliases match whatever their case, points and dates."""
    (change,) = judged(data, quote(model, provider=provider, name=name)).changes
    assert (change.offer, change.after.name) == ("acme/luna-1", "Luna 1")


@pytest.mark.parametrize("model", ["luna-1-mini", "luna", "luna-1+", "luna-10", "luna-1-20259999"])
def test_what_is_only_alike_is_listed_and_not_guessed(data: Path, model: str) -> None:
    """A variant is another model: without an equal name nothing is said of ours."""
    found = judged(data, quote(model))
    assert not found.changes
    assert [strange.model for strange in found.strange] == [model]
    assert ("acme", "luna-1") in found.unseen


def test_the_sellers_ids_that_are_known_mean_models_of_ours() -> None:
    """The list of ids that no name equals holds nothing that the table does not have."""
    assert set(KNOWN.values()) <= {model.id for model in load(DATA).models}


def test_other_providers_prices_are_not_ours(data: Path) -> None:
    """The same model at a provider that we do not have says nothing of our offers."""
    found = judged(data, quote(provider="elsewhere"))
    assert (len(found.elsewhere), found.changes) == (1, ())


def test_an_undated_name_goes_before_a_dated_version(data: Path) -> None:
    """Dated versions of one price are one model; of several prices the current name's counts."""
    old = quote("luna-1-20250101", 9.0, 9.5)
    assert judged(data, old, quote()).changes[0].after.input == 1.0
    newer = quote("luna-1-20250601", 9.0, 9.5)
    assert judged(data, old, newer).changes[0].after.input == 9.0
    assert judged(data, old, quote("luna-1-20250601", 8.0, 9.5)).unclear == (("acme", "luna-1"),)


def test_equal_prices_are_no_changes(data: Path) -> None:
    """Nothing is said to have changed when nothing did, and what ended is not opened again."""
    found = judged(data, quote("luna-1", 2.0, 4.0), quote("old-1", 5.0, 20.0))
    assert (found.changes, found.refusals, found.same) == ((), (), 1)
    assert found.ended == (("acme", "old-1"),)
    assert "No changes" in news.tell(found, date(2026, 11, 22), Snapshot(" 1", DAY, ()))


def test_a_change_says_from_what_to_what_and_from_when(data: Path) -> None:
    """One line: the offer, the old price, the new one, its first day and how that is known."""
    taken = Snapshot(" 0.3.0", DAY, (quote(),))
    said = news.tell(review(load(data), taken), date(2026, 11, 22), taken)
    line = "acme/luna-1: 2/4 -> 1/3 from 2026-11-25 (first day a snapshot showed it)"
    assert line in said
    assert "No changes" not in said


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (quote(low=0.2, high=0.4), "'input' is 10 times off, which looks like a slip"),
        (quote(low=2.0, high=0.04), "'output' is 0.02 times 'input'"),
        (quote(low=2.0, high=40.0), "'output' is 20 times 'input'"),
        (quote(low=0.002, high=0.004), "'input' is 1000 times off"),
        (quote(low=0.000002, high=0.000004), "'input' is 2e-06"),
        (quote(low=300.0, high=600.0), "'input' is 150 times off"),
        (quote(low=0.0, high=0.0), "is free"),
        (quote(low=2.0, high=0.0), "is free"),
        (quote(low=-1.0, high=3.0), "'input' is -1"),
        (quote(since=date(2026, 11, 21)), "starts before 2026-11-22"),
        (quote(low=4.0, high=8.0), "is what it cost until 2025-06-01"),
        (quote("sol-1.5", 1.5, provider="host"), "genai-prices never showed the price before"),
    ],
)  # fmt: skip
def test_a_price_that_cannot_be_or_needs_a_look_is_refused(
    data: Path, found: Quote, why: str
) -> None:
    """Each refused row says in one line why, and what to do about it."""
    outcome = judged(data, found)
    assert outcome.changes == ()
    (refusal,) = outcome.refusals
    assert refusal.why.startswith(why)
    assert "; " in refusal.why
    assert "\n" not in refusal.why


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        (quote(low=0.2, high=0.4), True),
        (quote(low=300.0, high=600.0), True),
        (quote(low=0.0, high=0.0), False),
        (quote(low=2.0, high=40.0), False),
        (quote(since=date(2026, 11, 21)), False),
    ],
)
def test_confirming_takes_what_is_odd_but_not_what_is_impossible(
    data: Path, found: Quote, *, taken: bool
) -> None:
    """Somebody who looked may overrule a doubt; no one overrules a fault."""
    outcome = judged(data, found, confirm=("acme/luna-1",))
    assert (len(outcome.changes), len(outcome.refusals)) == (taken, not taken)


def test_a_start_before_the_release_is_refused(data: Path) -> None:
    """Nothing is sold before it is released."""
    market = load(data)
    # the loader would refuse such a row, so the release is moved in what was read
    late = tuple(replace(price, released=date(2026, 12, 1)) for price in market.prices)
    (refusal,) = review(replace(market, prices=late), Snapshot(" 1", DAY, (quote(),))).refusals
    assert refusal.why.startswith("'valid_from' is before 'released'")


def test_a_snapshot_older_than_the_table_adds_nothing(data: Path) -> None:
    """What was public before our state cannot follow it."""
    outcome = judged(data, quote(), day=date(2026, 11, 1))
    assert outcome.changes == ()
    assert outcome.refusals[0].why.startswith("starts before")


def test_what_is_new_to_the_table_waits_for_a_word(data: Path) -> None:
    """A model or offer that we lack is listed; it is added only by its name."""
    comet, host = quote("comet-2", name="Comet 2"), quote(provider="host")
    assert not judged(data, comet, host).changes
    assert [c.offer for c in judged(data, comet, host).waiting] == ["acme/comet-2", "host/luna-1"]
    (change,) = judged(data, comet, host, confirm=("acme/comet-2",)).changes
    assert (change.after.name, change.after.valid_from, change.before) == ("Comet 2", DAY, None)
    nameless, leaving = quote("comet-3"), quote("comet-4", name="Comet 4", deprecated=True)
    assert len(judged(data, nameless, leaving).strange) == 2


def test_a_confirmation_that_nothing_waited_for_is_said(data: Path) -> None:
    """A misspelt name is not passed over in silence."""
    outcome = judged(data, quote(), confirm=("acme/lunar",))
    assert outcome.needless == ("acme/lunar",)


def test_new_rows_follow_and_all_other_lines_stay(data: Path) -> None:
    """The row before is closed on the new one's first day; nothing else in the file changes."""
    comet = quote("comet-2", name="Comet 2", up_to=199999)
    sol = quote("sol-1.5", 2.5, 8.0, since=date(2026, 11, 24))
    ledger.add(data, judged(data, quote(), comet, sol, confirm=("acme/comet-2",)).changes, DAY)
    columns, before, luna, old, _, host = PRICES.splitlines(keepends=True)
    source = "genai-prices 0.3.0 (2026-11-25),MIT,genai-prices"
    seen = "first day a snapshot showed"
    dated = "dated by genai-prices"
    known = f"{dated}; first snapshot showing it 2026-11-25"
    expected = (
        columns,
        f"acme,comet-2,Comet 2,,2026-11-25,,1,3,{source},{seen} it,,prompts up to 200K tokens\n",
        before,
        luna.replace("06-01,,", "06-01,2026-11-25,").replace("last", f"{seen} another price; last"),
        f"acme,luna-1,Luna 1,2025-01-01,2026-11-25,,1,3,{source},{seen} it,,\n",
        old,
        SOL.replace("03-01,,", "03-01,2026-11-24,").replace(",,\n", f",{dated},\n"),
        f"acme,sol-1.5,Sol 1.5,2026-01-01,2026-11-24,,2.5,8,{source},{known},,\n",
        host,
    )
    assert (data / "market" / "prices.csv").read_text("utf-8") == "".join(expected)
    head = (data / "market" / "market.toml").read_text("utf-8")
    assert head == MARKET.replace("2026-11-22", "2026-11-25")


def test_a_second_run_finds_nothing(data: Path) -> None:
    """What was added is known: the same snapshot has nothing more to say."""
    found = (quote(), quote("comet-2", name="Comet 2"))
    ledger.add(data, judged(data, *found, confirm=("acme/comet-2",)).changes, DAY)
    again = judged(data, *found)
    assert (again.changes, again.waiting, again.refusals, again.same) == ((), (), (), 2)


def test_a_second_change_within_a_day_waits(data: Path) -> None:
    """A period is a day at least: another price on the day of the last one is refused."""
    ledger.add(data, judged(data, quote()).changes, DAY)
    (refusal,) = judged(data, quote(low=1.1)).refusals
    assert refusal.why.startswith("would not start after our row of 2026-11-25")


def test_what_the_loader_refuses_replaces_nothing(data: Path) -> None:
    """The new files are read by the loader first; if it objects the old ones stay as they are."""
    changes = judged(data, quote()).changes
    with pytest.raises(DataError):
        ledger.add(data, changes, date(2026, 11, 23))  # the table would end before its last row
    assert (data / "market" / "prices.csv").read_text("utf-8") == PRICES
    assert (data / "market" / "market.toml").read_text("utf-8") == MARKET
    assert [path.name for path in data.parent.iterdir()] == ["data"]


def test_the_repository_s_table_is_written_as_it_is_read() -> None:
    """No line of the real file would change its quotes or numbers only for being written."""
    text = (DATA / "market" / "prices.csv").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    assert [ledger._line(ledger._cells(line)) for line in lines] == lines
    assert ledger.with_rows(text, ()) == text


def test_without_the_package_one_sentence_says_what_to_install(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package is optional: without it the command says so and ends with status 2."""
    monkeypatch.setattr(snapshot, "PACKAGE", "no-such-prices")
    assert main(["refresh", "--data", str(data)]) == 2
    said = capsys.readouterr().err.strip()
    assert "pip install '.[refresh]'" in said
    assert "\n" not in said


def test_the_installed_package_is_read(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shapes above are the package's: its installed version gives priced, named quotes."""
    pytest.importorskip("genai_prices", reason="needs the package: pip install '.[refresh]'")
    taken = snapshot.take(update=False)
    assert len([q for q in taken.quotes if q.input and q.output and q.name]) > 500
    assert any(q.since for q in taken.quotes)
    assert any(q.up_to for q in taken.quotes)
    known = review(load(DATA), taken)
    assert known.same + len(known.changes) + len(known.refusals) > 50
    assert main(["refresh", "--apply", "--data", str(data)]) == 0
    assert "No changes." in capsys.readouterr().out
    assert (data / "market" / "prices.csv").read_text("utf-8") == PRICES
