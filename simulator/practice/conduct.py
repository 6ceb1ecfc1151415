"""What conduct and use make of a facility: the wait that families expect, and the level of its charges."""

import numpy as np

FULLEST = 0.95
"""Use of the most that a clinic can do, beyond which queues are not reckoned as if they had all time to grow;
judgement."""


def appointment_delay(base: np.ndarray, use: np.ndarray, par: np.void) -> np.ndarray:
    """Days until an appointment (F,) at clinics whose ``use`` is of usual slots: the queue of one server with random
    arrivals and visits (M/M/1), in which ρ is the use of the most that can be done, slower where the empty clinic is
    (``base``, hours)."""
    full = np.minimum(use / (1.0 + par["stretch_slots"]), FULLEST)
    return par["delay"] * base * full / (1.0 - full)


def expected_wait(base: np.ndarray, use: np.ndarray, delay: np.ndarray, par: np.void) -> np.ndarray:
    """Wait in hours as it is felt (F,): the queue in the clinic on the day, and what days of delay are felt as."""
    u = np.minimum(use, par["wait_cap"])
    return base * (1.0 + par["wait_slope"] * (u * u * u * u)) + par["delay_day"] * delay


def levels(facilities: np.ndarray, stay_part: float) -> None:
    """Charge levels that follow from listed prices and conduct: columns outpatient_level and inpatient_level."""
    services = (facilities["outpatient_parts"] * facilities["intensity_out"]).sum(axis=1)
    facilities["outpatient_level"] = facilities["outpatient_price"] * services
    services = (facilities["inpatient_parts"] * facilities["intensity_in"]).sum(axis=1)
    facilities["inpatient_level"] = facilities["inpatient_price"] * (
        (1 - stay_part) * services + stay_part * facilities["stay"]
    )
