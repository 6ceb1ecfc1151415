"""Primary care first and then sent up: what the way by a doctor of primary care is worth, what going straight costs.

A place of primary care is valued at

    chance = E[(1 − r) Q_here + r Q_up],   r = 1 − (1 − doctor sends)(1 − asks · granted)

over what remains in doubt of the severity, and at r times the price, way and wait of the hospital and the hassle, less
what an alliance of both places spares.
"""

from typing import NamedTuple

import numpy as np

from simulator.alliance.channels import eases
from simulator.benefit.status import REFERRED
from simulator.choice import place
from simulator.choice.place import NOWHERE, utility
from simulator.choice.signal import NODES, at_node, share_of_node
from simulator.core.jit import compiled
from simulator.core.maths import logistic, whole
from simulator.core.names import CENTRE, INPATIENT, OPTIONS, OUTPATIENT, SECONDARY, TERTIARY
from simulator.engine.passes.price import expected_price, stay_charge
from simulator.referral.up import chance_asking, chance_granted, chance_referred

disutility = place.price_felt


class Tastes(NamedTuple):
    """Tastes of the family of one lane, by the names that they have in its row."""

    taste_quality: float
    taste_price: float
    taste_travel: float


@compiled
def stay_dearer(family, person, f, episode, e, force, lanes):
    """Utility that a stay at hospital row ``f`` is expected to cost more who comes straight than who was sent: the
    chance that a stay follows times the difference of its prices."""
    par, g, income = force.par, episode.group, lanes.income[e]
    group = force.groups[g]
    straight = np.int64(lanes.felt[e] >= par.emergency)
    charge = whole(stay_charge(family, person, f, g, group.threshold, straight, force))
    direct = expected_price(family, person, f, INPATIENT, g, straight, charge, income, force)
    charge = whole(stay_charge(family, person, f, g, group.threshold, 1, force))
    sent = expected_price(family, person, f, INPATIENT, g, 1, charge, income, force)
    if direct < 0.0 or sent < 0.0:
        return 0.0
    need = 0.0
    for n in range(NODES):
        above = at_node(lanes.felt[e], lanes.doubt[e], n) - group.threshold
        need += share_of_node(n) * logistic(par.admission_slope * above + par.stay_bonus_hospital)
    return need * par.price * family.taste_price * (disutility(direct, par) - disutility(sent, par))


@compiled
def price_referred(families, persons, force, rows, count, options, lanes):
    """What hospitals cost who is sent there, and what a stay costs more who is not; only where rules ask for it is
    either another price."""
    for k in range(options):
        for e in range(count):
            lanes.sent_yuan[k, e] = lanes.yuan[k, e]
            lanes.stay_dearer[k, e] = 0.0
    if force.cover.read & REFERRED == 0:
        return
    for e in range(count):
        episode = rows[lanes.row[e]]
        family, person = families[episode.family], persons[episode.person]
        for k in range(SECONDARY, min(options, TERTIARY + 1)):
            f = lanes.place[k, e]
            if f < 0:
                continue
            charge = np.int64(lanes.charge[k, e])
            lanes.sent_yuan[k, e] = expected_price(family, person, f, OUTPATIENT, episode.group, 1, charge,
                                                   lanes.income[e], force)  # fmt: skip
            if force.facilities[f].bed_days > 0 and lanes.refill[e] == 0.0:
                lanes.stay_dearer[k, e] = stay_dearer(family, person, f, episode, e, force, lanes)


@compiled
def find_way_up(count, options, par, lanes):
    """The hospital that is worth most to who is sent up, in each of ``count`` lanes: reads `chance` of hospitals."""
    for e in range(count):
        lanes.up_worth[e] = NOWHERE
        lanes.up_cost[e] = 0.0
        lanes.up_eased[e] = 0.0
        lanes.up_option[e] = SECONDARY
    for k in range(SECONDARY, min(options, TERTIARY + 1)):
        for e in range(count):
            tastes = Tastes(lanes.taste_quality[e], lanes.taste_price[e], lanes.taste_travel[e])
            wait = lanes.sent_wait[k, e]
            cost = utility(tastes, lanes.tier[k, e], 0.0, lanes.sent_yuan[k, e], lanes.minutes[k, e], wait,
                           lanes.habit[k, e], lanes.trust[e], par)  # fmt: skip
            eased = lanes.inside[k, e] * eases(wait, par)
            worth = cost + eased + par.quality * lanes.taste_quality[e] * lanes.chance[k, e]
            there = (lanes.place[k, e] >= 0) & (lanes.sent_yuan[k, e] >= 0.0)
            better = there & (worth > lanes.up_worth[e])
            lanes.up_worth[e] = worth if better else lanes.up_worth[e]
            lanes.up_cost[e] = cost if better else lanes.up_cost[e]
            lanes.up_eased[e] = eased if better else lanes.up_eased[e]
            lanes.up_option[e] = k if better else lanes.up_option[e]
    for n in range(NODES):
        for e in range(count):
            lanes.up_cured[n, e] = lanes.cured_at[n * OPTIONS + lanes.up_option[e], e]


@compiled
def by_way_of_primary(count, options, par, lanes):
    """Add to places of primary care, in ``count`` lanes, what being sent on from there is expected to bring: to
    `chance`, and to `way_up`. Whoever needs a prescription is not sent on."""
    for k in range(min(options, CENTRE + 1)):
        for e in range(count):
            lanes.gained[e] = 0.0
            lanes.trouble[e] = 0.0
        for e in range(count):
            lanes.grants[e] = chance_granted(lanes.doctor_gain[k, e], par)
            lanes.sent_cost[e] = lanes.up_cost[e] + lanes.inside[k, e] * lanes.up_eased[e]
        for n in range(NODES):
            here = n * OPTIONS + k
            for e in range(count):
                lanes.sends[e] = chance_referred(lanes.cured_at[here, e], lanes.up_cured[n, e], lanes.doctor_gain[k, e],
                                                 lanes.doctor_cares[k, e], par)  # fmt: skip
            for e in range(count):
                more = lanes.up_cured[n, e] - lanes.cured_at[here, e]
                lanes.asks[e] = chance_asking(lanes.sent_cost[e] + par.quality * lanes.taste_quality[e] * more, par)
            share = share_of_node(n)
            for e in range(count):
                kept = (1.0 - lanes.sends[e]) * (1.0 - lanes.asks[e] * lanes.grants[e])
                lanes.gained[e] += share * (1.0 - kept) * (lanes.up_cured[n, e] - lanes.cured_at[here, e])
                lanes.trouble[e] += share * (1.0 - kept) * (lanes.sent_cost[e] - par.ask_hassle)
        for e in range(count):
            may = (lanes.up_worth[e] > NOWHERE) & (lanes.refill[e] == 0.0)
            lanes.chance[k, e] += lanes.gained[e] if may else 0.0
            lanes.way_up[k, e] = lanes.trouble[e] if may else 0.0
