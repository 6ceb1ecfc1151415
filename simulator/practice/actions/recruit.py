"""Signing people (签约动员): the effort of doctors to sign people on their contracts.

goal = σ((m · (what a signature earns + share served · what a served person earns) + altruism · `recruit_benefit`
− `recruit_effort` · load) / `recruit_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.table import Column
from simulator.practice.act import CONTRACTING, Act
from simulator.practice.weigh import cares, chronic_load, money_felt

ACT = Act(
    column=Column("recruit", "f8", "share", "effort to sign people"),
    doer="doctor",
    where=CONTRACTING,
    low="0.0",
    high="1.0",
    ends=True,
    after=("serve",),
)


@compiled
def goal(facility, belief, par):
    """Share of the effort for which pay and duty outweigh it, as many served as have just been decided to be."""
    head = money_felt(facility, par) * (belief.signed + facility.serve * belief.served)
    effort = par.recruit_effort * chronic_load(facility, par)
    return logistic((head + cares(facility, par) * par.recruit_benefit - effort) / par.recruit_scale)
