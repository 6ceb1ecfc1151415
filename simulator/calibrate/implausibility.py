"""How far a point is from the targets, in standard deviations of everything that is not known.

I = |E f(x) − z| / √(V emulator + V replications + V figure + V discrepancy); see Vernon, Goldstein and Bower 2010.
"""

import numpy as np

from simulator.calibrate.emulator import Emulators
from simulator.calibrate.targets import Targets

BLOCK = 500
"""Points that are looked at together."""


def of_levels(mean: np.ndarray, variance: np.ndarray, targets: Targets) -> np.ndarray:
    """Implausibility (point, target) of levels that are known with a variance."""
    return np.abs(mean - targets.level) / np.sqrt(variance + targets.variance)


def implausibility(points: np.ndarray, emulators: Emulators, targets: Targets) -> np.ndarray:
    """Implausibility (point, target) by emulators."""
    parts = np.array_split(points, max(1, -(-len(points) // BLOCK)))
    return np.concatenate([of_levels(*emulators.predict(part), targets) for part in parts])


def ranked(implausibilities: np.ndarray, rank: int) -> np.ndarray:
    """The ``rank``-th worst of each point (1: the worst); the least where there are fewer targets."""
    place = max(0, implausibilities.shape[1] - rank)
    return np.sort(implausibilities, axis=1)[:, place]
