"""What a study costs beside its runs: share of CPU in runs, with real children; memory of a driver at 100,000 tasks.

Tasks are simulated: those for the first figure work for 0.6 s of CPU, those for the second are answered at once by a
thread that writes their results, since only the driver is in question. With --real the first figure is that of runs of
the model. See question.md.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from kill import SIMULATED, STUDY, tasks_in

from simulator.study.sweep.designs import points_of
from simulator.study.sweep.drive import drive
from simulator.study.sweep.executors import Executors
from simulator.study.sweep.read import read_study
from simulator.study.sweep.result_tables import write
from simulator.study.sweep.store import Result, Store
from simulator.study.sweep.tasks import ENGINE, Cell, Tasks
from simulator.study.sweep.watchdog import DONE, Ended, Rules
from simulator.study.workers import Job, live

SECONDS = 0.6
FAMILIES, MONTHS = 2000, 12
"""Of real runs; such a run takes about 0.6 s."""


def file_of(folder: Path, points: int, replications: int) -> Path:
    """A study file with so many points."""
    text = STUDY.replace("values: [{waits}]", "between: [20 minutes, 90 minutes]").replace("kind: grid", "kind: {kind}")
    file = folder / "load.yaml"
    file.write_text(
        text.format(kind=f"random, points: {points}", replications=replications, families=200, months=12),
        encoding="utf-8",
    )
    return file


def cpu(who: int) -> float:
    """Seconds of CPU so far."""
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def share(folder: Path, tasks: int) -> float:
    """Share of all CPU time, driver and children, their start included, that is spent in runs of 0.6 s."""
    os.environ |= {"SIMULATED_SECONDS": str(SECONDS), "SIMULATED_WORKS": "1"}
    before = cpu(resource.RUSAGE_SELF) + cpu(resource.RUSAGE_CHILDREN)
    seen = drive(tasks_in(file_of(folder, tasks // 4, 4), SIMULATED), folder / "share", workers=2)
    assert seen.complete
    return tasks * SECONDS / (cpu(resource.RUSAGE_SELF) + cpu(resource.RUSAGE_CHILDREN) - before)


def real_share(folder: Path, count: int) -> tuple[float, float]:
    """Share of all CPU time that is spent in runs of the model, and seconds of CPU of a run.

    What a run takes is the mean of some of the same tasks, lived through in this process before the study begins.
    """
    study = read_study(file_of(folder, count // 4, 4), families=FAMILIES, months=MONTHS, tried=False)
    tasks = Tasks(study, points_of(study), study.specification.design.replications)
    took = []
    for where in list(tasks.shard())[: 1 + min(count, 12)]:
        cell = tasks.cell(*where)
        scenario, start = study.scenario(cell.values), time.process_time()
        job = Job(cell.replication, study.specification.arms, 1, cell)
        live(
            None,
            scenario,
            study.specification.design.seed,
            ENGINE,
            job,
            lambda arm, model: None,
            lambda job, month, arm: None,
        )
        took.append(time.process_time() - start)
    seconds = sum(took[1:]) / len(took[1:])  # the first one loads compiled code
    before = cpu(resource.RUSAGE_SELF) + cpu(resource.RUSAGE_CHILDREN)
    assert drive(tasks, folder / "real", workers=2).complete
    return count * seconds / (cpu(resource.RUSAGE_SELF) + cpu(resource.RUSAGE_CHILDREN) - before), seconds


class Instant(Executors):
    """Answers at once: writes a result as a child would, without waiting for the disk."""

    def submit(self, cell: Cell, rules: Rules) -> "Future[Ended]":
        """Hand out a task."""
        return self.executor.submit(self._answer, cell, rules)

    def _answer(self, cell: Cell, rules: Rules) -> Ended:
        store = Store(rules.work.folder)
        values: dict[str, dict[str, float | None]] = {"baseline": {"visits": 10.0 + cell.replication}}
        store.keep(Result(cell.key, cell.point, cell.replication, values, 0.0, "here"))
        return Ended(cell.key, DONE)


def memory(folder: Path, tasks: int) -> tuple[int, int]:
    """Greatest resident memory of this process in bytes (Linux): that drives so many tasks, and writes their tables."""
    os.fsync = lambda descriptor: None  # ty: ignore[invalid-assignment]
    with ThreadPoolExecutor(2) as executor:
        from contextlib import nullcontext

        executors = nullcontext(Instant("instant", executor, lambda: 2, ahead=8))
        seen = drive(tasks_in(file_of(folder, tasks // 4, 4), SIMULATED), folder / "memory", executors=executors)
    assert seen.done == tasks
    driven = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    write(folder / "memory")
    return driven, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Both figures; exit code 1 where one is beyond its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000, help="tasks for the memory of the driver")
    parser.add_argument("--runs", type=int, default=200, help="runs of 0.6 s for the share of CPU")
    parser.add_argument("--real", action="store_true", help="runs of the model, and their share only")
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    with tempfile.TemporaryDirectory(prefix="tiercare-load-") as place:
        if asked.real:
            part, seconds = real_share(Path(place), asked.runs)
            print(f"share of CPU in {asked.runs} runs of the model of {seconds:.2f} s: {100 * part:.0f} %")
            raise SystemExit(0 if part >= 0.7 else 1)
        took, written = memory(Path(place), asked.tasks)
        print(f"memory of a driver at {asked.tasks:,} simulated tasks: {took / 1e6:.0f} MB", flush=True)
        print(f"when it has written the tables at the end: {written / 1e6:.0f} MB", flush=True)
        part = share(Path(place), asked.runs)
        print(f"share of CPU in {asked.runs} simulated runs of {SECONDS} s: {100 * part:.0f} %")
    raise SystemExit(0 if took < 300e6 and part >= 0.7 else 1)


if __name__ == "__main__":
    main()
