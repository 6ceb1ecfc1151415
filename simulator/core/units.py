"""Values with units: how `8700 yuan`, `65%` or `30 minutes` in a scenario become the numbers that rules compute with.

Each type is an annotated int or float for fields of pydantic models. **Text** is read as written in a scenario and
must say its unit wherever a bare number could be mistaken; a **number** (from Python) is taken as already in the unit
kept, which the type's comment gives.

>>> from pydantic import TypeAdapter
>>> TypeAdapter(Money).validate_python("1.2 万元"), TypeAdapter(Money).validate_python(1_200_000)
(1200000, 1200000)
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from simulator.core.messages import say

NUMBER = r"[-+]?(?:0|[1-9]\d*)(?:\.\d+)?"
FEN = {"": 100, "yuan": 100, "元": 100, "万元": 1_000_000, "million yuan": 100_000_000, "亿元": 10_000_000_000}
PER_YEAR = {"year": 1, "年": 1, "month": 12, "月": 12}
MINUTES = {"minute": 1, "hour": 60, "day": 1440}
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}


def share(text: str) -> float:
    """`65%` or `0.65`; not `65`, and not `1`, which could be one per cent or all of it."""
    if m := re.fullmatch(rf"({NUMBER})%", text):
        value = Decimal(m[1]) / 100
        if 0 <= value <= 1:
            return float(value)
    elif text == "1":
        raise ValueError(say("value_share_one"))
    elif re.fullmatch(NUMBER, text):
        if 0 <= Decimal(text) <= 1:
            return float(text)
        if 1 < Decimal(text) <= 100:
            raise ValueError(say("value_share_percent", text=text))
    raise ValueError(say("value_share", text=text))


def points(text: str) -> float:
    """Change of a share in percentage points, always signed: `+5 pp`."""
    m = re.fullmatch(r"([-+].*) pp", text)
    if not m or not re.fullmatch(NUMBER, m[1]):
        raise ValueError(say("value_points", text=text))
    return float(Decimal(m[1]) / 100)


def change(text: str) -> float:
    """Relative change: `-12%`, `6%`, `0%`."""
    m = re.fullmatch(rf"({NUMBER})%", text)
    if not m:
        raise ValueError(say("value_change", text=text))
    return float(Decimal(m[1]) / 100)


def factor(text: str) -> float:
    """What something is multiplied by: `1.9` or `97%`, zero or more."""
    m = re.fullmatch(rf"({NUMBER})(%?)", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_factor", text=text))
    return float(Decimal(m[1]) / (100 if m[2] else 1))


def times(text: str) -> float:
    """`5 times`."""
    m = re.fullmatch(rf"({NUMBER}) times", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_times", text=text))
    return float(m[1])


def _fen(text: str, whole: str) -> int:
    m = re.fullmatch(rf"({NUMBER}) ?({'|'.join(FEN)})", text)
    if not m:
        raise ValueError(say("value_money", text=whole))
    fen = Decimal(m[1]) * FEN[m[2]]
    if fen < 0:
        raise ValueError(say("value_negative", text=whole))
    if fen != int(fen):
        raise ValueError(say("value_finer_than_fen", text=whole))
    return int(fen)


def money(text: str) -> int:
    """An amount, in fen, exact: `500`, `500 yuan`, `1.2 万元`, `2.4 亿元`."""
    if "/" in text:
        raise ValueError(say("value_money_not_rate", text=text))
    return _fen(text, text)


def per_year(text: str) -> int:
    """An amount per time, in fen per year: `380 yuan/year`, `30 yuan/month`."""
    amount, slash, time = text.partition("/")
    if not slash or time not in PER_YEAR:
        whole = amount.strip() if re.search(r"\D$", amount.strip()) else f"{amount} yuan"
        raise ValueError(say("value_per_time", text=text, amount=whole))
    return _fen(amount, text) * PER_YEAR[time]


def rate(text: str) -> float:
    """Events or units per person (and year): `3.06 per year`, `5% per year`, `1.40 per 1000`."""
    m = re.fullmatch(rf"({NUMBER})(%?)(?: per (1000|10000))?( per year)?", text)
    if not m or not (m[3] or m[4]) or (m[2] and m[3]) or Decimal(m[1]) < 0:
        raise ValueError(say("value_rate", text=text))
    return float(Decimal(m[1]) / int(m[3] or 1) / (100 if m[2] else 1))


def _time(words: dict[str, int]) -> Callable[[str], float]:
    def read(text: str) -> float:
        m = re.fullmatch(rf"({NUMBER}) ({'|'.join(words)})s?", text)
        if not m:
            raise ValueError(say("value_duration", text=text, units=", ".join(f"{w}s" for w in words)))
        if Decimal(m[1]) < 0:
            raise ValueError(say("value_negative", text=text))
        return float(Decimal(m[1]) * words[m[2]])

    return read


minutes, days, months = _time(MINUTES), _time(DAYS), _time(MONTHS)


def whole_months(text: str) -> int:
    """A duration of whole months: `36 months`."""
    value = months(text)
    if value != int(value):
        raise ValueError(say("value_whole", text=text))
    return int(value)


def month(text: str) -> str:
    """A month of the calendar: `2018-01`."""
    if not re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", text):
        raise ValueError(say("value_month", text=text))
    return text


def count(text: str) -> int:
    """A whole number, zero or more."""
    if not re.fullmatch(r"0|[1-9]\d*", text):
        raise ValueError(say("value_count", text=text))
    return int(text)


def number(text: str) -> float:
    """A bare number."""
    if not re.fullmatch(NUMBER, text):
        raise ValueError(say("value_number", text=text))
    return float(text)


def positive(text: str) -> float:
    """A bare number, zero or more."""
    value = number(text)
    if value < 0:
        raise ValueError(say("value_negative", text=text))
    return value


def scale(text: str) -> float:
    """A bare number from 0 to 1, on a scale without a unit (capability, tightness)."""
    value = number(text)
    if not 0 <= value <= 1:
        raise ValueError(say("value_scale", text=text))
    return value


def _reader(read: Callable[[str], Any], low: float | None, high: float | None) -> BeforeValidator:
    def validate(value: Any) -> Any:
        if isinstance(value, str):
            return read(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(say("value_expected"))
        if value != value or (low is not None and value < low) or (high is not None and value > high):
            raise ValueError(say("value_range", value=value))
        return value

    return BeforeValidator(validate)


def _type(
    base: type,
    read: Callable[[str], Any],
    form: str = "",
    low: float | None = 0,
    high: float | None = None,
    bare: bool = False,
) -> Any:
    """Annotated ``base``, read by ``read`` from text; ``low`` and ``high`` bound numbers in the unit kept.

    For the JSON Schema: ``form`` is the pattern of a text with a unit, ``bare`` says that a number without one may be
    written as well; without a form only bare numbers are.
    """
    bounds = {"minimum": low, "maximum": high}
    plain: dict[str, Any] = {"type": "integer" if base is int and not form else "number"}
    plain |= {key: bound for key, bound in bounds.items() if bound is not None}
    schema = {"anyOf": [{"type": "string", "pattern": f"^{form}$"}, *([plain] if bare else [])]} if form else plain
    return Annotated[base, _reader(read, low, high), WithJsonSchema(schema)]


_MONEY = r"\d+(\.\d+)? ?(yuan|元|万元|million yuan|亿元)?"

Money = _type(int, money, _MONEY, bare=True)
"""fen"""
PerYear = _type(int, per_year, _MONEY + r"/(year|month|年|月)")
"""fen per year"""
Share = _type(float, share, r"\d+(\.\d+)?%", 0, 1, bare=True)
"""0 to 1"""
Points = _type(float, points, r"[-+]\d+(\.\d+)? pp", -1, 1)
"""change of a share, -1 to 1"""
Change = _type(float, change, r"[-+]?\d+(\.\d+)?%", None)
"""relative change; 0.05 is five per cent more"""
Factor = _type(float, factor, r"\d+(\.\d+)?%", bare=True)
"""multiplier, zero or more"""
Times = _type(float, times, r"\d+(\.\d+)? times")
"""multiplier, zero or more"""
Rate = _type(float, rate, r"\d+(\.\d+)?%?( per 10000?)?( per year)?")
"""per person (and year)"""
Minutes = _type(float, minutes, r"\d+(\.\d+)? (minute|hour|day)s?")
"""minutes"""
Days = _type(float, days, r"\d+(\.\d+)? (day|week)s?")
"""days"""
Months = _type(float, months, r"\d+(\.\d+)? (month|year)s?")
"""months"""
WholeMonths = _type(int, whole_months, r"\d+ (month|year)s?")
"""months"""
Count = _type(int, count)
"""whole number, zero or more"""
Number = _type(float, number, low=None)
"""bare number"""
Positive = _type(float, positive)
"""bare number, zero or more"""
Scale = _type(float, scale, low=0, high=1)
"""bare number, 0 to 1"""
Month = Annotated[
    str,
    BeforeValidator(lambda value: month(str(value))),
    WithJsonSchema({"type": "string", "pattern": r"^(19|20)\d\d-(0[1-9]|1[0-2])$"}),
]
"""month of the calendar, as text: 2018-01"""
