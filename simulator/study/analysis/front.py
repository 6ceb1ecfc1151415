"""Which of many policies are not dominated, and how sure that is over replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulator.study.intervals import interval

if TYPE_CHECKING:
    import pandas as pd

    from simulator.study.analysis.specification import Specification, Trial

SAMPLES = 2000
"""Bootstrap samples of the replications."""


def not_dominated(values: np.ndarray, signs: Sequence[int]) -> np.ndarray:
    """Whether no other policy is as good in everything and better in something.

    Args:
        values: (policy, objective).
        signs: 1 where more is better, −1 where less is.

    >>> not_dominated(np.array([[1.0, 5.0], [2.0, 4.0], [1.0, 4.0]]), [1, 1])
    array([ True,  True, False])
    """
    good = values * np.asarray(signs)
    at_least = (good[:, None, :] >= good[None, :, :]).all(axis=2)
    better = (good[:, None, :] > good[None, :, :]).any(axis=2)
    return ~(at_least & better).any(axis=0)


def chances(values: np.ndarray, signs: Sequence[int], seed: int, samples: int = SAMPLES) -> np.ndarray:
    """For each policy the share of bootstrap samples in which it is not dominated.

    The same replications are drawn for all policies, since these share people and draws, so that what moves all alike
    decides nothing.

    Args:
        values: (policy, replication, objective).
        signs: 1 where more is better, −1 where less is.
        seed: of the samples.
        samples: number of them.

    Returns:
        A share for each policy; not a number with one replication.
    """
    policies, replications, _ = values.shape
    if replications < 2:
        return np.full(policies, np.nan)
    rng = np.random.default_rng(seed)
    held = np.zeros(policies)
    for drawn in rng.integers(replications, size=(samples, replications)):
        held += not_dominated(values[:, drawn].mean(axis=1), signs)
    return held / samples


def table(spec: Specification, trials: Sequence[Trial]) -> pd.DataFrame:
    """Every policy that was tried, once.

    Returns:
        Columns trial, a text for each lever, for each objective its mean and the ends of the 95 % interval over
        replications (NAME, NAME_low, NAME_high), in the unit of the outcome; `front`, whether it is not dominated,
        `chance`, the share of bootstrap samples in which it is not, and `why` it could not be used, if it could not.
        Those of the front first, then by number of the trial.
    """
    import pandas as pd

    usable: dict[tuple[str | None, ...], Trial] = {}
    for each in trials:
        if each.values is not None:
            usable.setdefault(tuple(each.policy.values()), each)
    kept = list(usable.values())
    values = np.array([each.values for each in kept])
    front = not_dominated(values.mean(axis=1), spec.signs) if kept else []
    held = chances(values, spec.signs, spec.seed) if kept else []
    rows = [
        {**_head(each), **_figures(spec, each), "front": bool(on), "chance": float(chance), "why": ""}
        for each, on, chance in zip(kept, front, held, strict=True)
    ]
    rows += [{**_head(each), "front": False, "why": each.why} for each in trials if each.values is None]
    columns = [f"{name}{end}" for name in spec.objectives for end in ("", "_low", "_high")]
    levers = list(spec.study.specification.levers)
    made = pd.DataFrame(rows, columns=["trial", *levers, *columns, "front", "chance", "why"])
    return made.sort_values(["front", "trial"], ascending=[False, True], ignore_index=True)


def _head(trial: Trial) -> dict[str, object]:
    return {"trial": trial.number, **trial.policy}


def _figures(spec: Specification, trial: Trial) -> dict[str, float]:
    assert trial.values is not None
    found = {}
    for name, values in zip(spec.objectives, trial.values.T, strict=True):
        found[name], found[f"{name}_low"], found[f"{name}_high"] = interval(values.tolist())
    return found
