"""The data behind each figure on paper: tidy frames, one row per mark that is drawn."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from simulator.report.figures.declared import Declared, Marks
from simulator.report.results_table import SHAPE, Row
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

BANDS = ["arm", "indicator", *SHAPE, "month", "mean", "low", "high"]
NUMBERS = ["mean", "low", "high", "difference", "diff_low", "diff_high"]
RUIN = "ruin_probability"


def bands(results: "Results", wanted: Iterable[tuple[str, ...]]) -> "pd.DataFrame":
    """Means and 95 % intervals over replications of series by arm and month; columns of `BANDS`."""
    import pandas as pd

    keys = ["indicator", *SHAPE]
    monthly = results.monthly.set_index(keys)
    mine = monthly.loc[monthly.index.isin(list(wanted))].reset_index()
    rows = []
    for key, group in mine.groupby(["arm", *keys, "month"], sort=False):
        rows.append((*key, *results.ends(group["value"].tolist())))
    order = {arm: n for n, arm in enumerate(results.arms)}
    table = pd.DataFrame(rows, columns=BANDS)
    return table.sort_values("arm", key=lambda arm: arm.map(order), kind="stable", ignore_index=True)


def lines(results: "Results", figure: Declared) -> "pd.DataFrame":
    """The rows of a figure by month."""
    return bands(results, [row.series for row in figure.rows])


def reserves(results: "Results", figure: Declared) -> "pd.DataFrame":
    """Months of reserve of every fund, by month, and the share of replications in which it has run dry."""
    (panel,) = figure.panels
    there = results.monthly[["indicator", *SHAPE]].drop_duplicates().itertuples(index=False, name=None)
    rows = sorted(panel.rows_in(there))
    found = bands(results, [row.series for row in rows])
    ruin = bands(results, [row._replace(indicator=RUIN).series for row in rows])
    return found.merge(ruin[["arm", "plan", "month", "mean"]].rename(columns={"mean": "ruin"}), how="left")


def summary(results: "Results", figure: Declared) -> "pd.DataFrame":
    """The rows of a figure in the last months."""
    table = results.summary
    keys = table[["indicator", *SHAPE]].apply(tuple, axis=1)
    keep = ["arm", "indicator", *SHAPE, "period", "replications", *NUMBERS]
    return table.loc[keys.isin([row.series for row in figure.rows]), keep].reset_index(drop=True)


def differences(results: "Results", figure: Declared) -> "pd.DataFrame":
    """Differences from the baseline of what is shown of the whole place, in per cent of its level; empty without a
    baseline."""
    whole = tuple(panel._replace(rows=(Row(panel.indicator),)) for panel in figure.panels)
    found = summary(results, figure._replace(panels=whole))
    base = found[found["arm"] == BASELINE].set_index("indicator")["mean"]
    found = found[(found["arm"] != BASELINE) & found["difference"].notna()].reset_index(drop=True)
    level = found["indicator"].map(base).abs()
    for column in NUMBERS[3:]:
        found[f"{column}_percent"] = 100 * found[column] / level.where(level > 0)
    return found[found["difference_percent"].notna()].reset_index(drop=True)


DATA: dict[Marks, Callable[["Results", Declared], "pd.DataFrame"]] = {
    "lines": lines,
    "stacks": summary,
    "differences": differences,
    "reserves": reserves,
    "intervals": summary,
}
"""What makes the data of a figure, by its marks."""
