"""How good the work of a place is: what is done in its visits and stays, and how soon it sends people home."""

from simulator.core.jit import compiled
from simulator.core.table import Column
from simulator.illness.outcome import chance_readmitted, hurry, strength

COLUMNS = (
    Column("visit_logit", "f8", "logit", "of cure by a visit, shifted by services and hurry"),
    Column("stay_logit", "f8", "logit", "of cure by a stay, shifted by services and length"),
    Column("readmits", "f8", "probability", "of being back within 30 days of going home from a stay there"),
)
"""What conduct comes to for patients."""


@compiled
def quality(facilities, pars):
    """Write what this month's conduct of all facilities, and the use of their clinics, comes to for patients."""
    par = pars[0]
    for f in range(len(facilities)):
        place = facilities[f]
        out, inside = 0.0, 0.0
        for part in range(place.intensity_out.shape[0]):
            out += place.outpatient_parts[part] * place.intensity_out[part]
            inside += place.inpatient_parts[part] * place.intensity_in[part]
        place.visit_logit = strength(out, par) + hurry(place.clinic_use, par)
        place.stay_logit = strength(inside, par) + strength(place.stay, par)
        place.readmits = chance_readmitted(place.stay, par)
