"""Case groups: how often, how severe, how dear. One row per group, built from the scenario's table of case groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.table import Column, Columns
from simulator.illness.case_mix import mean_complications
from simulator.illness.severity import NODES, quantiles

CASE_GROUPS = Columns(
    "case groups",
    Column("weight", "f8", "1", "mean relative weight (相对权重) of the admissions expected; one over all groups"),
    Column("plain_weight", "f8", "1", "relative weight of a case at the threshold, without complications"),
    Column("stay", "f8", "days", "usual stay at a secondary hospital"),
    Column("bill", "f8", "fen", "usual outpatient bill at a centre"),
    Column("severity", "f8", "0 to 1", "mean severity"),
    Column("quantile", "f8", "0 to 1", "quantiles of severity at 0, 1/256, … 1", 0, NODES),
    Column("threshold", "f8", "0 to 1", "severity at which an admission is needed half the time"),
    Column("acute", "i8", "0 or 1", "is an illness of its own rather than a prescription for a chronic disease", 1),
    Column("complication", "i8", "0 or 1", "is one that uncontrolled hypertension makes more likely"),
    Column("treats", "i8", "code", "chronic disease that it is the care of: 0 none, 1 hypertension, 2 diabetes"),
)

COMPLICATIONS = ("stroke", "heart_attack", "coronary_failure")
"""Case groups that uncontrolled hypertension makes more likely."""
TREATS = {"hyp": 1, "dia": 2}
"""Chronic disease behind the ages of a case group."""


@dataclass(frozen=True, slots=True)
class CaseGroup:
    """What a scenario says of a case group.

    ``ages`` is ``all``, a band such as ``40+``, ``0-14`` or ``f15-49`` (women), or ``hyp`` / ``dia`` for patients with
    hypertension / diabetes. Rates are per 1,000 people of all ages and year.
    """

    name: str
    ages: str
    admissions_needed: float
    weight: float
    stay: float
    episodes: float
    bill: int
    severity: float

    @property
    def incidence(self) -> float:
        """Episodes per 1,000 people and year; a group without episodes of its own begins with its admissions."""
        return self.episodes or self.admissions_needed


def threshold(needed: float, quantile: np.ndarray, seen: np.ndarray, slope: float) -> float:
    """Severity at which half need an admission, such that the share ``needed`` of episodes both is seen and needs one.

    ``quantile`` are equally likely severities, ``seen`` the chance that a doctor sees an episode of each.

    Bisection on [-1, 2]; ``needed`` is kept within 0.0001 and 0.98.
    """
    return float(_bisected(min(max(needed, 0.0001), 0.98 * float(np.mean(seen))), quantile, seen, slope))


@compiled
def _bisected(needed, quantile, seen, slope):
    """The severity of `threshold`, for a share ``needed`` that there can be."""
    low, high = -1.0, 2.0
    for _ in range(50):
        middle = (low + high) / 2
        total = 0.0
        for n in range(len(quantile)):
            total += logistic(slope * (quantile[n] - middle)) * seen[n]
        if total / len(quantile) > needed:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mean_weight(groups: Sequence[CaseGroup]) -> float:
    """Mean relative weight of the admissions needed in a place, as its table of case groups has weights; one where
    there are none."""
    needed = sum(group.admissions_needed for group in groups)
    return sum(group.weight * group.admissions_needed for group in groups) / needed if needed > 0 else 1.0


def table(
    groups: Sequence[CaseGroup],
    episodes: Sequence[float],
    seen: Callable[[np.ndarray], np.ndarray],
    par: np.void,
) -> np.ndarray:
    """The table of case groups. ``episodes`` are per 1,000 people and year, ``seen`` gives the chances that a doctor
    sees episodes of severities (n,), ``par`` is the row of behaviour."""
    rows = CASE_GROUPS.rows(len(groups))
    one = mean_weight(groups)
    slope = float(par["admission_slope"])
    for row, group, often in zip(rows, groups, episodes, strict=True):
        quantile = quantiles(group.severity, float(par["severity_spread"]))
        row["weight"], row["stay"], row["bill"] = group.weight / one, group.stay, group.bill
        row["severity"], row["quantile"] = group.severity, quantile
        likely = (quantile[:-1] + quantile[1:])[::2] / 2
        chances = seen(likely)
        row["threshold"] = threshold(group.admissions_needed / often, likely, chances, slope) + par["need_shift"]
        row["plain_weight"] = row["weight"] / mean_complications(likely, chances, float(row["threshold"]), par)
        row["acute"] = group.ages not in TREATS
        row["complication"] = group.name in COMPLICATIONS
        row["treats"] = TREATS.get(group.ages, 0)
    return rows
