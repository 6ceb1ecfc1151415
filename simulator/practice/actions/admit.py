"""Threshold of admission (入院门槛): mild cases are admitted where they pay.

goal = `admit` · tanh(m · margin of a mild case less the worth of its bed-days / (altruism · `admit_money`))
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import BEDS, UPPER, Act, Seen, Shown
from simulator.practice.weigh import cares, money_felt, pull

ACT = Act(
    column=Column("admit", "f8", "severity", "shift of the threshold for admission; positive admits more", 0),
    doer="facility",
    where=BEDS,
    low="-par.admit",
    high="par.admit",
    shown={
        "admit": Shown(
            (), Text("shift of the threshold for admission", "入院门槛的移动"), Text("admits from", "收治门槛")
        )
    },
    seen=Seen(
        "margin_admission",
        "yuan",
        "believed margin of one more usual admission, before what its bed could earn otherwise",
        Shown(
            ("centre", *UPPER), Text("one more usual admission", "多收治一例普通住院"), Text("admission", "一次住院")
        ),
    ),
)


@compiled
def margin(facility, belief, par):
    """One more usual admission, yuan, before what its bed could earn otherwise."""
    return margins.of_admission(facility, belief, belief.case_weight, belief.case_days, par)


@compiled
def goal(facility, belief, par):
    """Shift by which mild cases, who may stay at home, are admitted or not."""
    days = par.mild_stay * belief.case_days
    mild = margins.of_admission(facility, belief, par.mild_weight, days, par)
    mild = money_felt(facility, par) * (mild - margins.bed_day_price(facility, belief, par) * days)
    return par.admit * pull(mild, cares(facility, par) * par.admit_money)
