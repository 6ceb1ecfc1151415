"""Coding (高编高套): cases are coded one level too high.

goal = `code_most` · σ((m · gain net of the expected fine − altruism · `code_honesty`) / `code_scale`)
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import BEDS, UPPER, Act, Seen, Shown
from simulator.practice.weigh import cares, money_felt

ACT = Act(
    column=Column("upcode", "f8", "share", "cases coded one level too high", 0.05),
    doer="facility",
    where=BEDS,
    low="0.0",
    high="1.0",
    shown={
        "upcode": Shown(
            UPPER, Text("cases coded a level too high", "高编一级的病例"), Text("coded too high, %", "高编高套，%")
        )
    },
    seen=Seen(
        "margin_coding",
        "yuan",
        "believed margin of coding one usual case a level too high, expected fine included",
        Shown(
            UPPER,
            Text("one case coded up, expected fine included", "高编一例（已计预期罚款）"),
            Text("coding up", "高编一例"),
        ),
    ),
)


@compiled
def margin(facility, belief, par):
    """Coding one usual case one level too high, yuan, expected fine included."""
    return par.code_step * belief.case_weight * (belief.weight - belief.fine)


@compiled
def goal(facility, belief, par):
    """Share at which honesty gives way."""
    gain = money_felt(facility, par) * margin(facility, belief, par)
    return par.code_most * logistic((gain - cares(facility, par) * par.code_honesty) / par.code_scale)
