"""What a run will take: seconds, bytes, and how many processes it is best shared out to."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("cost.yaml")
SAFE = 0.8
"""Share of the free memory that the processes of a run may take together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is shared out, and what that will take.

    ``workers`` processes of ``threads`` threads each, of ``last_threads`` each for the jobs of the last round where
    they are fewer than the processes; ``seconds`` of wall time, of which ``start`` before the first month; ``memory``
    in bytes, all processes.
    """

    workers: int
    threads: int
    last_threads: int
    seconds: float
    start: float
    memory: int

    def threads_of(self, job: int, jobs: int) -> int:
        """Threads for the job of that number, from 0, of so many."""
        return self.threads if job < jobs - jobs % self.workers else self.last_threads


class Size(NamedTuple):
    """Families simulated, months of the burn-in, months reported."""

    families: int
    burn_in: int
    horizon: int

    def months(self, arms: int) -> int:
        """Months of one replication, if its arms share the burn-in alone."""
        return self.burn_in + arms * self.horizon


@cache
def costs() -> dict[str, Any]:
    """Measured costs, from ``cost.yaml``."""
    import yaml

    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_memory() -> int | None:
    """Bytes of memory that can be had, None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return None


def seconds_of_month(families: int, engine: str, threads: int) -> float:
    """What a month takes with so many threads, by `cost.yaml`."""
    cost = costs()
    gain = 1 + (threads - 1) * cost["thread_gain"]["value"] if engine == "fast" else 1
    return cost["month"]["value"] + families * cost["family_month"][engine]["value"] / gain


def plan(jobs: int, families: int, months: int, engine: str, threads: int, workers: int | None = None) -> Plan:
    """The quickest way to run ``jobs`` of ``families`` for ``months`` on ``threads`` cores that memory allows.

    Args:
        jobs: replications, each with all its arms.
        months: months of one job, burn-in included.
        engine: ``fast`` or ``agents``.
        threads: cores to use in all.
        workers: number of processes; by default the quickest.
    """
    cost = costs()
    start = cost["start_up"]["value"]
    memory = int(cost["memory"]["value"] + families * cost["family"][engine]["value"])

    def seconds(each: int) -> float:
        return months * seconds_of_month(families, engine, each)

    def shared_by(processes: int) -> Plan:
        each = max(1, threads // processes)
        rounds, rest = divmod(jobs, processes)
        last = max(1, threads // rest) if rest else each
        began = start if processes == 1 else 2 * start  # one more for the process that is asked
        took = began + rounds * seconds(each) + (seconds(last) if rest else 0)
        return Plan(processes, each, last, took, began, processes * memory)

    if workers:
        return shared_by(workers)
    room = free_memory()
    possible = [shared_by(n) for n in range(1, max(1, min(jobs, threads)) + 1)]
    return min((p for p in possible if p.workers == 1 or not room or p.memory < SAFE * room), key=lambda p: p.seconds)


def size(scenario: Any) -> Size:
    """How large one replication of a scenario is."""
    return Size(scenario.population.families, scenario.time.warm_up, scenario.time.months)
