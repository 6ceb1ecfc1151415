"""The outcomes of a run, from its table of months."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from simulator.study.summary import SERIES, over
from simulator.study.sweep.language import Outcome

if TYPE_CHECKING:
    import pandas as pd

YEAR = 12


def period(over: str, months: list[str]) -> tuple[str, str]:
    """First and last month that an outcome is taken over.

    >>> period("2024-2025", ["2023-01", "2026-12"])
    ('2024-01', '2025-12')
    """
    match over:
        case "last_year":
            return months[-YEAR:][0], months[-1]
        case "first_year":
            return months[0], months[:YEAR][-1]
        case "all_years":
            return months[0], months[-1]
    first, _, last = over.partition("-")
    return f"{first}-01", f"{last or first}-12"


class Row(NamedTuple):
    """A month of a series, as in the table of months."""

    month: str
    value: float
    numerator: float
    denominator: float


def outcomes_of(wanted: Mapping[str, Outcome], monthly: "pd.DataFrame") -> dict[str, float | None]:
    """The figure of each outcome in one run; None where the run has no such figure.

    Args:
        wanted: outcomes by name.
        monthly: the run's table of that name, without arm and replication.
    """
    months = sorted(monthly["month"].unique())
    series = {name: tuple(getattr(outcome, column) for column in SERIES) for name, outcome in wanted.items()}
    rows = monthly[monthly["indicator"].isin({outcome.indicator for outcome in wanted.values()})]
    known: dict[tuple[str, ...], list[Row]] = {each: [] for each in series.values()}
    of = zip(*(rows[name].tolist() for name in SERIES), strict=True)
    for each, row in zip(of, zip(*(rows[name].tolist() for name in Row._fields), strict=True), strict=True):
        if each in known:
            known[each].append(Row(*row))
    found: dict[str, float | None] = {}
    for name, outcome in wanted.items():
        value = figure(known[series[name]], over().get(outcome.indicator), *period(outcome.over, months))
        found[name] = value if math.isfinite(value) else None
    return found


def figure(rows: Sequence[Row], way: str | None, first: str, last: str) -> float:
    """One series over the months from ``first`` to ``last``, not a number where there is none: to the bit what
    `over_period` has, which takes fifty times as long for the few series that a study asks for."""
    inside = [row for row in rows if first <= row.month <= last]
    if way == "last":
        newest = max((row.month for row in inside), default="")
        inside = [row for row in inside if row.month == newest]
    values, above, below = (_there(row[k] for row in inside) for k in (1, 2, 3))
    if way == "max":
        return max(values, default=math.nan)
    if not below:
        return _sum(values) / len(values) if values else math.nan
    total = _sum(below)
    return _sum(above) / total if total else math.nan


def _there(values: Iterable[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def _sum(values: Iterable[float]) -> float:
    """As pandas adds up a group, what is lost in rounding kept beside (Kahan 1965)."""
    total = lost = 0.0
    for value in values:
        more = value - lost
        new = total + more
        lost = new - total - more
        total = new
    return total
