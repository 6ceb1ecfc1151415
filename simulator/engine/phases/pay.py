"""Phase 8, pay: outcomes, bills and what families learn."""

from simulator.engine.engine import Engine
from simulator.engine.state.sums import sums_of
from simulator.engine.state.world import World


def pay(world: World, engine: Engine) -> None:
    """8. Families get their outcomes: bills by day on running deductibles, books, trust and habit."""
    engine.receive(world, sums_of(world))
