"""Phase 7, beds: who needs one, where the family wants it, and whether at that price."""

import numpy as np

from simulator.choice.admission import bed_utility, can_raise, chance_accepting, too_complex
from simulator.choice.place import NOWHERE, cure, perceived, pick
from simulator.choice.trust import trust_of
from simulator.core.draws import ADMISSION, BED, BILL, REFUSE, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import exp, logistic, whole
from simulator.core.names import CENTRE, ONLINE, SECONDARY, TERTIARY
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.passes.price import bed_price
from simulator.engine.passes.services import sooner
from simulator.engine.state.episodes import FORGONE, REFILL, WAITED_BED, WAITS_BED, is_back, quiet, was_referred
from simulator.illness.case_mix import weight_of
from simulator.illness.severity import urgency_of
from simulator.population.families import relative_income
from simulator.practice.capability import reputed
from simulator.referral.contention import order_of

BEDS = TERTIARY + 1
"""Options of a stay are those of a visit; the first, a station, has no beds."""


@compiled
def spread(u, half):
    """A factor around its mean, 1: uniform in the logarithm, half-width ``half``."""
    return exp(half * (2.0 * u - 1.0)) * (2.0 * half) / (exp(half) - exp(-half))


@compiled
def stay_of(u, facility, group, par):
    """Length of stay, whole days, at least one."""
    mean = group.stay * facility.usual_stay * facility.stay
    return max(np.int64(1), whole(mean * spread(u, par.stay_spread)))


@compiled
def dear(severity, group, u, par):
    """Whether an admission will be dear for its weight: its bill, by what severity costs beyond the weight and by the
    draw ``u`` that will vary it, against that of the group's usual admission. Doctors see it coming; what the case is
    paid by may not."""
    usual = 1.0 + par.severity_bill * max(group.threshold - group.severity, 0.0)
    own = 1.0 + par.severity_bill * (severity - group.severity)
    return own * spread(u, par.bill_spread) >= par.dear_from * usual


@compiled
def ask_bed(persons, force, e, first, other):
    """Ask for a bed at ``first``, and at ``other`` (-1 for none) in the second round."""
    facilities, group = force.facilities, force.groups[e.group]
    u_stay, u_order, _, _ = uniforms(force.clock, persons[e.person].id, BED, e.number)
    if e.referred >= 0:
        u_order *= sooner(1.0, persons[e.person], e.severity, facilities[e.seen], facilities[first])
    e.key = order_of(urgency_of(e.severity), u_order)
    e.ask = first
    e.ask_place = first
    e.amount = stay_of(u_stay, facilities[first], group, force.par)
    if other >= 0:
        e.second = other
        e.second_place = other
        e.second_amount = stay_of(u_stay, facilities[other], group, force.par)


@compiled
def ask_return(families, persons, force, e):
    """A patient who was in hospital is back: at the same hospital, or at that of the county."""
    e.needs_bed = 1
    e.takes_bed = 1
    place = persons[e.person].return_place
    other = families[e.family].place[SECONDARY]
    ask_bed(persons, force, e, place, -1 if other == place else other)


@compiled
def under_care(families, persons, force, rows, low, high, lanes):
    """Note who was seen after being sent up, and give each patient under care a lane: how many lanes, and the row after
    the last one looked at. Returning patients need no lane."""
    facilities, par = force.facilities, force.par
    count, r = 0, low
    while r < high and count < WIDTH:
        e = rows[r]
        r += 1
        if is_back(e):
            ask_return(families, persons, force, e)
            continue
        here, level, waited = -1, 0.0, e.kind == WAITED_BED
        if not waited:
            e.referred = e.got
            if was_referred(e):
                e.referral = 1
            quiet(e)
            here = e.referred if e.referred >= 0 else e.seen
            if here < 0 or e.kind == REFILL:
                continue
            facility = facilities[here]
            if facility.tier == ONLINE:
                continue  # a bed is for who has been examined
            if facility.bed_days == 0 and facility.centre >= 0:
                here = facility.centre  # a station's own centre is where its patients would stay
            level = par.admission_slope * (e.severity - force.groups[e.group].threshold + facility.admit)
            if facility.tier > CENTRE and not was_referred(e):
                level += par.stay_bonus_hospital
        lanes.row[count] = r - 1
        lanes.number[count] = e.number
        lanes.here[count] = here
        lanes.sure[count] = waited
        lanes.need[count] = level
        count += 1
    for k in range(count):  # people lie far apart: read by themselves, many are on their way from memory at once
        person = persons[rows[lanes.row[k]].person]
        lanes.id[k] = person.id
        lanes.stays_out[k] = 1.0 - par.veto if person.managed == 1 else 1.0
    return count, r


@compiled
def needs_bed(count, clock, rows, lanes):
    """Draw who of ``count`` lanes needs a bed, and let the lanes be theirs alone; how many."""
    draw(lanes, count, ADMISSION, clock)
    for e in range(count):
        lanes.need[e] = logistic(lanes.need[e]) * lanes.stays_out[e]
    kept = 0
    for e in range(count):
        if lanes.sure[e] == 1 or lanes.u0[e] < lanes.need[e]:
            rows[lanes.row[e]].needs_bed = 1
            lanes.row[kept], lanes.here[kept] = lanes.row[e], lanes.here[e]
            lanes.u1[kept], lanes.u2[kept], lanes.u3[kept] = lanes.u1[e], lanes.u2[e], lanes.u3[e]
            kept += 1
    return kept


