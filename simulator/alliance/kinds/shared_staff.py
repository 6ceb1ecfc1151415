"""Specialists of the lead who work at the centres (人员统筹、专家常驻): as in outreach
(`services/kinds/outreach.py`), their hours bring skill, are seen by families, and take clinic slots of the lead along;
here nobody pays for them apart.

hours = `posted_hours` for each doctor of a centre that is a member; what they do is in `practice/specialists.py`
"""

import numpy as np

from simulator.alliance.channel import Channel
from simulator.core.messages import Text
from simulator.core.names import CENTRE, ONLINE
from simulator.core.table import Column
from simulator.practice import specialists

CHANNEL = Channel(
    text=Text("shared specialists", "共享专家"),
    parameters=("posted_hours",),
    needs="staff",
    facilities=(
        Column("posted_from", "i8", "row", "hospital whose specialists work there as its own, -1 for none", -1),
    ),
)


def enforce(facilities, alliance):
    """Centres have them, where a hospital leads."""
    if CENTRE < facilities["tier"][alliance.lead] < ONLINE:
        facilities["posted_from"][alliance.members & (facilities["tier"] == CENTRE)] = alliance.lead


def lift(facilities, par):
    """Of the gap in capability to the lead, what specialists of these hours close."""
    centres, lift = np.flatnonzero(facilities["posted_from"] >= 0), np.zeros(len(facilities))
    lead = facilities["posted_from"][centres]
    gap = np.maximum(facilities["capability"][lead] - facilities["capability_goal"][centres], 0.0)
    lift[centres] = specialists.lift(gap, par["posted_hours"], par)
    return lift


def presence(facilities, par):
    """How far families see them."""
    return np.where(facilities["posted_from"] >= 0, specialists.seen(par["posted_hours"], par), 0.0)


def slots(facilities, par):
    """Negative at the lead, positive at its centres; in all none come or go."""
    moved = np.zeros(len(facilities), np.int64)
    centres = np.flatnonzero(facilities["posted_from"] >= 0)
    for lead in np.unique(facilities["posted_from"][centres]):
        below = centres[facilities["posted_from"][centres] == lead]
        hours = par["posted_hours"] * float(facilities["doctors"][below].sum())
        moved += specialists.move_slots(facilities, lead, below, hours, par)
    return moved
