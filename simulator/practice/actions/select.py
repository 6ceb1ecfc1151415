"""Refusal of costly patients (推诿重症): of those who are dear for the weight, those whom the place would lose on, or
who bring less than the next patient in the same bed.

goal = `select_most` · dared(−m · (margin of a case with `dear_bill` times the usual bill + what turning a patient away
is expected to cost), altruism · `select_honesty`, `select_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import BEDS, UPPER, Act, Shown
from simulator.practice.weigh import cares, dared, money_felt

ACT = Act(
    column=Column("select", "f8", "share", "patients dear for their weight who are refused a bed", 0),
    doer="facility",
    where=BEDS,
    low="0.0",
    high="1.0",
    shown={"select": Shown(UPPER, Text("costly patients refused", "推诿费用高的患者"))},
)


@compiled
def margin(facility, belief, par):
    """Admitting one patient of the usual weight who is dear for it, yuan, less what the bed could earn otherwise."""
    usual = margins.of_admission(facility, belief, belief.case_weight, belief.case_days, par)
    more = (par.dear_bill - 1.0) * belief.case_bill
    services = margins.of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * more
    return usual + services - margins.bed_day_price(facility, belief, par) * belief.case_days


@compiled
def goal(facility, belief, par):
    """Share that is dared."""
    loss = -money_felt(facility, par) * (margin(facility, belief, par) + belief.refusal)
    return par.select_most * dared(loss, cares(facility, par) * par.select_honesty, par.select_scale)
