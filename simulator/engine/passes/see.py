"""Phase 7, first contact to bed: who was seen, who is sent up, who needs a bed and where the family wants it."""

import numpy as np

from simulator.choice.admission import bed_utility, can_raise, chance_accepting
from simulator.choice.place import NOWHERE, cure, perceived, pick
from simulator.core.draws import ADMISSION, BED, BILL, CONSULT, OUTCOME, REFERRAL, REFUSE, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import exp, logistic, whole
from simulator.core.names import CENTRE, INPATIENT, SECONDARY
from simulator.engine.passes.choose import outpatient_charge, relative_income, trust_of
from simulator.engine.passes.price import expected_price
from simulator.engine.state.episodes import (
    FORGONE,
    ILLNESS,
    REFILL,
    RETURNING,
    SETTLED,
    WAITED_BED,
    WAITS_BED,
    WAITS_VISIT,
)
from simulator.illness.severity import urgency_of
from simulator.practice.capability import skill
from simulator.practice.weigh import cares
from simulator.referral.contention import order_of
from simulator.referral.up import advised, chance_referred, chance_tertiary


@compiled
def quiet(e):
    """Clear what the episode asked for in the stage before."""
    e.ask = -1
    e.ask_place = -1
    e.amount = 0
    e.second = -1
    e.second_place = -1
    e.second_amount = 0
    e.got = -1


@compiled
def refer(families, persons, facilities, groups, pars, clocks, rows, low, high):
    """First contact happened for who got a slot; primary doctors decide whom to send up."""
    par = pars[0]
    clock = clocks[0]
    for r in range(low, high):
        e = rows[r]
        if e.kind == RETURNING or e.kind == WAITED_BED:
            continue
        e.seen = e.got
        asked = e.option >= 0
        quiet(e)
        if e.seen < 0:
            patient = e.kind == ILLNESS and urgency_of(e.severity) >= 1
            e.ends = WAITS_VISIT if asked and patient else FORGONE
            continue
        e.ends = SETTLED
        doctor = facilities[e.seen]
        p = persons[e.person]
        u_cured, _, _, _ = uniforms(clock, p.id, OUTCOME, e.number)
        able = skill(doctor, p.age, par)
        here = cure(able, e.severity, par)
        e.cured = 1 if u_cured < here else 0
        first = doctor.up_secondary
        other = doctor.up_tertiary
        if first < 0:
            first, other = other, first
        if doctor.tier > CENTRE or e.kind == REFILL or first < 0:
            continue
        there = cure(facilities[first].capability, e.severity, par)
        bill = outpatient_charge(doctor, groups[e.group], e.severity, par) / 100.0
        u_refer, u_tier, u_order, _ = uniforms(clock, p.id, REFERRAL, e.number)
        gain = doctor.refer - doctor.keep * bill
        sends = u_refer < chance_referred(here, there, gain, cares(doctor, par), par)
        if sends and doctor.consult > 0.0:
            u_ask, u_read, _, _ = uniforms(clock, p.id, CONSULT, e.number)
            if u_ask < doctor.consult:
                e.consulted = first
                if u_read < facilities[first].read:
                    e.read = 1
                    here = cure(advised(able, facilities[first].capability, par), e.severity, par)
                    e.cured = 1 if u_cured < here else 0
                    sends = u_refer < chance_referred(here, there, gain, cares(doctor, par), par)
        if sends:
            pull = 0.0
            if other >= 0 and facilities[other].alliance != doctor.alliance:
                pull = doctor.steer
            if other >= 0 and u_tier < chance_tertiary(e.severity, families[e.family].urban, pull, par):
                first, other = other, first
            e.sent = 1
            e.ask_place = first
            e.ask = facilities[first].slot_pool
            e.amount = 1
            e.key = order_of(urgency_of(e.severity), u_order)
            if other >= 0:
                e.second_place = other
                e.second = facilities[other].slot_pool
                e.second_amount = 1


@compiled
def inpatient_charge(facility, group, severity, par):
    """Listed charge of an admission, fen, before it varies."""
    return facility.inpatient_level * group.weight * (1.0 + par.severity_bill * (severity - group.severity))


@compiled
def bed_price(family, person, f, facility, group, e, income, cover, par, clock):
    """What an admission of episode ``e`` is expected to cost the family, yuan; see `expected_price`."""
    charge = whole(inpatient_charge(facility, group, e.severity, par))
    return expected_price(
        family, person, f, facility, INPATIENT, group, e.group, e.referral, charge, income, cover, par, clock
    )


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
    """Whether an admission will be dear for its weight: its bill, by severity and by the draw ``u`` that will vary it,
    against that of the group's usual admission. Doctors see it coming; what the case is paid by may not."""
    usual = 1.0 + par.severity_bill * max(group.threshold - group.severity, 0.0)
    own = 1.0 + par.severity_bill * (severity - group.severity)
    return own * spread(u, par.bill_spread) >= par.dear_from * usual


