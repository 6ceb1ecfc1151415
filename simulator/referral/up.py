"""Referral up: a primary doctor weighs the patient's gain in the chance of cure against the own gain or loss (C2)."""

from simulator.core.jit import compiled
from simulator.core.maths import logistic


@compiled
def chance_referred(cure_here, cure_there, own_gain, care, par):
    """Chance that a patient is sent up; ``own_gain`` is what the doctor believes to gain from it, yuan, ``care`` the
    weight of the patient's benefit."""
    return logistic(
        care * par.refer_benefit * (cure_there - cure_here) + own_gain / par.refer_money + par.refer_threshold
    )


@compiled
def chance_tertiary(severity, urban, pull, par):
    """Chance that the hospital asked is a tertiary one; ``pull`` is how strongly the doctor prefers the other."""
    return logistic(
        par.refer_tertiary * (severity - par.refer_tertiary_at)
        + par.refer_tertiary_urban * (urban - par.refer_tertiary_urban_at)
        - pull
    )
