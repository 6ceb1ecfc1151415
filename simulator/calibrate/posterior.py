"""The posterior on the emulators: a normal likelihood around the targets, sampled by emcee."""

from dataclasses import dataclass

import numpy as np

from simulator.calibrate.emulator import Emulators
from simulator.calibrate.priors import Priors
from simulator.calibrate.targets import Targets


@dataclass(frozen=True)
class Sampled:
    """Points from the posterior, the share of moves that was taken, and the number of independent points that they are
    worth."""

    points: np.ndarray
    taken: float
    worth: float


def log_likelihood(
    points: np.ndarray, emulators: Emulators, targets: Targets, noise: np.ndarray | None = None
) -> np.ndarray:
    """Of each point: the targets as normal around the emulated level, with every variance and covariance.

    Figures and what the model leaves out are independent between targets. What emulators do not know is correlated as
    the errors of their runs are, and so is ``noise``, the standard deviation of targets that are levels of one run.
    """
    mean, variance = emulators.predict(points)
    known = np.diag(targets.variance) + (0 if noise is None else emulators.covariance(noise))
    root = np.linalg.cholesky(emulators.covariance(np.sqrt(variance)) + known)
    apart = np.linalg.solve(root, (mean - targets.level)[:, :, None])[:, :, 0]
    return -0.5 * (apart**2).sum(axis=1) - np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)


def sample(
    emulators: Emulators,
    targets: Targets,
    priors: Priors,
    start: np.ndarray,
    steps: int,
    seed: int,
    noise: np.ndarray | None = None,
) -> Sampled:
    """Walk ``steps`` steps from ``start`` (walker, parameter), throw the first half away, and keep the rest.

    Differential evolution and snooker moves of emcee, which stretch moves do worse than in many dimensions. ``noise``
    is that of `log_likelihood`.
    """
    import emcee

    def log_posterior(points: np.ndarray) -> np.ndarray:
        found = priors.log_density(points)
        inside = np.isfinite(found)
        if inside.any():
            found[inside] += log_likelihood(points[inside], emulators, targets, noise)
        return found

    walkers, size = start.shape
    moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, size, log_posterior, moves=moves, vectorize=True)
    state = emcee.State(start, random_state=np.random.RandomState(seed).get_state())
    sampler.run_mcmc(state, steps, skip_initial_state_check=True)
    burn = steps // 2
    chain = sampler.get_chain(discard=burn)
    time = float(np.max(emcee.autocorr.integrated_time(chain, tol=0)))
    return Sampled(
        chain.reshape(-1, size), float(sampler.acceptance_fraction.mean()), len(chain) * walkers / max(time, 1.0)
    )
