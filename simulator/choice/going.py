"""Whether to go at all at the chosen place's price, step nearer when it is too dear, or stay home."""

from simulator.core.jit import compiled
from simulator.core.maths import log, logistic


@compiled
def dearness(yuan, par):
    """How dear a visit is: logarithm of its price against the usual one."""
    return log((yuan + par.go_price_floor) / par.go_price_at)


@compiled
def chance_at(severity, dear, log_income, refill, welcome, par):
    """Chance that a family goes to the place it chose, which is so `dear` to it.

    ``log_income`` is the logarithm of income per head against the mean; ``refill`` (0 or 1) says that a prescription is
    needed, ``welcome`` is the utility of how ready doctors there are to see the patient, see `place.made_welcome`.
    """
    return logistic(
        par.go
        + par.go_severity * severity
        + par.go_severe * max(severity - par.go_severe_at, 0.0)
        - par.go_price * dear
        + par.go_income * log_income
        + par.go_refill * refill
        + welcome
    )


@compiled
def chance_going(severity, yuan, income, refill, par):
    """`chance_at` a price in yuan, for an ``income`` per head against the mean, where doctors neither make room nor put
    off."""
    return chance_at(severity, dearness(yuan, par), log(income), refill, 0.0, par)


@compiled
def chances_going(severities, yuan, income, refill, par, chances):
    """Write `chance_going` of each of ``severities`` (n,) into ``chances`` (n,)."""
    for n in range(len(severities)):
        chances[n] = chance_going(severities[n], yuan, income, refill, par)


@compiled
def chance_nearer(chance, par):
    """Chance that a family which finds the hospital too dear tries a nearer place whose chance of cure is ``chance``:
    some consider it, and only an adequate place will do."""
    return par.step_nearer * logistic((chance - par.adequate_at) / par.adequate_scale)


@compiled
def follow_ups(u, severity, yuan, asked, par):
    """Number of follow-up visits after a visit: what the doctor asks for (``asked`` against the usual number), at a
    price that keeps some from coming."""
    wanted = par.follow_up * (par.follow_up_base + par.follow_up_severity * severity) * asked
    if wanted / par.follow_up_usual + u < 1.0:
        return 0  # whatever share comes
    back = logistic(par.follow_up_go - par.follow_up_price * log((yuan + par.go_price_floor) / par.go_price_at))
    return int(wanted * back / par.follow_up_usual + u)
