"""How true estimates of time are: `python -m experiments.benchmarks.estimates`.

Ten runs of different size. Before each, what `check` would say; ten seconds into it, what the progress line says; at
its end, how long it took. Ratios of what was said to what it took; told in docs/performance.md.
"""

import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from simulator.report.progress import Clock
from simulator.scenario import load
from simulator.study.branches import lived
from simulator.study.cost import cores, plan, size
from simulator.study.pace import seconds, seconds_to_compile
from simulator.study.run import Progress, run

ROOT = Path(__file__).resolve().parents[2]
ZHEJIANG = ROOT / "scenarios" / "programmes" / "zhejiang_county_community.yaml"
SOON = 10.0
"""Seconds into a run after which the progress line is judged."""


class Command(NamedTuple):
    """A run: scenario, families, reported months, replications, arms (0: all)."""

    scenario: str
    families: int
    months: int
    replications: int
    arms: int = 0


COMMANDS = (
    Command("base", 20_000, 60, 1), Command("base", 5_000, 24, 8), Command("base", 100_000, 24, 1),
    Command("base", 1_000, 36, 12), Command(str(ZHEJIANG), 2_000, 36, 2), Command(str(ZHEJIANG), 5_000, 36, 4),
    Command(str(ZHEJIANG), 10_000, 24, 2, 2), Command("base_2017", 50_000, 24, 2), Command("base", 2_000, 12, 6),
    Command("payment_designs", 3_000, 24, 2),
)  # fmt: skip


def measured(command: Command) -> tuple[float, float | None, float]:
    """Seconds that were estimated before, that were estimated after `SOON` (None if it was over), and that it took."""
    scenario = load(command.scenario, families=command.families, months=command.months)
    arms = list(scenario.arms)[: command.arms or None]
    shares = plan(command.replications, size(scenario).families, lived(scenario, arms), "fast", cores())
    before = seconds(shares, "fast") + seconds_to_compile()
    clock, soon, began = Clock(command.families), None, time.monotonic()

    def progress(so_far: Progress) -> None:
        nonlocal soon
        clock.see(so_far.months)
        now = time.monotonic() - began
        left = clock.seconds_left(so_far.months, so_far.of_months)
        if soon is None and now >= SOON and left is not None:
            soon = now + left

    with _folder() as folder:
        run(scenario, replications=command.replications, arms=arms, out=folder / "run", progress=progress)
    return before, soon, time.monotonic() - began


@contextlib.contextmanager
def _folder() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Print a table."""
    print("| run | took, s | `check` said | after ten seconds |\n|---|---:|---:|---:|")
    for command in COMMANDS:
        before, soon, took = measured(command)
        name = Path(command.scenario).stem
        arms = f", {command.arms} arms" if command.arms else ""
        later = "over" if soon is None else f"×{soon / took:.2f}"
        size_of = f"{command.families:,} families, {command.months} months, {command.replications} replications{arms}"
        print(f"| {name}, {size_of} | {took:.0f} | ×{before / took:.2f} | {later} |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
