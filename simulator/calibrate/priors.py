"""Parameters on the unit cube: each between 0 and 1 of its range, with the prior's density there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.calibrate.language import Free

SPREAD = 0.25
"""Standard deviation of `middle` on the unit interval: its ends are two of them away."""
DRAWN = 4096
"""Draws by which moments of a prior are known."""


@dataclass(frozen=True)
class Priors:
    """Ranges and shapes of parameters, in order. Points are arrays (point, parameter) between 0 and 1."""

    names: tuple[str, ...]
    low: np.ndarray
    high: np.ndarray
    shapes: tuple[str, ...]

    @classmethod
    def of(cls, parameters: Mapping[str, Free]) -> "Priors":
        """Those of a calibration."""
        low, high = (np.array([each.ends[end] for each in parameters.values()]) for end in (0, 1))
        return cls(tuple(parameters), low, high, tuple(each.shape for each in parameters.values()))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def _log(self) -> np.ndarray:
        return np.array([shape == "log" for shape in self.shapes])

    @property
    def _middle(self) -> np.ndarray:
        return np.array([shape == "middle" for shape in self.shapes])

    def values(self, points: np.ndarray) -> np.ndarray:
        """Values in the parameters' own units."""
        safe = np.where(self._log, self.low, 1.0)
        ratio = np.where(self._log, self.high, 1.0) / safe
        return np.where(self._log, safe * ratio**points, self.low + points * (self.high - self.low))

    def points(self, values: np.ndarray) -> np.ndarray:
        """The inverse of ``values``, within the ranges."""
        safe = np.where(self._log, self.low, 1.0)
        ratio = np.where(self._log, self.high, np.e) / safe
        inside = np.clip(values, self.low, self.high)
        logarithmic = np.log(np.where(self._log, inside, 1.0) / safe) / np.log(ratio)
        return np.where(self._log, logarithmic, (inside - self.low) / (self.high - self.low))

    def log_density(self, points: np.ndarray) -> np.ndarray:
        """Of each point, but for a constant; minus infinity outside."""
        outside = ((points < 0) | (points > 1)).any(axis=-1)
        away = ((points - 0.5) / SPREAD) ** 2
        return np.where(outside, -np.inf, -0.5 * (away * self._middle).sum(axis=-1))

    def draw(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Independent points from the prior."""
        points = rng.random((count, len(self)))
        for column in np.flatnonzero(self._middle):
            points[:, column] = _cut_normal(count, rng)
        return points

    def spread(self) -> np.ndarray:
        """Standard deviation of each parameter on the unit interval."""
        cut = float(np.std(_cut_normal(DRAWN, np.random.default_rng(0))))
        return np.where(self._middle, cut, 1 / np.sqrt(12))


def _cut_normal(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the normal around the middle, within 0 and 1."""
    found = np.empty(0)
    while len(found) < count:
        more = rng.normal(0.5, SPREAD, 2 * count)
        found = np.concatenate([found, more[(more >= 0) & (more <= 1)]])
    return found[:count]
