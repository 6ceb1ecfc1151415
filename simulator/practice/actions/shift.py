"""Charges outside the catalogue (目录外费用), which patients pay in full: an optimum of what they bring and what
billing them costs, which grows faster above the share that agreements with providers allow, and free of the past.

goal = o − usual share, with G = m · (1 − what a covered yuan earns now) / altruism and
o = usual + (G − `shift_at`) / `shift_cost`, above the limit L = `shift_limit`
o = (G − `shift_at` + `shift_cost` · usual + `shift_over` · L) / (`shift_cost` + `shift_over`)
"""

from simulator.core.jit import compiled
from simulator.core.names import OUTPATIENT
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column(
        "shifted",
        "f8",
        "share, either sign",
        "outpatient, inpatient charges outside the catalogue, less the usual",
        0,
        2,
    ),
    doer="facility",
    where=EVERYWHERE,
    low="min(0.0, par.shift_least - facility.outside)",
    high="max(0.0, par.shift_most - facility.outside)",
)


@compiled
def covered(believed, parts, outside):
    """What one yuan inside the catalogue earns: the believed yuan at the usual mix, less its part ``outside`` the
    catalogue, which the patient pays in full whoever pays the rest; ``believed`` and ``parts`` of length 3."""
    total = 0.0
    share = 0.0
    for p in range(3):
        total += parts[p] * believed[p]
        share += parts[p]
    return (total / max(share, 1e-9) - outside) / max(1.0 - outside, 0.05)


@compiled
def share_outside(usual, gain, par):
    """Share of charges outside the catalogue at a place where ``usual`` is, and where a yuan outside brings ``gain``
    more than one inside, weighed against the patient's benefit. Marginal cost of billing outside: `shift_at` +
    `shift_cost` · (share − usual) + `shift_over` · (share − limit)₊."""
    share = usual + (gain - par.shift_at) / par.shift_cost
    if share <= par.shift_limit:
        return share
    at_limit = par.shift_cost * usual + par.shift_over * par.shift_limit
    return (gain - par.shift_at + at_limit) / (par.shift_cost + par.shift_over)


@compiled
def goal(facility, belief, par, setting):
    """Share above the usual one in a setting; none in one that the place does not have."""
    if setting == OUTPATIENT:
        now = covered(belief.outpatient, facility.outpatient_parts, facility.outside)
    elif facility.bed_days > 0:
        now = covered(belief.inpatient, facility.inpatient_parts, facility.outside)
    else:
        return 0.0
    gain = money_felt(facility, par) * (1.0 - now) / cares(facility, par)
    return share_outside(facility.outside, gain, par) - facility.outside
