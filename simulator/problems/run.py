"""Run the problem book: every problem with and without its cure, in paired replications that share people and draws."""

import csv
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple

from simulator.problems.book import Problem
from simulator.problems.trials import OFF, Task, Trial, kept, trial
from simulator.study.cost import cores
from simulator.study.intervals import interval, spread
from simulator.study.paired import Paired, paired
from simulator.study.run import Progress
from simulator.study.workers import Job, run_apart, run_here

COLUMNS = (
    "id", "kind", "measure", "without_cure", "with_cure", "difference", "low", "high", "minimum", "shown",
    "vanishes_with",
)  # fmt: skip
"""Columns of problems.csv: figures in the unit of the measure; `shown` is yes or no, and empty where nothing is run."""
CARRIED = ("id", "vanishes_with", "difference", "low", "high", "minimum", "vanished", "replications")
"""Columns of carriers.csv: the difference that is left when the carrier is switched off."""
IN_SETS = (
    "id", "without_cure", "with_cure", "difference", "low", "high", "minimum", "appears", "yields", "sets",
)  # fmt: skip
"""Columns of problems_ensemble.csv: `appears` is the share of parameter sets in which the difference is beyond the
smallest that matters, `yields` that in which it goes the way of the cure at all."""
TABLE, CARRIERS_TABLE, SETS_TABLE = "problems.csv", "carriers.csv", "problems_ensemble.csv"


def beyond(found: Paired, problem: Problem) -> bool:
    """Whether the whole interval lies beyond the smallest difference that matters, on the side of the cure."""
    assert problem.minimum
    near_end = found.low if problem.sign > 0 else -found.high
    return near_end > problem.minimum.value


def gone(found: Paired, problem: Problem) -> bool:
    """Whether the whole interval lies short of it."""
    assert problem.minimum
    far_end = found.high if problem.sign > 0 else -found.low
    return far_end < problem.minimum.value


class Shares(NamedTuple):
    """In how much of the parameter sets a problem appears, its difference beyond the smallest that matters; and yields,
    its difference going the way of the cure. 0 to 1 each."""

    appears: float
    yields: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a problem. ``found`` is None where nothing was run; ``left`` is the difference that was left with
    the carrier switched off, None where that was not tried; ``shares`` are of parameter sets, None where each pair had
    the same."""

    problem: Problem
    found: Paired | None = None
    left: Paired | None = None
    replications: int = 0
    shares: Shares | None = None

    @property
    def shown(self) -> bool | None:
        """Whether it was shown; None where nothing was run."""
        return beyond(self.found, self.problem) if self.found else None

    @property
    def vanished(self) -> bool | None:
        """Whether it vanishes without its carrier; None where that was not tried."""
        return gone(self.left, self.problem) if self.left else None


class BookInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``outcomes`` are those of the problems that were finished."""

    def __init__(self, outcomes: list[Outcome]):
        self.outcomes = outcomes
        super().__init__()


