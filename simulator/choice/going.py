"""Whether to go at all at the chosen place's price, step nearer when it is too dear, or stay home."""

from simulator.core.jit import compiled
from simulator.core.maths import log, logistic


@compiled
def chance_going(severity, yuan, income, refill, par):
    """Chance that a family goes to the place it chose, at this price.

    ``income`` is income per head against the mean; ``refill`` says that a prescription is needed.
    """
    z = (
        par.go
        + par.go_severity * severity
        + par.go_severe * max(severity - par.go_severe_at, 0.0)
        - par.go_price * log((yuan + par.go_price_floor) / par.go_price_at)
        + par.go_income * log(income)
    )
    if refill:
        z += par.go_refill
    return logistic(z)


@compiled
def chance_nearer(chance, par):
    """Chance that a family which finds the hospital too dear tries a nearer place whose chance of cure is ``chance``:
    some consider it, and only an adequate place will do."""
    return par.step_nearer * logistic((chance - par.adequate_at) / par.adequate_scale)


@compiled
def follow_ups(u, severity, yuan, asked, par):
    """Number of follow-up visits after a visit: what the doctor asks for (``asked`` against the usual number), at a
    price that keeps some from coming."""
    back = logistic(par.follow_up_go - par.follow_up_price * log((yuan + par.go_price_floor) / par.go_price_at))
    mean = par.follow_up * (par.follow_up_base + par.follow_up_severity * severity) * asked * back / par.follow_up_usual
    return int(mean + u)
