"""What the passes of a month add up."""

from collections.abc import Sequence

import numpy as np

from simulator.benefit.layers import PAYERS
from simulator.core.names import CARE, INCOME_BINS
from simulator.engine.events import FACILITY_EVENTS, INCOME_EVENTS, PLAN_EVENTS
from simulator.engine.state.world import World
from simulator.payment.books import COUNTED

SUMS = ("counts", "events", "plans", "incomes", "homes", "extras")


class Sums:
    """Zeroed arrays that a block's pass adds to; blocks are summed, so the split into blocks leaves no trace."""

    def __init__(self, world: World, counts: np.ndarray | None = None):
        """``counts`` are zeros to be used for the books, where there are any at hand."""
        facilities = len(world.facilities)
        self.counts = np.zeros((len(world.cells), len(COUNTED)), np.int64) if counts is None else counts
        self.events = np.zeros((facilities, len(FACILITY_EVENTS)), np.int64)
        self.plans = np.zeros((len(world.words.plans) * len(world.words.holders), len(PLAN_EVENTS)), np.int64)
        self.incomes = np.zeros((INCOME_BINS, len(INCOME_EVENTS)), np.int64)
        self.homes = np.zeros((facilities, len(world.words.plans), 2), np.int64)
        self.extras = np.zeros((facilities, len(world.words.plans), len(CARE), len(PAYERS)), np.int64)

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
