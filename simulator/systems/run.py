"""Run the register of programmes: each row with and without every mechanism, in replications that share people and
draws; figures of a replication are kept as soon as it is done, so that a run that was stopped goes on."""

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from simulator.study.kept import Kept, keeping, run_kept
from simulator.study.paired import Paired, paired
from simulator.study.run import Progress
from simulator.systems.register import Mechanism, System
from simulator.systems.scenarios import MECHANISM, Comparison, Trial, trial

COLUMNS = (
    "system", "file", "arm", "kind", "code", "measure", "with", "without", "difference", "low", "high", "minimum",
    "direction", "shown", "families", "replications",
)  # fmt: skip
"""Columns of systems.csv: figures in the unit of the measure; `shown` is yes, no or opposite, for mechanisms alone."""
TABLE = "systems.csv"
YES, NO, OPPOSITE = "yes", "no", "opposite"


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a comparison: the figure without and with, and their paired difference."""

    comparison: Comparison
    difference: Paired

    def shown(self, mechanism: Mechanism) -> str:
        """Whether the whole interval lies beyond the smallest change that matters, as expected or opposite."""
        assert mechanism.minimum
        ends = sorted((mechanism.sign * self.difference.low, mechanism.sign * self.difference.high))
        if ends[0] > mechanism.minimum.value:
            return YES
        return OPPOSITE if ends[1] < -mechanism.minimum.value else NO


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row; nothing where it is not run, or not yet."""

    system: System
    found: tuple[Found, ...] = ()
    families: int = 0
    replications: int = 0


class SystemsInterrupted(KeyboardInterrupt):
    """Ctrl-C. ``outcomes`` are those of the rows that were finished."""

    def __init__(self, outcomes: list[Outcome]):
        self.outcomes = outcomes
        super().__init__()


def run_systems(
    systems: Sequence[System],
    folder: Path,
    *,
    families: int | None = None,
    replications: int = 10,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Outcome]:
    """Run rows, and compare each with itself without each of its mechanisms.

    Args:
        systems: from ``simulator.systems.register.chosen``; those that are not run get an outcome without figures.
        folder: where figures of replications are kept; those of the same scenario, size, seed and program are not run
            again.
        families: in place of each scenario's.
        replications: 2 or more; each has its own people and draws, the same in all arms.
        seed: 0 or more.
        threads: cores to use, by default all.
        progress: called from time to time.

    Raises:
        UserError: a row says what cannot be.
        UnitFailed: a replication failed.
        OSError: nothing can be written to the folder.
        SystemsInterrupted: Ctrl-C.
    """
    task = keeping([trial(system, families) for system in systems if system.is_run], folder, seed)
    try:
        run_kept(task, replications, threads, progress)
    except KeyboardInterrupt as stop:
        outcomes = [_outcome(system, task, replications) for system in systems]
        raise SystemsInterrupted([each for each in outcomes if each.found or not each.system.is_run]) from stop
    return [_outcome(system, task, replications) for system in systems]


def _outcome(system: System, task: Kept, replications: int) -> Outcome:
    """What the figures kept so far say of a row; none are looked at before all replications are there."""
    figures = task.all_kept(system.id, replications)
    if not figures:
        return Outcome(system)
    made = _trial_of(task, system)
    found = tuple(
        Found(comparison, _paired([tuple(values[i]) for values in figures]))
        for i, comparison in enumerate(made.comparisons)
    )
    return Outcome(system, found, made.scenarios[0].population.families, replications)


def _trial_of(task: Kept, system: System) -> Trial:
    """The trial of a row."""
    made = task.trials[system.id]
    assert isinstance(made, Trial)
    return made


def _paired(pairs: list[tuple[float, float]]) -> Paired:
    """Means and paired difference; where nothing can be compared, such as a budget that only one arm has, the mean of
    that one."""
    made = paired(pairs)
    there = [on for _, on in pairs if not math.isnan(on)]
    if math.isnan(made.with_it) and there:
        return Paired(math.nan, math.fsum(there) / len(there), math.nan, math.nan, math.nan)
    return made


def write_table(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Write systems.csv; its path. Rows of the table that is there stay, where they are of other systems.

    Raises:
        OSError: nothing can be written there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / TABLE
    new = {each.system.id for each in outcomes}
    rows = [row for row in read_table(file) if row["system"] not in new]
    rows += [row for each in outcomes for row in _rows(each)]
    rows.sort(key=lambda row: row["system"])
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows of a systems.csv; none where there is no such file."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _rows(outcome: Outcome) -> Iterator[dict[str, str]]:
    system = outcome.system
    for found in outcome.found:
        comparison = found.comparison
        mechanism = system.mechanisms[comparison.code] if comparison.kind == MECHANISM else None
        without, on, moved, low, high = map(_text, astuple(found.difference))
        yield {
            "system": system.id,
            "file": system.file or "",
            "arm": system.arm,
            "kind": comparison.kind,
            "code": comparison.code,
            "measure": " ".join(word for word in comparison.series if word),
            "with": on,
            "without": without,
            "difference": moved,
            "low": low,
            "high": high,
            "minimum": _text(mechanism.minimum.value) if mechanism and mechanism.minimum else "",
            "direction": (mechanism.direction or "") if mechanism else "",
            "shown": found.shown(mechanism) if mechanism else "",
            "families": str(outcome.families),
            "replications": str(outcome.replications),
        }


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"
