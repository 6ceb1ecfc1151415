"""From which payments on care is catastrophic for a family: a share of its capacity to pay."""

import numpy as np

from simulator.core.money import FEN

SIZE_POWER = 0.56
"""A family needs subsistence times its size to this power (WHO, capacity to pay)."""
LEAST_CAPACITY = 0.2
"""Share of income that counts as capacity to pay at least."""
CATASTROPHIC = 0.40
"""Share of the capacity to pay from which a family's payments are catastrophic (WHO)."""


def catastrophic_at(families: np.ndarray, par: np.void) -> np.ndarray:
    """Payments in a year that are catastrophic for each family, fen (families,)."""
    size, income = np.diff(families["first"]), families["income"][:-1]
    capacity = np.maximum(income - FEN * par["subsistence"] * size**SIZE_POWER, LEAST_CAPACITY * income)
    return np.rint(CATASTROPHIC * capacity).astype(np.int64)
