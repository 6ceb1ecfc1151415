"""Patient rule induction (PRIM): boxes in which a condition holds more often than elsewhere.

Friedman & Fisher, Stat Comput 1999; quasi p-values of Bryant & Lempert, Technol Forecast Soc Change 2010. Written here
because of the two packages that have it one does not work with the pandas of this program (PRIM 1.0.0, on categories)
and the other brings a workbench along (ema_workbench).
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

PEEL = 0.05
"""Share of the points in the box that one peel takes away, at least one."""
LEAST = 0.05
"""Share of all points that a box keeps at least."""

type Limit = tuple[float, float] | frozenset[str]
"""Lowest and highest value of a number, both inside, or the words that a word may be."""


class Box(NamedTuple):
    """A box: limits by variable, of those that are limited, and which points lie in it."""

    limits: dict[str, Limit]
    inside: np.ndarray

    def measured(self, holds: np.ndarray) -> tuple[float, float]:
        """Coverage, the share of the cases that lie in it, and density, the share of its points that are cases."""
        caught = int(holds[self.inside].sum())
        return caught / max(1, int(holds.sum())), caught / max(1, int(self.inside.sum()))


def peel(points: "pd.DataFrame", holds: np.ndarray, within: np.ndarray | None = None) -> list[Box]:
    """The trajectory of boxes, from all points to a few, each with the densest of the peels of the one before.

    Args:
        points: a row for each, columns of numbers or of words; a missing value lies in every box.
        holds: whether the condition holds at each.
        within: only these points, by default all.
    """
    inside = np.ones(len(points), bool) if within is None else within
    boxes = [Box({}, inside.copy())]
    least = max(1, round(LEAST * int(inside.sum())))
    while True:
        cuts = [cut for name in points for cut in _cuts(points[name], boxes[-1], str(name))]
        cuts = [cut for cut in cuts if cut.inside.sum() >= least]
        if not cuts or holds[boxes[-1].inside].all():
            return boxes
        boxes.append(max(cuts, key=lambda cut: (holds[cut.inside].mean(), int(cut.inside.sum()))))


def _cuts(column: "pd.Series", box: Box, name: str) -> list[Box]:
    """The boxes that are left when a little is cut off at either end, or one of the words."""
    known = column.notna().to_numpy()
    mine = box.inside & known
    if not mine.any():
        return []
    if not _is_number(column):
        there = frozenset(column[mine])
        return [
            Box({**box.limits, name: there - {word}}, box.inside & ~column.isin([word]).to_numpy(bool))
            for word in sorted(there)
            if len(there) > 1
        ]
    values = column.to_numpy(float)
    ordered = np.sort(values[mine])
    count = max(1, round(PEEL * len(ordered)))
    before = box.limits.get(name, (float(ordered[0]), float(ordered[-1])))
    assert isinstance(before, tuple)
    low, high = before
    above, below = ordered[ordered > ordered[count - 1]], ordered[ordered < ordered[-count]]
    ends: list[tuple[float, float]] = [(float(above[0]), high)] if len(above) else []
    ends += [(low, float(below[-1]))] if len(below) else []
    return [Box({**box.limits, name: (a, b)}, box.inside & ~(known & ((values < a) | (values > b)))) for a, b in ends]


def chosen(boxes: list[Box], holds: np.ndarray, density: float) -> Box:
    """The widest box of a trajectory with at least that density; where none has it, the one with the best harmonic mean
    of coverage and density."""
    for box in boxes:
        if box.measured(holds)[1] >= density:
            return box
    return max(boxes, key=lambda box: _harmonic(*box.measured(holds)))


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


def widened(points: "pd.DataFrame", box: Box, name: str, within: np.ndarray | None = None) -> Box:
    """A box without the limits of one variable."""
    limits = {other: limit for other, limit in box.limits.items() if other != name}
    inside = np.ones(len(points), bool) if within is None else within.copy()
    for other, limit in limits.items():
        inside &= _lies(points[other], limit)
    return Box(limits, inside)


def _lies(column: "pd.Series", limit: Limit) -> np.ndarray:
    if isinstance(limit, frozenset):
        return (column.isin(limit) | column.isna()).to_numpy()
    return (column.between(*limit) | column.isna()).to_numpy()


def quasi_p(points: "pd.DataFrame", holds: np.ndarray, box: Box, within: np.ndarray | None = None) -> dict[str, float]:
    """For each limited variable the chance of as many cases in the box as there are, if its limits meant nothing.

    The tail of a binomial whose chance is the density without those limits.
    """
    from scipy.stats import binom

    count, caught = int(box.inside.sum()), int(holds[box.inside].sum())
    found = {}
    for name in box.limits:
        _, density = widened(points, box, name, within).measured(holds)
        found[name] = float(binom.sf(caught - 1, count, density))
    return found


def _is_number(column: "pd.Series") -> bool:
    return column.dtype.kind in "fiu"
