"""Values of variables as texts with units: between two ends, times a factor, and as numbers for tables."""

import math

from simulator.core.units import FEN
from simulator.scenario.language.values import quantity, unit_of
from simulator.study.parameter_table import plain_number
from simulator.study.sweep.language import Variable, number_of

DIGITS = 10
"""Significant digits of a value that is computed."""
SHORT = 4
"""The same on the screen."""


def word(text: str) -> str | bool:
    """A text as it stands in a scenario, where only `true` and `false` are more than texts."""
    return text == "true" if text in ("true", "false") else text


def number(text: str | None) -> float | None:
    """The number that a text means in the unit that the program keeps, None for a word.

    >>> number("+20 pp"), number("8.8 days"), number("drg"), number(None)
    (0.2, 8.8, None, None)
    """
    try:
        return None if text is None else float(quantity(text).value)
    except ValueError:
        return None


def value_at(variable: Variable, part: float, rows: int = 0) -> str:
    """The value at ``part`` of the way, 0 to 1: between the ends, among the values, or the number of one of ``rows``.

    >>> value_at(Variable(sets="x", between=("10%", "30%")), 0.25)
    '15%'
    """
    if variable.between is None:
        options = variable.options
        count = rows if options is None else len(options)
        place = min(int(part * count), count - 1)
        return str(place) if options is None else as_text(options[place])
    low, high = map(number_of, variable.between)
    if variable.whole:
        value = float(min(math.floor(low + part * (high - low + 1)), high))
    elif variable.scale == "log":
        value = low * (high / low) ** part
    else:
        value = low + part * (high - low)
    return text_like(value, variable.between[0])


def between(variable: Variable, steps: int) -> list[str]:
    """So many values from one end to the other, or all that a variable takes if it has no ends."""
    if variable.between is None:
        return [as_text(option) for option in variable.options or ()]
    return list(dict.fromkeys(value_at(variable, step / (steps - 1)) for step in range(steps)))


def scaled(text: str, factor: float) -> str:
    """A text with its number multiplied.

    >>> scaled("+10 pp", 1.5)
    '+15 pp'
    """
    return text_like(number_of(text) * factor, text)


def short(text: str) -> str:
    """A text with its number in four significant digits or, if that is more, all before the point; for the screen.

    >>> short("68.99446304%"), short("12345.6 yuan")
    ('68.99%', '12346 yuan')
    """
    value = number_of(text)
    whole = len(str(int(abs(value))))
    return text_like(value, text, max(SHORT, whole))


def as_text(option: object) -> str:
    """A value as the text that a point has for it."""
    return str(option).lower() if isinstance(option, bool) else str(option)


def text_like(value: float, like: str, digits: int = DIGITS) -> str:
    """A number in the manner of another value: its unit, its sign, and no finer than a fen if it is money."""
    unit = unit_of(like)
    money = unit.partition("/")[0]
    if money in FEN and money:
        value = round(value, round(math.log10(FEN[money])))
    sign = "+" if like[0] in "+-" and value >= 0 else ""
    space = " " if unit and like.endswith(f" {unit}") else ""
    return f"{sign}{plain_number(value, digits)}{space}{unit}"
