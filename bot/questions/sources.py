"""Where the figures come from and how far to trust them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wording
from bot.answer import Answer, Block, Choice, Figure, Line, Link, Quote, line
from bot.manner import ASPECT, Aspect
from bot.questions.base import Question, slot
from bot.questions.citing import POST
from bot.questions.listed import dated
from bot.questions.provenance import of_prices
from bot.questions.published import PUBLISHED
from bot.questions.table import table_rate, the_table
from knowledge.rates import yearly_declines
from knowledge.trend import THETA, fit

if TYPE_CHECKING:
    from knowledge.base import KnowledgeBase


class Sources(Question):
    command = "sources"
    usage = "[author | findings | forecast | headline | method | prices | statements]"
    summary = "where the figures come from and how far to trust them"
    cues = (
        """
        source, sources, come from, comes from, get these, get this, get that, get those, based on,
        reliable, trust, trustworthy, credible, made up, invented, evidence, citation, citations,
        cited, reference, references, origin, provenance, legit, real, fake, original post, link to
        the post, link to the blog, the blogger, underlying data, backed by, what is an inference,
        what counts as an inference, what's an inference, define inference, illustrative,
        how sure are you, how old is your, how old are your, how old are these, up to date,
        how current, can i quote, can we quote, can i cite, quotable, citable, safe to quote,
        actually exist, really exist, do they exist, could be verified, could you verify
        """,
        """
        where does, where do, where did you, where'd you, where from, which post, what post, which
        blog
        """,
    )
    bare = ("aspect",)
    examples = (
        "/sources",
        "where do these numbers come from",
        "can i trust this data?",
        "who is the author of the table",
        "is 2025 a measured figure or a projection",
        "/sources headline",
        "do larger models run counter to the trend?",
        "how are the projections calculated",
        "how sure are you about these prices",
        "what are the weaknesses of your data",
    )

    aspect: Aspect | None = slot(ASPECT, default=None)

    def answer(self, kb: KnowledgeBase) -> Answer:
        return _ANSWERS[self.aspect](kb)


def _post(kb: KnowledgeBase) -> Line:
    source = kb.source(POST)
    return line(
        "The post: ",
        Link(source.title, source.url),
        f", {source.publisher}, {source.published.day} {source.published:%B %Y}.",
    )


def _all(kb: KnowledgeBase) -> Answer:
    studies = kb.studies()
    status = {
        s: sum(study.citation.status == s for study in studies)
        for s in ("found", "found_elsewhere", "not_found")
    }
    estimates = [s.publication for s in kb.studies(collection=PUBLISHED) if s.publication]
    confirmed = sum(study.citation.claim_check == "supported" for study in studies)
    blocks: tuple[Block, ...] = (
        _post(kb),
        line(
            "It names no author and no source for its cost table, and never says what an inference"
            " is: take the table as illustrative."
        ),
        line(
            f"Of its {len(studies)} studies {status['found']} were found as cited,"
            f" {status['found_elsewhere']} elsewhere, {status['not_found']} not found;"
            f" {confirmed or 'no'} cited figures were confirmed."
        ),
        line(
            f"Beside it stand {len(estimates)} published estimates from elsewhere,"
            f" {sum(work.second_hand for work in estimates)} of them only seen quoted; each"
            " summary links its own source."
        ),
        line(
            "List prices of models come from public tables, which each answer on prices names."
            " /series tells what is where."
        ),
        line("Declines, rates and projections are computed here, never copied."),
    )
    return Answer(
        "The costs come from one blog post, published estimates and list prices from elsewhere",
        blocks,
        figures=tuple(Figure(name, n, "count") for name, n in status.items()),
        choices=(
            Choice("Headline or table?", "/sources headline"),
            Choice("Method", "/sources method"),
            Choice("What to know", "/sources findings"),
            Choice("Studies", "/studies"),
            Choice("Published estimates", f"/studies {PUBLISHED}"),
        ),
    )


def _author(kb: KnowledgeBase) -> Answer:
    source = kb.source(POST)
    return Answer(
        f"A post on the blog {source.publisher.removesuffix(' (blog)')}; its text names no author",
        (_post(kb), line("Costcurve only reads it: every derived number is computed here.")),
        choices=(Choice("All sources", "/sources"),),
    )


def _forecast(kb: KnowledgeBase) -> Answer:
    series, source = kb.series(), kb.source(POST)
    year = series.last_year
    value = series.at(year) or 0.0
    return Answer(
        f"{year} is a forecast: the post was published on {source.published.day}"
        f" {source.published:%B %Y}",
        (
            line(
                f"Its {wording.money(value)} for {year} was not measured. Rows up to"
                f" {series.observed_until} are given as past, without a source."
            ),
            _post(kb),
        ),
        figures=(Figure(f"cost.{year}", value, "USD"),),
        choices=(Choice("All sources", "/sources"), Choice("Backtest", "/backtest")),
    )


def _headline(kb: KnowledgeBase) -> Answer:
    series = kb.series()
    changes = yearly_declines(series)
    latest = changes[-1]
    inside = sum(kb.headline.low <= round(c.total, 9) <= kb.headline.high for c in changes)
    return Answer(
        f"They disagree: the headline says {wording.rate(kb.headline)} a year, the table"
        f" averages {wording.rate(table_rate(kb))}",
        (
            line(
                f"Only {inside} of the table's {len(changes)} yearly declines lies within the"
                f" headline; the latest is {wording.percent(latest.total)}."
            ),
            line(
                "The post does not explain it. Projections here use the table unless you say"
                " “headline”."
            ),
        ),
        the_table(kb),
        (
            Figure("headline.low", kb.headline.low, "fraction"),
            Figure("headline.high", kb.headline.high, "fraction"),
            Figure("table", table_rate(kb).low, "fraction"),
        ),
        (
            Choice("2030 by the headline", "/project 2030 headline"),
            Choice("2030 by the table", "/project 2030"),
        ),
    )


def _method(kb: KnowledgeBase) -> Answer:
    series = kb.series()
    trend = fit(series)
    return Answer(
        "Projections follow the table's trend, with an interval from how unsteady it was",
        (
            line(
                f"A geometric random walk with drift on all {len(series.points)} rows,"
                f" {series.first_year} to {series.last_year}: median = last cost ×"
                f" (1 − {wording.percent(trend.annual)})^years."
            ),
            line(
                f"Interval: Student's t with {trend.changes - 1} degrees of freedom × a spread of"
                f" {trend.spread:.3f} in ln(cost), widening with time (θ = {THETA})."
            ),
            line(
                "Method: Farmer and Lafond 2016, ",
                Link(
                    "How predictable is technological progress?", "https://arxiv.org/abs/1502.05274"
                ),
                ".",
            ),
            line(
                f"The {series.last_year} row is the post's own forecast, and is used as the post"
                " gives it."
            ),
        ),
        the_table(kb),
        (Figure("annual", trend.annual, "fraction"), Figure("spread", trend.spread, "ln")),
        (Choice("Backtest", "/backtest"), Choice("Projection", "/project 2030")),
    )


def _findings(kb: KnowledgeBase) -> Answer:
    """What the check of the data finds in them, as `python -m knowledge check` says it."""
    found, source = kb.findings(), kb.source(POST)
    return Answer(
        f"{wording.count(len(found), 'thing')} to know of these data before quoting them",
        tuple(line(f"{wording.initial(finding.says)}.") for finding in found),
        line(
            "Source: the check of what is kept here of ",
            Link(source.publisher, source.url),
            f", published estimates and list prices as of {dated(kb.market.as_of)}",
        ),
        (Figure("findings", len(found), "count"),),
        (
            Choice("Headline or table?", "/sources headline"),
            Choice("Prices", "/sources prices"),
            Choice("All sources", "/sources"),
        ),
    )


def _statements(kb: KnowledgeBase) -> Answer:
    said = [s for s in kb.statements() if s.source_id == POST and s.estimate is None]
    return Answer(
        "Beside its table and studies the post says this",
        (*(Quote(s.quote) for s in said), line("It gives no figures for any of it.")),
        the_table(kb),
        choices=(Choice("All sources", "/sources"),),
    )


_ANSWERS = {
    None: _all,
    "author": _author,
    "findings": _findings,
    "forecast": _forecast,
    "headline": _headline,
    "method": _method,
    "prices": of_prices,
    "statements": _statements,
}