@compiled
def value_bed(family, person, episode, k, here, income, weight, force):
    """Place, utility and price (yuan) of a bed of option ``k``, a tier, for a case of this relative ``weight``:
    `NOWHERE` where there is none to be had."""
    facilities, par = force.facilities, force.par
    place = family.place[k]
    if place < 0:
        return -1, NOWHERE, 0.0
    if here >= 0 and facilities[here].tier == k:
        place = here
    facility = facilities[place]
    if facility.bed_days == 0:
        return place, NOWHERE, 0.0
    able = reputed(facility, person.age, par)
    chance = cure(perceived(able, k, trust_of(family, par), facility.informed, par), episode.severity, par)
    yuan = bed_price(family, person, place, episode, income, force)
    if yuan < 0.0 or not can_raise(yuan, family.income, par):
        return place, NOWHERE, yuan
    minutes = np.float64(family.minutes[k])
    value = bed_utility(family, minutes, k, place == here, episode.severity, chance, yuan, par)
    return place, value - too_complex(weight, k, par), yuan


@compiled
def weigh_beds(families, persons, force, rows, count, lanes):
    """What beds are there for ``count`` lanes, and what each is worth to the family."""
    for e in range(count):
        episode = rows[lanes.row[e]]
        family, person, group = families[episode.family], persons[episode.person], force.groups[episode.group]
        lanes.income[e] = relative_income(families, episode.family, force.clock)
        lanes.excess[e] = episode.severity - group.threshold
        weight = weight_of(episode.severity, group, force.par)
        lanes.value[0, e] = NOWHERE
        for k in range(CENTRE, BEDS):
            lanes.place[k, e], lanes.value[k, e], lanes.yuan[k, e] = value_bed(
                family, person, episode, k, lanes.here[e], lanes.income[e], weight, force
            )


@compiled
def accepts(e, par, lanes):
    """Whether the family of lane ``e`` accepts the bed picked, at its price."""
    k = lanes.chosen[e]
    return k >= 0 and lanes.u3[e] < chance_accepting(lanes.excess[e], lanes.yuan[max(k, 0), e], lanes.income[e], par)


@compiled
def refuses(persons, force, episode, place):
    """Whether the place that a family wants refuses the patient, who is dear for the weight."""
    clock, person = force.clock, persons[episode.person]
    _, _, u_bill, _ = uniforms(clock, person.id, BILL, episode.number)
    if not dear(episode.severity, force.groups[episode.group], u_bill, force.par):
        return False
    episode.dear_at = place
    u_refuse, _, _, _ = uniforms(clock, person.id, REFUSE, episode.number)
    return u_refuse < force.facilities[place].select


@compiled
def pick_bed(draws, count, lanes):
    """Pick a bed in each of ``count`` lanes by these ``draws``."""
    for e in range(count):
        lanes.draw[e] = draws[e]
    pick(lanes, count, BEDS)


@compiled
def choose_beds(persons, force, rows, count, lanes):
    """The family's second choice, in ``count`` lanes: at which tier, and whether at that price; who is refused asks
    elsewhere."""
    pick_bed(lanes.u1, count, lanes)
    for e in range(count):
        episode, chosen = rows[lanes.row[e]], lanes.chosen[e]
        lanes.first[e] = chosen if accepts(e, force.par, lanes) else -1
        lanes.refused[e] = 0
        if lanes.first[e] >= 0 and refuses(persons, force, episode, lanes.place[chosen, e]):
            episode.refused = 1
            lanes.refused[e] = 1
            lanes.value[chosen, e] = NOWHERE
    pick_bed(lanes.u2, count, lanes)
    for e in range(count):
        if lanes.refused[e] == 1:
            lanes.first[e] = lanes.chosen[e] if accepts(e, force.par, lanes) else -1
        if lanes.first[e] >= 0:
            lanes.value[lanes.first[e], e] = NOWHERE
    pick_bed(lanes.u2, count, lanes)
    for e in range(count):
        if lanes.first[e] >= 0:
            episode = rows[lanes.row[e]]
            episode.takes_bed = 1
            second = lanes.place[lanes.chosen[e], e] if accepts(e, force.par, lanes) else -1
            ask_bed(persons, force, episode, lanes.place[lanes.first[e], e], second)


@compiled
def admit(families, persons, force, rows, low, high, room):
    """Who was referred has been seen; who needs a bed asks for one where the family wants it."""
    lanes = room[0]
    r = low
    while r < high:
        count, r = under_care(families, persons, force, rows, r, high, lanes)
        count = needs_bed(count, force.clock, rows, lanes)
        weigh_beds(families, persons, force, rows, count, lanes)
        choose_beds(persons, force, rows, count, lanes)


@compiled
def list_needing(rows, found):
    """List into ``found`` (row,) who needs a bed; how many."""
    number = 0
    for r in range(len(rows)):
        found[number] = r
        number += np.int64(rows[r].needs_bed == 1)
    return number


@compiled
def bedded(rows, asked):
    """Beds were given to some of the rows ``asked``: who got none waits for next month if urgent, or gives up."""
    for r in asked:
        e = rows[r]
        if e.needs_bed == 1:
            e.admitted = e.got
            e.days = e.amount if e.got >= 0 else 0
            if e.got < 0 and e.takes_bed == 1:
                e.ends = WAITS_BED if urgency_of(e.severity) >= 1 and e.kind != WAITED_BED else FORGONE
        quiet(e)
