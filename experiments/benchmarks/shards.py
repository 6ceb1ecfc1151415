"""What it costs a month to share out one simulation to processes: ``python -m experiments.benchmarks.shards``.

The same model in one process and in shards, months in turn: what a month takes, how often shards and driver meet in it,
and what is added to a share of the families' own work. On a machine with fewer cores than shards the shards take turns,
which shows in the month and not in the meetings.
"""

import argparse
import contextlib
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=20_000)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--shards", type=int, nargs="+", default=[2, 4])
    options = parser.parse_args()

    from simulator import HealthSystem, load
    from simulator.study.shards import DaskWorkers, ShardedSystem
    from simulator.study.sweep import crew

    scenario = load("base", families=options.families)
    taken: dict[str, list[float]] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        models: dict[str, Any] = {"one process": HealthSystem(scenario, threads=1)}
        for number in options.shards:
            made = stack.enter_context(crew.processes(number, folder))
            workers = DaskWorkers(made.client, made.patience, number)
            models[f"{number} shards"] = ShardedSystem(scenario, workers=workers, folder=folder)
        waits = {name: _timed(model) for name, model in models.items() if name != "one process"}
        for month in range(options.months + 1):
            for name, model in models.items():
                if name in waits:
                    waits[name].clear()
                start = time.perf_counter()
                model.step()
                if month:
                    taken.setdefault(name, []).append(1000 * (time.perf_counter() - start))
        print(f"{options.families:,} families, medians of {options.months} months, milliseconds")
        for name, each in taken.items():
            meetings = (
                f"; {len(waits[name])} meetings, {1000 * sum(waits[name]):.1f} ms waited" if name in waits else ""
            )
            print(f"{name}: {statistics.median(each):.1f} ({min(each):.1f} to {max(each):.1f}){meetings}")
        print(f"meeting alone, nothing to count: {_round_trips(models, waits)}")
        models.clear()


def _timed(model: Any) -> list[float]:
    """Seconds that the driver waits for its shards, from now on."""
    found: list[float] = []
    hear = model.driver._hear_all

    def timed(kind: str) -> list[Any]:
        start = time.perf_counter()
        heard = hear(kind)
        found.append(time.perf_counter() - start)
        return heard

    model.driver._hear_all = timed
    return found


def _round_trips(models: dict[str, Any], waits: dict[str, list[float]]) -> str:
    """Milliseconds of an order to all shards that asks for nothing, by number of shards."""
    words = []
    for name in waits:
        each = []
        for _ in range(20):
            start = time.perf_counter()
            models[name].driver._order([("nothing",)] * len(models[name].driver.shards))
            each.append(1000 * (time.perf_counter() - start))
        words.append(f"{name} {statistics.median(each):.1f}")
    return ", ".join(words)


if __name__ == "__main__":
    main()
