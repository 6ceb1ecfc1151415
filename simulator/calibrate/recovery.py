"""Recovery: on levels that the model itself gave under known parameters, 95 % intervals hold these in about 95 of 100.

Runs at points of the whole prior give emulators once. Then each trial draws parameters from the prior, makes one run
with them on people of its own, takes its levels as targets, and asks for the posterior. What is uncertain there is
replication noise alone, so that a method that is right covers 95 %.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulator.calibrate.design import latin_hypercube
from simulator.calibrate.emulator import Emulators
from simulator.calibrate.posterior import sample
from simulator.calibrate.priors import Priors
from simulator.calibrate.runs import Batch
from simulator.calibrate.targets import Targets
from simulator.calibrate.waves import Model, Problem, emulate

TRIALS = 24
STUDY = Path(__file__).with_name("recovery.yaml")
"""The smaller problem that is shipped."""
WANTED = (0.90, 0.98)
"""Coverage that counts as right."""
WALKERS, STEPS = 48, 800
TABLE = "recovery.csv"
MIDDLE = (2.5, 97.5)


@dataclass(frozen=True)
class Recovery:
    """Values (trial, parameter) that were hidden, and the ends of their 95 % intervals, in the parameters' units."""

    names: tuple[str, ...]
    hidden: np.ndarray
    low: np.ndarray
    high: np.ndarray
    families: int = 0
    """Of a run."""
    runs: int = 0
    """From which the emulators learnt."""

    @property
    def held(self) -> np.ndarray:
        """Which intervals hold what was hidden."""
        return (self.low <= self.hidden) & (self.hidden <= self.high)

    @property
    def coverage(self) -> float:
        """Share of intervals that do."""
        return float(self.held.mean())

    @property
    def right(self) -> bool:
        """Whether the coverage is what it should be."""
        return WANTED[0] <= self.coverage <= WANTED[1]


def recover(
    problem: Problem, model: Model, trials: int = TRIALS, tell: Callable[[int, int], None] | None = None
) -> Recovery:
    """Hide parameters and find them again, so many times.

    Args:
        problem: its first wave says how many runs the emulators get; targets give names only.
        model: gives levels at points; batch ``trials`` is on people of its own.
        trials: how many.
        tell: called with trials done, and of how many.
    """
    priors, plan = problem.priors, problem.plan
    wave = plan.waves[0]
    points = latin_hypercube(priors, wave.points, plan.seed)
    levels = model.levels(Batch("wave-1", wave.families, plan.samples), points)
    everything = np.ones((len(priors), levels.shape[1]), bool)
    emulators, _ = emulate(points, levels, everything, plan.samples)
    rng = np.random.default_rng([plan.seed, 1])
    hidden = priors.draw(trials, rng)
    seen = model.levels(Batch("trials", wave.families, trials, first=plan.samples), hidden)
    ends = np.empty((2, trials, len(priors)))
    for trial in range(trials):
        ends[:, trial] = _found(emulators, seen[trial], priors, problem, plan.seed + trial)
        if tell:
            tell(trial + 1, trials)
    low, high = (priors.values(each) for each in ends)
    return Recovery(priors.names, priors.values(hidden), low, high, wave.families, wave.points)


def _found(emulators: Emulators, level: np.ndarray, priors: Priors, problem: Problem, seed: int) -> np.ndarray:
    """Ends (2, parameter) of the posterior's 95 % intervals, where targets are levels of one run."""
    exact = np.zeros(len(level))
    targets = Targets(problem.targets.names, level, exact, exact)
    start = priors.draw(WALKERS, np.random.default_rng(seed))
    return np.percentile(sample(emulators, targets, priors, start, STEPS, seed, emulators.noise).points, MIDDLE, axis=0)


def write(found: Recovery, folder: Path) -> None:
    """Keep every trial as a row for each parameter."""
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["trial", "parameter", "hidden", "low", "high", "held"])
        for trial, held in enumerate(found.held):
            for n, name in enumerate(found.names):
                values = (found.hidden[trial, n], found.low[trial, n], found.high[trial, n])
                table.writerow([trial, name, *(f"{value:.6g}" for value in values), bool(held[n])])
