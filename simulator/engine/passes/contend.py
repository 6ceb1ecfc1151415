"""Two rounds of contention for slots or beds over all blocks of episodes, and what came of them."""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.whole import Whole
from simulator.engine.state.blocks import Block, Each
from simulator.engine.state.episodes import RETURNING
from simulator.referral.contention import KEYS, apply, count, resolve

UP, DOWN, ADMITTED, RETURNED = range(4)
STAGES = ("up", "down", "admitted", "returned")
"""Kinds of real flow between facilities."""


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


@compiled
def slots_taken(rows, end, facilities, taken):
    """Add the slots taken by first contacts to ``taken`` (pool,)."""
    for r in range(end):
        if rows[r].seen >= 0:
            taken[facilities[rows[r].seen].slot_pool] += 1


@compiled
def days_filled(rows, end, filled):
    """Add the bed-days filled by admissions to ``filled`` (F,)."""
    for r in range(end):
        if rows[r].admitted >= 0:
            filled[rows[r].admitted] += rows[r].days


@compiled
def keys_of_flows(rows, end, places, keys):
    """Write (stage · places + from) · places + to of everybody who went from one of ``places`` facilities to another
    into ``keys`` (4 · end,); how many there are."""
    n = 0
    for r in range(end):
        e = rows[r]
        if e.referred >= 0:
            keys[n] = (UP * places + e.seen) * places + e.referred
            n += 1
        if e.moved_to >= 0:
            keys[n] = (DOWN * places + e.admitted) * places + e.moved_to
            n += 1
        if e.admitted < 0:
            continue
        last = e.referred if e.referred >= 0 else e.seen
        if last >= 0 and last != e.admitted:
            keys[n] = (ADMITTED * places + last) * places + e.admitted
            n += 1
        if e.kind == RETURNING:
            keys[n] = (RETURNED * places + e.admitted) * places + e.admitted
            n += 1
    return n
