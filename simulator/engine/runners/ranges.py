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
from simulator.population.shapes import shapes, years_left

YEARS_LEFT = np.rint(years_left() * 1000).astype(np.int64)
"""Years before a person of each age, thousandths (101,)."""


def around(w: World, near: np.ndarray) -> Around:
    """What life depends on, beside neighbours whose mean trust by community is ``near`` (facility,)."""
    drawn = shapes()["frailty"]
    return Around(
        w.people, w.rare, w.deaths, w.prevalence, near, YEARS_LEFT, w.usual_frailty, float(drawn["income"]["value"]),
        float(drawn["spread"]["value"]), w.work,
    )  # fmt: skip


def live_month(w: World, near: np.ndarray, sums: Sums, low: int, high: int) -> None:
    """A month of life, see `around`."""
    found = around(w, near)
    live(w.families, w.persons, w.facilities, found, w.behaviour, w.clock, sums.events, sums.ages, low, high)


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
