"""Readiness to see patients (接诊意愿): whether doctors make room for one more visit or put it off.

goal = tanh((m · margin of a yuan of visits − effort and time of it) / (altruism · `welcome_scale`))

A doctor of whose pay visits are no part has the effort and nothing for it; one who earns by visits makes room. Patients
feel it in what a mild illness gets: an appointment soon, an open door, or advice to wait.
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import EVERYWHERE, Act, Shown
from simulator.practice.weigh import cares, pull, visit_worth

ACT = Act(
    column=Column("welcome", "f8", "-1 to 1", "readiness of doctors to see one more patient; less than 0 puts off", 0),
    doer="doctor",
    where=EVERYWHERE,
    low="-1.0",
    high="1.0",
    shown={
        "welcome": Shown(
            ("station", "centre"),
            Text("readiness to see one more patient, from −1 to 1", "接诊意愿（−1至1）"),
            Text("readiness to see patients", "接诊意愿"),
        )
    },
)


@compiled
def goal(facility, belief, par):
    """What a visit is worth to its doctor, near its greatest weight either way from `welcome_scale`."""
    return pull(visit_worth(facility, belief, par), cares(facility, par) * par.welcome_scale)
