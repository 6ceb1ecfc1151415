"""The family's part of one bill: the rules of this floor in their statutory order, and the table they read.

Order (behaviour.md E7): outside the catalogue, first self-pay, deductible, share, what is left under the ceiling; then
catastrophic cover over the year's own payments.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from simulator.benefit.rules.catastrophic import catastrophic
from simulator.benefit.rules.ceiling import under_ceiling
from simulator.benefit.rules.deductible import below_deductible
from simulator.benefit.rules.first_self_pay import first_self_pay
from simulator.benefit.rules.share import fund_share
from simulator.benefit.terms import Benefit
from simulator.core.jit import rule
from simulator.core.names import TIERS
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
)
"""One row per plan, setting (outpatient, inpatient) and tier; see `cover_row`. After the last plan stands a block that
pays nothing, for people who are not enrolled."""
ROWS = 2 * len(TIERS)
"""Rows of one plan."""


@rule
def cover_row(plan, care, tier):
    """Row of the cover table; ``care`` 2, continued, reads the inpatient terms."""
    return (plan * 2 + min(care, 1)) * 5 + tier


@rule
def insured_by(person, cover):
    """Block of the cover table that a person's bills go by: the plan, or the last one for who is not enrolled."""
    return person.plan if person.enrolled == 1 else cover.shape[0] // ROWS - 1


@rule
def split(charge, outside, row, deductible_used, fund_year, own_year):
    """Who pays one bill, whole fen: (patient's part of the covered charge, notional fund part, paid back to the patient
    by catastrophic cover). Self and fund part sum to the covered charge; the patient also pays ``outside``.

    ``charge`` and ``outside`` are fen, ``row`` one row of the cover table. ``deductible_used``: covered charges that
    count toward the same deductible (of this year, or of a stay continued here; else 0). ``fund_year`` and
    ``own_year``: the fund's part in this setting, and own covered payments before repayment, since January.
    """
    covered = charge - outside
    first = first_self_pay(covered, row.first_self_pay)
    used = deductible_used - first_self_pay(deductible_used, row.first_self_pay)
    below = below_deductible(covered - first, row.deductible, used)
    fund = under_ceiling(fund_share(covered - first - below, row.fund_pays), row.ceiling, fund_year)
    own = covered - fund
    return own, fund, catastrophic(own, own_year, row.catastrophic_above, row.catastrophic_share)


def cover_table(benefits: Mapping[str, Benefit], plans: Sequence[str]) -> np.ndarray:
    """The cover table of ``plans``, in their order, and of nobody's plan."""
    table = COVER.rows((len(plans) + 1) * ROWS)
    for number, plan in enumerate(plans):
        benefit = benefits[plan]
        for setting, care in enumerate((benefit.outpatient, benefit.inpatient)):
            for tier, name in enumerate(TIERS):
                terms, row = getattr(care, name), table[cover_row(number, setting, tier)]
                row.first_self_pay = care.first_self_pay
                row.per_year = care.deductible_is == "per_year"
                if terms:
                    row.deductible, row.fund_pays = terms.deductible, terms.fund_pays
                if care.ceiling is not None:
                    row.ceiling = care.ceiling
                if benefit.catastrophic:
                    row.catastrophic_above = benefit.catastrophic.above
                    row.catastrophic_share = benefit.catastrophic.fund_pays
    return table
