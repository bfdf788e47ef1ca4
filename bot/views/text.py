"""Money, shares, changes, tokens and counts in words. Nothing else in the program formats an amount.

Amounts arrive exact, as integer nano-units and a currency, and are rounded here, once, half-even. Times are in
`times.py`, names in `names.py`, the last line of a message in `footer.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from spend.breakdown import shares as whole_percents
from spend.breakdown import shown_parts
from spend.money import NANOS_PER_UNIT, from_nanos, to_nanos

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_MINOR_DIGITS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF"), 0
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}  # ISO 4217, everything else has two
_WHOLE_FROM = 10_000 * NANOS_PER_UNIT
_MILLION = 1_000_000 * NANOS_PER_UNIT
_BILLION = 1000 * _MILLION


def step_of(nanos: int, currency: str = "USD") -> int:
    """Give the step, in nano-units, an amount is rounded to: minor units to 9,999.99, then units, then 0.01 million.

    >>> step_of(2_253_554_000_000) == NANOS_PER_UNIT // 100
    True
    """
    steps = ((_minor_step(currency), _WHOLE_FROM), (NANOS_PER_UNIT, _MILLION), (_MILLION // 100, _BILLION))
    for step, below in steps:
        if abs(to_step(nanos, step)) < below:
            return step
    return _BILLION // 100


def to_step(nanos: int, step: int) -> int:
    """Round to a multiple of `step`, half-even."""
    return round(Fraction(nanos, step)) * step


def money(nanos: int, currency: str = "USD", *, codes: bool = False, step: int | None = None) -> str:
    """Put an amount into words: `$2,253.55`, `$12,346`, `$1.23 million`, `<$0.01`, `-$2.18`, `$0`.

    codes: two currencies meet in this message, so codes instead of symbols (`USD 2,253.55`).
    step: the step of the total, when the amount stands in a column or beside a total.

    >>> money(2_253_554_000_000), money(12_345_670_000_000), money(4_000_000), money(41_200_000_000, "EUR", codes=True)
    ('$2,253.55', '$12,346', '<$0.01', 'EUR 41.20')
    """
    step = step_of(nanos, currency) if step is None else step
    rounded = to_step(nanos, step)
    sign = "-" if nanos < 0 else ""
    if rounded == 0:
        return (
            _with_currency("0", currency, codes)
            if nanos == 0
            else f"{sign}<{_smallest(currency, step, codes)}"
        )
    return sign + _with_currency(_figures(abs(rounded), step), currency, codes)


def signed(nanos: int, currency: str = "USD", *, codes: bool = False, step: int | None = None) -> str:
    """Put a change into words, with its sign also when it rose: `+$2.18`, `-$2.18`, `$0`."""
    return ("+" if nanos > 0 else "") + money(nanos, currency, codes=codes, step=step)


def in_picture(words: str) -> str:
    """Return words of money with the minus of typography (U+2212), as pictures write it."""
    return "\N{MINUS SIGN}" + words[1:] if words.startswith("-") else words


def limit(amount: Decimal, currency: str = "USD", *, codes: bool = False) -> str:
    """Put a limit into words as someone typed it: `$3,300`, `$49.90`."""
    nanos = to_nanos(amount)
    if nanos % NANOS_PER_UNIT == 0:
        return _with_currency(f"{nanos // NANOS_PER_UNIT:,}", currency, codes)
    return money(nanos, currency, codes=codes, step=_minor_step(currency))


def exact(grid_value: float) -> Decimal:
    """Return the decimal a round value of a scale stands for. Only for values that no amount is made of."""
    return Decimal(f"{grid_value:.12g}")


def column(
    parts: Sequence[int], currency: str = "USD", *, codes: bool = False
) -> tuple[tuple[str, ...], str]:
    """Put a column and its total into words, in the precision of the total; the shown parts make the shown total.

    A part too small for one step reads `<$0.01`.
    """
    total = sum(parts)
    step = step_of(total, currency)
    amounts = shown(parts, step)
    cells = tuple(
        part(one, now, currency, codes=codes, step=step) for one, now in zip(parts, amounts, strict=True)
    )
    return cells, money(total, currency, codes=codes, step=step)


def shown(parts: Sequence[int], step: int) -> list[int]:
    """Return the parts as shown, each a multiple of `step`; they make the shown total."""
    return shown_parts(parts, step)


def part(exact_nanos: int, shown_nanos: int, currency: str = "USD", *, codes: bool = False, step: int) -> str:
    """Put one part of a column into words; one too small for a step of its own reads `<$0.01`."""
    if shown_nanos == 0 and exact_nanos != 0:
        return f"{'-' if exact_nanos < 0 else ''}<{_smallest(currency, step, codes)}"
    return money(shown_nanos, currency, codes=codes, step=step)


def currencies(amounts: Sequence[tuple[int, str]]) -> str:
    """Name one or several totals: `$2,253.55`, or `USD 2,253.55 and EUR 41.20`."""
    codes = len(amounts) > 1
    return listed([money(nanos, currency, codes=codes) for nanos, currency in amounts])


def currencies_coded(amounts: Sequence[tuple[int, str]]) -> str:
    """Name totals with their codes, beside another currency: `EUR 41.20`."""
    return listed([money(nanos, currency, codes=True) for nanos, currency in amounts])


def rate(nanos: int, currency: str = "USD", *, per: str = "an hour", codes: bool = False) -> str:
    """Put a rate into words: `$34.55 an hour`, `$118.20 a day`."""
    return f"{money(nanos, currency, codes=codes)} {per}"


def about(nanos: int, currency: str = "USD", *, codes: bool = False) -> str:
    """Put a guess into words, in whole units from 10 up: `about $26`."""
    whole = abs(nanos) >= 10 * NANOS_PER_UNIT
    step = max(step_of(nanos, currency), NANOS_PER_UNIT) if whole else None
    return f"about {money(nanos, currency, codes=codes, step=step)}"


def per_million(nanos: int, tokens: int, currency: str = "USD", *, codes: bool = False) -> str:
    """Put the price of a million tokens into words, with two significant digits at least: `$5.60`, `$0.0042`.

    Returns '' where there are no tokens to divide by.
    """
    if tokens <= 0:
        return ""
    return price(Fraction(nanos * 1_000_000, tokens * NANOS_PER_UNIT), currency, codes=codes)


def price(amount: Fraction | Decimal, currency: str = "USD", *, codes: bool = False) -> str:
    """Put a price in main units into words; below one unit it keeps two significant digits: `$0.0042`."""
    exact_price = Fraction(amount)
    if exact_price >= 1 or exact_price <= 0:
        return money(round(exact_price * NANOS_PER_UNIT), currency, codes=codes)
    digits = 2
    while digits < 9 and exact_price * 10**digits < 10:
        digits += 1
    whole, _, cents = f"{_decimal(exact_price, digits):f}".partition(".")
    return _with_currency(f"{whole}.{cents.rstrip('0').ljust(2, '0')}", currency, codes)


@dataclass(frozen=True, slots=True)
class ShownForecast:
    """A forecast as people see it: three significant digits, the range in the same step. Amounts are the shown ones."""

    nanos: int
    low_nanos: int
    high_nanos: int
    figure: str
    range: str

    def __str__(self) -> str:
        return f"about {self.figure} ({self.range})"

    @property
    def in_answer(self) -> str:
        """The forecast with the range named, as answers do: `about $3,530 (80% range 3,450 to 3,620)`."""
        return f"about {self.figure} (80% range {self.range})"


def forecast(
    nanos: int, low_nanos: int, high_nanos: int, currency: str = "USD", *, codes: bool = False
) -> ShownForecast:
    """Round a forecast and its range to three significant digits of the forecast.

    >>> str(forecast(3_528_610_000_000, 3_449_000_000_000, 3_621_000_000_000))
    'about $3,530 (3,450 to 3,620)'
    """
    step = max(_minor_step(currency), _three_digits(nanos))
    middle, low, high = (to_step(value, step) for value in (nanos, low_nanos, high_nanos))
    edges = [_bare(value, step, currency) for value in (low, high)]
    figure = _with_currency(_bare(middle, step, currency), currency, codes)
    return ShownForecast(middle, low, high, figure, f"{edges[0]} to {edges[1]}")


def against_limit(shown_nanos: int, amount: Decimal, currency: str = "USD", *, codes: bool = False) -> str:
    """Compare a shown forecast with a limit: `$230 over`, `$120 under`, or '' when they are the same."""
    difference = shown_nanos - to_nanos(amount)
    if difference == 0:
        return ""
    words = limit(from_nanos(abs(difference)), currency, codes=codes)
    return f"{words} {'over' if difference > 0 else 'under'}"


def shares(parts: Sequence[int]) -> tuple[str, ...] | None:
    """Put the shares of a whole into words; they make 100. None when a part is negative or the whole is not above 0."""
    percents = whole_percents(parts)
    if percents is None:
        return None
    whole = sum(parts)
    return tuple(
        "<1%" if 0 < 100 * one < whole else f"{percent}%"
        for one, percent in zip(parts, percents, strict=True)
    )


def share(part: int, whole: int) -> str:
    """Put one share into words: `33%`, `<1%`, `99%`; 100 % only when nothing else is there."""
    return percent_of(Fraction(part, whole))


def percent_of(ratio: Fraction | Decimal) -> str:
    """Put a ratio into percent without rounding it onto 50, 80 or 100 that it has not reached: .796 is `79%`."""
    exact = Fraction(ratio) * 100
    if 0 < exact < 1:
        return "<1%"
    percent = round(exact)
    if percent in (50, 80, 100) and exact < percent:
        percent -= 1
    return f"{percent}%"


def more_or_less(now: int, before: int, currency: str = "USD", *, codes: bool = False) -> str:
    """Compare two amounts in words, without the base: `$5.33 more (+4%)`, `$1.01 less (-2%)`, `about the same`, `new`.

    The difference is taken between the shown amounts. Under one unit of base there is money only, no percent.
    """
    step = step_of(max(now, before, key=abs), currency)
    difference = to_step(now, step) - to_step(before, step)
    if before == 0:
        return "new" if now else "about the same"
    ratio = Fraction(now - before, abs(before))
    if difference == 0 or abs(ratio) * 200 < 1:
        return "about the same"
    words = (
        f"{money(abs(difference), currency, codes=codes, step=step)} {'more' if difference > 0 else 'less'}"
    )
    if before < NANOS_PER_UNIT or ratio >= 100:
        return words
    return f"{words} ({round(ratio * 100):+d}%)"


def times(now: int, before: int) -> str:
    """Put a ratio of 2 and above into words: `2.1x`, `14x`, `over 100x`; '' below 2 or with a base under one unit."""
    if before < NANOS_PER_UNIT or now < 2 * before:
        return ""
    ratio = Fraction(now, before)
    if ratio > 100:
        return "over 100x"
    return f"{round(ratio)}x" if ratio >= Fraction(995, 100) else f"{_decimal(ratio, 1)}x"


def tokens(number: int) -> str:
    """Put a number of tokens into words with three significant digits: `950`, `17.0M`, `1.24B`."""
    for size, letter in ((1, ""), (1000, "K"), (1_000_000, "M"), (1_000_000_000, "B"), (10**12, "T")):
        for digits in (2, 1, 0):
            scaled = _decimal(Fraction(number, size), digits if letter else 0)
            if len(scaled.as_tuple().digits) <= 3 and (scaled >= 1 or not letter):
                return f"{scaled:f}{letter}"
    return f"{round(Fraction(number, 10**12)):,}T"


def count(number: int, one: str, many: str = "") -> str:
    """Count things: `no keys`, `1 key`, `1,204 requests`. `many` defaults to `one` with an s."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {many or one + 's'}" if number else f"no {many or one + 's'}"


