"""Severity of an episode: a Beta distribution per case group, drawn by interpolating its quantiles."""

from functools import cache

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import exp, log

NODES = 257
STEPS = 4000
"""Steps in which a density is summed."""


@compiled
def beta(a, b, mass):
    """Write into ``mass`` (`STEPS`,) the parts of a Beta density up to a factor, at x = t²(3 − 2t), which crowds points
    toward 0 and 1, where it may be steep."""
    for i in range(STEPS):
        t = (i + 0.5) / STEPS
        x = t * t * (3.0 - 2.0 * t)
        mass[i] = exp((a - 1.0) * log(x) + (b - 1.0) * log(1.0 - x)) * 6.0 * t * (1.0 - t)


@cache
def quantiles(mean: float, spread: float) -> np.ndarray:
    """Quantiles of Beta(mean·spread, (1 − mean)·spread) at 0, 1/256, … 1, shape (257,), on [0, 1]; not to be changed.

    The density is summed on a grid that is fine near both ends, with our own logarithm, so that every machine makes
    the same table.

    >>> round(float(quantiles(0.2, 8.0).mean()), 2)
    0.2
    """
    density = np.zeros(STEPS)
    beta(mean * spread, (1.0 - mean) * spread, density)
    mass = density.tolist()
    total, found, below, k = sum(mass), [0.0], 0.0, 1
    for i in range(STEPS):
        share = mass[i] / total
        while k < NODES - 1 and below + share >= k / (NODES - 1):
            inside = (k / (NODES - 1) - below) / share
            u = (i + inside) / STEPS
            found.append(u * u * (3.0 - 2.0 * u))
            k += 1
        below += share
    table = np.array(found + [found[-1]] * (NODES - 1 - len(found)) + [1.0])
    table.flags.writeable = False  # it is shared by groups and by every world that a process builds
    return table


@compiled
def severity_of(u, group):
    """Severity in [0, 1] for a uniform draw."""
    x = u * (NODES - 1)
    i = np.int64(x)
    low = np.float64(group.quantile[i])
    return low + (x - i) * (np.float64(group.quantile[i + 1]) - low)


@compiled
def urgency_of(severity):
    """0 can wait, 1 should be seen, 2 urgent, 3 emergency."""
    if severity < 0.3:
        return 0
    if severity < 0.5:
        return 1
    if severity < 0.75:
        return 2
    return 3
