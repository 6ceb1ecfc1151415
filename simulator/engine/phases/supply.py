"""Phase 2, supply: the doctors, beds and skill that there are this month."""

import numpy as np

from simulator.engine.engine import Engine
from simulator.engine.state.world import World
from simulator.engine.terms.panel import panel
from simulator.engine.terms.staff import put_staff
from simulator.payment.market import places
from simulator.payment.rule import Supplied


def supply(world: World, engine: Engine) -> None:
    """2. Doctors, clinic slots and beds: by what rules in force plan or hire, what margins built, and who went where
    pay has grown."""
    planned = _planned(world)
    world.facilities["added"] = planned.capability
    put_staff(world.facilities, planned)


def _planned(world: World) -> Supplied:
    """What the rules in force add to supply, together (F,)."""
    size, now = len(world.facilities), world.month - world.burn_in
    total = Supplied(*np.zeros((len(Supplied._fields), size)))
    rules = {name: pair for name, pair in world.system.settlements.items() if pair[0].supplies()}
    if not rules:
        return total
    residents = panel(world).heads.sum(axis=(1, 2))
    for name, (rule, mine) in rules.items():
        adds = rule.supply(residents, places(world.cells, mine, size), now - world.system.since[name] + 1)
        if adds is not None:
            total = Supplied(*(sum(pair) for pair in zip(total, adds, strict=True)))
    return total
