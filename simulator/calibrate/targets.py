"""Targets as numbers: levels with their variances, and what the outcomes of a run come to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulator.calibrate.language import Aim, Price, Series
from simulator.study.summary import BASELINE

type Outcomes = Mapping[str, Mapping[str, float | None]]
"""Figure by outcome by arm."""


@dataclass(frozen=True)
class Targets:
    """Names, levels, tolerances and standard deviations (of figure and model together), in order."""

    names: tuple[str, ...]
    level: np.ndarray
    tolerance: np.ndarray
    discrepancy: np.ndarray

    @classmethod
    def of(cls, aims: Mapping[str, Aim]) -> "Targets":
        """Those of a calibration."""
        each = list(aims.values())
        columns = ([getattr(aim, name) for aim in each] for name in ("level", "tolerance", "discrepancy"))
        return cls(tuple(aims), *map(np.array, columns))

    def __len__(self) -> int:
        return len(self.names)

    @property
    def variance(self) -> np.ndarray:
        """Of the figure, whose two standard deviations the tolerance is, and of what the model leaves out."""
        return (self.tolerance / 2) ** 2 + self.discrepancy**2

    def inside(self, levels: np.ndarray) -> np.ndarray:
        """Which levels count as right."""
        return np.abs(levels - self.level) <= self.tolerance


def outcomes_wanted(aims: Mapping[str, Aim]) -> dict[str, Series]:
    """Rows of the results that targets are reckoned from, by a name of their own."""
    wanted: dict[str, Series] = {}
    for name, aim in aims.items():
        wanted[name] = aim
        wanted |= {_part(name, number): each for number, each in enumerate(aim.over)}
        wanted |= {_price(name, number): each for number, each in enumerate(_prices(aim))}
    return wanted


def level_of(name: str, aim: Aim, outcomes: Outcomes) -> float:
    """The level of a target in a run; NaN where a figure is missing."""
    base = outcomes[BASELINE][name]
    if base is None:
        return math.nan
    if aim.elasticity is not None:
        changed = outcomes[aim.elasticity.arm][name]
        if changed is None or changed <= 0 or base <= 0:
            return math.nan
        price = _dearer(name, aim, outcomes)
        return math.log(changed / base) / math.log(price) if price > 0 and price != 1 else math.nan
    if not aim.over:
        return base
    parts = [outcomes[BASELINE][_part(name, number)] for number in range(len(aim.over))]
    if any(part is None for part in parts):
        return math.nan
    below = math.fsum(each.weight * part for each, part in zip(aim.over, parts, strict=True) if part is not None)
    return base / below if below else math.nan


def _dearer(name: str, aim: Aim, outcomes: Outcomes) -> float:
    """The prices of the arm of an elasticity over those of the baseline; NaN where a figure is missing."""
    assert aim.elasticity
    if not isinstance(aim.elasticity.price, Price):
        return aim.elasticity.price
    found = []
    for arm in (aim.elasticity.arm, BASELINE):
        figures = [outcomes[arm][_price(name, number)] for number in range(len(_prices(aim)))]
        known = [each for each in figures if each]
        if len(known) < len(figures):
            return math.nan
        found.append(known[0] / (known[1] if len(known) > 1 else 1.0))
    return found[0] / found[1]


def _prices(aim: Aim) -> list[Series]:
    """Rows of the results that the price of an elasticity is reckoned from."""
    price = aim.elasticity.price if aim.elasticity else None
    if not isinstance(price, Price):
        return []
    return [price, price.over] if price.over else [price]


def _price(name: str, number: int) -> str:
    return f"{name}_price_{number}"


def _part(name: str, number: int) -> str:
    return f"{name}_over_{number}"
