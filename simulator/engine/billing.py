"""Bills: every visit and stay is charged, split between payers and entered in the books."""

import numpy as np

from simulator.benefit.cover import cover_row, deductible_due, insured_by, split, under_deductible
from simulator.benefit.layers import pay_layers
from simulator.benefit.status import status_of
from simulator.choice.going import follow_ups
from simulator.core.draws import BILL, FOLLOW, RETURN, uniforms
from simulator.core.jit import rule
from simulator.core.maths import exp, whole
from simulator.core.names import CENTRE, CONTINUED, INPATIENT, OUTPATIENT
from simulator.engine.choose import outpatient_charge
from simulator.engine.episodes import REFILL, RETURNING
from simulator.engine.events import (
    ADMISSIONS,
    ADMITTED,
    AREA_ADMITTED,
    AREA_FUND,
    AREA_VISITS,
    BED_DAYS,
    CURED,
    EV_FIT,
    EV_RATED,
    EV_RATING,
    FIRST_CONTACTS,
    FOLLOW_UPS,
    FUND,
    MINUTES_WAITED,
    OWN_FIT,
    OWN_MOVED,
    OWN_UP,
    RATED,
    RATING,
    READMITTED,
    RECEIVED_UP,
    RETURNED,
    SATISFIED,
    SENT_UP,
    TAKEN_OVER,
    VISITS,
    WENT_UP,
)
from simulator.engine.see import inpatient_charge
from simulator.payment.books import (
    ABOVE,
    ABOVE_CASES,
    CASES,
    CATASTROPHIC,
    CH_DRUGS,
    CH_LABOUR,
    CH_TESTS,
    CODED,
    COVERED,
    DAYS,
    LOW_CASES,
    LOW_COVERED,
    LOW_WEIGHT,
    MOVED,
    OUTSIDE,
    SELF,
    UNINSURED,
    UNINSURED_DAYS,
    UPCODED,
    WEIGHT,
)
from simulator.referral.down import FIT, chance_return

RETURN_WITHIN = 90
READMITTED_WITHIN = 15


@rule
def varied(charge, u, half):
    """A bill around its mean: uniform in the logarithm, half-width ``half``; whole fen."""
    return whole(charge * exp(half * (2.0 * u - 1.0)) * (2.0 * half) / (exp(half) - exp(-half)))


@rule
def bill(family, person, f, facility, care, group, g, referred, charge, cover, clock, book, who, extra):
    """Split one bill at ``facility``, row ``f``, and post it to its cell of the books (one row, ``book``), to the
    events of the patient's plan and alliance (``who``), to supplementary payers (``extra``, fen by payer) and to the
    person's year. ``group`` is the case group, row ``g``; ``referred`` 0 or 1. Fen paid by the family in cash."""
    outside = whole(charge * facility.outside)
    plan = insured_by(person, cover)
    if person.enrolled == 0:
        outside = charge
        book[UNINSURED] += 1
    status = 0
    if cover.read != 0:
        filed = cover.rows[cover_row(plan, care, facility.tier)].filed
        status = status_of(family, person, facility, group, referred, filed, cover.read, clock)
    row = cover.rows[cover_row(plan, care, facility.tier, status)]
    deductible = row.deductible
    if care == OUTPATIENT:
        used, fund_year = person.outpatient_year, person.outpatient_fund
        if row.apart == 1:
            used, fund_year = person.chronic_year, person.chronic_fund
        a = np.float64(facility.outpatient_parts[0]) * np.float64(facility.intensity_out[0])
        b = np.float64(facility.outpatient_parts[1]) * np.float64(facility.intensity_out[1])
        c = np.float64(facility.outpatient_parts[2]) * np.float64(facility.intensity_out[2])
    else:
        used, fund_year = person.inpatient_year, person.inpatient_fund
        deductible = deductible_due(row, person.admissions_year, person.stay_deductible)
        a = np.float64(facility.inpatient_parts[0]) * np.float64(facility.intensity_in[0])
        b = np.float64(facility.inpatient_parts[1]) * np.float64(facility.intensity_in[1])
        c = np.float64(facility.inpatient_parts[2]) * np.float64(facility.intensity_in[2])
    used = used if row.per_year == 1 else 0
    own, fund, back = split(charge, outside, row, deductible, used, fund_year, person.own_year)
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
    if care == OUTPATIENT and row.apart == 1:
        person.chronic_year += charge - outside
        person.chronic_fund += fund
    elif care == OUTPATIENT:
        person.outpatient_year += charge - outside
        person.outpatient_fund += fund
    else:
        person.stay_deductible += under_deductible(charge, outside, row, deductible, used)
        person.inpatient_year += charge - outside
        person.inpatient_fund += fund
    person.own_year += own
    who[FUND] += fund
    if facility.centre < 0 or facility.centre != family.place[CENTRE]:
        person.elsewhere += fund
    if facility.area == family.area:
        who[AREA_FUND] += fund
    paid = own + outside - back
    if cover.products.shape[0] > 0 or family.account > 0 or family.points > 0:
        paid = pay_layers(family, person, f, facility, care, g, own - back, outside, row, cover.products, extra,
                          referred)  # fmt: skip
    family.paid_year += paid
    return paid


