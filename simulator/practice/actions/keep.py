"""Keeping patients (不愿上转): what doctors lose on visits when a patient is sent up weighs in their referrals.

goal = m · margin of a yuan of visits
"""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import EVERYWHERE, Act
from simulator.practice.weigh import money_felt

ACT = Act(
    column=Column(
        "keep", "f8", "yuan/yuan", "believed margin on an outpatient yuan, lost when a patient is sent up", 0.2
    ),
    doer="doctor",
    where=EVERYWHERE,
    low="-2.0",
    high="2.0",
)


@compiled
def goal(facility, belief, par):
    """The margin as it is felt."""
    return money_felt(facility, par) * margins.of_visit(facility, belief)
