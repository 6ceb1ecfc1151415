"""Voluntary enrolment in the basic plan (自愿参保): who expects to gain enrols, who feels the premium stays away."""

from simulator.core.jit import compiled
from simulator.core.maths import log, logistic


@compiled
def chance_enrolling(premium, expected, income, enrolled, taste, par):
    """Chance of enrolling for a year.

    ``premium`` and ``expected``, what the fund is expected to pay in a year, are yuan, as is ``income`` per head;
    ``enrolled`` says that one is enrolled already, ``taste`` is a permanent draw from the standard logistic.
    """
    worth = log((expected + par.enrol_floor) / (premium + par.enrol_floor))
    burden = premium / max(income, 1.0)
    z = par.enrol + par.enrol_worth * worth - par.enrol_burden * burden + par.enrol_taste * taste
    if enrolled:
        z += par.enrol_again
    return logistic(z)
