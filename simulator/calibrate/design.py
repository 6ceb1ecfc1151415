"""Points that fill a space: a Latin hypercube of the prior, and the most spread out of many candidates."""

import numpy as np

from simulator.calibrate.priors import Priors


def latin_hypercube(priors: Priors, count: int, seed: int) -> np.ndarray:
    """Points (count, parameter) that fill the whole range of each parameter evenly, whatever its prior's shape: an
    emulator has to be good everywhere."""
    from scipy.stats import qmc

    return qmc.LatinHypercube(len(priors), rng=np.random.default_rng(seed)).random(count)


def spread_out(candidates: np.ndarray, count: int, scale: np.ndarray | None = None) -> np.ndarray:
    """Numbers of ``count`` candidates, each as far as can be from those before it (Gonzalez 1985); the first is nearest
    to the middle. ``scale`` divides the columns."""
    if count > len(candidates):
        raise ValueError("more points than candidates")
    wide = candidates / (candidates.std(axis=0) + 1e-9 if scale is None else scale)
    chosen = [int(np.argmin(((wide - wide.mean(axis=0)) ** 2).sum(axis=1)))]
    nearest = ((wide - wide[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((wide - wide[chosen[-1]]) ** 2).sum(axis=1))
    return np.array(chosen)


def evenly(points: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """An order of equally likely points whose every beginning stands for all of them: kernel herding (Chen, Welling and
    Smola 2010) with the kernel of the energy distance. The first is nearest to all others."""
    wide = points / scale
    distance = np.sqrt(np.maximum(((wide[:, None, :] - wide[None, :, :]) ** 2).sum(axis=2), 0.0))
    to_all = distance.mean(axis=1)
    order: list[int] = []
    to_chosen = np.zeros(len(points))
    for number in range(len(points)):
        worth = to_chosen / (number + 1) - to_all
        worth[order] = -np.inf
        order.append(int(np.argmax(worth)))
        to_chosen += distance[order[-1]]
    return np.array(order)
