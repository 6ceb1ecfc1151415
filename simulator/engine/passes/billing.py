"""Bills: every visit and stay is charged, split between payers and entered in the books."""

import numpy as np

from simulator.benefit.cover import cover_row, deductible_due, insured_by, split, under_deductible
from simulator.benefit.layers import pay_layers
from simulator.benefit.status import status_of
from simulator.choice.going import follow_ups
from simulator.core.draws import BILL, FOLLOW, REPEAT, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import exp, whole
from simulator.core.names import CENTRE, OUTPATIENT, TESTS
from simulator.engine.events import (
    AREA_FUND,
    AREA_VISITS,
    CURED,
    EV_RATED,
    EV_RATING,
    FIRST_CONTACTS,
    FOLLOW_UPS,
    FUND,
    MINUTES_WAITED,
    OWN_UP,
    RATED,
    RATING,
    RECEIVED_UP,
    REPEATED,
    SATISFIED,
    SENT_UP,
    VISITS,
    WENT_UP,
)
from simulator.engine.passes.price import outpatient_charge, outside_part
from simulator.engine.state.episodes import REFILL
from simulator.payment.books import (
    CASES,
    CATASTROPHIC,
    CH_DRUGS,
    CH_LABOUR,
    CH_TESTS,
    COVERED,
    OUTSIDE,
    SELF,
    UNINSURED,
)

RETURN_WITHIN = 90
READMITTED_WITHIN = 15


@compiled
def width_of(half):
    """Width of a factor that is uniform in the logarithm with half-width ``half``."""
    return exp(half) - exp(-half)


@compiled
def varied(charge, u, half, width):
    """A bill around its mean: uniform in the logarithm, half-width ``half``, of which ``width`` is the `width_of`;
    whole fen."""
    return whole(charge * exp(half * (2.0 * u - 1.0)) * (2.0 * half) / width)


@compiled
def bill(family, person, f, facility, care, group, g, referred, charge, cover, clock, book, who, extra,
         repeated):  # fmt: skip
    """Split one bill at ``facility``, row ``f``, and post it to its cell of the books (one row, ``book``), to the
    events of the patient's plan and alliance (``who``), to the supplementary payers (``extra``, fen by payer) and to
    the person's year. ``group`` is the case group, row ``g``; ``referred`` 0 or 1; ``repeated`` fen of the charge are
    for tests done again. Fen paid by the family in cash."""
    outside = outside_part(charge, facility, care)
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
    usual = charge - repeated
    drugs = whole(usual * (a / (a + b + c)))
    tests = min(whole(usual * (b / (a + b + c))), usual - drugs) + repeated
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


@compiled
def tests_again(charge, facility, parts, person, e, down, par, clock):
    """Charge of tests that a receiving place repeats, fen, given its own usual ``charge`` of the case, of which
    ``parts`` are drugs, tests and labour; ``down`` says that the patient came down. Recognised results (检查结果互认)
    are not repeated."""
    chance = facility.retest * (1.0 - facility.recognition)
    if chance <= 0.0:
        return np.int64(0)
    u_up, u_down, _, _ = uniforms(clock, person.id, REPEAT, e.number)
    u = u_down if down else u_up
    return whole(charge * np.float64(parts[TESTS]) * par.retest_bill) if u < chance else np.int64(0)


@compiled
def visit(family, person, facility, f, group, g, severity, referred, u, cover, par, width, clock, first_cell, shape,
          books, who, extras, repeated):  # fmt: skip
    """Bill one outpatient visit at facility row ``f``, ``repeated`` fen of tests on top; fen paid, and fen as felt:
    money from accounts counts less."""
    who[VISITS] += 1
    if facility.area == family.area:
        who[AREA_VISITS] += 1
    charge = varied(outpatient_charge(facility, group, severity, par), u, par.bill_spread, width) + repeated
    cell = first_cell[f] + ((OUTPATIENT * shape[0] + g) * shape[1] + person.plan) * shape[2] + family.holder
    account = family.account
    paid = bill(family, person, f, facility, OUTPATIENT, group, g, referred, charge, cover, clock, books[cell], who,
                extras[f, person.plan, OUTPATIENT], repeated)  # fmt: skip
    return paid, paid + par.account_felt * (account - family.account)


@compiled
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


@compiled
def visits(family, person, facilities, groups, cover, par, width, clock, e, first_cell, shape, books, events, who,
           extras):  # fmt: skip
    """Bill the first visit, the referred one and follow-ups of an episode, ``width`` as in `varied`; (visits, fen
    paid)."""
    group = groups[e.group]
    u_first, u_second, _, _ = uniforms(clock, person.id, BILL, e.number)
    f = e.seen
    paid, felt = visit(family, person, facilities[f], f, group, e.group, e.severity, 0, u_first, cover, par, width,
                       clock, first_cell, shape, books, who, extras, 0)  # fmt: skip
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
        repeated = tests_again(outpatient_charge(facilities[f], group, e.severity, par), facilities[f],
                               facilities[f].outpatient_parts, person, e, False, par, clock)  # fmt: skip
        events[f, REPEATED] += repeated > 0
        more_paid, felt = visit(family, person, facilities[f], f, group, e.group, e.severity, 1, u_second, cover, par,
                                width, clock, first_cell, shape, books, who, extras, repeated)  # fmt: skip
        paid += more_paid
        count += 1
    if e.kind != REFILL:
        u_number, u_a, u_b, u_c = uniforms(clock, person.id, FOLLOW, e.number)
        more = min(follow_ups(u_number, e.severity, felt / 100.0, facilities[f].follow, par), 3)
        for n in range(more):
            u = u_a if n == 0 else (u_b if n == 1 else u_c)
            more_paid, _ = visit(family, person, facilities[f], f, group, e.group, e.severity, referred, u, cover, par,
                                 width, clock, first_cell, shape, books, who, extras, 0)  # fmt: skip
            paid += more_paid
        events[f, FOLLOW_UPS] += more
        count += more
    return count, paid
