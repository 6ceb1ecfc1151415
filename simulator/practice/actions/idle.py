"""Empty beds billed (挂床住院): days are billed after the patient has gone home.

goal = `idle_most` · dared(m · one more day, net of the expected fine, altruism · `idle_honesty`, `idle_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import BEDS, Act
from simulator.practice.weigh import cares, dared, money_felt

ACT = Act(
    column=Column("idle", "f8", "share", "days billed without a patient in the bed, on top of the days of stays", 0),
    doer="facility",
    where=BEDS,
    low="0.0",
    high="1.0",
)


@compiled
def margin(facility, belief, par):
    """Billing one more day after the patient has gone, yuan, expected fine included."""
    return belief.day * (1.0 - belief.penalty)


@compiled
def goal(facility, belief, par):
    """Share that is dared."""
    gain = money_felt(facility, par) * margin(facility, belief, par)
    return par.idle_most * dared(gain, cares(facility, par) * par.idle_honesty, par.idle_scale)