def run_problems(
    problems: Sequence[Problem],
    *,
    families: int | None = None,
    replications: int = 20,
    seed: int = 1,
    carriers: bool = False,
    threads: int | None = None,
    sets: Sequence[Sequence[str]] = (),
    progress: Callable[[Progress], None] | None = None,
    finished: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Run problems and say which are shown.

    Args:
        problems: from ``simulator.problems.book.chosen``; those that are not run get an outcome without figures.
        families: in place of each problem's.
        replications: 2 or more; each has its own people and draws, the same with and without the cure.
        seed: 0 or more.
        carriers: run each behavioural problem again with its carrier switched off.
        threads: cores to use, by default all.
        sets: parameter sets, each rows of `path=value`, of which each replication has one; intervals are those in which
            results of sets lie.
        progress: called from time to time.
        finished: called with every outcome as soon as it is known.

    Raises:
        UserError: a problem says what cannot be.
        UnitFailed: a replication failed.
        BookInterrupted: Ctrl-C.
    """
    made = [trial(problem, families) for problem in problems if problem.is_run]
    if carriers:
        behavioural = [problem for problem in problems if problem.vanishes_with]
        made += [trial(problem, families, problem.vanishes_with) for problem in behavioural]
    trials = {each.name: each for each in made}
    with tempfile.TemporaryDirectory(prefix="tiercare-problems-") as folder:
        task = Task(trials, seed, Path(folder), sets)
        names = _in_order(problems, trials)
        jobs = [Job(replication, (name,)) for name in names for replication in range(replications)]
        tell = _teller(task, jobs, progress, problems, replications, finished)
        workers = max(1, min(cores() if threads is None else threads, len(jobs)))
        try:
            if workers > 1:
                run_apart(task, jobs, workers, tell)
            else:
                run_here(task, jobs, tell)
        except KeyboardInterrupt as stop:
            outcomes = [outcome(problem, task, replications) for problem in problems]
            raise BookInterrupted([each for each in outcomes if each.found or not each.problem.is_run]) from stop
        return [outcome(problem, task, replications) for problem in problems]


def _in_order(problems: Sequence[Problem], trials: dict[str, Trial]) -> list[str]:
    """Names of trials, those of one problem one after the other."""
    return [name for problem in problems for name in trials if name.partition(OFF)[0] == problem.id]


def _teller(
    task: Task,
    jobs: list[Job],
    progress: Callable[[Progress], None] | None,
    problems: Sequence[Problem],
    replications: int,
    finished: Callable[[Outcome], None] | None,
) -> Callable[[Job, int, int], None]:
    """What to call with the months that a job has lived and whether it is done."""
    lived: dict[tuple[int, tuple[str, ...]], int] = {}
    done: dict[str, int] = {}
    whole = sum(task.trials[job.arms[0]].length for job in jobs)
    by_id = {problem.id: problem for problem in problems}
    wanted = {name: sum(key.partition(OFF)[0] == name for key in task.trials) * replications for name in by_id}

    def tell(job: Job, months: int, ended: int) -> None:
        lived[job.replication, job.arms] = months
        name = job.arms[0].partition(OFF)[0]
        if ended:
            done[name] = done.get(name, 0) + 1
        if progress:
            progress(Progress(sum(lived.values()), whole, sum(done.values()), len(jobs)))
        if ended and finished and done[name] == wanted[name]:
            finished(outcome(by_id[name], task, replications))

    return tell


def outcome(problem: Problem, task: Task, replications: int) -> Outcome:
    """What the figures kept so far say of a problem; none are looked at before all replications are there."""
    ends = spread if task.sets else interval
    pairs = _pairs(problem.id, task, replications)
    left = _pairs(f"{problem.id}{OFF}{problem.vanishes_with}", task, replications)
    shares = shares_of(pairs, problem) if pairs and task.sets else None
    return Outcome(
        problem, paired(pairs, ends) if pairs else None, paired(left, ends) if left else None, replications, shares
    )


def shares_of(pairs: Sequence[tuple[float, float]], problem: Problem) -> Shares:
    """Shares of pairs, each of a parameter set; where a figure is not known a problem neither appears nor yields."""
    assert problem.minimum
    cured = [problem.sign * (after - before) for before, after in pairs]
    least = problem.minimum.value
    return Shares(sum(each > least for each in cured) / len(cured), sum(each > 0 for each in cured) / len(cured))


def _pairs(name: str, task: Task, replications: int) -> list[tuple[float, float]]:
    """Figures without and with the cure of all replications; nothing before all of them are there."""
    if name not in task.trials:
        return []
    figures = [kept(task.parts, name, replication) for replication in range(replications)]
    pairs = [_pair(each, task.trials[name]) for each in figures if each is not None]
    return pairs if len(pairs) == replications else []


def _pair(figures: list[float], trial: Trial) -> tuple[float, float]:
    """The figure without and with the cure; where there is a signal, its effect."""
    if trial.has_signal:
        return figures[1] - figures[0], figures[3] - figures[2]
    return figures[0], figures[1]


def write_tables(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """Write problems.csv, and carriers.csv where carriers were tried; where pairs had parameter sets of their own,
    problems_ensemble.csv alone. Their paths.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if in_sets := [_in_sets(each, each.shares) for each in outcomes if each.shares]:
        return [_write(folder / SETS_TABLE, IN_SETS, in_sets)]
    files = [_write(folder / TABLE, COLUMNS, [_row(each) for each in outcomes])]
    tried = [_carried(each) for each in outcomes if each.left]
    return files + ([_write(folder / CARRIERS_TABLE, CARRIED, tried)] if tried else [])


def _write(file: Path, columns: Sequence[str], rows: list[tuple[str, ...]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([columns, *rows])
    return file


def _row(each: Outcome) -> tuple[str, ...]:
    problem, found = each.problem, each.found
    figures = _figures(*astuple(found)) if found else [""] * 5
    least = f"{problem.minimum.value:.10g}" if problem.minimum else ""
    measure = str(problem.measure) if problem.measure else ""
    return problem.id, problem.kind, measure, *figures, least, _yes(each.shown), problem.vanishes_with or ""


def _in_sets(each: Outcome, shares: Shares) -> tuple[str, ...]:
    problem, found = each.problem, each.found
    assert found
    assert problem.minimum
    figures = _figures(*astuple(found), problem.minimum.value, *shares)
    return problem.id, *figures, str(each.replications)


def _carried(each: Outcome) -> tuple[str, ...]:
    problem, left = each.problem, each.left
    assert left
    assert problem.minimum
    figures = _figures(left.difference, left.low, left.high, problem.minimum.value)
    return problem.id, problem.vanishes_with or "", *figures, _yes(each.vanished), str(each.replications)


def _figures(*values: float) -> list[str]:
    return ["" if math.isnan(value) else f"{value:.10g}" for value in values]


def _yes(answer: bool | None) -> str:
    return "" if answer is None else "yes" if answer else "no"
