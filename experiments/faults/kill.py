"""Kill drivers, workers and children of a study at random moments and compare with one that was left alone.

Exit code 0: complete and equal. See question.md.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from simulator.study.sweep.designs import points_of
from simulator.study.sweep.drive import drive
from simulator.study.sweep.executors import cluster
from simulator.study.sweep.read import read_study
from simulator.study.sweep.result_tables import write
from simulator.study.sweep.store import Store
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.tasks import Tasks

HERE = Path(__file__).resolve().parent
WORKERS = 2
SIMULATED = "simulated.Simulated"
STUDY = """
format: 1
title: {{en: Killed at random, zh: 随机终止}}
question: Is anything lost?
scenario: base
changes: {{population: {{families: {families}}}, time: {{warm_up: 1 months, end: 2023-{months:02}}}}}
uncertainties:
  wait: {{sets: facilities.tertiary.wait, values: [{waits}]}}
outcomes:
  visits: {{indicator: visits_per_person}}
design: {{kind: grid, replications: {replications}, seed: 11}}
limits: {{time: 10 minutes, memory: 3 GB, tries: 5}}
"""
TABLES = ("results.parquet", "results.csv", "summary.parquet", "summary.csv")


def study(folder: Path, tasks: int, families: int = 200, months: int = 12) -> Path:
    """A study file with so many tasks of so many families and months: points of four replications each."""
    waits = ", ".join(f"{20 + point} minutes" for point in range(tasks // 4))
    file = folder / "killed.yaml"
    file.write_text(STUDY.format(waits=waits, replications=4, families=families, months=months), encoding="utf-8")
    return file


def tasks_in(file: Path, model: str | None) -> Tasks:
    """The tasks of a study file."""
    read = read_study(file, tried=False)
    return Tasks(read, points_of(read), read.specification.design.replications, model)


class Victims:
    """A scheduler, workers and a driver; whoever is missing is started again."""

    def __init__(self, folder: Path, file: Path, model: str | None):
        self.folder, self.file, self.model = folder, file, model
        self.out = folder / "disturbed"
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)])}
        self.log = (folder / "processes.log").open("w")
        contact = folder / "scheduler.json"
        self.scheduler = self._start(
            "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(contact),
        )  # fmt: skip
        while not contact.exists():
            time.sleep(0.1)
        self.contact = contact
        self.workers: list[subprocess.Popen[bytes]] = []
        self.driver: subprocess.Popen[bytes] | None = None

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", module, *words] if "." in module else [sys.executable, module, *words]
        return subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)

    def complete(self) -> bool:
        """Start again who is gone; whether the driver has come to its end by itself."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < WORKERS:
            self.workers.append(
                self._start(
                    "distributed.cli.dask_worker",
                    "--scheduler-file",
                    str(self.contact),
                    "--no-nanny",
                    "--nthreads",
                    "1",
                    "--no-dashboard",
                    "--host",
                    "127.0.0.1",
                    "--death-timeout",
                    "60",
                    "--local-directory",
                    str(self.folder),
                )
            )
        if self.driver is None or self.driver.poll() not in (None, 0):
            words = [
                "--drive",
                str(self.file),
                str(self.out),
                str(self.contact),
                *(["--real"] if not self.model else []),
            ]
            self.driver = subprocess.Popen(
                [sys.executable, str(HERE / "kill.py"), *words], env=self.environment, stdout=self.log, stderr=self.log
            )
        return self.driver.poll() == 0

    def kill(self, kind: str) -> bool:
        """Kill one of a kind, if there is one."""
        assert self.driver
        children = [child for worker in self.workers for child in children_of(worker.pid)]
        there = {"driver": [self.driver.pid], "worker": [worker.pid for worker in self.workers], "child": children}
        if not there[kind]:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(there[kind]), signal.SIGKILL)
            return True
        return False

    def end(self) -> None:
        """End all of them."""
        for process in (self.driver, *self.workers, self.scheduler):
            if process is not None:
                process.kill()
                process.wait()


def children_of(process: int) -> Iterator[int]:
    """Processes whose parent is this one (Linux)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == process:
                yield int(stat.parent.name)


def done(folder: Path) -> int:
    """Results on disk."""
    return sum(1 for _ in Store(folder).results())


def disturbed(victims: Victims, tasks: int, kills: int) -> dict[str, int]:
    """Kill so many at moments spread over the whole study, until it is complete; how many of each kind."""
    counts = dict.fromkeys(("driver", "worker", "child"), 0)
    moments = sorted(random.sample(range(1, tasks - 1), kills))
    kinds = [list(counts)[n % 3] for n in range(kills)]
    random.shuffle(kinds)
    while not victims.complete():
        time.sleep(0.2)  # every look lists all results
        if moments and victims.out.exists() and done(victims.out) >= moments[0]:
            time.sleep(random.random() * 0.2)
            if victims.kill(kinds[0]):
                counts[kinds.pop(0)] += 1
                moments.pop(0)
                print(f"{done(victims.out)} of {tasks}: killed {counts}", flush=True)
    if moments:
        raise SystemExit(f"only {kills - len(moments)} kills came in time")
    return counts


def main() -> None:
    """The whole experiment, or with --drive its driver."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="runs of the model in the place of simulated tasks")
    parser.add_argument("--families", type=int, default=200, help="of a run (default: %(default)s)")
    parser.add_argument("--months", type=int, default=12, help="of a run, at most 12 (default: %(default)s)")
    parser.add_argument("--drive", nargs=3, metavar=("STUDY", "OUT", "SCHEDULER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    model = None if asked.real else SIMULATED
    sys.path.insert(0, str(HERE))
    if asked.drive:
        import json

        file, out, contact = map(Path, asked.drive)
        seen = drive(tasks_in(file, model), out, executors=cluster(json.loads(contact.read_text())["address"]))
        raise SystemExit(0 if seen.complete else 1)

    random.seed(asked.seed)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that nobody is left behind
    with tempfile.TemporaryDirectory(prefix="tiercare-kill-") as place:
        folder = Path(place)
        file = study(folder, asked.tasks, asked.families, asked.months)
        alone = folder / "undisturbed"
        if not drive(tasks_in(file, model), alone, workers=WORKERS).complete:
            raise SystemExit("the undisturbed study failed")
        write(alone)
        os.environ["SIMULATED_RAN"] = str(folder / "ran")
        start = time.monotonic()
        victims = Victims(folder, file, model)
        try:
            counts = disturbed(victims, asked.tasks, asked.kills)
        finally:
            victims.end()
            if sys.exc_info()[0]:
                print((folder / "processes.log").read_text()[-3000:], file=sys.stderr)
        write(victims.out)
        same = all((alone / name).read_bytes() == (victims.out / name).read_bytes() for name in TABLES)
        seen = Sweep(victims.out).progress()
        begun = len((folder / "ran").read_text().splitlines()) if model else 0
        print(
            f"{seen.done} of {seen.of} tasks, {seen.failed} failed, killed {counts}, {time.monotonic() - start:.0f} s"
        )
        print(f"begun {begun} times; tables {'are the same' if same else 'DIFFER'}")
        if not (seen.complete and same and begun <= asked.tasks + WORKERS * asked.kills):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
