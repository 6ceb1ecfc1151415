"""What conduct and use make of a facility: the wait that families expect, and the level of its charges."""

import numpy as np


def expected_wait(base: np.ndarray, use: np.ndarray, par: np.void) -> np.ndarray:
    """Wait in hours at clinics of this use, (F,)."""
    u = np.minimum(use, par["wait_cap"])
    return base * (1.0 + par["wait_slope"] * (u * u * u * u * u * u))


def levels(facilities: np.ndarray, stay_part: float) -> None:
    """Charge levels that follow from listed prices and conduct: columns outpatient_level and inpatient_level."""
    services = (facilities["outpatient_parts"] * facilities["intensity_out"]).sum(axis=1)
    facilities["outpatient_level"] = facilities["outpatient_price"] * services
    services = (facilities["inpatient_parts"] * facilities["intensity_in"]).sum(axis=1)
    facilities["inpatient_level"] = facilities["inpatient_price"] * (
        (1 - stay_part) * services + stay_part * facilities["stay"]
    )
