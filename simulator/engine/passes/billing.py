"""Bills of visits: every one is charged, split between payers and appended as a row."""

import numpy as np

from simulator.benefit.cover import deductible_due, split, still_due, terms_of, under_deductible
from simulator.benefit.layers import Owed, pay_layers
from simulator.choice.going import follow_ups
from simulator.core.draws import BILL, FOLLOW, REPEAT, uniforms
from simulator.core.jit import compiled
from simulator.core.maths import varied, whole
from simulator.core.names import CENTRE, LABOUR, ONLINE, OUTPATIENT, TESTS
from simulator.engine.passes.price import outpatient_charge, outside_part
from simulator.engine.passes.services import continuous, repeats
from simulator.engine.state.bills import FIRST, FOLLOW_UP, REFERRED
from simulator.engine.state.episodes import HANDED_OVER, REFILL, was_referred


@compiled
def begin_bill(b, episode, e, family, person, f, care, purpose, force):
    """Write whose bill ``b`` is, of which row ``episode`` of the episodes ``e``, at which facility and for what."""
    facility = force.facilities[f]
    b.episode, b.family, b.person, b.facility, b.group = episode, e.family, e.person, f, e.group
    b.day, b.care, b.purpose = e.day, care, purpose
    b.plan, b.holder, b.insured = person.plan, family.holder, person.enrolled
    b.local = facility.area == family.area
    b.elsewhere = facility.centre < 0 or facility.centre != family.place[CENTRE]
    b.upcoded = b.readmitted = b.moved = b.days = b.idle = b.weight = b.coded = 0
    for k in range(b.others.shape[0]):
        b.others[k] = 0


@compiled
def charge_by_part(b, charge, repeated, parts, intensity):
    """Write the charge of a bill and what of it is drugs and tests, ``repeated`` fen of these done again."""
    drugs = np.float64(parts[0]) * np.float64(intensity[0])
    tests = np.float64(parts[1]) * np.float64(intensity[1])
    labour = np.float64(parts[2]) * np.float64(intensity[2])
    usual = charge - repeated
    b.charge, b.repeated = charge, repeated
    b.drugs = whole(usual * (drugs / (drugs + tests + labour)))
    b.tests = min(whole(usual * (tests / (drugs + tests + labour))), usual - b.drugs) + repeated


@compiled
def bill(b, family, person, referred, charge, repeated, delivery, force):
    """Split a bill that has begun between its payers, and enter it in the year of the person; fen paid in cash.

    ``referred`` is 0 or 1; ``repeated`` fen of the charge are for tests done again; ``delivery`` fen for bringing the
    medicines come on top of it: outside the catalogue, and neither drugs nor tests.
    """
    care, facility, group, cover = b.care, force.facilities[b.facility], force.groups[b.group], force.cover
    outside = outside_part(charge, facility, care) if person.enrolled == 1 else charge
    number, used, fund_year = terms_of(family, person, facility, care, group, referred, force)
    row, rare = cover.rows[number], force.rare[person.row]
    deductible = row.deductible
    if care == OUTPATIENT:
        charge_by_part(b, charge, repeated, facility.outpatient_parts, facility.intensity_out)
        charge, outside = charge + delivery, outside + delivery
        b.charge = charge
    else:
        charge_by_part(b, charge, repeated, facility.inpatient_parts, facility.intensity_in)
        deductible = deductible_due(row, person.admissions_year, person.stay_deductible)
        if row.once == 0 and continuous(False, facility):
            deductible = still_due(deductible, person.stay_deductible)
    own, fund, back = split(charge, outside, row, deductible, used, fund_year, person.own_year)
    if care != OUTPATIENT:
        person.stay_deductible += under_deductible(charge, outside, row, deductible, used)
        person.inpatient_year += charge - outside
        person.inpatient_fund += fund
    elif row.apart == 1:
        rare.chronic_year += charge - outside
        rare.chronic_fund += fund
    else:
        person.outpatient_year += charge - outside
        person.outpatient_fund += fund
    person.own_year += own
    paid = own + outside - back
    if cover.products.shape[0] > 0 or family.account > 0 or family.points > 0:
        owed = Owed(b.facility, care, b.group, own - back, outside, referred)
        paid = pay_layers(family, person, rare, facility, owed, row, cover.products, b.others)
    family.paid_year += paid
    b.outside, b.own, b.fund, b.back, b.cash = outside, own, fund, back, paid
    return paid


