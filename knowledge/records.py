"""What the knowledge base holds, as frozen records: sources, series, studies and their claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import date

Workload = Literal["inference", "training", "algorithms", "hardware"]
WORKLOADS: tuple[Workload, ...] = get_args(Workload)
Group = Literal[  # what is measured: rates of different groups are not comparable
    "price at fixed capability",
    "price index",
    "provider cost",
    "frontier price",
    "training cost at fixed quality",
    "training time",
    "frontier training",
    "algorithmic efficiency",
    "hardware price-performance",
    "hardware rental",
    "energy and carbon",
]
Status = Literal["found", "found_elsewhere", "not_found"]
ClaimCheck = Literal["supported", "differs", "not_in_source", "unverifiable"]
ClaimForm = Literal[
    "annual_decline",  # fraction lost per year: 0.3
    "annual_factor",  # times cheaper per year: 2
    "halving_months",  # months until half the cost
    "total_decline",  # fraction lost over the period
    "total_factor",  # times cheaper over the period
]
Direction = Literal["decline", "rise"]
Confidence = Literal["high", "medium"]
PER = "USD per "  # how the unit of every series begins


class Source(Struct, frozen=True):
    """Where figures come from: who said what, when, under which licence."""

    id: str
    title: str
    publisher: str
    url: str
    published: date
    read: date
    licence: str
    author: str | None = None
    note: str | None = None


class Estimate(Struct, frozen=True):
    """One quantitative claim, in the form in which its source makes it.

    `low` and `high` are in the unit of `form` (equal where the claim is one number).
    `years_low` and `years_high` are the length of the period that a total refers to;
    both are None where the source names no period, and then there is no annual rate.
    `quote` are the words that the numbers come from, `seen_at` where they were seen if not in
    the study's own conclusion. A period's ends are years or months, 2022 or 2022-11; its start is
    None where only its end is known. Of a `rise` the numbers are growth and doubling times.
    `central` is the source's own middle; `at_least` says that a single number is a lower bound.
    """

    form: ClaimForm
    low: float
    high: float
    quote: str
    measures: str
    years_low: float | None = None
    years_high: float | None = None
    period_start: str | None = None
    period_end: str | None = None
    direction: Direction = "decline"
    central: float | None = None
    at_least: bool = False
    seen_at: str | None = None


class Standing(Struct, frozen=True):
    """What was found when a study's citation was checked against primary sources."""

    status: Status
    claim_check: ClaimCheck
    says: str
    searched: str
    checked: date
    probable: bool = False  # matched in part only: say "probably"
    actual_title: str | None = None
    actual_authors: tuple[str, ...] = ()
    actual_year: int | None = None
    actual_venue: str | None = None
    identifier: str | None = None
    url: str | None = None


class Publication(Struct, frozen=True):
    """Where a published estimate stands, and how far to trust that it says so.

    The last author is "others" where not all are named. `work` is the title of the whole, where
    the study's own title adds which of its estimates is meant. `reported` is who passed it on.
    `second_hand` says that the number was only seen quoted.
    """

    url: str
    confidence: Confidence
    authors: tuple[str, ...] = ()
    organisation: str | None = None
    reported: str | None = None
    month: int | None = None
    work: str | None = None
    identifier: str | None = None
    second_hand: bool = False


class Study(Struct, frozen=True):
    """One study. Numbers are typed in the data, permanent, and unique over all collections.

    What a source cites has a `standing`, in its source's words; a published estimate, in ours,
    has a `publication` and the group of what it measures.
    """

    number: int
    collection: str
    title: str
    year: int
    venue: str
    workload: Workload
    conclusion: str
    topics: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    standing: Standing | None
    source_id: str | None
    group: Group | None = None
    publication: Publication | None = None

    @property
    def citation(self) -> Standing:
        """Its standing. LookupError for a published estimate, which no source here cites."""
        if self.standing is None:
            raise LookupError(f"study {self.number} is a published estimate, so has no standing")
        return self.standing

    @property
    def authors(self) -> tuple[str, ...]:
        """The named authors and their organisation; of what a source cites none is known here."""
        if self.publication is None:
            return ()
        named = (name for name in self.publication.authors if name != "others")
        return tuple(dict.fromkeys(filter(None, (*named, self.publication.organisation))))


class Statement(Struct, frozen=True):
    """Something a source says beside its tables and studies, in its own words."""

    id: str
    source_id: str
    quote: str
    workload: Workload
    estimate: Estimate | None = None


class Point(Struct, frozen=True):
    """One row of a series: a calendar year and a value above zero, in the series' unit."""

    year: int
    value: float


class CostSeries(Struct, frozen=True):
    """Costs by calendar year, without gaps, oldest first.

    The unit is US dollars per something: "USD per GPU hour". Rows after `observed_until` were
    forecasts when the source was published.
    """

    id: str
    title: str
    unit: str
    workload: Workload
    aliases: tuple[str, ...]
    source_id: str
    observed_until: int
    note: str
    points: tuple[Point, ...]

    @property
    def thing(self) -> str:
        """What is paid for: "inference", "GPU hour"."""
        return self.unit.removeprefix(PER)

    @property
    def first_year(self) -> int:
        return self.points[0].year

    @property
    def last_year(self) -> int:
        return self.points[-1].year

    def at(self, year: int) -> float | None:
        """The recorded value of a year, None outside the rows."""
        index = year - self.first_year
        return self.points[index].value if 0 <= index < len(self.points) else None


class Topic(Struct, frozen=True):
    """A subject that studies are filed under, with the other words people use for it.

    A synonym names this topic and no other. Phrases are ways of speaking of it; their words may
    occur in phrases of other topics as well, and count together.
    """

    id: str
    name: str
    synonyms: tuple[str, ...]
    phrases: tuple[str, ...]


class Venue(Struct, frozen=True):
    """A place of publication, under the name that the collection uses, with its short names."""

    name: str
    aliases: tuple[str, ...]


class Finding(Struct, frozen=True):
    """One sentence, as a check prints it, and the id under which it is looked up."""

    id: str
    says: str
