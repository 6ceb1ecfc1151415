"""Gauss-Newton with one tried Jacobian, improved after every step (Broyden): so few runs that a fit takes minutes."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

LOOSE = 0.15
"""A move of so many trial steps costs as much as a misfit of one: what no target asks for stays where it is."""
FARTHEST = 4.0
"""Trial steps that one step of the solver goes at most."""


class Point(NamedTuple):
    """Values of the intercepts, what they gave, and how well: the sum of squared misfits."""

    values: np.ndarray
    misfits: np.ndarray

    @property
    def worth(self) -> float:
        """Sum of squares."""
        return float(self.misfits @ self.misfits)


def jacobian(
    misfits: Callable[[np.ndarray], np.ndarray], start: Point, steps: np.ndarray, reckoned: dict[int, np.ndarray]
) -> np.ndarray:
    """Slopes of the misfits (target, intercept) from one trial step of each intercept; those of ``reckoned`` are
    given."""
    slopes = np.zeros((len(start.misfits), len(steps)))
    for n, step in enumerate(steps):
        if n in reckoned:
            slopes[:, n] = reckoned[n]
            continue
        tried = start.values.copy()
        tried[n] += step
        slopes[:, n] = (misfits(tried) - start.misfits) / step
    return slopes


def descend(
    misfits: Callable[[np.ndarray], np.ndarray],
    start: Point,
    slopes: np.ndarray,
    steps: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
) -> Iterator[tuple[Point, np.ndarray]]:
    """Better and better points, each with the slopes as they are known by then; a step that makes nothing better is
    learned from and not taken. Ends when a step would hardly move."""
    best = start
    hold = np.diag((LOOSE / np.abs(steps)) ** 2)
    while True:
        move = -np.linalg.solve(slopes.T @ slopes + hold, slopes.T @ best.misfits)
        move /= max(1.0, float(np.max(np.abs(move) / (FARTHEST * np.abs(steps)))))
        values = np.clip(best.values + move, *bounds)
        moved = values - best.values
        if np.max(np.abs(moved) / np.abs(steps)) < 0.01:
            return
        tried = Point(values, misfits(values))
        slopes = slopes + np.outer(tried.misfits - best.misfits - slopes @ moved, moved) / (moved @ moved)
        if tried.worth < best.worth:
            best = tried
        yield best, slopes
