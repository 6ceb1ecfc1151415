"""Phase 7, first contact: who was seen and cured, and whom doctors of primary care send up."""

import numpy as np

from simulator.alliance.channels import eases
from simulator.choice.place import NOWHERE, cure, perceived, utility
from simulator.choice.trust import trust_of
from simulator.core.draws import ASK, OUTCOME, REFERRAL
from simulator.core.jit import compiled
from simulator.core.names import CENTRE, ONLINE, SECONDARY, TERTIARY
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.passes.care.way_up import Tastes
from simulator.engine.passes.hand_over import hand_over
from simulator.engine.passes.price import outpatient_charge
from simulator.engine.passes.services import before_referral, diagnosis, sooner
from simulator.engine.passes.there import ask_there, price_there, together, within
from simulator.engine.state.episodes import (
    BY_DOCTOR,
    BY_PATIENT,
    FORGONE,
    ILLNESS,
    REFILL,
    SETTLED,
    WAITS_VISIT,
    for_a_bed,
    quiet,
)
from simulator.illness.outcome import chance_cured
from simulator.illness.severity import urgency_of
from simulator.population.families import relative_income
from simulator.practice.capability import reputed, skill
from simulator.practice.weigh import cares
from simulator.referral.up import chance_asking, chance_granted, chance_referred, chance_tertiary
from simulator.services.service import Sending

HERE, ABOVE = 0, 1
"""Options of one who is seen: the doctor, and the hospital to be sent up to."""


@compiled
def first_choice(doctor):
    """Hospitals that a doctor may send up to: the first to be thought of, and the other; -1 for none."""
    if doctor.up_secondary >= 0:
        return doctor.up_secondary, doctor.up_tertiary
    return doctor.up_tertiary, doctor.up_secondary


@compiled
def first_contacts(rows, low, high, lanes):
    """Note who got a slot, and give each of them a lane: how many lanes, and the row after the last one looked at."""
    count, r = 0, low
    while r < high and count < WIDTH:
        e = rows[r]
        r += 1
        if for_a_bed(e):
            continue
        e.seen = e.got
        quiet(e)
        if e.seen < 0:
            patient = e.option >= 0 and e.kind == ILLNESS and urgency_of(e.severity) >= 1
            e.ends = WAITS_VISIT if patient else FORGONE
            continue
        e.ends = SETTLED
        lanes.row[count] = r - 1
        count += 1
    return count, r


@compiled
def meet(persons, force, rows, count, lanes):
    """Fill ``count`` lanes with the patients, the doctors who see them, and the hospitals above."""
    facilities, par = force.facilities, force.par
    for k in range(count):  # people lie far apart: read by themselves, many are on their way from memory at once
        person = persons[rows[lanes.row[k]].person]
        lanes.id[k], lanes.age[k] = person.id, person.age
    for k in range(count):
        e = rows[lanes.row[k]]
        doctor = facilities[e.seen]
        first, _ = first_choice(doctor)
        bill = outpatient_charge(doctor, force.groups[e.group], e.severity, par) / 100.0
        lanes.number[k] = e.number
        lanes.severity[k] = e.severity
        able = skill(doctor, lanes.age[k], par)
        if doctor.tier <= CENTRE and e.kind != REFILL and first >= 0:
            able = diagnosis(able, e, lanes.id[k], doctor, first, force)
        lanes.able[HERE, k] = able
        lanes.able[ABOVE, k] = facilities[max(first, 0)].capability
        lanes.gain[k] = doctor.refer - doctor.keep * bill
        lanes.care[k] = cares(doctor, par)
        lanes.shift[k] = doctor.visit_logit
        lanes.may_send[k] = doctor.tier <= CENTRE and e.kind != REFILL and first >= 0
        lanes.online[k] = doctor.tier == ONLINE


