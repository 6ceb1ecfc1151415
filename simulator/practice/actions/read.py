"""Remote consultation answered (应答远程会诊): how many of the requests a hospital's doctors answer.

goal = tanh((m · what a consultation answered earns + altruism · `read_benefit` − `read_effort`) / `read_scale`), never
below zero
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import HOSPITALS, Act
from simulator.practice.weigh import cares, money_felt, supplied

ACT = Act(
    column=Column("read", "f8", "share", "of such requests, those that it answers"),
    doer="doctor",
    where=HOSPITALS,
    low="0.0",
    high="1.0",
)


@compiled
def goal(facility, belief, par):
    """Share for which pay and duty outweigh the effort."""
    worth = money_felt(facility, par) * belief.read + cares(facility, par) * par.read_benefit
    return supplied(worth - par.read_effort, par.read_scale)
