"""What it costs a month to share out one simulation to processes: ``python -m experiments.benchmarks.shards``.

The same model in one process and in shards, months in turn: what a month takes, how often shards and driver meet in it,
and what is added to a share of the families' own work. On a machine with fewer cores than shards the shards take turns,
which shows in the month and not in the meetings.
"""

import argparse
import gc
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
    from simulator.study.sweep import executors

    scenario = load("base", families=options.families)
    print(f"{options.families:,} families, medians of {options.months} months, milliseconds")
    for number in options.shards:
        with tempfile.TemporaryDirectory() as name, executors.processes(number, Path(name)) as made:
            workers = DaskWorkers(made.client, made.patience, number)
            shared = ShardedSystem(scenario, workers=workers, folder=Path(name))
            models: dict[str, Any] = {"one process": HealthSystem(scenario, threads=1), f"{number} shards": shared}
            taken: dict[str, list[float]] = {each: [] for each in models}
            waits = _timed(shared)
            for month in range(options.months + 1):
                waits.clear()
                for each, model in models.items():
                    start = time.perf_counter()
                    model.step()
                    if month:
                        taken[each].append(1000 * (time.perf_counter() - start))
            for each, months in taken.items():
                print(f"{each}: {statistics.median(months):.1f} ({min(months):.1f} to {max(months):.1f})")
            print(
                f"the last month: {len(waits)} meetings, {1000 * sum(waits):.1f} waited by the driver, "
                f"{1000 * statistics.median(waits):.1f} at the median meeting, {1000 * min(waits):.1f} at the shortest"
            )
            del shared, model
            models.clear()
            gc.collect()


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


if __name__ == "__main__":
    main()
