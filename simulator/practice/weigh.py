"""How conduct is weighed: what a yuan counts, the optimum that it moves, and how fast conduct follows.

A doctor weighs own income against the patient's benefit (Ellis–McGuire with concave income): the optimum of
``money·margin·x − altruism·curvature·(x − 1)²/2`` is ``x = 1 + money·margin / (altruism·curvature)``, where
``money`` is the marginal utility of income times the share of the margin that reaches the doctor. Seeing patients costs
effort and time beside that (`visit_effort`), whatever is paid.
"""

from simulator.core.jit import compiled
from simulator.core.maths import clip, exp, log, logistic
from simulator.practice import margins


@compiled
def income_worth(facility, par):
    """Marginal utility of income: grows as the margin falls below what the place is used to (McGuire–Pauly)."""
    if facility.income_before <= 0.0:
        return 1.0
    spare = (facility.income - par.income_fixed * facility.income_before) / (
        (1.0 - par.income_fixed) * facility.income_before
    )
    level = par.income_base + (1.0 - par.income_base) * max(0.0, spare)
    return clip(exp(-par.income_curve * log(level)), par.income_low, par.income_high)


@compiled
def money_felt(facility, par):
    """Weight of one yuan of the facility's margin in its doctors' decisions, 1 in the usual place, times what its
    owner wants."""
    felt = par.money * facility.income_worth * facility.pass_through / par.pass_through_usual
    return felt * facility.money_weight


@compiled
def cares(facility, par):
    """Weight of the patient's benefit in its doctors' decisions: some places care more than others, and not all owners
    want the same."""
    return par.altruism * facility.altruism * facility.patient_weight


@compiled
def visit_effort(facility, belief, par):
    """Own effort and time of a visit at the usual pace, for a yuan of its usual bill."""
    return par.effort_hour * facility.visit_minutes / 60.0 / max(belief.visit_bill, 1.0)


@compiled
def visit_worth(facility, belief, par):
    """What one more yuan of visits is worth to who sees the patients: what reaches their pay, less effort and time,
    which no payment changes."""
    return money_felt(facility, par) * margins.of_visit(facility, belief) - visit_effort(facility, belief, par)


@compiled
def optimum(margin, over, under):
    """Intensity against the patient's optimum, for a margin in units of the curvature of the patient's benefit."""
    return 1.0 + margin / (over if margin > 0.0 else under)


@compiled
def toward(now, goal, low, high, par):
    """Conduct a month later: part of the way to its goal, which is kept within bounds."""
    return now + par.adjust * (clip(goal, low, high) - now)


@compiled
def feel_income(facility, par):
    """What income is worth to a facility, a month later."""
    facility.income_worth = toward(
        facility.income_worth, income_worth(facility, par), par.income_low, par.income_high, par
    )


@compiled
def pull(gain, scale):
    """What ``gain`` brings of the most either way, near all of it from ``scale``: tanh, from the logistic function."""
    return 2.0 * logistic(2.0 * gain / scale) - 1.0


@compiled
def chronic_load(facility, par):
    """Effort of looking after one more person, against that at the usual use of the clinic."""
    return par.manage_effort_idle + par.manage_effort_load * min(facility.clinic_use, 1.2) / par.manage_load_at


@compiled
def supplied(value, scale):
    """Share of the most that is done of something worth ``value`` to who does it: nothing where it is not worth its
    effort, then rising, ever slower, to one (tanh)."""
    return max(0.0, pull(value, scale))


@compiled
def dared(gain, honesty, scale):
    """Share of the most that is done of something wrong which brings ``gain``, expected fine included: nothing where it
    brings nothing, half where the gain outweighs ``honesty``, one at the end (a logistic curve from zero, Becker)."""
    if gain <= 0.0:
        return 0.0
    never = logistic(-honesty / scale)
    return (logistic((gain - honesty) / scale) - never) / (1.0 - never)
