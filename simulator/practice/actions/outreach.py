"""Outreach of specialists (专家下沉): their hours at the centres below a hospital. They end where nobody pays for them,
unless doctors are more altruistic than usual.

goal = `outreach_most` · doctors · tanh((m · what an hour earns + altruism · `outreach_benefit` − effort)
/ `outreach_scale`), never below zero; the effort is `outreach_effort`, of tertiary hospitals `outreach_effort_tertiary`
"""

from simulator.core.jit import compiled
from simulator.core.names import SECONDARY
from simulator.core.table import Column
from simulator.practice.act import OVER_CENTRES, Act
from simulator.practice.weigh import cares, money_felt, supplied

ACT = Act(
    column=Column(
        "outreach", "f8", "hours/month", "specialists' hours at the centres below it, in units of the sample"
    ),
    doer="doctor",
    where=OVER_CENTRES,
    low="0.0",
    high="par.outreach_most * facility.doctors",
    reported="outreach_hours",
)


@compiled
def goal(facility, belief, par):
    """Hours for which pay and duty outweigh the effort."""
    hour = par.outreach_effort_tertiary if facility.tier > SECONDARY else par.outreach_effort
    worth = money_felt(facility, par) * belief.outreach + cares(facility, par) * par.outreach_benefit - hour
    return supplied(worth, par.outreach_scale) * (par.outreach_most * facility.doctors)
