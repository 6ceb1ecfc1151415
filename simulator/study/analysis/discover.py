"""Scenario discovery: under which uncertainties a policy fails, as boxes found by patient rule induction."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.core.errors import UserError, near
from simulator.core.messages import say
from simulator.study.analysis.condition import Condition
from simulator.study.analysis.prim import Box, chosen, peel, quasi_p
from simulator.study.analysis.responses import FIGURES, gaps
from simulator.study.sweep.study_results import Sweep
from simulator.study.sweep.values import number

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
"""Draws that are needed to look for a box."""


class Found(NamedTuple):
    """What was found for a policy and an arm: ``points`` are the draws, ``fails`` where it fails; ``boxes``, each with
    its trajectory of (coverage, density) and the quasi p-values of its limits."""

    policy: int
    levers: dict[str, str]
    arm: str
    points: "pd.DataFrame"
    fails: np.ndarray
    boxes: list[tuple[Box, list[tuple[float, float]], dict[str, float]]]


def discover(
    sweep: Sweep,
    fails: Condition,
    arm: str | None = None,
    figure: str = "level",
    density: float = 0.8,
    boxes: int = 1,
    warn: Callable[[str], None] = lambda text: None,
) -> list[Found]:
    """Boxes of the uncertainties in which each policy fails.

    Args:
        sweep: the study, of any design in which uncertainties vary.
        fails: what failing means.
        arm: only this one.
        figure: what the condition speaks of, one of ``FIGURES``.
        density: share of the draws in a box that shall fail.
        boxes: boxes that are looked for, each among the draws outside those before.
        warn: hears of what is left out.

    Raises:
        UserError: there is no such arm or figure, or too few draws have a result.
    """
    spec = sweep.study.specification
    if arm is not None and arm not in spec.arms:
        raise UserError(say("sweep.unknown", name=arm, known=", ".join(spec.arms)) + near(arm, spec.arms))
    lost = gaps(sweep)
    if lost.tasks:
        words = {"tasks": lost.tasks, "of": len(sweep.tasks), "failed": lost.failed, "folder": sweep.folder}
        warn(say("analysis.missing_some", draws=len(lost.draws), **words))
    rows = sweep.summary
    rows = rows[(rows["outcome"] == fails.outcome) & rows["arm"].isin([arm] if arm else spec.arms)]
    rows = rows[rows[FIGURES[figure]].notna() & (rows["replications"] >= sweep.tasks.replications)]
    sampled = getattr(spec.design, "levers", "every") == "sampled"
    told_points = _points(sweep, sampled)
    found = []
    for (policy, name), mine in rows.assign(policy=0 if sampled else rows["policy"]).groupby(["policy", "arm"]):
        if len(mine) < FEWEST:
            raise UserError(say("analysis.few_draws", count=len(mine), least=FEWEST))
        values = sweep.tasks.points.values(int(mine["point"].iloc[0]))
        levers = {} if sampled else {lever: values[lever] or "" for lever in spec.levers}
        points = told_points.loc[mine["point"]].reset_index(drop=True)
        points = points[[column for column in points if points[column].nunique() > 1]]
        failing = fails.holds(mine[FIGURES[figure]].to_numpy(float))
        found.append(Found(int(policy), levers, str(name), points, failing, _boxes(points, failing, density, boxes)))
    if not found:
        raise UserError(say("analysis.no_such_figure", figure=figure, outcome=fails.outcome))
    return found


def _boxes(
    points: "pd.DataFrame", fails: np.ndarray, density: float, most: int
) -> list[tuple[Box, list[tuple[float, float]], dict[str, float]]]:
    within, found = np.ones(len(points), bool), []
    while len(found) < most and 0 < fails[within].sum() < within.sum() and within.sum() >= FEWEST:
        trajectory = peel(points, fails, within)
        box = chosen(trajectory, fails & within, density)
        if not box.limits:
            break
        steps = [each.measured(fails) for each in trajectory]
        found.append((box, steps, quasi_p(points, fails, box, within)))
        within = within & ~box.inside
    return found


def _points(sweep: Sweep, levers_too: bool) -> "pd.DataFrame":
    """What varies at each point: numbers, words, and in the place of a row of parameters what it says."""
    import pandas as pd

    study, points = sweep.study, sweep.points
    columns: dict[str, pd.Series] = {}
    for name in study.variables if levers_too else study.specification.uncertainties:
        if name not in study.tables:
            columns[name] = points[name]
            continue
        table = study.tables[name]
        for place, column in enumerate(table.columns):
            texts = [None if pd.isna(row) else table.rows[int(row)][place] for row in points[name]]
            numbers = [number(text) for text in texts]
            whole = all(n is not None for n, text in zip(numbers, texts, strict=True) if text)
            columns[column] = pd.Series(numbers, dtype=float) if whole else pd.Series(texts, dtype="string")
    return pd.DataFrame(columns)
