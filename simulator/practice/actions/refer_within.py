"""Naming the own alliance's hospital in a referral (转诊优先选本医联体): whom a doctor thinks of first.

goal = `refer_within` · tanh(m · gain from keeping an admission / (altruism · `refer_within_money`)), never below zero

It moves nobody who has not seen the doctor, and no one whom the doctor does not send up.
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice.act import PRIMARY, Act
from simulator.practice.weigh import cares, money_felt, pull

ACT = Act(
    column=Column("refer_within", "f8", "logit", "how much the alliance's own hospital is preferred in a referral", 0),
    doer="doctor",
    where=PRIMARY,
    low="0.0",
    high="par.refer_within",
)


@compiled
def goal(facility, belief, par):
    """Preference for the alliance's own hospital."""
    scale = cares(facility, par) * par.refer_within_money
    return par.refer_within * pull(money_felt(facility, par) * belief.keep_case, scale)
