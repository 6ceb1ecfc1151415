"""Tens of thousands of tasks on a real Slurm, of which some jobs are cancelled; every result is there once and right.

A Slurm of two nodes is brought up on loopback for it, as root (packages slurm-wlm and munge). Tasks are simulated
(simulated.py) and take no time; jobs, workers, children, results on disk, scheduler and driver are the real ones. A
folder of its own, named with --out, is gone on with by the same command. Exit code 0: complete, and a sample of results
equals what they must be. See question.md.

    python -m experiments.faults.on_slurm --tasks 30000 --cancel 10 --out /somewhere
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))  # simulated.py goes by its name alone, as in the jobs

from load import file_of  # noqa: E402
from simulated import Simulated  # noqa: E402

from simulator.study.sweep.designs import points_of  # noqa: E402
from simulator.study.sweep.drive import StudyStopped, drive  # noqa: E402
from simulator.study.sweep.executors import slurm  # noqa: E402
from simulator.study.sweep.follow import Progress  # noqa: E402
from simulator.study.sweep.read import read_study  # noqa: E402
from simulator.study.sweep.store import Store  # noqa: E402
from simulator.study.sweep.tasks import ENGINE, Tasks  # noqa: E402
from tests.study.sweep.private_slurm import command, private_slurm  # noqa: E402

JOBS, REPLICATIONS, CHECKED = 2, 10, 200


class Watch:
    """Tells how far it is, cancels jobs at moments spread over the tasks, and stops when its minutes are over."""

    def __init__(self, environment: dict[str, str], moments: list[int], minutes: float):
        self.environment, self.moments = environment, moments
        self.started, self.ends, self.told, self.cancelled = time.monotonic(), time.monotonic() + 60 * minutes, 0, 0

    def __call__(self, seen: Progress) -> None:
        """At every report of the driver."""
        while self.moments and seen.done >= self.moments[0]:
            self.moments.pop(0)
            jobs = command(self.environment, "squeue", "-h", "-t", "R", "-o", "%i").split()
            if jobs:
                command(self.environment, "scancel", "--full", "-s", "KILL", random.choice(jobs))
                self.cancelled += 1
        if seen.done >= self.told + max(1, seen.of // 100):
            self.told = seen.done
            took = time.monotonic() - self.started
            print(
                f"{seen.done} of {seen.of}, {seen.failed} failed, {self.cancelled} jobs killed, {took:.0f} s",
                flush=True,
            )
        if time.monotonic() > self.ends:
            raise KeyboardInterrupt


def wrong(tasks: Tasks, folder: Path) -> list[str]:
    """Results that are missing, too many, or not what they must be; of the values a sample."""
    store = Store(folder)
    there, wanted = list(store.results()), [tasks.cell(*where) for where in tasks.shard()]
    found = [f"{key} is a result of no task" for key in set(there) - {cell.key for cell in wanted}]
    present = set(there)
    found += [f"{cell} is missing" for cell in wanted if cell.key not in present]
    if len(there) != len(wanted):
        found.append(f"{len(wanted)} tasks and {len(there)} results")
    for cell in random.sample(wanted, min(CHECKED, len(wanted))):
        study = tasks.study.specification
        model = Simulated(tasks.study.scenario(cell.values), "baseline", study.design.seed, cell.replication, ENGINE, 1)
        frame = model.frames()["monthly"]
        must, kept = frame["numerator"].sum() / frame["denominator"].sum(), json.loads(store.file(cell.key).read_text())
        if abs(kept["values"]["baseline"]["visits"] - must) > 1e-9:
            found.append(f"{cell}: {kept['values']} is not {must}")
    return found


@contextlib.contextmanager
def folder_of(out: Path | None) -> Generator[Path]:
    """The folder that is named, or one that is gone afterwards."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        yield out.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="tiercare-on-slurm-") as place:
        yield Path(place)


def main() -> None:
    """The whole experiment, or what its minutes allow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=30_000)
    parser.add_argument("--cancel", type=int, default=10, help="jobs that are killed (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="folder that is kept, and gone on with")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="stop after so many")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random.seed(asked.seed)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that no daemon is left behind
    os.environ |= {"SIMULATED_SECONDS": "0", "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])}
    gone = tempfile.TemporaryDirectory(prefix="tiercare-cluster-", ignore_cleanup_errors=True)  # daemons end slowly
    with folder_of(asked.out) as folder, gone as place:
        study = read_study(file_of(folder, asked.tasks // REPLICATIONS, REPLICATIONS), tried=False)
        tasks = Tasks(study, points_of(study), REPLICATIONS, "simulated.Simulated")
        done = sum(1 for _ in Store(folder / "study").results()) if (folder / "study").exists() else 0
        moments = sorted(random.sample(range(1, max(2, asked.tasks - 1)), asked.cancel))
        with private_slurm(Path(place)) as environment:
            os.environ |= environment
            watch = Watch(environment, [moment for moment in moments if moment > done], asked.minutes)
            jobs = slurm(JOBS, folder / "study", memory="1500MB", walltime="23:00:00", interface="lo")
            try:
                drive(tasks, folder / "study", executors=jobs, progress=watch, warn=print)
            except (StudyStopped, KeyboardInterrupt):
                print("time is over; the same command goes on")
                sys.exit(1)
        found = wrong(tasks, folder / "study")
        print("\n".join(found[:20]) or f"all {asked.tasks} results are there, {CHECKED} of them checked")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
