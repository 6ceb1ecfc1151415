"""Prevention uptake (健康积分): who comes to follow-up unasked, for points, by literacy, symptoms and the way (B7)."""

from simulator.core.jit import compiled
from simulator.core.maths import logistic


@compiled
def share_drawn(yuan, literacy, felt, minutes, par):
    """Share of known patients whom their doctor does not ask and whom points draw to follow-up.

    ``yuan`` is what a contact earns in points, ``literacy`` the family's in standard deviations, ``felt`` 1 if the
    patient has had a complication within the year, ``minutes`` the way. Without points nobody more comes.
    """
    lean = par.uptake + par.uptake_literacy * literacy + par.uptake_felt * felt - par.uptake_travel * minutes / 30.0
    return logistic(lean + par.uptake_points * yuan) - logistic(lean)
