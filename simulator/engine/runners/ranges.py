"""The compiled passes over a range of families or of episodes of a world, as every engine calls them.

F families ``low`` to ``high`` (the latter not included) own the rows ``start`` to ``end`` of their episodes.
"""

import numpy as np

from simulator.engine.passes.admission import admit
from simulator.engine.passes.care.choose import choose
from simulator.engine.passes.care.lanes import lanes_of_thread
from simulator.engine.passes.life import Around, live
from simulator.engine.passes.step_down import offer
from simulator.engine.state.in_force import in_force
from simulator.engine.state.sums import Sums
from simulator.engine.state.world import World


def live_month(w: World, near: np.ndarray, sums: Sums, low: int, high: int) -> None:
    """A month of life, beside neighbours whose mean trust by community is ``near`` (facility,)."""
    around = Around(w.people, w.deaths, w.prevalence, near, w.work)
    live(w.families, w.persons, w.facilities, around, w.behaviour, w.clock, sums.events, low, high)


def intend(w: World, rows: np.ndarray, low: int, high: int) -> int:
    """Write into ``rows``, from the first, who is ill and where families want to go; the number of rows written, or -1
    where they would not do. Nothing else is changed, so it can be repeated."""
    return choose(w.families, w.persons, in_force(w), w.risk, w.refill_groups, low, high, rows, lanes_of_thread())


def want_bed(w: World, rows: np.ndarray, start: int, end: int) -> None:
    """Families of patients who need a bed say where they want it."""
    admit(w.families, w.persons, in_force(w), rows, start, end, lanes_of_thread())


def step_down(w: World, rows: np.ndarray, start: int, end: int) -> None:
    """Stable patients are offered a step down and consent or not."""
    offer(w.families, w.persons, w.facilities, w.behaviour, w.clock, rows, start, end)
