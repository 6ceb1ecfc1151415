"""Who works where: doctors who came and left, and the clinic hours and beds that go with them."""

import numpy as np

from simulator.core.names import CENTRE, TERTIARY
from simulator.payment.rule import Supplied


def put_staff(fac: np.ndarray, planned: Supplied) -> None:
    """Doctors, clinic slots and beds of the month: those that places began with, as ``planned``, less who left and with
    who came, and with what was built. Columns of the table of facilities, in place."""
    own = fac["own_doctors"] * np.maximum(1.0 + planned.doctors, 0.0)
    left = own * fac["leaving"]
    fac["came"] = arrivals(fac, left)
    fac["hired"] = planned.hired
    fac["doctors"] = own - left + fac["came"] + planned.hired
    now, before = (np.bincount(fac["slot_pool"], fac[name], len(fac)) for name in ("doctors", "own_doctors"))
    staffed = np.where(before > 0, now / np.maximum(before, 1e-12), 1.0)
    fac["slots"] = np.rint(fac["own_slots"] * staffed)
    fac["bed_days"] = np.rint(fac["own_bed_days"] * np.maximum(1.0 + planned.beds + fac["built_beds"], 0.0))
    fac["below"] = doctors_below(fac)


def arrivals(fac: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Doctors who come to each place when so many ``left`` others (F,): the top hospitals take them in by their size,
    and nobody is lost on the way."""
    room = np.where(fac["tier"] == TERTIARY, fac["own_doctors"], 0.0)
    return left.sum() * room / max(room.sum(), 1e-12)


def doctors_below(fac: np.ndarray) -> np.ndarray:
    """Doctors of the centres that refer up to each facility, in units of the sample (F,)."""
    below = np.zeros(len(fac))
    for up in ("up_secondary", "up_tertiary"):
        centres = (fac["tier"] == CENTRE) & (fac[up] >= 0)
        np.add.at(below, fac[up][centres], fac["doctors"][centres])
    return below
