"""Phase 7, first contact: who was seen and cured, and whom doctors of primary care send up."""

import numpy as np

from simulator.choice.place import cure, perceived
from simulator.choice.trust import trust_of
from simulator.core.draws import ASK, OUTCOME, REFERRAL, uniforms
from simulator.core.jit import compiled
from simulator.core.names import CENTRE, ONLINE, SECONDARY, TERTIARY
from simulator.engine.passes.care.lanes import WIDTH, draw
from simulator.engine.passes.hand_over import hand_over
from simulator.engine.passes.price import outpatient_charge
from simulator.engine.passes.services import before_referral
from simulator.engine.passes.there import ask_there, price_there, within, worth_there
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
from simulator.practice.capability import skill
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
        lanes.able[HERE, k] = skill(doctor, lanes.age[k], par)
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
def send_up(e, k, families, force, lanes):
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
    ask_there(e, first, lanes.u2[k], force)


@compiled
def asks_for(e, k, families, persons, force, lanes):
    """Hospital that the patient of episode ``e``, lane ``k``, whom the doctor keeps, asks for and is granted; -1 for
    none. Few would ask if it were free; only of these is the price reckoned."""
    par, family, person = force.par, families[e.family], persons[e.person]
    doctor = force.facilities[e.seen]
    known = lanes.able[HERE, k] + (doctor.known - doctor.capability)
    able = perceived(known, doctor.tier, trust_of(family, par), doctor.informed, par)
    stay = par.quality * family.taste_quality * cure(able, e.severity, par)
    free = -np.inf
    for option in range(SECONDARY, TERTIARY + 1):
        f = family.place[option]
        if f >= 0:
            free = max(free, worth_there(family, person, f, e, 0.0, force))
    if free == -np.inf:
        return -1
    u_ask, u_grant, _, _ = uniforms(force.clock, person.id, ASK, e.number)
    if u_ask >= chance_asking(free - stay, par) or u_grant >= chance_granted(lanes.gain[k], par):
        return -1
    income = relative_income(families, e.family, force.clock)
    best, wanted = -np.inf, -1
    for option in range(SECONDARY, TERTIARY + 1):
        f = family.place[option]
        if f < 0:
            continue
        yuan = price_there(family, person, f, e, 1, income, force)
        value = worth_there(family, person, f, e, yuan, force) if yuan >= 0.0 else -np.inf
        if value > best:
            best, wanted = value, f
    return wanted if wanted >= 0 and u_ask < chance_asking(best - stay, par) else -1


@compiled
def send_as_asked(e, k, wanted, force, lanes):
    """Ask for a slot for episode ``e``, lane ``k``, at the hospital that the patient wanted."""
    e.sent = BY_PATIENT
    ask_there(e, wanted, lanes.u2[k], force)


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
        for k in range(count):
            if lanes.online[k] == 1:
                hand_over(rows[lanes.row[k]], lanes.u2[k], families, persons, force)
            if lanes.may_send[k] == 0:
                continue
            e = rows[lanes.row[k]]
            if lanes.u0[k] < lanes.sent[k] and still_sent(e, k, persons, force, lanes):
                send_up(e, k, families, force, lanes)
                continue
            wanted = asks_for(e, k, families, persons, force, lanes)
            if wanted >= 0:
                send_as_asked(e, k, wanted, force, lanes)
