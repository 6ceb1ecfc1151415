"""What care is listed at, and what a bill is expected to cost a family before it goes: the price that it chooses by."""

from typing import NamedTuple

import numpy as np

from simulator.benefit.cover import deductible_due, own_of_yuan, split, terms_of
from simulator.benefit.layers import Owed, advance_felt, cannot_advance, expected_left
from simulator.core.jit import compiled
from simulator.core.maths import exp, log, share_of, whole
from simulator.core.names import INPATIENT, OUTPATIENT
from simulator.illness.case_mix import weight_of

OUT_OF_REACH = -1.0
"""Price of a place whose bill the family would have to advance and cannot."""


@compiled
def severity_factor(severity, group, par):
    """Outpatient bill of a case of this severity against the usual one of its group."""
    return (par.follow_up_base + par.follow_up_severity * severity) / (
        par.follow_up_base + par.follow_up_severity * group.severity
    )


@compiled
def outpatient_charge(facility, group, severity, par):
    """Listed charge of a visit, fen, before it varies."""
    return group.bill * severity_factor(severity, group, par) * facility.outpatient_level


@compiled
def inpatient_charge(facility, group, severity, par):
    """Listed charge of an admission, fen, before it varies: by its relative weight, and by what severity costs
    beyond it."""
    beyond = 1.0 + par.severity_bill * (severity - group.severity)
    return facility.inpatient_level * weight_of(severity, group, par) * beyond


@compiled
def services_by_cover(own, par):
    """Services of a stay, against those listed, of a patient who pays ``own`` (0 to 1) of each yuan of them."""
    return exp(-par.cover_services * log(max(own, par.cover_services_least) / par.cover_services_at))


@compiled
def stay_charge(family, person, f, g, severity, referred, force):
    """Charge of a stay at facility row ``f`` for case group row ``g``, fen, before it varies: the listed one, for the
    services that the patient's cover buys. ``referred`` is 0 or 1."""
    facility, group = force.facilities[f], force.groups[g]
    number, _, _ = terms_of(family, person, facility, INPATIENT, group, referred, force)
    services = services_by_cover(own_of_yuan(force.cover.rows[number]), force.par)
    return inpatient_charge(facility, group, severity, force.par) * services


@compiled
def as_referred(e, par):
    """Whether a stay of episode ``e`` goes by the terms of the referred: it was sent, or is an emergency."""
    return np.int64((e.referral == 1) | (e.severity >= par.emergency))


@compiled
def outside_share(facility, care):
    """Share of a charge outside the catalogue: the usual one and what the facility moves there."""
    return facility.outside + np.float64(facility.shifted[0 if care == OUTPATIENT else 1])


@compiled
def outside_part(charge, facility, care):
    """Part of a charge outside the catalogue, whole fen."""
    return share_of(charge, outside_share(facility, care))


class Due(NamedTuple):
    """A bill before anybody pays in the family's place, whole fen."""

    charge: int
    own: int  # covered, after catastrophic cover
    outside: int


@compiled
def shared(family, row, cover):
    """Whether what a bill leaves to a family may not all be paid by it in cash, at the end."""
    return cover.products.shape[0] > 0 or family.account != 0 or family.points != 0 or row.advance != 0


@compiled
def price_felt(family, person, f, care, g, referred, due, row, income, force):
    """What is ``due`` at facility row ``f`` for case group row ``g``, under the terms of ``row``, as the family feels
    it, yuan; `OUT_OF_REACH` where it cannot go.

    Money of personal accounts counts less than cash, and what has to be advanced counts in part. ``referred`` is 0 or
    1; ``income`` that per head against the mean.
    """
    cash = due.own + due.outside
    if not shared(family, row, force.cover):
        return cash / 100.0
    facility, par = force.facilities[f], force.par
    advance = due.charge - cash
    owed = Owed(f, care, g, due.own, due.outside, referred)
    cash, account = expected_left(family, person, force.rare[person.row], facility, owed, row, force.cover.products)
    felt = cash + par.account_felt * account
    if row.advance == 1:
        if cannot_advance(due.charge, family.income, par.liquid) == 1:
            return OUT_OF_REACH
        felt += advance_felt(advance, income, par.advance_cost, par.advance_most)
    return felt / 100.0


@compiled
def expected_price(family, person, f, care, g, referred, charge, income, force):
    """What a bill of ``charge`` fen is expected to cost the family, on the deductibles and ceilings of the month's
    start; see `price_felt`."""
    facility = force.facilities[f]
    outside = outside_part(charge, facility, care)
    number, used, fund_year = terms_of(family, person, facility, care, force.groups[g], referred, force)
    row = force.cover.rows[number]
    deductible = row.deductible if care == OUTPATIENT else deductible_due(row, person.admissions_year, 0)
    own, _, back = split(charge, outside, row, deductible, used, fund_year, person.own_year)
    due = Due(charge, own - back, outside)
    return price_felt(family, person, f, care, g, referred, due, row, income, force)


@compiled
def bed_price(family, person, f, e, income, force):
    """What an admission of episode ``e`` is expected to cost the family, yuan."""
    referred = as_referred(e, force.par)
    charge = whole(stay_charge(family, person, f, e.group, e.severity, referred, force))
    return expected_price(family, person, f, INPATIENT, e.group, referred, charge, income, force)
