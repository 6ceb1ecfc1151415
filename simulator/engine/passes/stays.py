"""Bills of stays: an admission is charged where the patient lay, the rest of it where the patient was stepped down to,
and entered in the books as the places code it, truly or not."""

import numpy as np

from simulator.core.draws import BILL, FALSE, RETURN, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import CENTRE, CONTINUED, INPATIENT
from simulator.engine.events import (
    ADMISSIONS,
    ADMITTED,
    AREA_ADMITTED,
    BED_DAYS,
    BOTH_WAYS,
    EV_FALSE,
    EV_FIT,
    OWN_FALSE,
    OWN_FIT,
    OWN_MOVED,
    READMITTED,
    REPEATED,
    RETURN_CHANCE,
    RETURNED,
    TAKEN_OVER,
)  # fmt: skip
from simulator.engine.passes.billing import bill, tests_again, varied
from simulator.engine.passes.price import outside_part
from simulator.engine.passes.see import inpatient_charge
from simulator.engine.state.episodes import RETURNING
from simulator.payment.books import (
    ABOVE,
    ABOVE_CASES,
    CODED,
    DAYS,
    IDLE,
    LOW_CASES,
    LOW_COVERED,
    LOW_WEIGHT,
    MOVED,
    SPLIT,
    SPLIT_WEIGHT,
    UNINSURED_DAYS,
    UPCODED,
    WEIGHT,
)  # fmt: skip
from simulator.referral.down import FIT, attended, chance_return

RETURN_WITHIN = 90
READMITTED_WITHIN = 15


@compiled
def outlier(book, facility, charge, weight, coded):
    """Enter a stay whose charge lies above the upper or below the lower threshold of its weight (thousandths)."""
    high = facility.outlier_high * weight / 1000.0
    if charge > high:
        book[ABOVE] += whole(charge - high)
        book[ABOVE_CASES] += 1
    elif charge < facility.outlier_low * weight / 1000.0:
        book[LOW_CASES] += 1
        book[LOW_COVERED] += charge - outside_part(charge, facility, INPATIENT)
        book[LOW_WEIGHT] += coded


@compiled
def counted(person, book, events, f, facility, charge, weight, coded, upcoded):
    """Enter one admission as billed: ``charge`` fen, weight and weight as coded in thousandths."""
    book[UPCODED] += upcoded
    if person.enrolled == 1:
        book[CODED] += coded
        outlier(book, facility, charge, weight, coded)
    events[f, ADMISSIONS] += 1


@compiled
def idle_days(e, facility, u):
    """Days billed without a patient in the bed: a share of the stay, rounded up or down by the draw ``u``."""
    more = e.days * facility.idle
    days = np.int64(more)
    return days + 1 if u < more - days else days


