"""Numbers on a page, each tied to the row of the table that it was read from."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from simulator.report.display import figure, moved, span

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "report"
"""Folder inside the run folder for the tables that a report derives from the run's."""


def tied(text: str, value: float, table: str, column: str, /, **row: Any) -> Markup:
    """``text`` as it is shown for ``value``, from ``column`` of the row of ``table`` that ``row`` picks."""
    return _tied(text, value, (table, column), row, "")


def tied_size(text: str, value: float, table: str, column: str, /, **row: Any) -> Markup:
    """The same where words say which way and ``text`` is the size alone."""
    return _tied(text, value, (table, column), row, " data-size")


def _tied(text: str, value: float, at: tuple[str, str], row: dict[str, Any], how: str) -> Markup:
    if value is None or math.isnan(value):
        return Markup("–")
    text = text.replace("-", "−").replace(" %", "\u00a0%")
    picks = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    quoted = Markup(picks.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;"))  # quotes may stand in it
    made = Markup("<data value={} data-table={} data-column={} data-row='{}'{}>{}</data>")
    return made.format(f"{float(value):.10g}", *at, quoted, Markup(how), text)


def summary_row(arm: str, series: tuple[str, ...]) -> dict[str, str]:
    """What picks a row of the summary."""
    return dict(zip(("arm", "indicator", "tier", "plan", "part", "alliance"), (arm, *series), strict=True))


class Summary:
    """The rows of ``summary.csv``, shown."""

    def __init__(self, summary: "pd.DataFrame"):
        keys = summary[["arm", "indicator", "tier", "plan", "part", "alliance"]].itertuples(index=False, name=None)
        columns = ["mean", "low", "high", "difference", "diff_low", "diff_high"]
        self.rows = dict(zip(keys, summary[columns].astype(float).to_dict("records"), strict=True))

    def has(self, arm: str, series: tuple[str, ...]) -> bool:
        """Whether the arm has the figure."""
        return (arm, *series) in self.rows

    def value(self, arm: str, series: tuple[str, ...], column: str = "mean") -> float:
        """A figure, NaN where there is none."""
        return self.rows.get((arm, *series), {}).get(column, math.nan)

    def level(self, arm: str, series: tuple[str, ...], unit: str) -> Markup:
        """The mean of an arm."""
        value = self.value(arm, series)
        return tied(figure(value, unit), value, "summary", "mean", **summary_row(arm, series))

    def change(self, arm: str, series: tuple[str, ...], unit: str) -> Markup:
        """The difference from the reference, signed."""
        value, like = self.value(arm, series, "difference"), self.value(arm, series)
        text = moved(value, value, like, unit) + (" pp" if unit == "share" else "")
        return tied(text, value, "summary", "difference", **summary_row(arm, series))

    def interval(self, arm: str, series: tuple[str, ...], unit: str, of: str = "diff_") -> Markup:
        """The ends of the interval of the difference (``of`` empty: of the mean), nothing where there is none."""
        low, high = (self.value(arm, series, f"{of}{end}") for end in ("low", "high"))
        if math.isnan(low):
            return Markup()
        like, by = self.value(arm, series), self.value(arm, series, "difference")

        def text(end: float) -> str:
            return moved(end, by, like, unit) if of else figure(end, unit, like=like, mark=False)

        ends = [
            tied(text(end), end, "summary", f"{of}{name}", **summary_row(arm, series))
            for name, end in (("low", low), ("high", high))
        ]
        return Markup("{}\u00a0…\u00a0{}").format(*ends)

    def clear(self, arm: str, series: tuple[str, ...]) -> bool:
        """Whether the interval of the difference leaves out zero."""
        low, high = self.value(arm, series, "diff_low"), self.value(arm, series, "diff_high")
        return low > 0 or high < 0


def write(folder: Path, name: str, table: "pd.DataFrame") -> None:
    """Keep a derived table beside the run's."""
    (folder / FOLDER).mkdir(exist_ok=True)
    table.to_csv(folder / FOLDER / f"{name}.csv", index=False, float_format="%.10g")


__all__ = ["FOLDER", "Summary", "span", "summary_row", "tied", "tied_size", "write"]
