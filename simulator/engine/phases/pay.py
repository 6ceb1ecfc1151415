"""Phase 9, pay: outcomes, bills and what families learn."""

from simulator.engine.engine import Engine
from simulator.engine.state.sums import SUMS, sums_of
from simulator.engine.state.world import World


def pay(world: World, engine: Engine) -> None:
    """9. Families get their outcomes: bills by day on running deductibles, books, trust and habit."""
    sums = sums_of(world)
    engine.receive(world, sums)
    world.spare_counts = sums.counts
    for name, whole in zip(SUMS, world.whole.total(*(getattr(sums, name) for name in SUMS)), strict=True):
        setattr(world.tally, name, whole)
