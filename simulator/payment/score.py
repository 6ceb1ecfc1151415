"""Scores (绩效考核): how levels of indicators scale a payment, and what one more of something adds to the score.

Of the indicators, four are read off the panel of a place where the engine counts nothing better: contract_share
(signed / heads), served_share (served / signed), managed_share (managed / diagnosed), control_share (controlled /
diagnosed); and upcoded_share off its books (cases coded too high / admissions). A score of an alliance may also read
control of one disease, see `OF_ONE_DISEASE`.
"""

from collections.abc import Mapping

import numpy as np
from pydantic import BaseModel, ConfigDict

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.names import DISEASES as CHRONIC
from simulator.core.names import INPATIENT
from simulator.core.units import Share
from simulator.payment.books import CASES, UPCODED
from simulator.payment.closed import Books
from simulator.payment.market import Market
from simulator.payment.panel import Panel
from simulator.payment.price import by_row

DOUBT = 0.02
"""Scale of the logistic doubt about the level that an indicator will have when the score is taken; by judgement."""

OF_BOOKS = ("upcoded_share",)
"""Indicators that are read off the books of a place."""
RATIOS = {
    "contract_share": ("signed", "heads"),
    "served_share": ("served", "signed"),
    "managed_share": ("managed", "diagnosed"),
    "control_share": ("controlled", "diagnosed"),
}
"""Indicator -> counts of the panel, above and below."""
ENTRIES = {"signed": "signed", "served": "served", "managed": "managed", "controlled": "controlled", "heads": "head"}
"""Count of the panel -> panel entry that adds one to it; a managed patient counts for a month, the others for a year.
"""
PER_YEAR = {"managed": 1 / 12}
OF_ONE_DISEASE = {f"control_share_{disease}": ("control_share", disease) for disease in CHRONIC}
"""What a score calls control of one disease alone -> the indicator that reports it, and its part."""


class Target(BaseModel):
    """How one indicator moves the score: nothing at ``none_at``, everything at ``full_at``, straight in between."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: Share
    """Weight of the indicator in the score."""
    none_at: Share
    """Level at which the indicator adds nothing."""
    full_at: Share
    """Level at which it adds its whole weight; below `none_at` where less is better."""

    def reached(self, level: float | np.ndarray) -> float | np.ndarray:
        """Part of the weight that a level brings, 0 to 1."""
        span = self.full_at - self.none_at
        part = (level - self.none_at) / span if span else np.greater_equal(level, self.full_at) * 1.0
        return np.clip(part, 0.0, 1.0)

    def slope(self, level: np.ndarray) -> np.ndarray:
        """What one more unit of the level is expected to add to the score: the slope of `reached`, as far as the level
        may be expected to lie between the two ends when the score is taken."""
        span = self.full_at - self.none_at
        if not span:
            return smooth((level - self.full_at) / DOUBT) * smooth((self.full_at - level) / DOUBT) * self.weight / DOUBT
        inside = smooth((self.full_at - level) / DOUBT) - smooth((self.none_at - level) / DOUBT)
        return self.weight * np.abs(inside) / span


def reported(name: str) -> tuple[str, str]:
    """The indicator that reports what a score calls ``name``, and its part; empty where it is of everybody.

    >>> reported("control_share_diabetes"), reported("managed_share")
    (('control_share', 'diabetes'), ('managed_share', ''))
    """
    return OF_ONE_DISEASE.get(name, (name, ""))


Targets = dict[str, Target] | None
"""Targets by indicator; none: the score is 1."""


def smooth(z: float | np.ndarray) -> np.ndarray:
    """The logistic function of an array."""
    z = np.asarray(z, float)
    smoothed = np.empty(z.size)
    _smooth(np.ascontiguousarray(z).ravel(), smoothed)
    return smoothed.reshape(z.shape)


@compiled
def _smooth(values, smoothed):
    """The logistic function of each value."""
    for i in range(len(values)):
        smoothed[i] = logistic(values[i])


def score(targets: Targets, levels: Mapping[str, float | np.ndarray]) -> float | np.ndarray:
    """Score, 0 to 1, from levels: numbers, or arrays by facility (F,). A level that is not known counts as 0."""
    if not targets:
        return 1.0
    reached = 0.0
    for name, target in targets.items():
        reached = reached + target.weight * target.reached(levels.get(name, 0.0))
    return reached


def scored(targets: Targets, market: Market, books: Books) -> np.ndarray:
    """Score of each facility (F,)."""
    return np.broadcast_to(score(targets, levels(market, books)), market.tier.shape)


def levels(market: Market, books: Books) -> dict[str, np.ndarray]:
    """Levels of indicators by facility (F,): what the engine counted, else what panel and books tell."""
    found = {}
    if market.panel is not None:
        for name, (above, below) in RATIOS.items():
            people = people_of(market.panel, below)
            found[name] = people_of(market.panel, above) / np.maximum(people, 1)
    if books.year is not None:
        cases, upcoded = (
            by_row(admitted(market, books.year, column), market.cells["facility"], len(market.tier))
            for column in (CASES, UPCODED)
        )
        found["upcoded_share"] = upcoded / np.maximum(cases, 1)
    return found | {name: np.nan_to_num(level) for name, level in market.levels.items()}


def marginal(targets: Targets, market: Market, books: Books) -> dict[str, np.ndarray]:
    """What one more of a panel entry is expected to add to the score of its place, per unit of the entry (F,)."""
    added: dict[str, np.ndarray] = {}
    if market.panel is None:
        return added
    known = levels(market, books)
    for name, target in (targets or {}).items():
        if name not in RATIOS:
            continue
        above, below = RATIOS[name]
        slope = target.slope(known[name])
        top, bottom = people_of(market.panel, above), people_of(market.panel, below)
        more = np.where(top > 0, known[name] / np.maximum(top, 1), 1 / np.maximum(bottom, 1))
        for count, change in ((above, more), (below, -known[name] / np.maximum(bottom, 1))):
            if entry := ENTRIES.get(count):
                added[entry] = added.get(entry, 0.0) + slope * change * PER_YEAR.get(entry, 1.0)
    return added


def by_admission(targets: Targets, market: Market, books: Books) -> np.ndarray:
    """What one more admission, truly coded, is expected to add to the score of its place (F,): among more admissions
    those coded too high are a smaller share."""
    added = np.zeros(len(market.tier))
    target = (targets or {}).get("upcoded_share")
    if target is None or books.year is None:
        return added
    level = levels(market, books)["upcoded_share"]
    admissions = by_row(admitted(market, books.year, CASES), market.cells["facility"], len(market.tier))
    return -target.slope(level) * level / np.maximum(admissions, 1)


def admitted(market: Market, year: np.ndarray, column: int) -> np.ndarray:
    """A count of a year of stays, zero in other cells, int64 (C,)."""
    return np.where(market.cells["care"] == INPATIENT, year[:, column], 0)


def panel_of(market: Market) -> Panel:
    """The panel; raises ValueError where nobody counted it, for a rule that does not say `reads_panel`."""
    if market.panel is None:
        raise ValueError("the panel was not counted for this rule")
    return market.panel


def people_of(panel: Panel, count: str) -> np.ndarray:
    """A count of the panel by facility (F,)."""
    people = getattr(panel, count)
    return people.reshape(len(people), -1).sum(axis=1)
