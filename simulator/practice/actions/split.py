"""Splitting of stays (分解住院): a long stay is billed as two admissions, which costs nothing but honesty.

goal = `split_most` · dared(m · one more case of the usual weight, net of the expected fine, altruism · `split_honesty`,
`split_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import BEDS, UPPER, Act, Shown
from simulator.practice.weigh import cares, dared, money_felt

ACT = Act(
    column=Column("split", "f8", "share", "long stays billed as two admissions", 0),
    doer="facility",
    where=BEDS,
    low="0.0",
    high="1.0",
    shown={"split": Shown(UPPER, Text("long stays billed as two", "长住院分解为两次"))},
)


@compiled
def margin(facility, belief, par):
    """Billing one usual stay as two, yuan: one more case of the same weight and no more work, expected fine
    included."""
    return (belief.case + belief.weight * belief.case_weight) * (1.0 - belief.penalty)


@compiled
def goal(facility, belief, par):
    """Share that is dared."""
    gain = money_felt(facility, par) * margin(facility, belief, par)
    return par.split_most * dared(gain, cares(facility, par) * par.split_honesty, par.split_scale)
