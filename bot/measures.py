"""Published estimates as people ask for them: by collection, by what they measure, by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from bot.own import SERIES
from bot.slots import Mention, Slot, find_all
from bot.values import Years
from bot.words import at_word, pattern
from knowledge.records import Group

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.vocabulary import Context

GROUPS: tuple[Group, ...] = get_args(Group)

# --------------------------------------------------------------------------- collections

Collection = Literal["post", "published"]
Scope = Literal["post", "published", "all"]

_WORKS = r"(?:studies|papers|publications|articles)"
_FINDINGS = (
    rf"(?:{_WORKS}|research|estimates?|evidence|literature|science|scientists|researchers|experts"
    r"|academics|economists|sources)"
)
_COLLECTION = at_word(rf"""
    (?P<published>^published\b(?= studies \d)
    |\bpublished (?:{_FINDINGS}|rates|figures|numbers)\b|^published\b
    |\b(?:(?:the )?(?:wider |scientific |academic |outside |published )?literature\b
    |(?<!these )(?<!those )(?<!they )(?<!the )(?:other |any |the )?
    (?:real|proper|serious|hard|actual|genuine|independent|academic|scientific|outside|external
    |peer[- ]reviewed)(?: (?:world|life|published|scientific|academic))? {_FINDINGS}\b(?<!study)
    |(?:the )?best (?:available )?evidence\b
    |(?:studies|research|papers|estimates|evidence) (?:from )?(?:outside|beyond|other than)
    (?: of)? (?:the|this) (?:post|blog)\b))
    |\b(?P<post>(?:the )?(?:post|blog)'s (?:own )?(?:(?:17|list of|cited) )?{_WORKS}\b
    |{_WORKS} (?:of|in|from) (?:the|this) (?:blog )?post\b|^post\b)
""")
_ALL = at_word(r"""
    (?:^all\b(?= (?:inference|training|highest|lowest)\b|$)
    |(?<=compare )(?:all|everything)(?= ?[?!.]*$| on | in | together| side| at once| next)
    |\b(?:dis)?agree(?:s|d|ing)? with (?:the|this) (?:post|blog|article)\b
    |\bwhy (?:do|does|are|is|did) (?:the |these |all |your |published )*
    (?:studies|papers|estimates|numbers|figures|rates|sources|experts)\b.{0,24}
    \b(?:disagree|differ|vary|so different|so far apart|contradict each other)\b
    |\bboth collections\b|\beverything (?:on|in) one (?:scale|chart|picture)\b)
