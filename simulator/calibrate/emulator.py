"""Emulators: Gaussian processes with a line, a smooth surface and replication noise, fitted by scikit-learn.

The mean is the expected level over samples of people; what a sample of people adds is the noise, which is fitted and
told apart. Only active parameters enter; what the others do is part of the noise.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LENGTHS = (0.15, 20.0)
"""Bounds of the length over which a level bends, in ranges of the parameter."""
NOISE = (1e-5, 1.0)
"""Bounds of the part of the variance that is replication noise."""
LEAST = 1e-12


@dataclass(frozen=True)
class Emulator:
    """One level as a function of points of the unit cube."""

    columns: np.ndarray
    """Active parameters."""
    inputs: np.ndarray
    centre: float
    scale: float
    slope: float
    """Variance of the slopes of the line, in units of the scale."""
    height: float
    """Variance of the surface."""
    lengths: np.ndarray
    noise_variance: float
    """Of replications, in units of the scale."""
    weights: np.ndarray
    root: np.ndarray
    """Inverse of the Cholesky factor of the covariance of the runs."""

    def predict(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of the expected level at points (point, parameter)."""
        at = points[:, self.columns]
        cross = self._covariance(at, self.inputs)
        mean = self.centre + self.scale * (cross @ self.weights)
        prior = self.slope * (1 + ((at - 0.5) ** 2).sum(axis=1)) + self.height
        variance = prior - ((cross @ self.root.T) ** 2).sum(axis=1)
        return mean, self.scale**2 * np.maximum(variance, LEAST)

    @property
    def noise(self) -> float:
        """Variance of a level between samples of people."""
        return self.scale**2 * self.noise_variance

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance, noise included, of each run as the others predict it (Dubrule 1983)."""
        inverse = self.root.T @ self.root
        variance = 1 / np.diag(inverse)
        levels = np.linalg.solve(self.root, np.linalg.solve(self.root.T, self.weights))
        mean = levels - (inverse @ levels) * variance
        return self.centre + self.scale * mean, self.scale**2 * variance

    def _covariance(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        line = self.slope * (1 + (one - 0.5) @ (other - 0.5).T)
        a, b = one / self.lengths, other / self.lengths
        apart = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T
        return line + self.height * np.exp(-0.5 * np.maximum(apart, 0.0))


def fit(points: np.ndarray, levels: np.ndarray, active: np.ndarray) -> Emulator:
    """The emulator of a level from runs: points (run, parameter), levels (run); ``active`` says which parameters enter.

    Runs without a level (NaN) are left out.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct, WhiteKernel

    there = np.isfinite(levels)
    columns = np.flatnonzero(active)
    inputs, known = points[there][:, columns], levels[there]
    centre, scale = float(known.mean()), float(known.std()) or 1.0
    kernel = (
        ConstantKernel(1.0, (1e-3, 1e3)) * DotProduct(1.0, "fixed")
        + ConstantKernel(0.3, (1e-4, 1e2)) * RBF(np.full(len(columns), 1.5), LENGTHS)
        + WhiteKernel(0.05, NOISE)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        process = GaussianProcessRegressor(kernel, alpha=1e-9).fit(inputs - 0.5, (known - centre) / scale)
    found = process.kernel_
    lengths = np.broadcast_to(found.k1.k2.k2.length_scale, len(columns))
    root = np.linalg.inv(process.L_)
    return Emulator(
        columns, inputs, centre, scale, found.k1.k1.k1.constant_value, found.k1.k2.k1.constant_value,
        np.array(lengths), found.k2.noise_level, process.alpha_.ravel(), root,
    )  # fmt: skip


@dataclass(frozen=True)
class Emulators:
    """Those of all targets, how many samples of people stand behind the runs, and how what they leave of a run is
    correlated between targets (target, target): people who go to the doctor often do so in all of its levels."""

    each: tuple[Emulator, ...]
    samples: int
    correlation: np.ndarray

    @property
    def noise(self) -> np.ndarray:
        """Standard deviation of each level between samples of people."""
        return np.sqrt([one.noise for one in self.each])

    def predict(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance (point, target); what few samples leave unknown of the noise counts as variance."""
        means, variances = zip(*(one.predict(points) for one in self.each), strict=True)
        return np.stack(means, axis=1), np.stack(variances, axis=1) + self.noise**2 / self.samples

    def covariance(self, deviation: np.ndarray) -> np.ndarray:
        """Of levels (…, target, target) with these standard deviations (…, target) and the correlation of the runs."""
        return deviation[..., :, None] * deviation[..., None, :] * self.correlation


def correlated(each: Sequence[Emulator], levels: np.ndarray, judged: np.ndarray | None = None) -> np.ndarray:
    """Correlation (target, target) of standardised errors of runs as the others predict them, shrunk towards none by
    as much as so few runs call for (Ledoit and Wolf 2004, by scikit-learn).

    Args:
        each: emulators of the targets.
        levels: what they were fitted to (run, target); runs that lack a level are left out.
        judged: which runs count, by default all.
    """
    from sklearn.covariance import LedoitWolf

    errors = np.full(levels.shape, np.nan)
    for target, one in enumerate(each):
        there = np.isfinite(levels[:, target])
        mean, variance = one.left_out()
        errors[there, target] = (levels[there, target] - mean) / np.sqrt(variance)
    counts = np.isfinite(errors).all(axis=1) & (True if judged is None else judged)
    if counts.sum() < 3 or len(each) < 2:
        return np.eye(len(each))
    found = LedoitWolf(assume_centered=True).fit(errors[counts]).covariance_
    deviation = np.sqrt(np.diag(found))
    return found / np.outer(deviation, deviation)


@dataclass(frozen=True)
class Diagnostic:
    """How well runs are predicted that were left out: the part of the variance that is told, the part of standardised
    errors beyond 3, and whether the emulator may be used."""

    told: float
    beyond: float

    @property
    def good(self) -> bool:
        """Errors beyond three standard deviations are rare. An emulator that tells little is wide, and does no harm."""
        return self.beyond <= 0.05


def diagnose(emulator: Emulator, levels: np.ndarray, judged: np.ndarray | None = None) -> Diagnostic:
    """Leave one out, for the levels that it was fitted to. ``judged`` says which count, by default all: runs of a
    trajectory have neighbours that are like them in all but one parameter, and are predicted too easily."""
    there = np.isfinite(levels)
    counts = np.ones(len(levels), bool)[there] if judged is None else judged[there]
    mean, variance = (each[counts] for each in emulator.left_out())
    known = levels[there][counts]
    errors = known - mean
    told = 1 - float((errors**2).mean() / known.var()) if known.var() > 0 else 0.0
    return Diagnostic(told, float((np.abs(errors) > 3 * np.sqrt(variance)).mean()))
