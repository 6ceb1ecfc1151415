"""The part of the prior that is not implausible: how much it is, and points from it.

It may be a millionth, which draws would not find. So it is closed in on by subset simulation (Au and Beck 2001): the
half of the points that is least implausible is kept and moved about below the implausibility reached, until the cut-off
is reached. Each time half of the space is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.calibrate.priors import Priors

type Judge = Callable[[np.ndarray], np.ndarray]
"""Implausibility of points."""

MOVES = 6
"""Moves of every point at each stage."""
KEEP = 0.5
STAGES = 80
GAIN = 1e-3
"""A stage that brings the implausibility down by less has found the bottom."""


@dataclass(frozen=True)
class Retained:
    """``points`` from the prior where it is not implausible, what ``share`` of it that is, and the implausibility
    ``reached``: the cut-off, or more where there is nothing below it."""

    points: np.ndarray
    share: float
    reached: float


def retain(judge: Judge, priors: Priors, cutoff: float, count: int, rng: np.random.Generator) -> Retained:
    """Points of the prior whose implausibility is below the cut-off."""
    points = priors.draw(count, rng)
    worth = judge(points)
    share = 1.0
    level = np.inf
    for _ in range(STAGES):
        goal = max(cutoff, float(np.quantile(worth, KEEP)))
        inside = worth <= goal
        if goal > cutoff and level - goal < GAIN:
            return Retained(points[inside], share * float(inside.mean()), goal)
        share *= float(inside.mean())
        level = goal
        points, worth = _filled(points[inside], worth[inside], count, rng)
        points, worth = _moved(points, worth, level, judge, priors, rng)
        if level <= cutoff:
            break
    return Retained(points, share, level)


def _filled(
    points: np.ndarray, worth: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """As many again, by drawing from those that are left."""
    chosen = np.concatenate([np.arange(len(points)), rng.integers(len(points), size=count - len(points))])
    return points[chosen], worth[chosen]


def _moved(
    points: np.ndarray, worth: np.ndarray, level: float, judge: Judge, priors: Priors, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Points moved about under the prior below a level: differential evolution (ter Braak 2006), which learns the shape
    of what is left from the points themselves."""
    count, size = points.shape
    density = priors.log_density(points)
    for move in range(MOVES):
        one, other = rng.integers(count, size=(2, count))
        some = rng.random((count, size)) < (1.0 if move % 4 == 0 else 0.3)
        step = 2.38 / np.sqrt(2 * np.maximum(some.sum(axis=1, keepdims=True), 1)) * rng.uniform(0.3, 1.0, (count, 1))
        tried = points + some * (step * (points[one] - points[other]) + rng.normal(0, 0.01, (count, size)))
        new = priors.log_density(tried)
        likely = np.log(rng.random(count)) < new - density
        looked = np.flatnonzero(likely)
        if not len(looked):
            continue
        found = judge(tried[looked])
        better = looked[found <= level]
        points = points.copy()
        points[better], density[better] = tried[better], new[better]
        worth = worth.copy()
        worth[better] = found[found <= level]
    return points, worth
