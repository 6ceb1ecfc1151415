"""The tables of a study: a tidy row for each run, means and paired differences for each point."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.study.summary import BASELINE, interval
from simulator.study.sweep import stop
from simulator.study.sweep.frozen import thaw
from simulator.study.sweep.store import Damaged, Store, unwritable, write_whole
from simulator.study.sweep.tasks import Tasks
from simulator.study.sweep.values import number, said

if TYPE_CHECKING:
    import pandas as pd

RESULTS, SUMMARY = "results", "summary"
DUCKDB = "results.duckdb"
type Values = dict[str, dict[str, float | None]]


def finished(tasks: Tasks, store: Store) -> Iterator[tuple[int, list[Values | None]]]:
    """Every point with what its replications gave, in order; None for one without a result.

    With a stop rule a point has the replications that the rule asks for, however the study came to run others.
    """
    rule = tasks.study.said.design.stop_when
    for point in range(len(tasks.points)):
        values = [_values(store, tasks.key(point, replication)) for replication in range(tasks.replications)]
        while rule and any(values) and (added := stop.more(rule, tasks.study.said.arms, values)):
            further = [_values(store, tasks.key(point, len(values) + n)) for n in range(added)]
            if not any(further):
                break
            values += further
        yield point, values


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
    arms, outcomes = tasks.study.said.arms, list(tasks.study.said.outcomes)
    columns: dict[str, list[Any]] = {name: [] for name in ("point", "arm", "replication", "task", *outcomes)}
    for point, values in finished(tasks, store):
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
    told = points(tasks)
    joined = told.loc[runs["point"]].reset_index(drop=True)
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
    told, arms, outcomes = points(tasks), tasks.study.said.arms, list(tasks.study.said.outcomes)
    known = {point: values for point, values in finished(tasks, store) if any(values)}
    others = compared_with(tasks)
    rows: dict[str, list[Any]] = {name: [] for name in ("point", "arm", "outcome", *FIGURES)}
    for point, values in known.items():
        other = others.get(point)
        for arm in arms:
            for name in outcomes:
                here = _series(values, arm, name)
                if not here:
                    continue
                base = _series(values, BASELINE, name) if BASELINE in arms and arm != BASELINE else {}
                beside = _series(known.get(other, []), arm, name) if other is not None and other != point else {}
                figures = [len(here), *interval(list(here.values())), *_paired(here, beside), *_paired(here, base)]
                for column, value in zip(rows, [point, arm, name, *figures], strict=True):
                    rows[column].append(value)
    made = pd.DataFrame(rows)
    return pd.concat([told.loc[made["point"]].reset_index(drop=True), made.drop(columns="point")], axis=1)


FIGURES = ("replications", "mean", "low", "high", "difference", "diff_low", "diff_high", "effect", "effect_low",
           "effect_high")  # fmt: skip


def compared_with(tasks: Tasks) -> dict[int, int]:
    """For each point the one that it is compared with: the values of ``compare_with``, all else the same."""
    wanted = {name: said(value) for name, value in tasks.study.said.design.compare_with.items()}
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
    store = Store(folder)
    files = []
    try:
        for name, table in ((RESULTS, results(folder)), (SUMMARY, summary(folder))):
            parquet = io.BytesIO()
            table.to_parquet(parquet, index=False, compression="zstd")
            for file, content in ((f"{name}.parquet", parquet.getvalue()), (f"{name}.csv", _csv(table))):
                write_whole(store.folder / file, content)
                files.append(store.folder / file)
        if (view := _duckdb(store.folder)) is not None:
            files.append(view)
    except OSError as error:
        raise unwritable(store.folder, error) from error
    return files


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def _duckdb(folder: Path) -> Path | None:
    """A DuckDB file with the views results and summary of the Parquet files beside it; None without DuckDB."""
    try:
        import duckdb
    except ModuleNotFoundError:
        return None
    file = folder / DUCKDB
    with duckdb.connect(str(file)) as connection:
        for name in (RESULTS, SUMMARY):
            path = str(folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
    return file
