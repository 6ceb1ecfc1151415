"""Services of stays (诊疗强度): how much is done by part of the bill, against what is best for the patient.

goal of a part = 1 + m · margin of a listed yuan of it / (altruism · `over`, of drugs `over_drugs`, or `under`)
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.names import DRUGS
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import BEDS, UPPER, Act, Shown
from simulator.practice.weigh import cares, money_felt, optimum

ACT = Act(
    column=Column("intensity_in", "f8", "factor", "inpatient services by part against the patient's optimum", 1, 3),
    doer="facility",
    where=BEDS,
    low="par.intensity_low",
    high="par.intensity_high",
    shown={
        "intensity_in_0": Shown(
            UPPER, Text("drugs in stays, against the patient's optimum", "住院用药（与对患者最优之比）")
        ),
        "intensity_in_1": Shown(
            UPPER,
            Text("tests in stays, against the patient's optimum", "住院检查（与对患者最优之比）"),
            Text("tests, inpatient, ×", "住院检查，倍"),
        ),
    },
)


@compiled
def goal(facility, belief, par, part):
    """Optimum of a part against its own margin."""
    margin = money_felt(facility, par) * margins.of_part(belief.inpatient[part], facility.marginal_cost[part])
    care = cares(facility, par)
    return optimum(margin, care * (par.over_drugs if part == DRUGS else par.over), care * par.under)
