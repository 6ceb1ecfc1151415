"""What each patient finds at the places that the family may go to, and what these are worth to it."""

import numpy as np

from simulator.benefit.cover import ROWS, insured_by, split, terms_of
from simulator.choice.place import NOWHERE, cure, made_welcome, perceived, utility
from simulator.choice.signal import NODES, at_node, doubt, felt, normal, share_of_node
from simulator.choice.trust import trust_of
from simulator.core.draws import SIGNAL
from simulator.core.jit import compiled
from simulator.core.maths import log, share_of
from simulator.core.names import CENTRE, ONLINE, OPTIONS, OUTPATIENT, STATION
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.passes.care.online import look_online, price_delivery, value_online
from simulator.engine.passes.care.way_up import Tastes, by_way_of_primary, find_way_up, price_referred
from simulator.engine.passes.price import Due, outside_share, price_felt, severity_factor, shared
from simulator.engine.passes.services import advice, linked, sooner, usual_source
from simulator.engine.state.episodes import REFILL, for_a_bed
from simulator.population.families import home_of, relative_income
from simulator.practice.capability import reputed
from simulator.practice.weigh import cares


@compiled
def patients(persons, cover, rows, low, high, lanes):
    """Give a lane to each of the first episodes from row ``low`` that want a visit: how many lanes, and the row after
    the last one looked at. People of one plan are side by side: their bills go by the same terms."""
    count, r = 0, low
    while r < high and count < WIDTH:
        lanes.order[count] = r
        lanes.plan[count] = insured_by(persons[rows[r].person], cover)
        count += np.int64(not for_a_bed(rows[r]))
        r += 1
    done = 0
    for plan in range(len(cover.rows) // ROWS):
        for e in range(count):
            lanes.row[done] = lanes.order[e]
            done += np.int64(lanes.plan[e] == plan)
    return count, r


@compiled
def feel_ill(persons, force, rows, count, lanes):
    """What the patients in ``count`` lanes take their illness for, before a doctor has seen them. Who needs a
    prescription knows."""
    par = force.par
    for e in range(count):
        episode = rows[lanes.row[e]]
        lanes.id[e] = persons[episode.person].id
        lanes.number[e] = episode.number
        lanes.severity[e] = episode.severity
        lanes.usual_severity[e] = force.groups[episode.group].severity
        lanes.refill[e] = np.float64(episode.kind == REFILL)
    draw(lanes, count, SIGNAL, force.clock)
    for e in range(count):
        z = normal(lanes.u0[e], lanes.u1[e], lanes.u2[e], lanes.u3[e])
        guess = felt(lanes.severity[e], lanes.usual_severity[e], z, par)
        known = lanes.refill[e]
        lanes.felt[e] = known * lanes.severity[e] + (1.0 - known) * guess
        lanes.doubt[e] = (1.0 - known) * doubt(guess, lanes.usual_severity[e], par)
        lanes.worried[e] = min(lanes.felt[e] + par.worry * lanes.doubt[e], 1.0)


@compiled
def look_around(families, persons, force, rows, count, lanes):
    """Fill ``count`` lanes with what their patients and families are, and with what they find at each of their
    options."""
    par, clock, facilities = force.par, force.clock, force.facilities
    for e in range(count):
        episode = rows[lanes.row[e]]
        family, person, group = families[episode.family], persons[episode.person], force.groups[episode.group]
        trust = trust_of(family, par)
        listed = group.bill * severity_factor(lanes.felt[e], group, par)
        straight = np.int64(lanes.felt[e] >= par.emergency)
        lanes.income[e] = relative_income(families, episode.family, clock)
        lanes.taste_quality[e] = family.taste_quality
        lanes.taste_price[e] = family.taste_price
        lanes.taste_travel[e] = family.taste_travel
        lanes.trust[e] = trust
        lanes.own_year[e] = person.own_year
        known = usual_source(person.managed == 1, person) and lanes.felt[e] < par.usual_source_severity
        home = facilities[home_of(family)]
        usual = par.usual_source if known else 0.0
        lanes.usual[e] = advice(usual, person, family, home, lanes.felt[e], lanes.refill[e], par, clock)
        lanes.shared[e] = 0
        for k in range(force.options):
            f = family.place[k]
            lanes.place[k, e] = f
            lanes.cover[k, e] = 0
            if f < 0:
                continue
            facility = facilities[f]
            tier = facility.tier
            able = reputed(facility, person.age, par)
            lanes.tier[k, e] = tier
            lanes.able[k, e] = perceived(able, tier, trust, facility.informed, par)
            lanes.charge[k, e] = listed * facility.outpatient_level
            lanes.outside[k, e] = outside_share(facility, OUTPATIENT)
            number, used, fund_year = terms_of(family, person, facility, OUTPATIENT, group, straight, force)
            lanes.cover[k, e] = number
            lanes.shared[e] |= np.int64(shared(family, force.cover.rows[number], force.cover))
            lanes.used[k, e] = used
            lanes.fund_year[k, e] = fund_year
            lanes.doctor_gain[k, e] = facility.refer - facility.keep * lanes.charge[k, e] / 100.0
            lanes.doctor_cares[k, e] = cares(facility, par)
            lanes.minutes[k, e] = family.minutes[k]
            lanes.wait[k, e] = facility.wait
            lanes.welcome[k, e] = made_welcome(facility.welcome, lanes.felt[e], par)
            lanes.habit[k, e] = family.habit[min(tier, 3)]
            inside = family.holder > 0 and facility.alliance == family.holder - 1
            lanes.inside[k, e] = np.float64(linked(inside, home, facility))
            lanes.sent_wait[k, e] = facility.wait * sooner(1.0, person, lanes.felt[e], home, facility)


@compiled
def price_run(row, k, low, high, lanes):
    """What a visit to option ``k`` leaves to the families in lanes ``low`` to ``high``, whose cover is ``row``."""
    for e in range(np.uint64(low), np.uint64(high)):  # an index that might be negative would keep the loop scalar
        charge = np.floor(lanes.charge[k, e] + 0.5)
        outside = share_of(charge, lanes.outside[k, e])
        own, _, back = split(charge, outside, row, row.deductible, lanes.used[k, e], lanes.fund_year[k, e],
                             lanes.own_year[e])  # fmt: skip
        lanes.charge[k, e], lanes.outside[k, e], lanes.own[k, e] = charge, outside, own - back
        lanes.yuan[k, e] = (own - back + outside) / 100.0


@compiled
def price_options(families, persons, force, rows, count, options, lanes):
    """What a visit to each option is expected to cost, see `price_felt`."""
    cover = force.cover
    for k in range(options):
        low = 0
        while low < count:
            high = low + 1
            while high < count and lanes.cover[k, high] == lanes.cover[k, low]:
                high += 1
            price_run(cover.rows[lanes.cover[k, low]], k, low, high, lanes)
            low = high
    for e in range(count):
        if lanes.shared[e] == 0:
            continue
        episode = rows[lanes.row[e]]
        family, person = families[episode.family], persons[episode.person]
        for k in range(options):
            f, row = lanes.place[k, e], cover.rows[lanes.cover[k, e]]
            if f >= 0:
                straight = np.int64(lanes.felt[e] >= force.par.emergency)
                due = Due(np.int64(lanes.charge[k, e]), np.int64(lanes.own[k, e]), np.int64(lanes.outside[k, e]))
                lanes.yuan[k, e] = price_felt(family, person, f, OUTPATIENT, episode.group, straight, due, row,
                                              lanes.income[e], force)  # fmt: skip


@compiled
def value_options(count, options, par, lanes):
    """Perceived chance of cure and utility of each option in ``count`` lanes; `NOWHERE` where there is none within
    reach."""
    for e in range(count):
        lanes.income[e] = log(lanes.income[e])
    for k in range(options):
        for e in range(count):
            lanes.chance[k, e] = 0.0
            lanes.way_up[k, e] = 0.0
        for n in range(NODES):
            share = share_of_node(n)
            at = n * OPTIONS + k
            for e in range(count):
                lanes.cured_at[at, e] = cure(lanes.able[k, e], at_node(lanes.felt[e], lanes.doubt[e], n), par)
            for e in range(count):
                lanes.chance[k, e] += share * lanes.cured_at[at, e]
    find_way_up(count, options, par, lanes)
    by_way_of_primary(count, options, par, lanes)
    for k in range(options):
        for e in range(count):
            tastes = Tastes(lanes.taste_quality[e], lanes.taste_price[e], lanes.taste_travel[e])
            tier = lanes.tier[k, e]
            value = utility(tastes, tier, lanes.chance[k, e], lanes.yuan[k, e], lanes.minutes[k, e], lanes.wait[k, e],
                            lanes.habit[k, e], lanes.trust[e], par)  # fmt: skip
            value += lanes.welcome[k, e] + lanes.way_up[k, e] - lanes.stay_dearer[k, e]
            value += lanes.usual[e] * (tier <= CENTRE)
            value += par.station_refill * lanes.refill[e] * (tier == STATION)
            there = (lanes.place[k, e] >= 0) & (lanes.yuan[k, e] >= 0.0)
            lanes.value[k, e] = value if there else NOWHERE


@compiled
def weigh(families, persons, force, rows, count, lanes):
    """Everything that ``count`` lanes need to know to choose; how many options there are at most."""
    options = force.options
    feel_ill(persons, force, rows, count, lanes)
    look_around(families, persons, force, rows, count, lanes)
    if options > ONLINE:
        look_online(families, force, rows, count, lanes)
    price_options(families, persons, force, rows, count, options, lanes)
    if options > ONLINE:
        price_delivery(families, persons, force, rows, count, lanes)
    price_referred(families, persons, force, rows, count, options, lanes)
    value_options(count, options, force.par, lanes)
    if options > ONLINE:
        value_online(families, persons, force, rows, count, lanes)
    return options
