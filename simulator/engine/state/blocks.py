"""Blocks of families, the unit in which passes run."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Block:
    """Episodes of families ``low`` to ``high``: rows 0 to ``end`` of ``rows``."""

    low: int
    high: int
    rows: np.ndarray
    end: int = 0
    asking: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))  # rows that wait to be given something
    needing_bed: np.ndarray = field(
        default_factory=lambda: np.zeros(0, np.int64)
    )  # rows that need a bed this month, ascending


Each = Callable[[Callable[[Block], object]], list]
"""Runs a function on every block, in any order or at once, and returns the results."""