@compiled
def stay(family, person, facilities, groups, cover, par, width, clock, e, first_cell, shape, books, events, who,
         extras):  # fmt: skip
    """Bill an admission and the rest of the stay where the patient was stepped down, ``width`` as in `varied`; fen
    paid."""
    group = groups[e.group]
    f = e.admitted
    facility = facilities[f]
    _, _, u_bill, u_code = uniforms(clock, person.id, BILL, e.number)
    charge = varied(inpatient_charge(facility, group, e.severity, par), u_bill, par.bill_spread, width)
    weight = whole(group.weight * 1000.0)
    if e.kind == RETURNING:
        charge = whole(charge * par.return_bill)
        events[f, RETURNED] += 1
    else:
        person.stay_deductible = 0
    rest = whole(charge * par.tail_bill) if e.moved_to >= 0 else 0
    book = books[first_cell[f] + ((INPATIENT * shape[0] + e.group) * shape[1] + person.plan) * shape[2] + family.holder]
    u_split, u_idle, u_false, _ = uniforms(clock, person.id, FALSE, e.number)
    long = e.days >= par.split_days and e.moved_to < 0 and e.kind != RETURNING
    insured = person.enrolled == 1  # who pays all alone is no case for a fund
    halves = 2 if long and insured and u_split < facility.split else 1
    upcoded = 1 if u_code < facility.upcode else 0
    coded = whole(weight * (1.0 + par.code_step)) if upcoded == 1 else weight
    book[WEIGHT] += weight
    start = clock.first_day + e.day
    since = start - person.last_discharge
    paid = 0
    for half in range(halves):
        part = (charge - rest + halves - 1 - half) // halves
        if half > 0:
            # on paper the patient went home and came back: a case, a weight and a deductible of its own
            person.admissions_year += 1
            person.stay_deductible = 0
            since = 0
            book[SPLIT] += 1
            book[SPLIT_WEIGHT] += coded
        paid += bill(family, person, f, facility, INPATIENT, group, e.group, e.referral, part, cover, clock, book, who,
                     extras[f, person.plan, INPATIENT], 0)  # fmt: skip
        counted(person, book, events, f, facility, part, weight, coded, upcoded)
        who[ADMITTED] += 1
        if facility.area == family.area:
            who[AREA_ADMITTED] += 1
        if since >= 0 and since <= READMITTED_WITHIN:
            events[f, READMITTED] += 1
    idle = idle_days(e, facility, u_idle) if insured else 0
    if not insured:
        book[UNINSURED_DAYS] += e.days
    book[DAYS] += e.days + idle
    book[IDLE] += idle
    events[f, BED_DAYS] += e.days
    person.last_discharge = start + e.days + e.tail if e.moved_to >= 0 else start + e.days
    if e.stage >= FIT:
        for s in range(FIT, e.stage + 1):
            events[f, EV_FIT + s - FIT] += 1
        who[OWN_FIT] += 1
        if e.moved_to < 0 and u_false < facility.false_down:
            events[f, EV_FALSE] += 1
            who[OWN_FALSE] += 1
    if e.moved_to >= 0:
        c = e.moved_to
        book[MOVED] += weight
        row = first_cell[c] + ((CONTINUED * shape[0] + e.group) * shape[1] + person.plan) * shape[2] + family.holder
        other = books[row]
        tail = whole(rest * par.tail_price)
        repeated = tests_again(inpatient_charge(facilities[c], group, e.severity, par), facilities[c],
                               facilities[c].inpatient_parts, person, e, True, par, clock)  # fmt: skip
        events[c, REPEATED] += repeated > 0
        paid += bill(family, person, c, facilities[c], CONTINUED, group, e.group, 1, tail + repeated, cover, clock,
                     other, who, extras[c, person.plan, CONTINUED], repeated)  # fmt: skip
        other[DAYS] += e.tail
        if not insured:
            other[UNINSURED_DAYS] += e.tail
        other[WEIGHT] += weight
        other[MOVED] += weight
        events[c, TAKEN_OVER] += 1
        if e.referral == 1 and c == family.place[CENTRE]:
            events[f, BOTH_WAYS] += 1
            events[c, BOTH_WAYS] += 1
        who[OWN_MOVED] += 1
        events[c, BED_DAYS] += e.tail
        u_back, u_when, _, _ = uniforms(clock, person.id, RETURN, e.number)
        able = attended(facilities[c].capability, facility.capability, facilities[c].specialists, par)
        back = chance_return(able, e.severity, par)
        events[c, RETURN_CHANCE] += whole(back * 1e6)
        if person.return_in == 0 and u_back < back:
            moved_day = e.day + e.days
            back_day = moved_day + 1 + np.int64(u_when * (RETURN_WITHIN - 1))
            # who would be back within the month is back on the first day of the next
            person.return_in = 1 + max(np.int64(0), (back_day - clock.days) // 30)
            person.return_day = clock.first_day + back_day
            person.moved_day = clock.first_day + moved_day
            person.return_place = f
            person.return_group = e.group
            person.return_severity = e.severity
    person.admissions_year += 1
    return paid
