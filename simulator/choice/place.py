"""Where a family wants to go: a mixed logit over places, by perceived cure for this severity, price, travel, wait,
trust and habit (behaviour equation B2, choose-then-go form)."""

import math

import numpy as np

from simulator.core.jit import compiled
from simulator.core.maths import clip, exp_negative, logistic
from simulator.core.names import CENTRE, STATION

NOWHERE = -1e300
"""Utility of an option that is not there; nobody picks it."""


@compiled
def cure(capability, severity, par):
    """Chance of cure at a place of this capability."""
    return logistic(par.cure_slope * (capability - severity))


@compiled
def perceived(capability, tier, trust, specialists, par):
    """Capability as the family sees it: primary care is seen lower than it is, the less so the more ``specialists`` are
    seen there (0 to 1), and by who trusts it higher."""
    if tier > CENTRE:
        return capability
    underrated = par.misperception * (1.0 - specialists)
    return clip(capability - underrated + par.trust_capability * (trust - par.trust_neutral), 0.02, 1.2)


@compiled
def price_felt(yuan, par):
    """Disutility of a price in units of 100 yuan at the origin: Box-Cox with exponent one half."""
    k = par.price_curve
    return k / 100.0 * 2.0 * (math.sqrt(1.0 + max(yuan, 0.0) / k) - 1.0)


@compiled
def utility(family, option, tier, chance, yuan, wait, trust, par):
    """Utility of an option of choice; ``chance`` is the perceived chance of cure, ``yuan`` the price after cover."""
    value = (
        par.quality * family.taste_quality * chance
        - par.price * family.taste_price * price_felt(yuan, par)
        - par.travel * family.taste_travel * np.float64(family.minutes[option]) / 30.0
        - par.wait * wait
        + par.habit * np.float64(family.habit[min(tier, 3)])
    )
    if tier <= CENTRE:
        value += par.trust * (trust - par.trust_neutral)
    if tier == STATION:
        value += par.station_near
    return value


@compiled
def pick(u, values, weights, count, without):
    """Option for a uniform draw among the first ``count`` of ``values`` (OPTIONS,); ``weights`` (OPTIONS,) is scratch.

    ``without`` is an option left out, -1 for none. Returns -1 if nothing remains.
    """
    best = NOWHERE
    for k in range(count):
        if k != without and values[k] > best:
            best = values[k]
    if best == NOWHERE:
        return -1
    total = 0.0
    for k in range(count):
        if k != without:
            weights[k] = exp_negative(values[k] - best)
            total += weights[k]
    mark = u * total
    chosen = -1
    for k in range(count):
        if k != without:
            chosen = k
            mark -= weights[k]
            if mark < 0.0:
                return chosen
    return chosen
