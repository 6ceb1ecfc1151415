"""What one measurement does, in a process of its own: ``python children.py '["kind", {arguments}]'``.

Only what both the code at hand and the older commit offer is used, as either may be the `simulator` that is found.
Figures are printed as one line of JSON.
"""

import gc
import json
import os
import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.append(str(ROOT))  # behind PYTHONPATH, which says whose `simulator` is measured

Sample = dict[str, float]
SMALL = 500
"""Families of the run that imports and compiles before anything is measured."""
MONTHS = {2_000: 24, 10_000: 12, 20_000: 12, 100_000: 6, 1_000_000: 3}
"""Months measured, by families; fewer where a month takes longer."""


def build(families: int, engine: str = "fast", threads: int = 1, changes: tuple[str, ...] = (), **more: Any) -> Any:
    """A model of the base prefecture, before its first month."""
    from simulator import HealthSystem, load

    people = max(1_500_000, 3 * families)  # a sample is never larger than the place
    scenario = load("base", changes=[f"population.people={people}", *changes], families=families)
    return HealthSystem(scenario, engine=engine, threads=threads, seed=1, **more)


def resident() -> int:
    """Bytes of this process in memory now; on systems without /proc the peak so far."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def compiled() -> Sample:
    """Live through everything once, so that nothing is compiled in what is measured later: seconds that it took."""
    from experiments.benchmarks.phases import RULES

    start = time.perf_counter()
    for changes in RULES.values():
        build(SMALL, changes=("time.warm_up=2 months", *changes)).run_for(14)
        build(SMALL, threads=2, changes=changes).run_for(2)
    agents(SMALL, "agents", 10)
    return {"seconds": time.perf_counter() - start}


def month(families: int, threads: int = 1, engine: str = "fast") -> Sample:
    """Family-months and person-steps per second after a month of warming up, seconds to build, growth of the
    process."""
    build(SMALL, engine, threads).run_for(3)
    before = resident()
    start = time.perf_counter()
    model = build(families, engine, threads)
    built = time.perf_counter() - start
    model.step()
    grown = resident() - before
    months = MONTHS[families]
    clock = time.process_time if threads == 1 else time.perf_counter  # others may be at work on the machine
    start = clock()
    for _ in range(months):
        model.step()
    seconds = clock() - start
    return {
        "family_months_per_second": families * months / seconds,
        "person_steps_per_second": len(model.world.persons) * months / seconds,
        "build_seconds": built,
        "resident_bytes_per_family": grown / families,
    }


def reported_month(families: int) -> Sample:
    """Milliseconds of processor time of a month that is reported: the median of the months of a year or two."""
    model = build(families, changes=("time.warm_up=2 months",))
    for _ in range(4):
        model.step()
    taken = []
    for _ in range(MONTHS[families]):
        start = time.thread_time()
        model.step()
        taken.append(1000 * (time.thread_time() - start))
    return {"milliseconds": statistics.median(taken)}


def threads(families: int, count: int) -> Sample:
    """How much faster a month is on ``count`` threads than on one: both models in one process, months in turn, the
    ratio of medians."""
    models = {number: build(families, threads=number) for number in (1, count)}
    taken: dict[int, list[float]] = {number: [] for number in models}
    for turn in range(MONTHS[families] + 1):
        for number, model in models.items():
            start = time.perf_counter()
            model.step()
            if turn:
                taken[number].append(time.perf_counter() - start)
    return {"speedup": statistics.median(taken[1]) / statistics.median(taken[count])}


def agents(families: int, engine: str, every: int) -> Sample:
    """Family-months per second where every so many families override how they choose; 0 for none."""
    from simulator.agents.family import Family

    class Odd(Family):
        """A family that says by itself what it would have done anyway."""

        def choose(self) -> Any:
            return super().choose()

    def family(model: Any, row: int) -> Family:
        return (Odd if every and row % every == 0 else Family)(model, row)

    build(SMALL, engine, family=family).run_for(2)
    model = build(families, engine, family=family)
    model.step()
    gc.collect()
    months = 4
    start = time.process_time()
    for _ in range(months):
        model.step()
    return {"family_months_per_second": families * months / (time.process_time() - start)}


def arrays(families: int) -> Sample:
    """Bytes of all live NumPy arrays after a month: NumPy reports its memory to tracemalloc, under its own domain."""
    import numpy as np

    build(SMALL).step()
    tracemalloc.start()
    model = build(families)
    model.step()
    kept = tracemalloc.take_snapshot().filter_traces([tracemalloc.DomainFilter(True, np.lib.tracemalloc_domain)])
    return {"array_bytes_per_family": sum(trace.size for trace in kept.traces) / families}


def first_month() -> Sample:
    """Seconds to import, build a small model and simulate one month: with an empty cache this compiles every rule."""
    start, before = time.perf_counter(), time.process_time()
    build(SMALL).step()
    return {"seconds": time.perf_counter() - start, "processor_seconds": time.process_time() - before}


def phases(families: int, rules: str) -> Sample:
    """What a month costs by phase, optional rules ``off`` or ``on``; see `phases.py`."""
    from experiments.benchmarks.phases import measure_phases

    return measure_phases(families, rules)


def arithmetic() -> Sample:
    """What the arithmetic of a month costs alone; see `arithmetic.py`."""
    from experiments.benchmarks.arithmetic import nanoseconds

    return nanoseconds()


def bare_threads(count: int) -> Sample:
    """What threads bring on this machine where they share nothing; see `arithmetic.py`."""
    from experiments.benchmarks.arithmetic import threads_at_once

    return {"speedup": threads_at_once(count)}


def operations() -> Sample:
    """How much arithmetic a family-month holds; see `arithmetic.py`."""
    from experiments.benchmarks.arithmetic import count

    return count()


def peer(name: str) -> Sample:
    """Another model, a module of `peers/`."""
    import importlib

    sys.path.insert(0, str(Path(__file__).parent / "peers"))
    return importlib.import_module(name).measure()


def command(words: list[str]) -> Sample:
    """Wall and processor time of `python -m simulator` with these words; results go where nobody keeps them."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        more = ["--out", f"{folder}/out", "--quiet"] if words[0] == "run" else []
        start, before = time.perf_counter(), os.times()
        subprocess.run(
            [sys.executable, "-m", "simulator", *words, *more], cwd=folder, stdout=subprocess.DEVNULL, check=True
        )
        after = os.times()
    return {
        "seconds": time.perf_counter() - start,
        "processor_seconds": after.children_user - before.children_user + after.children_system
        - before.children_system,
    }  # fmt: skip


KINDS: dict[str, Callable[..., Sample]] = {
    each.__name__: each
    for each in (compiled, month, reported_month, threads, agents, arrays, first_month, phases, arithmetic,
                 bare_threads, operations, peer, command)
}  # fmt: skip

if __name__ == "__main__":
    kind, arguments = json.loads(sys.argv[1])
    print(json.dumps(KINDS[kind](**arguments)))
