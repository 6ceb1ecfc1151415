"""The sentences that a figure supports, by rules from the numbers that it shows."""

import math
from typing import TYPE_CHECKING

from simulator.core.messages import say
from simulator.report.display import figure, leaves_out_zero, moved, unit_of, word
from simulator.report.figures.declared import Declared
from simulator.report.results_table import SHAPE, Row
from simulator.study.summary import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.results import Results

MOST = 3
"""So many changes are named of an arm."""


def said(results: "Results", declared: Declared) -> list[str]:
    """Of every arm the largest changes among what the figure shows that are certain; of one arm alone, levels."""
    rows = [row for panel in declared.panels for row in panel.rows_in(_series(results.summary))]
    arms = [arm for arm in results.arms if arm != BASELINE and BASELINE in results.arms]
    if not arms:
        return [_level(row, found) for row in rows if (found := _found(results.summary, results.arms[0], row))]
    made = []
    for arm in arms:
        known = [(row, found) for row in rows if (found := _found(results.summary, arm, row))]
        sure = [each for each in known if leaves_out_zero(each[1]["diff_low"], each[1]["diff_high"])]
        sure.sort(key=lambda each: -abs(each[1]["difference"]) / (abs(each[1]["mean"]) or 1.0))
        made += [_change(arm, row, found) for row, found in sure[:MOST]]
        if known and not sure:
            made.append(say("figures.unclear", arm=word("arm", arm)))
    return made


def _series(summary: "pd.DataFrame") -> list[tuple[str, ...]]:
    return list(summary[["indicator", *SHAPE]].drop_duplicates().itertuples(index=False, name=None))


def _found(summary: "pd.DataFrame", arm: str, row: Row) -> dict[str, float] | None:
    mine = summary[(summary["arm"] == arm) & (summary[["indicator", *SHAPE]] == list(row.series)).all(axis=1)]
    numbers = mine[["mean", "difference", "diff_low", "diff_high"]].astype(float).to_dict("records")
    return numbers[0] if numbers and not math.isnan(numbers[0]["mean"]) else None


def _named(row: Row) -> str:
    where = say("figures.where", where=row.where) if row.where else ""
    return word("indicator", row.indicator) + where


def _level(row: Row, found: dict[str, float]) -> str:
    return say("figures.level", what=_named(row), level=figure(found["mean"], unit_of(row.indicator)))


def _change(arm: str, row: Row, found: dict[str, float]) -> str:
    unit = unit_of(row.indicator)
    by, half = found["difference"], (found["diff_high"] - found["diff_low"]) / 2
    text = f"{moved(by, by, found['mean'], unit)} ± {moved(half, by, found['mean'], unit).removeprefix('+')}"
    text += " pp" if unit == "share" else ""
    return say("figures.moved", arm=word("arm", arm), what=_named(row), by=text, level=figure(found["mean"], unit))
