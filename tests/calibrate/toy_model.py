"""A model whose answer is known: two levels of three parameters, of which the third does nothing."""

import numpy as np

from simulator.calibrate.language import Kept, Plan, Screening, Wave
from simulator.calibrate.priors import Priors
from simulator.calibrate.runs import Batch
from simulator.calibrate.targets import Targets
from simulator.calibrate.waves import Problem

TRUE = np.array([2.0, 0.3])
"""Values of the two parameters that matter, at which the levels are those of the targets."""
NOISE = 0.02


def levels_of(values: np.ndarray) -> np.ndarray:
    """a + b² and exp(−a/4) + b."""
    a, b = values[..., 0], values[..., 1]
    return np.stack([a + b**2, np.exp(-a / 4) + b], axis=-1)


class Toy:
    """Levels with noise between runs; remembers the batches that it was asked for."""

    def __init__(self, noise: float = NOISE):
        self.priors, self.noise, self.asked = priors(), noise, []

    def levels(self, batch: Batch, points: np.ndarray) -> np.ndarray:
        self.asked.append((batch.name, points))
        rng = np.random.default_rng(len(points) + 1000 * len(batch.name))
        exact = levels_of(self.priors.values(points))
        return exact + rng.normal(0, self.noise, exact.shape)


def priors() -> Priors:
    return Priors(
        ("a", "b", "nothing"), np.array([0.5, -1.0, 1.0]), np.array([8.0, 1.0, 10.0]), ("log", "uniform", "middle")
    )


def targets(tolerance: float = 0.1) -> Targets:
    return Targets(("sum", "mix"), levels_of(TRUE), np.full(2, tolerance), np.zeros(2))


def problem(sets: int = 40) -> Problem:
    plan = Plan(
        seed=3,
        samples=4,
        screening=Screening(families=1, trajectories=6, active=0.1),
        waves=(Wave(families=1, points=30), Wave(families=1, points=30)),
        ensemble=Kept(sets=sets, checked=10, families=1),
    )
    return Problem(priors(), targets(), plan)
