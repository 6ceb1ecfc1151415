"""Means, intervals and paired differences over replications: from ``monthly`` to ``summary.csv``."""

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.count.indicators.catalogue import INDICATORS
from simulator.study import parquet
from simulator.study.run_tables import SHAPE, SUMMARY

if TYPE_CHECKING:
    import pandas as pd

BASELINE = "baseline"
LEVEL = 0.95
MONTHS = 12
SERIES = ["indicator", *(column.name for column in SHAPE)]


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t for a whole number of degrees of freedom.

    Bisection on the finite series for P(|T| < t), Abramowitz & Stegun 26.7.3 and 26.7.4, exact to rounding.

    Args:
        probability: above 0.5 and below 1.
        freedom: degrees of freedom, 1 or more.

    >>> round(t_quantile(0.975, 9), 4)
    2.2622
    """
    if not 0.5 < probability < 1 or freedom < 1:
        raise ValueError(f"t_quantile({probability}, {freedom}): outside its range")
    low, high = 0.0, math.pi / 2
    while (middle := (low + high) / 2) not in (low, high):
        if _within(middle, freedom) < 2 * probability - 1:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(middle)


def _within(angle: float, freedom: int) -> float:
    """P(|T| < tan(angle) √freedom)."""
    sine, cosine2 = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for k in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine2 * (k - 1) / k
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


def interval(values: list[float]) -> tuple[float, float, float]:
    """Mean and the ends of its 95 % interval over replications; one replication has no interval (NaN).

    >>> interval([1.0, 1.0, 1.0])
    (1.0, 1.0, 1.0)
    """
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return mean, math.nan, math.nan
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    half = t_quantile((1 + LEVEL) / 2, count - 1) * spread
    return mean, mean - half, mean + half


def spread(values: list[float]) -> tuple[float, float, float]:
    """Mean and the ends of the middle 95 % of values, each from a set of parameters; one value has no ends (NaN).

    >>> [round(value, 6) for value in spread([0.0, 10.0, 20.0, 30.0, 40.0])]
    [20.0, 1.0, 39.0]
    """
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return mean, math.nan, math.nan
    ordered = sorted(values)

    def quantile(probability: float) -> float:
        place = probability * (count - 1)
        below = min(int(place), count - 2)
        return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])

    return mean, quantile((1 - LEVEL) / 2), quantile((1 + LEVEL) / 2)


type Ends = Callable[[list[float]], tuple[float, float, float]]
"""Mean and ends of the interval of the values of all replications."""


@cache
def over() -> dict[str, str]:
    """Indicators whose months become one figure otherwise than by the ratio of sums: ``max`` or ``last``."""
    return {name: each.period for name, each in INDICATORS.items() if each.period != "ratio"}


def over_period(monthly: "pd.DataFrame", first: str, last: str) -> "pd.DataFrame":
    """One value per arm, replication and series for the months from ``first`` to ``last``.

    A ratio is the ratio of its sums, and no row where the denominator is zero; what is no ratio is averaged. Indicators
    of ``over`` have their greatest or their last value.

    Returns:
        Columns arm, replication, those of a series, value.
    """
    inside = monthly[(monthly["month"] >= first) & (monthly["month"] <= last)]
    unit = ["arm", "replication", *SERIES]
    newest = inside.groupby(unit, sort=False, dropna=False)["month"].transform("max")
    is_stock = inside["indicator"].map(over()) == "last"
    groups = inside[~is_stock | (inside["month"] == newest)].groupby(unit, sort=False, dropna=False)
    found = groups.agg(
        numerator=("numerator", "sum"),
        denominator=("denominator", "sum"),
        ratios=("denominator", "count"),
        value=("value", "mean"),
        greatest=("value", "max"),
    ).reset_index()
    is_ratio = found["ratios"] > 0
    sums = found["numerator"] / found["denominator"].where(found["denominator"] != 0)
    found["value"] = found["value"].where(~is_ratio, sums)
    found["value"] = found["value"].mask(found["indicator"].map(over()) == "max", found["greatest"])
    return found.loc[found["value"].notna(), ["arm", "replication", *SERIES, "value"]]


def plain(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Rows of a coded table with their words as words."""
    words = [name for name in rows if rows[name].dtype == "category"]
    return rows.astype(dict.fromkeys(words, "str"))


def last_months(monthly: "pd.DataFrame", months: int = MONTHS) -> tuple[str, str]:
    """First and last of the last ``months`` reported months (all of them where there are fewer)."""
    reported = sorted(map(str, monthly["month"].unique()))
    return reported[-months:][0], reported[-1]


def summarise(monthly: "pd.DataFrame", arms: list[str], first: str, last: str, ends: Ends = interval) -> "pd.DataFrame":
    """The rows of ``summary.csv`` for one period, arms in the order given.

    Args:
        monthly: the table of that name.
        arms: arms in order; differences are against ``baseline`` where it is one of them.
        first, last: months, ``2027-01``.
        ends: ``spread`` where every replication has a set of parameters of its own.
    """
    import pandas as pd

    values = over_period(monthly, first, last)
    found: dict[str, dict[tuple[str, ...], dict[int, float]]] = {arm: {} for arm in [*arms, BASELINE]}
    for arm, replication, *series, value in values.itertuples(index=False, name=None):
        if arm in found:
            found[arm].setdefault(tuple(series), {})[replication] = value
    order = dict.fromkeys(values[SERIES].itertuples(index=False, name=None))
    rows = []
    for arm in arms:
        for series in order:
            here = found[arm].get(series)
            if here is None:
                continue
            base = found[BASELINE].get(series, {}) if arm != BASELINE else {}
            paired = [value - base[replication] for replication, value in here.items() if replication in base]
            difference = ends(paired) if paired else (math.nan,) * 3
            row = [arm, *series, f"{first}/{last}", len(here), *ends(list(here.values())), *difference]
            rows.append(row)
    return pd.DataFrame(rows, columns=[column.name for column in SUMMARY.columns])


def write_summary(folder: Path, arms: list[str], ends: Ends = interval) -> None:
    """Write ``summary.csv`` of the last twelve reported months beside the folder's ``monthly.parquet``."""
    monthly = parquet.frame(folder / "monthly.parquet")
    table = summarise(monthly, arms, *last_months(monthly), ends)
    table.to_csv(folder / "summary.csv", index=False, float_format="%.10g")
