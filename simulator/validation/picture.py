"""A picture of the sizes that were predicted: how much of what was measured the model gives, one by one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from simulator.core.messages import say
from simulator.report.figures.style import COLOURS, axes_of, legend, saved
from simulator.validation.register import SIZE
from simulator.validation.words import Row, cells

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NAME = "sizes"
HIGH = 0.42
"""Inches of a prediction."""
LONGEST = 60
"""Letters of a name."""
FROM, TO = -1.5, 2.5
"""How much of what was measured is shown: an interval that goes on is cut off there."""


def of_measured(rows: Sequence[Row]) -> "pd.DataFrame":
    """Sizes as parts of the published change: simulated and published, each with its ends (NaN where none is known),
    and whether a form was chosen by them, those that shaped none first."""
    import pandas as pd

    made = []
    for row in sorted((row for row in rows if row["kind"] == SIZE), key=lambda row: row["used_before"]):
        published = float(row["published"])
        ends = {
            name: float(row[name]) / published if row[name] else float("nan")
            for name in ("simulated", "low", "high", "published_low", "published_high")
        }
        made.append({"number": len(made), "used_before": row["used_before"] == "yes", **ends, "row": row})
    return pd.DataFrame(made)


def name_of(row: Row) -> str:
    """Experiment and figure in a line each."""
    experiment, figure, *_ = cells("history", row)
    return f"{shorten(experiment, LONGEST, placeholder='…')}\n{shorten(figure, LONGEST, placeholder='…')}"


def draw(table: "pd.DataFrame") -> "Figure":
    """A line for each size; 1 is what was measured, 0 no change, below 0 the opposite."""
    drawn, (axes,) = axes_of(1, wide=9.0, high=HIGH * len(table) + 0.8)
    at = -table["number"]
    axes.axvspan(FROM, 0, color="#f4f4f4", zorder=0)
    for value, style in ((0, "-"), (1, "--")):
        axes.axvline(value, color="#444", linewidth=0.8, linestyle=style)
    known = table["published_low"].notna()
    ends = table[["published_low", "published_high"]]
    axes.hlines(at[known] + 0.16, ends.min(axis=1)[known], ends.max(axis=1)[known], color="#a0a0a0", linewidth=2)
    axes.plot(
        [1] * len(table), at + 0.16, "D", color="#a0a0a0", markersize=4, label=say("validation.picture_published")
    )
    for used, colour in ((False, COLOURS[0]), (True, COLOURS[3])):
        mine = table[table["used_before"] == used]
        label = say("validation.picture_used" if used else "validation.picture_simulated")
        both = mine[["low", "high"]]
        where = -mine["number"] - 0.12
        axes.hlines(where, both.min(axis=1).clip(FROM, TO), both.max(axis=1).clip(FROM, TO), color=colour, linewidth=2)
        axes.plot(mine["simulated"].clip(FROM, TO), where, "o", color=colour, markersize=5, label=label)
    axes.set_xlim(FROM, TO)
    axes.set_yticks(list(at), [name_of(row) for row in table["row"]], fontsize=7)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(say("validation.picture_axis"), fontsize=9)
    legend(drawn, axes)
    return drawn


def write_picture(rows: Sequence[Row], folder: Path, languages: Sequence[str]) -> Iterator[Path]:
    """Write it as SVG and PNG in each language; each file as soon as it is there, none where no size was predicted."""
    table = of_measured(rows)
    if len(table):
        yield from saved(draw, table, folder, NAME, languages)
