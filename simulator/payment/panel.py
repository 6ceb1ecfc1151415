"""The panel (人头): people by the place that answers for them, and by risk class."""

from dataclasses import dataclass

import numpy as np

AGES = (7, 18, 45, 65)
"""Ages at which the next band begins: 0-6, 7-17, 18-44, 45-64, 65 and over."""
BANDS = ("0-6", "7-17", "18-44", "45-64", "65+")
DISEASES = ("none", "hypertension", "diabetes", "both")
"""Chronic disease, as diagnosed."""
CLASSES = len(BANDS) * 2 * len(DISEASES)
"""Risk classes: band of age × sex × disease."""


def risk_class(band: int | np.ndarray, sex: int | np.ndarray, disease: int | np.ndarray) -> int | np.ndarray:
    """Number of a risk class; arguments are codes or arrays of them.

    >>> risk_class(4, 1, 3) == CLASSES - 1
    True
    """
    return (band * 2 + sex) * len(DISEASES) + disease


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts of sampled people by home centre F and plan P, int64."""

    heads: np.ndarray  # who lives with the place, by risk class (F, P, CLASSES)
    registered: np.ndarray  # of those, without the floating population (F, P, CLASSES)
    signed: np.ndarray  # of those who live there, under contract (F, P, CLASSES)
    served: np.ndarray  # of the signed, really served (F, P)
    diagnosed: np.ndarray  # with a chronic disease that is known (F, P)
    managed: np.ndarray  # of those, under standard follow-up (F, P)
    controlled: np.ndarray  # of those, controlled (F, P)

    @classmethod
    def empty(cls, facilities: int, plans: int) -> "Panel":
        """Nobody."""
        by_class = np.zeros((3, facilities, plans, CLASSES), np.int64)
        return cls(*by_class, *np.zeros((4, facilities, plans), np.int64))
