"""Clinic hours (出诊时间): how many hours doctors offer, against the usual ones; slots come and go with them.

goal = 1 + `hours_money` · (m · margin of a yuan of visits − effort and time of it) / altruism
"""

import numpy as np

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.names import TIERS
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act, Shown
from simulator.practice.weigh import cares, visit_worth

ACT = Act(
    column=Column("hours", "f8", "factor", "clinic hours offered, against the usual ones", 1),
    doer="doctor",
    where=EVERYWHERE,
    low="par.hours_low",
    high="par.hours_high",
    shown={
        "hours": Shown(
            TIERS[:4],
            Text("clinic hours offered, against the usual", "出诊时间（与通常之比）"),
            Text("clinic hours, ×", "出诊时间，倍"),
        )
    },
)


@compiled
def goal(facility, belief, par):
    """Labour supplied for what an hour of visits brings, effort and time taken off."""
    return 1.0 + par.hours_money * visit_worth(facility, belief, par) / cares(facility, par)


def slots(facilities, par):
    """Whole slots that longer hours add, or shorter ones take, at who holds the pool."""
    return np.rint(facilities["slots"] * (facilities["hours"] - 1.0)).astype(np.int64)
