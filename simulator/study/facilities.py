"""What a run folder keeps of its facilities: each of them by year, their tiers by month, and on request all of it.

By month and facility these rows are some ten times as large as everything else together, and nothing reads them but who
looks at single places.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

WHO = ("facility", "tier", "kind", "area")
YEAR = len("2017")


def kept(frames: "Mapping[str, pd.DataFrame]", every_month: bool = False) -> "dict[str, pd.DataFrame]":
    """The tables to keep, from those that a model handed over, in which ``facilities`` has a row a facility and month;
    with ``every_month`` it is kept too, as ``facility_months``."""
    months = frames["facilities"]
    year = months["month"].astype(str).str[:YEAR].rename("year")
    tables = dict(frames) | {
        "facilities": _means(months, [year, *(months[name] for name in WHO)]),
        "tiers": _means(months, [months["month"], months["tier"]]),
    }
    return tables | ({"facility_months": months} if every_month else {})


def _means(months: "pd.DataFrame", by: "list[pd.Series]") -> "pd.DataFrame":
    """Means of the columns of numbers, in the order in which what they are ``by`` first stands there."""
    numbers = months.select_dtypes("number")
    means = numbers.groupby([column.array for column in by], sort=False).mean()
    means.index.names = [column.name for column in by]
    means = means.reset_index()
    means.attrs = dict(months.attrs)
    return means
