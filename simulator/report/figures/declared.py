"""What figures on paper show, declared in ``figures.yaml``."""

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from simulator.report.display import headline
from simulator.report.results_table import Row

FILE = Path(__file__).with_name("figures.yaml")
type Marks = Literal["lines", "stacks", "differences", "reserves", "intervals"]


class Panel(NamedTuple):
    """One indicator, of everything or along a dimension of the place.

    Attributes:
        indicator: its name.
        rows: what of it is shown; for a dimension of which the run decides, one row without it.
        each: the dimension along which the rows lie, empty where there is one row alone.
        open: whether every part of the dimension that the run has is shown.
    """

    indicator: str
    rows: tuple[Row, ...]
    each: str = ""
    open: bool = False

    def rows_in(self, series: Iterable[tuple[str, ...]]) -> list[Row]:
        """Its rows in a run that has these series: indicator, tier, plan, part, alliance."""
        if not self.open:
            return list(self.rows)
        (wanted,) = self.rows
        there = dict.fromkeys(Row._make((*each, math.nan)) for each in series)
        return [row for row in there if _without(row, self.each).series == wanted.series]


def _without(row: Row, dimension: str) -> Row:
    changed: dict[str, Any] = {dimension: ""}
    return row._replace(**changed)


class Declared(NamedTuple):
    """A figure: its name, its marks, and its panels."""

    name: str
    marks: Marks
    panels: tuple[Panel, ...]

    @property
    def rows(self) -> list[Row]:
        """Rows of all panels, in order."""
        return [row for panel in self.panels for row in panel.rows]

    @property
    def along(self) -> str:
        """The dimension along which its panels lie; empty where each is a single row."""
        return self.panels[0].each


@cache
def declared() -> dict[str, Declared]:
    """The figures, by name.

    >>> declared()["margins"].along, len(declared()["margins"].rows)
    ('tier', 4)
    """
    import yaml

    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    made = {}
    for name, entry in read.items():
        rows = headline() if entry["rows"] == "headline" else entry["rows"]
        made[name] = Declared(name, entry["marks"], tuple(_panel(row) for row in rows))
    return made


def _panel(entry: dict[str, Any]) -> Panel:
    fixed = {key: value for key, value in entry.items() if key not in ("each", "of")}
    each = entry.get("each", "")
    if not each or "of" not in entry:
        return Panel(entry["indicator"], (Row(**fixed),), each, bool(each))
    return Panel(entry["indicator"], tuple(Row(**fixed, **{each: name}) for name in entry["of"]), each)
