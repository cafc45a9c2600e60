"""How numbers are said: money, percent, factors, spans of time, counts, lists."""

from __future__ import annotations

import math
from calendar import month_name
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.rates import Rate


def money(dollars: float) -> str:
    """Exact cents from one cent up, two significant digits below: $40,000, $0.30, $0.0012."""
    if abs(dollars) >= 0.01 and math.isclose(dollars, round(dollars, 2), rel_tol=1e-9):
        return f"${dollars:,.0f}" if dollars == round(dollars) else f"${dollars:,.2f}"
    if abs(dollars) >= 10:
        return f"${dollars:,.0f}"
    return about(dollars)


def about(dollars: float, digits: int = 2) -> str:
    """Rounded to significant digits, as projections are: $0.0012, $1,200, $2.8e-10."""
    rounded = significant(dollars, digits)
    if not rounded or abs(rounded) < 1e-9:
        return f"${rounded:.{digits - 1}e}" if rounded else "$0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded)) + 1e-12))
    return f"${rounded:,.{decimals}f}"


def significant(value: float, digits: int = 2) -> float:
    """The value with so many significant digits."""
    return float(f"{value:.{digits}g}")


def price(dollars: float) -> str:
    """An amount as somebody gave it, nothing rounded away: $0.001, $0.0375, $0.30, $500."""
    if dollars >= 0.01 and dollars == round(dollars, 2):
        return money(dollars)
    return f"${plain(dollars)}"


def token_price(dollars: float) -> str:
    """A price per million tokens, to the cent or to three digits: $37.50, $0.175, $0.0703."""
    return price(round(dollars, 2) if dollars >= 1 else significant(dollars, 3))


def plain(value: float) -> str:
    """The shortest plain decimal, no exponent above a billionth, no grouping: 0.001, 1000000."""
    text = f"{value:.12g}"
    if "e" not in text:
        return text
    return (
        f"{value:.0f}" if abs(value) >= 1 else f"{value:.15f}".rstrip("0") if value > 1e-9 else text
    )


def percent(fraction: float) -> str:
    """One decimal, dropped where it is zero: 46.7%, 20%; more where rounding would say 100%."""
    # half up, as people round: 81.25 is 81.3
    tenths = math.copysign(math.floor(abs(1000 * fraction) + 0.5 + 1e-9), fraction)
    text = f"{tenths / 10:.1f}"
    if text == "100.0" and fraction < 1:
        text = f"{100 * fraction:.3f}".rstrip("0") if fraction < 0.99999 else "99.999+"
    return f"{text.removesuffix('.0')}%"


def rate(value: Rate) -> str:
    """A yearly decline or a range of them: 42.8%, 20–30%."""
    if value.single:
        return percent(value.low)
    return f"{percent(value.low).removesuffix('%')}–{percent(value.high)}"


def change(value: Rate, more: str = "dearer") -> str:
    """A fall or a rise a year: 98% a year (88.9–99.9%), 2.4× dearer a year (2–2.9×)."""
    whole, central, said = rate(value), percent(value.middle), " a year"
    if value.high < 0:
        whole, central = rises(value.low, value.high), factor(1 - value.middle)
        said = f" {more} a year"
    if value.central is None or value.single:
        return whole + said
    return f"{central}{said} ({whole})"


def span(low: float, high: float) -> str:
    """A rate or a range as a picture says it: 42.8%, 20–30%; 2–3× up, and 12% up–56%, rise."""
    if high < 0:
        return f"{rises(low, high)} up"
    if low < 0:
        return f"{percent(-low)} up–{percent(high)}"
    if math.isclose(low, high):
        return percent(low)
    return f"{percent(low).removesuffix('%')}–{percent(high)}"


def rises(low: float, high: float) -> str:
    """Yearly declines below zero as factors of growth, the smaller first: 3–18×, 2.4×."""
    ends = dict.fromkeys(factor(1 - end).removesuffix("×") for end in (high, low))
    return f"{'–'.join(ends)}×"


def month(date: str) -> str:
    """A year or a month of one: 2022, November 2022."""
    year, _, number = date.partition("-")
    return f"{month_name[int(number)]} {year}" if number else year


def factor(times: float) -> str:
    """50×, 6.25×, 2.67×."""
    return f"{times:,.0f}×" if times >= 100 else f"{times:.3g}×"


def duration(years: float) -> str:
    """Years with two decimals and the same in months: 1.24 years (14.9 months)."""
    months = years * 12
    if months < 24:
        return f"{months:.1f} months ({years:.2f} years)"
    return f"{years:.2f} years ({months:.0f} months)"


def fell(decline: float) -> str:
    """'down 46.7%', 'up 20%'."""
    return f"down {percent(decline)}" if decline >= 0 else f"up {percent(-decline)}"


def less(decline: float) -> str:
    """'46.7% less', '20% more', '200× as much'."""
    if decline < -1:
        return f"{factor(1 - decline)} as much"
    return f"{percent(decline)} less" if decline >= 0 else f"{percent(-decline)} more"


def cheaper(times: float) -> str:
    """'50× cheaper', '1.12× dearer', 'the same price'."""
    if times == 1:
        return "the same price"
    return f"{factor(times)} cheaper" if times > 1 else f"{factor(1 / times)} dearer"


def count(number: float, thing: str) -> str:
    """A number and its noun: 1 inference, 1,250 inferences, 1.5 inferences."""
    said = f"{number:,.0f}" if number == round(number) else f"{number:,.10g}"
    return f"{said} {thing if number == 1 else plural(thing)}"


def plural(thing: str) -> str:
    return thing.removesuffix("y") + "ies" if thing.endswith("y") else thing + "s"


def years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    return f" {last} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as compact ranges: 1-3,5,7."""
    runs: list[list[int]] = []
    for value in sorted(set(values)):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ",".join(f"{r[0]}-{r[-1]}" if len(r) > 2 else ",".join(map(str, r)) for r in runs)


def initials(name: str) -> str:
    """A venue's initials, words in capitals in full: JMLR, CACM, MITTR; two would tell nothing."""
    words = [w for w in name.split() if w[0].isupper()]
    short = "".join(w if w.isupper() else w[0] for w in words)
    return short if len(short) > 2 else name


def initial(words: str) -> str:
    """Words as they begin a line: 'Price index'."""
    return words[0].upper() + words[1:]
