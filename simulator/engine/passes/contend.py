"""Two rounds of contention for slots or beds over all blocks of episodes."""

from typing import NamedTuple

import numpy as np

from simulator.engine.state.blocks import Block, Each
from simulator.referral.contention import KEYS, apply, count, list_asking, resolve


class Contended(NamedTuple):
    """What became of a contention, by pool (pool,): asked for in the first round, and given in both."""

    wanted: np.ndarray
    given: np.ndarray


def contend(each: Each, capacity: np.ndarray) -> Contended:
    """Serve what the rows ask for, up to ``capacity`` by pool (pool,)."""
    pools = len(capacity)

    def ask(block: Block) -> np.ndarray:
        wanted, found = np.zeros(pools, np.int64), np.empty(block.end, np.int64)
        block.asking = found[: list_asking(block.rows[: block.end], found, wanted)]
        return wanted

    def give(block: Block, cut: np.ndarray) -> np.ndarray:
        wanted = np.zeros(pools, np.int64)
        block.asking = block.asking[: apply(block.rows, block.asking, cut, wanted)]
        return wanted

    first = wanted = sum(each(ask))
    given = np.zeros(pools, np.int64)
    for _ in range(2):
        cut, used = cut_off(each, wanted, capacity - given)
        given += used
        wanted = sum(each(lambda block, cut=cut: give(block, cut)))
    return Contended(first, given)


def cut_off(each: Each, wanted: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut-off key of each pool and what is used up to it, both (pool,), where so much is ``left``. Only where more is
    ``wanted`` does it matter who comes first."""
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
        resolve(sum(each(demand)), left[scarce], *found)
        cut[scarce], used[scarce] = found
    return cut, used
