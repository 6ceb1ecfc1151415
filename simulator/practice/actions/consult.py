"""Remote consultation asked (申请远程会诊): for how many patients fit to be sent up a hospital is first asked.

goal = tanh((m · what a consultation asked earns + altruism · `consult_benefit` − `consult_effort`) / `consult_scale`),
never below zero
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import PRIMARY, Act
from simulator.practice.weigh import cares, money_felt, supplied

ACT = Act(
    column=Column(
        "consult", "f8", "share", "of cases fit to be sent up, those for which a hospital is first asked remotely"
    ),
    doer="doctor",
    where=PRIMARY,
    low="0.0",
    high="1.0",
)


@compiled
def goal(facility, belief, par):
    """Share for which pay and duty outweigh the effort."""
    worth = money_felt(facility, par) * belief.consult + cares(facility, par) * par.consult_benefit
    return supplied(worth - par.consult_effort, par.consult_scale)
