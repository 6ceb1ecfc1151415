"""Phase 8, pay, seen from the family: bills in the order of (day, episode) on running deductibles and ceilings; and
what the family learns from what it got."""

import numpy as np

from simulator.benefit.cover import cover_row, split
from simulator.choice import habit, trust
from simulator.choice.going import follow_ups
from simulator.choice.place import cure
from simulator.core.draws import BILL, FOLLOW, RETURN, uniforms
from simulator.core.jit import rule
from simulator.core.maths import exp, whole
from simulator.core.names import CENTRE, CONTINUED, INPATIENT, OUTPATIENT
from simulator.engine.choose import diagnosed, outpatient_charge
from simulator.engine.episodes import (
    FORGONE,
    ILLNESS,
    PER_PERSON,
    REFILL,
    RETURNING,
    WAITED_BED,
    WAITED_VISIT,
    WAITS_BED,
    WAITS_VISIT,
)
from simulator.engine.events import (
    ADMISSIONS,
    APPROPRIATE_UP,
    BED_DAYS,
    BED_FORGONE,
    BED_NEEDED,
    BED_REFUSED,
    BEDS_NEEDED,
    CHRONIC_ADMISSIONS,
    EV_FIT,
    FIRST_CONTACTS,
    FOLLOW_UPS,
    IN_PAID,
    IN_VISITS,
    MINUTES_WAITED,
    READMITTED,
    RECEIVED_UP,
    RETURNED,
    SENT_UP,
    SERIOUS,
    SERIOUS_FORGONE,
    SLOTS_REFUSED,
    SOUGHT,
    SOUGHT_PRIMARY,
    TAKEN_OVER,
    WAITED_DAYS,
    WENT_UP,
)
from simulator.engine.see import inpatient_charge
from simulator.payment.books import (
    CASES,
    CATASTROPHIC,
    CH_DRUGS,
    CH_LABOUR,
    CH_TESTS,
    CODED,
    COVERED,
    DAYS,
    MOVED,
    OUTSIDE,
    SELF,
    UPCODED,
    WEIGHT,
)
from simulator.referral.down import FIT, chance_return

SERIOUS_FROM = 0.3
"""Severity from which an episode is moderate or severe."""
CLEARLY_BETTER = 0.2
"""Gain in the chance of cure from which sending a patient up is medically appropriate."""
RETURN_WITHIN = 90
READMITTED_WITHIN = 15


@rule
def varied(charge, u, half):
    """A bill around its mean: uniform in the logarithm, half-width ``half``; whole fen."""
    return whole(charge * exp(half * (2.0 * u - 1.0)) * (2.0 * half) / (exp(half) - exp(-half)))


@rule
def bill(family, person, facility, care, group, charge, cover, book):
    """Split one bill, post it to its cell of the books (one row, ``book``) and to the person's year. Yuan paid."""
    outside = whole(charge * facility.outside)
    row = cover[cover_row(person.plan, care, facility.tier)]
    if care == OUTPATIENT:
        used, fund_year = person.outpatient_year, person.outpatient_fund
        a = np.float64(facility.outpatient_parts[0]) * np.float64(facility.intensity_out[0])
        b = np.float64(facility.outpatient_parts[1]) * np.float64(facility.intensity_out[1])
        c = np.float64(facility.outpatient_parts[2]) * np.float64(facility.intensity_out[2])
    else:
        used, fund_year = person.inpatient_year, person.inpatient_fund
        a = np.float64(facility.inpatient_parts[0]) * np.float64(facility.intensity_in[0])
        b = np.float64(facility.inpatient_parts[1]) * np.float64(facility.intensity_in[1])
        c = np.float64(facility.inpatient_parts[2]) * np.float64(facility.intensity_in[2])
    own, fund, back = split(charge, outside, row, used if row.per_year == 1 else 0, fund_year, person.own_year)
    drugs = whole(charge * (a / (a + b + c)))
    tests = min(whole(charge * (b / (a + b + c))), charge - drugs)
    book[CASES] += 1
    book[CH_DRUGS] += drugs
    book[CH_TESTS] += tests
    book[CH_LABOUR] += charge - drugs - tests
    book[COVERED] += charge - outside
    book[SELF] += own
    book[OUTSIDE] += outside
    book[CATASTROPHIC] += back
    if care == OUTPATIENT:
        person.outpatient_year += charge - outside
        person.outpatient_fund += fund
    else:
        person.inpatient_year += charge - outside
        person.inpatient_fund += fund
    person.own_year += own
    paid = own + outside - back
    family.paid_year += paid
    return paid


@rule
def visit(family, person, facility, f, group, g, severity, u, cover, par, first_cell, shape, books):
    """Bill one outpatient visit at facility row ``f``; fen paid."""
    charge = varied(outpatient_charge(facility, group, severity, par), u, par.bill_spread)
    cell = first_cell[f] + (OUTPATIENT * shape[0] + g) * shape[1] + person.plan
    return bill(family, person, facility, OUTPATIENT, group, charge, cover, books[cell])


