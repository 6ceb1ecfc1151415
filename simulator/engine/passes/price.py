"""What a bill is expected to cost a family before it goes: the price that it chooses by."""

import numpy as np

from simulator.benefit.cover import deductible_due, split, terms_of
from simulator.benefit.layers import advance_felt, cannot_advance, expected_left
from simulator.core.jit import compiled
from simulator.core.maths import whole
from simulator.core.names import OUTPATIENT

OUT_OF_REACH = -1.0
"""Price of a place whose bill the family would have to advance and cannot."""


@compiled
def outside_part(charge, facility, care):
    """Part of a charge outside the catalogue, fen: the usual one and what the facility moves there."""
    return whole(charge * (facility.outside + np.float64(facility.shifted[0 if care == OUTPATIENT else 1])))


@compiled
def expected_price(family, person, f, facility, care, group, g, referred, charge, income, cover, par, clock):
    """What a bill of ``charge`` fen at ``facility``, row ``f``, is felt to cost the family, yuan, on the deductibles
    and ceilings of the month's start; `OUT_OF_REACH` where it cannot go.

    Money of personal accounts counts less than cash, and what has to be advanced counts in part. ``group`` is the case
    group, row ``g``; ``referred`` 0 or 1; ``income`` that per head against the mean.
    """
    outside = outside_part(charge, facility, care)
    number, used, fund_year = terms_of(family, person, facility, care, group, referred, cover, clock)
    row = cover.rows[number]
    deductible = row.deductible if care == OUTPATIENT else deductible_due(row, person.admissions_year, 0)
    own, _, back = split(charge, outside, row, deductible, used, fund_year, person.own_year)
    cash = own + outside - back
    if cover.products.shape[0] == 0 and family.account == 0 and family.points == 0 and row.advance == 0:
        return cash / 100.0
    advance = charge - cash
    cash, account = expected_left(
        family, person, f, facility, care, g, own - back, outside, row, cover.products, referred
    )
    felt = cash + par.account_felt * account
    if row.advance == 1:
        if cannot_advance(charge, family.income, par.liquid) == 1:
            return OUT_OF_REACH
        felt += advance_felt(advance, income, par.advance_cost, par.advance_most)
    return felt / 100.0
