"""Where a family wants to go: a mixed logit over places, by perceived cure for this severity, price, travel, wait,
trust and habit (behaviour equation B2, choose-then-go form)."""

import math

from simulator.core.jit import compiled
from simulator.core.maths import clip, exp_negative, logistic
from simulator.core.names import CENTRE, SECONDARY, STATION

NOWHERE = -1e300
"""Utility of an option that is not there; nobody picks it."""


@compiled
def cure(capability, severity, par):
    """Chance of cure at a place of this capability."""
    return logistic(par.cure_slope * (capability - severity))


@compiled
def perceived(capability, tier, trust, informed, par):
    """Capability as the family sees it: primary care is seen lower than it is, the less so the better
    ``informed`` families are of it (0 to 1), and by those who trust it higher."""
    if tier > CENTRE:
        return capability
    underrated = par.misperception * (1.0 - informed)
    return clip(capability - underrated + par.trust_capability * (trust - par.trust_neutral), 0.02, 1.2)


@compiled
def price_felt(yuan, par):
    """Disutility of a price in units of 100 yuan at the origin: Box-Cox with exponent one half."""
    k = par.price_curve
    return k / 100.0 * 2.0 * (math.sqrt(1.0 + max(yuan, 0.0) / k) - 1.0)


@compiled
def utility(tastes, tier, chance, yuan, minutes, wait, habit, trust, par):
    """Utility of an option of choice to a family of these ``tastes``: ``chance`` is the perceived chance of cure,
    ``yuan`` the price after cover, ``minutes`` the way, ``habit`` the share of recent visits at its tier."""
    value = (
        par.quality * tastes.taste_quality * chance
        - par.price * tastes.taste_price * price_felt(yuan, par)
        - par.travel * tastes.taste_travel * minutes / 30.0
        - par.wait * wait
        + par.habit * habit
    )
    # truth values as factors: a loop over lanes has no branches
    value += par.trust * (trust - par.trust_neutral) * (tier <= CENTRE)
    return value + par.station_near * (tier == STATION) + par.secondary_visit * (tier == SECONDARY)


@compiled
def made_welcome(welcome, severity, par):
    """Utility of how ready doctors are to see a patient (``welcome``, -1 to 1) who takes an illness for so severe: the
    mild are put off, nobody who is very ill."""
    return par.welcome_felt * welcome * (1.0 - severity)


@compiled
def pick(lanes, count, options):
    """Draw one of the first ``options`` for each of ``count`` lanes.

    Reads `value` (option, lane) and `draw` (lane,), uniform in (0, 1); writes `chosen` (lane,), -1 where no option is
    there. An option is left out by making it `NOWHERE`.
    """
    for e in range(count):
        lanes.best[e] = NOWHERE
        lanes.total[e] = 0.0
        lanes.chosen[e] = -1
    for k in range(options):
        for e in range(count):
            lanes.best[e] = max(lanes.best[e], lanes.value[k, e])
    for k in range(options):
        for e in range(count):
            weight = exp_negative(lanes.value[k, e] - lanes.best[e])
            lanes.weight[k, e] = weight
            lanes.total[e] += weight
    for e in range(count):
        lanes.mark[e] = lanes.draw[e] * lanes.total[e] if lanes.best[e] > NOWHERE else -1.0
    for k in range(options):
        for e in range(count):
            reached = (lanes.mark[e] >= 0.0) & (lanes.weight[k, e] > 0.0)
            lanes.chosen[e] += (k - lanes.chosen[e]) * reached
            lanes.mark[e] -= lanes.weight[k, e]
