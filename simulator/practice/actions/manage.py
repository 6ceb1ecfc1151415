"""Chronic management (慢病规范管理): the share of diagnosed patients who are under standard follow-up.

goal = σ((m · what a managed month earns + altruism · `manage_benefit` − `manage_effort` · load) / `manage_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act, Seen, Shown
from simulator.practice.weigh import cares, chronic_load, money_felt

ACT = Act(
    column=Column("manage", "f8", "share", "diagnosed patients under standard follow-up", 0.4),
    doer="doctor",
    where=EVERYWHERE,
    low="0.0",
    high="1.0",
    shown={
        "manage": Shown(
            ("station", "centre"),
            Text("chronic patients under standard follow-up", "规范管理的慢病患者"),
            Text("under follow-up, %", "规范管理，%"),
        )
    },
    seen=Seen(
        "margin_managed",
        "yuan/month",
        "believed earning of one patient more under standard follow-up",
        Shown(
            ("station", "centre"),
            Text("one patient followed up, a month", "规范随访一名患者（每月）"),
            Text("patient followed, month", "规范管理一人，月"),
        ),
    ),
)


@compiled
def margin(facility, belief, par):
    """One patient more under standard follow-up, yuan a month."""
    return belief.managed


@compiled
def goal(facility, belief, par):
    """Share for which pay and duty outweigh the effort."""
    gain = (
        money_felt(facility, par) * margin(facility, belief, par)
        + cares(facility, par) * par.manage_benefit
        - par.manage_effort * chronic_load(facility, par)
    )
    return logistic(gain / par.manage_scale)
