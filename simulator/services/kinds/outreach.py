"""Specialists at the centres (专家下沉): what their hours bring there, and what they take from the hospital's clinic.

The hours are an act of the doctors (`practice/actions/outreach.py`). The centres that refer up to a hospital share its
hours in proportion to their doctors.
"""

from collections.abc import Iterator

import numpy as np

from simulator.core.messages import Text
from simulator.core.names import CENTRE
from simulator.declare.indicator import Figure, Indicator, by_tier
from simulator.declare.use import Use
from simulator.practice import specialists
from simulator.services.service import Service

UPWARD = ("up_secondary", "up_tertiary")


def hours_a_doctor(month) -> Iterator[Figure]:
    """Hours of specialists by tier."""
    if month.is_there("outreach"):
        fac = month.world.facilities
        columns = (np.where(fac["tier"] > CENTRE, fac[name], 0.0) for name in ("outreach", "doctors"))
        hours, doctors = map(month.of_facilities, columns)
        yield from by_tier(lambda _: (hours, doctors))(month)


SERVICE = Service(
    source="Evidence ORG1: experts of the leading hospital work at the centres below it (专家下沉)",
    activity={"outreach_hours": "outreach"},
    indicators=(
        Indicator(
            "outreach_hours", "hours", "hospital tiers; only where paid or done",
            "hours that specialists spend at the centres below", "doctors of hospitals",
            Text("outreach, hours a month per hospital doctor", "医院医师人均每月下沉服务时长（小时）"), hours_a_doctor,
        ),
    ),
    use=(
        Use(
            unused=Text("no specialist worked at a centre below", "没有专家下沉基层"), indicators=("outreach_hours",)
        ),
    ),
)  # fmt: skip


def centres_of(fac, up):
    """Rows of the centres that refer up to a hospital of the tier ``up``."""
    return np.flatnonzero((fac["tier"] == CENTRE) & (fac[up] >= 0))


def hours_for_each(fac, up):
    """Hours a month of specialists from the hospitals ``up`` for each doctor of the centres below them."""
    hospital = fac[up][centres_of(fac, up)]
    below, hours = fac["below"][hospital], fac["outreach"][hospital]
    return np.where(below > 0, hours / np.maximum(below, 1e-12), 0.0)


def lift(fac, par):
    """h hours a month for each of a centre's doctors close the share outreach_gap · h / (h + outreach_half) of the gap
    in capability to the hospital."""
    lift = np.zeros(len(fac))
    if not fac["outreach"].any():
        return lift
    for up in UPWARD:
        centres, hours = centres_of(fac, up), hours_for_each(fac, up)
        gap = np.maximum(fac["capability"][fac[up][centres]] - fac["capability_goal"][centres], 0.0)
        lift[centres] += specialists.lift(gap, hours, par)
    return lift


def presence(fac, par):
    """h / (h + outreach_half) of their hours for each of a centre's doctors, times `outreach_seen`."""
    hours = np.zeros(len(fac))
    if not fac["outreach"].any():
        return hours
    for up in UPWARD:
        hours[centres_of(fac, up)] += hours_for_each(fac, up)
    return specialists.seen(hours, par)


def slots(fac, par):
    """Negative at hospitals, positive at the centres below; in all none come or go."""
    moved = np.zeros(len(fac), np.int64)
    if not fac["outreach"].any():
        return moved
    for up in UPWARD:
        centres = centres_of(fac, up)
        for hospital in np.unique(fac[up][centres]):
            below = centres[fac[up][centres] == hospital]
            moved += specialists.move_slots(fac, hospital, below, float(fac["outreach"][hospital]), par)
    return moved