@rule
def visit(family, person, facility, f, group, g, severity, referred, u, cover, par, clock, first_cell, shape, books,
          who, extras):  # fmt: skip
    """Bill one outpatient visit at facility row ``f``; fen paid, and fen as felt: money from accounts counts less."""
    who[VISITS] += 1
    if facility.area == family.area:
        who[AREA_VISITS] += 1
    charge = varied(outpatient_charge(facility, group, severity, par), u, par.bill_spread)
    cell = first_cell[f] + ((OUTPATIENT * shape[0] + g) * shape[1] + person.plan) * shape[2] + family.holder
    account = family.account
    paid = bill(family, person, f, facility, OUTPATIENT, group, g, referred, charge, cover, clock, books[cell], who,
                extras[f, person.plan, OUTPATIENT])  # fmt: skip
    return paid, paid + par.account_felt * (account - family.account)


@rule
def rate(family, facility, e, yuan, par, who):
    """The family's rating of a visit: outcome, wait, communication, price; thousandths."""
    talk = par.communication if facility.tier <= CENTRE else par.communication_hospital
    rating = (
        par.rating_outcome * e.cured
        + par.rating_wait / (1.0 + facility.wait / par.rating_wait_at)
        + par.rating_talk * talk
        + par.rating_price / (1.0 + yuan / par.rating_price_at)
    )
    thousandths = whole(rating * 1000.0)
    who[RATED] += 1
    who[RATING] += thousandths
    if rating >= par.rating_satisfied:
        who[SATISFIED] += 1
    return thousandths


@rule
def outlier(book, facility, charge, weight, coded):
    """Enter a stay whose charge lies above the upper or below the lower threshold of its weight (thousandths)."""
    high = facility.outlier_high * weight / 1000.0
    if charge > high:
        book[ABOVE] += whole(charge - high)
        book[ABOVE_CASES] += 1
    elif charge < facility.outlier_low * weight / 1000.0:
        book[LOW_CASES] += 1
        book[LOW_COVERED] += charge - whole(charge * facility.outside)
        book[LOW_WEIGHT] += coded


