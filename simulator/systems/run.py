"""Run the register of programmes: each row with and without every mechanism, in replications that share people and
draws; figures of a replication are kept as soon as it is done, so that a run that was stopped goes on."""

import csv
import hashlib
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from simulator.core.jit import source_hash
from simulator.study.branches import lived
from simulator.study.cost import cores
from simulator.study.inputs import data_hash
from simulator.study.paired import Paired, paired
from simulator.study.run import Progress
from simulator.study.workers import Job, live, run_apart, run_here
from simulator.systems.register import Mechanism, System
from simulator.systems.scenarios import MECHANISM, Arm, Comparison, Series, Trial, trial

COLUMNS = (
    "system", "file", "arm", "kind", "code", "measure", "with", "without", "difference", "low", "high", "minimum",
    "direction", "shown", "families", "replications",
)  # fmt: skip
"""Columns of systems.csv: figures in the unit of the measure; `shown` is yes, no or opposite, for mechanisms alone."""
TABLE = "systems.csv"
PARTS = "parts"
YES, NO, OPPOSITE = "yes", "no", "opposite"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a comparison: the figure without and with, and their paired difference."""

    comparison: Comparison
    difference: Paired

    def shown(self, mechanism: Mechanism) -> str:
        """Whether the whole interval lies beyond the smallest change that matters, as expected or opposite."""
        assert mechanism.minimum
        ends = sorted((mechanism.sign * self.difference.low, mechanism.sign * self.difference.high))
        if ends[0] > mechanism.minimum.value:
            return YES
        return OPPOSITE if ends[1] < -mechanism.minimum.value else NO


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row; nothing where it is not run, or not yet."""

    system: System
    found: tuple[Found, ...] = ()
    families: int = 0
    replications: int = 0


class SystemsInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``outcomes`` are those of the rows that were finished."""

    def __init__(self, outcomes: list[Outcome]):
        self.outcomes = outcomes
        super().__init__()


def run_systems(
    systems: Sequence[System],
    folder: Path,
    *,
    families: int | None = None,
    replications: int = 10,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Outcome]:
    """Run rows, and compare each with itself without each of its mechanisms.

    Args:
        systems: from ``simulator.systems.register.chosen``; those that are not run get an outcome without figures.
        folder: where figures of replications are kept; those of the same scenario, size, seed and program are not run
            again.
        families: in place of each scenario's.
        replications: 2 or more; each has its own people and draws, the same in all arms.
        seed: 0 or more.
        threads: cores to use, by default all.
        progress: called from time to time.

    Raises:
        UserError: a row says what cannot be.
        UnitFailed: a replication failed.
        OSError: nothing can be written to the folder.
        SystemsInterrupted: Ctrl-C.
    """
    trials = {each.name: each for each in (trial(system, families) for system in systems if system.is_run)}
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    task = Task(trials, seed, folder / PARTS, {name: _print(each, seed) for name, each in trials.items()})
    jobs = [Job(replication, (name,)) for name in trials for replication in range(replications)]
    left = [job for job in jobs if kept(task, job) is None]
    workers = max(1, min(cores() if threads is None else threads, len(left)))
    tell = _teller(task, left, progress)
    try:
        if workers > 1:
            run_apart(task, left, workers, tell)
        else:
            run_here(task, left, tell)
    except KeyboardInterrupt as stop:
        outcomes = [_outcome(system, task, replications) for system in systems]
        raise SystemsInterrupted([each for each in outcomes if each.found or not each.system.is_run]) from stop
    return [_outcome(system, task, replications) for system in systems]


def _print(made: Trial, seed: int) -> str:
    """A name for everything that a trial's figures follow from."""
    said = [made.months, seed, source_hash(), data_hash(), made.arms, made.comparisons]
    text = json.dumps([*said, *(each.resolved() for each in made.scenarios)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Task:
    """Trials to be run; the figures of each replication become a file below ``parts``, by the print of its trial."""

    trials: dict[str, Trial]
    seed: int
    parts: Path
    prints: dict[str, str]

    def run(self, job: Job, report: Callable[[Job, int, int], None]) -> None:
        """One replication of a row, whose name stands for the arms of the job. Raises UnitFailed."""
        name = job.arms[0]
        each = self.trials[name]
        values: dict[Arm, dict[Series, float]] = {}
        before = 0
        for place, (scenario, arms) in enumerate(zip(each.scenarios, each.arms, strict=True)):
            so_far = before

            def keep(arm: str, model: Any, place: int = place) -> None:
                values[Arm(place, arm)] = _read(model, _wanted(each, Arm(place, arm)), each.months)

            def lived_on(_: Job, months: int, __: int, so_far: int = so_far) -> None:
                report(job, so_far + months, 0)

            here = Job(job.replication, arms, job.threads)
            live(None, scenario, self.seed, "fast", here, keep, lived_on)
            before += lived(scenario, arms)
        figures = [[values[side].get(c.series, math.nan) for side in (c.off, c.on)] for c in each.comparisons]
        file = _part(self, job)
        half = file.with_suffix(".half")
        half.write_text(json.dumps(figures), encoding="utf-8")
        half.rename(file)
        report(job, before, 1)


def _wanted(each: Trial, arm: Arm) -> set[Series]:
    return {c.series for c in each.comparisons if arm in (c.on, c.off)}


def _read(model: Any, wanted: set[Series], months: int) -> dict[Series, float]:
    """The figures of a run over its last months, as in a summary."""
    from simulator.study.summary import last_months, over_period

    monthly = model.frames()["monthly"]
    first, last = last_months(monthly, months)
    monthly = monthly[monthly["indicator"].isin({series[0] for series in wanted})].assign(arm="", replication=0)
    if monthly.empty:  # nothing of the kind happened
        return {}
    found = over_period(monthly, first, last)
    rows = zip(*(found[column] for column in ("indicator", "tier", "plan", "part", "alliance", "value")), strict=True)
    values: dict[Series, float] = {}
    for *names, value in rows:
        indicator, tier, plan, part, alliance = map(str, names)
        values[indicator, tier, plan, part, alliance] = float(value)
        values.setdefault((indicator, tier, plan, part, ""), float(value))  # what there is of an alliance alone
    return {series: values[series] for series in wanted if series in values}


def _part(task: Task, job: Job) -> Path:
    name = job.arms[0]
    return task.parts / f"{name}.{task.prints[name]}.{job.replication}.json"


def kept(task: Task, job: Job) -> list[tuple[float, float]] | None:
    """The figures of a replication of a row, (without, with) for each comparison; None where it has not been run."""
    file = _part(task, job)
    return [tuple(each) for each in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else None


def _teller(
    task: Task, jobs: list[Job], progress: Callable[[Progress], None] | None
) -> Callable[[Job, int, int], None]:
    """What to call with the months that a job has lived and whether it is done."""
    months: dict[Job, int] = {}
    done: set[Job] = set()
    whole = sum(length(task.trials[job.arms[0]]) for job in jobs)

    def tell(job: Job, lived: int, ended: int) -> None:
        months[job] = lived
        if ended:
            done.add(job)
        if progress:
            progress(Progress(sum(months.values()), whole, len(done), len(jobs)))

    return tell


def length(each: Trial) -> int:
    """Months of one replication of a row, all arms and burn-ins together."""
    return sum(lived(scenario, arms) for scenario, arms in zip(each.scenarios, each.arms, strict=True))


def _outcome(system: System, task: Task, replications: int) -> Outcome:
    """What the figures kept so far say of a row; none are looked at before all replications are there."""
    each = task.trials.get(system.id)
    if each is None:
        return Outcome(system)
    figures = [kept(task, Job(replication, (system.id,))) for replication in range(replications)]
    there = [each for each in figures if each is not None]
    if len(there) < replications:
        return Outcome(system)
    found = tuple(
        Found(comparison, _paired([values[i] for values in there])) for i, comparison in enumerate(each.comparisons)
    )
    return Outcome(system, found, each.scenarios[0].population.families, replications)


def _paired(pairs: list[tuple[float, float]]) -> Paired:
    """Means and paired difference; where nothing can be compared, such as a budget that only one arm has, the mean of
    that one."""
    made = paired(pairs)
    there = [on for _, on in pairs if not math.isnan(on)]
    if math.isnan(made.with_it) and there:
        return Paired(math.nan, math.fsum(there) / len(there), math.nan, math.nan, math.nan)
    return made


def write_table(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write systems.csv; its path. Rows of the table that is there stay, where they are of other systems.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / TABLE
    new = {each.system.id for each in outcomes}
    rows = [row for row in read_table(file) if row["system"] not in new]
    rows += [row for each in outcomes for row in _rows(each)]
    rows.sort(key=lambda row: row["system"])
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows of a systems.csv; none where there is no such file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _rows(outcome: Outcome) -> Iterator[dict[str, str]]:
    system = outcome.system
    for found in outcome.found:
        comparison = found.comparison
        mechanism = system.mechanisms[comparison.code] if comparison.kind == MECHANISM else None
        without, on, moved, low, high = map(_text, astuple(found.difference))
        yield {
            "system": system.id,
            "file": system.file or "",
            "arm": system.arm,
            "kind": comparison.kind,
            "code": comparison.code,
            "measure": " ".join(word for word in comparison.series if word),
            "with": on,
            "without": without,
            "difference": moved,
            "low": low,
            "high": high,
            "minimum": _text(mechanism.minimum.value) if mechanism and mechanism.minimum else "",
            "direction": (mechanism.direction or "") if mechanism else "",
            "shown": found.shown(mechanism) if mechanism else "",
            "families": str(outcome.families),
            "replications": str(outcome.replications),
        }


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"
