"""Referral up: a doctor of primary care weighs the patient's gain in the chance of cure against the own gain or loss,
and grants or not what patients ask for (C2)."""

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
def chance_asking(gain, par):
    """Chance that a patient asks to be sent up; ``gain`` is the utility of the visit there less that of staying."""
    return logistic((gain - par.ask_hassle) / par.ask_scale)


@compiled
def chance_granted(own_gain, par):
    """Chance that the doctor grants what a patient asks for, whom the doctor would have kept; ``own_gain`` as above."""
    return logistic(par.grant + own_gain / par.refer_money)


@compiled
def chance_tertiary(severity, urban, pull, par):
    """Chance that the hospital asked is a tertiary one; ``pull`` is how much the doctor prefers the other."""
    return logistic(
        par.refer_tertiary * (severity - par.refer_tertiary_at)
        + par.refer_tertiary_urban * (urban - par.refer_tertiary_urban_at)
        - pull
    )