@rule
def visits(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events, who, extras):
    """Bill the first visit, the referred one and follow-ups of an episode; (visits, fen paid)."""
    group = groups[e.group]
    u_first, u_second, _, _ = uniforms(clock, person.id, BILL, e.number)
    f = e.seen
    paid, felt = visit(family, person, facilities[f], f, group, e.group, e.severity, 0, u_first, cover, par, clock,
                       first_cell, shape, books, who, extras)  # fmt: skip
    count, referred = 1, 0
    events[f, EV_RATED] += 1
    events[f, EV_RATING] += rate(family, facilities[f], e, paid / 100.0, par, who)
    events[f, FIRST_CONTACTS] += 1
    events[f, CURED] += e.cured
    events[f, MINUTES_WAITED] += whole(facilities[f].wait * 60.0)
    if e.sent == 1:
        events[f, SENT_UP] += 1
    if e.referred >= 0:
        events[f, WENT_UP] += 1
        who[OWN_UP] += 1
        f = e.referred
        events[f, RECEIVED_UP] += 1
        referred = 1
        more_paid, felt = visit(family, person, facilities[f], f, group, e.group, e.severity, 1, u_second, cover, par,
                                clock, first_cell, shape, books, who, extras)  # fmt: skip
        paid += more_paid
        count += 1
    if e.kind != REFILL:
        u_number, u_a, u_b, u_c = uniforms(clock, person.id, FOLLOW, e.number)
        more = min(follow_ups(u_number, e.severity, felt / 100.0, facilities[f].follow, par), 3)
        for n in range(more):
            u = u_a if n == 0 else (u_b if n == 1 else u_c)
            more_paid, _ = visit(family, person, facilities[f], f, group, e.group, e.severity, referred, u, cover, par,
                                 clock, first_cell, shape, books, who, extras)  # fmt: skip
            paid += more_paid
        events[f, FOLLOW_UPS] += more
        count += more
    return count, paid


@rule
def stay(family, person, facilities, groups, cover, par, clock, e, first_cell, shape, books, events, who, extras):
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
    else:
        person.stay_deductible = 0
    rest = whole(charge * par.tail_bill) if e.moved_to >= 0 else 0
    book = books[first_cell[f] + ((INPATIENT * shape[0] + e.group) * shape[1] + person.plan) * shape[2] + family.holder]
    paid = bill(family, person, f, facility, INPATIENT, group, e.group, e.referral, charge - rest, cover, clock, book,
                who, extras[f, person.plan, INPATIENT])  # fmt: skip
    book[DAYS] += e.days
    book[WEIGHT] += weight
    if u_code < facility.upcode:
        book[UPCODED] += 1
        coded = whole(weight * (1.0 + par.code_step))
    else:
        coded = weight
    if person.enrolled == 1:
        book[CODED] += coded
        outlier(book, facility, charge - rest, weight, coded)
    else:
        book[UNINSURED_DAYS] += e.days
    events[f, ADMISSIONS] += 1
    events[f, BED_DAYS] += e.days
    who[ADMITTED] += 1
    if facility.area == family.area:
        who[AREA_ADMITTED] += 1
    start = clock.first_day + e.day
    since = start - person.last_discharge
    if since >= 0 and since <= READMITTED_WITHIN:
        events[f, READMITTED] += 1
    person.last_discharge = start + e.days + e.tail if e.moved_to >= 0 else start + e.days
    if e.stage >= FIT:
        for s in range(FIT, e.stage + 1):
            events[f, EV_FIT + s - FIT] += 1
        who[OWN_FIT] += 1
    if e.moved_to >= 0:
        c = e.moved_to
        book[MOVED] += weight
        row = first_cell[c] + ((CONTINUED * shape[0] + e.group) * shape[1] + person.plan) * shape[2] + family.holder
        other = books[row]
        tail = whole(rest * par.tail_price)
        paid += bill(family, person, c, facilities[c], CONTINUED, group, e.group, 1, tail, cover, clock,
                     other, who, extras[c, person.plan, CONTINUED])  # fmt: skip
        other[DAYS] += e.tail
        if person.enrolled == 0:
            other[UNINSURED_DAYS] += e.tail
        other[WEIGHT] += weight
        other[MOVED] += weight
        events[c, TAKEN_OVER] += 1
        who[OWN_MOVED] += 1
        events[c, BED_DAYS] += e.tail
        u_back, u_when, _, _ = uniforms(clock, person.id, RETURN, e.number)
        if person.return_in == 0 and u_back < chance_return(facilities[c].capability, e.severity, par):
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
