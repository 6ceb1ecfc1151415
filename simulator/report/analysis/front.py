"""The policies of a search as a table on the screen, and the front as a figure."""

import math
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.analysis.labels import axis as label
from simulator.report.analysis.labels import scale, title
from simulator.report.display import figure, unit_of
from simulator.report.figures.style import COLOURS, axes_of, legend, saved
from simulator.study.sweep.values import short

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 40
"""Rows that the screen shows."""
SURE = 0.5
"""Chance of not being dominated from which a point is drawn full."""


def write(wanted: Any, table: "pd.DataFrame", folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Write trials.csv, front.csv and, for two objectives and more, the figure; each file as soon as it is there."""
    on_front = table[table["front"]]
    for name, rows in (("trials", table), ("front", on_front.drop(columns=["front", "why"]))):
        file = folder / f"{name}.csv"
        rows.to_csv(file, index=False, float_format="%.10g", lineterminator="\n")
        yield file
    if len(wanted.objectives) > 1 and len(on_front):
        yield from saved(lambda rows: front_figure(wanted, rows), table, folder, "front", languages)


def shown(wanted: Any, table: "pd.DataFrame") -> Any:
    """The front: levers, objectives with their intervals, and the chance of really not being dominated."""
    from rich.table import Table

    spec, levers = wanted.study.specification, list(wanted.study.specification.levers)
    names = [say(f"analysis.{spec.outcomes[name].better}", outcome=title(spec, name)) for name in wanted.objectives]
    made = Table(say("analysis.trial"), *(title(spec, name) for name in levers), *names, say("analysis.chance"))
    made.box = None
    rows = table[table["front"]].to_dict("records")
    for row in rows[:MOST]:
        figures = [_with_interval(row, name, unit_of(spec.outcomes[name].indicator)) for name in wanted.objectives]
        chance = "–" if math.isnan(row["chance"]) else f"{100 * row['chance']:.0f} %"
        made.add_row(str(row["trial"]), *(_level(spec.levers[name], row[name]) for name in levers), *figures, chance)
    if len(rows) > MOST:
        made.add_row(say("sweep.more_rows", number=len(rows) - MOST))
    return made


def _level(lever: Any, text: str | None) -> str:
    return "–" if text is None else short(text) if lever.between else text


def _with_interval(row: dict[str, Any], name: str, unit: str) -> str:
    half = (row[f"{name}_high"] - row[f"{name}_low"]) / 2
    text = figure(row[name], unit)
    return text if math.isnan(half) else f"{text} ± {figure(half, unit, like=row[name], mark=False)}"


def front_figure(wanted: Any, table: "pd.DataFrame") -> "Figure":
    """A panel for every two objectives; points of the front with their 95 % intervals, full where that is likely."""
    pairs = list(combinations(wanted.objectives, 2))
    drawn, axes = axes_of(len(pairs), columns=3 if len(pairs) > 2 else 2, wide=4.2, high=3.4)
    for axis, (x, y) in zip(axes, pairs, strict=True):
        _pair(wanted, axis, table, x, y)
    legend(drawn, axes[0])
    return drawn


def _pair(wanted: Any, axis: "Axes", table: "pd.DataFrame", x: str, y: str) -> None:
    spec = wanted.study.specification
    by = {name: scale(spec, name) for name in (x, y)}
    rest = table[~table["front"] & table[x].notna()]
    axis.scatter(rest[x] * by[x], rest[y] * by[y], s=10, color="#bbb", label=say("analysis.dominated"))
    front = table[table["front"]]
    sure = ~(front["chance"] < SURE)
    for rows, filled, name in ((front[sure], True, "on_front"), (front[~sure], False, "perhaps")):
        half = {n: (rows[f"{n}_high"] - rows[f"{n}_low"]).fillna(0) / 2 * by[n] for n in (x, y)}
        axis.errorbar(
            rows[x] * by[x], rows[y] * by[y], xerr=half[x], yerr=half[y], fmt="o", markersize=4, elinewidth=0.7,
            color=COLOURS[0], markerfacecolor=COLOURS[0] if filled else "white", label=say(f"analysis.{name}"),
        )  # fmt: skip
    for name, set_label in ((x, axis.set_xlabel), (y, axis.set_ylabel)):
        set_label(say(f"analysis.{spec.outcomes[name].better}", outcome=label(spec, name)), fontsize=8)
    axis.tick_params(labelsize=8)
    axis.grid(axis="x", color="#ddd", linewidth=0.6)
