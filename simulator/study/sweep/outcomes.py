"""The outcomes of a run, from its table of months."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.study.summary import SERIES, over_period, plain
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


def outcomes_of(wanted: Mapping[str, Outcome], monthly: "pd.DataFrame") -> dict[str, float | None]:
    """The figure of each outcome in one run; None where the run has no such figure.

    Args:
        wanted: outcomes by name.
        monthly: the run's table of that name, without arm and replication.
    """
    months = sorted(monthly["month"].unique())
    rows = plain(monthly[monthly["indicator"].isin({outcome.indicator for outcome in wanted.values()})])
    over = dict.fromkeys(outcome.over for outcome in wanted.values())
    values = {each: _by_series(rows, *period(each, months)) for each in over}
    found: dict[str, float | None] = {}
    for name, outcome in wanted.items():
        value = values[outcome.over].get(tuple(getattr(outcome, column) for column in SERIES), math.nan)
        found[name] = value if math.isfinite(value) else None
    return found


def _by_series(rows: "pd.DataFrame", first: str, last: str) -> dict[tuple[str, ...], float]:
    """One value of each series for a period."""
    values = over_period(rows.assign(arm="", replication=0), first, last)
    return {tuple(row[:-1]): float(row[-1]) for row in values[[*SERIES, "value"]].itertuples(index=False, name=None)}