@compiled
def ask_bed(persons, facilities, groups, e, first, other, par, clock):
    """Ask for a bed at ``first``, and at ``other`` (-1 for none) in the second round."""
    u_stay, u_order, _, _ = uniforms(clock, persons[e.person].id, BED, e.number)
    group = groups[e.group]
    e.key = order_of(urgency_of(e.severity), u_order)
    e.ask = first
    e.ask_place = first
    e.amount = stay_of(u_stay, facilities[first], group, par)
    if other >= 0:
        e.second = other
        e.second_place = other
        e.second_amount = stay_of(u_stay, facilities[other], group, par)


@compiled
def bed_wanted(families, persons, facilities, groups, cover, par, clock, e, here, work):
    """The family's second choice: at which tier to be admitted, and whether to accept at that price."""
    family = families[e.family]
    person = persons[e.person]
    group = groups[e.group]
    trust = trust_of(family, par)
    income = relative_income(families, e.family, clock)
    count = 0
    for k in range(CENTRE, SECONDARY + 2):
        work[0, k] = NOWHERE
        place = family.place[k]
        if place < 0:
            continue
        if here >= 0 and facilities[here].tier == k:
            place = here
        facility = facilities[place]
        count = k + 1
        work[3, k] = place
        if facility.bed_days == 0:
            continue
        able = skill(facility, person.age, par) + facility.fame
        chance = cure(perceived(able, k, trust, facility.specialists, par), e.severity, par)
        yuan = bed_price(family, person, place, facility, group, e, income, cover, par, clock)
        if yuan < 0.0 or not can_raise(yuan, family.income, par):
            continue
        minutes = np.float64(family.minutes[k])
        pull = 0.0
        if here >= 0 and facility.alliance >= 0 and facility.alliance == facilities[here].alliance:
            pull = facilities[here].steer
        work[0, k] = pull + bed_utility(family, minutes, k, place == here, e.severity, chance, yuan, par)
        work[1, k] = yuan
    work[0, 0] = NOWHERE
    _, u_tier, u_second, u_accept = uniforms(clock, person.id, ADMISSION, e.number)
    chosen = pick(u_tier, work[0], work[4], count, -1)
    if chosen < 0:
        return
    excess = e.severity - group.threshold
    if u_accept >= chance_accepting(excess, work[1, chosen], income, par):
        return
    _, _, u_bill, _ = uniforms(clock, person.id, BILL, e.number)
    if dear(e.severity, group, u_bill, par):
        e.dear_at = np.int64(work[3, chosen])
        u_refuse, _, _, _ = uniforms(clock, person.id, REFUSE, e.number)
        if u_refuse < facilities[e.dear_at].select:
            e.refused = 1
            work[0, chosen] = NOWHERE
            chosen = pick(u_second, work[0], work[4], count, -1)
            if chosen < 0 or u_accept >= chance_accepting(excess, work[1, chosen], income, par):
                return
    e.takes_bed = 1
    other = pick(u_second, work[0], work[4], count, chosen)
    second = -1
    if other >= 0 and u_accept < chance_accepting(excess, work[1, other], income, par):
        second = np.int64(work[3, other])
    ask_bed(persons, facilities, groups, e, np.int64(work[3, chosen]), second, par, clock)


@compiled
def admit(families, persons, facilities, groups, cover, pars, clocks, rows, work, low, high):
    """Who was referred has been seen; who needs a bed asks for one where the family wants it."""
    par = pars[0]
    clock = clocks[0]
    for r in range(low, high):
        e = rows[r]
        person = persons[e.person]
        if e.kind == RETURNING:
            e.needs_bed = 1
            e.takes_bed = 1
            place = person.return_place
            other = families[e.family].place[SECONDARY]
            ask_bed(persons, facilities, groups, e, place, -1 if other == place else other, par, clock)
            continue
        here = -1
        if e.kind != WAITED_BED:
            e.referred = e.got
            if e.referred >= 0:
                e.referral = 1
            quiet(e)
            here = e.referred if e.referred >= 0 else e.seen
            if here < 0 or e.kind == REFILL:
                continue
            facility = facilities[here]
            if facility.bed_days == 0 and facility.centre >= 0:
                here = facility.centre  # a station's own centre is where its patients would stay
            u_need, _, _, _ = uniforms(clock, person.id, ADMISSION, e.number)
            level = par.admission_slope * (e.severity - groups[e.group].threshold + facility.admit)
            if facility.tier > CENTRE and e.referred < 0:
                level += par.stay_bonus_hospital
            need = logistic(level)
            if person.managed == 1:
                need *= 1.0 - par.veto
            if u_need >= need:
                continue
        e.needs_bed = 1
        bed_wanted(families, persons, facilities, groups, cover, par, clock, e, here, work)


@compiled
def bedded(rows, low, high):
    """Beds were given: who got none waits for next month if urgent, or gives up."""
    for r in range(low, high):
        e = rows[r]
        if e.needs_bed == 1:
            e.admitted = e.got
            e.days = e.amount if e.got >= 0 else 0
            if e.got < 0 and e.takes_bed == 1:
                e.ends = WAITS_BED if urgency_of(e.severity) >= 1 and e.kind != WAITED_BED else FORGONE
        quiet(e)
