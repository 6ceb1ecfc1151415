"""What a run will take: seconds, bytes, and how many processes it is best shared out to."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("cost.yaml")
SAFE = 0.8
"""Share of the free memory that the processes of a run may take together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is shared out, and what that will take.

    ``workers`` processes of ``threads`` threads each; ``seconds`` of wall time; ``memory`` in bytes, all processes.
    """

    workers: int
    threads: int
    seconds: float
    memory: int


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


def plan(units: int, families: int, months: int, engine: str, threads: int, workers: int | None = None) -> Plan:
    """The quickest way to run ``units`` of ``families`` for ``months`` on ``threads`` cores that memory allows.

    Args:
        units: runs, arms × replications.
        months: months of one run, warm-up included.
        engine: ``fast`` or ``agents``.
        threads: cores to use in all.
        workers: number of processes; by default the quickest.
    """
    cost = costs()
    start = cost["start_up"]["value"]
    fixed, work = months * cost["month"]["value"], families * months * cost["family_month"][engine]["value"]
    memory = int(cost["memory"]["value"] + families * cost["family"][engine]["value"])

    def shared_by(processes: int) -> Plan:
        each = max(1, threads // processes)
        gain = 1 + (each - 1) * cost["thread_gain"]["value"] if engine == "fast" else 1
        rounds = -(-units // processes)
        began = start if processes == 1 else 2 * start  # one more for the process that is asked
        return Plan(processes, each, began + rounds * (fixed + work / gain), processes * memory)

    if workers:
        return shared_by(workers)
    room = free_memory()
    possible = [shared_by(n) for n in range(1, min(units, threads) + 1)]
    return min((p for p in possible if p.workers == 1 or not room or p.memory < SAFE * room), key=lambda p: p.seconds)


def size(scenario: Any) -> tuple[int, int]:
    """Families simulated and months of one run, warm-up included."""
    return scenario.population.families, scenario.time.warm_up + scenario.time.months
