"""Slots of the clinics and days of the beds: usual ones, and what can be had at most."""

import numpy as np

from simulator.alliance import channels
from simulator.practice import acts
from simulator.services import services


def clinic_slots(fac: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots of the month at the usual pace, by the pool that holds them, int64 (F,): the usual ones, those that
    services and alliances move, and those that acts of providers add or take."""
    slots = fac["slots"] + services.slots(fac, par) + channels.slots(fac, par)
    np.add.at(slots, fac["slot_pool"], acts.added_slots(fac, par))
    return slots


def most_slots(offered: np.ndarray, par: np.void) -> np.ndarray:
    """Clinic slots where visits are as short as they can be, of those ``offered``, int64 (F,)."""
    return (offered * (1.0 + par["stretch_slots"])).astype(np.int64)


def most_bed_days(fac: np.ndarray, par: np.void) -> np.ndarray:
    """Days of beds in a month, extra beds (加床) included, int64 (F,)."""
    return (fac["bed_days"] * (1.0 + par["stretch_beds"])).astype(np.int64)