@compiled
def tests_again(charge, facility, sender, parts, person, e, force):
    """Charge of tests that a receiving place repeats, fen, given its own usual ``charge`` of the case, of which
    ``parts`` are drugs, tests and labour; the patient comes down where the ``sender`` is of a higher tier. Recognised
    results (检查结果互认) are not repeated."""
    chance = repeats(facility.retest, facility, sender, e)
    if chance <= 0.0:
        return np.int64(0)
    u_up, u_down, _, _ = uniforms(force.clock, person.id, REPEAT, e.number)
    u = u_down if sender.tier > facility.tier else u_up
    return whole(charge * np.float64(parts[TESTS]) * force.par.retest_bill) if u < chance else np.int64(0)


@compiled
def labour_share(facility):
    """Share of a usual visit's charge that is for the doctor's work."""
    parts, intensity = facility.outpatient_parts, facility.intensity_out
    done = 0.0
    for k in range(len(parts)):
        done += np.float64(parts[k]) * np.float64(intensity[k])
    return np.float64(parts[LABOUR]) * np.float64(intensity[LABOUR]) / done


@compiled
def visit(b, episode, e, family, person, f, purpose, u, repeated, force):
    """Bill one outpatient visit at facility row ``f``, ``repeated`` fen of tests on top; fen as felt: money from
    accounts counts less. Who is handed over gets advice alone; medicines prescribed online may be delivered for a
    fee."""
    par, facility = force.par, force.facilities[f]
    begin_bill(b, episode, e, family, person, f, OUTPATIENT, purpose, force)
    listed = outpatient_charge(facility, force.groups[e.group], e.severity, par)
    delivery = np.int64(0)
    advice = facility.tier == ONLINE and e.sent == HANDED_OVER
    if advice:
        listed *= labour_share(facility)
    elif facility.delivers == 1 and e.kind == REFILL:
        delivery = facility.delivery_fee
    charge = whole(varied(listed, u, par.bill_spread, force.width)) + repeated
    sent = purpose != FIRST and was_referred(e)
    referred = np.int64(sent or e.severity >= par.emergency)
    account = family.account
    paid = bill(b, family, person, referred, charge, repeated, delivery, force)
    if advice:
        b.drugs = b.tests = 0
    return paid + par.account_felt * (account - family.account)


@compiled
def rate(facility, e, yuan, par):
    """The family's rating of the first visit of episode ``e``: outcome, wait, communication, price."""
    talk = par.communication if facility.tier <= CENTRE else par.communication_hospital
    rating = (
        par.rating_outcome * e.cured
        + par.rating_wait / (1.0 + facility.wait / par.rating_wait_at)
        + par.rating_talk * talk
        + par.rating_price / (1.0 + yuan / par.rating_price_at)
    )
    e.rating = whole(rating * 1000.0)
    e.satisfied = rating >= par.rating_satisfied


@compiled
def visits(bills, n, episode, e, family, person, force):
    """Append the bills of an episode's visits from row ``n`` on: the first, the one it was referred to, follow-ups; the
    row after the last."""
    facilities, par = force.facilities, force.par
    u_first, u_second, _, _ = uniforms(force.clock, person.id, BILL, e.number)
    f = e.seen
    felt = visit(bills[n], episode, e, family, person, f, FIRST, u_first, 0, force)
    rate(facilities[f], e, bills[n].cash / 100.0, par)
    n += 1
    if e.referred >= 0:
        f = e.referred
        usual = outpatient_charge(facilities[f], force.groups[e.group], e.severity, par)
        parts = facilities[f].outpatient_parts
        repeated = np.int64(0)
        if was_referred(e):  # nothing is tested online
            repeated = tests_again(usual, facilities[f], facilities[e.seen], parts, person, e, force)
        felt = visit(bills[n], episode, e, family, person, f, REFERRED, u_second, repeated, force)
        n += 1
    if e.kind != REFILL and (e.sent != HANDED_OVER or e.referred >= 0):
        u_number, u_a, u_b, u_c = uniforms(force.clock, person.id, FOLLOW, e.number)
        more = min(follow_ups(u_number, e.severity, felt / 100.0, facilities[f].follow, par), 3)
        for k in range(more):
            u = u_a if k == 0 else (u_b if k == 1 else u_c)
            visit(bills[n], episode, e, family, person, f, FOLLOW_UP, u, 0, force)
            n += 1
    return n
