"""Accepting (接收下转): a centre takes over the rest of a hospital's case.

goal = σ((m · (margin of the rest + what the other side gains + what turning the patient away is expected to cost) +
care for the patient − fullness) / `accept_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import CENTRE_BEDS, Act, Seen, Shown
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column("accept", "f8", "share", "offered patients accepted", 0.4),
    doer="facility",
    where=CENTRE_BEDS,
    low="0.0",
    high="1.0",
    shown={
        "accept": Shown(
            ("centre",),
            Text("offered patients taken over from hospitals", "接收医院下转患者的比例"),
            Text("accepts of offers, %", "接收下转，%"),
        )
    },
    seen=Seen(
        "margin_take",
        "yuan",
        "believed margin of taking over the rest of one hospital case",
        Shown(
            ("centre",), Text("one inpatient taken over", "接收一名住院患者"), Text("step down taken", "接收下转一例")
        ),
    ),
)


@compiled
def margin(facility, belief, par):
    """Taking over the rest of a hospital's case, yuan."""
    days = par.tail_days * belief.sender_days
    bill = par.tail_bill * par.tail_price * belief.sender_bill
    services = margins.of_bill(belief.continued, facility.marginal_cost, facility.inpatient_parts) * bill
    return services + (belief.continued_day - par.day_cost) * days + belief.moved_in * belief.sender_weight


@compiled
def pool_margin(facility, pool, belief, par):
    """What the pool gains (mostly: loses) when a centre bills the rest of a hospital's case, yuan; ``pool`` is its side
    of the beliefs."""
    bill = par.tail_bill * par.tail_price * belief.sender_bill
    rest = 0.0
    for p in range(3):
        rest += facility.inpatient_parts[p] * pool.continued[p]
    days = par.tail_days * belief.sender_days
    return rest * bill + pool.continued_day * days + pool.moved_in * belief.sender_weight


@compiled
def goal(facility, belief, par):
    """Share accepted: what it brings everybody and the patient, against beds that are felt to be full."""
    wanted = cares(facility, par) * par.accept_patient * (facility.capability - par.accept_capability_at)
    full = par.accept_full * max(0.0, facility.bed_use - par.accept_full_at) / 0.1
    gain = (
        money_felt(facility, par) * (margin(facility, belief, par) + belief.partner + belief.refusal)
        + wanted / par.accept_capability_range
        - full
    )
    return logistic(gain / par.accept_scale)
