"""What providers want, from the rules of a scenario to columns of the table of facilities."""

import numpy as np

from simulator.core.names import KINDS, TIERS
from simulator.engine.state.world import World
from simulator.scenario.resolve.scope import named
from simulator.scenario.schema.objectives import Places
from simulator.scenario.schema.rules import Rules


def put_objectives_in_force(world: World, rules: Rules) -> None:
    """Let every facility want what these rules say, from this month on; the usual where they say nothing."""
    fac = world.facilities
    fac["money_weight"], fac["patient_weight"] = 1.0, 1.0
    for objective in rules.objectives.values():
        mine = meant(world, objective.scope) if isinstance(objective.scope, Places) else np.ones(len(fac), bool)
        fac["money_weight"][mine] *= objective.money
        fac["patient_weight"][mine] *= objective.patients


def meant(world: World, places: Places) -> np.ndarray:
    """The facilities that a scope means, bool (F,)."""
    fac, names = world.facilities, world.words.facilities
    inside = np.ones(len(fac), bool)
    codes = {
        "kind": places.kinds and [KINDS.index(kind) for kind in places.kinds],
        "tier": places.tiers and [TIERS.index(tier) for tier in places.tiers],
        "area": places.areas and [world.words.areas.index(area) for area in places.areas],
    }
    for column, allowed in codes.items():
        if allowed is not None:
            inside &= np.isin(fac[column], allowed)
    if places.facilities is not None:
        inside &= np.isin(np.arange(len(fac)), [names.index(name) for name in named(places.facilities, names)])
    return inside