@rule
def visits(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events):
    """Bill the first visit, the referred one and follow-ups of an episode; (visits, fen paid)."""
    group = groups[e.group]
    u_first, u_second, _, _ = uniforms(clock, person.id, BILL, e.number)
    f = e.seen
    paid = visit(family, person, facilities[f], f, group, e.group, e.severity, u_first, cover, par, first_cell, shape,
                 books)  # fmt: skip
    last, count = paid, 1
    events[f, FIRST_CONTACTS] += 1
    events[f, MINUTES_WAITED] += whole(facilities[f].wait * 60.0)
    if e.sent == 1:
        events[f, SENT_UP] += 1
    if e.referred >= 0:
        events[f, WENT_UP] += 1
        f = e.referred
        events[f, RECEIVED_UP] += 1
        last = visit(family, person, facilities[f], f, group, e.group, e.severity, u_second, cover, par, first_cell,
                     shape, books)  # fmt: skip
        paid += last
        count += 1
    if e.kind != REFILL:
        u_number, u_a, u_b, u_c = uniforms(clock, person.id, FOLLOW, e.number)
        more = min(follow_ups(u_number, e.severity, last / 100.0, facilities[f].follow, par), 3)
        for n in range(more):
            u = u_a if n == 0 else (u_b if n == 1 else u_c)
            paid += visit(family, person, facilities[f], f, group, e.group, e.severity, u, cover, par, first_cell,
                          shape, books)  # fmt: skip
        events[f, FOLLOW_UPS] += more
        count += more
    return count, paid


