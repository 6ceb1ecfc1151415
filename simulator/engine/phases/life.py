"""Phase 6, life: births, deaths, the course of disease."""

import numpy as np

from simulator.engine.engine import Engine
from simulator.engine.passes.life import mean_trust
from simulator.engine.state.sums import sums_of
from simulator.engine.state.world import World


def life(world: World, engine: Engine) -> None:
    """6. Births, deaths, the course of disease; neighbours' trust as it was at the start of the month."""
    sums, counts = np.zeros((2, len(world.facilities)), np.int64)
    mean_trust(world.families, 0, len(world.families) - 1, sums, counts)
    sums, counts = world.whole.total(sums, counts)
    near = sums / np.maximum(counts, 1) / 1e6
    engine.live(world, near, sums_of(world))