def more(number: int, one: str) -> str:
    """Say how much a message leaves out: `and 1 more row`, `and 1,400 more rows`."""
    return f"and {number:,} more {one if number == 1 else one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: `a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def fraction_word(part: int, whole: int, shown: str = "") -> str:
    """Name a share that is within half a point of a plain fraction (`a third`, `half`), else its percent.

    shown: the share as it stands beside others that make 100, so that one figure is not rounded in two ways.
    """
    ratio = Fraction(part, whole)
    for plain, word in _FRACTIONS:
        if abs(ratio - plain) * 200 < 1:
            return word
    return shown or percent_of(ratio)


_FRACTIONS = (
    (Fraction(1, 4), "a quarter"),
    (Fraction(1, 3), "a third"),
    (Fraction(1, 2), "half"),
    (Fraction(2, 3), "two thirds"),
    (Fraction(3, 4), "three quarters"),
)


def _figures(nanos: int, step: int) -> str:
    """Write a rounded amount without its currency; steps from 0.01 million up are written in millions or billions."""
    for size, word in ((_BILLION, "billion"), (_MILLION, "million")):
        if step >= size // 100:
            return f"{_decimal(Fraction(nanos, size), 2):,} {word}"
    return f"{_decimal(Fraction(nanos, NANOS_PER_UNIT), _digits_below(step)):,}"


