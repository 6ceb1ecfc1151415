"""Online care (互联网诊疗): who takes to it, and what cannot be treated there (behaviour equation B8).

accept = intercept − a · max(age − old, 0) / 10 + l · literacy + x · experience − c · cover lost

Experience is the share of recent visits that were online; cover lost is what the fund pays less online, as a share of
the bill, than at the best covered place nearby. What a doctor has to see, touch or test is handed over to a place:
with a chance that rises in severity, as the doctor finds and as families expect.
"""

from simulator.core.jit import compiled
from simulator.core.maths import logistic


@compiled
def acceptance(age, literacy, experience, cover_lost, par):
    """Utility of a visit for being online, to a patient of this ``age`` whose family has this ``literacy`` (standard
    deviations) and ``experience`` (0 to 1); ``cover_lost`` is a share of the bill."""
    takes_to = par.online_accept - par.online_age * max(age - par.online_old, 0.0) / 10.0
    return (
        takes_to + par.online_literacy * literacy + par.online_experience * experience - par.online_unpaid * cover_lost
    )


@compiled
def chance_examined(severity, par):
    """Chance that a patient seen online has to be examined at a place."""
    return logistic(par.examine_slope * (severity - par.examine_at))
