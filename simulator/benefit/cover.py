"""The family's part of one bill: the rules of this floor in their statutory order, and the table they read.

Order (behaviour.md E7): outside the catalogue, first self-pay, deductible, share, what is left under the ceiling, fees
waived, further cover; then catastrophic cover over the year's own payments. What supplementary payers add is in
`layers`.
"""

from typing import NamedTuple

import numpy as np

from simulator.benefit.further_cover import columns, more
from simulator.benefit.rules.catastrophic import catastrophic
from simulator.benefit.rules.ceiling import under_ceiling
from simulator.benefit.rules.continuous_deductible import still_due
from simulator.benefit.rules.deductible import below_deductible
from simulator.benefit.rules.fee_waiver import waived
from simulator.benefit.rules.first_self_pay import first_self_pay
from simulator.benefit.rules.repeat_deductible import repeated
from simulator.benefit.rules.share import fund_share
from simulator.benefit.status import AWAY, STATUSES, status_of
from simulator.core.jit import compiled
from simulator.core.names import OUTPATIENT, TIERS
from simulator.core.table import Column, Columns

NO_LIMIT = 10**15
"""Fen that no family spends: stands for a ceiling or threshold that there is not."""

COVER = Columns(
    "cover",
    Column("first_self_pay", "f8", "share", "of covered items, paid by the patient first"),
    Column("deductible", "i8", "fen", "paid by the patient before the fund begins"),
    Column("per_year", "i8", "0 or 1", "the deductible is met once a calendar year, not by every admission"),
    Column("fund_pays", "f8", "share", "of what lies above the deductible"),
    Column("ceiling", "i8", "fen/year", "paid by the fund at most, by person and setting", NO_LIMIT),
    Column("catastrophic_above", "i8", "fen/year", "own covered payments from which repayment begins", NO_LIMIT),
    Column("catastrophic_share", "f8", "share", "of the excess, paid back"),
    Column("waives", "i8", "fen", "of every bill, paid by the fund in the patient's place"),
    Column("second", "f8", "share", "of the deductible, at the second admission of a year", 1),
    Column("later", "f8", "share", "of the deductible, at later admissions of a year", 1),
    Column("once", "i8", "0 or 1", "deductibles paid earlier in the stay count"),
    Column("apart", "i8", "0 or 1", "has the deductible and ceiling of chronic outpatient care"),
    Column("filed", "f8", "share", "of people who file before they are treated away", 1),
    Column("advance", "i8", "0 or 1", "the family advances the whole bill"),
    Column("refused", "i8", "0 or 1", "an internet hospital may not see the patient"),
    Column("account", "i8", "0 or 1", "personal accounts may pay"),
    Column("redeem", "f8", "share", "of what is left to the family that health points may pay"),
    *columns(),
)
"""One row per plan, setting (outpatient, inpatient), tier and status; see `cover_row`. After the last plan stands a
block that pays nothing, for people who are not enrolled."""
ROWS = 2 * len(TIERS) * STATUSES
"""Rows of one plan."""


class Cover(NamedTuple):
    """What families pay of bills under the rules in force."""

    rows: np.ndarray
    """COVER rows."""
    products: np.ndarray
    """PRODUCTS rows, in the order in which they pay."""
    read: int
    """Bits of the status on which any row depends."""


@compiled
def cover_row(plan, care, tier, status=0):
    """Row of the cover table; ``care`` 2, continued, reads the inpatient terms."""
    return ((plan * 2 + min(care, 1)) * 5 + tier) * STATUSES + status


@compiled
def insured_by(person, cover):
    """Block of the cover table that a person's bills go by: the plan, or the last one for those not enrolled."""
    return person.plan if person.enrolled == 1 else cover.rows.shape[0] // ROWS - 1


@compiled
def terms_of(family, person, facility, care, group, referred, force):
    """What a bill goes by: the number of its row of the cover table; covered charges of this year that count toward a
    yearly deductible, and the fund's part of this year under the same ceiling, fen. ``group`` is a row of the case
    groups, ``referred`` 0 or 1."""
    cover = force.cover
    plan = insured_by(person, cover)
    status = 0
    if cover.read != 0:
        filed = cover.rows[cover_row(plan, care, facility.tier)].filed if cover.read & AWAY else 1.0
        status = status_of(family, person, facility, group, referred, filed, cover.read, force.clock)
    number = cover_row(plan, care, facility.tier, status)
    row = cover.rows[number]
    if care != OUTPATIENT:
        used, fund_year = person.inpatient_year, person.inpatient_fund
    elif row.apart == 1:
        rare = force.rare[person.row]
        used, fund_year = rare.chronic_year, rare.chronic_fund
    else:
        used, fund_year = person.outpatient_year, person.outpatient_fund
    return number, used if row.per_year == 1 else 0, fund_year


@compiled
def own_of_yuan(row):
    """What a person pays of one more covered yuan above the deductible, 0 to 1, by the statutory terms of ``row``."""
    return 1.0 - (1.0 - row.first_self_pay) * row.fund_pays


@compiled
def deductible_due(row, admissions, paid):
    """Deductible of an inpatient bill, fen: after ``admissions`` earlier ones this year, and ``paid`` fen paid under
    deductibles earlier in the same stay."""
    due = repeated(row.deductible, admissions, row.second, row.later)
    return still_due(due, paid) if row.once == 1 else due


@compiled
def under_deductible(charge, outside, row, deductible, deductible_used):
    """Fen of a bill that fall under ``deductible``; parameters as for `split`."""
    covered = charge - outside
    used = deductible_used - first_self_pay(deductible_used, row.first_self_pay)
    return below_deductible(covered - first_self_pay(covered, row.first_self_pay), deductible, used)


@compiled
def split(charge, outside, row, deductible, deductible_used, fund_year, own_year):
    """Who pays one bill, whole fen: (patient's part of the covered charge, notional fund part, paid back to the patient
    by catastrophic cover). Self and fund part sum to the covered charge; the patient also pays ``outside``.

    ``charge`` and ``outside`` are fen, ``row`` one row of the cover table, ``deductible`` that of the row or what
    `deductible_due` makes of it. ``deductible_used``: covered charges of this year that count toward a yearly
    deductible, else 0. ``fund_year`` and ``own_year``: the fund's part under the same ceiling, and own covered payments
    before repayment, since January.
    """
    covered = charge - outside
    first = first_self_pay(covered, row.first_self_pay)
    below = under_deductible(charge, outside, row, deductible, deductible_used)
    fund = under_ceiling(fund_share(covered - first - below, row.fund_pays), row.ceiling, fund_year)
    fee = waived(covered - fund, row.waives)
    own = covered - fund - fee
    further = more(own, row)
    own -= further
    return own, fund + fee + further, catastrophic(own, own_year, row.catastrophic_above, row.catastrophic_share)
