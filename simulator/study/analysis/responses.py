"""What a study's outcomes are at each draw of its uncertainties: a vector for each policy, arm, outcome and figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.sweep.designs import points_of, unit_sample
from simulator.study.sweep.language import Sampled
from simulator.study.sweep.study_results import Sweep

if TYPE_CHECKING:
    import pandas as pd

FIGURES = {"level": "mean", "effect": "effect", "difference": "difference"}
"""What is looked at, and its column in the summary: the outcome itself, the paired difference of an arm from the
baseline at the same point, and that from the point of `compare_with` in the same arm."""


class Response(NamedTuple):
    """A figure of an outcome under a policy and arm; ``values`` by draw, not a number where it is not known."""

    policy: int
    arm: str
    outcome: str
    figure: str
    values: np.ndarray


@dataclass(frozen=True)
class Sample:
    """The draws of a study: names of what was drawn, and where each draw lies in the unit cube, (draw, variable)."""

    names: tuple[str, ...]
    unit: np.ndarray

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.unit)


def sample_of(sweep: Sweep) -> Sample:
    """The draws of a study, as they were drawn.

    Raises:
        UserError: its design draws nothing, or the library that drew them would draw others today.
    """
    study = sweep.study
    design = study.specification.design
    if not isinstance(design, Sampled):
        raise UserError(say("analysis.design", kind=design.kind))
    if points_of(study).rows != list(sweep.tasks.points.rows):
        raise UserError(say("analysis.other_draws", folder=sweep.folder))
    names = list(study.specification.uncertainties)
    if design.levers == "sampled":
        names = list(study.variables)
    return Sample(tuple(names), np.asarray(unit_sample(study, design, names)))


def policies(sweep: Sweep) -> dict[int, dict[str, str]]:
    """Values of the levers by number of policy; one without any where levers are drawn."""
    if _levers_drawn(sweep):
        return {0: {}}
    points, levers = sweep.tasks.points, list(sweep.study.specification.levers)
    first = {policy: point for point, policy in reversed(list(enumerate(points.policy)))}
    found = {policy: points.values(first[policy]) for policy in sorted(first)}
    return {policy: {name: values[name] or "" for name in levers} for policy, values in found.items()}


def responses(sweep: Sweep, draws: int, arm: str | None = None, outcome: str | None = None) -> list[Response]:
    """Every figure of every outcome that a study has, by draw.

    Args:
        sweep: the study.
        draws: number of draws.
        arm, outcome: only these.

    Raises:
        UserError: the study has no such arm or outcome.
    """
    spec = sweep.study.specification
    for name, known in ((arm, spec.arms), (outcome, tuple(spec.outcomes))):
        if name is not None and name not in known:
            raise UserError(say("sweep.unknown", name=name, known=", ".join(known)) + near(name, known))
    rows = sweep.summary
    rows = rows[rows["arm"].isin([arm] if arm else spec.arms)]
    rows = rows[rows["outcome"].isin([outcome] if outcome else list(spec.outcomes))]
    if _levers_drawn(sweep):  # every draw is a policy of its own; together they are one sample
        rows = rows.assign(policy=0, sample=rows["point"])
    return list(_by_draw(rows, draws))


def _by_draw(rows: "pd.DataFrame", draws: int) -> Iterator[Response]:
    for key, mine in rows.groupby(["policy", "arm", "outcome"], sort=False):
        assert isinstance(key, tuple)
        policy, arm, outcome = key
        for figure, column in FIGURES.items():
            values = np.full(draws, np.nan)
            values[mine["sample"].to_numpy()] = mine[column].to_numpy(float)
            if np.isfinite(values).any():
                yield Response(int(policy), arm, outcome, figure, values)


def _levers_drawn(sweep: Sweep) -> bool:
    return getattr(sweep.study.specification.design, "levers", "every") == "sampled"


class Gaps(NamedTuple):
    """What a study lacks: tasks, those of them that failed, and the draws that they belong to."""

    tasks: int
    failed: int
    draws: frozenset[int]


def gaps(sweep: Sweep) -> Gaps:
    """Tasks of a study that have no result, not counting those that a stop rule would still add."""
    from simulator.study.sweep.result_tables import finished

    failed, tasks, lost = sweep.store.failed(), 0, 0
    draws: set[int] = set()
    points = sweep.tasks.points
    for point, values in finished(sweep.tasks, sweep.store):
        for replication, each in enumerate(values):
            if each is None:
                tasks += 1
                lost += sweep.tasks.key(point, replication) in failed
                draws.add(point if _levers_drawn(sweep) else points.sample[point])
    return Gaps(tasks, lost, frozenset(draws))
