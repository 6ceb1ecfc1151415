"""Tables beside a study file: sets of parameters or points, one a row, as texts."""

from dataclasses import dataclass
from pathlib import Path

from simulator.core.errors import Place, UserError, near
from simulator.core.messages import say
from simulator.core.naming import shortened
from simulator.scenario.language.text_files import table_in, there


@dataclass(frozen=True, slots=True)
class ParameterTable:
    """Texts by row and column; an empty text says nothing."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plain_number(value: float, digits: int = 17) -> str:
    """A number written without an exponent, to so many significant digits at most.

    >>> plain_number(1e-7), plain_number(0.1 + 0.2, 10), plain_number(20.0)
    ('0.0000001', '0.3', '20')
    """
    import numpy as np

    rounded = float(f"{value:.{digits}g}")
    return np.format_float_positional(rounded + 0.0, trim="-")


def read_table(name: str, folder: Path, at: Place, path: str) -> ParameterTable:
    """The CSV or Parquet file ``name`` in ``folder``, or seen from the folder where the command runs.

    ``at`` and ``path`` say where it was named. Raises UserError where it cannot be read.
    """
    file = next((f / name for f in (folder, Path.cwd()) if there(f / name)), None)
    if file is None:
        around = [f.name for f in folder.glob("*") if f.suffix in (".csv", ".parquet")]
        raise UserError.at(at, path, say("load_no_table", name=shortened(name)) + near(name, around))
    table = _parquet(file, at, path) if file.suffix == ".parquet" else _csv(file)
    if not table.rows:
        raise UserError.at(at, path, say("sweep.table_empty", name=name))
    return table


def _csv(file: Path) -> ParameterTable:
    header, lines = table_in(file, str(file))
    return ParameterTable(tuple(header), tuple(tuple(cell.strip() for cell in line) for _, line in lines))


def _parquet(file: Path, at: Place, path: str) -> ParameterTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError.at(at, path, say("sweep.table_unreadable", name=file.name, why=error)) from None
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    return ParameterTable(tuple(table.column_names), tuple(zip(*columns, strict=True)))


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else plain_number(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
