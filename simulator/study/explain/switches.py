"""Run a comparison again without one mechanism at a time, on the same people and draws."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.branches import lived
from simulator.study.cost import cores, plan, size
from simulator.study.explain.groups import GroupedSystem
from simulator.study.explain.parts import Series, Share, shares
from simulator.study.manifest import scenario_of
from simulator.study.parameters import recorded_in
from simulator.study.results import Results
from simulator.study.run import Progress, run
from simulator.study.summary import BASELINE, SERIES, last_months, over_period

if TYPE_CHECKING:
    import pandas as pd

SWITCHES = {"incentives": "off", "trust": "off", "capability": "equal", "supervision": "off", "habit": "off"}
"""Switches of an analysis and the word that takes the mechanism out."""
ALL = "all"
"""Every switch at once: what is left is what rules do by themselves."""


@dataclass(frozen=True, slots=True)
class Without:
    """The difference without one mechanism, and what it therefore carries; means and 95 % intervals."""

    switch: str
    difference: tuple[float, float, float]
    carries: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Explained:
    """Where the difference of an arm from the baseline comes from."""

    arm: str
    series: Series
    first: str
    last: str
    replications: int
    families: int
    level: float  # mean of the baseline
    difference: tuple[float, float, float]
    without: list[Without]
    shares: list[Share]


class Takes(NamedTuple):
    """How often the baseline and the arm are run, replications and families of each run, seconds of wall time."""

    runs: int
    replications: int
    families: int
    seconds: float


def wanted(results: Results, indicator: str, arm: str | None, where: Mapping[str, str]) -> tuple[str, Series]:
    """The arm and the series to explain.

    Raises:
        UserError: the run has no such arm or figure, or nothing to compare with.
    """
    arms = [each for each in results.arms if each != BASELINE]
    if BASELINE not in results.arms or not arms:
        raise UserError(say("explain.no_pair", folder=results.folder))
    if arm is not None and arm not in arms:
        raise UserError(say("study.arm_unknown", arm=arm, arms=", ".join(arms), near=near(arm, arms)))
    monthly = results.monthly
    known = sorted(set(monthly["indicator"]))
    if indicator not in known:
        raise UserError(say("explain.no_indicator", indicator=indicator) + near(indicator, known))
    mine = monthly[monthly["indicator"] == indicator]
    for column, word in where.items():
        words = sorted(set(mine[column]) - {""})
        if word and word not in words:
            text = say("explain.no_word", column=column, word=word, words=", ".join(words) or "–")
            raise UserError(text + near(word, words))
    series: Any = (indicator, *(where.get(column, "") for column in SERIES[1:]))
    if not (mine[SERIES] == list(series)).all(axis=1).any():
        some = mine[SERIES[1:]].drop_duplicates().head(6)
        known = "; ".join(
            ", ".join(f"--{c} {w}" for c, w in zip(some, row, strict=True) if w) for row in some.to_numpy()
        )
        raise UserError(say("explain.no_series", indicator=indicator, some=known))
    chosen = arm or arms[0]
    if chosen not in results.manifest["scenario"]["resolved"].get("reforms", {}):
        raise UserError(say("explain.beside", arm=chosen))
    return chosen, series


def takes(results: Results, arm: str, replications: int | None, families: int | None, threads: int | None) -> Takes:
    """What ``explain`` will take with the same arguments, as far as it can be known before."""
    manifest = results.manifest
    scenario = scenario_of(manifest, (), families)
    one = size(scenario)
    count = replications or replications_of(manifest, arm)
    shares = plan(
        count, one.families, lived(scenario, (BASELINE, arm)), "fast", cores() if threads is None else threads
    )
    runs = len(SWITCHES) + 2
    return Takes(runs, count, one.families, runs * shares.seconds)


def replications_of(manifest: Mapping[str, Any], arm: str) -> int:
    """Replications that both the arm and the baseline have."""
    return min(len(manifest["finished"][name]) for name in (BASELINE, arm))


def explain(
    results: Results,
    arm: str,
    series: Series,
    replications: int | None = None,
    families: int | None = None,
    threads: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Explained:
    """Run the arm and the baseline again as they were and without each mechanism, and lay the differences side by side.

    Args:
        results: of a run with the baseline and ``arm``.
        series: from ``wanted``.
        replications: how many; by default as many as the run has of both.
        families: number of sampled families; by default the run's.
        threads: cores to use.
        report: called with months lived and months to live.
    """
    manifest, ends = results.manifest, results.ends
    count = replications or replications_of(manifest, arm)
    off: dict[str, tuple[str, ...]] = {name: (f"analysis.{name}={word}",) for name, word in SWITCHES.items()}
    off[ALL] = tuple(change for changes in off.values() for change in changes)
    runs: dict[str, tuple[str, ...]] = {"": (), **off}
    period = last_months(results.monthly)
    differences: dict[str, list[float]] = {}
    level, parts = 0.0, []
    with tempfile.TemporaryDirectory(prefix="tiercare-explain-") as folder:
        for n, (name, changes) in enumerate(runs.items()):
            changed = scenario_of(manifest, changes, families)
            again = run(
                changed,
                replications=count,
                parameters=recorded_in(manifest, changed),
                seed=manifest["seed"],
                arms=[BASELINE, arm],
                threads=threads,
                out=Path(folder, name or "whole"),
                progress=_forward(report, n, len(runs)),
                model=None if name else GroupedSystem,
            )
            monthly = again.monthly
            monthly = monthly[(monthly["month"] >= period[0]) & (monthly["month"] <= period[1])]
            levels, differences[name] = paired(monthly, arm, series, *period)
            if not name:
                level, parts = ends(levels)[0], shares(monthly, arm, series, ends)
    whole = differences[""]
    without = [
        Without(name, ends(found), ends([a - b for a, b in zip(whole, found, strict=True)]))
        for name, found in differences.items()
        if name
    ]
    return Explained(arm, series, *period, count, families or manifest["families"], level, ends(whole), without, parts)


def paired(monthly: "pd.DataFrame", arm: str, series: Series, first: str, last: str) -> tuple[list[float], list[float]]:
    """Levels of the baseline and differences of ``arm``, replication by replication.

    Raises:
        UserError: there is no figure in one of the arms.
    """
    values = levels_of(monthly, (arm, BASELINE), series, first, last)
    both = sorted(values[arm].keys() & values[BASELINE].keys())
    return [values[BASELINE][r] for r in both], [values[arm][r] - values[BASELINE][r] for r in both]


def levels_of(
    monthly: "pd.DataFrame", arms: Iterable[str], series: Series, first: str, last: str
) -> dict[str, dict[int, float]]:
    """Values of a series by arm and replication.

    Raises:
        UserError: there is no figure in one of the arms.
    """
    mine = monthly[(monthly[SERIES] == list(series)).all(axis=1)]
    rows = over_period(mine, first, last)[["arm", "replication", "value"]].itertuples(index=False, name=None)
    found: dict[str, dict[int, float]] = {arm: {} for arm in arms}
    for arm, replication, value in rows:
        if arm in found:
            found[arm][replication] = value
    for arm, values in found.items():
        if not values:
            raise UserError(say("explain.no_figure", indicator=series[0], arm=arm))
    return found


def _forward(report: Callable[[int, int], None] | None, n: int, runs: int) -> Callable[[Progress], None] | None:
    if report is None:
        return None
    return lambda progress: report(n * progress.of_months + progress.months, runs * progress.of_months)
