"""Figures on paper, by matplotlib: each kind of marks draws its data and nothing else."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.display import SCALE, unit_of, word
from simulator.report.figures.data import DATA
from simulator.report.figures.declared import Declared, Marks, declared
from simulator.report.figures.style import COLOURS, axes_of, legend
from simulator.report.results_table import SHAPE, Row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from simulator.study.results import Results

STACK_COLOURS = ("#b8d8ba", "#66a182", "#f2b872", "#d1495b")
NARROW = 10
"""Per cent up to which differences are drawn to scale, by logarithm beyond: one rare event must not hide the rest."""


type Data = Callable[["Results"], "pd.DataFrame"]
type Draw = Callable[["pd.DataFrame"], "Figure"]


def figures() -> dict[str, tuple[Data, Draw]]:
    """Every figure by the name of its files: what makes its data, what draws it."""
    return {name: _on_paper(figure) for name, figure in declared().items()}


def _on_paper(figure: Declared) -> tuple[Data, Draw]:
    make, draw = DATA[figure.marks], DRAWN[figure.marks]
    return lambda results: make(results, figure), lambda table: draw(table, figure)


def _scale(indicator: str) -> float:
    return SCALE.get(unit_of(indicator), 1.0)


def _title(row: Row) -> str:
    mark = say("figures.percent") if unit_of(row.indicator) == "share" else ""
    return word("indicator", row.indicator) + (say("figures.where", where=row.where) if row.where else "") + mark


def _colours(table: "pd.DataFrame") -> dict[str, str]:
    return {arm: COLOURS[n % len(COLOURS)] for n, arm in enumerate(dict.fromkeys(table["arm"]))}


def lines(table: "pd.DataFrame", figure: Declared) -> "Figure":
    """Small multiples: an indicator each, a line with its band for every arm."""
    there = set(table[["indicator", *SHAPE]].itertuples(index=False, name=None))
    rows = [row for row in figure.rows if row.series in there]
    drawn, axes = axes_of(len(rows))
    for axis, row in zip(axes, rows, strict=True):
        mine = table[(table[["indicator", *SHAPE]] == list(row.series)).all(axis=1)]
        _bands(axis, mine, _colours(table), _scale(row.indicator))
        axis.set_title(_title(row), fontsize=10, loc="left")
    legend(drawn, axes[0])
    return drawn


def reserves(table: "pd.DataFrame", figure: Declared) -> "Figure":
    """Reserve of every fund in months of its spending, with bands; the legend says how often it ends below zero."""
    plans = list(dict.fromkeys(table["plan"]))
    drawn, axes = axes_of(max(len(plans), 1))
    for axis, plan in zip(axes, plans, strict=False):
        mine = table[table["plan"] == plan]
        _bands(axis, mine, _colours(table), 1.0)
        axis.axhline(0, color="#444", linewidth=0.8)
        last = mine[mine["month"] == mine["month"].max()]
        ruin = {word("arm", arm): value for arm, value in zip(last["arm"], last["ruin"], strict=True) if value > 0}
        axis.set_title(_title(Row(figure.panels[0].indicator, plan=plan)), fontsize=10, loc="left")
        if ruin:
            ends = "\n".join(say("figures.ruin", arm=arm, share=f"{100 * value:.0f}") for arm, value in ruin.items())
            axis.annotate(ends, (0.02, 0.04), xycoords="axes fraction", fontsize=8, color="#444")
    legend(drawn, axes[0])
    return drawn


def _bands(axis: "Axes", table: "pd.DataFrame", colours: dict[str, str], scale: float) -> None:
    months = sorted(set(table["month"]))
    for arm, colour in colours.items():
        mine = table[table["arm"] == arm]
        x = [months.index(month) for month in mine["month"]]
        axis.plot(x, mine["mean"] * scale, color=colour, linewidth=1.4, label=word("arm", arm))
        if mine["low"].notna().all():
            axis.fill_between(x, mine["low"] * scale, mine["high"] * scale, color=colour, alpha=0.18, linewidth=0)
    step = max(1, -(-len(months) // 5))
    axis.set_xticks(range(0, len(months), step), [months[n] for n in range(0, len(months), step)], fontsize=8)
    axis.tick_params(axis="y", labelsize=8)


def stacks(table: "pd.DataFrame", figure: Declared) -> "Figure":
    """A bar for every arm, divided along the dimension of the panel; an indicator each."""
    panels = [panel for panel in figure.panels if panel.indicator in set(table["indicator"])]
    arms = list(dict.fromkeys(table["arm"]))
    drawn, axes = axes_of(max(len(panels), 1), high=0.42 * len(arms) + 1.2)
    for axis, panel in zip(axes, panels, strict=False):
        left = [0.0] * len(arms)
        for row, colour in zip(panel.rows, STACK_COLOURS, strict=True):
            part = getattr(row, panel.each)
            mine = table[(table["indicator"] == row.indicator) & (table[panel.each] == part)].set_index("arm")["mean"]
            widths = [100 * float(mine.get(arm, 0.0)) for arm in arms]
            axis.barh(range(len(arms)), widths, left=left, color=colour, label=word(panel.each, part), height=0.7)
            for n, width in enumerate(widths):
                if width >= 6:
                    axis.text(left[n] + width / 2, n, f"{width:.0f}", ha="center", va="center", fontsize=8)
            left = [a + b for a, b in zip(left, widths, strict=True)]
        axis.set_yticks(range(len(arms)), [word("arm", arm) for arm in arms], fontsize=9)
        axis.invert_yaxis()
        axis.set_xlim(0, 100)
        axis.grid(visible=False)
        axis.set_title(_title(Row(panel.indicator)), fontsize=10, loc="left")
    legend(drawn, axes[0])
    return drawn


def intervals(table: "pd.DataFrame", figure: Declared) -> "Figure":
    """A bar with its interval for every arm: along a dimension of the place, or an indicator each, then lying."""
    column = figure.along or "indicator"
    flat = not figure.along  # long names read better beside bars than below
    groups = [getattr(row, column) for row in figure.rows if getattr(row, column) in set(table[column])]
    title = say(f"figures.{figure.name}") + say("figures.percent") if flat else _title(Row(figure.rows[0].indicator))
    colours = _colours(table)
    deep = 0.8 / max(len(colours), 1)
    if flat:
        drawn, (axis,) = axes_of(1, wide=7.5, high=0.25 * len(groups) * (len(colours) + 1) + 0.8)
    else:
        drawn, (axis,) = axes_of(1, wide=7.0, high=3.2)
    for n, (arm, colour) in enumerate(colours.items()):
        mine = table[table["arm"] == arm].set_index(column)
        at = [k - 0.4 + deep * (n + 0.5) for k in range(len(groups))]
        means, errors = [], []
        for group in groups:
            row = mine.loc[group] if group in mine.index else None
            mean = 100 * float(row["mean"]) if row is not None else 0.0
            half = 100 * (float(row["high"]) - float(row["low"])) / 2 if row is not None else 0.0
            means.append(mean)
            errors.append(0.0 if math.isnan(half) else half)
        thin: dict[str, Any] = {"ecolor": "#333", "error_kw": {"elinewidth": 0.9}}
        if flat:
            axis.barh(at, means, deep, xerr=errors, color=colour, label=word("arm", arm), **thin)
        else:
            axis.bar(at, means, deep, yerr=errors, color=colour, label=word("arm", arm), **thin)
    names = [word(column, group) if flat else word(column, group).replace("/", "/\n") for group in groups]
    if flat:
        axis.set_yticks(range(len(groups)), names, fontsize=9)
        axis.invert_yaxis()
        axis.grid(visible=False)
        axis.grid(axis="x", color="#ddd", linewidth=0.6)
    else:
        axis.set_xticks(range(len(groups)), names, fontsize=9)
        axis.axhline(0, color="#444", linewidth=0.8)
    axis.set_title(title, fontsize=10, loc="left")
    legend(drawn, axis)
    return drawn


def differences(table: "pd.DataFrame", figure: Declared) -> "Figure":
    """Differences from the baseline in per cent of its level, with their intervals, an indicator a line."""
    names = list(dict.fromkeys(table["indicator"]))
    colours = _colours(table)
    drawn, (axis,) = axes_of(1, wide=7.5, high=0.16 * max(len(names), 1) * (len(colours) + 1) + 0.9)
    for n, (arm, colour) in enumerate(colours.items()):
        mine = table[table["arm"] == arm]
        at = [names.index(name) - 0.3 + 0.6 * (n + 0.5) / len(colours) for name in mine["indicator"]]
        half = ((mine["diff_high_percent"] - mine["diff_low_percent"]) / 2).fillna(0.0)
        axis.errorbar(mine["difference_percent"], at, xerr=half, fmt="o", color=colour, markersize=4, linewidth=1.2,
                      label=word("arm", arm))  # fmt: skip
    axis.set_yticks(range(len(names)), [word("indicator", name) for name in names], fontsize=9)
    axis.invert_yaxis()
    axis.axvline(0, color="#444", linewidth=0.8)
    axis.set_xscale("symlog", linthresh=NARROW)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:+g}" if value else "0")
    axis.set_title(say(f"figures.{figure.name}"), fontsize=10, loc="left")
    if colours:
        legend(drawn, axis)
    return drawn


DRAWN: dict[Marks, Callable[["pd.DataFrame", Declared], "Figure"]] = {
    "lines": lines,
    "stacks": stacks,
    "differences": differences,
    "reserves": reserves,
    "intervals": intervals,
}
"""What draws a figure, by its marks."""
