"""How conduct is weighed: what a yuan counts, the optimum that it moves, and how fast conduct follows."""

from simulator.core.jit import compiled
from simulator.core.maths import clip, logistic


@compiled
def money_felt(facility, par):
    """Weight of one yuan of the facility's margin in its doctors' decisions, 1 in the usual place."""
    return par.money * facility.income_worth * facility.pass_through / par.pass_through_usual


@compiled
def cares(facility, par):
    """Weight of the patient's benefit in its doctors' decisions: some places care more than others."""
    return par.altruism * facility.altruism


@compiled
def optimum(margin, over, under):
    """Intensity against the patient's optimum, for a margin in units of the curvature of the patient's benefit."""
    return 1.0 + margin / (over if margin > 0.0 else under)


@compiled
def toward(now, goal, low, high, par):
    """Conduct a month later: part of the way to its goal, which is kept within bounds."""
    return now + par.adjust * (clip(goal, low, high) - now)


@compiled
def supplied(value, scale):
    """Share of the most that is done of something worth ``value`` to who does it: nothing where it is not worth its
    effort, then rising, ever slower, to one (tanh)."""
    return max(0.0, 2.0 * logistic(2.0 * value / scale) - 1.0)


@compiled
def dared(gain, honesty, scale):
    """Share of the most that is done of something wrong which brings ``gain``, expected fine included: nothing where it
    brings nothing, half where the gain outweighs ``honesty``, one at the end (a logistic curve from zero, Becker)."""
    if gain <= 0.0:
        return 0.0
    never = logistic(-honesty / scale)
    return (logistic((gain - honesty) / scale) - never) / (1.0 - never)
