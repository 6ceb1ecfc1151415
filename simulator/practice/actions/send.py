"""Sending down (下转): a hospital offers stable patients the rest of their stay at a centre.

goal = σ((m · (bed-days freed − rest of the stay not earned + what the other side gains) − patient's loss + `send_free`)
/ `send_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import HOSPITAL_BEDS, UPPER, Act, Seen, Shown
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column("send", "f8", "share", "stable patients offered a step down", 0.2),
    doer="facility",
    where=HOSPITAL_BEDS,
    low="0.0",
    high="1.0",
    shown={
        "send": Shown(
            UPPER,
            Text("stable patients offered a step down", "向病情稳定者提出下转的比例"),
            Text("offered a step down, %", "提出下转，%"),
        )
    },
    seen=Seen(
        "margin_down",
        "yuan",
        "believed margin of stepping one stable inpatient down, without what others gain by it",
        Shown(UPPER, Text("one inpatient stepped down", "下转一名住院患者"), Text("step down sent", "下转一例")),
    ),
)


@compiled
def margin(facility, belief, par):
    """Sending a stable inpatient to a centre, yuan: the rest of the stay is neither earned nor paid for, the bed is
    free."""
    days = par.tail_days * belief.case_days
    bill = par.tail_bill * belief.case_bill
    services = margins.of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * bill
    rest = services + (belief.day - par.day_cost) * days
    moved = belief.moved_out * belief.case_weight + belief.recorded
    return margins.bed_day_price(facility, belief, par) * days - rest + moved


@compiled
def pool_margin(facility, pool, belief, par):
    """What the pool gains when the rest of a hospital's case is not billed, yuan; ``pool`` is its side of the
    beliefs."""
    bill = par.tail_bill * belief.case_bill
    rest = 0.0
    for p in range(3):
        rest += facility.inpatient_parts[p] * pool.inpatient[p]
    return pool.moved_out * belief.case_weight - rest * bill - pool.day * par.tail_days * belief.case_days


@compiled
def goal(facility, belief, par):
    """Share offered a step down: what it brings everybody, against what the patient loses at a usual centre."""
    loss = max(0.0, par.send_capability_at - belief.centre_capability) / par.send_capability_range
    gain = (
        money_felt(facility, par) * (margin(facility, belief, par) + belief.partner)
        - cares(facility, par) * par.send_patient * loss
        + par.send_free
    )
    return logistic(gain / par.send_scale)
