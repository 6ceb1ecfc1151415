"""Bills of stays: an admission is charged where the patient lay, the rest of it where the patient was stepped down to,
as the places code it, truly or not."""

import numpy as np

from simulator.core.draws import BILL, FALSE, HOME, RETURN, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import varied, whole
from simulator.core.names import CONTINUED, INPATIENT
from simulator.engine.passes.billing import begin_bill, bill, tests_again
from simulator.engine.passes.price import as_referred, inpatient_charge, stay_charge
from simulator.engine.state.bills import REST, SECOND_HALF, STAY
from simulator.engine.state.episodes import is_back
from simulator.illness.case_mix import weight_of
from simulator.referral.down import FIT, attended, chance_return

RETURN_WITHIN = 90
"""Days within which a patient who was stepped down may be back."""
BACK_WITHIN = 30
"""Days within which one who went home may be back for the same illness."""
READMITTED_WITHIN = 15


@compiled
def idle_days(e, facility, u):
    """Days billed without a patient in the bed: a share of the stay, rounded up or down by the draw ``u``."""
    more = e.days * facility.idle
    days = np.int64(more)
    return days + 1 if u < more - days else days


@compiled
def stay(bills, n, episode, e, family, person, force):
    """Append the bills of an admission, and of its rest where the patient was stepped down, from row ``n`` on; the row
    after the last."""
    par, clock, group = force.par, force.clock, force.groups[e.group]
    f = e.admitted
    facility = force.facilities[f]
    _, _, u_bill, u_code = uniforms(clock, person.id, BILL, e.number)
    usual = stay_charge(family, person, f, e.group, e.severity, as_referred(e, par), force)
    charge = whole(varied(usual, u_bill, par.bill_spread, force.width))
    weight = whole(weight_of(e.severity, group, par) * 1000.0)
    if is_back(e):
        charge = whole(charge * par.return_bill)
    else:
        person.stay_deductible = 0
    rest = whole(charge * par.tail_bill) if e.moved_to >= 0 else 0
    u_split, u_idle, u_false, _ = uniforms(clock, person.id, FALSE, e.number)
    long = e.days >= par.split_days and e.moved_to < 0 and not is_back(e)
    insured = person.enrolled == 1  # who pays all alone is no case for a fund
    halves = 2 if long and insured and u_split < facility.split else 1
    upcoded = 1 if u_code < facility.upcode else 0
    coded = whole(weight * (1.0 + par.code_step)) if upcoded == 1 else weight
    start = clock.first_day + e.day
    since = (person.return_day if is_back(e) else start) - person.last_discharge
    for half in range(halves):
        part = (charge - rest + halves - 1 - half) // halves
        if half > 0:
            # on paper the patient went home and came back: a case, a weight and a deductible of its own
            person.admissions_year += 1
            person.stay_deductible = 0
            since = 0
        b = bills[n]
        begin_bill(b, episode, e, family, person, f, INPATIENT, STAY if half == 0 else SECOND_HALF, force)
        bill(b, family, person, as_referred(e, force.par), part, 0, 0, force)
        b.weight, b.coded, b.upcoded, b.moved = weight, coded, upcoded, e.moved_to >= 0
        b.readmitted = since >= 0 and since <= READMITTED_WITHIN
        b.soon = half == 0 and since >= 0 and since <= BACK_WITHIN
        if half == 0:
            b.idle = idle_days(e, facility, u_idle) if insured else 0
            b.days = e.days + b.idle
        n += 1
    person.last_discharge = start + e.days + e.tail if e.moved_to >= 0 else start + e.days
    e.false_down = e.stage >= FIT and e.moved_to < 0 and u_false < facility.false_down
    if e.moved_to >= 0:
        continued(bills[n], episode, e, family, person, rest, force)
        n += 1
    elif not is_back(e):
        sent_home(e, person, facility, force)
    person.admissions_year += 1
    return n


@compiled
def will_be_back(e, person, back_day, clock):
    """Note that the patient of an admission will be back where it was on ``back_day``, a day of this month or later;
    who would be back within the month is back on the first day of the next."""
    e.comes_back = 1
    person.return_in = 1 + max(np.int64(0), (back_day - clock.days) // 30)
    person.return_day = clock.first_day + back_day
    person.moved_day = clock.first_day + e.day + e.days
    person.return_home = np.int64(e.moved_to < 0)
    person.return_place = e.admitted
    person.return_group = e.group
    person.return_severity = e.severity


@compiled
def sent_home(e, person, hospital, force):
    """Whether a patient who goes home will be back within the month after, the more likely the earlier it is."""
    e.back = whole(hospital.readmits * 1e6)
    u_back, u_when, _, _ = uniforms(force.clock, person.id, HOME, e.number)
    if u_back < hospital.readmits and person.return_in == 0:
        will_be_back(e, person, e.day + e.days + 1 + np.int64(u_when * (BACK_WITHIN - 1)), force.clock)


@compiled
def continued(b, episode, e, family, person, rest, force):
    """Bill the ``rest`` of a stay, fen at the hospital's prices, at the place stepped down to; and whether the patient
    will be back."""
    par, clock = force.par, force.clock
    hospital, centre = force.facilities[e.admitted], force.facilities[e.moved_to]
    group = force.groups[e.group]
    usual = inpatient_charge(centre, group, e.severity, par)
    repeated = tests_again(usual, centre, hospital, centre.inpatient_parts, person, e, force)
    begin_bill(b, episode, e, family, person, e.moved_to, CONTINUED, REST, force)
    bill(b, family, person, 1, whole(rest * par.tail_price) + repeated, repeated, 0, force)
    b.weight = whole(weight_of(e.severity, group, par) * 1000.0)
    b.moved, b.days, b.day = 1, e.tail, e.day + e.days
    u_back, u_when, _, _ = uniforms(clock, person.id, RETURN, e.number)
    able = attended(centre.capability, hospital.capability, centre.specialists, par)
    back = chance_return(able, e.severity, par)
    e.back = whole(back * 1e6)
    if person.return_in == 0 and u_back < back:
        will_be_back(e, person, e.day + e.days + 1 + np.int64(u_when * (RETURN_WITHIN - 1)), clock)
