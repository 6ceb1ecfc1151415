"""Serving the signed (履约): the share of people under contract who are really served (签而不约: signed, not served).

goal = σ((m · what a served person earns + altruism · `serve_benefit` − `serve_effort` · load) / `serve_scale`), the
optimum of a convex effort: the marginal effort of a share x is effort + scale · log(x / (1 − x))
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic
from simulator.core.messages import Text
from simulator.core.table import Column
from simulator.practice.act import CONTRACTING, Act, Shown
from simulator.practice.weigh import cares, chronic_load, money_felt

ACT = Act(
    column=Column("serve", "f8", "share", "signed people really served"),
    doer="doctor",
    where=CONTRACTING,
    low="0.0",
    high="1.0",
    ends=True,
    shown={"serve": Shown(("centre",), Text("signed people really served", "签约者中真正得到服务的"))},
)


@compiled
def goal(facility, belief, par):
    """Share for which pay and duty outweigh the effort."""
    effort = par.serve_effort * chronic_load(facility, par)
    gain = money_felt(facility, par) * belief.served + cares(facility, par) * par.serve_benefit - effort
    return logistic(gain / par.serve_scale)
