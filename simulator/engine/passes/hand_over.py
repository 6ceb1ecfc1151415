"""Phase 7, first contact online: a patient who has to be examined is handed over to a place (引导至实体医疗机构).

The doctor neither treats nor refers: the family goes, as if it had gone there at once, to the place that is worth most
to it by now, if it does at that price; and is booked in there, at the second best if that is full.
"""

import numpy as np

from simulator.choice.going import chance_going
from simulator.choice.online import chance_examined
from simulator.choice.place import NOWHERE
from simulator.core.draws import EXAMINED, uniforms
from simulator.core.jit import compiled
from simulator.core.names import ONLINE
from simulator.engine.passes.there import ask_there, price_there, worth_there
from simulator.engine.state.episodes import HANDED_OVER, REFILL
from simulator.population.families import relative_income


@compiled
def two_best(family, person, e, income, force):
    """Rows of the two places that are worth most to the patient of episode ``e``, -1 for none, and the price of the
    first, yuan."""
    first, other, price = -1, -1, 0.0
    best, second = NOWHERE, NOWHERE
    emergency = np.int64(e.severity >= force.par.emergency)
    for k in range(ONLINE):
        f = family.place[k]
        if f < 0:
            continue
        yuan = price_there(family, person, f, e, emergency, income, force)
        if yuan < 0.0:
            continue
        value = worth_there(family, person, f, e, yuan, force)
        if value > best:
            other, second = first, best
            first, best, price = f, value, yuan
        elif value > second:
            other, second = f, value
    return first, other, price


@compiled
def hand_over(e, u_order, families, persons, force):
    """The first contact of episode ``e`` online: who has to be examined is not treated, and asks for a slot at a place
    in the order of ``u_order``."""
    par, family, person = force.par, families[e.family], persons[e.person]
    u_examined, u_go, _, _ = uniforms(force.clock, person.id, EXAMINED, e.number)
    if u_examined >= chance_examined(e.severity, par):
        return
    e.cured = 0
    e.sent = HANDED_OVER
    income = relative_income(families, e.family, force.clock)
    first, other, yuan = two_best(family, person, e, income, force)
    if first < 0 or u_go >= chance_going(e.severity, yuan, income, np.float64(e.kind == REFILL), par):
        return
    ask_there(persons, e, first, u_order, force)
    if other >= 0:
        e.second_place = other
        e.second = force.facilities[other].slot_pool
        e.second_amount = 1
