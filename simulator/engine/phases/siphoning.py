"""Phase 12, siphoning: what hospitals will invest, and which doctors will leave for better pay."""

import numpy as np

from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.practice.siphoning import siphon_all, top_growth


def siphoning(world: World, engine: Engine) -> None:
    """12. Hospitals decide what of their margin buys equipment and beds, doctors whether to go where pay has grown;
    both count from the next month on. Nothing is invested and nobody moves before the burn-in is over."""
    fac, par = world.facilities, world.behaviour[0]
    there = fac["doctors"] > 0
    now = np.where(there, world.tally.settled.pay / np.where(there, fac["doctors"], 1.0), 0.0)
    if world.month == 0:
        fac["pay"] = now
    fac["pay"] += par["income_adjust"] * (now - fac["pay"])
    if world.month < world.burn_in - 1:
        return
    if world.month == max(world.burn_in - 1, 0):
        fac["pay_before"] = fac["pay"]
    siphon_all(fac, float(top_growth(fac)), world.behaviour)
