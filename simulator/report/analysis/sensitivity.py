"""Indices as a table on the screen, and as figures: indices with intervals, and how they settle."""

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.core.messages import say
from simulator.report.analysis.labels import policy, title
from simulator.report.display import word
from simulator.report.figures.style import COLOURS, axes_of, headed, legend, saved
from simulator.study.analysis.sensitivity import RANKS, SHOWN, settled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = 12
"""Panels of a figure; the rest is in the table."""
MOST = 60
"""Rows that the screen shows."""


def write(spec: Any, table: "pd.DataFrame", folder: Path, languages: Iterable[str]) -> Iterator[Path]:
    """Write sensitivity.csv and two figures for each outcome; each file as soon as it is there.

    Args:
        spec: the study file.
        table: of ``study.analysis.sensitivity``.
        folder: made if it is not there.
        languages: those whose characters can be drawn here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "sensitivity.csv"
    table.to_csv(file, index=False, float_format="%.10g", lineterminator="\n")
    yield file
    tongues = list(languages)
    for outcome in dict.fromkeys(table["outcome"]):
        mine = table[table["outcome"] == outcome]
        for name, panel in (("indices", _bars), ("convergence", _lines)):

            def draw(rows: "pd.DataFrame", panel: Callable[..., None] = panel) -> "Figure":
                return _panels(spec, rows, panel)

            yield from saved(draw, mine, folder, f"{name}.{outcome}", tongues)


def shown(spec: Any, table: "pd.DataFrame") -> Any:
    """The indices from the whole sample, the variable that matters most first."""
    from rich.table import Table

    method = table["method"].iloc[0]
    last = settled(table)
    small = say("analysis.moved")
    names = SHOWN[method]
    made = Table(
        *(title(spec, lever) for lever in _levers(last)), say("sweep.arm"), say("analysis.outcome"),
        say("analysis.figure"), say("sweep.variable"), *(say(f"index.{name}") for name in names), small, box=None,
    )  # fmt: skip
    count = 0
    for key, rows in _groups(last):
        wide = rows[rows["with"] == ""].pivot(index="variable", columns="index")
        order = wide["value"][RANKS[method]].sort_values(ascending=False, na_position="last", kind="stable").index
        for variable in order:
            count += 1
            if count <= MOST:
                values = [_figure(wide["value"][n][variable], wide["interval"][n][variable]) for n in names]
                moved = _figure(wide["moved"][RANKS[method]][variable], math.nan, signed=True)
                head = (*map(str, key[1:-1]), say(f"figure.{key[-1]}"))
                made.add_row(*head, title(spec, str(variable)), *values, moved)
    if count > MOST:
        made.add_row(say("sweep.more_rows", number=count - MOST))
    return made


def _levers(table: "pd.DataFrame") -> list[str]:
    """The columns of levers, which stand between the policy and the arm."""
    columns = list(table.columns)
    return columns[columns.index("policy") + 1 : columns.index("arm")]


def _groups(table: "pd.DataFrame") -> Iterator[tuple[tuple[Any, ...], "pd.DataFrame"]]:
    for key, rows in table.groupby(["policy", *_levers(table), "arm", "outcome", "figure"], sort=False):
        assert isinstance(key, tuple)
        yield key, rows


def _figure(value: float, interval: float, signed: bool = False) -> str:
    if math.isnan(value):
        return "–"
    text = f"{value:{'+' if signed else ''}.3g}" if abs(value) >= 1000 else f"{value:{'+' if signed else ''}.3f}"
    return text if math.isnan(interval) else f"{text} ± {interval:.2g}"


def _panels(spec: Any, table: "pd.DataFrame", panel: Callable[..., None]) -> "Figure":
    """A panel for each policy, arm and figure of one outcome."""
    groups = list(_groups(table))[:PANELS]
    variables = list(dict.fromkeys(table["variable"]))
    figure, axes = axes_of(len(groups), high=max(2.4, 0.35 * len(variables) + 1.2))
    for axis, (key, rows) in zip(axes, groups, strict=True):
        head = [title(spec, rows["outcome"].iloc[0]), say(f"figure.{key[-1]}"), word("arm", key[-3])]
        under = policy(spec, dict(zip(_levers(rows), key[1:-3], strict=True)))
        headed(axis, " · ".join(head), under)
        axis.tick_params(labelsize=8)
        panel(spec, axis, rows[rows["with"] == ""], variables)
    legend(figure, axes[0])
    return figure


def _bars(spec: Any, axis: "Axes", rows: "pd.DataFrame", variables: list[str]) -> None:
    """The two indices of the method, a bar each for every variable."""
    rows = rows[rows["sample"] == rows["sample"].max()]
    for n, name in enumerate(SHOWN[rows["method"].iloc[0]]):
        mine = rows[rows["index"] == name].set_index("variable").reindex(variables)
        at = [place - 0.2 + 0.4 * n for place in range(len(variables))]
        thin: dict[str, Any] = {"ecolor": "#333", "error_kw": {"elinewidth": 0.9}}
        axis.barh(at, mine["value"].fillna(0), 0.38, xerr=mine["interval"].fillna(0), color=COLOURS[n],
                  label=say(f"index.{name}"), **thin)  # fmt: skip
    axis.set_yticks(range(len(variables)), [title(spec, name) for name in variables], fontsize=8)
    axis.invert_yaxis()
    axis.grid(visible=False)
    axis.grid(axis="x", color="#ddd", linewidth=0.6)
    axis.axvline(0, color="#444", linewidth=0.8)


def _lines(spec: Any, axis: "Axes", rows: "pd.DataFrame", variables: list[str]) -> None:
    """The index that ranks, against the size of the sample that it comes from."""
    name = RANKS[rows["method"].iloc[0]]
    rows = rows[rows["index"] == name]
    for n, variable in enumerate(variables):
        mine, colour = rows[rows["variable"] == variable], COLOURS[n % len(COLOURS)]
        dash = ("-", "--", ":")[n // len(COLOURS) % 3]
        axis.plot(mine["sample"], mine["value"], dash, marker="o", markersize=3, color=colour, linewidth=1.3,
                  label=title(spec, variable))  # fmt: skip
        low, high = mine["value"] - mine["interval"], mine["value"] + mine["interval"]
        axis.fill_between(mine["sample"], low, high, color=colour, alpha=0.15, linewidth=0)
    axis.set_xscale("log", base=2)
    sizes = sorted(set(rows["sample"]))
    axis.set_xticks(sizes, [str(size) for size in sizes])
    axis.set_ylabel(say(f"index.{name}"), fontsize=8)
    axis.set_xlabel(say("analysis.sample"), fontsize=8)
