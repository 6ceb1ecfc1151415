"""Arms against each other: how likely each is the best by an outcome, and several runs laid side by side."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.core.errors import UserError
from simulator.core.messages import say
from simulator.count.indicators.catalogue import INDICATORS
from simulator.study import parquet
from simulator.study.folder import write_manifest
from simulator.study.results import Results
from simulator.study.run_tables import ON_REQUEST, TABLES
from simulator.study.seal import sealed
from simulator.study.summary import BASELINE, MONTHS, SERIES, over_period, plain, write_summary

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 4000
SAME = ("population", "time", "network", "illness", "behaviour")
"""Sections of a scenario that decide who lives where and falls ill when: runs that differ here share no draws."""


@cache
def better() -> dict[str, int]:
    """By indicator, 1 where more is better and -1 where less is; the others are not ranked."""
    return {name: each.better for name, each in INDICATORS.items() if each.better}


def ranking(results: Results, series: Sequence[tuple[str, ...]]) -> "pd.DataFrame":
    """The chance of each arm to be the best by each outcome, over the last twelve months.

    Replications are drawn again with replacement, the same ones for every arm; the chance is the share of draws in
    which the arm's mean is the best, ties shared out. Where every replication has a set of parameters of its own, it is
    the share of the sets with which the arm is the best. One replication tells nothing, and gives no row.

    Args:
        results: with two arms or more.
        series: outcomes, each (indicator, tier, plan, part, alliance).

    Returns:
        Columns indicator, tier, plan, part, alliance, arm, mean, best.
    """
    import pandas as pd

    months, coded = results.months[-MONTHS:], results.coded_months
    wanted = coded["month"].isin(months) & coded["indicator"].isin([outcome[0] for outcome in series])
    values = over_period(plain(coded[wanted]), months[0], months[-1]).set_index(SERIES)
    rows: list[tuple[Any, ...]] = []
    for outcome in series:
        sign = better().get(outcome[0])
        if sign is None or outcome not in values.index:
            continue
        wide = values.loc[[outcome]].pivot(index="replication", columns="arm", values="value").dropna()
        arms = [arm for arm in results.arms if arm in wide]
        if len(wide) < 2 or len(arms) < 2:
            continue
        found = wide[arms].to_numpy()
        if results.manifest.get("parameters"):
            means = sign * found
        else:
            drawn = np.random.default_rng(1).integers(len(found), size=(DRAWS, len(found)))
            means = sign * found[drawn].mean(axis=1)
        top = np.isclose(means, means.max(axis=1, keepdims=True), rtol=1e-12, atol=0)
        chance = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
        rows += [
            (*outcome, arm, mean, best)
            for arm, mean, best in zip(arms, found.mean(axis=0).tolist(), chance.tolist(), strict=True)
        ]
    return pd.DataFrame(rows, columns=[*SERIES, "arm", "mean", "best"])


def comparable(manifests: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise UserError where runs do not share people and draws, so that nothing could be paired."""
    (first, one), *others = manifests.items()
    for name, other in others:
        for key in (*SAME, "seed"):
            here, there = (
                each[key] if key == "seed" else each["scenario"]["resolved"].get(key) for each in (one, other)
            )
            if here != there:
                raise UserError(say("compare.other", first=first, other=name, what=key))


def side_by_side(
    runs: Mapping[str, tuple[Results, Sequence[str]]], folder: Path, neutral: Mapping[str, Any] | None = None
) -> Results:
    """Lay finished runs beside each other in a folder of their own that can be read like a run.

    The arms of the first run keep their names, its baseline is the reference; an arm of another run is called
    ``RUN.ARM``.

    Args:
        runs: by name, the results and the arms to take.
        folder: new, or with nothing but the runs.
        neutral: by arm, what was levelled, for the manifest.

    Raises:
        UserError: the runs do not share people and draws.
    """
    import pyarrow as pa

    comparable({name: results.manifest for name, (results, _) in runs.items()})
    folder.mkdir(parents=True, exist_ok=True)
    first = next(iter(runs))
    names = {(run, arm): arm if run == first else f"{run}.{arm}" for run, (_, arms) in runs.items() for arm in arms}
    there = [set(results.tables) for results, _ in runs.values()]
    for table in (name for name in (*TABLES, *ON_REQUEST) if all(name in tables for tables in there)):
        parts = []
        for run, (results, arms) in runs.items():
            for arm in arms:
                part = parquet.read(results.folder / f"{table}.parquet", filters=[("arm", "==", arm)])
                called = pa.array([names[run, arm]] * len(part), pa.string())
                parts.append(part.set_column(0, part.schema.field(0), called))
        kept = [name for name in parts[0].column_names if all(name in part.column_names for part in parts)]
        joined = pa.concat_tables([part.select(kept).replace_schema_metadata(None) for part in parts])
        parquet.write(joined, folder / f"{table}.parquet")
    finished = {
        names[run, arm]: results.manifest["finished"][arm] for run, (results, arms) in runs.items() for arm in arms
    }
    write_summary(folder, list(finished), runs[first][0].ends)
    manifest = runs[first][0].manifest
    beside = {run: results.manifest["scenario"] for run, (results, _) in runs.items() if run != first}
    manifest_beside = {**manifest, "finished": finished, "asked": finished, "beside": beside, "neutral": neutral or {}}
    write_manifest(folder, sealed(folder, manifest_beside))
    return Results(folder)


def reforms(results: Results) -> list[str]:
    """The arms that are not the reference."""
    return [arm for arm in results.arms if arm != BASELINE]
