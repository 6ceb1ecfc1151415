"""Specialists at the centres (专家下沉): what their hours bring there, and what they take from the hospital's clinic.

The hours are conduct (`practice.actions.outreach`). The centres that refer up to a hospital share its hours in
proportion to their doctors.
"""

import numpy as np

from simulator.core.money import share_out
from simulator.core.names import CENTRE
from simulator.practice import acts

UPWARD = ("up_secondary", "up_tertiary")


def centres_of(fac: np.ndarray, up: str) -> np.ndarray:
    """Rows of the centres that refer up to a hospital of the tier ``up``."""
    return np.flatnonzero((fac["tier"] == CENTRE) & (fac[up] >= 0))


def hours_for_each(fac: np.ndarray, up: str) -> np.ndarray:
    """Hours a month of specialists from the hospitals ``up`` for each doctor of the centres below them."""
    hospital = fac[fac[up][centres_of(fac, up)]]
    return np.where(hospital["below"] > 0, hospital["outreach"] / np.maximum(hospital["below"], 1e-12), 0.0)


def taught(fac: np.ndarray, par: np.void) -> np.ndarray:
    """What outreach adds to the capability that each place moves towards, (F,): h hours a month for each of a centre's
    doctors close the share outreach_gap · h / (h + outreach_half) of the gap to the hospital."""
    lift = np.zeros(len(fac))
    for up in UPWARD:
        centres, hours = centres_of(fac, up), hours_for_each(fac, up)
        gap = np.maximum(fac["capability"][fac[up][centres]] - fac["capability_goal"][centres], 0.0)
        lift[centres] += par["outreach_gap"] * hours / (hours + par["outreach_half"]) * gap
    return lift


def presence(fac: np.ndarray, par: np.void) -> np.ndarray:
    """How far families see specialists at each place, 0 to 1, (F,): h / (h + outreach_half) of their hours for each of
    its doctors, times `outreach_seen`. Whom they see there is not underrated for working at a centre."""
    hours = np.zeros(len(fac))
    for up in UPWARD:
        hours[centres_of(fac, up)] += hours_for_each(fac, up)
    return par["outreach_seen"] * hours / (hours + par["outreach_half"])


def moved_slots(fac: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots that outreach moves this month, int64 (F,): negative at hospitals, positive at the centres below; in
    all none come or go. An hour takes as many as an hour of the hospital's doctors usually gives."""
    moved = np.zeros(len(fac), np.int64)
    if not fac["outreach"].any():
        return moved
    for up in UPWARD:
        centres = centres_of(fac, up)
        for hospital in np.unique(fac[up][centres]):
            row = fac[hospital]
            if row["outreach"] == 0.0:
                continue
            taken = int(row["slots"] * min(row["outreach"] / (row["doctors"] * par["outreach_month"]), 1.0))
            below = centres[fac[up][centres] == hospital]
            moved[hospital] -= taken
            moved[below] += share_out(taken, fac["doctors"][below])
    return moved


def clinic_slots(fac: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots of the month, by the pool that holds them, int64 (F,): the usual ones, those that specialists move,
    and those that acts of providers add."""
    slots = fac["slots"] + moved_slots(fac, par)
    np.add.at(slots, fac["slot_pool"], acts.added_slots(fac, par))
    return slots
