"""What a pass over families reads, and does not write but for what few rules keep of a person."""

from typing import Any, NamedTuple

import numpy as np

from simulator.benefit.cover import Cover
from simulator.core.maths import width_of
from simulator.core.names import OPTIONS
from simulator.engine.state.world import World


class Cells(NamedTuple):
    """How many case groups, plans and alliances a facility's cells of the books tell apart."""

    groups: int
    plans: int
    holders: int


class InForce(NamedTuple):
    """Tables and parameters in force this month; put together once a pass and handed down whole.

    A field costs nothing where it is not used: kernels are inlined into the pass.
    """

    facilities: np.ndarray
    groups: np.ndarray
    rare: np.ndarray  # what few rules keep of each person, by `persons.row`; the one table that is written
    cover: Cover
    par: Any  # the one row of behavioural parameters
    clock: Any  # the one row of the clock
    first_cell: np.ndarray  # first cell of the books of each facility (F + 1,)
    cells: Cells
    width: float  # of the spread of bills, see `varied`
    lethality: np.ndarray  # of uncured illness by age (101,), see `chance_fatal`
    options: int = OPTIONS  # places that a family may choose between, at most


def in_force(world: World) -> InForce:
    """What is in force in a world now."""
    w, words, par = world, world.words, world.behaviour[0]
    cells = Cells(len(words.groups), len(words.plans), len(words.holders))
    width = float(width_of(par.bill_spread))
    return InForce(w.facilities, w.groups, w.rare, w.cover, par, w.clock[0], w.first_cell, cells, width,
                   w.lethality, w.options)  # fmt: skip
