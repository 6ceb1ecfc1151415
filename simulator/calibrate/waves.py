"""The calibration from its first run to its last: screening, waves of history matching, posterior, check.

It knows nothing of the model but that it gives levels at points, and draws from nothing but its seed: called again it
asks for the same runs, so that one that was stopped goes on where runs are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from simulator.calibrate.design import evenly, latin_hypercube, spread_out
from simulator.calibrate.emulator import Diagnostic, Emulators, correlated, diagnose, fit
from simulator.calibrate.implausibility import implausibility, ranked
from simulator.calibrate.language import CalibrationFile, Plan
from simulator.calibrate.posterior import Sampled, sample
from simulator.calibrate.priors import Priors
from simulator.calibrate.retained import Retained, retain
from simulator.calibrate.runs import Batch
from simulator.calibrate.screening import Screened, screen, trajectories
from simulator.calibrate.targets import Targets

CANDIDATES = 400
"""Points of the space retained that a wave chooses from."""
LAST = 160
"""Points of what is left after the last wave, from which the posterior is walked to."""
STEPS = 2500
"""Steps of the walk through the posterior."""


class Model(Protocol):
    """What gives the level of every target (point, target) at points of the unit cube."""

    def levels(self, batch: Batch, points: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Problem:
    """What is fitted, to what, and how."""

    priors: Priors
    targets: Targets
    plan: Plan

    @classmethod
    def of(cls, specification: CalibrationFile) -> "Problem":
        """That of a study."""
        return cls(Priors.of(specification.parameters), Targets.of(specification.targets), specification.design)


@dataclass(frozen=True)
class Wave:
    """What a wave has found: how well its emulators predict runs left out, and what is left of the prior."""

    runs: int
    diagnostics: tuple[Diagnostic, ...]
    retained: Retained


@dataclass(frozen=True)
class Calibrated:
    """Everything that came out. ``sets`` are equally likely points of the posterior, every beginning of which stands
    for all; ``emulated`` their levels by the emulators, ``checked`` those of the first so many by runs."""

    screened: Screened
    waves: tuple[Wave, ...]
    emulators: Emulators
    posterior: Sampled
    sets: np.ndarray
    emulated: np.ndarray
    checked: np.ndarray


def calibrate(
    problem: Problem, model: Model, waves: int | None = None, tell: Callable[[str, object], None] = lambda *_: None
) -> Calibrated:
    """Run a calibration, of so many waves at most.

    Args:
        problem: priors, targets, plan.
        model: gives levels at points.
        waves: in place of all that the plan has.
        tell: called with ``screened``, ``wave`` or ``posterior`` and what was found.

    Raises:
        ValueError: a target has no level in any run.
    """
    priors, targets, plan = problem.priors, problem.targets, problem.plan
    known, levels = first_runs(problem, model)
    screened = screening(problem, known, levels)
    tell("screened", screened)
    active, walked = screened.active(plan.screening.active), len(known)
    points = latin_hypercube(priors, plan.waves[0].points, plan.seed)
    found: list[Wave] = []
    asked = plan.waves[:waves]
    for number, wave in enumerate(asked, 1):
        levels = np.concatenate([levels, model.levels(Batch(f"wave-{number}", wave.families, plan.samples), points)])
        known = np.concatenate([known, points])
        if number == len(asked) > 1:  # what is left is small; what reaches all over the prior has served
            known, levels, walked = known[walked:], levels[walked:], 0
        emulators, diagnostics = emulate(known, levels, active, plan.samples, walked)
        rng = np.random.default_rng([plan.seed, number])

        def judge(at: np.ndarray, emulators: Emulators = emulators) -> np.ndarray:
            return ranked(implausibility(at, emulators, targets), plan.ranked)

        count = CANDIDATES if number < len(asked) else LAST
        left = retain(judge, priors, plan.cutoff, count, rng)
        found.append(Wave(len(points), diagnostics, left))
        tell("wave", found[-1])
        if number < len(asked):
            more = min(plan.waves[number].points, len(left.points))
            points = left.points[spread_out(left.points, more, priors.spread())]
    kept, walkers = plan.ensemble, max(2 * len(priors) + 2, 64)
    sets, checked = np.empty((0, len(priors))), np.empty((0, len(targets)))
    for turn in range(1, kept.rounds + 1):
        if turn > 1:
            known, levels = np.concatenate([known, sets[: kept.checked]]), np.concatenate([levels, checked])
            emulators, diagnostics = emulate(known, levels, active, plan.samples, walked)
            found[-1] = replace(found[-1], diagnostics=diagnostics)
        start = _distinct(found[-1].retained.points, walkers, rng)
        posterior = sample(emulators, targets, priors, start, STEPS, plan.seed)
        tell("posterior", posterior)
        sets = _sets(posterior.points, kept.sets, rng)
        emulated = emulators.predict(sets)[0]
        checked = model.levels(Batch(f"check-{turn}", kept.families, plan.samples), sets[: kept.checked])
    return Calibrated(screened, tuple(found), emulators, posterior, sets, emulated, checked)


def first_runs(problem: Problem, model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Points of the trajectories, each once, and their levels, on one sample of people. They reach all over the prior,
    so that emulators learn from them too."""
    points = np.unique(_trajectories(problem).round(9), axis=0)
    return points, model.levels(Batch("screening", problem.plan.screening.families, 1), points)


def screening(problem: Problem, points: np.ndarray, levels: np.ndarray) -> Screened:
    """Which parameters move which target."""
    walked = _trajectories(problem)
    numbers = {tuple(point): number for number, point in enumerate(points)}
    mine = levels[[numbers[tuple(point)] for point in walked.round(9)]]
    whole = np.where(np.isfinite(mine), mine, np.nanmean(levels, axis=0))
    return screen(problem.priors, walked, whole, problem.plan.screening.levels)


def _trajectories(problem: Problem) -> np.ndarray:
    plan = problem.plan.screening
    return trajectories(problem.priors, plan.trajectories, plan.levels, problem.plan.seed)


def emulate(
    points: np.ndarray, levels: np.ndarray, active: np.ndarray, samples: int, walked: int = 0
) -> tuple[Emulators, tuple[Diagnostic, ...]]:
    """Emulators of all targets from runs, and how well each predicts runs left out, but for the first ``walked``."""
    if missing := np.flatnonzero(~np.isfinite(levels).any(axis=0)).tolist():
        raise ValueError(f"no run has a level of targets {missing}")
    each = tuple(fit(points, levels[:, target], active[:, target]) for target in range(levels.shape[1]))
    judged = np.arange(len(points)) >= walked
    diagnostics = tuple(diagnose(one, levels[:, target], judged) for target, one in enumerate(each))
    return Emulators(each, samples, correlated(each, levels, judged)), diagnostics


def _distinct(points: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """So many points to walk from, no two alike."""
    chosen = points[rng.choice(len(points), count, replace=len(points) < count)]
    return np.clip(chosen + rng.normal(0, 1e-3, chosen.shape), 1e-6, 1 - 1e-6)


def _sets(points: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """So many points of a chain, ordered so that every beginning stands for all."""
    chosen = points[rng.choice(len(points), count, replace=False)]
    return chosen[evenly(chosen, points.std(axis=0) + 1e-9)]
