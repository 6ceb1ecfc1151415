"""Which cells the rules of a month look at: those that the closed books use, and what stands for all others.

A small sample uses a fifth of the cells in two years. Leaving out the rest changes no figure: a sum loses zeros, a mean
over the cells of a setting where nothing was seen keeps all of them, and of every kind of cell that a rule can tell
apart (facility, setting, plan, who owns it, who has it in scope) at least one stays.
"""

import numpy as np

from simulator.core.names import CARE
from simulator.engine.state.world import World
from simulator.fund.settlement import Counted
from simulator.payment.books import CASES
from simulator.payment.closed import Chosen

CLEAR = 2**40
"""Kinds are numbered anew before their number grows beyond this."""


def one_of_every_kind(world: World) -> np.ndarray:
    """The first cell of every kind that the rules in force tell apart, ascending."""
    cells = world.cells
    kind = (cells["facility"] * len(CARE) + cells["care"]) * len(world.words.plans) + cells["plan"]
    scopes = [world.system.tariffs.owners, *(mine for _, mine in world.system.settlements.values())]
    for scope in (*scopes, *(pool.cells for pool in world.pools)):
        parts = int(scope.max(initial=0)) + 1
        if parts == 1:
            continue
        kind = kind * parts + scope
        if kind.max(initial=0) > CLEAR:
            kind = np.unique(kind, return_inverse=True)[1]
    return np.sort(np.unique(kind, return_index=True)[1])


def cells_in_use(world: World, used: np.ndarray | None = None) -> Chosen:
    """The cells that this month's rules look at; with those just ``used``, ascending, when it is over."""
    books, chosen = world.books, world.chosen
    if books.sums is None or chosen is None:
        mask = np.ones(len(world.cells), bool)
    elif used is not None:
        if not (chosen.place[used] < 0).any():
            return chosen
        mask = chosen.place >= 0
        mask[used] = True
    else:
        rows, counts = books.sums
        setting = world.cell_settings
        seen = np.bincount(setting[rows], counts[:, CASES], int(setting[-1]) + 1)
        mask = books.in_use()
        mask[world.kinds_of_cell] = True
        unseen = seen == 0
        if unseen.any():
            mask |= unseen[setting]
        if np.array_equal(mask, chosen.place >= 0):
            return chosen
    world.chosen = Chosen(mask)
    return world.chosen


def counted(world: World, chosen: Chosen) -> Counted:
    """What the month counted, in the cells that it used."""
    used = world.tally.used
    return Counted(chosen.place[used], world.tally.counts[used])
