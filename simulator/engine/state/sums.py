"""What the rows of a month add up to."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.core.names import CARE, INCOME_BINS
from simulator.count.events import EVENTS
from simulator.count.people import AGE_BANDS, AGES, HOMES, INCOMES, PLANS
from simulator.count.sums import COUNTED
from simulator.declare.books import BOOKS
from simulator.engine.state.world import World

SUMS = tuple(each.name for each in COUNTED)


class Arrays(NamedTuple):
    """The sums as passes add to them; shapes as in `Sums`."""

    counts: np.ndarray
    events: np.ndarray
    plans: np.ndarray
    incomes: np.ndarray
    ages: np.ndarray
    homes: np.ndarray
    extras: np.ndarray


class Sums:
    """Zeroed arrays that a block's pass adds to; blocks are summed, so the split into blocks leaves no trace."""

    def __init__(self, world: World, counts: np.ndarray | None = None):
        """``counts`` are zeros to be used for the books, where there are any at hand."""
        facilities, plans = len(world.facilities), len(world.words.plans)
        self.counts = BOOKS.sized(len(world.cells)) if counts is None else counts
        self.events = EVENTS.sized(facilities)
        self.plans = PLANS.sized(plans * len(world.words.holders))
        self.incomes = INCOMES.sized(INCOME_BINS)
        self.ages = AGES.sized(len(AGE_BANDS))
        self.homes = HOMES.sized(facilities, plans)
        self.extras = np.zeros((facilities, plans, len(CARE), len(PAYERS)), np.int64)

    @property
    def arrays(self) -> Arrays:
        """All of them in one tuple."""
        return Arrays(*(getattr(self, name) for name in SUMS))

    def add(self, other: "Sums", names: Sequence[str]) -> None:
        """Add another block's sums of these names."""
        for name in names:
            getattr(self, name).__iadd__(getattr(other, name))

    def clear(self, names: Sequence[str]) -> None:
        """Back to zero."""
        for name in names:
            getattr(self, name)[:] = 0


def sums_of(world: World) -> Sums:
    """The month's sums, as the passes add to them."""
    sums = Sums.__new__(Sums)
    tally = world.tally
    for name in SUMS:
        setattr(sums, name, getattr(tally, name))
    return sums
