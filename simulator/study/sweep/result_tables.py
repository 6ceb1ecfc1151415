"""The tables of a study: a tidy row for each run, means and paired differences for each point.

They are made and written piece by piece, so that their memory does not grow with the study.
"""

from __future__ import annotations

import errno
import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from importlib.util import find_spec
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from simulator.study.intervals import interval
from simulator.study.summary import BASELINE
from simulator.study.sweep import stop
from simulator.study.sweep.frozen import thaw
from simulator.study.sweep.store import Damaged, Store, unwritable, written_whole
from simulator.study.sweep.tasks import Tasks
from simulator.study.sweep.values import as_text, number

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.parquet as pq

RESULTS, SUMMARY = "results", "summary"
DUCKDB = "results.duckdb"
ROWS = 5_000
"""About so many runs are taken at a time; a number of its own, so that the same results give the same bytes."""
NEAR = 1000
"""Points with which others are compared whose results are remembered."""
type Values = dict[str, dict[str, float | None]]
type Finished = tuple[int, list[Values | None]]
"""A point and what its replications gave, in order; None for one without a result."""


def finished(tasks: Tasks, store: Store) -> Iterator[Finished]:
    """Every point with what its replications gave."""
    return ((point, _at(tasks, store, point)) for point in range(len(tasks.points)))


def _at(tasks: Tasks, store: Store, point: int) -> list[Values | None]:
    """What the replications of a point gave. With a stop rule it has those that the rule asks for, however the study
    came to run others."""
    rule = tasks.study.specification.design.stop_when
    values = [_values(store, tasks.key(point, replication)) for replication in range(tasks.replications)]
    while rule and any(values) and (added := stop.more(rule, tasks.study.specification.arms, values)):
        further = [_values(store, tasks.key(point, len(values) + n)) for n in range(added)]
        if not any(further):
            break
        values += further
    return values