def _digits_below(step: int) -> int:
    digits = 0
    while step < NANOS_PER_UNIT and step * 10**digits < NANOS_PER_UNIT:
        digits += 1
    return digits


def _bare(nanos: int, step: int, currency: str) -> str:
    """A rounded forecast without its currency: cents or none, never one digit after the point."""
    if abs(nanos) >= _MILLION:
        size, word = (_BILLION, "billion") if abs(nanos) >= _BILLION else (_MILLION, "million")
        return f"{_decimal(Fraction(nanos, size), 2):,} {word}"
    digits = 0 if step >= NANOS_PER_UNIT else _MINOR_DIGITS.get(currency, 2)
    return f"{_decimal(Fraction(nanos, NANOS_PER_UNIT), digits):,}"


def _three_digits(nanos: int) -> int:
    step = 1
    while round(Fraction(abs(nanos), step)) >= 1000:
        step *= 10
    return step


def _minor_step(currency: str) -> int:
    return int(NANOS_PER_UNIT // 10 ** _MINOR_DIGITS.get(currency, 2))


def _smallest(currency: str, step: int, codes: bool) -> str:
    return _with_currency(_figures(step, step), currency, codes)


def _with_currency(figures: str, currency: str, codes: bool) -> str:
    if codes or currency not in _SYMBOLS:
        return f"{currency} {figures}"
    return f"{_SYMBOLS[currency]}{figures}"


def _decimal(value: Fraction, digits: int) -> Decimal:
    scaled = round(value * 10**digits)
    return Decimal(scaled).scaleb(-digits).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
