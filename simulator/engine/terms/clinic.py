"""Slots of the clinics."""

import numpy as np

from simulator.practice import acts
from simulator.services import services


def clinic_slots(fac: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots of the month, by the pool that holds them, int64 (F,): the usual ones, those that services move,
    and those that acts of providers add."""
    slots = fac["slots"] + services.slots(fac, par)
    np.add.at(slots, fac["slot_pool"], acts.added_slots(fac, par))
    return slots