@rule
def stay(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events):
    """Bill an admission and the rest of the stay where the patient was stepped down; fen paid."""
    group = groups[e.group]
    f = e.admitted
    facility = facilities[f]
    _, _, u_bill, u_code = uniforms(clock, person.id, BILL, e.number)
    charge = varied(inpatient_charge(facility, group, e.severity, par), u_bill, par.bill_spread)
    weight = whole(group.weight * 1000.0)
    if e.kind == RETURNING:
        charge = whole(charge * par.return_bill)
        events[f, RETURNED] += 1
    rest = whole(charge * par.tail_bill) if e.moved_to >= 0 else 0
    book = books[first_cell[f] + (INPATIENT * shape[0] + e.group) * shape[1] + person.plan]
    paid = bill(family, person, facility, INPATIENT, group, charge - rest, cover, book)
    book[DAYS] += e.days
    book[WEIGHT] += weight
    if u_code < facility.upcode:
        book[UPCODED] += 1
        book[CODED] += whole(weight * (1.0 + par.code_step))
    else:
        book[CODED] += weight
    events[f, ADMISSIONS] += 1
    events[f, BED_DAYS] += e.days
    start = clock.first_day + e.day
    since = start - person.last_discharge
    if since >= 0 and since <= READMITTED_WITHIN:
        events[f, READMITTED] += 1
    person.last_discharge = start + e.days + e.tail if e.moved_to >= 0 else start + e.days
    if e.stage >= FIT:
        for s in range(FIT, e.stage + 1):
            events[f, EV_FIT + s - FIT] += 1
    if e.moved_to >= 0:
        c = e.moved_to
        book[MOVED] += weight
        other = books[first_cell[c] + (CONTINUED * shape[0] + e.group) * shape[1] + person.plan]
        paid += bill(family, person, facilities[c], CONTINUED, group, whole(rest * par.tail_price), cover, other)
        other[DAYS] += e.tail
        other[WEIGHT] += weight
        other[MOVED] += weight
        events[c, TAKEN_OVER] += 1
        events[c, BED_DAYS] += e.tail
        u_back, u_when, _, _ = uniforms(clock, person.id, RETURN, e.number)
        if person.return_in == 0 and u_back < chance_return(facilities[c].capability, e.severity, par):
            moved_day = e.day + e.days
            back_day = moved_day + 1 + np.int64(u_when * (RETURN_WITHIN - 1))
            person.return_in = 1 + max(np.int64(1), back_day // 30)
            person.return_day = clock.first_day + back_day
            person.moved_day = clock.first_day + moved_day
            person.return_place = f
            person.return_group = e.group
            person.return_severity = e.severity
    return paid


@rule
def tally(family, person, facilities, par, e, events, plans):
    """Count what access came to: sought, forgone, refused."""
    plan = person.plan
    serious = e.severity >= SERIOUS_FROM
    if serious and e.kind == ILLNESS:
        plans[plan, SERIOUS] += 1
    if e.kind != RETURNING and e.kind != WAITED_BED:
        if e.seen >= 0:
            plans[plan, SOUGHT] += 1
            if facilities[e.seen].tier <= CENTRE:
                plans[plan, SOUGHT_PRIMARY] += 1
                up = facilities[e.seen].up_secondary
                if up < 0:
                    up = facilities[e.seen].up_tertiary
                if up >= 0 and e.kind != REFILL:
                    gain = cure(facilities[up].capability, e.severity, par) - cure(
                        facilities[e.seen].capability, e.severity, par
                    )
                    if gain > CLEARLY_BETTER:
                        plans[plan, APPROPRIATE_UP] += 1
        else:
            if e.option >= 0:
                events[family.place[e.option], SLOTS_REFUSED] += 1
            if e.ends == FORGONE and serious and e.kind != REFILL:
                plans[plan, SERIOUS_FORGONE] += 1
    if e.needs_bed == 1:
        plans[plan, BED_NEEDED] += 1
        here = e.referred if e.referred >= 0 else e.seen
        if here >= 0:
            events[here, BEDS_NEEDED] += 1
        if e.admitted >= 0 and diagnosed(person):
            plans[plan, CHRONIC_ADMISSIONS] += 1
        if e.admitted < 0 and e.ends != WAITS_BED:
            plans[plan, BED_FORGONE] += 1


@rule
def one_waits(rows, low, high):
    """A person waits for one thing at a time, the most severe; the rest of what rows wait for is given up."""
    worst = -1
    for r in range(low, high):
        if rows[r].ends == WAITS_VISIT or rows[r].ends == WAITS_BED:
            if worst >= 0 and rows[worst].severity >= rows[r].severity:
                rows[r].ends = FORGONE
            else:
                if worst >= 0:
                    rows[worst].ends = FORGONE
                worst = r


@rule
def settle_person(family, j, persons, facilities, groups, cover, par, clock, rows, low, high, first_cell, shape, books,
                  events, plans, order):  # fmt: skip
    """Outcomes of rows ``low`` to ``high``, all of person ``j``: bills by (day, number), learning; (visits, fen)."""
    person = persons[j]
    seen = 0
    count = 0
    paid = 0
    if person.return_in > 0:
        person.return_in -= 1
    was_waiting = person.waiting
    waiting_day = person.waiting_day
    person.waiting = 0
    one_waits(rows, low, high)
    n = high - low
    for k in range(n):
        r = low + k
        m = k
        while m > 0 and (
            rows[order[m - 1]].day > rows[r].day
            or (rows[order[m - 1]].day == rows[r].day and rows[order[m - 1]].number > rows[r].number)
        ):
            order[m] = order[m - 1]
            m -= 1
        order[m] = r
    for k in range(n):
        e = rows[order[k]]
        tally(family, person, facilities, par, e, events, plans)
        if e.seen >= 0:
            v, yuan = visits(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events)
            count += v
            paid += yuan
            seen = 1
            tier = facilities[e.seen].tier
            if tier <= CENTRE and e.kind != REFILL:
                family.trust = trust.after_visit(family.trust, e.cured == 1, par)
            for t in range(4):
                family.habit[t] = habit.after_visit(np.float64(family.habit[t]), t == min(tier, 3), par)
        if e.admitted >= 0:
            if e.kind == WAITED_BED and was_waiting == 2:
                events[e.admitted, WAITED_DAYS] += clock.first_day + e.day - waiting_day
            paid += stay(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events)
            seen = 1
        elif e.takes_bed == 1:
            events[e.seen if e.seen >= 0 else family.place[CENTRE], BED_REFUSED] += 1
        if e.ends == WAITS_VISIT or e.ends == WAITS_BED:
            person.waiting = 1 if e.ends == WAITS_VISIT else 2
            person.waiting_group = e.group
            person.waiting_severity = e.severity
            person.waiting_day = waiting_day if e.kind == WAITED_VISIT else clock.first_day + e.day
    person.visited = seen
    return count, paid


@rule
def receive(families, persons, facilities, groups, cover, pars, clocks, rows, row, end, low, high, first_cell, shape,
            books, events, plans, incomes, order):  # fmt: skip
    """Families ``low`` to ``high`` receive their outcomes, rows ``row`` to ``end``; the row after their last.

    ``first_cell`` (facility,) and ``shape`` (groups, plans) find a cell of ``books`` (cell, counted); ``events``
    (facility, event), ``plans`` (plan, event) and ``incomes`` (bin, event) are added to; ``order`` is scratch.
    """
    par = pars[0]
    clock = clocks[0]
    for i in range(low, high):
        family = families[i]
        for j in range(family.first, families[i + 1].first):
            start = row
            while row < end and rows[row].person == j:
                row += 1
            count, paid = settle_person(family, j, persons, facilities, groups, cover, par, clock, rows, start, row,
                                        first_cell, shape, books, events, plans, order)  # fmt: skip
            incomes[family.income_bin, IN_VISITS] += count
            incomes[family.income_bin, IN_PAID] += paid
    return row


ORDER_SIZE = PER_PERSON + 2
"""Size of the scratch that sorts a person's episodes."""
