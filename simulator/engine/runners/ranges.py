"""The compiled passes over a range of families or of episodes of a world, as every engine calls them.

F families ``low`` to ``high`` (the latter not included) own the rows ``start`` to ``end`` of their episodes.
"""

import numpy as np

from simulator.core.names import OPTIONS
from simulator.engine.passes.choose import choose
from simulator.engine.passes.life import live
from simulator.engine.passes.see import admit
from simulator.engine.passes.step_down import offer
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World


def scratch() -> np.ndarray:
    """Room to value options of choice: utility, price, chance of cure, place, and the weight in a pick."""
    return np.zeros((5, OPTIONS))


def live_month(w: World, near: np.ndarray, sums: Sums, low: int, high: int) -> None:
    """A month of life, beside neighbours whose mean trust by community is ``near`` (facility,)."""
    live(w.families, w.persons, w.people, w.facilities, w.deaths, w.prevalence, near, w.behaviour, w.clock,
         sums.events, low, high)  # fmt: skip


def intend(w: World, rows: np.ndarray, low: int, high: int) -> int:
    """Write into ``rows``, from the first, who is ill and where families want to go; the number of rows written, or -1
    where they would not do. Nothing else is changed, so it can be repeated."""
    return choose(w.families, w.persons, w.facilities, w.groups, w.risk, w.refill_groups, w.cover, w.behaviour, w.clock,
                  rows, scratch(), low, high, 0, len(rows))  # fmt: skip


def want_bed(w: World, rows: np.ndarray, start: int, end: int) -> None:
    """Families of patients who need a bed say where they want it."""
    admit(w.families, w.persons, w.facilities, w.groups, w.cover, w.behaviour, w.clock, rows, scratch(), start, end)


def step_down(w: World, rows: np.ndarray, start: int, end: int) -> None:
    """Stable patients are offered a step down and consent or not."""
    offer(w.families, w.persons, w.facilities, w.behaviour, w.clock, rows, start, end)
