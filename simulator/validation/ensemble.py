"""Sets of parameters with weights: the ensemble over which a conclusion has to hold.

A table as `--parameters` reads it: columns are paths of the scenario, a row is a set. A column `weight` holds weights.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from simulator.core.behaviour import FOLDER
from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.study.ensemble import ENSEMBLE, ONE, SETS, WEIGHT
from simulator.study.parameter_table import read_table

SHIPPED = FOLDER / "prototype" / ENSEMBLE / SETS
"""The sets that come with behaviour."""


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Sets of parameters: their paths, a row of texts for each set, and weights that add up to one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    name: str = ""

    @property
    def changes(self) -> tuple[tuple[str, ...], ...]:
        """`path=value` of each set; an empty cell says nothing."""
        return tuple(
            tuple(f"{path}={cell}" for path, cell in zip(self.columns, row, strict=True) if cell) for row in self.rows
        )

    def first(self, count: int | None) -> "Ensemble":
        """So many sets from the first on, or all of them."""
        weights = self.weights[:count]
        return Ensemble(self.columns, self.rows[:count], tuple(each / sum(weights) for each in weights), self.name)

    def values(self, column: str) -> list[float] | None:
        """The numbers of a column, None where it has others than numbers; units fall away."""
        place = self.columns.index(column)
        try:
            return [float(row[place].split(" ")[0].rstrip("%")) for row in self.rows]
        except ValueError:
            return None


def sets_of(asked: str | Path | None) -> Ensemble | None:
    """The ensemble in a table; by default, and for the word `ensemble`, the one that comes with behaviour, None where
    there is none. The word `one` asks for the one set of the folder.

    Raises:
        UserError: the table cannot be read, or a weight is no number above zero.
    """
    shipped = asked is None or str(asked) == ENSEMBLE
    if str(asked) == ONE or (shipped and not SHIPPED.is_file()):
        return None
    file = SHIPPED if shipped else Path(str(asked))
    if not file.is_file():
        around = [each.name for each in file.parent.glob("*") if each.suffix in (".csv", ".parquet")]
        raise UserError(say("load_no_table", name=file) + near(file.name, around))
    at = Place(str(file), 1, 1)
    table = read_table(file.name, file.parent, at, "--parameters")
    weights = [1.0] * len(table.rows)
    columns, rows = table.columns, table.rows
    if WEIGHT in columns:
        place = columns.index(WEIGHT)
        weights = [_weight(row[place], file, number) for number, row in enumerate(rows, 2)]
        columns = tuple(each for each in columns if each != WEIGHT)
        rows = tuple(row[:place] + row[place + 1 :] for row in rows)
    whole = sum(weights)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    name = f"{ENSEMBLE if shipped else file.name} {digest}"
    return Ensemble(columns, rows, tuple(each / whole for each in weights), name)


def _weight(text: str, file: Path, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise UserError.at(Place(str(file), line, 1), WEIGHT, say("validation.weight", text=text))
    return value
