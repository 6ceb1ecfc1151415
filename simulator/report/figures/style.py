"""What all figures have in common: colours, axes, legends, fonts, and how one is saved."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from simulator.core.messages import language, use
from simulator.report.figures.fonts import family_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#33658a", "#d1495b", "#66a182", "#edae49", "#7b5ea7", "#8d6b4f", "#3d8f9c", "#a0a0a0")
"""Told apart by most colour-blind readers, and in print by their lightness."""
LONGEST = 44
"""Letters of a line of a title; Chinese ones are twice as wide."""
DOTS = 200
"""Dots per inch of the PNG files."""


def axes_of(count: int, columns: int = 2, wide: float = 4.6, high: float = 2.8) -> tuple["Figure", list["Axes"]]:
    """A figure with so many axes in the house style, ``wide`` and ``high`` inches each."""
    from matplotlib.figure import Figure

    columns = min(columns, count)
    rows = -(-count // columns)
    figure = Figure(figsize=(wide * columns, high * rows + 0.5), layout="constrained")
    axes = [figure.add_subplot(rows, columns, n + 1) for n in range(count)]
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(axis="y", color="#ddd", linewidth=0.6)
        axis.set_axisbelow(True)
    return figure, axes


def headed(axis: "Axes", *lines: str) -> None:
    """A title over axes, left, each of its lines broken where it would be wider than they are."""
    longest = LONGEST // 2 if language() == "zh" else LONGEST
    axis.set_title("\n".join(fill(line, longest) for line in lines if line), fontsize=9, loc="left")


def legend(figure: "Figure", axis: "Axes") -> None:
    """One legend for the whole figure, below it, with the labels of one of its axes."""
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4), frameon=False, fontsize=9)


def saved(
    draw: Callable[["pd.DataFrame"], "Figure"], table: "pd.DataFrame", folder: Path, name: str, languages: Iterable[str]
) -> Iterator[Path]:
    """Write a figure as SVG and PNG in each language; each file as soon as it is there.

    Args:
        draw: makes the figure in the language spoken.
        table: what it draws.
        folder: where, is there.
        name: of the files, before language and ending.
        languages: those whose characters can be drawn here, see ``fonts.family_of``.
    """
    import matplotlib

    spoken = language()
    try:
        for tongue in languages:
            use(tongue)
            settings: Any = {
                "font.family": family_of(tongue) or [],
                "axes.unicode_minus": False,
                "svg.fonttype": "path",
                "svg.hashsalt": "tiercare",
            }
            with matplotlib.rc_context(settings):
                drawn = draw(table)
                vector, pixels = (folder / f"{name}.{tongue}.{kind}" for kind in ("svg", "png"))
                drawn.savefig(vector, metadata={"Date": None})
                yield vector
                drawn.savefig(pixels, dpi=DOTS)
                yield pixels
    finally:
        use(spoken)
