"""Length of stay (住院日), against the usual one.

goal = 1 + m · margin of a bed-day / (altruism · `stay_over` or `stay_under`)
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import BEDS, UPPER, Act, Seen, Shown
from simulator.practice.weigh import cares, money_felt, optimum

ACT = Act(
    column=Column("stay", "f8", "factor", "length of stay against the usual one", 1),
    doer="facility",
    where=BEDS,
    low="par.stay_low",
    high="par.stay_high",
    shown={
        "stay": Shown(
            UPPER, Text("length of stay, against the usual", "平均住院日（与通常之比）"), Text("stay, ×", "住院日，倍")
        )
    },
    seen=Seen(
        "margin_day",
        "yuan",
        "believed margin of one more day of a stay, the worth of the bed taken off",
        Shown(UPPER, Text("one more day of a stay", "多住一天"), Text("bed-day", "一个床日")),
    ),
)


@compiled
def margin(facility, belief, par):
    """One more day of a stay, yuan, less what the bed could earn otherwise."""
    bill = par.stay_part * belief.case_bill / belief.case_days
    services = margins.of_bill(belief.inpatient, facility.marginal_cost, facility.inpatient_parts) * bill
    return services + belief.day - par.day_cost - margins.bed_day_price(facility, belief, par)


@compiled
def goal(facility, belief, par):
    """Optimum against the margin of a day."""
    day, care = money_felt(facility, par) * margin(facility, belief, par), cares(facility, par)
    return optimum(day, care * par.stay_over, care * par.stay_under)
