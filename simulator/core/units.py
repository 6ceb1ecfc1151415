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
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from simulator.core.messages import say

NUMBER = r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
FEN = {"": 100, "yuan": 100, "元": 100, "万元": 1_000_000, "million yuan": 100_000_000, "亿元": 10_000_000_000}
PER_YEAR = {"year": 1, "年": 1, "month": 12, "月": 12}
MINUTES = {"minute": 1, "hour": 60, "day": 1440}
DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "year": 12}
MANY = {"万": 10_000, "亿": 100_000_000}
PERCENT_RATHER = 10
"""A factor from here on is written in per cent."""
LONGEST = 60
"""Digits and letters of a value; a longer one is no number that anybody means."""


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
    """What something is multiplied by: `1.9` or `97%`, zero or more; not `97`, which is rather a forgotten `%`."""
    m = re.fullmatch(rf"({NUMBER})(%?)", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_factor", text=text))
    if not m[2] and Decimal(m[1]) >= PERCENT_RATHER:
        raise ValueError(say("value_factor_percent", text=text, percent=f"{Decimal(m[1]) * 100:f}"))
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


def stock(text: str) -> float:
    """What there is of something for each person: `1.40 per 1000`."""
    m = re.fullmatch(rf"({NUMBER}) per (1000|10000)", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_stock", text=text))
    return float(Decimal(m[1]) / int(m[2]))


def flow(text: str) -> float:
    """What happens to each person in a year: `3.06 per year`, `306 per 1000 per year`."""
    m = re.fullmatch(rf"({NUMBER})(?: per (1000|10000))? per year", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_flow", text=text))
    return float(Decimal(m[1]) / int(m[2] or 1))


def hours_a_week(text: str) -> float:
    """Hours in which somebody does something: `30 hours/week`."""
    m = re.fullmatch(rf"({NUMBER}) hours/week", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_hours_a_week", text=text))
    return float(m[1])


def risk(text: str) -> float:
    """Chance that something happens to a person within a year: `7.87 per 1000`, `0.8% per year`."""
    m = re.fullmatch(rf"({NUMBER})(?: per (1000|10000)(?: per year)?|% per year)", text)
    if not m or Decimal(m[1]) < 0:
        raise ValueError(say("value_risk", text=text))
    return float(Decimal(m[1]) / int(m[2] or 100))


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
    if not re.fullmatch(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise ValueError(say("value_month", text=text))
    return text


def count(text: str) -> int:
    """A whole number, zero or more: `480000`, `48万`, `1.2亿`."""
    if m := re.fullmatch(rf"({NUMBER}) ?({'|'.join(MANY)})", text):
        value = Decimal(m[1]) * MANY[m[2]]
        if value >= 0 and value == int(value):
            return int(value)
    if not re.fullmatch(r"0|[1-9][0-9]*", text):
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


def _reader(read: Callable[[str], Any], low: float | None, high: float, most: str) -> BeforeValidator:
    def validate(value: Any) -> Any:
        kept = value
        if isinstance(value, str):
            if len(value) > LONGEST:
                raise ValueError(say("value_most", value=f"{value[:20]}…", most=most))
            kept = read(value)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(say("value_expected"))
        if kept != kept or (low is not None and kept < low):
            raise ValueError(say("value_range", value=value))
        if abs(kept) > high:
            raise ValueError(say("value_most", value=value, most=most))
        return kept

    return BeforeValidator(validate)


def _type(
    base: type,
    read: Callable[[str], Any],
    high: float,
    most: str,
    form: str = "",
    low: float | None = 0,
    bare: bool = False,
) -> Any:
    """Annotated ``base``, read by ``read`` from text; ``low`` and ``high`` bound numbers in the unit kept, ``most``
    says the upper bound as it is written. Nobody means more; it keeps sums of fen below 2**63.

    For the JSON Schema: ``form`` is the pattern of a text with a unit, ``bare`` says that a number without one may be
    written as well; without a form only bare numbers are.
    """
    bounds = {"minimum": low, "maximum": high}
    plain: dict[str, Any] = {"type": "integer" if base is int and not form else "number"}
    plain |= {key: bound for key, bound in bounds.items() if bound is not None}
    schema = {"anyOf": [{"type": "string", "pattern": f"^{form}$"}, *([plain] if bare else [])]} if form else plain
    return Annotated[base, _reader(read, low, high, most), WithJsonSchema(schema)]


_MONEY = r"\d+(\.\d+)? ?(yuan|元|万元|million yuan|亿元)?"
_A_TIME = r"/(year|month|年|月)"

Money = _type(int, money, 10**12, "100 亿元", _MONEY, bare=True)
"""fen"""
PerYear = _type(int, per_year, 10**12, "100 亿元/year", _MONEY + _A_TIME)
"""fen per year"""
Budget = _type(int, per_year, 10**13, "1000 亿元/year", _MONEY + _A_TIME)
"""fen per year of a whole facility or place"""
Share = _type(float, share, 1, "100%", r"\d+(\.\d+)?%", bare=True)
"""0 to 1"""
Points = _type(float, points, 1, "+100 pp", r"[-+]\d+(\.\d+)? pp", low=-1)
"""change of a share, -1 to 1"""
Change = _type(float, change, 100, "10000%", r"[-+]?\d+(\.\d+)?%", low=-1)
"""relative change, -1 (all is gone) or more; 0.05 is five per cent more"""
Factor = _type(float, factor, 100, "10000%", r"\d+(\.\d+)?%", bare=True)
"""multiplier, zero or more"""
Times = _type(float, times, 1000, "1000 times", r"\d+(\.\d+)? times")
"""multiplier, zero or more"""
Stock = _type(float, stock, 1, "1000 per 1000", r"\d+(\.\d+)? per 10000?")
"""per person"""
Flow = _type(float, flow, 1000, "1000 per year", r"\d+(\.\d+)?( per 10000?)? per year")
"""per person and year"""
Risk = _type(float, risk, 1, "1000 per 1000", r"\d+(\.\d+)?( per 10000?( per year)?|% per year)")
"""chance of a person in a year, 0 to 1"""
Minutes = _type(float, minutes, 525_600, "365 days", r"\d+(\.\d+)? (minute|hour|day)s?")
"""minutes"""
HoursAWeek = _type(float, hours_a_week, 168, "168 hours/week", r"\d+(\.\d+)? hours/week")
"""hours per week"""
Days = _type(float, days, 3_660, "3660 days", r"\d+(\.\d+)? (day|week)s?")
"""days"""
Months = _type(float, months, 12_000, "1000 years", r"\d+(\.\d+)? (month|year)s?")
"""months"""
WholeMonths = _type(int, whole_months, 12_000, "1000 years", r"\d+ (month|year)s?")
"""months"""
Count = _type(int, count, 2 * 10**9, "2000000000")
"""whole number, zero or more"""
Number = _type(float, number, 10**9, "1000000000", low=None)
"""bare number"""
Positive = _type(float, positive, 10**9, "1000000000")
"""bare number, zero or more"""
Scale = _type(float, scale, 1, "1")
"""bare number, 0 to 1"""
Month = Annotated[
    str,
    BeforeValidator(lambda value: month(str(value))),
    WithJsonSchema({"type": "string", "pattern": r"^(19|20)\d\d-(0[1-9]|1[0-2])$"}),
]
"""month of the calendar, as text: 2018-01"""


@dataclass(frozen=True, slots=True)
class Follows:
    """Beside the type of a field: its amounts have a rate of growth of their own, by its name in the section `growth`.

    Amounts without one keep pace with all money.
    """

    rate: str


PRICES = Follows("prices")
"""What payers allow for care."""
WAGES = Follows("wages")
"""What doctors are paid, and what is paid in proportion to wages."""
PREMIUMS = Follows("premiums")
"""What is paid into a plan for one person."""
