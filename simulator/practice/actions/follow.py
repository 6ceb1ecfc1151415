"""Follow-up visits (复诊): how many the doctors ask for, against the usual number.

goal = 1 + (m · margin of a yuan of visits − effort and time of it) / (altruism · `over` or `under`)
"""

from simulator.core.jit import compiled
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice import margins
from simulator.practice.act import EVERYWHERE, Act, Seen, Shown
from simulator.practice.weigh import cares, optimum, visit_worth

ACT = Act(
    column=Column("follow", "f8", "factor", "follow-up visits asked for, against the usual number", 1),
    doer="doctor",
    where=EVERYWHERE,
    low="par.intensity_low",
    high="par.intensity_high",
    shown={
        "follow": Shown(
            ("station",),
            Text("follow-up visits asked for, against the usual", "要求复诊的次数（与通常之比）"),
            Text("follow-up visits asked, ×", "要求复诊，倍"),
        )
    },
    seen=Seen(
        "margin_visit",
        "yuan/yuan",
        "believed margin of one more yuan of outpatient bills",
        Shown(
            ("station", "centre"),
            Text("one more yuan of visits", "门诊多收一元"),
            Text("a yuan of visits", "门诊一元"),
        ),
    ),
)


@compiled
def margin(facility, belief, par):
    """One more yuan of outpatient visits, yuan."""
    return margins.of_visit(facility, belief)


@compiled
def goal(facility, belief, par):
    """Optimum against what visits are worth to their doctor."""
    care = cares(facility, par)
    return optimum(visit_worth(facility, belief, par), care * par.over, care * par.under)
