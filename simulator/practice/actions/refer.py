"""Sending up (上转): what doctors gain by it, besides the margin lost, weighs in their referrals.

goal = m · what one patient sent up is believed to bring
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act, Seen, Shown
from simulator.practice.weigh import money_felt

ACT = Act(
    column=Column("refer", "f8", "yuan", "believed gain from sending a patient up, besides the margin lost", 0),
    doer="doctor",
    where=EVERYWHERE,
    low="-1e4",
    high="1e4",
    seen=Seen(
        "margin_up",
        "yuan",
        "believed gain from sending one patient up",
        Shown(("station",), Text("one patient sent up", "上转一名患者"), Text("sent up", "上转一例")),
    ),
)


@compiled
def margin(facility, belief, par):
    """One patient sent up, yuan."""
    return belief.referred_up


@compiled
def goal(facility, belief, par):
    """The gain as it is felt."""
    return money_felt(facility, par) * margin(facility, belief, par)
