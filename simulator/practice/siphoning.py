"""Siphoning (虹吸): what a hospital does with its margin, and whom its pay draws from below.

    equipment = invest · margin                                                   a month, yuan
    beds      = invest_beds/12 · σ((use − invest_full)/BEND)                      a month, share of the first ones
    closed    = close_beds/12 · σ((close_empty − use)/BEND)                       where the margin is a loss
    left      → poach_doctors · (g − poach_from)₊,  at most poach_most            share of doctors, slowly
    drawn     → poach · (g − poach_from)₊                                         capability, slowly

g is how far the growth of a doctor's pay lags behind that at the top hospitals, in logs. All of it follows levels and
not changes, or is bounded, so nothing runs away. After behaviour equation D7
(`scenarios/evidence/behaviour.md`).
"""

from simulator.core.clock import DAYS_A_MONTH
from simulator.core.jit import compiled
from simulator.core.maths import clip, log, logistic, whole
from simulator.core.money import FEN
from simulator.core.names import CENTRE, TERTIARY

BEND = 0.03
"""Use of beds over which building and closing set in; judgement."""
MONTHS = 12.0
LEAST_PAY = 1.0
"""Fen: below that a place has no doctors whose pay could be compared."""


@compiled
def pay_grown(facility):
    """Growth of a doctor's pay since the end of the burn-in, log; nothing where there is none to compare."""
    if facility.pay_before < LEAST_PAY or facility.pay < LEAST_PAY:
        return 0.0
    return log(facility.pay / facility.pay_before)


@compiled
def lag(facility, best, par):
    """How far pay has fallen behind the growth ``best`` at the top hospitals, beyond what it costs to move, log.

    Village doctors have no licence for a hospital, and nobody leaves the top.
    """
    if facility.tier < CENTRE or facility.tier >= TERTIARY or facility.pay_before < LEAST_PAY:
        return 0.0
    return max(best - pay_grown(facility) - par.poach_from, 0.0)


@compiled
def more_beds(facility, par):
    """Beds that a hospital wants to build this month, or, negative, closes; share of those that it began with."""
    if facility.income > 0.0:
        wanted = par.invest_beds / MONTHS * logistic((facility.bed_use - par.invest_full) / BEND)
        return clip(wanted, 0.0, max(par.invest_beds_most - facility.built_beds, 0.0))
    closed = par.close_beds / MONTHS * logistic((par.close_empty - facility.bed_use) / BEND)
    return -clip(closed, 0.0, max(par.invest_beds_most + facility.built_beds, 0.0))


@compiled
def siphon(facility, best, par):
    """A month of one place: what it invests next month, and who leaves it for top hospitals whose pay grew by ``best``.

    Beds are built as far as the part of the margin that may be invested pays for them.
    """
    behind = lag(facility, best, par)
    most = clip(par.poach_doctors * behind, 0.0, par.poach_most)
    facility.leaving += par.poach_adjust * (most - facility.leaving)
    facility.drawn += par.poach_adjust * (par.poach * behind - facility.drawn)
    facility.invests, facility.invests_beds = 0, 0
    if facility.tier <= CENTRE or facility.tier > TERTIARY:
        return
    margin = max(facility.income, 0.0)
    facility.invests = whole(par.invest * margin)
    if facility.own_bed_days == 0:
        return
    more = more_beds(facility, par)
    price = facility.own_bed_days / DAYS_A_MONTH * par.bed_price * FEN
    if more > 0.0 and price > 0.0:
        more = min(more, max(par.invest_most - par.invest, 0.0) * margin / price)
        facility.invests_beds = whole(more * price)
    facility.built_beds += more


@compiled
def siphon_all(facilities, best, pars):
    """A month of every place (F,); ``pars`` is the one row of behaviour."""
    for f in range(len(facilities)):
        siphon(facilities[f], best, pars[0])


@compiled
def top_growth(facilities):
    """Growth of pay at the top hospitals, log, the mean over their doctors; nothing where there are none."""
    grown, doctors = 0.0, 0.0
    for f in range(len(facilities)):
        facility = facilities[f]
        if facility.tier == TERTIARY and facility.pay_before >= LEAST_PAY:
            grown += pay_grown(facility) * facility.own_doctors
            doctors += facility.own_doctors
    return grown / doctors if doctors > 0.0 else -1e9