""")


def _collections(context: Context) -> Iterator[Mention[Collection]]:
    return find_all(
        _COLLECTION, lambda m: "published" if m["published"] else "post", context.said.text
    )


def _scopes(context: Context) -> Iterator[Mention[Scope]]:
    """A collection, or all: where everything is asked for, or both are named."""
    named = context.once(_collections)
    if len({mention.value for mention in named}) > 1:
        yield Mention("all", named[0].start, named[-1].end)
    for match in _ALL.finditer(context.said.text):
        yield Mention("all", match.start(), match.end())
    for mention in named:
        yield Mention(mention.value, mention.start, mention.end)


COLLECTION: Slot[Collection] = Slot(
    "collection",
    lambda c: c.once(_collections),
    str,
    "The post's studies or published estimates?",
)
SCOPE: Slot[Scope] = Slot("scope", _scopes, str, "Published estimates, or all?")

# --------------------------------------------------------------------------- what is measured

_FIXED = r"(?:a |the )?(?:fixed|same|equal|given|constant) (?:capability|quality|performance|score)"
_CHIPS = r"(?:hardware|gpu|chip|accelerator|[abh][12]00)s?"
_AN = r"(?:an? |the |one |some )?(?:cloud |nvidia )?"
_PRICE = r"(?:prices?|pricing|costs?|rates?)"
_HOURLY = r"(?:per|an?|each|every|one|1) hours?"
_FOR = rf"(?: (?:for )?{_HOURLY})?"
_UNTIL_RENTED = rf"(?: [a-z]{{1,8}}){{0,2}} (?:to rent{_FOR}|{_HOURLY})"
_GROUP: dict[Group, str] = {
    "training cost at fixed quality": (
        rf"training costs? (?:at|for|of) {_FIXED}|cost of training (?:at|to) {_FIXED}"
    ),
    "price at fixed capability": rf"(?:prices?|costs?) (?:at|for|of) {_FIXED}|fixed capability",
    "price index": r"(?:hedonic |(?:quality-adjusted )?price )ind(?:ex|exes|ices)",
    "provider cost": r"provider costs?|costs? (?:to|of|for) providers|serving (?:unit )?costs?",
    "frontier price": r"frontier prices?|price of (?:running )?(?:the )?frontier models?",
    "training time": r"training times?|time to train",
    "frontier training": (
        r"frontier training(?: costs?| runs?)?|training (?:of |the )*frontier models?"
        r"|training (?:the )?(?:biggest|largest) models"
        r"|training (?:gets|getting|becomes|becoming) (?:dearer|pricier|costlier|more expensive)"
    ),
    "algorithmic efficiency": r"algorithmic efficiency",
    "hardware price-performance": (
        rf"(?:{_CHIPS} )?price[- ](?:to[- ])?performance(?: of {_CHIPS})?"
        r"|(?:flops?|compute|performance) per dollar"
        rf"|{_CHIPS} (?:prices?|costs?)(?!{_UNTIL_RENTED})|prices? of {_CHIPS}(?!{_UNTIL_RENTED})"
    ),
    "hardware rental": (
        rf"(?:{_PRICE} (?:of|for) {_AN})?{_CHIPS}"
        rf"(?: (?:rentals?|hourly)(?: {_PRICE})?|[ -]hours? {_PRICE}|{_UNTIL_RENTED})"
        rf"|rental prices?|rent(?:ing)? {_AN}{_CHIPS}{_FOR}"
        rf"|hourly {_PRICE} (?:of|for) {_AN}{_CHIPS}|hours? of {_AN}{_CHIPS}"
        rf"|(?:(?:{_PRICE}|pay|paid) (?:of|for|per)|how much (?:is|are|does|do|for)) {_AN}"
        rf"{_CHIPS}[ -]hours?|(?:an?|1) hour on {_AN}{_CHIPS}"
    ),
    "energy and carbon": r"energy and carbon",
}
_MEASURED = at_word("|".join(rf"(?P<g{GROUPS.index(g)}>{words})\b" for g, words in _GROUP.items()))
_BRIEF: dict[Group, str] = {
    "price at fixed capability": "fixed capability",
    "hardware price-performance": "price-performance",
}


def _groups(context: Context) -> Iterator[Mention[Group]]:
    """What is named, unless that is the name of an own series."""
    for match in _MEASURED.finditer(context.said.text):
        named = Mention(GROUPS[int((match.lastgroup or "g0")[1:])], *match.span())
        if not any(named.overlaps(own) for own in context.once(SERIES.find)):
            yield named


GROUP: Slot[Group] = Slot(
    "group",
    _groups,
    str,
    "What is measured?",
    brief=lambda group: _BRIEF.get(group, group),
)

# --------------------------------------------------------------------------- periods

_YEAR = r"((?:19|20)\d\d)"
_PERIOD = pattern(rf"""
    (?:\bestimates?(?: (?:of|on) [a-z -]{{1,24}})?
    (?: )(?:for|over|from|between|covering|(?:that )?cover)
    |\bperiods?(?: of| from)?|\b(?:covering|that covers?|spanning)) (?:the )?(?:years? |period )?
    {_YEAR}(?: ?(?:-|to|and|until|till|through) ?{_YEAR})?(?![\w%])
""")


def _period(match: re.Match[str]) -> Years:
    first, last = sorted((int(match[1]), int(match[2] or match[1])))
    return Years((first, last), span=True) if first < last else Years((first,))


def _periods(context: Context) -> Iterator[Mention[Years]]:
    return find_all(_PERIOD, _period, context.said.text)


PERIOD: Slot[Years] = Slot(
    "period",
    _periods,
    lambda v: f"period {v.first}-{v.last}" if v.span else f"period {v.first}",
    "Which period?",
)
