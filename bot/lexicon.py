"""The closed vocabulary: words that carry no question of their own, and words of the subject."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

from bot.ordinary import NEUTRAL_WORDS, PLAIN_WORDS
from bot.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.words import Said

T = TypeVar("T")

STOP_WORDS = """
    among abt avg gimme em bot bunch tag become becomes enough worth inclusive published
    going-rate a about actually again all also altogether am an and another any anyone anything
    approximately are around as ask asking at away back basically be because been before being
    bit boss both bro btw but by bye can cannot cant chance come could cover curious current
    currently d'you day did do does doing done don't dont dude each else er every everyone
    exactly example fine first for friend from full further gave get gets getting give given go
    goes going gonna good got gotta great guess guys had has have having he hello help her here
    hey hi him his how i i'd i'll i'm i've if im in indeed instead into is it it's its itself
    just kind kindly know knows last late let let's like list ll lol look looking lot make makes
    many match may maybe me mean might more most much must my name named need needs never next
    nice no normally not now number numbers of off ok okay on once one ones only or other our
    out over overall own per perhaps please pls plz plus point pretty probably put quick quickly
    quite re really regarding right roughly run s said same say see seen share she should show
    since single sir so some somebody someone something sort still such sure t tell than thank
    thanks that that's the their them themselves then there there's these they thing things
    think this those though thru thx time times to today too try u under understand unit up ur
    us use used using value ve very via vs wanna want wanted wants was way we well went were
    what what's whats when where which while who whole whom whose why will with within without
    wonder wondering work would wouldn't www x y'all yeah year yearly years yep yes yet yo you
    you're your yours yr yrs annum annual annually month monthly months daily weekly till until
    through between during against versus compared % $ ¢ # nothing take takes taken bring long
    soon ago already anymore person people stuff total totally entire entirely individual
    specific certain exact actual real true wht wat
""".split()


# what every question here is about; these alone do not tell one question from another
DOMAIN_WORDS = """
    average mean typical number numbers cost costs costing price prices pricing priced
    dollar dollars usd cent cents money cheap cheaper expensive figure figures data table
    row rows rate rates percent percentage pct economics economy
""".split()


# words that make it plain that the message is about this subject
ANCHORS_WORDS = """
    ai ml llm llms genai inference inferences inferencing infrence interference gpu gpus tpu
    tpus headline projection projections neural network networks transformer transformers
    intelligence artificial
""".split()


# words of the subject that have other lives as well
COMMON_WORDS = """
    history customer user document task email conversation model models call calls request
    requests query queries prompt prompts api training train trained study studies paper papers
    research post blog article forecast forecasts compute computing machine learning year-end
    eoy q1 q2 q3 q4 jan feb mar apr jun jul aug sep oct nov dec january february march april
    june july august september october november december fiscal calendar mid early
""".split()


# a stranger beside one of these is what is asked about: 'bread price', 'drop in temperature'
ASKED_WORDS = """
    cost costs price prices pricing fee bill bills study studies paper papers research table
    fall life halve halving fell drop dropped decline declined rise rate forecast budget
""".split()


STOP, DOMAIN, ANCHORS, COMMON, ASKED = (
    frozenset(map(stem, words))
    for words in (STOP_WORDS, DOMAIN_WORDS, ANCHORS_WORDS, COMMON_WORDS, ASKED_WORDS)
)
NEUTRAL = frozenset(map(stem, NEUTRAL_WORDS))  # beside STOP, which also says nothing in a title
KNOWN = STOP | DOMAIN | ANCHORS | COMMON | NEUTRAL


@cache
def plain_stems() -> frozenset[str]:
    """Verbs, people and matters of talk; only needed by follow-ups."""
    return frozenset(map(stem, PLAIN_WORDS))


class Hit(Struct, Generic[T], frozen=True):
    """A phrase found: the value behind it and the words it spans, as indices."""

    value: T
    first: int
    last: int


class Phrases(Generic[T]):
    """Phrases by their stems; finds all of them in one pass over a message."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, value in entries:
            stems = tuple(stem(w) for w in phrase.replace("-", " ").casefold().split())
            self._by_first.setdefault(stems[0], []).append((stems, value))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def find(self, said: Said) -> Iterator[Hit[T]]:
        """Every phrase that occurs; longer ones first where several start at one word."""
        return self._hits(said.stems) if self._by_first else iter(())

    def _hits(self, said: tuple[str, ...]) -> Iterator[Hit[T]]:
        for index, word in enumerate(said):
            for stems, value in self._by_first.get(word, ()):
                end = index + len(stems)
                if said[index:end] == stems:
                    yield Hit(value, index, end - 1)
