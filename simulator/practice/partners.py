"""What a step down, and a case that is kept, bring the members of an alliance."""

from simulator.core.jit import compiled
from simulator.practice import margins
from simulator.practice.actions import accept, send


@compiled
def value_down(facilities, beliefs, pool_side, pars, hospitals, centres, sends, takes):
    """What one step down brings each of the ``hospitals`` (H,) and ``centres`` (C,), rows of ``facilities``: to itself
    and to the pool, yuan, into ``sends`` (2, H) and ``takes`` (2, C)."""
    for k in range(len(hospitals)):
        f = hospitals[k]
        sends[0, k] = send.margin(facilities[f], beliefs[f], pars[0])
        sends[1, k] = send.pool_margin(facilities[f], pool_side[f], beliefs[f], pars[0])
    for k in range(len(centres)):
        f = centres[k]
        takes[0, k] = accept.margin(facilities[f], beliefs[f], pars[0])
        takes[1, k] = accept.pool_margin(facilities[f], pool_side[f], beliefs[f], pars[0])


@compiled
def value_kept(facilities, beliefs, f, pars):
    """What one more usual admission brings facility row ``f``, less what its bed could earn otherwise, yuan."""
    facility, belief, par = facilities[f], beliefs[f], pars[0]
    own = margins.of_admission(facility, belief, belief.case_weight, belief.case_days, par)
    return own - margins.bed_day_price(facility, belief, par) * belief.case_days
