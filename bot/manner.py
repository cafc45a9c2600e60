"""How a question is meant: which extreme, which side of a price, which aspect of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from bot.slots import Mention, Slot, find_all
from bot.volumes import find_volumes
from bot.words import at_word, pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.vocabulary import Context

Extreme = Literal["highest", "lowest"]
Above = Literal["above"]
Reality = Literal["reality"]
Each = Literal["each"]

_LARGE = r"highest|biggest|largest|steepest|fastest|sharpest|greatest|strongest|quickest|hardest"
_SMALL = r"lowest|smallest|slowest|weakest|mildest|gentlest|tiniest|least"
_CHEAPEST = pattern(r"""
    \b(?:(cheapest|lowest|least expensive|least costly|most cheap|min|minimum|smallest|rock bottom
    |best year to (?:be )?buy)
    |(priciest|dearest|most expensive|costliest|most costly|highest|max|maximum|peak|biggest
    |(?:cost|paid|pay) the most))\b
""")
_STEEPEST = pattern(rf"""
    \b(?:({_SMALL}|worst)|({_LARGE}|best|record|(?:the )?most))\b
""")
_BOLDEST = pattern(rf"""
    \b(?:((?:the )?(?:most )?(?:conservative|pessimistic|cautious|bearish|modest|careful)
    |least (?:optimistic|bullish|aggressive|bold|ambitious)|{_SMALL})
    |((?:most )?(?:optimistic|bullish|aggressive|ambitious|bold|boldest|extreme)|{_LARGE}
    |least (?:conservative|pessimistic|cautious|bearish)|(?:the )?most))\b
""")
_OPPOSED = pattern(r"""
    \b(?:pessimist\w*|bear\w*|worst).{1,20}(?:optimist\w*|bull\w*|best)
    |\b(?:optimist\w*|bull\w*|best).{1,20}(?:pessimist\w*|bear\w*|worst)
""")


def _low_or_high(match: re.Match[str]) -> Extreme:
    return "lowest" if match[1] else "highest"


def _boldest(context: Context) -> Iterator[Mention[Extreme]]:
    if _OPPOSED.search(context.said.text):
        return iter(())  # 'pessimistic vs optimistic' asks for both
    return find_all(_BOLDEST, _low_or_high, context.said.text)


CHEAPEST: Slot[Extreme] = Slot(
    "cheapest",
    lambda c: find_all(_CHEAPEST, _low_or_high, c.said.text),
    str,
    "Cheapest or dearest?",
)
STEEPEST: Slot[Extreme] = Slot(
    "steepest",
    lambda c: find_all(_STEEPEST, _low_or_high, c.said.text),
    str,
    "Largest or smallest?",
    matters=False,
)
BOLDEST: Slot[Extreme] = Slot("boldest", _boldest, str, "Highest or lowest?", matters=False)

_EACH = pattern(r"""
    \b(?:year (?:on|over|by|to|after) year|yoy|y/y|(?:each|every)(?: single)? year|year[- ]?wise
    |all years|each one|every one|(?:yearly|annual) (?:declines|drops|changes|falls))\b
    |\beach\b(?! (?:call|inference|request|query|other|of)\b)
""")
EACH: Slot[Each] = Slot(
    "each",
    lambda c: find_all(_EACH, lambda _: "each", c.said.text),
    str,
    "Each year?",
    matters=False,
)

_ABOVE = pattern(r"""
    >(?= ?\$)|
    \b(?:north of|above|over|more than|greater than|at least|exceed(?:s|ed|ing)?
    |higher than|still cost)\b
    (?= (?:\$|\d|\.|a |us))
