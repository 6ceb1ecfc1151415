"""What a pass over families reads and never writes."""

from typing import Any, NamedTuple

import numpy as np

from simulator.benefit.cover import Cover
from simulator.engine.state.world import World


class InForce(NamedTuple):
    """Tables and parameters in force this month; put together once a pass and handed down whole.

    A field costs nothing where it is not used: kernels are inlined into the pass.
    """

    facilities: np.ndarray
    groups: np.ndarray
    cover: Cover
    par: Any  # the one row of behavioural parameters
    clock: Any  # the one row of the clock


def in_force(world: World) -> InForce:
    """What is in force in a world now."""
    return InForce(world.facilities, world.groups, world.cover, world.behaviour[0], world.clock[0])