def _pieces(tasks: Tasks, store: Store) -> Iterator[tuple[Finished, ...]]:
    return batched(finished(tasks, store), max(1, ROWS // (tasks.replications * len(tasks.study.specification.arms))))


def _values(store: Store, key: str) -> Values | None:
    try:
        result = store.result(key)
    except Damaged:
        return None
    return result.values if result else None


def results(folder: str | Path) -> pd.DataFrame:
    """The results of a study, a row for each run: point, arm and replication.

    Returns:
        Columns point, policy, sample (numbers), a column for each lever and uncertainty (a number in the program's unit
        where all its values have one, else text; empty where the scenario keeps its own), arm, replication, task, and
        one for each outcome, in the unit of its indicator; not a number where the run has no such figure. Rows in order
        of point, arm as in the study, and replication.
    """
    import pandas as pd

    tasks, store = thaw(folder), Store(folder)
    declared = points(tasks)
    return pd.concat([_runs(tasks, declared, piece) for piece in _pieces(tasks, store)], ignore_index=True)


def _runs(tasks: Tasks, declared: pd.DataFrame, piece: Sequence[Finished]) -> pd.DataFrame:
    import pandas as pd

    arms, outcomes = tasks.study.specification.arms, list(tasks.study.specification.outcomes)
    columns: dict[str, list[Any]] = {name: [] for name in ("point", "arm", "replication", "task", *outcomes)}
    for point, values in piece:
        for arm in arms:
            for replication, each in enumerate(values):
                if each is None:
                    continue
                columns["point"].append(point)
                columns["arm"].append(arm)
                columns["replication"].append(replication)
                columns["task"].append(tasks.key(point, replication))
                for name in outcomes:
                    value = each[arm][name]
                    columns[name].append(math.nan if value is None else value)
    runs = pd.DataFrame(columns).astype(dict.fromkeys(outcomes, float) | dict.fromkeys(("point", "replication"), int))
    joined = declared.loc[runs["point"]].reset_index(drop=True)
    rest = runs.drop(columns="point")
    return pd.concat([joined, rest], axis=1)


def points(tasks: Tasks) -> pd.DataFrame:
    """The points of a study as numbers where a variable's values are numbers, else as texts.

    Returns:
        Columns point, policy, sample, and one for each variable; the index is the number of the point.
    """
    import pandas as pd

    at = tasks.points
    columns: dict[str, Any] = {"point": range(len(at)), "policy": at.policy, "sample": at.sample}
    for place, name in enumerate(at.names):
        texts = [row[place] for row in at.rows]
        numbers = [number(text) for text in texts]
        whole = all(n is not None for n, text in zip(numbers, texts, strict=True) if text is not None)
        columns[name] = pd.Series(numbers, dtype=float) if whole else pd.Series(texts, dtype="string")
    return pd.DataFrame(columns)


def summary(folder: str | Path) -> pd.DataFrame:
    """Means of a study's outcomes with intervals and paired differences, a row for each point, arm and outcome.

    Returns:
        Columns as in ``results`` up to arm, then outcome, replications, mean, low, high (95 % interval);
        difference, diff_low, diff_high from the point of ``compare_with``, in the same arm; effect, effect_low,
        effect_high of the arm against the baseline, at the same point. Both are paired replication by replication.
    """
    import pandas as pd

    tasks, store = thaw(folder), Store(folder)
    declared, beside = points(tasks), _beside(tasks, store)
    return pd.concat([_means(tasks, declared, piece, beside) for piece in _pieces(tasks, store)], ignore_index=True)


def _means(
    tasks: Tasks, declared: pd.DataFrame, piece: Sequence[Finished], beside: Callable[[int], list[Values | None]]
) -> pd.DataFrame:
    import pandas as pd

    arms, outcomes = tasks.study.specification.arms, list(tasks.study.specification.outcomes)
    rows: dict[str, list[Any]] = {name: [] for name in ("point", "arm", "outcome", *FIGURES)}
    for point, values in piece:
        other = beside(point)
        for arm in arms:
            for name in outcomes:
                here = _series(values, arm, name)
                if not here:
                    continue
                base = _series(values, BASELINE, name) if BASELINE in arms and arm != BASELINE else {}
                compared = _series(other, arm, name)
                figures = [len(here), *interval(list(here.values())), *_paired(here, compared), *_paired(here, base)]
                for column, value in zip(rows, [point, arm, name, *figures], strict=True):
                    rows[column].append(value)
    made = pd.DataFrame(rows).astype(dict.fromkeys(FIGURES[1:], float) | dict.fromkeys(("point", FIGURES[0]), int))
    return pd.concat([declared.loc[made["point"]].reset_index(drop=True), made.drop(columns="point")], axis=1)


FIGURES = ("replications", "mean", "low", "high", "difference", "diff_low", "diff_high", "effect", "effect_low",
           "effect_high")  # fmt: skip


def _beside(tasks: Tasks, store: Store) -> Callable[[int], list[Values | None]]:
    """What the point gave that a point is compared with; nothing where that is itself, or none."""
    others = compared_with(tasks)
    near = lru_cache(NEAR)(lambda point: _at(tasks, store, point))
    return lambda point: near(others[point]) if others.get(point, point) != point else []


def compared_with(tasks: Tasks) -> dict[int, int]:
    """For each point the one that it is compared with: the values of ``compare_with``, all else the same."""
    wanted = {name: as_text(value) for name, value in tasks.study.specification.design.compare_with.items()}
    if not wanted:
        return {}
    at = tasks.points
    numbers: dict[Any, int] = {}
    for point, row in enumerate(at.rows):
        numbers.setdefault(row, point)

    def like(row: tuple[str | None, ...]) -> tuple[str | None, ...]:
        return tuple(wanted.get(name, text) for name, text in zip(at.names, row, strict=True))

    return {point: numbers[like(row)] for point, row in enumerate(at.rows) if like(row) in numbers}


def _series(values: list[Values | None], arm: str, name: str) -> dict[int, float]:
    return {n: v for n, each in enumerate(values) if each is not None and (v := each[arm][name]) is not None}


def _paired(here: dict[int, float], other: dict[int, float]) -> tuple[float, float, float]:
    paired = [value - other[n] for n, value in here.items() if n in other]
    return interval(paired) if paired else (math.nan, math.nan, math.nan)


def write(folder: str | Path) -> list[Path]:
    """Write results.parquet, results.csv, summary.parquet and summary.csv, and results.duckdb where DuckDB is there;
    their paths. The same results give the same bytes.

    Raises:
        Unwritable: nothing can be written there.
    """
    tasks, store = thaw(folder), Store(folder)
    declared, beside = points(tasks), _beside(tasks, store)
    files = [store.folder / f"{name}.{kind}" for name in (RESULTS, SUMMARY) for kind in ("parquet", "csv")]
    try:
        with ExitStack() as open_files:
            outs = [open_files.enter_context(written_whole(file)) for file in files]
            runs, means = (open_files.enter_context(_Table(*outs[at : at + 2])) for at in (0, 2))
            for piece in _pieces(tasks, store):
                runs.add(_runs(tasks, declared, piece))
                means.add(_means(tasks, declared, piece, beside))
        if (view := _duckdb(store.folder)) is not None:
            files.append(view)
    except OSError as error:
        raise unwritable(store.folder, error) from error
    return files


class _Table:
    """A table that is written piece by piece, as Parquet and as CSV."""

    def __init__(self, parquet: BinaryIO, csv: BinaryIO):
        self.parquet, self.csv = parquet, csv
        self.writer: pq.ParquetWriter | None = None
        self.empty: pd.DataFrame | None = None

    def add(self, piece: pd.DataFrame) -> None:
        """Append rows."""
        if len(piece):  # columns of no rows have no type
            self._write(piece)
        else:
            self.empty = piece

    def _write(self, piece: pd.DataFrame) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        rows = pa.Table.from_pandas(piece, preserve_index=False)
        self.csv.write(piece.to_csv(index=False, header=self.writer is None, lineterminator="\n").encode())
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.parquet, rows.schema, compression="zstd")
        self.writer.write_table(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.writer is None and self.empty is not None:
            self._write(self.empty)
        if self.writer is not None:
            self.writer.close()


VIEWS = """
import sys, duckdb
file, *names = sys.argv[1:]
with duckdb.connect(file) as connection:
    for name in names:
        path = file.rpartition("results.duckdb")[0].replace("'", "''") + name
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{path}.parquet')")
"""


def _duckdb(folder: Path) -> Path | None:
    """A DuckDB file with the views results and summary of the Parquet files beside it; None without DuckDB. Another
    process makes it, since the library takes 40 MB."""
    if find_spec("duckdb") is None:
        return None
    file = folder / DUCKDB
    done = subprocess.run(
        [sys.executable, "-c", VIEWS, file, RESULTS, SUMMARY], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(errno.EIO, (done.stderr.strip().splitlines() or [DUCKDB])[-1])
    return file