""")
ABOVE: Slot[Above] = Slot(
    "above",
    lambda c: find_all(_ABOVE, lambda _: "above", c.said.text),
    str,
    "Above or below?",
    matters=False,
)

_SAID = r"(?:(?:post|blog|headline|forecast|prediction|claim)(?:'s|s)?\b|\d+(?:-\d+)?%)"
_CAME = (
    r"(?:real(?:ity\b|[- ]?(?:life|world)\b| (?:list |api |market )?prices?\b)"
    r"|actual (?:list |api |market )?prices?\b|(?:list|market) prices?\b|the market\b"
    r"|what (?:really |actually )?happened\b|c[ao]me true\b)"
)
_REALITY = pattern(rf"^reality$|\b(?:{_SAID}.{{0,40}}\b{_CAME}|{_CAME}.{{0,40}}\b{_SAID})")
REALITY: Slot[Reality] = Slot(
    "reality",
    lambda c: find_all(_REALITY, lambda _: "reality", c.said.text),
    str,
    "Against real prices?",
)

Aspect = Literal["author", "findings", "forecast", "headline", "method", "prices", "statements"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
_TRUST = (
    r"(?:come from|sources?\b|sure\b|certain\b|reliable|accurate|trust|old\b|current\b|recent"
    r"|up to date|fresh\b|checked|verified|exact\b)"
)
_OF_PRICES = r"(?:(?:model|list|api|token|market|real)s? )?prices?\b(?! (?:decline|drop|fall))"
_MEASURED = r"(?:real|actual|measured|observed|recorded|fact)\b"
_GUESSED = r"(?:forecast|projection|projected|estimate|prediction|guess|made up)\b"
_TITLE = r"(?:title|headline)\b"
_AGAINST = (
    r"(?:but|while|whereas|when|yet|though|although|than|vs|versus|and|against|disagree|contradict"
    r"|differ|match)"
)
_MADE = (  # what is asked how it was made, not how it did
    r"(?!(?:projection|forecast|prediction|estimate)s? (?:do|did|fare|perform|hold|come|turn|go)\b)"
    r"(?:calculat|comput|work(?:ed)? (?:it |this |that )?out|arriv|deriv|get to|project|forecast"
    r"|predict|estimat)\w*"
)
_ASPECT = at_word(rf"""
    (?P<statements>\bcapital[- ](?:intens\w+|investment)|\border of magnitude
    |\b(?:larger|bigger) models\b.{{0,30}}
    \b(?:counter|against|trend)(?: to)?(?: (?:the|that) trend)?
    |\bstatements\b)
    |(?P<findings>\b(?:caveats?|limitations?|flaws?|shortcomings?|weakness(?:es)?
    |weak (?:points?|spots?)|oddities)\b
    |\bwhat(?:'s| is| are)?.{{0,8}} (?:wrong|odd|off|the problems?|the issues?) with
    (?: )(?:your|the|this|these|that|those) (?:data|numbers|figures|table|prices|sources)\b)
    |(?P<prices>\bhow (?:sure|certain|reliable|accurate|old|current|recent|up to date
    |fresh|exact).{{0,24}}\b{_OF_PRICES}
    |\b(?:where|who|what|which|can|are|do)\b.{{0,24}}\b{_OF_PRICES}.{{0,16}}\b{_TRUST}
    |\btrust.{{0,12}}\b{_OF_PRICES}
    |\blist prices?\b.{{0,24}}\b(?:really |actually |the same as )?(?:pay|paid|(?:a |the )?costs?)\b
    |\breasoning (?:models?|tokens?)\b.{{0,16}}\b(?:distort|bias|skew|matter|count|inflate)\w*)
    |(?P<author>who (?:wrote|made|published|compiled|is behind|came up)(?! you)
    |\b(?:author|blogger)\b)
    |(?P<forecast>\b(?:why|do|does) .{{0,20}}\b20\d\d\b.{{0,10}} a {_GUESSED}
    |\b20\d\d\b.{{0,16}}\b(?:been |really |actually )+{_MEASURED}
    |\b(?:is|was) .{{0,16}}\b20\d\d\b.{{0,16}} a {_GUESSED}
    |(?:\b20\d\d\b.{{0,24}})?{_MEASURED}.{{0,30}}\b{_GUESSED}
    |{_GUESSED}.{{0,20}} or .{{0,20}}{_MEASURED}
    |\bwhich\b.{{0,24}}\b(?:figures|numbers|rows|years|of (?:these|those|them))\b.{{0,24}}
    \b(?:forecast|projection|prediction|estimate|guess)(?:s|es|ed)?\b)
    |(?P<headline>\b(?:contradict\w*|inconsisten\w*|disagree\w*)\b.{{0,30}}\b(?:itself|{_TITLE}|rate)
    |{_TITLE}.{{0,30}}\b(?:match|fit|agree)\w*.{{0,20}}\b(?:data|table|numbers|figures)
    |{_TITLE}.{{0,60}}\b{_AGAINST}.{{0,60}}\btable|table\b.{{0,60}}\b{_AGAINST}.{{0,60}}{_TITLE})
    |(?P<method>
    \bhow (?:did|do|does|is|are|was|were|have)\b.{{0,30}}\b{_MADE}
    (?: (?:the|this|that|these|your))?(?: (?:projection|forecast|trend|number|figure)s?)?
    |\b(?:what|which) (?:method|formula|model) (?:do|did|is|was|are)\b|\bmethod(?:ology)?\b
    |\bhow (?:do|did|does) (?:you|u|it) {_MADE}
    |\b(?:what|explain|meaning)\b.{{0,20}}\b(?:interval|confidence|error bars?|random walk)\b
    (?! (?:for|in) (?:20\d\d)))
""")


def _aspects(context: Context) -> Iterator[Mention[Aspect]]:
    for match in _ASPECT.finditer(context.said.text):
        for name in ASPECTS:
            if match[name]:
                yield Mention(name, match.start(), match.end())


def _bare_aspect(text: str, _context: Context) -> Aspect | None:
    return next((name for name in ASPECTS if text == name), None)


ASPECT: Slot[Aspect] = Slot("aspect", _aspects, str, "Which aspect?", _bare_aspect)

_ELSEWHERE = pattern(r"""
    \bhow much (?:money )?(?:do|does|did)
    (?! (?:it|they|you|we|i|people|an?|one)\b)(?: [\w-]+){1,5} (?:earn|make|spend|pay)\b
    |\b(?:share|stock) prices?\b|\btranslate\b|\btokens\b|\bhow (?:do|would) (?:you|i) say\b
    |\b(?:chatgpt|claude) (?:plus|pro|max|team|go|enterprise)\b|\bsubscriptions?\b
    |\bself[- ]?host\w*|\b(?:my |our |your )?own (?:server|hardware|machine|gpu|computer)s?\b
    |\bhosting\b|\bgood (?:at|for)\b|\bwrite (?:me )?an?\b
    |\b(?:electricity|energy|water|carbon) (?:bill|cost|price|use)
""")


def _elsewhere(context: Context) -> Iterator[Mention[str]]:
    """What is not known here; tokens that are counted are, and what so many are used for."""
    for match in _ELSEWHERE.finditer(context.said.text):
        counted = match[0] in ("tokens", "translate") and context.once(find_volumes)
        if not counted:
            yield Mention(match[0], match.start(), match.end())


ELSEWHERE: Slot[str] = Slot(
    "elsewhere",
    _elsewhere,
    str,
    "What else?",
)

_CURRENCIES = (  # but for the US dollar, as signs and as words; what a message has none of is none
    "€ £ ¥ ₹".split(),
    "euros? eur pounds? gbp quid yen jpy yuan rmb cny rupees? inr".split(),
)
_MAY_BE_FOREIGN = tuple(name.removesuffix("s?") for names in _CURRENCIES for name in names)
_SIGNS, _NAMES = ("|".join(names) for names in _CURRENCIES)
_NUMBER = r"\d{1,15}(?:\.\d{1,9})?"
_FOREIGN = pattern(rf"""
    (?:{_SIGNS}|\b(?:eur|gbp|jpy|cny|inr)) ?{_NUMBER}
    |(?<![\w.]){_NUMBER} ?(?:(?:{_SIGNS})|(?:{_NAMES})\b)
""")


def _foreign(context: Context) -> Iterator[Mention[str]]:
    text = context.said.text
    if any(name in text for name in _MAY_BE_FOREIGN):
        yield from find_all(_FOREIGN, lambda match: match[0], text)


FOREIGN: Slot[str] = Slot("foreign", _foreign, str, "How much?")
