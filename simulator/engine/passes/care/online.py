"""What differs where an option is online: no way, but medicines to be brought or fetched; who takes to it; and that
some will be sent on to a place.

    value = U(no cure by examination) + q (E[(1 − x) Q] − E[Q]) + E[x] · value of the best place + acceptance

with x the chance of having to be examined at each severity that is still possible, Q that of cure online, q the weight
of it. Families expect to pay for a whole visit.
"""

from simulator.choice.online import acceptance, chance_examined
from simulator.choice.place import NOWHERE, cure
from simulator.choice.signal import NODES, at_node, share_of_node
from simulator.core.jit import compiled
from simulator.core.names import CENTRE, ONLINE, OUTPATIENT, STATION
from simulator.engine.passes.price import Due, price_felt


@compiled
def way_to_medicines(family):
    """Minutes to the nearest place of primary care, where medicines prescribed online are to be had."""
    nearest = -1.0
    for k in range(STATION, CENTRE + 1):
        if family.place[k] >= 0 and (nearest < 0.0 or family.minutes[k] < nearest):
            nearest = family.minutes[k]
    return max(nearest, 0.0)


@compiled
def look_online(families, force, rows, count, lanes):
    """What ``count`` lanes find online that is not as at a place: a habit of places says nothing of it; whose
    prescription it is waits for the medicines, or fetches them."""
    for e in range(count):
        f = lanes.place[ONLINE, e]
        if f < 0:
            continue
        lanes.habit[ONLINE, e] = 0.0
        if lanes.refill[e] == 0.0:
            continue
        facility = force.facilities[f]
        if facility.delivers == 1:
            lanes.wait[ONLINE, e] += force.par.delay_day * facility.delivery_days
        else:
            lanes.minutes[ONLINE, e] = way_to_medicines(families[rows[lanes.row[e]].family])


@compiled
def price_delivery(families, persons, force, rows, count, lanes):
    """Add what bringing the medicines costs to what a prescription online is expected to cost ``count`` lanes."""
    for e in range(count):
        f = lanes.place[ONLINE, e]
        if f < 0 or lanes.refill[e] == 0.0 or force.facilities[f].delivers == 0:
            continue
        episode, fee = rows[lanes.row[e]], force.facilities[f].delivery_fee
        due = Due(int(lanes.charge[ONLINE, e]) + fee, int(lanes.own[ONLINE, e]), int(lanes.outside[ONLINE, e]) + fee)
        lanes.yuan[ONLINE, e] = price_felt(
            families[episode.family], persons[episode.person], f, OUTPATIENT, episode.group, 0, due,
            force.cover.rows[lanes.cover[ONLINE, e]], lanes.income[e], force,
        )  # fmt: skip


@compiled
def best_place(e, rows, lanes):
    """Value and chance of cure of the place that is worth most to lane ``e``, `NOWHERE` if there is none; and the
    share that the fund pays, above deductibles, at the best covered of them."""
    value, chance, paid = NOWHERE, 0.0, 0.0
    for k in range(ONLINE):
        if lanes.place[k, e] < 0:
            continue
        paid = max(paid, rows[lanes.cover[k, e]].fund_pays)
        if lanes.value[k, e] > value:
            value, chance = lanes.value[k, e], lanes.chance[k, e]
    return value, chance, paid


@compiled
def value_online(families, persons, force, rows, count, lanes):
    """Make of the value that an online visit would have in ``count`` lanes as one at a place what it has: see above."""
    par, cover = force.par, force.cover.rows
    for e in range(count):
        if lanes.value[ONLINE, e] == NOWHERE:
            continue
        row = cover[lanes.cover[ONLINE, e]]
        if row.refused == 1:
            lanes.value[ONLINE, e] = NOWHERE
            continue
        treated, sent = 0.0, 0.0
        for n in range(NODES):
            severity, share = at_node(lanes.felt[e], lanes.doubt[e], n), share_of_node(n)
            examined = chance_examined(severity, par)
            treated += share * (1.0 - examined) * cure(lanes.able[ONLINE, e], severity, par)
            sent += share * examined
        there, chance, paid = best_place(e, cover, lanes)
        episode = rows[lanes.row[e]]
        family, person = families[episode.family], persons[episode.person]
        value = lanes.value[ONLINE, e]
        value += par.quality * lanes.taste_quality[e] * (treated - lanes.chance[ONLINE, e])
        value += sent * there if there > NOWHERE else 0.0
        value += acceptance(person.age, family.literacy, family.online, max(paid - row.fund_pays, 0.0), par)
        lanes.value[ONLINE, e] = value
        lanes.chance[ONLINE, e] = treated + sent * chance