@compiled
def weigh_referral(count, force, lanes):
    """What is drawn for ``count`` lanes, their chances of cure here and above as doctors judge them, that of cure by
    the work done here, and that of being sent up."""
    par = force.par
    draw(lanes, count, ASK, force.clock)
    for e in range(count):
        lanes.u_ask[e], lanes.u_grant[e] = lanes.u0[e], lanes.u1[e]
    draw(lanes, count, OUTCOME, force.clock)
    for e in range(count):
        lanes.outcome[e] = lanes.u0[e]
    for k in range(ABOVE + 1):
        for e in range(count):
            lanes.chance[k, e] = cure(lanes.able[k, e], lanes.severity[e], par)
    for e in range(count):
        lanes.cured[e] = chance_cured(lanes.able[HERE, e], lanes.severity[e], lanes.shift[e], par)
    for e in range(count):
        lanes.sent[e] = chance_referred(lanes.chance[HERE, e], lanes.chance[ABOVE, e], lanes.gain[e], lanes.care[e],
                                        par)  # fmt: skip
    draw(lanes, count, REFERRAL, force.clock)


@compiled
def still_sent(e, k, persons, force, lanes):
    """Whether the patient of episode ``e``, lane ``k``, is sent up after all that services do before."""
    doctor = force.facilities[e.seen]
    first, _ = first_choice(doctor)
    sending = Sending(first, lanes.able[HERE, k], lanes.able[ABOVE, k], lanes.chance[ABOVE, k], lanes.gain[k],
                      lanes.care[k], lanes.outcome[k], lanes.u0[k])  # fmt: skip
    return before_referral(True, e, persons[e.person], doctor, sending, force)


@compiled
def send_up(e, k, families, persons, force, lanes):
    """Ask for a slot for episode ``e``, lane ``k``, at the hospital thought of first, or at the tertiary one."""
    facilities = force.facilities
    doctor = facilities[e.seen]
    first, other = first_choice(doctor)
    if other >= 0:
        preferred = np.float64(within(doctor, facilities[first])) - np.float64(within(doctor, facilities[other]))
        pull = doctor.refer_within * preferred
        if lanes.u1[k] < chance_tertiary(e.severity, families[e.family].urban, pull, force.par):
            first, other = other, first
        e.second_place = other
        e.second = facilities[other].slot_pool
        e.second_amount = 1
    e.sent = BY_DOCTOR
    ask_there(persons, e, first, lanes.u2[k], force)


@compiled
def look_above(families, persons, force, rows, count, lanes):
    """Fill those of ``count`` lanes whose patients may be sent up with what they take the doctor for, and with the
    hospitals that they may ask for."""
    par, facilities = force.par, force.facilities
    for k in range(count):
        lanes.place[SECONDARY, k] = lanes.place[TERTIARY, k] = -1
        if lanes.may_send[k] == 0:
            continue
        e = rows[lanes.row[k]]
        family, person, doctor = families[e.family], persons[e.person], facilities[e.seen]
        trust = trust_of(family, par)
        known = lanes.able[HERE, k] + (doctor.known - doctor.capability)
        lanes.able_seen[k] = perceived(known, doctor.tier, trust, doctor.informed, par)
        lanes.trust[k] = trust
        lanes.taste_quality[k] = family.taste_quality
        lanes.taste_price[k] = family.taste_price
        lanes.taste_travel[k] = family.taste_travel
        for option in range(SECONDARY, TERTIARY + 1):
            f = family.place[option]
            if f >= 0:
                hospital = facilities[f]
                lanes.place[option, k] = f
                lanes.tier[option, k] = hospital.tier
                lanes.able[option, k] = reputed(hospital, person.age, par)
                lanes.minutes[option, k] = family.minutes[hospital.tier]
                lanes.wait[option, k] = hospital.wait * sooner(1.0, person, e.severity, doctor, hospital)
                lanes.habit[option, k] = family.habit[min(hospital.tier, 3)]
                lanes.inside[option, k] = np.float64(together(doctor, hospital))


