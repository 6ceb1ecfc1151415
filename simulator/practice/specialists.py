"""Specialists at the centres: what their hours bring there, and what they take from the hospital's clinic. Where the
hours come from, a payment or an alliance, makes no difference to what they do."""

import numpy as np

from simulator.core.money import share_out


def lift(gap: np.ndarray, hours: np.ndarray | float, par: np.void) -> np.ndarray:
    """Capability that so many hours a month for each of a centre's doctors add, of the ``gap`` to the hospital's."""
    return par["outreach_gap"] * hours / (hours + par["outreach_half"]) * gap


def seen(hours: np.ndarray | float, par: np.void) -> np.ndarray:
    """How far families see them, 0 to 1: whom they see there is not underrated for working at a centre."""
    return par["outreach_seen"] * hours / (hours + par["outreach_half"])


def slots_of(hospital: np.void, hours: float, par: np.void) -> int:
    """Clinic slots that ``hours`` a month of a hospital's doctors usually give, at most all of its own."""
    if hours == 0.0 or hospital["doctors"] == 0.0:
        return 0
    return int(hospital["slots"] * min(hours / (hospital["doctors"] * par["outreach_month"]), 1.0))


def move_slots(facilities: np.ndarray, hospital: int, centres: np.ndarray, hours: float, par: np.void) -> np.ndarray:
    """Clinic slots that ``hours`` a month take from a hospital to these centres, int64 (F,); in all none come or go. An
    hour takes as many as an hour of the hospital's doctors usually gives; centres share by their doctors."""
    moved, taken = np.zeros(len(facilities), np.int64), slots_of(facilities[hospital], hours, par)
    if taken:
        moved[hospital] -= taken
        moved[centres] += share_out(taken, facilities["doctors"][centres])
    return moved
