"""Two rounds of contention for slots or beds over all blocks of episodes."""

import numpy as np

from simulator.core.whole import Whole
from simulator.engine.state.blocks import Block, Each
from simulator.referral.contention import KEYS, apply, count, resolve


def contend(each: Each, whole: Whole, capacity: np.ndarray) -> np.ndarray:
    """Serve what the rows of all shards ask for, up to ``capacity`` by pool (F,); demand of the first round
    by pool (F,)."""
    left = capacity
    wanted = None
    for _ in range(2):
        (demand,) = whole.total(sum(each(lambda block: _demand(block, len(capacity)))))
        cut, used = resolve(demand, left)
        left = left - used
        each(lambda block, cut=cut: apply(block.rows, 0, block.end, cut))
        wanted = demand.sum(axis=1) if wanted is None else wanted
    return wanted


def _demand(block: Block, pools: int) -> np.ndarray:
    demand = np.zeros((pools, KEYS), np.int64)
    count(block.rows, 0, block.end, demand)
    return demand
