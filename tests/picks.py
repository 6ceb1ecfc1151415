"""Picking one option by hand: the rule over lanes, with one lane."""

import numpy as np

from simulator.choice.place import NOWHERE, pick
from simulator.engine.passes.care.lanes import room


def picked(u: float, values: np.ndarray, without: int = -1) -> int:
    """Option that a draw falls on among ``values``; ``without`` is left out."""
    lanes = room()[0]
    lanes.draw[0] = u
    lanes.value[: len(values), 0] = values
    if without >= 0:
        lanes.value[without, 0] = NOWHERE
    pick(lanes, 1, len(values))
    return int(lanes.chosen[0])
