"""Trials of some arms whose figures are kept, replication by replication, as soon as they are there: what was stopped
goes on, and what is asked for again is not run again."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from simulator.core.jit import source_hash
from simulator.study.branches import lived
from simulator.study.cost import cores, seconds_of_month
from simulator.study.ensemble import with_set
from simulator.study.inputs import data_hash
from simulator.study.run import Progress
from simulator.study.summary import over_period
from simulator.study.workers import Job, Report, live, run_apart, run_here

if TYPE_CHECKING:
    import pandas as pd

PARTS = "parts"

type Series = tuple[str, str, str, str, str]
"""Indicator, tier, plan, part, alliance, as in the results."""
type Months = tuple[str, str]
"""First and last month."""


class Arm(NamedTuple):
    """An arm of one of the scenarios of a trial."""

    scenario: int
    name: str


class Figure(NamedTuple):
    """What a series came to over some months: its value, and the sum above the line in numbers of the sample."""

    value: float
    total: float


class Trial(Protocol):
    """Scenarios, the arms of each that are lived through, and what is read off them."""

    @property
    def name(self) -> str:
        """One name in all the trials that are run together."""
        ...

    @property
    def scenarios(self) -> tuple[Any, ...]:
        """Scenarios."""
        ...

    @property
    def arms(self) -> tuple[tuple[str, ...], ...]:
        """The arms of each."""
        ...

    def told(self) -> object:
        """What figures follow from beside scenarios and arms; it can be written as JSON."""
        ...

    def read(self, arm: Arm, monthly: "pd.DataFrame") -> Any:
        """What is kept of an arm that has come to its end."""
        ...

    def figures(self, values: Mapping[Arm, Any]) -> Any:
        """What is kept of a replication; it can be written as JSON."""
        ...


@dataclass(frozen=True)
class Kept:
    """Trials to be run; what is kept of each replication becomes a file below ``parts``.

    Where there are ``sets``, each a row of changes `path=value` of the scenario, replication r has the one at r modulo
    their number laid over its scenarios, as far as these say nothing themselves.
    """

    trials: Mapping[str, Trial]
    seed: int
    parts: Path
    prints: Mapping[str, str]
    sets: tuple[tuple[str, ...], ...] = ()

    def run(self, job: Job, report: Report) -> None:
        """One replication of a trial, whose name stands for the arms of the job. Raises UnitFailed."""
        trial = self.trials[job.arms[0]]
        values: dict[Arm, Any] = {}
        before = 0
        for place, (scenario, arms) in enumerate(zip(trial.scenarios, trial.arms, strict=True)):

            def keep(arm: str, model: Any, place: int = place) -> None:
                values[Arm(place, arm)] = trial.read(Arm(place, arm), model.frames()["monthly"])

            def lived_on(_: Job, months: int, __: int, so_far: int = before) -> None:
                report(job, so_far + months, 0)

            here = Job(job.replication, arms, job.threads)
            live(None, self._laid(scenario, job.replication), self.seed, "fast", here, keep, lived_on)
            before += lived(scenario, arms)
        file = self.file(job)
        half = file.with_suffix(".half")
        half.write_text(json.dumps(trial.figures(values)), encoding="utf-8")
        half.rename(file)
        report(job, before, 1)

    def _laid(self, scenario: Any, replication: int) -> Any:
        """The scenario with the set of a replication."""
        return with_set(scenario, self._set(replication)) if self.sets else scenario

    def _set(self, replication: int) -> tuple[str, ...]:
        return self.sets[replication % len(self.sets)] if self.sets else ()

    def file(self, job: Job) -> Path:
        """Where the figures of a replication of a trial are kept."""
        name = job.arms[0]
        mark = self.prints[name] + (_hash(self._set(job.replication))[:8] if self.sets else "")
        return self.parts / f"{name.replace('/', '.')[:80]}.{mark}.{job.replication}.json"

    def kept(self, name: str, replication: int) -> Any:
        """The figures of a replication of a trial, None where it has not been run."""
        file = self.file(Job(replication, (name,)))
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    def all_kept(self, name: str, replications: int) -> list[Any]:
        """Those of all replications; nothing before all of them are there."""
        if name not in self.trials:
            return []
        found = [self.kept(name, replication) for replication in range(replications)]
        return found if all(each is not None for each in found) else []


def keeping(trials: Sequence[Trial], folder: Path, seed: int, sets: Sequence[Sequence[str]] = ()) -> Kept:
    """Trials with a place for their figures below a folder. Raises OSError where nothing can be written."""
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    prints = {trial.name: _print(trial, seed) for trial in trials}
    rows = tuple(tuple(each) for each in sets)
    return Kept({trial.name: trial for trial in trials}, seed, folder / PARTS, prints, rows)


def run_kept(
    task: Kept, replications: int, threads: int | None = None, progress: Callable[[Progress], None] | None = None
) -> None:
    """Run the replications of trials that have not been kept.

    Raises:
        UnitFailed: a replication failed.
        OSError: nothing can be written.
        KeyboardInterrupt: Ctrl-C; what was finished is kept.
    """
    jobs = [Job(replication, (name,)) for name in task.trials for replication in range(replications)]
    left = [job for job in jobs if not task.file(job).exists()]
    workers = max(1, min(cores() if threads is None else threads, len(left)))
    tell = _teller(task, left, progress)
    if workers > 1:
        run_apart(task, left, workers, tell)
    else:
        run_here(task, left, tell)


def takes(task: Kept, replications: int, threads: int | None = None) -> float:
    """Seconds that `run_kept` will take with the same arguments, as far as it can be known before."""
    left = {name: sum(task.kept(name, r) is None for r in range(replications)) for name in task.trials}
    work = math.fsum(
        left[name] * lived(scenario, arms) * seconds_of_month(scenario.population.families, "fast", 1)
        for name, trial in task.trials.items()
        for scenario, arms in zip(trial.scenarios, trial.arms, strict=True)
    )
    return work / max(1, min(cores() if threads is None else threads, sum(left.values())))


def length(trial: Trial) -> int:
    """Months of one replication, all arms and burn-ins together."""
    return sum(lived(scenario, arms) for scenario, arms in zip(trial.scenarios, trial.arms, strict=True))


def figures_over(monthly: "pd.DataFrame", indicators: set[str], months: Months) -> dict[Series, Figure]:
    """Figures of some indicators over some months, as in a summary."""
    monthly = monthly[monthly["indicator"].isin({*indicators, "people_per_sampled_person"})]
    monthly = monthly.assign(arm="", replication=0)
    found = over_period(monthly, *months, sums=True)
    columns = ("indicator", "tier", "plan", "part", "alliance", "value", "numerator")
    figures: dict[Series, Figure] = {}
    for *names, value, total in zip(*(found[column] for column in columns), strict=True):
        indicator, tier, plan, part, alliance = map(str, names)
        figures[indicator, tier, plan, part, alliance] = Figure(float(value), float(total))
        # what there is of an alliance alone
        figures.setdefault((indicator, tier, plan, part, ""), Figure(float(value), float(total)))
    return figures


def _print(trial: Trial, seed: int) -> str:
    """A name for everything that a trial's figures follow from."""
    said = [seed, source_hash(), data_hash(), trial.arms, trial.told()]
    return _hash([*said, *(each.resolved() for each in trial.scenarios)])


def _hash(said: Any) -> str:
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _teller(task: Kept, jobs: list[Job], progress: Callable[[Progress], None] | None) -> Report:
    """What to call with the months that a job has lived and whether it is done."""
    months: dict[Job, int] = {}
    done: set[Job] = set()
    whole = sum(map(partial(_length_of, task), jobs))

    def tell(job: Job, lived: int, ended: int) -> None:
        months[job] = lived
        if ended:
            done.add(job)
        if progress:
            progress(Progress(sum(months.values()), whole, len(done), len(jobs)))

    return tell


def _length_of(task: Kept, job: Job) -> int:
    return length(task.trials[job.arms[0]])
