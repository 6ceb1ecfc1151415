"""False referral (虚假转诊): a stable patient stays and is recorded as stepped down, where records are paid or scored.

goal = `false_most` · dared(m · one more record, net of the expected fine, altruism · `false_honesty`, `false_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import HOSPITAL_BEDS, Act
from simulator.practice.weigh import cares, dared, money_felt

ACT = Act(
    column=Column("false_down", "f8", "share", "stable patients who stay and are recorded as stepped down", 0),
    doer="facility",
    where=HOSPITAL_BEDS,
    low="0.0",
    high="1.0",
)


@compiled
def goal(facility, belief, par):
    """Share that is dared."""
    gain = money_felt(facility, par) * belief.recorded * (1.0 - belief.record_penalty)
    return par.false_most * dared(gain, cares(facility, par) * par.false_honesty, par.false_scale)
