"""Joining a mutual plan or buying a policy (加入互助、投保商业险): more so, the more one expects to claim."""

from simulator.core.jit import compiled
from simulator.core.maths import log, logistic


@compiled
def chance_joining(premium, expected, income, trust, member, taste, par):
    """Chance of being a member for a year.

    ``premium`` and ``expected`` claims of a year are yuan, as is ``income`` per head; ``trust`` is in primary care,
    where the plan's providers are (neutral for a commercial policy); ``member`` says that one is a member already,
    ``taste`` is a permanent draw from the standard logistic.
    """
    worth = log((expected + par.join_floor) / (premium + par.join_floor))
    burden = premium / max(income, 1.0)
    z = par.join + par.join_worth * worth - par.join_burden * burden + par.join_taste * taste
    z += par.join_trust * (trust - par.trust_neutral)
    if member:
        z += par.join_again
    return logistic(z)
