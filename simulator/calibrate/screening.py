"""Which parameters move which target: Morris' elementary effects over the prior ranges, by SALib."""

from dataclasses import dataclass

import numpy as np

from simulator.calibrate.priors import Priors


@dataclass(frozen=True)
class Screened:
    """Mean absolute elementary effects (parameter, target), in the unit of the target over the whole range of the
    parameter, and with their sign."""

    strength: np.ndarray
    effect: np.ndarray

    def active(self, share: float) -> np.ndarray:
        """Whether a parameter (row) moves a target (column) by more than a share of what the strongest does; the
        strongest always does."""
        most = self.strength.max(axis=0)
        return (self.strength > share * most) | (self.strength == most)


def trajectories(priors: Priors, count: int, levels: int, seed: int) -> np.ndarray:
    """Points of so many trajectories."""
    from SALib.sample.morris import sample

    return sample(_problem(priors), count, num_levels=levels, seed=seed)


def screen(priors: Priors, points: np.ndarray, levels: np.ndarray, steps: int) -> Screened:
    """Effects from the levels (point, target) at the points of trajectories with so many levels of each parameter."""
    from SALib.analyze.morris import analyze

    strength, effect = np.zeros((2, len(priors), levels.shape[1]))
    for target in range(levels.shape[1]):
        found = analyze(_problem(priors), points, levels[:, target], num_levels=steps, print_to_console=False)
        strength[:, target], effect[:, target] = found["mu_star"], found["mu"]
    return Screened(np.nan_to_num(strength), np.nan_to_num(effect))


def _problem(priors: Priors) -> dict[str, object]:
    """What SALib calls a problem: the unit cube."""
    return {"num_vars": len(priors), "names": list(priors.names), "bounds": [[0.0, 1.0]] * len(priors)}
