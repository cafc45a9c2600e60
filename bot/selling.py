"""What is sold in what people write: models, the cheapest of them, and who sells them.

The names are the market's, and read from the data only for a message with a word in it that
nothing else explains.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from bot.capabilities import CAPABILITY, FIXED
from bot.lexicon import KNOWN
from bot.models import short
from bot.periods import PERIOD
from bot.slots import Mention, Slot
from bot.values import Models, Named
from bot.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.models import ModelNames
    from bot.vocabulary import Context

MOST_MODELS = 4  # in one comparison
SUGGESTED = ("gpt-4o", "claude-sonnet-4.5", "gemini-2.5-pro")

# "gpt-4 level" is a capability, whoever offers it
_LEVELLED = pattern(r"[ -](?:level|class|grade|quality|equivalent|caliber|tier)\b")
# "chatgpt plus a month" is a subscription, and has no price per token
_SUBSCRIBED = pattern(r"""
    (?:chatgpt|claude|gemini|grok|copilot)(?: (?:plus|pro|max|team|go|enterprise|ultra|advanced))?
    (?:'s)? (?:subscriptions?|plans?|membership|accounts?|monthly|(?:a|per|each) month)\b
    |(?:chatgpt|claude) (?:plus|pro|max|team|go|enterprise)\b
""")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_AT_SELLER = re.compile(r"(?:\bat|\bon|\bvia|@) ?$")  # "at deepseek" is who sells
_COMPARED = re.compile(r"(?<![\w.+-])([\w.+-]{1,40})(?: vs |,)(?=([\w.+-]{1,40}))")
_JOINT = pattern(r"""
    (?: (?:api|prices?|pricing|costs?))*(?: ?,)?
    (?: ?(?:and|&|,|/|\+|or|vs\.?|v\.?|versus|to|with|from|against|than|instead of
    |(?:compared?|relative) (?:to|with|against)
    |(?:cheaper|dearer|more|less|better|worse)(?: expensive)? than))?
    (?: (?:the|a|for|of))?(?: )?
""")
_ADDED = pattern(r"""
    (?:^|\b)(?:vs\.?|versus|against|compared? (?:it |that |this |them )?(?:to|with|against)
    |(?:and )?with|plus|also|add)(?: )$
""")


def _may_name(context: Context) -> bool:
    """Whether there is a word that may be a name."""
    return not all(map(str.isdigit, set(context.said.stems) - KNOWN))


def find_models(context: Context) -> Iterator[Mention[Named]]:
    """Every model named, sure or not; what may be a name is looked up only then."""
    return (named for named, at_seller in context.once(_named) if not at_seller)


def find_made(context: Context) -> Iterator[Mention[Named]]:
    """Models by who makes and sells them, 'on deepseek': any of that name."""
    for named, at_seller in context.once(_named):
        if at_seller:
            yield Mention(named.value, at_seller.start(), named.end)


def _named(context: Context) -> Iterator[tuple[Mention[Named], re.Match[str] | None]]:
    """Every name of models, with the word before it that makes it one of a seller."""
    if not _may_name(context):
        return
    text = context.said.text
    names = context.vocabulary.models()
    if not names.promised(context.said):
        return
    levels = context.once(CAPABILITY.find)
    found = [m for m in names.find(text) if not any(m.overlaps(level) for level in levels)]
    for mention in (*found, *_beside(names, text, found)):
        said = text[mention.start : mention.end]
        at_seller = said in names.seller_words and _AT_SELLER.search(text, 0, mention.start)
        other = _LEVELLED.match(text, mention.end) or _SUBSCRIBED.match(text, mention.start)
        if not other:
            named = Named.of(said, *mention.value)
            yield Mention(named, mention.start, mention.end), at_seller or None


def _beside(
    names: ModelNames, text: str, found: Sequence[Mention[tuple[str, ...]]]
) -> Iterator[Mention[tuple[str, ...]]]:
    """Names with other meanings ('ada', 'command'), where they are compared with a model."""
    known = {(m.start, m.end) for m in found}
    starts, ends = {start for start, _ in known}, {end for _, end in known}
    for match in _COMPARED.finditer(text):
        left, right = (names.full(match[side]) for side in (1, 2))
        if (left or match.end(1) in ends) and (right or match.start(2) in starts):
            for ids, span in ((left, match.span(1)), (right, match.span(2))):
                if ids and span[0] not in starts and span[1] not in ends and span not in known:
                    known.add(span)
                    yield Mention(ids, *span)


def find_lists(context: Context) -> Iterator[Mention[Models]]:
    """Models named one after the other, joined by 'and', 'vs', a comma."""
    text = context.said.text
    run: list[Mention[Named]] = []
    for mention in sorted(context.once(find_models), key=lambda m: m.start):
        if run and not _JOINT.fullmatch(text, run[-1].end, mention.start):
            yield _run(run, text)
            run = []
        run.append(mention)
    if run:
        yield _run(run, text)


def _run(run: list[Mention[Named]], text: str) -> Mention[Models]:
    listed = tuple(dict.fromkeys(mention.value for mention in run))[:MOST_MODELS]
    start = run[0].start
    added = _ADDED.search(text, max(0, start - 20), start)
    return Mention(Models(listed, added=bool(added)), start, run[-1].end)


def _bare(text: str, context: Context) -> Named | None:
    """A name that was asked for: it may be mistyped, or a word with other meanings."""
    names = context.vocabulary.models()
    if any(word not in names.parts for word in _LETTERS.findall(names.corrected(text))):
        return None  # there is more in it than a name
    ids = names.named(text)
    return Named.of(text, *ids) if ids else None


def _briefly(named: Named) -> str:
    return short(named.said) if named.sure else named.said


MODEL: Slot[Named] = Slot(
    "model",
    find_models,
    lambda v: v.said,
    "Which model?",
    _bare,
    suggest=SUGGESTED,
    brief=_briefly,
)

# --------------------------------------------------------------------------- what is asked for

Among = Literal["cheapest", "dearest", "models", "raised"]
What = Models | Among
AMONG: tuple[Among, ...] = ("raised", "cheapest", "dearest", "models")
_THING = r"(?:models?|llms?|apis?|tokens?|ais?|offers?|hosts?|providers?)\b"
_CHEAP = r"(?:cheapest|least expensive|lowest[- ]priced?|most affordable)"
_DEAR = r"(?:dearest|priciest|most expensive|costliest|highest[- ]priced?)"
_PRICES = r"(?:prices?|pricing|costs?|rates?|charges?|tariffs?)\b"
_DEARER = r"(?:dearer|pricier|costlier|more expensive)"
_WHICH = rf"(?:which|what) (?:[a-z-]+ )?{_THING}(?: (?:is|are|was|were|the|now|currently|by far))+ "
_AMONG = pattern(rf"""
    (?P<raised>\b(?:models?|llms?|apis?|providers?|who|prices?)
    (?: (?:have|has|did|ever|was|were|that|which)){{0,3}}
    (?: (?:got|get|gotten|became|become|went|gone|go) (?:{_DEARER}|up)|(?: been)? raised\b| rose\b
    |(?: been)? increased\b)
    |\b(?:price|pricing) (?:increase|hike|rise)s?\b
    |\b(?:raised?|hiked?) (?:its|their|the|any|api)? ?prices?\b)
    |\b(?P<cheapest>{_CHEAP} (?:[a-z-]+ ){{0,2}}{_THING}|{_WHICH}{_CHEAP}\b)
    |\b(?P<dearest>{_DEAR} (?:[a-z-]+ ){{0,2}}{_THING}|{_WHICH}{_DEAR}\b)
    |(?P<models>(?:\b(?:per|each|every|a(?= \d)) |/ ?)(?:\d{{1,9}} )?(?:input |output )?tokens?\b
    |\b1(?:000){{1,2}} (?:input |output )?tokens?\b(?!{PERIOD})
    |\b(?:token|list|model|api) (?:list )?{_PRICES}
    |\b(?:prices?|pricing|cost) (?:of|for) (?:all |the |ai |\d{{1,9}} )*(?:tokens|models|apis?)\b)
""")
_TO_COME = pattern(r"\b(?:will|would|going to|gonna|might|may|could|should)\b")
_OF_SELLER = pattern(rf"""
    \b(?:(?P<raised>raised|(?:price|pricing) (?:increase|hike)s?)
    |(?P<cheapest>{_CHEAP})|(?P<dearest>{_DEAR})|(?P<models>{_PRICES}))
""")


def _among(context: Context) -> Iterator[Mention[What]]:
    """Models by name; where there are none, which of all: the cheapest, or simply all."""
    named = context.once(find_lists)
    for m in named:
        yield Mention(m.value, m.start, m.end)
    if not named:
        sold = (_OF_SELLER,) if context.once(find_providers) else ()
        for asked in (_AMONG, *sold):
            for match in asked.finditer(context.said.text):
                which = next(which for which in AMONG if match[which])
                if which == "raised" and _TO_COME.search(context.said.text):
                    continue  # nobody knows
                if which != "models" or not context.once(FIXED.find):  # of models that changed
                    yield Mention(which, match.start(), match.end())


def _bare_what(text: str, context: Context) -> What | None:
    if which := next((which for which in AMONG if text == which), None):
        return which
    named = [_bare(part, context) for part in text.split(",")[:MOST_MODELS]]
    listed = tuple(one for one in named if one)
    return Models(listed) if listed and len(listed) == len(named) else None


def _say_what(what: What) -> str:
    if isinstance(what, str):
        return what
    return " vs ".join(model.said for model in what.listed)


def _brief_what(what: What) -> str:
    return what if isinstance(what, str) else ",".join(map(_briefly, what.listed))


WHAT: Slot[What] = Slot(
    "what",
    _among,
    _say_what,
    "Which model?",
    _bare_what,
    suggest=(*SUGGESTED, "cheapest"),
    brief=_brief_what,
)

# --------------------------------------------------------------------------- who sells

_AT = re.compile(r"\b(?:at|on|via|by|through|from|using|with|@) ?$")
_SAID_AT = re.compile(r"\bat (?!least|most|all|the|an?\b)[a-z]")
_BESIDE = re.compile(
    r" ?(?:'s )?(?:api |token |list |model )*(?:prices?|pricing|costs?)\b"
    r"| (?:has |have |ever ){0,2}(?:raised?|hiked?)\b"
)


def find_providers(context: Context) -> Iterator[Mention[str]]:
    """Who is asked of: 'at groq', 'openai prices', or a name right beside a model's."""
    if not (_may_name(context) or _SAID_AT.search(context.said.text)):
        return
    text, words = context.said.text, context.said.words
    models = context.once(find_models)
    for hit in context.vocabulary.models().sellers.find(context.said):
        start, end = words[hit.first].start, words[hit.last].end
        if any(m.start <= start and end <= m.end for m in models):
            continue
        at = _AT.search(text, max(0, start - 8), start)
        beside = any(0 <= start - m.end <= 2 or 0 <= m.start - end <= 2 for m in models)
        if at or beside or _BESIDE.match(text, end):
            yield Mention(hit.value, at.start() if at else start, end)


PROVIDER: Slot[str] = Slot("provider", find_providers, lambda v: f"at {v}", "Which provider?")
