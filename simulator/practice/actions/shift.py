"""Cost shifting (费用转嫁): charges move outside the catalogue (目录外费用), where patients pay in full, once a covered
yuan earns less than the place is used to.

goal = m · (what a covered yuan earned in the burn-in − what it earns now) / (altruism · `shift`); the whole share
outside the catalogue stays within `shift_least` and `shift_most`
"""

from simulator.core.jit import compiled
from simulator.core.names import OUTPATIENT
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column("shifted", "f8", "share", "outpatient, inpatient charges moved outside the catalogue", 0, 2),
    doer="facility",
    where=EVERYWHERE,
    low="min(0.0, par.shift_least - facility.outside)",
    high="max(0.0, par.shift_most - facility.outside)",
    memory=(
        Column("covered_before", "f8", "yuan/yuan", "what a covered outpatient, inpatient yuan earned: used to", 0, 2),
    ),
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
def goal(facility, belief, par, setting):
    """Share moved in a setting; none in one that the place does not have."""
    if setting == OUTPATIENT:
        now = covered(belief.outpatient, facility.outpatient_parts, facility.outside)
    elif facility.bed_days > 0:
        now = covered(belief.inpatient, facility.inpatient_parts, facility.outside)
    else:
        return 0.0
    lost = facility.covered_before[setting] - now
    return money_felt(facility, par) * lost / (cares(facility, par) * par.shift)


def remember(facilities, beliefs, months):
    """Get used to what a covered yuan earns, as the mean of so many months."""
    get_used(facilities, beliefs, months)


@compiled
def get_used(facilities, beliefs, months):
    """`remember` of every facility."""
    for f in range(len(facilities)):
        fac, belief = facilities[f], beliefs[f]
        now = covered(belief.outpatient, fac.outpatient_parts, fac.outside)
        fac.covered_before[0] += (now - fac.covered_before[0]) / months
        now = covered(belief.inpatient, fac.inpatient_parts, fac.outside)
        fac.covered_before[1] += (now - fac.covered_before[1]) / months
