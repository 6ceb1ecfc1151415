"""The table behind the figures over time, the chance that a fund runs dry, and how indicators are called there."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from simulator.core.messages import say
from simulator.report.display import word
from simulator.report.results_table import SHAPE, Row
from simulator.study.summary import over_period, plain

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

SHORT = 30
"""Months up to which a figure shows every month; longer runs are shown by quarters."""
QUARTER = 3
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
RESERVE = "reserve_months"
"""The indicator of reserves."""


class Panel(NamedTuple):
    """One picture with what stands above it and below it."""

    title: str
    picture: Markup
    note: Markup | str = ""


def periods(months: Sequence[str]) -> list[tuple[str, str]]:
    """First and last month of each point in time: months, or whole quarters counted from the first month."""
    step = 1 if len(months) <= SHORT else QUARTER
    return [(months[i], months[i + step - 1]) for i in range(0, len(months) - step + 1, step)]


def over_time(results: "Results", wanted: Iterable[tuple[str, ...]]) -> "pd.DataFrame":
    """Series and the reserves of funds over time: columns period, arm, indicator, tier, plan, part, alliance, mean,
    low, high, q10, q25, q50, q75, q90; quantiles over replications for the reserve alone."""
    import numpy as np
    import pandas as pd

    monthly = results.coded_months
    series = set(wanted)
    mine = plain(monthly[monthly["indicator"].isin({each[0] for each in series} | {RESERVE})])
    keys = pd.MultiIndex.from_frame(mine[["indicator", *SHAPE]])
    mine = mine[keys.isin(series) | (mine["indicator"] == RESERVE).to_numpy()]
    made = []
    months = results.months
    inside = [(month, first) for first, last in periods(months) for month in months if first <= month <= last]
    # One pass: a point in time and an arm together stand for an arm.
    point = mine["month"].map(dict(inside))
    known = mine[point.notna()]
    found = over_period(known.assign(arm=point[point.notna()] + " " + known["arm"]), months[0], months[-1])
    gathered: dict[tuple[str, ...], list[float]] = {}
    for key, _, *series_, value in found.itertuples(index=False, name=None):
        gathered.setdefault((key, *series_), []).append(value)
    for (key, *series_), values in gathered.items():
        fan = np.quantile(values, QUANTILES).tolist() if series_[0] == RESERVE else [math.nan] * len(QUANTILES)
        period, _, arm = key.partition(" ")
        made.append((period, arm, *series_, *results.ends(values), *fan))
    columns = ["period", "arm", "indicator", *SHAPE, "mean", "low", "high", "q10", "q25", "q50", "q75", "q90"]
    return pd.DataFrame(made, columns=columns)


def named(row: Row) -> str:
    """An indicator and whom it is about."""
    name = word("indicator", row.indicator)
    return say("page.named", name=name, where=row.where) if row.where else name


def ruin(results: "Results") -> "pd.DataFrame":
    """Share of replications in which a fund runs dry in any reported month: columns arm, plan, probability."""
    monthly = results.coded_months
    mine = plain(monthly[monthly["indicator"] == "ruin_probability"])
    worst = mine.groupby(["arm", "plan", "replication"], sort=False)["value"].max()
    return worst.groupby(["arm", "plan"], sort=False).mean().reset_index(name="probability")
