"""How long this machine takes against what `cost.yaml` says. Every run times its start and its months and keeps the
ratios beside the compiled code; the next estimate is multiplied by the middle of the last few."""

import json
import os
import statistics
import time
from contextlib import suppress
from typing import NamedTuple

from simulator.core.jit import COMPILED, cache_file, is_compiled
from simulator.study.cost import Plan, costs, seconds_of_month

FILE = "pace.json"
COMPILED_IN = (
    "simulator.engine.passes.care.choose",
    "simulator.engine.passes.receive",
    "simulator.practice.acts",
    "simulator.fund.ledger",
)
"""Modules whose code every run needs; between them they hold nearly all kernels."""
KEPT = 5
"""Runs that are remembered."""
LEAST = 5.0
"""Seconds of months that say something of the machine."""
BOUNDS = (0.05, 50.0)
"""A ratio outside these is no pace: a machine that slept, a clock that was set."""


class Pace(NamedTuple):
    """Times that this machine takes over times in `cost.yaml`: of months, of the start of a process."""

    months: float = 1.0
    start: float = 1.0


def pace(engine: str) -> Pace:
    """What the last runs with that engine took; 1 where there were none."""
    kept = _kept()
    return Pace(*(statistics.median(kept.get(name) or [1.0]) for name in (engine, "start")))


def seconds(shares: Plan, engine: str) -> float:
    """Wall time of a run that is shared out so, at the pace of this machine."""
    now = pace(engine)
    return shares.start * now.start + (shares.seconds - shares.start) * now.months


def is_ready() -> bool:
    """Whether the first month of the next run need not wait for compiling."""
    return not COMPILED or all(map(is_compiled, COMPILED_IN))


def seconds_to_compile() -> float:
    """What compiling will take before the first month of the next run; 0 where the code at hand is compiled."""
    return 0.0 if is_ready() else costs()["compile"]["value"]


class Stopwatch:
    """Times a run of ``families`` with that engine. ``compiled``: whether all code was compiled when it began."""

    def __init__(self, families: int, engine: str, shares: Plan, compiled: bool):
        self.engine, self.shares, self.compiled = engine, shares, compiled
        self.month = seconds_of_month(families, engine, shares.threads)
        self.began = time.monotonic()
        self.first: tuple[float, int] | None = None
        self.last = self.began, 0

    def see(self, months: int) -> None:
        """Note how many months have been lived by all replications together."""
        if not months or months == self.last[1]:
            return
        self.last = time.monotonic(), months
        self.first = self.first or self.last

    def keep(self) -> None:
        """Remember what was seen for the next estimate, if it was long enough to say something."""
        if self.first is None:
            return
        (first, before), (last, after) = self.first, self.last
        if last - first < LEAST or after == before:
            return
        month = (last - first) * self.shares.workers / (after - before)  # of one process
        seen = {self.engine: month / self.month}
        if self.compiled:
            usual = costs()["start_up"]["value"] * (1 if self.shares.workers == 1 else 2)
            seen["start"] = (first - self.began - month * before / self.shares.workers) / usual
        _write({name: ratio for name, ratio in seen.items() if BOUNDS[0] <= ratio <= BOUNDS[1]})


def _kept() -> dict[str, list[float]]:
    """The ratios of the last runs by engine, and of their starts; empty where none can be read."""
    try:
        found = json.loads(cache_file(FILE).read_text(encoding="utf-8"))
        return {name: [float(ratio) for ratio in ratios] for name, ratios in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(seen: dict[str, float]) -> None:
    """Add ratios to those kept. A run never fails for this."""
    kept = _kept()
    for name, ratio in seen.items():
        kept[name] = [*kept.get(name, []), round(ratio, 4)][-KEPT:]
    with suppress(OSError):
        file = cache_file(FILE)
        new = file.with_name(f"{FILE}.{os.getpid()}")
        new.write_text(json.dumps(kept), encoding="utf-8")
        new.replace(file)
