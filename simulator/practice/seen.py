"""The margins that providers saw when they decided, for tables and reports; nothing in the model reads them back."""

import numpy as np

from simulator.core.jit import compiled
from simulator.practice import margins

SEEN = (
    ("margin_visit", "yuan/yuan", "believed margin of one more yuan of outpatient bills"),
    (
        "margin_admission",
        "yuan",
        "believed margin of one more usual admission, before what its bed could earn otherwise",
    ),
    ("margin_day", "yuan", "believed margin of one more day of a stay, the worth of the bed taken off"),
    ("margin_down", "yuan", "believed margin of stepping one stable inpatient down, without what others gain by it"),
    ("margin_take", "yuan", "believed margin of taking over the rest of one hospital case"),
    ("margin_coding", "yuan", "believed margin of coding one usual case a level too high, expected fine included"),
    ("margin_up", "yuan", "believed gain from sending one patient up"),
    ("margin_managed", "yuan/month", "believed earning of one patient more under standard follow-up"),
)
"""Name, unit and meaning of each column of `margins_seen`, in its order."""


@compiled
def _fill(facilities, beliefs, par, out):
    """Every facility's margins (F, len(SEEN)); zero for what a place without beds cannot do."""
    for f in range(len(facilities)):
        facility, belief = facilities[f], beliefs[f]
        out[f, 0] = margins.of_visit(facility, belief)
        if facility.bed_days > 0:
            out[f, 1] = margins.of_admission(facility, belief, belief.case_weight, belief.case_days, par)
            out[f, 2] = margins.of_bed_day(facility, belief, par)
            out[f, 3] = margins.of_sending_down(facility, belief, par)
            out[f, 4] = margins.of_taking_over(facility, belief, par)
            out[f, 5] = margins.of_coding_up(belief, par)
        out[f, 6] = belief.referred_up
        out[f, 7] = belief.managed


def margins_seen(facilities: np.ndarray, beliefs: np.ndarray, par: np.ndarray) -> np.ndarray:
    """Margins (F, len(SEEN)) in the order of `SEEN`, from the rows of the month.

    Args:
        facilities: (F,) rows of the table of facilities.
        beliefs: (F,) rows of the table of beliefs.
        par: one row of behaviour.
    """
    out = np.zeros((len(facilities), len(SEEN)))
    _fill(facilities, beliefs, par, out)
    return out
