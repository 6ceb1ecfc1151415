"""Two rounds of contention for slots or beds over all blocks of episodes, and what came of them."""

from typing import NamedTuple

import numpy as np

from simulator.core.whole import Whole
from simulator.engine.state.blocks import Block, Each
from simulator.referral.contention import KEYS, apply, count, list_again, list_asking, resolve


class Contended(NamedTuple):
    """What became of a contention, by pool (pool,): asked for in the first round, and given in both."""

    wanted: np.ndarray
    given: np.ndarray


def contend(each: Each, whole: Whole, capacity: np.ndarray, beds: bool = False) -> Contended:
    """Serve what the rows of all shards ask for, up to ``capacity`` by pool (pool,). Only those ask for ``beds`` who
    are among the ``needing_bed`` of their block, and a stay may run on into the next month."""
    pools = len(capacity)

    def ask(block: Block) -> np.ndarray:
        wanted, found = np.zeros(pools, np.int64), np.empty(len(block.needing_bed) if beds else block.end, np.int64)
        if beds:
            number = list_again(block.rows, block.needing_bed, found, wanted)
        else:
            number = list_asking(block.rows[: block.end], found, wanted)
        block.asking = found[:number]
        return wanted

    def give(block: Block, cut: np.ndarray) -> np.ndarray:
        wanted = np.zeros(pools, np.int64)
        block.asking = block.asking[: apply(block.rows, block.asking, cut, wanted)]
        return wanted

    (first,) = whole.total(sum(each(ask)))
    cut, used = cut_off(each, whole, first, capacity, beds)
    (second,) = whole.total(sum(each(lambda block: give(block, cut))))
    last_cut, more = cut_off(each, whole, second, capacity - used, beds)
    each(lambda block: give(block, last_cut))
    return Contended(first, used + more)


def cut_off(
    each: Each, whole: Whole, wanted: np.ndarray, left: np.ndarray, runs_on: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Cut-off key of each pool and what is used up to it, both (pool,), where so much is ``left`` and what is begun
    there ``runs_on`` or does not. Only where more is ``wanted`` does it matter who comes first."""
    cut, used = np.full(len(left), KEYS), wanted.copy()
    scarce = np.flatnonzero(wanted > left)
    if len(scarce):
        crowded = np.full(len(left), -1)
        crowded[scarce] = np.arange(len(scarce))

        def demand(block: Block) -> np.ndarray:
            asked = np.zeros((len(scarce), KEYS), np.int64)
            count(block.rows, block.asking, crowded, asked)
            return asked

        found = np.zeros((2, len(scarce)), np.int64)
        (asked,) = whole.total(sum(each(demand)))
        resolve(asked, left[scarce], runs_on, *found)
        cut[scarce], used[scarce] = found
    return cut, used
