"""Two rounds of contention for slots or beds over all blocks of episodes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simulator.referral.contention import KEYS, apply, count, resolve


@dataclass
class Block:
    """Episodes of families ``low`` to ``high``: rows 0 to ``end`` of ``rows``."""

    low: int
    high: int
    rows: np.ndarray
    end: int = 0


Each = Callable[[Callable[[Block], object]], list]
"""Runs a function on every block, in any order or at once, and returns the results."""


def contend(each: Each, capacity: np.ndarray) -> np.ndarray:
    """Serve what the rows ask for, up to ``capacity`` by pool (F,); demand of the first round by pool (F,)."""
    left = capacity
    wanted = None
    for _ in range(2):
        demand = sum(each(lambda block: _demand(block, len(capacity))))
        cut, used = resolve(demand, left)
        left = left - used
        each(lambda block, cut=cut: apply(block.rows, 0, block.end, cut))
        wanted = demand.sum(axis=1) if wanted is None else wanted
    return wanted


def _demand(block: Block, pools: int) -> np.ndarray:
    demand = np.zeros((pools, KEYS), np.int64)
    count(block.rows, 0, block.end, demand)
    return demand
