"""A copy of everything that a study was asked with, in its folder: whoever runs a task reads this and nothing else."""

import json
from functools import cache
from pathlib import Path

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.scenario.language.csv_tables import without_name
from simulator.scenario.language.merge import plain
from simulator.scenario.language.strict_yaml import written
from simulator.study.folder import plain as to_json
from simulator.study.parameter_table import ParameterTable
from simulator.study.sweep.designs import Points
from simulator.study.sweep.read import read_study
from simulator.study.sweep.store import POINTS, STUDY, Store, unwritable, write_whole
from simulator.study.sweep.study import Study
from simulator.study.sweep.tasks import Tasks, code

SWEEP, SCENARIO, TABLES, ORIGINS = "sweep.yaml", "scenario.yaml", "tables.json", "origins.json"


def freeze(tasks: Tasks, store: Store) -> None:
    """Write the study file, the scenario that it varies as one file with the origins of its values, tables and points.

    Raises:
        Unwritable: nothing can be written there.
    """
    study, folder = tasks.study, store.folder / STUDY
    whole = plain(without_name(study.whole.tree))
    tables = {name: [table.columns, table.rows] for name, table in study.tables.items()}
    try:
        write_whole(folder / SWEEP, study.file.read_bytes())
        question = study.file.parent / "question.md"
        if question.is_file():
            write_whole(folder / question.name, question.read_bytes())
        write_whole(folder / SCENARIO, written(whole).encode())
        write_whole(folder / ORIGINS, json.dumps(study.base.origins, ensure_ascii=False, default=to_json).encode())
        for name, table in study.named_tables().items():
            write_whole(folder / name, table.read_bytes())
        write_whole(folder / TABLES, json.dumps(tables, ensure_ascii=False).encode())
        write_whole(store.folder / POINTS, _parquet(tasks.points))
    except OSError as error:
        raise unwritable(store.folder, error) from error


def thaw(folder: str | Path) -> Tasks:
    """The tasks of a study's folder, as they were asked for, with the names that the program which began it gave them.

    Raises:
        UserError: there is no study.
    """
    store = Store(folder)
    manifest = store.manifest()
    version = {name: manifest[name] for name in code()}
    return Tasks(study_in(store.folder), points_in(store.folder), manifest["replications"], manifest["model"], version)


def origins_in(folder: Path) -> dict[str, dict[str, object]] | None:
    """Where the values of the scenario of a folder are from, by path: source, year, note, range, text; None for a study
    that was begun before these were kept."""
    file = folder / STUDY / ORIGINS
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


@cache
def study_in(folder: Path) -> Study:
    """The study of a folder. Its values were tried when it began."""
    place = folder / STUDY
    tables = json.loads((place / TABLES).read_text(encoding="utf-8"))
    known = {name: ParameterTable(tuple(columns), tuple(map(tuple, rows))) for name, (columns, rows) in tables.items()}
    return read_study(place / SWEEP, scenario=place / SCENARIO, tables=known, tried=False)


def points_in(folder: Path) -> Points:
    """The points of a folder."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / POINTS)
    names = tuple(name for name in table.column_names if name not in ("point", "policy", "sample"))
    rows = list(zip(*(table[name].to_pylist() for name in names), strict=True)) if names else [()] * len(table)
    return Points(names, rows, table["policy"].to_pylist(), table["sample"].to_pylist())


def same_as_asked(tasks: Tasks, store: Store) -> None:
    """Raise UserError where a study is not the one that the folder was begun with."""
    if thaw(store.folder).common != tasks.common or points_in(store.folder).rows != list(tasks.points.rows):
        raise UserError(say("sweep.other_study", folder=store.folder))


def _parquet(points: Points) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"point": pa.array(range(len(points)), pa.int64())}
    columns |= {"policy": pa.array(points.policy, pa.int64()), "sample": pa.array(points.sample, pa.int64())}
    columns |= {n: pa.array([row[i] for row in points.rows], pa.string()) for i, n in enumerate(points.names)}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink, compression="zstd")
    return sink.getvalue().to_pybytes()
