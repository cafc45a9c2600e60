"""Years as people say them: 2021, '23, FY24, last year, in five years, since 2020, 2018 to 2025."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.slots import Mention, Slot
from bot.stretches import NO_UNIT, stretches
from bot.values import Years
from bot.words import at_word, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.vocabulary import Context

MOST_YEARS = 8  # listed in one question, so that its command stays short
# looked for at every character of every message: what cannot begin there is ruled out first
_ATOM = at_word(rf"""
    (?=\d)(?:
    (?<![\w$#])(?<!\d\.)(?:(?<!\d,)|(?<=\d{{4}},))(?<!\$ )
    (?P<year>(?:19|20|21)\d\d)(?![\w%]|\.\d|,(?!\d{{4}}\b)\d){NO_UNIT}
    |(?<=\bin )(?P<beyond>\d{{4,5}})(?=[?!.;,]?$)
    |(?<=\bin )(?P<bare>1[89]|[2-4]\d)(?=[?!.;,]?$|[?!;,] | (?:and|vs|or|to|please|pls)\b)
    |\b(?P<hence>\d{{1,3}}) (?:years?|yrs?)
    (?: )(?:from now|from today|hence|out|ahead|later|in the future)\b
    |\b(?P<ago>\d{{1,3}}) (?:years?|yrs?) (?:ago|back)\b
    |(?<![\w.$-])(?P<horizon>\d{{1,3}}) ?y\b)
    |(?=['a-z])(?:
    (?<!\ba )(?<!per )(?<!each )(?<!every )(?<!/)(?<!/ )\byear (?P<far>\d{{1,5}})\b
    |(?<!\w)(?:'|fy ?'?|fy ?20)(?P<short>\d\d)(?![\w%.])
    |\b(?:in|within) (?P<ahead>\d{{1,3}}) (?:years?|yrs?)\b(?: time)?
    |\b(?P<named>
    year before last|(?:last|previous|this|current|next) (?:year|yr)(?:'?s)?|year after next
    |(?:the )?(?:end|start|beginning) of (?:the|this) decade|(?:this )?decade's end
    |(?:a|1) decade from now|in a decade)\b
    |\b(?P<row>(?:very )?(?:first|last|final|latest) (?:row
    |year (?:in|of) (?:the|your) (?:table|data|series)
    |year you have|entry in the table))\b
    |\b(?P<loose>(?:(?<=cost )|(?<=costs )|(?<=price )|(?<=is it )|(?<=right )|(?<=to )|(?<=till )
    |(?<=until )|(?<=as of )|(?<=inference )|(?<=call ))now
    |current(?= (?:cost|price))|today|currently|nowadays|these days|at the moment|at present|atm)\b)
""")
_SPANNING = pattern(r"""
    (?: (?:prices?|costs?))?(?: ?)(?:-|to|till|until|til|through|thru|up to|->|>)
    (?: (?:the )?(?:year|end of))?(?: ?)$
""")
_LISTING = pattern(r"""
    (?: ?(?:
    and|&|,|/|\+|vs\.?|v\.?|versus|or|and in|or in|than in|than|and for
    |compared? (?:to|with|against)|with|against|relative to|instead of|, and))?
    (?: (?:in|the|year|the year))?(?: ?)$
""")
_BEFORE_SPAN = re.compile(r"(?:between|from)(?: the year)? $")
_SINCE = pattern(r"""
    (?:since|(?:cheaper|less|lower) than(?: (?:it|they) (?:was|were))?(?: back)?(?: in)?
    |than(?: back)? in|starting(?: (?:in|from))?|beginning in)(?: the year)?(?: )$
""")
_UNTIL = re.compile(r"(?:until|up until|up to|till)(?: the year)? $")
_ONWARDS = re.compile(r" (?:onwards?|on|forward|and later|and on)\b(?! (?:the|a|my)\b)")


def find_years(context: Context) -> Iterator[Mention[Years]]:
    """Every year, list of years and span of years. Open spans end at the table's own ends."""
    text = context.said.text
    runs = _joined(_atoms(context), text, context)
    firm = [m for m, loose in runs if not loose]
    yield from firm
    if not firm:
        yield from (m for m, _ in runs)
    yield from stretches(context, loose=not firm)


def _atoms(context: Context) -> list[tuple[Mention[int], bool]]:
    """Single years, each with whether it is only loosely a year ('now')."""
    return [
        (Mention(_year(m, context), m.start(), m.end()), m.lastgroup == "loose")
        for m in _ATOM.finditer(context.said.text)
    ]


def _year(match: re.Match[str], context: Context) -> int:
    kind, said, this = match.lastgroup, match[match.lastgroup or 0], context.today.year
    if kind in ("year", "far", "beyond"):
        return int(said)
    if kind in ("short", "bare"):
        return 2000 + int(said)
    if kind in ("ahead", "hence", "horizon"):
        return this + int(said)
    if kind == "ago":
        return this - int(said)
    if kind == "row":
        first, last = context.years
        return first if "first" in said else last
    return this + _named_offset(said, this)


def _named_offset(said: str, this: int) -> int:
    if "from now" in said or "in a" in said:
        return 10
    if "decade" in said:
        return -this % 10 if "end" in said else -(this % 10)
    if said == "year before last":
        return -2
    if said == "year after next":
        return 2
    return {"last": -1, "previous": -1, "next": 1}.get(said.split()[0], 0)


def _joined(
    atoms: list[tuple[Mention[int], bool]], text: str, context: Context
) -> list[tuple[Mention[Years], bool]]:
    """Neighbouring years joined by 'to', 'and', 'vs', a comma; a single one opened by 'since'."""
    runs: list[tuple[Mention[Years], bool]] = []
    index = 0
    while index < len(atoms):
        run, joints = [atoms[index]], []
        while index + 1 < len(atoms):
            gap = text[run[-1][0].end : atoms[index + 1][0].start]
            if not (_SPANNING.match(gap) or _LISTING.match(gap)):
                break
            joints.append(gap)
            index += 1
            run.append(atoms[index])
        index += 1
        runs.append((_run(run, joints, text, context), all(loose for _, loose in run)))
    return runs


def _run(
    run: list[tuple[Mention[int], bool]], joints: list[str], text: str, context: Context
) -> Mention[Years]:
    start, end = run[0][0].start, run[-1][0].end
    first_row, last_row = context.years
    # 'from 2018 to now' ends with the last row: there is nothing recorded after it
    values = [last_row if loose and len(run) > 1 else m.value for m, loose in run]
    before = text[max(0, start - 24) : start]
    if len(values) == 1:
        year = values[0]
        opened = _SINCE.search(before)
        if year < last_row and (opened or _ONWARDS.match(text, end)):
            return Mention(Years((year, last_row), span=True), start, end)
        if (opened := _UNTIL.search(before)) and first_row < year <= last_row:
            return Mention(Years((first_row, year), span=True), start - len(opened[0]), end)
        return Mention(Years((year,)), start, end)
    listed = tuple(sorted(set(values)))[:MOST_YEARS]
    spanning = any(_SPANNING.match(j) and j.strip() for j in joints) or bool(
        _BEFORE_SPAN.search(before)
    )
    return Mention(Years(listed, span=spanning and len(listed) == 2), start, end)


def say_years(value: Years) -> str:
    said = ("-" if value.span else ",").join(map(str, value.listed))
    # alone, such a number would be one of calls
    early = len(value.listed) == 1 and 0 < value.first < 1900
    return f"year {said}" if early else said


_BARE_YEARS = re.compile(r"-?\d{1,6}(?:(?: ?(?:-|,|to|and|\.\.|/) ?| )\d{1,6})*")


def bare_years(text: str, _context: Context) -> Years | None:
    """What '/cost 23' or '/project 99999' was given, however far from the table it is."""
    if not _BARE_YEARS.fullmatch(text):
        return None
    values = [int(n) for n in re.findall(r"(?<!\d)-?\d+" if text.startswith("-") else r"\d+", text)]
    values = [2000 + v if 10 <= v <= 60 else v for v in values]
    if len(values) > 1 and min(values) < 1000:
        return None  # several small numbers are no years
    return Years(tuple(sorted(set(values)))[:MOST_YEARS], span=len(values) == 2 and "-" in text[1:])


def _as_span(years: Years) -> Years:
    """Two or more years taken as the stretch from the first to the last."""
    return Years((years.first, years.last), span=True) if len(years.listed) > 1 else years


def _bare_span(text: str, context: Context) -> Years | None:
    years = bare_years(text, context)
    return _as_span(years) if years else None


YEARS: Slot[Years] = Slot(
    "years",
    find_years,
    say_years,
    "Which year?",
    bare_years,
    suggest=("2024", "2027", "2030"),
)
SPAN: Slot[Years] = Slot(
    "years",
    lambda c: (Mention(_as_span(m.value), m.start, m.end) for m in c.once(find_years)),
    say_years,
    "Which years?",
    _bare_span,
    suggest=("2020-2024",),
)


def _future(context: Context) -> Iterator[Mention[Years]]:
    last = context.years[1]
    return (m for m in context.once(find_years) if m.value.last > last)


FUTURE: Slot[Years] = Slot(
    "years",
    _future,
    say_years,
    "Which year?",
    bare_years,
    suggest=("2027", "2030", "2035"),
)