@compiled
def worth_above(k, e, yuan, par, lanes):
    """Utility of a visit at hospital option ``k`` for so many yuan to lane ``e``, as of `there.worth_there`."""
    tastes = Tastes(lanes.taste_quality[e], lanes.taste_price[e], lanes.taste_travel[e])
    eased = lanes.inside[k, e] * eases(lanes.wait[k, e], par)
    return eased + utility(tastes, lanes.tier[k, e], lanes.chance[k, e], yuan, lanes.minutes[k, e], lanes.wait[k, e],
                           lanes.habit[k, e], lanes.trust[e], par)  # fmt: skip


@compiled
def would_ask(families, persons, force, rows, count, lanes):
    """Chance of ``count`` lanes to ask for a hospital if it were free, into `asks`; the worth of staying, into
    `stay_worth`."""
    par = force.par
    look_above(families, persons, force, rows, count, lanes)
    for e in range(count):
        lanes.stay_worth[e] = cure(lanes.able_seen[e], lanes.severity[e], par)
    for e in range(count):
        lanes.stay_worth[e] = par.quality * lanes.taste_quality[e] * lanes.stay_worth[e]
        lanes.up_worth[e] = NOWHERE
    for k in range(SECONDARY, TERTIARY + 1):
        for e in range(count):
            lanes.chance[k, e] = cure(lanes.able[k, e], lanes.severity[e], par)
        for e in range(count):
            worth = worth_above(k, e, 0.0, par, lanes)
            better = (lanes.place[k, e] >= 0) & (worth > lanes.up_worth[e])
            lanes.up_worth[e] = worth if better else lanes.up_worth[e]
    for e in range(count):
        there = lanes.up_worth[e] > NOWHERE
        lanes.asks[e] = chance_asking(lanes.up_worth[e] - lanes.stay_worth[e], par) if there else 0.0


@compiled
def asks_for(e, k, families, persons, force, lanes):
    """Hospital that the patient of episode ``e``, lane ``k``, whom the doctor keeps, asks for and is granted; -1 for
    none. Few would ask if it were free; only of these is the price reckoned."""
    par = force.par
    if lanes.u_ask[k] >= lanes.asks[k] or lanes.u_grant[k] >= chance_granted(lanes.gain[k], par):
        return -1
    family, person = families[e.family], persons[e.person]
    income = relative_income(families, e.family, force.clock)
    best, wanted = -np.inf, -1
    for option in range(SECONDARY, TERTIARY + 1):
        f = lanes.place[option, k]
        if f < 0:
            continue
        yuan = price_there(family, person, f, e, 1, income, force)
        value = worth_above(option, k, yuan, par, lanes) if yuan >= 0.0 else -np.inf
        if value > best:
            best, wanted = value, f
    return wanted if wanted >= 0 and lanes.u_ask[k] < chance_asking(best - lanes.stay_worth[k], par) else -1


@compiled
def send_as_asked(e, k, wanted, persons, force, lanes):
    """Ask for a slot for episode ``e``, lane ``k``, at the hospital that the patient wanted."""
    e.sent = BY_PATIENT
    ask_there(persons, e, wanted, lanes.u2[k], force)


@compiled
def refer(families, persons, force, rows, low, high, room):
    """First contact happened for those who got a slot; primary doctors decide whom to send up, and
    whether to grant what others ask; who has to be examined and was seen online is handed over."""
    lanes = room[0]
    r = low
    while r < high:
        count, r = first_contacts(rows, r, high, lanes)
        meet(persons, force, rows, count, lanes)
        weigh_referral(count, force, lanes)
        for k in range(count):
            rows[lanes.row[k]].cured = np.int64(lanes.outcome[k] < lanes.cured[k])
        would_ask(families, persons, force, rows, count, lanes)
        for k in range(count):
            if lanes.online[k] == 1:
                hand_over(rows[lanes.row[k]], lanes.u2[k], families, persons, force)
            if lanes.may_send[k] == 0:
                continue
            e = rows[lanes.row[k]]
            if lanes.u0[k] < lanes.sent[k] and still_sent(e, k, persons, force, lanes):
                send_up(e, k, families, persons, force, lanes)
                continue
            wanted = asks_for(e, k, families, persons, force, lanes)
            if wanted >= 0:
                send_as_asked(e, k, wanted, persons, force, lanes)
