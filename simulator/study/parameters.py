"""A run in which every replication has its own set of parameters: a row of a table whose columns are paths of the
scenario, such as draws from a posterior."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.study.manifest import scenario_of
from simulator.study.parameter_table import read_table

KEPT = ("time.", "population.families")
"""Beginnings of paths that have to be the same in all replications: months and sizes are compared with each other."""


@dataclass(frozen=True)
class Parameters:
    """Rows of a table, one for each replication, and the scenario with each laid over it."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    scenarios: tuple[Any, ...]

    def recorded(self) -> dict[str, Any]:
        """For the manifest."""
        return {"table": self.table, "columns": list(self.columns), "rows": [list(row) for row in self.rows]}


def parameters_of(file: Path, scenario: Any, replications: int | None = None) -> Parameters:
    """The first ``replications`` rows of a CSV or Parquet file, by default all; an empty cell says nothing.

    Raises:
        UserError: the table cannot be read, has fewer rows, or says what the scenario refuses.
    """
    if not file.is_file():
        around = [each.name for each in file.parent.glob("*") if each.suffix in (".csv", ".parquet")]
        raise UserError(say("load_no_table", name=file) + near(file.name, around))
    at = Place(str(file), 1, 1)
    table = read_table(file.name, file.parent, at, "--parameters")
    for column in table.columns:
        if column.startswith(KEPT):
            raise UserError.at(at, column, say("parameters.kept", column=column))
    count = len(table.rows) if replications is None else replications
    if count > len(table.rows):
        raise UserError.at(at, "--parameters", say("parameters.rows", rows=len(table.rows), replications=count))
    return laid(scenario, file.name, table.columns, table.rows[:count], str(file))


def laid(
    scenario: Any, name: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], file: str = ""
) -> Parameters:
    """Rows of parameters over a scenario. Raises UserError, with file and line where they are known."""
    manifest = {"scenario": {"name": scenario.name, "resolved": scenario.resolved()}}
    scenarios = []
    for number, row in enumerate(rows, 2):
        changes = [f"{path}={cell}" for path, cell in zip(columns, row, strict=True) if cell]
        try:
            scenarios.append(scenario_of(manifest, changes))
        except UserError as error:
            raise UserError.at(Place(file or name, number, 1), "--parameters", str(error)) from None
    return Parameters(name, tuple(columns), tuple(map(tuple, rows)), tuple(scenarios))


def recorded_in(manifest: Mapping[str, Any], scenario: Any) -> Parameters | None:
    """Those of a run that was begun, None where it had none."""
    kept = manifest.get("parameters")
    if kept is None:
        return None
    return laid(scenario, kept["table"], tuple(kept["columns"]), tuple(map(tuple, kept["rows"])))
