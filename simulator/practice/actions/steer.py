"""Keeping patients with the alliance (留在医联体内): its doctors steer patients to its own beds.

goal = `steer` · tanh(m · gain from keeping an admission / (altruism · `steer_money`)), never below zero
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act
from simulator.practice.weigh import cares, money_felt, pull

ACT = Act(
    column=Column("steer", "f8", "utility", "how strongly patients are kept with the alliance's own beds", 0),
    doer="doctor",
    where=EVERYWHERE,
    low="0.0",
    high="par.steer",
)


@compiled
def goal(facility, belief, par):
    """Pull toward the alliance's own beds."""
    return par.steer * pull(money_felt(facility, par) * belief.keep_case, cares(facility, par) * par.steer_money)
