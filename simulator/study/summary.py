"""Means, intervals and paired differences over replications: from ``monthly`` to ``summary.csv``."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.count.indicators.catalogue import INDICATORS
from simulator.study import parquet
from simulator.study.intervals import Counted, Ends, Interval, few, interval, of_few, of_few_paired
from simulator.study.run_tables import SHAPE, SUMMARY

if TYPE_CHECKING:
    import pandas as pd

BASELINE = "baseline"
MONTHS = 12
SAMPLED = "people_per_sampled_person"
"""Indicator by which numbers of the place become those of the sample."""
SERIES = ["indicator", *(column.name for column in SHAPE)]


@cache
def over() -> dict[str, str]:
    """Indicators whose months become one figure otherwise than by the ratio of sums: ``max`` or ``last``."""
    return {name: each.period for name, each in INDICATORS.items() if each.period != "ratio"}


@cache
def of_events() -> frozenset[str]:
    """Indicators that say how many of something had an event."""
    return frozenset(name for name, each in INDICATORS.items() if each.events)


def over_period(monthly: "pd.DataFrame", first: str, last: str, sums: bool = False) -> "pd.DataFrame":
    """One value per arm, replication and series for the months from ``first`` to ``last``.

    A ratio is the ratio of its sums, and no row where the denominator is zero; what is no ratio is averaged. Indicators
    of ``over`` have their greatest or their last value.

    Returns:
        Columns arm, replication, those of a series, value; with ``sums`` numerator and denominator too, of the sample.
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
    ratio = found["numerator"] / found["denominator"].where(found["denominator"] != 0)
    found["value"] = found["value"].where(~is_ratio, ratio)
    found["value"] = found["value"].mask(found["indicator"].map(over()) == "max", found["greatest"])
    found = found.loc[found["value"].notna()]
    columns = ["arm", "replication", *SERIES, "value"]
    if not sums:
        return found[columns]
    import pandas as pd

    size = found[found["indicator"] == SAMPLED].set_index(["arm", "replication"])["value"]
    weight = pd.MultiIndex.from_frame(found[["arm", "replication"]]).map(size).to_numpy(float)
    for name in ("numerator", "denominator"):  # whole numbers of events again
        found[name] = (found[name] / np.where(weight > 0, weight, 1.0)).round(6)
    return found[[*columns, "numerator", "denominator"]]


def plain(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Rows of a coded table with their words as words."""
    words = [name for name in rows if rows[name].dtype == "category"]
    return rows.astype(dict.fromkeys(words, "str"))


def last_months(monthly: "pd.DataFrame", months: int = MONTHS) -> tuple[str, str]:
    """First and last of the last ``months`` reported months (all of them where there are fewer)."""
    reported = sorted(map(str, monthly["month"].unique()))
    return reported[-months:][0], reported[-1]


class Known(NamedTuple):
    """A figure of one replication."""

    value: float
    counted: Counted

    @classmethod
    def of(cls, value: float, numerator: float, denominator: float) -> "Known":
        """As `over_period` has it."""
        return cls(value, Counted(numerator, denominator))


def level_of(here: Sequence[Known], ends: Ends = interval, counts: bool = False) -> tuple[Interval, float]:
    """Mean and interval over replications, and how many events these are where they are few, else NaN.

    ``counts`` says that they are numbers of events among so many.
    """
    found = ends([known.value for known in here])
    counted = [known.counted for known in here]
    events = few(counted) if counts and ends is interval else None
    if events is None:
        return found, math.nan
    return (of_few(counted, found) if len(here) > 1 else found), events


def difference_of(paired: Sequence[tuple[Known, Known]], ends: Ends = interval, counts: bool = False) -> Interval:
    """Mean and interval of the differences of pairs (arm, baseline); ``counts`` as for `level_of`."""
    found = ends([here.value - base.value for here, base in paired])
    here, base = ([known.counted for known in arm] for arm in zip(*paired, strict=True))
    if not counts or ends is not interval or len(paired) < 2 or few(here) is None or few(base) is None:
        return found
    return of_few_paired(here, base, found)


def summarise(monthly: "pd.DataFrame", arms: list[str], first: str, last: str, ends: Ends = interval) -> "pd.DataFrame":
    """The rows of ``summary.csv`` for one period, arms in the order given.

    Args:
        monthly: the table of that name.
        arms: arms in order; differences are against ``baseline`` where it is one of them.
        first, last: months, ``2027-01``.
        ends: ``spread`` where every replication has a set of parameters of its own.
    """
    import pandas as pd

    values = over_period(monthly, first, last, sums=True)
    found: dict[str, dict[tuple[str, ...], dict[int, Known]]] = {arm: {} for arm in [*arms, BASELINE]}
    for arm, replication, *series, value, numerator, denominator in values.itertuples(index=False, name=None):
        if arm in found:
            found[arm].setdefault(tuple(series), {})[replication] = Known.of(value, numerator, denominator)
    order = dict.fromkeys(values[SERIES].itertuples(index=False, name=None))
    rows = []
    for arm in arms:
        for series in order:
            here = found[arm].get(series)
            if here is None:
                continue
            base = found[BASELINE].get(series, {}) if arm != BASELINE else {}
            counts = series[0] in of_events()
            level, events = level_of(list(here.values()), ends, counts)
            paired = [(known, base[replication]) for replication, known in here.items() if replication in base]
            difference = difference_of(paired, ends, counts) if paired else (math.nan,) * 3
            rows.append([arm, *series, f"{first}/{last}", len(here), *level, *difference, events])
    return pd.DataFrame(rows, columns=[column.name for column in SUMMARY.columns])


def write_summary(folder: Path, arms: list[str], ends: Ends = interval) -> None:
    """Write ``summary.csv`` of the last twelve reported months beside the folder's ``monthly.parquet``."""
    monthly = parquet.frame(folder / "monthly.parquet")
    table = summarise(monthly, arms, *last_months(monthly), ends)
    table.to_csv(folder / "summary.csv", index=False, float_format="%.10g")
